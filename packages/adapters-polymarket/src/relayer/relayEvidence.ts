import type { ChainBlock, ChainReceipt } from "../chain/wire.ts";
import type { Hex } from "../venue/contracts.ts";
import type { RelayChain } from "./relayChain.ts";
import type { TrackedRelay } from "./relayTracked.ts";

/** What the chain, and the relayer where the chain is silent, show of a request. */
export type RelayVerdict =
  | {
      readonly kind: "over";
      readonly status: "FINAL" | "REVERTED";
      readonly detail?: string;
      readonly receipt?: ChainReceipt;
      /** Its nonce was used by something that was not made here. */
      readonly foreign?: true;
    }
  /** In a block that may yet go. */
  | { readonly kind: "mined"; readonly detail?: string; readonly receipt?: ChainReceipt }
  | { readonly kind: "unknown"; readonly detail: string }
  | { readonly kind: "waits" };

const WAITS: RelayVerdict = { kind: "waits" };

/**
 * Weighs a request. The relayer's word counts only where the chain has none: that it has given one up whose nonce is unused.
 * `replaced`: a later request is the same to the chain, and what the chain shows is that one's.
 * @throws `MatchpointError` `CHAIN_UNREACHABLE`, `CHAIN_DISPUTED`: then nothing is known
 */
export async function weighRelay(
  chain: RelayChain,
  tracked: TrackedRelay,
  sign: () => Promise<Hex>,
  head: ChainBlock,
  last: bigint | undefined,
  replaced: boolean,
): Promise<RelayVerdict> {
  const { entry } = tracked;
  if (entry.calls.length === 0) return weighMaking(chain, tracked, head, last);
  if (replaced) {
    const used = last !== undefined && (await chain.nonce(entry, last)) > BigInt(entry.nonce);
    const detail = "never executed: a later request with the same nonce and content took its place";
    return used ? { kind: "over", status: "REVERTED", detail } : WAITS;
  }
  const passedBefore = tracked.passed;
  tracked.passed = false;
  for (const hash of [...tracked.hashes].reverse()) {
    const receipt = await chain.receipt(hash, head);
    const verdict = receipt === undefined ? undefined : read(chain, tracked, receipt, last);
    if (verdict !== undefined) return verdict;
  }
  const nonce = BigInt(entry.nonce);
  if ((await chain.nonce(entry, head.number)) > nonce) {
    const found = await findRelay(chain, tracked, sign, head);
    const verdict = found === undefined ? undefined : read(chain, tracked, found, last);
    if (verdict !== undefined) return verdict;
    // A node may count a request before it shows its logs: one look does not prove that it was another one.
    tracked.passed = true;
    if (!passedBefore) return WAITS;
    const used = `nonce ${entry.nonce} was used by another request`;
    const gone = last !== undefined && (await chain.nonce(entry, last)) > nonce;
    return gone
      ? { kind: "over", status: "REVERTED", detail: `never executed: ${used}`, foreign: true }
      : { kind: "unknown", detail: `${used}, not final yet` };
  }
  const over = givenUp(tracked, head, last);
  if (over !== undefined) return over;
  if (entry.deadline !== undefined && last !== undefined && (await chain.time(last)) > BigInt(entry.deadline))
    return { kind: "over", status: "REVERTED", detail: "never executed: its time has run out" };
  return tracked.state === "STATE_CONFIRMED"
    ? { kind: "unknown", detail: "the relayer says that it is done, and the chain does not show it" }
    : WAITS;
}

/** The request's transaction on the chain, found without the relayer. */
export async function findRelay(
  chain: RelayChain,
  { entry, hashes }: TrackedRelay,
  sign: () => Promise<Hex>,
  head: ChainBlock,
): Promise<ChainReceipt | undefined> {
  const found = await chain.search(entry, await sign(), BigInt(entry.block), head);
  if (found !== undefined && !hashes.includes(found.hash)) hashes.push(found.hash);
  return found;
}

/** A wallet that is to be made is there or not. */
async function weighMaking(
  chain: RelayChain,
  tracked: TrackedRelay,
  head: ChainBlock,
  last: bigint | undefined,
): Promise<RelayVerdict> {
  const { wallet } = tracked.entry;
  if (last !== undefined && (await chain.deployed(wallet, last))) return { kind: "over", status: "FINAL" };
  if (await chain.deployed(wallet, head.number)) return { kind: "mined" };
  return givenUp(tracked, head, last) ?? WAITS;
}

/** What a transaction did with a request; `undefined` when it has nothing to do with it. */
function read(
  chain: RelayChain,
  tracked: TrackedRelay,
  receipt: ChainReceipt,
  last: bigint | undefined,
): RelayVerdict | undefined {
  const outcome = chain.outcome(tracked.entry, receipt);
  if (outcome === "nothing") return undefined;
  // A transaction that reverted uses no nonce: the relayer may try again until it says that it will not.
  if (!receipt.success && !hasGivenUp(tracked)) return undefined;
  const done = outcome === "executed";
  if (last === undefined || receipt.blockNumber > last)
    return { kind: "mined", receipt, ...(done ? {} : { detail: "reverted, not final yet" }) };
  if (done) return { kind: "over", status: "FINAL", receipt };
  const detail = `reverted on the chain in block ${receipt.blockNumber}`;
  return { kind: "over", status: "REVERTED", detail, receipt };
}

function hasGivenUp({ state }: TrackedRelay): boolean {
  return state === "STATE_FAILED" || state === "STATE_INVALID";
}

/** Given up counts when the chain, which may be behind the relayer, has got as far and still shows nothing. */
function givenUp(
  tracked: TrackedRelay,
  head: ChainBlock,
  last: bigint | undefined,
): RelayVerdict | undefined {
  if (!hasGivenUp(tracked)) return undefined;
  tracked.gaveUpAt ??= head.number;
  if (last === undefined || last < tracked.gaveUpAt) return WAITS;
  const { state, reason } = tracked;
  const detail = `the relayer gave it up (${state!})${reason === undefined ? "" : `: ${reason}`}`;
  return { kind: "over", status: "REVERTED", detail };
}
