import type { EquityFrame } from "@matchpoint/dashboard";
import type { Core, CoreEvent, CoreEventType } from "@matchpoint/sdk";
import { exposureOf } from "./exposure.ts";
import { Series, type SeriesCursor } from "./series.ts";

/** Valuing the account takes long; so often, in ms of the run's time, is often enough. */
const EVERY_MS = 1_000;
/** What moves money is looked at at once. */
const MOVES: ReadonlySet<CoreEventType> = new Set<CoreEventType>([
  "trade_report",
  "market_resolution",
  "chain_report",
  "balance_report",
  "run_stopping",
]);

/** The account's value over time, and how far it has come down from its highest. */
export class EquityView {
  readonly #series = new Series(4, { widthMs: EVERY_MS });
  readonly #profit = new Series(1, { widthMs: EVERY_MS });
  #due = -Infinity;
  #peak = -Infinity;
  #drawdown = 0;

  /** From the highest value so far; what was put in or taken out does not count. */
  get drawdown(): number {
    return this.#drawdown;
  }

  take(event: CoreEvent, t: number, core: Core): void {
    // Before the account is opened there is none.
    if (core.ledger.openedAt === undefined) return;
    if (t < this.#due && !MOVES.has(event.type)) return;
    this.#due = t + EVERY_MS;
    const { total, rebates, equity } = core.pnl;
    const won = total.pnl + rebates.received;
    this.#peak = Math.max(this.#peak, won);
    this.#drawdown = this.#peak - won;
    this.#profit.push(t, [won]);
    this.#series.push(t, [equity, this.#drawdown, total.realized, exposureOf(core)]);
  }

  /** What was won and lost so far, over time. */
  profit(): { readonly t: readonly number[]; readonly won: readonly (number | null)[] } {
    const { t, lines } = this.#profit.since(undefined);
    return { t, won: lines[0]! };
  }

  frame(since?: SeriesCursor): { readonly frame: EquityFrame; readonly cursor: SeriesCursor } {
    const { from, t, lines, cursor } = this.#series.since(since);
    const [equity, drawdown, realized, exposure] = lines as [
      EquityFrame["points"]["equity"],
      EquityFrame["points"]["equity"],
      EquityFrame["points"]["equity"],
      EquityFrame["points"]["equity"],
    ];
    return { frame: { type: "equity", from, points: { t, equity, drawdown, realized, exposure } }, cursor };
  }
}
