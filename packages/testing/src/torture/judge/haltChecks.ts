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
const RESTING: ReadonlySet<string> = new Set(["GTC", "GTD"]);
/** States of a market in which nothing is left to rest. */
const EMPTIED: ReadonlySet<string> = new Set(["HALT", "FINALIZING"]);

/** Why an order has to go, whatever the venue answers. */
type Why = "halt" | "stop" | "day" | "tick" | "strategy" | "restart";

/** An order that rested when it had to go, or came to rest after that. */
interface Unwanted {
  readonly orderId: string;
  readonly life: number;
  readonly marketId: string;
  readonly at: number;
  readonly why: Why;
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
  strategy: "its strategy was halted",
  restart: "its run had ended",
} as const satisfies Readonly<Record<Why, string>>;

/**
 * Follows orders that must go: because their market was halted, because entries have ended, by a person's word or by the day's loss, or
 * because they are off a new grid, because their strategy was halted, or because the run that made them has ended. What does not rest when
 * it has to go (its answer is still to come, its fate is unknown, the venue holds it) has to go when it is heard to rest, and whatever has
 * let trading go on by then. Part of I22. Nothing is waited for in silence.
 */
export class Halts {
  readonly #open: Unwanted[] = [];
  /** By life and order: those that had to go and did not rest yet. */
  readonly #coming = new Map<number, Map<string, Why>>();
  /** By life: the UTC days whose loss has ended entries. */
  readonly #days = new Map<number, number>();

  /** A step may have halted a market: whatever rests in it has to go. It may have ended entries: then those go, in whatever market. */
  step(seen: Seen): void {
    this.#entries(seen);
    const { life, core, step } = seen;
    const { marketId: regrid, tick = 1 } = regridded(life, step.event) ?? {};
    for (const order of regrid === undefined ? [] : core.orders.open(regrid))
      if (order.intent.limit % tick !== 0) this.#unwanted(seen, order, "tick");
    this.#arrived(seen);
    if (step.event.type === "market_listed") this.#left(seen, step.event.market.marketId);
    for (const effect of step.effects) {
      if (effect.type !== "transition") continue;
      const { machine, marketId, subject, to } = effect;
      if (machine === "system" && to === "STRATEGY_HALTED")
        for (const order of core.orders.allOpen())
          if (`strategy:${order.intent.strategyId}` === subject) this.#unwanted(seen, order, "strategy");
      if (machine !== "trading" || marketId === undefined) continue;
      if (!EMPTIED.has(to)) continue;
      for (const order of core.orders.open(marketId)) this.#unwanted(seen, order, "halt");
    }
  }

  /** What an earlier run has left open in a market goes. */
  #left(seen: Seen, marketId: MarketDescription["marketId"]): void {
    const { life, core } = seen;
    if (life.start.recovers === undefined) return;
    for (const order of core.orders.open(marketId))
      if (!life.preparedAt.has(order.orderId ?? "")) this.#unwanted(seen, order, "restart");
  }

  /** What had to go before it rested is heard to rest. */
  #arrived(seen: Seen): void {
    const { life, core, step } = seen;
    const { event } = step;
    if (event.type !== "order_report" && event.type !== "trade_report") return;
    const coming = this.#coming.get(life.start.life);
    const why = coming?.get(event.orderId);
    const order = why === undefined ? undefined : core.orders.byOrderId(event.orderId);
    if (why === undefined || order === undefined || !mayRest(order)) return;
    coming?.delete(event.orderId);
    this.#follow(seen, event.orderId, order, why, false);
  }

  /** Entries end by a person's word, by what the day has lost in the judge's books, or, by bids alone, by what the program says of it. */
  #entries(seen: Seen): void {
    const { life, core, step, history } = seen;
    const { event, effects } = step;
    const { account, day, start } = life;
    if (life.recovering || account.person.killed) return;
    const lost = day.base - account.realized;
    const over =
      (lost > 0 && lost >= history.world.config.risk.max_daily_loss_usdc * MILLION) ||
      effects.some((effect) => effect.type === "risk" && effect.note.kind === "day_stopped");
    const known = this.#days.get(start.life) === day.ends;
    if (over && !known) this.#days.set(start.life, day.ends);
    const stops = event.type === "operator" && event.command.kind === "stop_entries";
    const why = stops || account.person.entriesStopped ? "stop" : over || known ? "day" : undefined;
    if (why === undefined) return;
    // All that rest when entries end, and after that what is heard to rest only then.
    if (stops || (over && !known))
      for (const order of core.orders.allOpen()) this.#entry(seen, order, stops ? "stop" : "day");
    else if (event.type === "order_report" && event.status === "live") {
      const order = core.orders.byOrderId(event.orderId);
      if (order !== undefined) this.#entry(seen, order, why);
    }
  }

  #entry(seen: Seen, order: Order, why: Why): void {
    if (order.intent.purpose === "entry") this.#unwanted(seen, order, why);
  }

  #unwanted(seen: Seen, order: Order, why: Why): void {
    const { orderId, status } = order;
    if (orderId === undefined) return;
    if (mayRest(order)) {
      this.#follow(seen, orderId, order, why, status === "LIVE");
      return;
    }
    const { life: number } = seen.life.start;
    const coming = this.#coming.get(number) ?? new Map<string, Why>();
    this.#coming.set(number, coming);
    if (!coming.has(orderId)) coming.set(orderId, why);
  }

  /** `first`: nobody has asked for its end before. One that was on its way out is asked again when that was refused. */
  #follow({ life, step: { at } }: Seen, orderId: string, { intent }: Order, why: Why, first: boolean): void {
    const { life: number } = life.start;
    if (this.#open.some((each) => each.orderId === orderId && each.life === number && each.why === why))
      return;
    const { marketId } = intent;
    const due = at + (first ? AT_ONCE : WITHIN);
    this.#open.push({ orderId, life: number, marketId, why, at, due, needed: first ? 1 : ASKED, asked: 0 });
  }

  cancel({ orderId }: CancelEntry): void {
    for (const each of this.#open) if (each.orderId === orderId) each.asked += 1;
  }

  gone(life: number): void {
    this.#coming.delete(life);
    this.#forget((each) => each.life === life);
  }

  look(entry: HistoryEntry, history: History, verdicts: Verdicts): void {
    if (this.#open.length === 0) return;
    // Who does nothing asks for nothing.
    if (entry.kind === "stall") for (const each of this.#open) each.due += STALL;
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

/** Whether an order rests as far as is known here, or a rest of it does beside what is matched. */
function mayRest({ status, intent }: Order): boolean {
  return RESTS.has(status) || (status === "MATCHED" && RESTING.has(intent.orderType));
}
