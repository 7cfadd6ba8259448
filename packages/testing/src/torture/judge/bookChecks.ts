import type { CoreEvent } from "@matchpoint/sdk";
import type { Seen } from "./seen.ts";

/** Books: I10, against the judge's own book of the same messages. @module */

const BOOK: ReadonlySet<CoreEvent["type"]> = new Set<CoreEvent["type"]>([
  "book_snapshot",
  "book_delta",
  "best_quote",
  "tick_size_changed",
  "terms_changed",
]);
/** The rest of a burst arrives within a second: a best price that is lacking for longer was missed. */
const GRACE = 1_000_000_000;

/** Compares a live book's best prices and sizes with what its messages make of it. */
export function judgeBook({ life, core, step, verdicts }: Seen): void {
  const { event } = step;
  if (!BOOK.has(event.type) || !("marketId" in event)) return;
  const { marketId } = event;
  const own = life.markets.get(marketId)?.book;
  const entry = core.market(marketId);
  if (own === undefined || entry === undefined || !entry.market.mirrored || !own.founded) return;
  const { book } = entry;
  if (book.status !== "live") return;
  verdicts.looked("I10");
  const wrong = (what: string): void => {
    verdicts.wrong("I10", marketId, `the book of ${marketId} is live although ${what} (after ${event.type})`);
  };
  if (own.unsound !== undefined) {
    wrong(`its feed said ${own.unsound} and no snapshot came since`);
    return;
  }
  if (own.spoiled) return;
  if (own.crossed) {
    wrong(`it is crossed: ${own.bids.best} against ${own.asks.best}`);
    return;
  }
  const bid = book.bid(0);
  const ask = book.ask(0);
  if (bid !== own.bids.best || ask !== own.asks.best)
    wrong(`it shows ${bid}/${ask} and its messages make ${own.bids.best}/${own.asks.best}`);
  else {
    const [bids, asks] = [book.bidSize(0), book.askSize(0)];
    if (bids !== own.bids.bestSize || asks !== own.asks.bestSize)
      wrong(
        `its best sizes are ${bids}/${asks} and its messages make ${own.bids.bestSize}/${own.asks.bestSize}`,
      );
  }
  // Only a message that states a best price anew can show that it is missing still.
  const states = event.type === "book_delta" || event.type === "best_quote";
  if (states && own.lackingSince >= 0 && event.at - own.lackingSince > GRACE)
    wrong(`a best price that the venue states is missing for ${(event.at - own.lackingSince) / 1e9} s`);
}
