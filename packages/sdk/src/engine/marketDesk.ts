import { BOOK_CHANGE } from "../book/index.ts";
import type { BookEvent, MarketDescription, MarketTrade, QueuePressure } from "../events/index.ts";
import type { HaltCause } from "../state/index.ts";
import { Binding, type BindingHost, type StrategySpec } from "./binding.ts";
import { hookContext } from "./context.ts";
import type { CoreOptions } from "./coreOptions.ts";
import type { Floor } from "./floor.ts";
import { MarketEntry } from "./marketEntry.ts";
import type { OrderDesk } from "./orderDesk.ts";
import type { RiskDesk } from "./riskDesk.ts";
import type { TradingDesk } from "./tradingDesk.ts";
import type { TruthDesk } from "./truthDesk.ts";

/** Halt causes that a sound and quiet book clears; a queue's mark only once the queue has drained. */
const BOOK_CAUSES = ["gapped_book", "stale_book", "connectivity", "queue_mark"] as const;

/** Lists markets, keeps their books, and shows them to the strategies. */
export class MarketDesk {
  readonly #floor: Floor;
  readonly #host: BindingHost;
  readonly #trading: TradingDesk;
  readonly #truth: TruthDesk;
  readonly #orders: OrderDesk;
  readonly #risk: RiskDesk;
  readonly #bind: (binding: Binding) => void;
  /** Told of a market that is listed for the first time; the adopt desk's. */
  onListed: (entry: MarketEntry) => void = () => undefined;

  constructor(
    floor: Floor,
    desks: {
      readonly trading: TradingDesk;
      readonly truth: TruthDesk;
      readonly orders: OrderDesk;
      readonly risk: RiskDesk;
    },
    host: BindingHost,
    bind: (binding: Binding) => void,
  ) {
    this.#floor = floor;
    this.#host = host;
    this.#trading = desks.trading;
    this.#truth = desks.truth;
    this.#orders = desks.orders;
    this.#risk = desks.risk;
    this.#bind = bind;
  }

  list(market: MarketDescription): void {
    const floor = this.#floor;
    const { marketId } = market;
    const known = floor.markets.get(marketId);
    const before = known?.market;
    const entry = known ?? this.make(market);
    if (known === undefined) floor.markets.set(marketId, entry);
    else known.update(market);
    this.described(entry, before);
    if (known === undefined) this.onListed(entry);
    if (known === undefined && (floor.haltedUnlisted.delete(marketId) || floor.haltedByOperator))
      this.#trading.apply(entry, { kind: "halt", cause: "manual" });
    if (known === undefined && floor.foreign.held)
      this.#trading.apply(entry, { kind: "halt", cause: "foreign_order" });
    this.#truth.link(entry, before?.subject);
  }

  make(market: MarketDescription): MarketEntry {
    const { engine, risk } = this.#floor.options;
    return new MarketEntry(market, engine.fee_rate, operatorOnly(risk));
  }

  /** What a market's description says is, or is said to be, another than before: its rules, grid and strategies follow. */
  described(entry: MarketEntry, before: MarketDescription | undefined): void {
    const floor = this.#floor;
    const { market } = entry;
    const { marketId } = market;
    if (market.fee === undefined && (before === undefined || before.fee !== undefined)) {
      floor.alarm(
        "FEE_FALLBACK",
        `no fee schedule stated; using rate ${floor.options.engine.fee_rate}`,
        marketId,
      );
    }
    // Nobody knows what a share will pay: whoever goes on has to have looked.
    if (market.disputed === true && before?.disputed !== true) {
      const reason = "the outcome proposed for it is disputed at the venue's oracle";
      if (before === undefined) floor.alarm("TERMS_CHANGED", reason, marketId);
      this.#trading.apply(entry, { kind: "halt", cause: "terms_changed", reason });
    }
    if (market.rules !== before?.rules || market.startsAt !== before?.startsAt) this.#warnOfRules(entry);
    if (market.tick !== entry.book.tick) {
      const { now: at, wall: receivedAt } = floor;
      this.book({ type: "tick_size_changed", at, receivedAt, marketId, tick: market.tick });
    }
    this.#bindStrategies(entry);
  }

  /** Where entries are not refused for it, what is not understood of a rules text is at least told. */
  #warnOfRules({ resolution, market }: MarketEntry): void {
    if (this.#floor.options.risk.resolution_filter !== "warn" || resolution?.ok !== false) return;
    const [first, ...others] = resolution.findings;
    const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
    this.#floor.alarm("RESOLUTION_UNCLEAR", `${first!.why}: "${first!.sentence}"${more}`, market.marketId);
  }

  /** Gives a market to every strategy that takes it and does not have it yet; none that has it loses it. */
  #bindStrategies(entry: MarketEntry): void {
    const bindings: Binding[] = [];
    for (const spec of this.#floor.options.strategies) {
      const known = entry.bindings.find((binding) => binding.spec === spec);
      if (known !== undefined) bindings.push(known);
      else if (spec.accepts === undefined || spec.accepts(entry.market)) {
        const binding = new Binding(this.#host, entry, spec, freshState(spec));
        this.#bind(binding);
        bindings.push(binding);
        this.#floor.startBinding(binding);
      }
    }
    entry.bindings = bindings;
  }

  book(event: Exclude<BookEvent, MarketTrade>): void {
    const floor = this.#floor;
    const entry = floor.markets.get(event.marketId);
    if (entry === undefined) return;
    const changed = entry.book.apply(event);
    if ((changed & BOOK_CHANGE.STATUS) !== 0) this.#status(entry);
    if ((changed & BOOK_CHANGE.TICK) !== 0) this.#newTick(entry);
    if ((changed & (BOOK_CHANGE.TOP | BOOK_CHANGE.STATUS)) !== 0) {
      this.#truth.watch(entry);
      entry.bids.see(entry.book, floor.now);
      this.#risk.loss.moved(event.marketId);
    }
    if ((changed & (BOOK_CHANGE.TOP | BOOK_CHANGE.DEPTH)) === 0 || entry.trading.status === "RESOLVED")
      return;
    // It is past by the time that anything may be done about it.
    if (floor.recovering) return;
    for (const binding of entry.bindings) {
      const { strategy } = binding.spec;
      if (!floor.hears(binding, "onBook") || floor.muted.has(binding.spec.id)) continue;
      floor.beginHook();
      try {
        // Called in place: a closure per book change would be the hot path's only garbage.
        // eslint-disable-next-line @typescript-eslint/no-confusing-void-expression -- whatever its type says, it may be a promise
        const answer: unknown = strategy.onBook!(binding.context);
        floor.endHook(binding, answer);
      } catch (error) {
        floor.fault(binding, error);
      }
    }
  }

  #status(entry: MarketEntry): void {
    const timerId = quietTimer(entry);
    const halt = (cause: (typeof BOOK_CAUSES)[number]): void => {
      this.#trading.apply(entry, { kind: "halt", cause });
      this.#floor.effect({ type: "clear_timer", timerId });
    };
    switch (entry.book.status) {
      case "gapped":
        halt("gapped_book");
        return;
      case "stale":
        halt("stale_book");
        return;
      case "disconnected":
        halt("connectivity");
        return;
      case "live":
      case "synthetic":
        this.#awaitQuiet(entry);
        return;
      case "empty":
        return;
    }
  }

  /** Begins to wait for a sound book to stay quiet, when there is a halt to end by it. */
  #awaitQuiet(entry: MarketEntry): void {
    const { causes } = entry.trading;
    if (entry.queueFull || !BOOK_CAUSES.some((cause) => causes.has(cause))) return;
    this.#floor.setTimer(quietTimer(entry), this.#floor.options.engine.resume_after_ms);
  }

  /** The book has been sound and quiet for long enough. */
  quiet(entry: MarketEntry): void {
    for (const cause of BOOK_CAUSES) {
      if (entry.trading.causes.has(cause)) this.#trading.apply(entry, { kind: "clear", cause });
    }
  }

  /** A queue reached its mark, or has drained. What it dropped of a ticker that may be dropped concerns nobody here. */
  pressure(event: QueuePressure): void {
    for (const entry of this.#floor.allMarkets()) {
      if (event.marketId !== undefined && event.marketId !== entry.market.marketId) continue;
      if (event.halted) {
        entry.queueFull = true;
        this.#trading.apply(entry, { kind: "halt", cause: "queue_mark" });
        this.#floor.effect({ type: "clear_timer", timerId: quietTimer(entry) });
      } else if (event.topic !== "ticker" && entry.queueFull) {
        entry.queueFull = false;
        const { status } = entry.book;
        if (status === "live" || status === "synthetic") this.#awaitQuiet(entry);
      }
    }
  }

  #newTick(entry: MarketEntry): void {
    const { tick } = entry.book;
    entry.newTick(tick);
    for (const { intent } of this.#floor.orders.open(entry.market.marketId)) {
      if (intent.limit % tick !== 0) this.#orders.cancels.demand(intent.intentId, "tick size changed");
    }
  }

  publicTrade(event: MarketTrade): void {
    const entry = this.#floor.markets.get(event.marketId);
    if (entry === undefined || entry.trading.status === "RESOLVED") return;
    entry.book.apply(event);
    if (this.#floor.recovering) return;
    for (const binding of entry.bindings) {
      const { strategy } = binding.spec;
      if (!this.#floor.hears(binding, "onTrade")) continue;
      this.#floor.call(binding, () => strategy.onTrade?.(hookContext(binding, { trade: event })));
    }
  }
}

/** Halts that no cool-down ends, by configuration. */
function operatorOnly({ breaker_resume }: CoreOptions["risk"]): readonly HaltCause[] {
  return breaker_resume === "operator" ? ["breaker"] : [];
}

function quietTimer(entry: MarketEntry): string {
  return `quiet:${entry.market.marketId}`;
}

/** A strategy's memory for a new market. Copied: a schema may hand out the same default object each time. */
function freshState({ use }: StrategySpec): unknown {
  return use.state === undefined ? {} : structuredClone(use.state.parse({}));
}
