import type { CancelEntry, HistoryEntry } from "../history.ts";
import type { History } from "../record.ts";
import type { Seen } from "./seen.ts";
import { seconds, type Verdicts } from "./verdicts.ts";

/** A cancel that was refused is asked for again within half a second, then a second, then two: so often at least within this time. */
const WITHIN = 15_000_000_000;
/** The longest that a simulated host does nothing. */
const STALL = 10_000_000_000;
const ASKED = 2;

/** An order that rested when its market was halted. */
interface Unwanted {
  readonly orderId: string;
  readonly life: number;
  readonly marketId: string;
  readonly at: number;
  /** When it is looked at. */
  due: number;
  /** Cancels that have left for it since. */
  asked: number;
}

/** Follows orders that must go because their market was halted: I22. Nothing is waited for in silence. */
export class Halts {
  /** In the order of their times. */
  readonly #open: Unwanted[] = [];

  /** A step may have halted a market: whatever rests in it has to go. */
  step({ life, core, step }: Seen): void {
    for (const effect of step.effects) {
      if (effect.type !== "transition" || effect.machine !== "trading" || effect.marketId === undefined)
        continue;
      const { marketId, to } = effect;
      if (to !== "HALT") {
        this.#forget(
          ({ marketId: market, life: number }) => market === marketId && number === life.start.life,
        );
        continue;
      }
      for (const { orderId, status } of core.orders.open(marketId)) {
        if (orderId === undefined || (status !== "LIVE" && status !== "PENDING_CANCEL")) continue;
        this.#open.push({
          orderId,
          life: life.start.life,
          marketId,
          at: step.at,
          due: step.at + WITHIN,
          asked: 0,
        });
      }
    }
  }

  cancel({ orderId }: CancelEntry): void {
    for (const each of this.#open) if (each.orderId === orderId) each.asked += 1;
  }

  gone(life: number): void {
    this.#forget((each) => each.life === life);
  }

  look(entry: HistoryEntry, history: History, verdicts: Verdicts): void {
    // Who does nothing asks for nothing.
    if (entry.kind === "fault" && entry.fault === "loop_stall")
      for (const each of this.#open) each.due += STALL;
    for (let first = this.#open[0]; first !== undefined && entry.at >= first.due; first = this.#open[0]) {
      this.#open.shift();
      const { orderId, marketId, asked, at } = first;
      const rests = asked < ASKED && history.world.resting().some((each) => each.orderId === orderId);
      verdicts.holds("I22", !rests, orderId, () => {
        return `order ${orderId} rests ${seconds(entry.at - at)} after ${marketId} was halted, and was asked to go ${asked} times`;
      });
    }
  }

  #forget(which: (each: Unwanted) => boolean): void {
    const kept = this.#open.filter((each) => !which(each));
    this.#open.splice(0, this.#open.length, ...kept);
  }
}
