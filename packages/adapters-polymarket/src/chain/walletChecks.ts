import { formatUsdc, isMatchpointError } from "@matchpoint/sdk";
import type { Address } from "../venue/contracts.ts";
import { spendersFor } from "./approvals.ts";
import { pol } from "./txPlan.ts";
import type { ApprovalRequest, WalletChain } from "./walletTypes.ts";

/** One thing that must hold before the wallet is used. `fix` says what to do when it does not. */
export interface WalletCheck {
  readonly id:
    | "rpc"
    | "chain-id"
    | "finality"
    | "contracts"
    | "sender"
    | "gas"
    | "collateral"
    | "allowances"
    | "ramp"
    | "pending";
  readonly status: "ok" | "warn" | "fail";
  readonly found: string;
  readonly fix: string;
}

/** Blocks of two seconds: three minutes. Milestones come within seconds; in September 2025 they once stopped for a quarter of an hour. */
const USUAL_LAG = 90;

/**
 * What a wallet lacks for what it is to do, as data. All are made, whatever the first one says; when the nodes do not answer there is
 * nothing else to say.
 *
 * @example
 * ```ts
 * import { walletChecks, type WalletChain } from "@matchpoint/adapters-polymarket";
 * const mayStart = async (wallet: WalletChain) => {
 *   const checks = await walletChecks(wallet, { kinds: ["standard"], uses: ["trade", "merge_redeem"] });
 *   return checks.every(({ status }) => status !== "fail");
 * };
 * ```
 */
export async function walletChecks(
  wallet: WalletChain,
  request: ApprovalRequest,
): Promise<readonly WalletCheck[]> {
  const checks: WalletCheck[] = [];
  const add = (id: WalletCheck["id"], status: WalletCheck["status"], found: string, fix = ""): void => {
    checks.push({ id, status, found, fix });
  };
  try {
    await examine(wallet, request, add);
  } catch (error) {
    if (!isMatchpointError(error) || !error.code.startsWith("CHAIN_")) throw error;
    add(
      error.code === "CHAIN_WRONG" ? "chain-id" : "rpc",
      "fail",
      error.message.split("\n")[0]!,
      error.hint ?? "check the RPC addresses",
    );
  }
  return checks;
}

async function examine(
  wallet: WalletChain,
  request: ApprovalRequest,
  add: (id: WalletCheck["id"], status: WalletCheck["status"], found: string, fix?: string) => void,
): Promise<void> {
  const { contracts, reads, holder, signer, limits } = wallet;
  const at = await reads.latest();
  const status = await wallet.status();
  const weak = wallet.rpcs().filter(({ state }) => state !== "ok");
  const nodes = `${status.rpcs.length - weak.length} of ${status.rpcs.length} nodes answer on this chain`;
  const bad = weak.map(({ label, state }) => `${label}: ${state}`).join(", ");
  if (weak.length === 0)
    add("rpc", status.rpcs.length === 1 ? "warn" : "ok", nodes, "name three nodes: one may lie or fail");
  else add("rpc", "warn", `${nodes}; ${bad}`, "replace the nodes that do not");

  if (limits.finality.kind === "finalized") {
    const lag = await reads.finalityLag();
    const found = `the last final block is ${lag} behind the latest`;
    if (lag <= USUAL_LAG) add("finality", "ok", found);
    else add("finality", "warn", found, "merges and redemptions end only when the chain's finality goes on");
  }

  const needs = spendersFor(contracts, request.kinds, request.uses);
  const places: readonly Address[] = [
    ...new Set([contracts.collateral, contracts.conditionalTokens, ...needs.map(({ spender }) => spender)]),
  ];
  const codes = await Promise.all(places.map((address) => reads.hasCode(address, at)));
  const empty = places.filter((_, index) => codes[index] === false);
  if (empty.length === 0) add("contracts", "ok", `${places.length} contracts stand at their addresses`);
  else
    add(
      "contracts",
      "fail",
      `no contract at ${empty.join(", ")}`,
      "check the chain, or update the address list",
    );

  const { cannotSend, relayer } = wallet;
  if (cannotSend !== undefined) add("sender", "fail", cannotSend.detail, cannotSend.fix);
  else if (relayer === undefined) add("sender", "ok", `${signer} sends for itself`);
  else if (status.made) add("sender", "ok", `${relayer} sends for ${holder}`);
  else
    add(
      "sender",
      "warn",
      `${holder} was not made yet: ${relayer} does it first`,
      "matchpoint wallet approve",
    );

  const { polFloor } = limits.gas;
  const floor = `${pol(polFloor)} POL are kept`;
  if (cannotSend !== undefined || relayer !== undefined) add("gas", "ok", "gas is the relayer's");
  else if (status.pol > polFloor) add("gas", "ok", `${pol(status.pol)} POL, of which ${floor}`);
  else add("gas", "fail", `${pol(status.pol)} POL, but ${floor}`, `send POL to ${signer}`);

  const { pusd, usdcE } = status;
  if (pusd > 0) add("collateral", "ok", `${formatUsdc(pusd)} pUSD`);
  else if (usdcE !== undefined && usdcE > 0)
    add("collateral", "fail", `no pUSD, but ${formatUsdc(usdcE)} USDC.e`, "matchpoint wallet wrap");
  else add("collateral", "fail", `no pUSD at ${holder}`, `send pUSD or USDC.e to ${holder}`);

  const plan = await wallet.planApprovals(request);
  const missing = plan.states.filter(({ enough }) => !enough);
  if (missing.length === 0) add("allowances", "ok", `${plan.states.length} spenders have what they need`);
  else {
    const names = missing.map(({ token, name, spender }) => `${token} to ${name} ${spender}`).join(", ");
    add("allowances", "fail", `missing: ${names}`, "matchpoint wallet approve");
  }

  if (contracts.collateralOnramp !== undefined && contracts.usdcE !== undefined) {
    const paused = await reads.paused(contracts.collateralOnramp, contracts.usdcE, at);
    if (paused)
      add("ramp", "warn", "the onramp is paused", "USDC.e cannot become pUSD until it is opened again");
    else add("ramp", "ok", "the onramp is open");
  }

  const { pending } = status;
  if (pending.length === 0) add("pending", "ok", "nothing of an earlier run is under way");
  else
    add("pending", "warn", `${pending.length} transactions are under way`, "they are followed to their end");
}
