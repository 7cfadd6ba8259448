import { isMatchpointError, type Clock } from "@matchpoint/sdk";
import { isRevert, revertReason } from "../chain/refusals.ts";
import type { RpcPool } from "../chain/rpcPool.ts";
import { refuse, type Refusal } from "../chain/txPlan.ts";
import type { TxIntent } from "../chain/txRecord.ts";
import { quantity, type ChainBlock } from "../chain/wire.ts";
import type { Address, ChainId } from "../venue/contracts.ts";
import type { RelayChain } from "./relayChain.ts";
import type { RelayContracts } from "./relayContracts.ts";
import type { Relayer } from "./relayer.ts";
import { proxyData, type RelayDraft, type RelayType } from "./relayRequest.ts";

/** Whose requests are made, and by what. */
export interface RelayContext {
  readonly pool: RpcPool;
  readonly chainId: ChainId;
  /** The key's address. */
  readonly from: Address;
  /** The contract wallet. */
  readonly wallet: Address;
  readonly signatureType: 1 | 2 | 3;
  readonly contracts: RelayContracts;
  readonly relayer: Relayer;
  readonly clock: Clock;
}

/** A request that may be signed now. */
export interface PlannedRelay {
  readonly kind: "planned";
  readonly draft: RelayDraft;
  readonly head: ChainBlock;
}

/** How long a deposit wallet's request can be carried out. As the official clients have it. */
const DEADLINE_S = 600;
/** What a proxy's calls may use when the nodes cannot say. As `@polymarket/builder-relayer-client` has it. */
const PROXY_GAS = "10000000";
const TYPES = { 1: "PROXY", 2: "SAFE", 3: "WALLET" } as const;

/** What a wallet's calls are asked for as. */
function typeOf(signatureType: 1 | 2 | 3, makes: boolean): RelayType {
  if (!makes) return TYPES[signatureType];
  return signatureType === 2 ? "SAFE-CREATE" : "WALLET-CREATE";
}

/**
 * Tries what is to be done at a block that enough nodes have, and finds the nonce that it must have: the chain's own.
 * @throws `MatchpointError` `CHAIN_UNREACHABLE`, `CHAIN_DISPUTED`, `CHAIN_WRONG`
 */
export async function planRelay(
  context: RelayContext,
  chain: RelayChain,
  intent: TxIntent,
): Promise<PlannedRelay | Refusal> {
  const { pool, wallet, from, chainId, signatureType, relayer } = context;
  const makes = intent.makes === true;
  const relayType = typeOf(signatureType, makes);
  const head = await pool.block("latest");
  const made = await chain.deployed(wallet, head.number);
  if (makes && (made || signatureType === 1))
    return refuse("AMOUNT", `${wallet} needs not be made`, "nothing to do");
  if (!makes && !made && relayType !== "PROXY")
    return refuse("RELAYER", `the wallet ${wallet} was not made yet`, "make it: matchpoint wallet approve");
  const calls = makes ? [] : [intent, ...(intent.also ?? [])].map(({ to, data }) => ({ to, data }));
  const at = `0x${head.number.toString(16)}`;
  for (const { to, data } of calls) {
    const trial = await pool.agreed("eth_call", [{ from: wallet, to, data }, at]);
    if (trial.kind === "result") continue;
    return isRevert(trial)
      ? refuse("WOULD_REVERT", `${intent.what} would revert: ${revertReason(trial)}`, "nothing was sent")
      : refuse("NODES", `${intent.what}: ${trial.message}`, "nothing was sent; try again");
  }
  const metadata = intent.what.slice(0, 200);
  const base = { relayType, chainId, from, wallet, calls, metadata, nonce: "0" };
  if (makes) return { kind: "planned", draft: base, head };

  // The relayer's own word of nonces may be stale, or of another wallet of the key (github.com/Polymarket/py-sdk/pull/213): the chain's counts.
  const onChain = await chain.nonce(base, head.number);
  const draft: RelayDraft = { ...base, nonce: String(onChain) };
  if (relayType === "SAFE") return { kind: "planned", draft, head };
  if (relayType === "WALLET") {
    const deadline = String(Math.floor(context.clock.wall() / 1_000) + DEADLINE_S);
    return { kind: "planned", draft: { ...draft, deadline }, head };
  }
  let relay: Address | undefined;
  try {
    ({ address: relay } = await relayer.params(from, relayType));
  } catch (error) {
    if (!isMatchpointError(error)) throw error;
    const why = error.message.split("\n")[0]!;
    return refuse(
      "RELAYER",
      `${relayer.label} does not say who sends: ${why}`,
      "nothing was sent; try again",
    );
  }
  if (relay === undefined)
    return refuse("RELAYER", `${relayer.label} does not say who sends`, "nothing was sent; try again");
  const call = { from, to: context.contracts.proxyFactory, data: proxyData(draft) };
  const estimate = await pool.call("eth_estimateGas", [call]);
  const used = estimate.kind === "result" ? quantity(estimate.value) : undefined;
  const gasLimit = used === undefined ? PROXY_GAS : String((used * 13n) / 10n + 50_000n);
  return { kind: "planned", draft: { ...draft, relay, gasLimit }, head };
}

/** A request in words, for who only wants to see it. */
export function describeRelay({ draft }: PlannedRelay, what: string, relayer: Relayer): readonly string[] {
  const { relayType, wallet, nonce, calls } = draft;
  return [
    `would ${what}: through ${relayer.label}, which pays for gas`,
    `  ${relayType} of ${wallet}${calls.length === 0 ? "" : `, nonce ${nonce}`}`,
    ...calls.flatMap(({ to, data }) => [`  to ${to}`, `  data ${data}`]),
  ];
}
