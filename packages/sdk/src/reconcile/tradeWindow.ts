import type { ExecutionAdapter, Trade } from "../contracts/index.ts";
import type { TradeStatus } from "../events/index.ts";
import { TRADE_MACHINE } from "../orders/index.ts";
import { tradeKey } from "./account.ts";

/** Trades that one call listed for the first time, and the cursor that lists them again. */
interface Page {
  readonly from: string | undefined;
  readonly trades: Set<string>;
}

/** An answer of the venue. */
export interface TradePage {
  readonly trades: readonly Trade[];
  readonly cursor: string;
}

/**
 * From where trades must be asked for so that none is missed that may still change: a trade is listed again until it is
 * terminal and counted here as the venue says.
 */
export class TradeWindow {
  readonly #adapter: Pick<ExecutionAdapter, "fetchTrades">;
  #cursor: string | undefined;
  #pages: Page[] = [];

  /** @param since Trades before this cursor are none of this run. */
  constructor(adapter: Pick<ExecutionAdapter, "fetchTrades">, since: string | undefined) {
    this.#adapter = adapter;
    this.#cursor = since;
  }

  fetch(): Promise<TradePage> {
    const from = this.#pages.length === 0 ? this.#cursor : this.#pages[0]!.from;
    return from === undefined ? this.#adapter.fetchTrades() : this.#adapter.fetchTrades(from);
  }

  /** Takes over an answer that was compared, and lets go of the oldest pages in which nothing can change any more. */
  take(page: TradePage, known: ReadonlyMap<string, TradeStatus | "retired">): void {
    const seen = new Set(this.#pages.flatMap(({ trades }) => [...trades]));
    const fresh = page.trades.map(tradeKey).filter((key) => !seen.has(key));
    if (fresh.length > 0) this.#pages.push({ from: this.#cursor, trades: new Set(fresh) });
    this.#cursor = page.cursor;
    const open = new Set<string>();
    for (const trade of page.trades)
      if (!isSettled(trade, known.get(tradeKey(trade)))) open.add(tradeKey(trade));
    const keep = this.#pages.findIndex(({ trades }) => [...trades].some((key) => open.has(key)));
    this.#pages = keep === -1 ? [] : this.#pages.slice(keep);
  }
}

function isSettled({ status }: Trade, known: TradeStatus | "retired" | undefined): boolean {
  return known === "retired" || (known === status && TRADE_MACHINE.terminal.includes(status));
}
