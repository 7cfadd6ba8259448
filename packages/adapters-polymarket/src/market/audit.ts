import type { ReceiveStamp } from "@matchpoint/sdk";
import type { MarketDecoder } from "./decoder.ts";
import { fetchBook, readBook, type RestBookCall } from "./restBook.ts";
import type { Tracked } from "./tracked.ts";

/** REST and socket stamp the same change with times that may differ by a little. */
export const SAME_TIME_MS = 2_000;

/**
 * What a comparison with REST says of a silent market. Only `quiet` is well; `gone`: the venue has no such book any more;
 * `behind`: REST knows of a later change; `unknown`: REST gave no usable answer.
 */
export interface Finding {
  readonly kind: "quiet" | "gone" | "behind" | "unknown";
  readonly detail: string;
}

export const QUIET: Finding = { kind: "quiet", detail: "" };

/** Asks REST whether anything was missed of a market. */
export async function audit(
  call: RestBookCall,
  decoder: MarketDecoder,
  market: Tracked,
  stamp: () => ReceiveStamp,
): Promise<Finding> {
  try {
    const body = await fetchBook(call, market.covers[0]!);
    if (body === undefined) return { kind: "gone", detail: "the venue has no book of this market any more" };
    const { snapshot } = readBook(decoder, body, market.marketId, stamp());
    const newer = (snapshot.occurredAt ?? 0) - market.occurredAt;
    return newer > SAME_TIME_MS ? { kind: "behind", detail: `REST has a book ${newer} ms newer` } : QUIET;
  } catch (error) {
    return { kind: "unknown", detail: error instanceof Error ? error.message : String(error) };
  }
}
