import type { ChartMark, LogLine } from "@matchpoint/dashboard";
import {
  describeClaim,
  formatShares,
  type Core,
  type CoreEvent,
  type DeniedEffect,
  type Effect,
  type GameProgress,
  type Intent,
  type MarketId,
  type MatchId,
  type SourceEvent,
  type Team,
  type TradeReport,
  type TransitionEffect,
} from "@matchpoint/sdk";
import { money } from "../report/format.ts";
import type { MarketList } from "../report/labels.ts";
import { operatorAnswer } from "../report/operatorAnswer.ts";
import { refusalText } from "../report/refusal.ts";
import { feedState } from "../report/runLog.ts";
import { priceText, stateWord, whyMoved } from "../report/words.ts";
import { levelOf } from "./ladder.ts";
import { orderWords } from "./orderWords.ts";
import { COUNTED } from "./race.ts";

/** Where the story goes. */
export interface StoryTeller {
  readonly core: Core;
  readonly markets: MarketList;
  line(line: Omit<LogLine, "seq" | "t">): void;
  /** `good`: which team it is good for, where that is plain. */
  truthMark(
    matchId: MatchId,
    game: number | undefined,
    mark: { readonly source: string; readonly what: string; readonly text: string },
    good: Team | undefined,
  ): void;
  mark(marketId: MarketId, mark: Distribute<ChartMark>): void;
  fill(report: TradeReport, mark: Omit<Extract<ChartMark, { kind: "fill" }>, "seq" | "t">): void;
  failed(report: TradeReport): void;
}

type Distribute<T> = T extends unknown ? Omit<T, "seq" | "t"> : never;

/** States that a market enters and leaves with every position. */
const EVERYDAY: ReadonlySet<string> = new Set(["IDLE", "BUILDING_PAIR", "TEMPORAL_ACTIVE", "LOCKED_PAIR"]);
/** The same denial is told again only after so long, in ms. */
const AGAIN_MS = 30_000;
const MOST_DENIALS = 5_000;
/** What is counted in a game, as it is called when one is added. */
const ONE_OF: Readonly<Record<(typeof COUNTED)[number], string>> = {
  score: "score",
  kills: "kill",
  towers: "tower",
  dragons: "dragon",
  barons: "baron",
  inhibitors: "inhibitor",
};

/** Turns events and what they led to into lines and marks for people. */
export class Story {
  readonly #feeds = new Map<string, string>();
  readonly #denied = new Map<string, number>();
  readonly #trades = new Set<string>();
  /** Per match and game: the most that was counted of anything. */
  readonly #counted = new Map<string, Map<string, readonly [number, number]>>();

  /** `isNew`: a claim that says what nobody had said before. */
  take(event: CoreEvent, effects: readonly Effect[], t: number, isNew: boolean, to: StoryTeller): void {
    this.#event(event, effects, isNew, to);
    for (const effect of effects) this.#effect(effect, t, to);
  }

  #event(event: CoreEvent, effects: readonly Effect[], isNew: boolean, to: StoryTeller): void {
    switch (event.type) {
      case "match_claim":
        this.#claim(event, isNew, to);
        return;
      case "source_health":
      case "book_continuity": {
        const { feed, matchId, marketId, health, reason, sound } = feedState(event);
        const key = `${feed} ${matchId ?? ""} ${marketId ?? ""}`;
        if (this.#feeds.get(key) === health) return;
        const before = this.#feeds.get(key);
        this.#feeds.set(key, health);
        // That it begins well is no news.
        if (health === "connecting" || (sound && before === undefined)) return;
        const about = marketId === undefined ? feed : `${to.markets.label(marketId)}: book`;
        const text = `${about} ${health} (${reason})`;
        to.line({
          kind: "feed",
          level: sound ? "info" : "warn",
          text,
          ...(marketId === undefined ? {} : { market: marketId }),
        });
        return;
      }
      case "order_report":
        this.#report(event, to);
        return;
      case "trade_report":
        this.#trade(event, to);
        return;
      case "market_resolution": {
        const { marketId, payouts, source } = event;
        const entry = to.core.market(marketId);
        const names = entry?.market.outcomes.map(
          ({ name }, i) => `${name} pays ${money(payouts[i as 0 | 1])}`,
        );
        const text = `${to.markets.label(marketId)}: ${names?.join(", ") ?? "resolved"} (${source})`;
        to.line({ kind: "settlement", level: "info", text, market: marketId });
        to.mark(marketId, { kind: "end", what: "resolved", text });
        return;
      }
      case "chain_report":
        if (event.status === "FINAL" || event.status === "REVERTED" || event.status === "UNKNOWN") {
          const level = event.status === "FINAL" ? "info" : "warn";
          const brought = event.proceeds === undefined ? "" : `: ${money(event.proceeds, true)}`;
          to.line({
            kind: "settlement",
            level,
            text: `${event.actionId} ${event.status.toLowerCase()}${brought}`,
          });
        }
        return;
      case "operator": {
        const text = operatorAnswer(event, effects, to.core, (marketId) => to.markets.label(marketId));
        if (text !== undefined)
          to.line({ kind: "operator", level: "warn", text: `${event.operator}: ${text}` });
        return;
      }
      case "run_started":
        to.line({ kind: "run", level: "info", text: `run ${event.runId} starts, ${event.mode}` });
        return;
      case "run_stopping":
        to.line({ kind: "run", level: "info", text: `the run ends: ${event.reason}` });
        return;
      case "market_listed":
        to.line({
          kind: "run",
          level: "info",
          text: `market: ${event.market.title}`,
          market: event.market.marketId,
        });
        return;
      default:
        return;
    }
  }

  #claim(event: SourceEvent, isNew: boolean, to: StoryTeller): void {
    const { claim, matchId, source } = event;
    const match = to.core.truth.state(matchId)?.match;
    if (match === undefined || event.replayed === true) return;
    if (claim.kind === "game_progress") {
      this.#progress(
        matchId,
        claim.game,
        claim.progress,
        source,
        match.teams.map(({ name }) => name),
        to,
      );
      return;
    }
    const takesBack = claim.kind === "retracted" || claim.kind === "source_invalid";
    if (!isNew && !takesBack) return;
    const text = describeClaim(event, match, undefined);
    const game = "game" in claim ? claim.game : undefined;
    const good = "winner" in claim ? claim.winner : undefined;
    to.line({
      kind: "truth",
      level: takesBack ? "warn" : "info",
      text: `${to.markets.subject(subjectOf(matchId, game))}: ${text}`,
    });
    to.truthMark(matchId, game, { source, what: claim.kind, text }, good);
  }

  /** What has been added since the most that anybody told of. */
  #progress(
    matchId: MatchId,
    game: number,
    progress: GameProgress,
    source: string,
    teams: readonly string[],
    to: StoryTeller,
  ): void {
    const key = subjectOf(matchId, game);
    let counted = this.#counted.get(key);
    if (counted === undefined) {
      counted = new Map();
      this.#counted.set(key, counted);
    }
    for (const what of COUNTED) {
      const now = progress[what];
      const before = counted.get(what) ?? [0, 0];
      if (now === undefined) continue;
      counted.set(what, [Math.max(now[0], before[0]), Math.max(now[1], before[1])]);
      for (const team of [0, 1] as const) {
        if (now[team] <= before[team]) continue;
        const text = `${ONE_OF[what]}: ${teams[team]} ${now.join("-")}`;
        to.truthMark(matchId, game, { source, what: ONE_OF[what], text }, team);
        if (what === "kills" || (what === "score" && counted.has("kills"))) continue;
        to.line({ kind: "truth", level: "info", text: `${to.markets.subject(key)}: ${text} (${source})` });
      }
    }
  }

  #report(event: Extract<CoreEvent, { type: "order_report" }>, to: StoryTeller): void {
    const order = to.core.orders.byOrderId(event.orderId);
    if (order === undefined) return;
    const { marketId } = order.intent;
    const label = to.markets.label(marketId);
    if (event.status === "unknown") {
      const text = `${label}: nobody knows what became of an order (${event.detail ?? "no answer"})`;
      to.line({ kind: "order", level: "error", text, market: marketId, code: "UNKNOWN" });
    } else if (event.status === "rejected") {
      const text = refusalText(event) ?? `order refused (${event.code ?? "OTHER"})`;
      const level = refusalText(event) === undefined ? "info" : "warn";
      to.line({
        kind: "order",
        level,
        text: `${label}: ${text}`,
        market: marketId,
        code: event.code ?? "OTHER",
      });
    }
  }

  #trade(report: TradeReport, to: StoryTeller): void {
    const { marketId, orderId, tradeId, outcome, side, price, size, fee, liquidity, status } = report;
    const entry = to.core.market(marketId);
    const key = `${orderId} ${tradeId}`;
    const label = to.markets.label(marketId);
    if (status === "FAILED") {
      to.line({
        kind: "fill",
        level: "error",
        text: `${label}: a fill was taken back (${tradeId})`,
        market: marketId,
        code: "FAILED",
      });
      to.failed(report);
    }
    if (this.#trades.has(key)) return;
    this.#trades.add(key);
    const strategy =
      (
        to.core.orders.byOrderId(orderId) ??
        to.core.orders.byOrderId(`${orderId}#${tradeId}` as typeof orderId)
      )?.intent.strategyId ?? "?";
    const name = entry?.market.outcomes[outcome].name ?? `outcome ${outcome}`;
    const did = `${side === "buy" ? "bought" : "sold"} ${formatShares(size)} ${name} at ${priceText(price, entry?.book.tick)}`;
    const text = `${label}: ${did} (${strategy}, ${liquidity})`;
    if (status !== "FAILED") to.line({ kind: "fill", level: "info", text, market: marketId });
    const maker = liquidity === "maker";
    const level = levelOf(outcome, price);
    to.fill(report, {
      kind: "fill",
      trade: tradeId,
      outcome,
      side,
      price,
      level,
      size,
      fee,
      maker,
      failed: status === "FAILED",
      strategy,
      text,
    });
  }

  #effect(effect: Effect, t: number, to: StoryTeller): void {
    switch (effect.type) {
      case "place":
        this.#placed(effect.intent, to);
        return;
      case "denied":
        this.#denial(effect, t, to);
        return;
      case "transition":
        this.#moved(effect, to);
        return;
      case "alarm": {
        const { code, message, marketId } = effect;
        const where = marketId === undefined ? "" : `${to.markets.label(marketId)}: `;
        const text = `${where}${code.toLowerCase().replaceAll("_", " ")}: ${message}`;
        to.line({
          kind: "alarm",
          level: "error",
          text,
          code,
          ...(marketId === undefined ? {} : { market: marketId }),
        });
        return;
      }
      default:
        return;
    }
  }

  #placed(intent: Intent, to: StoryTeller): void {
    const { marketId, intentId, outcome, side, limit, size, strategyId, reason } = intent;
    const text = `${to.markets.label(marketId)}: ${orderWords(intent, to.core.market(marketId))} (${strategyId}${reason === "" ? "" : `: ${reason}`})`;
    to.line({ kind: "order", level: "info", text, market: marketId });
    to.mark(marketId, {
      kind: "order",
      intent: intentId,
      outcome,
      side,
      price: limit,
      level: levelOf(outcome, limit),
      size,
      text,
    });
  }

  #denial({ intent, code, detail }: DeniedEffect, t: number, to: StoryTeller): void {
    const { marketId, strategyId } = intent;
    const key = `${code} ${strategyId} ${marketId}`;
    const last = this.#denied.get(key);
    if (last !== undefined && t - last < AGAIN_MS) return;
    if (this.#denied.size >= MOST_DENIALS) this.#denied.clear();
    this.#denied.set(key, t);
    const words = orderWords(intent, to.core.market(marketId));
    const text = `${to.markets.label(marketId)}: denied ${words} (${strategyId}): ${code}${detail === "" ? "" : `: ${detail}`}`;
    to.line({ kind: "denied", level: "info", text, market: marketId, code });
  }

  #moved(
    { machine, subject, marketId, matchId, from, to: into, reason }: TransitionEffect,
    to: StoryTeller,
  ): void {
    if (machine === "truth") {
      const text = `${to.markets.subject(subject)}: ${from} → ${into} (${reason})`;
      const level = into === "disputed" || into === "retracted" ? "warn" : "info";
      to.line({ kind: "truth", level, text });
      const game = /#(\d+)$/.exec(subject)?.[1];
      const told = { source: "", what: into, text };
      if (matchId !== undefined)
        to.truthMark(matchId, game === undefined ? undefined : Number(game), told, undefined);
      return;
    }
    if (machine === "system") {
      to.line({
        kind: "state",
        level: into === "HALTED" ? "error" : "info",
        text: `${subject === "" ? "the run" : subject}: ${from} → ${into} (${reason})`,
      });
      return;
    }
    if (EVERYDAY.has(from) && EVERYDAY.has(into)) return;
    const halts = from === "HALT" || into === "HALT";
    const text = `${to.markets.label(marketId)}: ${stateWord(from)} → ${stateWord(into)} (${whyMoved(reason)})`;
    to.line({
      kind: halts ? "halt" : "state",
      level: into === "HALT" ? "warn" : "info",
      text,
      ...(marketId === undefined ? {} : { market: marketId }),
    });
  }
}

function subjectOf(matchId: MatchId, game: number | undefined): string {
  return game === undefined ? matchId : `${matchId}#${game}`;
}
