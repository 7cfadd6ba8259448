import type { Scheduler } from "../scheduler.ts";
import type { Fact } from "../world/facts.ts";
import { MatchView } from "../world/matchView.ts";

/**
 * How a trader hears of the match: every fact once, in order, some seconds after it happened. There is no other way from the
 * world to a trader.
 */
export class Ear {
  readonly view: MatchView;
  readonly #scheduler: Scheduler;
  readonly #delayMs: () => number;
  readonly #heard: ((fact: Fact) => void) | undefined;
  #last = 0;

  constructor(scheduler: Scheduler, bestOf: number, delayMs: () => number, heard?: (fact: Fact) => void) {
    this.#scheduler = scheduler;
    this.#delayMs = delayMs;
    this.#heard = heard;
    this.view = new MatchView(bestOf);
  }

  /** A fact has just happened. */
  hear(fact: Fact): void {
    this.#last = Math.max(this.#last, this.#scheduler.now + this.#delayMs());
    this.#scheduler.at(this.#last, () => {
      this.view.apply(fact);
      this.#heard?.(fact);
    });
  }
}
