import type { ReceiveStamp } from "@matchpoint/sdk";
import { SAME_TIME_MS, type RestBooks } from "./restBook.ts";
import type { Tracked } from "./tracked.ts";

/**
 * What a comparison with REST says of a silent market. Only `quiet` is well; `gone`: the venue has no such book any more;
 * `behind`: REST knows of a later change; `unknown`: REST gave no usable answer.
 */
export interface Finding {
  readonly kind: "quiet" | "gone" | "behind" | "unknown";
  readonly detail: string;
}

export const QUIET: Finding = { kind: "quiet", detail: "" };

/** Asks REST whether anything was missed of a market: of any of its books. */
export async function audit(
  rest: RestBooks,
  market: Tracked,
  stamp: () => ReceiveStamp,
  signal: AbortSignal,
): Promise<Finding> {
  try {
    for (const cover of market.covers) {
      const body = await rest.fetch(cover.tokenId, signal);
      if (body === undefined)
        return { kind: "gone", detail: "the venue has no book of this market any more" };
      const { snapshot } = rest.read(body, market.marketId, cover, stamp());
      const newer = (snapshot.occurredAt ?? 0) - cover.changedAt;
      if (newer > SAME_TIME_MS) return { kind: "behind", detail: `REST has a book ${newer} ms newer` };
    }
    return QUIET;
  } catch (error) {
    return { kind: "unknown", detail: error instanceof Error ? error.message : String(error) };
  }
}
