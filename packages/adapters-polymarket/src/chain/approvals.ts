import { formatUsdc, MatchpointError, type Usdc } from "@matchpoint/sdk";
import type { Address, VenueContracts } from "../venue/contracts.ts";
import { contractCall, CTF, ERC20, type ContractCall } from "./contractCalls.ts";

/** Markets that the account trades: `neg_risk` those of which one outcome of many wins, tournament winners for instance. */
export type MarketKind = "standard" | "neg_risk";

/** What the account does in them. */
export type WalletUse = "trade" | "split" | "merge_redeem" | "wrap" | "unwrap";

/** Whom the wallet must let take what. */
export interface SpenderNeed {
  readonly token: "pusd" | "usdc_e" | "positions";
  readonly spender: Address;
  readonly name: string;
}

/** A need and what the chain has of it. `current` is an allowance in millionths, or whether the spender may take all positions. */
export interface SpenderState extends SpenderNeed {
  readonly current: bigint | boolean;
  readonly enough: boolean;
}

/** Approvals that are missing, as calls, and what they are in words. */
export interface ApprovalPlan {
  readonly steps: readonly (ContractCall & { readonly need: SpenderState; readonly what: string })[];
  readonly states: readonly SpenderState[];
  readonly lines: readonly string[];
}

const UNBOUNDED = (1n << 256n) - 1n;

/**
 * The spenders that an account needs, and no more. Neg-risk orders need the old adapter too, although the documentation calls it
 * deprecated: without it the venue refuses them naming that spender (github.com/okx/plugin-store/pull/151).
 * @throws `MatchpointError` `CAPABILITY_UNSUPPORTED` when a contract is not documented on this chain
 */
export function spendersFor(
  contracts: VenueContracts,
  kinds: readonly MarketKind[],
  uses: readonly WalletUse[],
): readonly SpenderNeed[] {
  const needs: SpenderNeed[] = [];
  const want = (token: SpenderNeed["token"], spender: Address | undefined, name: string): void => {
    if (spender === undefined)
      throw new MatchpointError("CAPABILITY_UNSUPPORTED", `this chain has no documented ${name}`);
    if (!needs.some((need) => need.token === token && need.spender === spender))
      needs.push({ token, spender, name });
  };
  for (const kind of kinds) {
    const negRisk = kind === "neg_risk";
    const adapter = negRisk ? contracts.negRiskCtfCollateralAdapter : contracts.ctfCollateralAdapter;
    const adapterName = negRisk ? "neg-risk collateral adapter" : "collateral adapter";
    if (uses.includes("trade")) {
      const exchange = negRisk ? contracts.negRiskExchange : contracts.ctfExchange;
      const name = negRisk ? "neg-risk exchange" : "exchange";
      want("pusd", exchange, name);
      want("positions", exchange, name);
      if (negRisk) {
        want("pusd", contracts.negRiskAdapter, "old neg-risk adapter");
        want("positions", contracts.negRiskAdapter, "old neg-risk adapter");
      }
    }
    if (uses.includes("split")) want("pusd", adapter, adapterName);
    if (uses.includes("merge_redeem")) want("positions", adapter, adapterName);
  }
  if (uses.includes("wrap")) want("usdc_e", contracts.collateralOnramp, "onramp");
  if (uses.includes("unwrap")) want("pusd", contracts.collateralOfframp, "offramp");
  return needs;
}

/** The address of a token that is approved. */
export function tokenOf(contracts: VenueContracts, token: SpenderNeed["token"]): Address {
  if (token === "pusd") return contracts.collateral;
  if (token === "positions") return contracts.conditionalTokens;
  if (contracts.usdcE === undefined)
    throw new MatchpointError("CAPABILITY_UNSUPPORTED", "this chain has no documented USDC.e");
  return contracts.usdcE;
}

/** Calls for all that is missing. `allowance` bounds dollars; `"unbounded"` has to be said. */
export function planApprovals(
  contracts: VenueContracts,
  states: readonly SpenderState[],
  allowance: Usdc | "unbounded",
): ApprovalPlan {
  const steps = states
    .filter(({ enough }) => !enough)
    .map((need) => {
      const { spender, token } = need;
      const to = tokenOf(contracts, token);
      const amount = allowance === "unbounded" ? UNBOUNDED : BigInt(allowance);
      const call =
        token === "positions"
          ? contractCall(to, CTF, "setApprovalForAll", [spender, true])
          : contractCall(to, ERC20, "approve", [spender, amount]);
      return { ...call, need, what: `approve ${grant(need, allowance)}` };
    });
  const lines = states.map((state) => {
    const has = typeof state.current === "boolean" ? (state.current ? "all" : "none") : shown(state.current);
    return `${state.enough ? "ok     " : "missing"} ${grant(state, allowance)}: has ${has}`;
  });
  return { steps, states, lines };
}

function grant({ token, spender, name }: SpenderNeed, allowance: Usdc | "unbounded"): string {
  const to = `to ${name} ${spender}`;
  if (token === "positions") return `ALL outcome tokens ${to} (cannot be bounded)`;
  const amount = allowance === "unbounded" ? "UNBOUNDED" : `up to ${formatUsdc(allowance)}`;
  return `${amount} ${token === "pusd" ? "pUSD" : "USDC.e"} ${to}`;
}

function shown(allowance: bigint): string {
  return allowance > BigInt(Number.MAX_SAFE_INTEGER) ? "unbounded" : formatUsdc(Number(allowance) as Usdc);
}
