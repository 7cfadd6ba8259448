import { MatchpointError } from "@matchpoint/sdk";
import type { TxEntry } from "../chain/txRecord.ts";
import type { Hex } from "../venue/contracts.ts";
import type { Relayer } from "./relayer.ts";
import type { RelayContext } from "./relayPlan.ts";
import { heedRelayer, trackRelay, type TrackedRelay } from "./relayTracked.ts";

/**
 * Asks the relayer for what is under way. What it gave no name is looked for in its list, by its signature: that is how an answer that
 * was lost is found again. `claimed` are names that others have: two that are the same to the chain are signed alike.
 * @throws `MatchpointError` when the relayer does not answer
 */
export async function askRelayer(
  relayer: Relayer,
  live: readonly TrackedRelay[],
  claimed: ReadonlySet<string>,
  sign: (tracked: TrackedRelay) => Promise<Hex>,
  found: (tracked: TrackedRelay, transactionId: string) => Promise<void>,
): Promise<void> {
  for (const tracked of live) {
    if (tracked.transactionId === undefined) continue;
    const said = await relayer.transaction(tracked.transactionId);
    if (said !== undefined) heedRelayer(tracked, said);
  }
  const nameless = live.filter(({ transactionId }) => transactionId === undefined);
  if (nameless.length === 0) return;
  const listed = await relayer.transactions();
  for (const tracked of nameless) {
    const signature = await sign(tracked);
    const alike = listed.filter(
      (each) =>
        !claimed.has(each.transactionId) &&
        // A deposit wallet is made without a signature.
        (signature === "0x"
          ? each.metadata === tracked.entry.metadata
          : each.signature?.toLowerCase() === signature),
    );
    const said = alike.find(({ state }) => state !== "STATE_FAILED" && state !== "STATE_INVALID") ?? alike[0];
    if (said === undefined) tracked.missed += 1;
    else {
      await found(tracked, said.transactionId);
      heedRelayer(tracked, said);
    }
  }
}

/**
 * Takes over what earlier processes wrote down.
 * @throws `MatchpointError` `JOURNAL_CORRUPT` when it is of another key or chain
 */
export function restoreRelays(
  entries: readonly TxEntry[],
  { wallet, from, chainId }: Pick<RelayContext, "wallet" | "from" | "chainId">,
  now: number,
  tracked: Map<string, TrackedRelay>,
  refused: Map<string, TrackedRelay>,
): void {
  for (const entry of entries) {
    if (entry.type === "relay_attempt") {
      if (entry.from !== from || entry.chainId !== chainId)
        throw new MatchpointError(
          "JOURNAL_CORRUPT",
          "the journal of transactions is of another wallet or chain",
          { hint: `it is of ${entry.from} on chain ${entry.chainId}` },
        );
      // A key may have a Safe, a proxy and a deposit wallet: each has nonces of its own.
      if (entry.wallet !== wallet) continue;
      refused.delete(entry.intentId);
      tracked.delete(entry.intentId);
      tracked.set(entry.intentId, trackRelay(entry, now));
      continue;
    }
    const known = tracked.get(entry.intentId);
    if (known === undefined) continue;
    if (entry.type === "relay_accepted") known.transactionId = entry.transactionId;
    if (entry.type !== "relay_settled") continue;
    if (entry.status === "REFUSED") {
      tracked.delete(entry.intentId);
      refused.set(entry.intentId, known);
      continue;
    }
    known.status = entry.status;
    known.detail = entry.detail;
    known.settledBy = entry.hash;
  }
}
