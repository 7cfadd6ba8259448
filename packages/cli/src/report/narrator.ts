import {
  formatPrice,
  formatShares,
  type Runtime,
  type TradeReport,
  type TransitionEffect,
} from "@matchpoint/sdk";
import { clip, count, plain } from "./format.ts";
import { listMarkets, type MarketList } from "./labels.ts";

/** So many lines of one kind are told; what flaps for hours is counted. */
const EACH = 3;
const FILLS = 25;
/** Lines that stand below a live table. */
const RECENT = 5;

/** States that a market enters and leaves with every position: seen in the table, too many to tell. */
const EVERYDAY: ReadonlySet<string> = new Set(["IDLE", "BUILDING_PAIR", "TEMPORAL_ACTIVE", "LOCKED_PAIR"]);

/** Tells a run's moments that matter, one line each: truth, fills, halts, settlement, alarms. */
export class Narrator {
  readonly #runtime: Runtime;
  readonly #tell: (line: string) => void;
  readonly #told = new Map<string, number>();
  #recent: string[] = [];
  #untold = 0;
  #list: MarketList | undefined;

  constructor(runtime: Runtime, tell: (line: string) => void) {
    this.#runtime = runtime;
    this.#tell = tell;
    runtime.on("step", ({ type }) => {
      if (type === "match_listed" || type === "market_listed") this.#list = undefined;
    });
    runtime.on("truth", (move) => {
      this.#truth(move);
    });
    runtime.on("trading", (move) => {
      this.#trading(move);
    });
    runtime.on("fill", (fill) => {
      this.#fill(fill);
    });
    runtime.on("alarm", ({ code, message, marketId }) => {
      const where = marketId === undefined ? "" : `${this.#markets.label(marketId)}: `;
      this.#say(
        "alarm",
        `${where}${code.toLowerCase().replaceAll("_", " ")}: ${message}`,
        `alarm ${code}`,
        EACH,
      );
    });
  }

  /** The last few lines. */
  get recent(): readonly string[] {
    return this.#recent;
  }

  /** How many lines were left out because many like them had been told; `undefined` when none were. */
  get untold(): string | undefined {
    return this.#untold === 0 ? undefined : `${count(this.#untold)} more lines like these were left out`;
  }

  get #markets(): MarketList {
    this.#list ??= listMarkets(this.#runtime.core);
    return this.#list;
  }

  #truth({ subject, from, to, reason }: TransitionEffect): void {
    this.#say(
      "truth",
      `${this.#markets.subject(subject)}: ${from} → ${to} (${reason})`,
      `truth ${subject} ${to}`,
      EACH,
    );
  }

  #trading({ marketId, from, to, reason }: TransitionEffect): void {
    if (EVERYDAY.has(from) && EVERYDAY.has(to)) return;
    this.#say(
      "market",
      `${this.#markets.label(marketId)}: ${from} → ${to} (${reason})`,
      `market ${marketId} ${from === "HALT"} ${to}`,
      EACH,
    );
  }

  #fill(fill: TradeReport): void {
    const { core } = this.#runtime;
    const { marketId, outcome, side, size, price, liquidity } = fill;
    const name = core.market(marketId)?.market.outcomes[outcome].name ?? `outcome ${outcome}`;
    const strategy = core.orders.byOrderId(fill.orderId)?.intent.strategyId ?? "?";
    const did = `${side === "buy" ? "bought" : "sold"} ${formatShares(size)} ${name} at ${formatPrice(price)}`;
    this.#say("fill", `${this.#markets.label(marketId)}: ${did} (${strategy}, ${liquidity})`, "fill", FILLS);
  }

  #say(kind: string, text: string, key: string, most: number): void {
    const line = `${new Date(this.#runtime.core.wall).toISOString().slice(11, 19)}  ${kind.padEnd(6)}  ${plain(text)}`;
    this.#recent = [...this.#recent, line].slice(-RECENT);
    const times = (this.#told.get(key) ?? 0) + 1;
    this.#told.set(key, times);
    if (times > most) this.#untold += 1;
    else this.#tell(clip(line, 400));
  }
}
