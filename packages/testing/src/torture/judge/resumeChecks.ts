import type { AskEntry } from "../history.ts";
import type { Life } from "./life.ts";
import type { TruthOfVenue } from "./truthOfVenue.ts";

/** What a comparison of the whole account has to ask the venue for. */
const NEEDED: readonly AskEntry["what"][] = ["open_orders", "trades", "positions", "balances"];

/** What has been seen since a bot that was killed was told to go on: it asks the venue, and its cash is the wallet's, before it trades. Part of I12. */
export class Comparison {
  readonly #asked = new Set<AskEntry["what"]>();
  #agreed = false;

  asked({ what, answered }: AskEntry): void {
    if (answered) this.#asked.add(what);
  }

  /** What a merge or a redemption of its own has brought may be there and not heard of yet; a trade is heard of first. */
  look({ account, lineage }: Life, truth: TruthOfVenue): void {
    if (this.#agreed) return;
    let unheard = 0;
    for (const [actionId, { status }] of account.actions)
      if (status !== "FINAL") unheard += truth.broughtBy(lineage, actionId);
    this.#agreed = account.cash + unheard === truth.wallet.cash;
  }

  /** Why no comparison can have agreed yet. */
  get lacks(): string | undefined {
    const missing = NEEDED.filter((what) => !this.#asked.has(what));
    if (missing.length > 0)
      return `since it was resumed the venue has not been asked for its ${missing.join(", ")}`;
    return this.#agreed ? undefined : "since it was resumed its cash has not been what the wallet holds";
  }
}
