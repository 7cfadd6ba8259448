import {
  LADDER,
  type BestQuote,
  type BookDelta,
  type Outcome,
  type Stamped,
  type TokenId,
} from "@matchpoint/sdk";
import { ABSENT } from "./stage.ts";

/** Events that change a book that is known, and that a book from REST may already include. */
export type Change = BookDelta | BestQuote;

/** A subscribed token whose book is its market's, or one of its market's two. */
export interface Cover {
  readonly tokenId: TokenId;
  /** The outcome whose book it is as decoded: 0 for both tokens of a mirrored market. */
  readonly outcome: Outcome;
  /** The venue's time of the book's last change. */
  changedAt: number;
  /** Changes older than this are part of the book that REST gave. */
  floor: number;
}

/** A time so far ahead of our clock cannot be one: clocks differ by less. */
export const MAX_AHEAD_MS = 60_000;

/** Whether an event is from the future: to believe its time would make all that follows look old. */
export function isAhead(event: Stamped): boolean {
  return event.occurredAt !== undefined && event.occurredAt > event.receivedAt + MAX_AHEAD_MS;
}

/** Notes when a change changed which books. Best prices are no change of a book: they only state what it should be. */
export function noteChange(covers: readonly Cover[], change: Change): void {
  const at = change.occurredAt;
  if (change.type !== "book_delta" || at === undefined) return;
  for (const cover of covers)
    if (at > cover.changedAt && (covers.length === 1 || concerns(change, cover.outcome)))
      cover.changedAt = at;
}

/**
 * What a change says that the books do not include yet; `undefined` when that is nothing. Of changes that were held back, the
 * first `outdated[i]` are older than the book of cover `i`; this one is number `index` of them.
 */
export function newsOf(
  covers: readonly Cover[],
  change: Change,
  index = 0,
  outdated?: readonly number[],
): Change | undefined {
  const at = change.occurredAt ?? Infinity;
  let old = 0;
  let behind: Cover | undefined;
  for (let i = 0; i < covers.length; i++) {
    const cover = covers[i]!;
    if (at < cover.floor || (outdated !== undefined && index < outdated[i]!)) old++;
    else behind = cover;
  }
  if (old === 0) return change;
  if (behind === undefined || !concerns(change, behind.outcome)) return undefined;
  return partOf(change, behind.outcome);
}

/** Whether a change says anything of an outcome's own book. Best prices are those of outcome 0. */
function concerns(change: Change, outcome: Outcome): boolean {
  if (change.type === "best_quote") return outcome === 0;
  const { levels } = change;
  for (let i = 0; i < levels.length; i += 3) if (outcomeOf(levels[i]!) === outcome) return true;
  return false;
}

function partOf(change: Change, outcome: Outcome): Change {
  if (change.type === "best_quote") return change;
  const levels: number[] = [];
  for (let i = 0; i < change.levels.length; i += 3) {
    const ladder = change.levels[i]!;
    if (outcomeOf(ladder) === outcome) levels.push(ladder, change.levels[i + 1]!, change.levels[i + 2]!);
  }
  return outcome === 0 ? { ...change, levels } : { ...change, levels, bestBid: ABSENT, bestAsk: ABSENT };
}

function outcomeOf(ladder: number): Outcome {
  return ladder >= LADDER.BID_1 ? 1 : 0;
}
