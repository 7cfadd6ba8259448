import type {
  ChartFrame,
  EquityFrame,
  HelloFrame,
  LadderFrame,
  LogLine,
  TablesFrame,
} from "@matchpoint/dashboard";
import {
  matchOf,
  type Core,
  type CoreEvent,
  type CoreEventType,
  type Effect,
  type JournalEntry,
  type MarketEntry,
  type MarketId,
  type MatchId,
  type Nanos,
  type RunStarted,
  type Team,
} from "@matchpoint/sdk";
import { listMarkets, type MarketList } from "../report/labels.ts";
import { CalibrationView, type CalibrationSample } from "./calibration.ts";
import { EquityView } from "./equity.ts";
import { FeedStates } from "./feedStates.ts";
import { LadderView } from "./ladder.ts";
import { LatencyView } from "./latency.ts";
import { LogLines, type LogCursor } from "./logLines.ts";
import { RaceView } from "./race.ts";
import { realismOfStart } from "./realism.ts";
import type { SeriesCursor } from "./series.ts";
import { shadowOf, type FindStrategy, type Shadow } from "./shadow.ts";
import { Story, type StoryTeller } from "./story.ts";
import {
  attributionOf,
  headerOf,
  marketRows,
  positionRows,
  stopRows,
  whyNotRows,
  type TableSource,
} from "./tables.ts";
import type { ChartCursor, MarketTrack } from "./track.ts";
import { Tracks } from "./tracks.ts";

/** How a run is looked at. */
export interface RunViewOptions {
  /** Gives the class of a strategy's id; where it gives none, the books alone are shown. */
  readonly find: FindStrategy;
  /** Keep the books alone, for this reason: after a `JOURNAL_DIVERGED`. */
  readonly booksOnly?: string;
}

/** How a journal ends, as far as it was taken. */
export type RunEnd = "open" | "ended" | "clean";

const MS = 1_000_000;
/** What people are told of by itself; of anything else only what it leads to. */
const TOLD: ReadonlySet<CoreEventType> = new Set<CoreEventType>([
  "match_claim",
  "source_health",
  "book_continuity",
  "order_report",
  "trade_report",
  "market_resolution",
  "chain_report",
  "operator",
  "run_started",
  "run_stopping",
  "market_listed",
]);

/**
 * A run as people look at it, folded from its journal entry by entry: charts, tables, ladder, log. It runs the run's own core beside, with
 * no clock and no I/O: the same entries give the same view, whoever takes them and when.
 */
export class RunView {
  readonly #options: RunViewOptions;
  #shadow: Shadow | undefined;
  #markets: MarketList | undefined;
  readonly #tracks = new Tracks();
  readonly #ladders = new Map<MarketId, LadderView>();
  readonly #feeds = new FeedStates();
  readonly #latency = new LatencyView();
  readonly #race = new RaceView();
  readonly #calibration = new CalibrationView();
  readonly #equity = new EquityView();
  readonly #story = new Story();
  readonly #log = new LogLines();
  /** When each market's book last changed, before the event that is taken. */
  readonly #bookAt = new Map<MarketId, number>();
  readonly #newsAt = new Map<MatchId, Nanos>();
  #last: { readonly at: Nanos; readonly seq: number } | undefined;
  #end: RunEnd = "open";
  #listed = 0;

  constructor(options: RunViewOptions) {
    this.#options = options;
  }

  /**
   * Takes the journal's next entry and gives what the core decided on it.
   * @throws MatchpointError `JOURNAL_CORRUPT` when the first one begins no run, `JOURNAL_DIVERGED` when the run decided otherwise than its
   * core does now: begin anew with `booksOnly`
   */
  take(entry: JournalEntry): readonly Effect[] {
    const { event, seq } = entry;
    this.#shadow ??= shadowOf(event, this.#options.find, this.#options.booksOnly);
    const effects = this.#shadow.step(entry);
    this.#last = { at: event.at, seq };
    const t = this.#time(event.at);
    if (event.type === "match_listed" || event.type === "market_listed") {
      this.#markets = undefined;
      this.#listed += 1;
    }
    if (event.type === "run_stopping") this.#end = "ended";
    if (event.type === "run_stopped" && event.clean) this.#end = "clean";
    let isNew = false;
    if (event.type === "match_claim") {
      isNew = this.#race.take(event);
      if (isNew) this.#newsAt.set(event.matchId, event.at);
    }
    this.#latency.take(event, effects, ({ intent }) => this.#newsFor(intent.marketId, intent.strategyId));
    this.#look(event, effects, t);
    this.#feeds.take(event, t);
    if (effects.length > 0 || TOLD.has(event.type))
      this.#story.take(event, effects, t, isNew, this.#teller(t, seq));
    this.#equity.take(event, t, this.core);
    return effects;
  }

  /** The run's core as it is now; not to be changed. @throws when nothing was taken */
  get core(): Core {
    return this.#shadow!.core;
  }
  /** What the run was made of. */
  get started(): RunStarted {
    return this.#shadow!.started;
  }
  /** Whether anything was taken. */
  get isEmpty(): boolean {
    return this.#shadow === undefined;
  }
  /** What cannot be shown, and why. */
  get lacks(): readonly string[] {
    return this.#shadow?.lacks ?? [];
  }
  /** Whether the run said that it ended, and with nothing left open. */
  get end(): RunEnd {
    return this.#end;
  }
  /** The run's time: Unix ms that never go backwards; 0 before anything was taken. */
  get t(): number {
    return this.#last === undefined ? 0 : this.#time(this.#last.at);
  }
  /** The last entry's number. */
  get seq(): number {
    return this.#last?.seq ?? 0;
  }
  get markets(): MarketList {
    return (this.#markets ??= listMarkets(this.core));
  }
  /** Changes whenever {@link RunView.hello} does. */
  get revision(): string {
    return `${this.#listed} ${this.#feeds.sources.length} ${this.#end}`;
  }
  /** What was said of each decided market once a minute, and what came of it. */
  get samples(): readonly CalibrationSample[] {
    return this.#calibration.samples;
  }

  /** Who and what the run is. */
  hello(): Pick<
    HelloFrame,
    "run" | "mode" | "build" | "strategies" | "realism" | "markets" | "sources" | "lacks"
  > {
    const { runId, mode, build, strategies } = this.started;
    const names = this.markets;
    return {
      run: runId,
      mode,
      ...(build === undefined ? {} : { build }),
      strategies: strategies.map(({ id, use }) => ({ id, use })),
      ...realismOfStart(this.started),
      markets: names.entries.map(({ market }) => {
        const { marketId, title, outcomes, subject } = market;
        const match = matchOf(market);
        return {
          id: marketId,
          title,
          label: names.label(marketId),
          outcomes: [outcomes[0].name, outcomes[1].name] as const,
          ...(match === undefined ? {} : { match }),
          ...(subject?.kind === "game" ? { game: subject.game } : {}),
        };
      }),
      sources: this.#feeds.sources,
      lacks: this.lacks,
    };
  }

  /** All tables as they are now. */
  tables(): TablesFrame {
    const { core, t, markets } = this;
    const source: TableSource = {
      core,
      t,
      markets,
      mode: this.started.mode,
      pnl: core.pnl,
      at: (nanos) => this.#time(nanos),
    };
    const feeds = this.#feeds.rows(core, markets);
    const around = { uptimeMs: t - this.started.receivedAt, skewMs: this.#feeds.skewMs };
    return {
      type: "tables",
      t,
      header: headerOf(source, feeds, this.#equity.drawdown, around),
      feeds,
      markets: marketRows(source),
      positions: positionRows(source),
      attribution: attributionOf(source),
      latency: this.#latency.rows(),
      race: this.#race.rows(core.truth.sources()),
      calibration: this.#calibration.table(),
      whyNot: whyNotRows(source),
      stops: stopRows(source),
    };
  }

  /** A market's chart, or what has come since a cursor; `undefined` for a market that the run does not have. */
  chart(
    marketId: string,
    since?: ChartCursor,
  ): { readonly frame: ChartFrame; readonly cursor: ChartCursor } | undefined {
    const track = this.#tracks.get(marketId as MarketId);
    return track?.frame(marketId, this.#feeds.sources.length, since);
  }

  /** The account over time, or what has come since a cursor. */
  equity(since?: SeriesCursor): { readonly frame: EquityFrame; readonly cursor: SeriesCursor } {
    return this.#equity.frame(since);
  }

  /** What was won and lost so far, over time: starts at 0, and what was put in or taken out does not count. */
  profit(): { readonly t: readonly number[]; readonly won: readonly (number | null)[] } {
    return this.#equity.profit();
  }

  /** A market's book with our orders in it; `undefined` for a market that the run does not have. */
  ladder(marketId: string): LadderFrame | undefined {
    const entry = this.isEmpty ? undefined : this.core.market(marketId as MarketId);
    if (entry === undefined) return undefined;
    const age = entry.book.updatedAt === 0 ? undefined : this.t - this.#time(entry.book.updatedAt);
    return this.#ladder(entry).frame(this.t, age, entry, this.core, (nanos) => this.#time(nanos as Nanos));
  }

  /** The run's story, or what of it has come since a cursor, oldest first. */
  log(since?: LogCursor): { readonly lines: readonly LogLine[]; readonly cursor: LogCursor } {
    return { lines: this.#log.since(since), cursor: this.#log.count };
  }

  #time(at: Nanos): number {
    const { receivedAt, at: began } = this.started;
    return Math.round(receivedAt + (at - began) / MS);
  }

  /** When the last news of an order's match was that its strategy rests on. */
  #newsFor(marketId: MarketId, strategyId: string): Nanos | undefined {
    const entry = this.core.market(marketId);
    const binding = entry?.bindings.find(({ spec }) => spec.id === strategyId);
    const match = entry === undefined ? undefined : matchOf(entry.market);
    return binding?.spec.truthDriven !== true || match === undefined ? undefined : this.#newsAt.get(match);
  }

  /** Samples the markets that an event touches. */
  #look(event: CoreEvent, effects: readonly Effect[], t: number): void {
    const { core } = this;
    for (const marketId of this.#touched(event)) this.#market(core.market(marketId), event, t);
    const moved = effects.some((effect) => effect.type === "transition" && effect.machine !== "truth");
    if (!moved) return;
    for (const entry of core.markets())
      this.#track(entry.market.marketId).look(t, entry, core.system.latched);
  }

  #touched(event: CoreEvent): readonly MarketId[] {
    const { core } = this;
    if ("marketId" in event) return [event.marketId];
    switch (event.type) {
      case "market_listed":
        return [event.market.marketId];
      case "match_claim":
        return core.marketsOfMatch(event.matchId);
      case "order_prepared":
      case "order_report": {
        const order = core.orders.byOrderId(event.orderId);
        return order === undefined ? [] : [order.intent.marketId];
      }
      default:
        return [];
    }
  }

  #market(entry: MarketEntry | undefined, event: CoreEvent, t: number): void {
    if (entry === undefined) return;
    const { core } = this;
    const { marketId } = entry.market;
    const match = matchOf(entry.market);
    const track = this.#track(marketId);
    this.#ladder(entry).take(event, t, entry, core);
    const bookAt = this.#bookAt.get(marketId);
    // What has been decided is over, apart from what becomes of the position.
    if (entry.payouts === undefined || event.type !== "match_claim")
      track.sample(t, entry, core, bookAt === undefined ? NaN : t - bookAt, this.#feeds.spokeOf(match));
    track.look(t, entry, core.system.latched);
    if (entry.book.updatedAt !== 0) this.#bookAt.set(marketId, this.#time(entry.book.updatedAt));
    if (entry.payouts !== undefined) {
      this.#calibration.resolved(marketId, entry.payouts);
      this.#tracks.over(marketId);
    } else if (entry.truth !== undefined && entry.truth.own.status === "live") {
      const mid =
        entry.book.status === "live" || entry.book.status === "synthetic" ? entry.quotes[0].mid : undefined;
      if (mid !== undefined) this.#calibration.said(marketId, match ?? marketId, t, entry.truth.pOf(0), mid);
    }
  }

  #track(marketId: MarketId): MarketTrack {
    return this.#tracks.begin(marketId);
  }

  #ladder({ market: { marketId } }: MarketEntry): LadderView {
    let ladder = this.#ladders.get(marketId);
    if (ladder === undefined) this.#ladders.set(marketId, (ladder = new LadderView()));
    return ladder;
  }

  #teller(t: number, seq: number): StoryTeller {
    const { core } = this;
    return {
      core,
      markets: this.markets,
      line: (line) => {
        this.#log.add({ seq, t, ...line });
      },
      truthMark: (matchId, game, mark, good) => {
        for (const marketId of core.marketsOfMatch(matchId)) {
          const entry = core.market(marketId);
          if (entry === undefined || !concerns(entry, game)) continue;
          const outcome = outcomeOf(entry, good);
          this.#track(marketId).mark({
            kind: "truth",
            t,
            seq,
            ...mark,
            ...(outcome === undefined ? {} : { good: outcome }),
          });
        }
      },
      mark: (marketId, mark) => {
        this.#track(marketId).mark({ t, seq, ...mark });
      },
      fill: ({ marketId, orderId, tradeId }, mark) => {
        this.#track(marketId).fill(`${orderId} ${tradeId}`, { t, seq, ...mark });
      },
      failed: ({ marketId, orderId, tradeId }) => {
        this.#track(marketId).failed(`${orderId} ${tradeId}`);
      },
    };
  }
}

function outcomeOf({ market: { subject } }: MarketEntry, team: Team | undefined): 0 | 1 | undefined {
  if (subject === undefined || team === undefined) return undefined;
  return subject.teamOf[0] === team ? 0 : 1;
}

/** Whether what happens in a game of its match is of interest to a market. */
function concerns({ market }: MarketEntry, game: number | undefined): boolean {
  const { subject } = market;
  if (subject === undefined) return matchOf(market) !== undefined;
  return subject.kind === "series" || game === undefined || subject.game === game;
}
