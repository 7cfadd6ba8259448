import {
  formatShares,
  type AlarmEffect,
  type BookContinuity,
  type CoreEvent,
  type Effect,
  type OrderReport,
  type Runtime,
  type SourceHealthChanged,
  type TradeReport,
  type TransitionEffect,
} from "@matchpoint/sdk";
import { clipMiddle, count, plain, plural } from "./format.ts";
import { listMarkets, type MarketList } from "./labels.ts";
import { operatorAnswer } from "./operatorAnswer.ts";
import { refusalText } from "./refusal.ts";
import { feedState, type RunLog } from "./runLog.ts";
import { priceText, stateWord, whyMoved } from "./words.ts";

/** So many lines of one kind are told; what flaps for hours is counted. */
const EACH = 3;
const FILLS = 200;
/** Lines that stand below a live table. */
const RECENT = 5;
/** Longest line: nothing that was meant to be read is longer. */
const LONGEST = 4_000;

/** States that a market enters and leaves with every position: seen in the table, too many to tell. */
const EVERYDAY: ReadonlySet<string> = new Set(["IDLE", "BUILDING_PAIR", "TEMPORAL_ACTIVE", "LOCKED_PAIR"]);
/** States of the system that every run ends with. */
const ENDING: ReadonlySet<string> = new Set(["DRAINING", "STOPPED"]);

/** Health of a book whose socket is gone. */
const DOWN = "disconnected";

/** What a line tells of. */
export type LineKind = "truth" | "market" | "fill" | "alarm" | "feed" | "system";

/** Lines of one sort, as many as were told of. */
interface Sort {
  /** Its name for what is left out: `fills`, `alarms "frame quarantined"`. */
  readonly name: string;
  told: number;
  untold: number;
}

/** Tells a run's moments that matter, one line each: truth, fills, halts, settlement, alarms, feeds, an operator's orders. */
export class Narrator {
  readonly #runtime: Runtime;
  readonly #log: RunLog;
  readonly #tell: (line: string, kind: LineKind) => void;
  readonly #sorts = new Map<string, Sort>();
  /** What each feed was last told to be. */
  readonly #feeds = new Map<string, string>();
  #recent: string[] = [];
  #list: MarketList | undefined;

  constructor(runtime: Runtime, log: RunLog, tell: (line: string, kind: LineKind) => void) {
    this.#runtime = runtime;
    this.#log = log;
    this.#tell = tell;
    runtime.on("step", (event, effects) => {
      this.#step(event, effects);
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
    runtime.on("alarm", (alarm) => {
      this.#alarm(alarm);
    });
  }

  /** The last few lines. */
  get recent(): readonly string[] {
    return this.#recent;
  }

  /** What was left out because many lines like it had been told; `undefined` when nothing was. */
  get untold(): string | undefined {
    const parts = [...this.#sorts.values()]
      .filter(({ untold }) => untold > 0)
      .sort((a, b) => b.untold - a.untold)
      .map(({ name, untold }) => `${count(untold)} × ${name}`);
    return parts.length === 0 ? undefined : `Counted, not told one by one: ${parts.join(", ")}`;
  }

  get #markets(): MarketList {
    this.#list ??= listMarkets(this.#runtime.core);
    return this.#list;
  }

  #step(event: CoreEvent, effects: readonly Effect[]): void {
    switch (event.type) {
      case "match_listed":
      case "market_listed":
        this.#list = undefined;
        return;
      case "source_health":
      case "book_continuity":
        this.#feed(event);
        return;
      case "order_report":
        if (event.status === "rejected") this.#refusal(event);
        break;
      case "feed_redundancy":
        // That one is lost is an alarm of the core's.
        if (event.state === "restored") this.#say("feed", `${event.feed}: ${event.reason}`, undefined);
        return;
      case "terms_continuity":
        // That they are too old is an alarm of the core's.
        if (event.state === "read")
          this.#say("feed", `${this.#markets.label(event.marketId)}: ${event.reason}`, undefined);
        return;
      case "operator": {
        const answer = operatorAnswer(event, effects, this.#runtime.core, (id) => this.#markets.label(id));
        // An operator is answered each time, however often the same is ordered.
        if (answer !== undefined) this.#say("system", answer, undefined);
        break;
      }
      default:
        break;
    }
    for (const effect of effects)
      if (effect.type === "transition" && effect.machine === "system") this.#system(effect);
  }

  #system({ subject, from, to, reason }: TransitionEffect): void {
    if (ENDING.has(to)) return;
    const who = subject === "" ? "the run" : subject;
    this.#say("system", `${who}: ${from} → ${to} (${reason})`, undefined);
  }

  /** A feed tries again and fails again for hours: only what is new is told. */
  #feed(event: SourceHealthChanged | BookContinuity): void {
    const { feed, matchId, marketId, health, reason, sound } = feedState(event);
    if (health === "connecting") return;
    const state = `${health} ${reason}`;
    const key = `${feed} ${matchId ?? ""} ${marketId ?? ""}`;
    const before = this.#feeds.get(key);
    if (before === state) return;
    this.#feeds.set(key, state);
    let about = matchId === undefined ? feed : this.#ofMatch(feed, matchId);
    if (marketId !== undefined) {
      // That a book begins well is no news.
      if (sound && before === undefined) return;
      // One socket carries many books: what befalls all of them is told once.
      const shared = health === DOWN || (sound && before?.startsWith(DOWN) === true);
      if (shared && this.#feeds.get(feed) === health) return;
      if (shared) this.#feeds.set(feed, health);
      about = shared ? feed : `${this.#markets.label(marketId)}: book`;
    }
    this.#say("feed", `${about}: ${health} (${reason})`, {
      key: `feed ${about} ${health}`,
      name: `${about} ${health}`,
      most: EACH,
    });
  }

  #ofMatch(feed: string, matchId: string): string {
    return this.#markets.match === undefined ? `${feed}, ${this.#markets.subject(matchId)}` : feed;
  }

  #truth({ subject, from, to, reason }: TransitionEffect): void {
    const name = this.#markets.subject(subject);
    this.#say("truth", `${name}: ${from} → ${to} (${reason})`, {
      key: `truth ${subject} ${to}`,
      name: `${name} → ${to}`,
      most: EACH,
    });
  }

  #trading({ marketId, from, to, reason }: TransitionEffect): void {
    if (EVERYDAY.has(from) && EVERYDAY.has(to)) return;
    const market = this.#markets.label(marketId);
    const resumed = from === "HALT";
    this.#say("market", `${market}: ${stateWord(from)} → ${stateWord(to)} (${whyMoved(reason)})`, {
      key: `market ${marketId} ${resumed} ${to}`,
      name: `${market}${resumed ? " HALT" : ""} → ${stateWord(to)}`,
      most: EACH,
    });
  }

  #fill(fill: TradeReport): void {
    const { core } = this.#runtime;
    const { marketId, outcome, side, size, price, liquidity } = fill;
    const entry = core.market(marketId);
    const name = entry?.market.outcomes[outcome].name ?? `outcome ${outcome}`;
    const strategy = core.orders.byOrderId(fill.orderId)?.intent.strategyId ?? "?";
    const at = priceText(price, entry?.book.tick);
    const did = `${side === "buy" ? "bought" : "sold"} ${formatShares(size)} ${name} at ${at}`;
    this.#say("fill", `${this.#markets.label(marketId)}: ${did} (${strategy}, ${liquidity})`, {
      key: "fill",
      name: "fill",
      most: FILLS,
    });
  }

  /** A strategy only pauses after a refusal, and would after each: what is wrong with the account, a person has to hear. */
  #refusal(report: OrderReport): void {
    const order = this.#runtime.core.orders.byOrderId(report.orderId);
    const text = refusalText(report);
    if (order?.status !== "REJECTED" || text === undefined) return;
    const { code = "OTHER" } = report;
    this.#say("alarm", `${this.#markets.label(order.intent.marketId)}: ${text}`, {
      key: `refusal ${code}`,
      name: `refusal "${code}"`,
      most: EACH,
    });
  }

  #alarm(alarm: AlarmEffect): void {
    const { code, marketId } = alarm;
    const { message } = this.#log.placed(alarm);
    const where = marketId === undefined ? "" : `${this.#markets.label(marketId)}: `;
    const what = code.toLowerCase().replaceAll("_", " ");
    this.#say("alarm", `${where}${what}: ${message}`, {
      key: `alarm ${code}`,
      name: `alarm "${what}"`,
      most: EACH,
    });
  }

  #say(
    kind: LineKind,
    text: string,
    sort: { readonly key: string; readonly name: string; readonly most: number } | undefined,
  ): void {
    const line = this.#line(kind, text);
    this.#recent = [...this.#recent, line].slice(-RECENT);
    if (sort === undefined) {
      this.#tell(line, kind);
      return;
    }
    let seen = this.#sorts.get(sort.key);
    if (seen === undefined) {
      seen = { name: sort.name, told: 0, untold: 0 };
      this.#sorts.set(sort.key, seen);
    }
    if (seen.told < sort.most) {
      seen.told += 1;
      this.#tell(line, kind);
      return;
    }
    seen.untold += 1;
    if (seen.untold > 1) return;
    const notice = `${seen.name}: told ${plural(seen.told, "time")}; from here on these are only counted`;
    this.#tell(this.#line(kind, notice), kind);
  }

  #line(kind: LineKind, text: string): string {
    const time = new Date(this.#runtime.core.wall).toISOString().slice(11, 19);
    return clipMiddle(`${time}  ${kind.padEnd(6)}  ${plain(text)}`, LONGEST);
  }
}
