import type { DeniedEffect } from "../events/index.ts";
import type { MarketId, StrategyId } from "../ids.ts";

/** Why something was not traded: one row per strategy, market, kind and reason. */
export interface WhyNotRow {
  readonly strategyId: StrategyId;
  readonly marketId: MarketId;
  /** The strategy passed, or the risk gate refused. */
  readonly kind: "skip" | "denied";
  /** The strategy's own words, or the denial's code. */
  readonly reason: string;
  readonly count: number;
  /** What was said with the last one. */
  readonly last: Readonly<Record<string, unknown>> | undefined;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Counts reasons for not trading. Strategies that put numbers into the reason rather than into the data make many rows. */
export class WhyNotTable {
  readonly #rows = new Map<string, Writable<WhyNotRow>>();
  readonly #limit: number;
  #overflow = 0;

  /** @param limit Rows at most; what would make another is only counted in {@link WhyNotTable.overflow}. */
  constructor(limit = 10_000) {
    this.#limit = limit;
  }

  /** A strategy's `ctx.skip`. */
  skip(
    strategyId: StrategyId,
    marketId: MarketId,
    reason: string,
    data?: Readonly<Record<string, unknown>>,
  ): void {
    this.#count(strategyId, marketId, "skip", reason, data);
  }

  /** A refusal of the risk gate. */
  denied(effect: DeniedEffect): void {
    const { strategyId, marketId, outcome, side, limit, size } = effect.intent;
    const data = { detail: effect.detail, outcome, side, limit, size };
    this.#count(strategyId, marketId, "denied", effect.code, data);
  }

  /** Reasons that found no room in the table. */
  get overflow(): number {
    return this.#overflow;
  }

  /** Most frequent first; ties by strategy, market, kind and reason. */
  rows(
    filter: { readonly strategyId?: StrategyId; readonly marketId?: MarketId } = {},
  ): readonly WhyNotRow[] {
    return [...this.#rows.values()]
      .filter(
        (row) =>
          (filter.strategyId === undefined || row.strategyId === filter.strategyId) &&
          (filter.marketId === undefined || row.marketId === filter.marketId),
      )
      .map((row) => ({ ...row }))
      .sort(
        (a, b) =>
          b.count - a.count ||
          order(a.strategyId, b.strategyId) ||
          order(a.marketId, b.marketId) ||
          order(a.kind, b.kind) ||
          order(a.reason, b.reason),
      );
  }

  #count(
    strategyId: StrategyId,
    marketId: MarketId,
    kind: WhyNotRow["kind"],
    reason: string,
    last: Readonly<Record<string, unknown>> | undefined,
  ): void {
    const key = JSON.stringify([strategyId, marketId, kind, reason]);
    const row = this.#rows.get(key);
    if (row !== undefined) {
      row.count += 1;
      if (last !== undefined) row.last = last;
    } else if (this.#rows.size < this.#limit) {
      this.#rows.set(key, { strategyId, marketId, kind, reason, count: 1, last });
    } else {
      this.#overflow += 1;
    }
  }
}

/** By code units: the same on every machine, whatever its language. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
