import type { MarketSubject } from "../events/index.ts";
import { id, type MatchId, type SourceId } from "../ids.ts";
import type { TruthStatus } from "../state/index.ts";
import { MoveDetector, signalLimitMs, type TruthChange, type TruthSignal } from "../truth/index.ts";
import { NANOS_PER_MS } from "../units/index.ts";
import { hookContext } from "./context.ts";
import type { Floor } from "./floor.ts";
import type { MarketEntry } from "./marketEntry.ts";
import { comparePayouts } from "./payouts.ts";
import type { TradingDesk } from "./tradingDesk.ts";
import { marketTruth } from "./truthView.ts";

/** Truth that a payout given before has to agree with. */
const SETTLES: ReadonlySet<TruthStatus> = new Set<TruthStatus>(["final", "void", "not_played"]);

const DOUBTS: ReadonlySet<TruthStatus> = new Set<TruthStatus>(["disputed", "retracted"]);

/** News moves the implied probability by at least this; what moves it less does not change whose news it is. */
const NEWS_MOVE = 0.01;
/** How long late news stands against smaller news of sources that are in time. */
const LATE_STANDS = 60_000 * NANOS_PER_MS;

/** Whose news a market's truth rests on, and how late that source is as known now. */
export function signalOf(floor: Floor, { news }: MarketEntry): TruthSignal | undefined {
  if (news === undefined) return undefined;
  const { source, at } = news;
  const { lagMs, mayTake } = floor.truth.lagOf(source);
  return { source, at, lagMs, limitMs: signalLimitMs(floor.truth.config), mayTake };
}

function isSame(a: MarketSubject, b: MarketSubject | undefined): boolean {
  if (a.matchId !== b?.matchId || a.teamOf[0] !== b.teamOf[0]) return false;
  return (a.kind === "game" ? a.game : undefined) === (b.kind === "game" ? b.game : undefined);
}

/** Carries what is held true about matches to their markets, in canonical order, so that all see one truth. */
export class TruthDesk {
  readonly #floor: Floor;
  readonly #trading: TradingDesk;

  constructor(floor: Floor, trading: TradingDesk) {
    this.#floor = floor;
    this.#trading = trading;
  }

  /** Takes what the truth engine has changed, and its wishes for timers. */
  changed(changes: readonly TruthChange[]): void {
    const floor = this.#floor;
    for (const { timerId, due } of floor.truth.takeTimers()) {
      floor.effect(
        due === undefined ? { type: "clear_timer", timerId } : { type: "set_timer", timerId, due },
      );
    }
    for (const change of changes) {
      const { matchId, game, from, to, reason } = change;
      if (from !== to) {
        const subject = game === undefined ? matchId : `${matchId}#${game}`;
        floor.effect({ type: "transition", machine: "truth", subject, matchId, from, to, reason });
      }
      for (const entry of floor.marketsOf(matchId)) this.#inMarket(entry, change);
    }
  }

  /** Ties a market to the match that it is about, and unties it from the one that it was said to be about before. */
  link(entry: MarketEntry, before?: MarketSubject): void {
    const { subject, marketId } = entry.market;
    const { marketsByMatch } = this.#floor;
    if (before !== undefined && before.matchId !== subject?.matchId) {
      const rest = marketsByMatch.get(before.matchId)?.filter((other) => other !== marketId) ?? [];
      marketsByMatch.set(before.matchId, rest);
    }
    if (before !== undefined && !isSame(before, subject)) this.#unlink(entry);
    if (subject !== undefined) {
      const list = marketsByMatch.get(subject.matchId) ?? [];
      if (!list.includes(marketId)) marketsByMatch.set(subject.matchId, [...list, marketId].sort());
    }
    this.#catchUp(entry);
  }

  /** What was known of a market rested on a subject that it does not have: nothing of it may be traded on. */
  #unlink(entry: MarketEntry): void {
    entry.news = undefined;
    entry.baseP = undefined;
    entry.moves?.reset();
    // Nobody will tell any more that what it was about is no longer disputed.
    if (entry.trading.causes.has("truth_disputed"))
      this.#trading.apply(entry, { kind: "own_truth", status: "scheduled" });
    const { subject, unproven } = entry.market;
    const why = unproven === undefined ? "" : `: ${unproven}`;
    const reason =
      subject === undefined ? `what it is about is not proven${why}` : "it is about something else";
    for (const binding of entry.bindings)
      if (binding.spec.truthDriven) this.#trading.cancelOf(binding, reason);
  }

  /** A match was listed: markets that were listed before it get their truth. */
  linkMatch(matchId: MatchId): void {
    for (const entry of this.#floor.marketsOf(matchId)) this.#catchUp(entry);
  }

  /** A market that comes to its match late may be about something that is decided or disputed already. */
  #catchUp(entry: MarketEntry): void {
    this.#refresh(entry, false);
    entry.baseP ??= entry.truth?.pOf(0);
    if (entry.truth !== undefined)
      this.#trading.apply(entry, { kind: "own_truth", status: entry.truth.own.status });
  }

  #inMarket(entry: MarketEntry, change: TruthChange): void {
    const floor = this.#floor;
    const { subject } = entry.market;
    if (subject === undefined) return;
    this.#refresh(entry, change.fresh);
    this.#attribute(entry, change);
    const own = subject.kind === "series" ? change.game === undefined : change.game === subject.game;
    if (own && change.from !== change.to) {
      this.#trading.apply(entry, { kind: "own_truth", status: change.to });
      if (SETTLES.has(change.to)) comparePayouts(floor, entry);
    }
    const { truth } = entry;
    const concerns = subject.kind === "series" || change.game === undefined;
    const doubted = !own && concerns && change.from !== change.to && DOUBTS.has(change.to);
    if (truth === undefined || entry.trading.status === "RESOLVED") return;
    const { kind, previous } = change;
    for (const binding of entry.bindings) {
      const { spec } = binding;
      const { strategy } = spec;
      // The market itself is not halted: something else of its match is in doubt, or what is being played was set back. What
      // rests on truth goes, and may come back.
      if (spec.truthDriven && (doubted || (kind === "revised" && (own || concerns)))) {
        const what = change.game === undefined ? "the series" : `game ${change.game}`;
        this.#trading.cancelOf(binding, doubted ? `${what} is ${change.to}` : `${what} was revised`);
      }
      if (kind === "stale") {
        // No halt: the gate denies entries, and what rests on truth must not rest on old truth.
        if (spec.truthDriven) this.#trading.cancelOf(binding, "truth is stale");
        const source = truth.match.staleSource ?? id<SourceId>("unknown");
        floor.call(binding, () => strategy.onStale?.(hookContext(binding, { source })));
      } else if (kind === "revised") {
        floor.call(binding, () => strategy.onTruthRevised?.(hookContext(binding, { truth, previous })));
      } else {
        floor.call(binding, () => strategy.onTruth?.(hookContext(binding, { truth, previous })));
      }
    }
  }

  #refresh(entry: MarketEntry, fresh: boolean): void {
    const { options, truth } = this.#floor;
    const { subject } = entry.market;
    const match = subject === undefined ? undefined : truth.state(subject.matchId);
    entry.truth =
      subject === undefined || match === undefined
        ? undefined
        : marketTruth(
            subject,
            match,
            options.model,
            options.truth,
            fresh,
            () => signalOf(this.#floor, entry),
            entry.rule,
          );
  }

  /**
   * A change is the news of whose claim brought it about, if it moved the implied probability since the last news. Late news
   * is not made timely by small talk: for a while it takes a move as large to replace it.
   */
  #attribute(entry: MarketEntry, { source }: TruthChange): void {
    const { truth, news } = entry;
    const { truth: engine, now: at } = this.#floor;
    if (truth === undefined) return;
    const p = truth.pOf(0);
    entry.baseP ??= p;
    if (source === undefined) return;
    const moved = Math.abs(p - (news?.p ?? entry.baseP));
    const late = news !== undefined && at - news.at < LATE_STANDS && !engine.lagOf(news.source).inTime;
    const least = late && engine.lagOf(source).inTime ? Math.max(NEWS_MOVE, news.moved) : NEWS_MOVE;
    if (moved >= least) entry.news = { source, at, p, moved };
  }

  /** The best prices of a market changed: it may be telling what no source has told yet. */
  watch(entry: MarketEntry): void {
    const { subject, marketId } = entry.market;
    if (subject === undefined) return;
    const { book } = entry;
    if (entry.moves === undefined) {
      const { price, within_ms: withinMs } = this.#floor.options.truth.market_move;
      entry.moves = new MoveDetector({ price, withinMs });
    }
    if (!entry.watched && entry.truth !== undefined) {
      entry.watched = true;
      this.#floor.truth.marketWatched(subject.matchId, this.#floor.now);
    }
    if (book.status !== "live" && book.status !== "synthetic") {
      entry.moves.reset();
      return;
    }
    const { now, truth } = this.#floor;
    const move = entry.moves.observe(now, book.bid(0), book.ask(0));
    if (move === undefined) return;
    const team = subject.teamOf[move.up ? 0 : 1];
    const about = subject.kind === "game" ? { game: subject.game } : {};
    truth.marketMoved(subject.matchId, { marketId, ...about, team, at: move.at, size: move.size }, now);
  }
}
