import type { CoreEvent, MarketDescription, Order } from "@matchpoint/sdk";
import type { CancelEntry, HistoryEntry } from "../history.ts";
import type { History } from "../record.ts";
import type { Life } from "./life.ts";
import type { Seen } from "./seen.ts";
import { seconds, type Verdicts } from "./verdicts.ts";

/** The first cancel leaves at once, and may wait for what was asked before it. */
const AT_ONCE = 2_000_000_000;
/** A cancel that was refused is asked for again within half a second, then a second, then two: so often at least within this time. */
const WITHIN = 15_000_000_000;
/** The longest that a simulated host does nothing. */
const STALL = 10_000_000_000;
const ASKED = 2;
const MILLION = 1_000_000;
const RESTS: ReadonlySet<string> = new Set(["LIVE", "PENDING_CANCEL"]);

/** An order that rested when it had to go, or came to rest after that. */
interface Unwanted {
  readonly orderId: string;
  readonly life: number;
  readonly marketId: string;
  readonly at: number;
  /** Because its market was halted, because it is an entry and entries have ended, or because it is off a new grid. */
  readonly why: "halt" | "stop" | "day" | "tick";
  /** When it is looked at, and how often it has to have been asked by then. */
  due: number;
  needed: 1 | typeof ASKED;
  /** Cancels that have left for it since. */
  asked: number;
}

const WORDS = {
  halt: "its market was halted",
  stop: "a person ended entries",
  day: "the day's loss ended entries",
  tick: "a new tick left it off the grid",
} as const;

/**
 * Follows orders that must go: because their market was halted, because entries have ended, by a person's word or by the day's loss, or
 * because they are off a new grid. Part of I22. Nothing is waited for in silence.
 */
export class Halts {
  readonly #open: Unwanted[] = [];
  /** By life: the UTC days whose loss has ended entries. */
  readonly #days = new Map<number, number>();

  /** A step may have halted a market: whatever rests in it has to go. It may have ended entries: then those go, in whatever market. */
  step(seen: Seen): void {
    this.#entries(seen);
    const { life, core, step } = seen;
    const { marketId: regrid, tick = 1 } = regridded(life, step.event) ?? {};
    for (const order of regrid === undefined ? [] : core.orders.open(regrid))
      if (order.intent.limit % tick !== 0) this.#unwanted(seen, order, "tick");
    for (const effect of step.effects) {
      if (effect.type !== "transition" || effect.machine !== "trading" || effect.marketId === undefined)
        continue;
      const { marketId, to } = effect;
      if (to !== "HALT") {
        this.#forget(
          ({ marketId: market, life: number, why }) =>
            why === "halt" && market === marketId && number === life.start.life,
        );
        continue;
      }
      for (const order of core.orders.open(marketId)) this.#unwanted(seen, order, "halt");
    }
  }

  /** Entries end by a person's word, by what the day has lost in the judge's books, or, by bids alone, by what the program says of it. */
  #entries(seen: Seen): void {
    const { life, core, step, history } = seen;
    const { event, effects } = step;
    const { account, day, start } = life;
    if (life.recovering || account.killed) return;
    if (event.type === "operator" && event.command.kind === "resume" && !account.entriesStopped)
      this.#forget(({ life: number, why }) => why === "stop" && number === start.life);
    const lost = day.base - account.realized;
    const over =
      (lost > 0 && lost >= history.world.config.risk.max_daily_loss_usdc * MILLION) ||
      effects.some((effect) => effect.type === "risk" && effect.note.kind === "day_stopped");
    const known = this.#days.get(start.life) === day.ends;
    if (over && !known) this.#days.set(start.life, day.ends);
    const stops = event.type === "operator" && event.command.kind === "stop_entries";
    const why = stops || account.entriesStopped ? "stop" : over || known ? "day" : undefined;
    if (why === undefined) return;
    // All that rest when entries end, and after that what is heard to rest only then.
    if (stops || (over && !known))
      for (const order of core.orders.allOpen()) this.#entry(seen, order, stops ? "stop" : "day");
    else if (event.type === "order_report" && event.status === "live") {
      const order = core.orders.byOrderId(event.orderId);
      if (order !== undefined) this.#entry(seen, order, why);
    }
  }

  #entry(seen: Seen, order: Order, why: Unwanted["why"]): void {
    if (order.intent.purpose === "entry") this.#unwanted(seen, order, why);
  }

  #unwanted({ life, step: { at } }: Seen, { orderId, status, intent }: Order, why: Unwanted["why"]): void {
    if (orderId === undefined || !RESTS.has(status)) return;
    const { life: number } = life.start;
    if (this.#open.some((each) => each.orderId === orderId && each.life === number && each.why === why))
      return;
    const { marketId } = intent;
    // One that was on its way out before is asked again when that was refused.
    const first = status === "LIVE";
    const due = at + (first ? AT_ONCE : WITHIN);
    this.#open.push({ orderId, life: number, marketId, why, at, due, needed: first ? 1 : ASKED, asked: 0 });
  }

  cancel({ orderId }: CancelEntry): void {
    for (const each of this.#open) if (each.orderId === orderId) each.asked += 1;
  }

  gone(life: number): void {
    this.#forget((each) => each.life === life);
  }

  look(entry: HistoryEntry, history: History, verdicts: Verdicts): void {
    if (this.#open.length === 0) return;
    // Who does nothing asks for nothing.
    if (entry.kind === "fault" && entry.fault === "loop_stall")
      for (const each of this.#open) each.due += STALL;
    for (const each of this.#open.filter(({ due }) => entry.at >= due)) {
      const { orderId, marketId, asked, at, why, needed } = each;
      const rests = asked < needed && history.world.resting().some((order) => order.orderId === orderId);
      verdicts.holds("I22", !rests, orderId, () => {
        return `order ${orderId} in ${marketId} rests ${seconds(entry.at - at)} after ${WORDS[why]}, and was asked to go ${asked} times`;
      });
      each.needed = ASKED;
      each.due = needed === ASKED ? 0 : at + WITHIN + (each.due - at - AT_ONCE);
    }
    this.#forget(({ due }) => due === 0);
  }

  #forget(which: (each: Unwanted) => boolean): void {
    const kept = this.#open.filter((each) => !which(each));
    this.#open.splice(0, this.#open.length, ...kept);
  }
}

/** The market that has another grid since this very event. */
function regridded(life: Life, event: CoreEvent): MarketDescription | undefined {
  if (event.type !== "tick_size_changed" && event.type !== "terms_changed" && event.type !== "market_listed")
    return undefined;
  const heard = life.markets.get(event.type === "market_listed" ? event.market.marketId : event.marketId);
  return heard?.gridSince === event.at ? heard.market : undefined;
}
