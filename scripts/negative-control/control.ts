import { createPaperBroker } from "@matchpoint/paper-broker";
import {
  createRuntime,
  id,
  MoveDetector,
  NANOS_PER_MS,
  parseConfig,
  TemporalArb,
  type CoreEvent,
  type Intent,
  type Millis,
  type Nanos,
  type RunSummary,
  type Runtime,
  type SourceEvent,
  type SourceReport,
} from "@matchpoint/sdk";
import { playFile } from "../../packages/cli/src/player/play.ts";
import { hockeyLead } from "./hockeyLead.ts";

/** The market of the capture whose subject is known, and the source that its scores are from. */
const MARKET = "m3";
export const SOURCE = "espn";
/** The scoreboard is polled every 30 s. */
const STALE_MS = 75_000;
/** A bid as far above an earlier ask as this, within so long, is a move; looked for so long before a score. */
const MOVE = { price: 0.02, withinMs: 5_000, beforeMs: 60_000 };
/** After so long an entry is marked: the next goal is 71 s after the first. */
export const MARK_MS = 30_000;

/** A goal as the scoreboard and the market told it. Times in Unix ms. */
export interface Goal {
  readonly score: string;
  readonly shownAt: number;
  /** Undefined when the market did not move. */
  readonly movedAt: number | undefined;
  readonly movedCents: number;
  readonly midBefore: number;
  readonly midShown: number;
}

/** An entry: what it bought, and what that was worth. Prices in dollars per share. */
export interface Entry {
  readonly at: number;
  readonly outcome: string;
  readonly p: number;
  readonly mid: number;
  readonly shares: number;
  /** Volume-weighted; 0 when nothing was filled. */
  readonly price: number;
  readonly feePerShare: number;
  /** Mids of the bought outcome, so long after the order and at the end of the capture. */
  readonly midAfter: number;
  readonly midAtEnd: number;
}

/** One run over the capture. */
export interface Played {
  readonly name: string;
  readonly summary: RunSummary;
  readonly sources: readonly SourceReport[];
  readonly entries: readonly Entry[];
  /** Why the strategy did nothing in the known market: reason and count. */
  readonly reasons: readonly (readonly [reason: string, count: number, last: string])[];
}

/** What a run is to be like. */
export interface Setting {
  readonly name: string;
  readonly guard: "on" | "off";
  readonly params?: Readonly<Record<string, unknown>>;
  /** Scores are shown this much earlier than they were: the market's lead, or more. */
  readonly earlierMs?: (claim: SourceEvent) => number;
}

interface Mids {
  readonly at: number[];
  readonly mid: number[];
}

/** Plays the capture's events once. */
async function playEvents(recording: string, emit: (event: CoreEvent) => void): Promise<void> {
  const { signal } = new AbortController();
  await playFile(recording, { emit, allowTruncated: false, blockBytes: 131_072, signal });
}

function midAt({ at, mid }: Mids, time: number): number {
  let low = 0;
  let high = at.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return mid[Math.max(0, low - 1)] ?? NaN;
}

/** What the capture tells by itself, without a strategy. */
export interface Watched {
  readonly goals: readonly Goal[];
  /** Changes of the mid over {@link MARK_MS}, one per such interval: what an entry at any time would have been marked by. */
  readonly drift: { readonly n: number; readonly mean: number; readonly sd: number };
}

function driftOf({ at, mid }: Mids): Watched["drift"] {
  const changes: number[] = [];
  for (let time = at[0]!; time + MARK_MS <= at.at(-1)!; time += MARK_MS)
    changes.push(midAt({ at, mid }, time + MARK_MS) - midAt({ at, mid }, time));
  const mean = changes.reduce((sum, each) => sum + each, 0) / changes.length;
  const variance = changes.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (changes.length - 1);
  return { n: changes.length, mean, sd: Math.sqrt(variance) };
}

/** What the market and the scoreboard told of each goal, and how much the market moves anyway. */
export async function watchCapture(recording: string): Promise<Watched> {
  const mids: Mids = { at: [], mid: [] };
  const moves: { at: number; up: boolean; size: number }[] = [];
  const shown: { at: number; score: readonly [number, number] }[] = [];
  const detector = new MoveDetector(MOVE);
  let runtime: Runtime | undefined;
  await playEvents(recording, (event) => {
    runtime ??= makeRuntime({ name: "watch", guard: "on" }, event.receivedAt);
    runtime.offer(event);
    const at = event.receivedAt;
    if (event.type === "match_claim" && event.claim.kind === "game_progress") {
      const { score } = event.claim.progress;
      const last = shown.at(-1)?.score;
      if (score !== undefined && (last?.[0] !== score[0] || last[1] !== score[1])) shown.push({ at, score });
      return;
    }
    const book = runtime.core.market(id(MARKET))?.book;
    if (book === undefined || !("marketId" in event) || event.marketId !== MARKET) return;
    const [bid, ask] = [book.bid(0), book.ask(0)];
    if (bid === 0 || ask === 10_000) return;
    mids.at.push(at);
    mids.mid.push((bid + ask) / 20_000);
    const move = detector.observe((at * NANOS_PER_MS) as Nanos, bid, ask);
    if (move === undefined) return;
    const known = moves.at(-1);
    const began = move.at / NANOS_PER_MS;
    if (known?.at === began) known.size = move.size;
    else moves.push({ at: began, up: move.up, size: move.size });
  });
  const goals = shown.slice(1).map(({ at, score }, i): Goal => {
    const up = score[0] > shown[i]!.score[0];
    const near = moves.filter((move) => move.up === up && move.at < at && move.at >= at - MOVE.beforeMs);
    const largest = near.reduce((most, { size }) => Math.max(most, size), 0);
    const move = near.find(({ size }) => size * 2 >= largest);
    return {
      score: score.join("-"),
      shownAt: at,
      movedAt: move?.at,
      movedCents: (move?.size ?? 0) / 100,
      midBefore: move === undefined ? NaN : midAt(mids, move.at - MOVE.withinMs),
      midShown: midAt(mids, at),
    };
  });
  return { goals, drift: driftOf(mids) };
}

function makeRuntime({ guard, params }: Setting, startsAt: Millis): Runtime {
  return createRuntime({
    config: parseConfig({
      truth_engine: { signal_lag_guard: guard, stale_ms_by_source: { [SOURCE]: STALE_MS } },
    }),
    strategies: [{ use: TemporalArb, ...(params === undefined ? {} : { params }) }],
    execution: createPaperBroker({ runId: "control", seed: 1, realism: "off", fill_model: "worst_queue" }),
    model: hockeyLead,
    runId: "control",
    startsAt,
  });
}

/** Offers the claims of a recording earlier than they came, everything else as it came. */
function earlier(
  claims: readonly SourceEvent[],
  earlierMs: (claim: SourceEvent) => number,
  emit: (event: CoreEvent) => void,
): (event: CoreEvent) => void {
  const waiting = claims
    .map((claim) => {
      const ms = Math.min(earlierMs(claim), claim.at / NANOS_PER_MS);
      const at = (claim.at - Math.round(ms * NANOS_PER_MS)) as Nanos;
      return { ...claim, at, receivedAt: (claim.receivedAt - ms) as Millis };
    })
    .sort((a, b) => a.at - b.at);
  return (event) => {
    while (waiting.length > 0 && waiting[0]!.at <= event.at) emit(waiting.shift()!);
    if (event.type !== "match_claim") emit(event);
  };
}

/** Plays the capture with the temporal strategy. */
export async function playControl(recording: string, setting: Setting): Promise<Played> {
  let runtime: Runtime | undefined;
  const mids: Mids = { at: [], mid: [] };
  const orders: { at: number; intent: Intent; p: number; mid: number }[] = [];
  const fills: { orderId: string; shares: number; price: number; fee: number }[] = [];
  const take = (event: CoreEvent): void => {
    runtime ??= begin(event);
    runtime.offer(event);
    const book = runtime.core.market(id(MARKET))?.book;
    if (book !== undefined && book.bid(0) > 0 && book.ask(0) < 10_000) {
      mids.at.push(event.receivedAt);
      mids.mid.push((book.bid(0) + book.ask(0)) / 20_000);
    }
  };
  const begin = (event: CoreEvent): Runtime => {
    const made = makeRuntime(setting, event.receivedAt);
    made.on("step", (cause, effects) => {
      for (const effect of effects) {
        if (effect.type !== "place" || effect.intent.side !== "buy") continue;
        const entry = made.core.market(effect.intent.marketId)!;
        const { outcome } = effect.intent;
        const mid = (entry.book.bid(outcome) + entry.book.ask(outcome)) / 20_000;
        orders.push({ at: cause.receivedAt, intent: effect.intent, p: entry.truth!.pOf(outcome), mid });
      }
    });
    made.on("fill", ({ orderId, size, price, fee }) => {
      fills.push({ orderId, shares: size / 1e6, price: price / 1e4, fee: fee / 1e6 });
    });
    return made;
  };
  let emit = take;
  if (setting.earlierMs !== undefined) {
    const claims: SourceEvent[] = [];
    await playEvents(recording, (event) => {
      if (event.type === "match_claim") claims.push(event);
    });
    emit = earlier(claims, setting.earlierMs, take);
  }
  await playEvents(recording, emit);
  const played = runtime!;
  const { core } = played;
  const entries = orders.map(({ at, intent, p, mid }): Entry => {
    const own = fills.filter(({ orderId }) => core.orders.get(intent.intentId)?.orderId === orderId);
    const shares = own.reduce((sum, fill) => sum + fill.shares, 0);
    const cost = own.reduce((sum, fill) => sum + fill.shares * fill.price, 0);
    const fees = own.reduce((sum, fill) => sum + fill.fee, 0);
    const of = (value: number): number => (intent.outcome === 0 ? value : 1 - value);
    const name = core.market(intent.marketId)!.market.outcomes[intent.outcome].name;
    return {
      at,
      outcome: name,
      p,
      mid,
      shares,
      price: shares === 0 ? 0 : cost / shares,
      feePerShare: shares === 0 ? 0 : fees / shares,
      midAfter: of(midAt(mids, at + MARK_MS)),
      midAtEnd: of(mids.mid.at(-1)!),
    };
  });
  const summary = played.finish("end of the capture");
  const reasons = summary.whyNot
    .filter(({ marketId }) => marketId === MARKET)
    .map(({ reason, count, last }) => [reason, count, JSON.stringify(last ?? {})] as const);
  return { name: setting.name, summary, sources: core.truth.sources(), entries, reasons };
}
