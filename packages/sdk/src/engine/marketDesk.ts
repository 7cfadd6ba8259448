import { BOOK_CHANGE } from "../book/index.ts";
import type { BookEvent, MarketDescription, MarketTrade } from "../events/index.ts";
import { Binding, hookContext, type BindingHost } from "./binding.ts";
import type { Floor } from "./floor.ts";
import { MarketEntry } from "./marketEntry.ts";
import type { OrderDesk } from "./orderDesk.ts";
import type { TradingDesk } from "./tradingDesk.ts";
import type { TruthDesk } from "./truthDesk.ts";

/** Halt causes that a sound and quiet book clears. */
const BOOK_CAUSES = ["gapped_book", "stale_book", "connectivity"] as const;

/** Lists markets, keeps their books, and shows them to the strategies. */
export class MarketDesk {
  readonly #floor: Floor;
  readonly #host: BindingHost;
  readonly #trading: TradingDesk;
  readonly #truth: TruthDesk;
  readonly #orders: OrderDesk;
  readonly #bind: (binding: Binding) => void;

  constructor(
    floor: Floor,
    desks: { readonly trading: TradingDesk; readonly truth: TruthDesk; readonly orders: OrderDesk },
    host: BindingHost,
    bind: (binding: Binding) => void,
  ) {
    this.#floor = floor;
    this.#host = host;
    this.#trading = desks.trading;
    this.#truth = desks.truth;
    this.#orders = desks.orders;
    this.#bind = bind;
  }

  list(market: MarketDescription): void {
    const floor = this.#floor;
    const known = floor.markets.get(market.marketId);
    if (known !== undefined) {
      known.update(market);
      this.#truth.link(known);
      return;
    }
    const { engine, strategies } = floor.options;
    const entry = new MarketEntry(market, engine.fee_rate);
    floor.markets.set(market.marketId, entry);
    if (market.fee === undefined) {
      floor.alarm("FEE_FALLBACK", `no fee schedule stated; using rate ${engine.fee_rate}`, market.marketId);
    }
    const bindings: Binding[] = [];
    for (const spec of strategies) {
      if (spec.accepts !== undefined && !spec.accepts(market)) continue;
      const binding = new Binding(
        this.#host,
        entry,
        spec,
        spec.use.state === undefined ? {} : spec.use.state.parse({}),
      );
      this.#bind(binding);
      bindings.push(binding);
    }
    entry.bindings = bindings;
    this.#truth.link(entry);
    for (const binding of bindings) {
      floor.call(binding, () => {
        binding.spec.strategy.onStart?.(binding);
        Object.freeze(binding.spec.strategy);
      });
    }
  }

  book(event: Exclude<BookEvent, MarketTrade>): void {
    const floor = this.#floor;
    const entry = floor.markets.get(event.marketId);
    if (entry === undefined) return;
    const changed = entry.book.apply(event);
    if ((changed & BOOK_CHANGE.STATUS) !== 0) this.#status(entry);
    if ((changed & BOOK_CHANGE.TICK) !== 0) this.#newTick(entry);
    if ((changed & (BOOK_CHANGE.TOP | BOOK_CHANGE.DEPTH)) === 0 || entry.trading.status === "RESOLVED")
      return;
    for (const binding of entry.bindings) {
      const { strategy } = binding.spec;
      if (strategy.onBook === undefined) continue;
      try {
        strategy.onBook(binding); // called in place: a closure per book change would be the hot path's only garbage
      } catch (error) {
        floor.fault(binding, error);
      }
    }
  }

  #status(entry: MarketEntry): void {
    const timerId = `quiet:${entry.market.marketId}`;
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
      case "synthetic": {
        const { causes } = entry.trading;
        if (BOOK_CAUSES.some((cause) => causes.has(cause))) {
          this.#floor.setTimer(timerId, this.#floor.options.engine.resume_after_ms);
        }
        return;
      }
      case "empty":
        return;
    }
  }

  /** The book has been sound and quiet for long enough. */
  quiet(entry: MarketEntry): void {
    for (const cause of BOOK_CAUSES) {
      if (entry.trading.causes.has(cause)) this.#trading.apply(entry, { kind: "clear", cause });
    }
  }

  #newTick(entry: MarketEntry): void {
    const { tick } = entry.book;
    entry.market = { ...entry.market, tick };
    for (const { intent } of this.#floor.orders.open(entry.market.marketId)) {
      if (intent.limit % tick !== 0) this.#orders.requestCancel(intent.intentId, "tick size changed");
    }
  }

  publicTrade(event: MarketTrade): void {
    const entry = this.#floor.markets.get(event.marketId);
    if (entry === undefined || entry.trading.status === "RESOLVED") return;
    entry.book.apply(event);
    for (const binding of entry.bindings) {
      const { strategy } = binding.spec;
      if (strategy.onTrade === undefined) continue;
      this.#floor.call(binding, () => strategy.onTrade?.(hookContext(binding, { trade: event })));
    }
  }
}
