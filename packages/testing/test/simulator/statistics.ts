// Statistics over many seeds: npm run statistics -w @matchpoint/testing [-- seeds title bestOf]
import type { MarketDescription } from "@matchpoint/sdk";
import { simulateMatch, type Reference, type SimulatedMatch } from "@matchpoint/testing";
import { MarketReader } from "./marketReader.ts";
import type { Wire } from "./wire.ts";

const FEE = 0.05;

/** A quote of a market at a moment, and how it ended. */
export interface Sample {
  readonly mid: number;
  readonly spread: number;
  readonly touch: number;
  readonly levels: number;
  readonly win: number;
}

/** What one simulated match showed. */
export interface MatchStatistics {
  readonly frames: number;
  readonly minutes: number;
  readonly problems: readonly string[];
  readonly samples: readonly Sample[];
  readonly winner: number;
  readonly favouriteWon: boolean;
  /** Per game that was won: profit per dollar of buying the winner on GRID's word, after the taker delay and fee. */
  readonly onWord: readonly number[];
  /** Per game market: the cheapest pair that a patient buyer of dips came to, in dollars per pair with fees; and pairs, and naked legs. */
  readonly pairs: readonly PairResult[];
  /** Mid of the first game's market, second by second while it is played. */
  readonly seconds: readonly number[];
}

export interface PairResult {
  readonly pairs: number;
  readonly cost: number;
  readonly naked: number;
  readonly nakedCost: number;
  readonly pnl: number;
}

const decoder = new TextDecoder();

/** Runs one match and looks at it. */
export function measure(match: SimulatedMatch): MatchStatistics {
  const reference = match.reference();
  const reader = new MarketReader(match.markets);
  const samples: Sample[] = [];
  const onWord: number[] = [];
  const dips = match.markets.map((market) => new DipBuyer(market));
  const due: { at: number; market: number; outcome: 0 | 1 }[] = [];
  const seen = new Set<string>();
  const seconds: number[] = [];
  const { startedAtMs, wonAtMs } = reference.games[0]!;
  let nextSecond = startedAtMs! + 60_000;
  let frames = 0;
  let nextSample = match.startsAt + 30_000;
  let last = 0;
  for (const frame of match.frames()) {
    frames += 1;
    last = frame.receivedAtMs;
    while (due.length > 0 && due[0]!.at <= last) {
      const { market, outcome } = due.shift()!;
      const profit = buyAtAsk(reader, market, outcome, payoutOf(reference, market, outcome));
      if (profit !== undefined) onWord.push(profit);
    }
    if (frame.channel === "grid" && frame.fault === undefined) {
      const won = wonGame(decoder.decode(frame.bytes));
      if (won !== undefined && !seen.has(won.gameId)) {
        seen.add(won.gameId);
        const game = seen.size;
        const market = match.markets[game]!;
        const team = match.description.refs!.grid!.teams[0] === won.team ? 0 : 1;
        due.push({
          at: last + market.takerDelayMs,
          market: game,
          outcome: market.subject!.teamOf[0] === team ? 0 : 1,
        });
      }
    }
    if (frame.channel !== "polymarket.market") continue;
    for (const market of reader.take(frame)) dips[market]!.look(reader, market, last);
    while (nextSecond <= last && nextSecond < wonAtMs! - 30_000) {
      nextSecond += 1_000;
      const { statedBid, statedAsk } = reader.books[1]![0];
      // While a side is away there is no mid: the last one stands.
      const there = statedBid > 0 && statedAsk < 1_000 && statedAsk - statedBid <= 60;
      const mid = there ? (statedBid + statedAsk) / 2_000 : seconds.at(-1);
      if (mid !== undefined) seconds.push(mid);
    }
    if (last < nextSample) continue;
    nextSample += 60_000;
    match.markets.forEach((_, market) => {
      const sample = sampleOf(reader, market, payoutOf(reference, market, 0));
      if (sample !== undefined) samples.push(sample);
    });
  }
  return {
    frames,
    minutes: (last - match.startsAt) / 60_000,
    problems: reader.problems,
    samples,
    winner: reference.winner,
    favouriteWon: samples.length > 0 && samples[0]!.mid > 0.5 === samples[0]!.win > 0.5,
    onWord,
    pairs: dips.map((buyer, market) => buyer.result(payoutOf(reference, market, 0))),
    seconds,
  };
}

function payoutOf(reference: Reference, market: number, outcome: 0 | 1): number {
  return reference.payouts[market]![outcome] / 1_000_000;
}

function sampleOf(reader: MarketReader, market: number, win: number): Sample | undefined {
  const book = reader.books[market]![0];
  const { statedBid: bid, statedAsk: ask } = book;
  if (bid === 0 || ask === 1_000) return undefined;
  return {
    mid: (bid + ask) / 2_000,
    spread: (ask - bid) / 1_000,
    touch: ((book.bids.get(bid) ?? 0) + (book.asks.get(ask) ?? 0)) / 2,
    levels: (book.bids.size + book.asks.size) / 2,
    win,
  };
}

function wonGame(text: string): { team: string; gameId: string } | undefined {
  if (!text.includes('"team-won-game"')) return undefined;
  const transaction = JSON.parse(text);
  const event = transaction.events.find((each: Wire) => each.type === "team-won-game");
  return { team: event.actor.id, gameId: event.target.id };
}

function buyAtAsk(reader: MarketReader, market: number, outcome: 0 | 1, payout: number): number | undefined {
  const { statedAsk } = reader.books[market]![outcome];
  if (statedAsk >= 1_000) return undefined;
  const price = statedAsk / 1_000;
  const cost = price + FEE * price * (1 - price);
  return (payout - cost) / cost;
}

/** Buys either side when it has fallen well below where it was ten minutes before, and so collects pairs; at the ask, with fees. */
class DipBuyer {
  readonly #delayMs: number;
  readonly #held: [number, number] = [0, 0];
  readonly #cost: [number, number] = [0, 0];
  readonly #average: [number, number] = [0, 0];
  #at = 0;
  #nextAt = 0;
  #order: { at: number; outcome: 0 | 1; limit: number } | undefined;

  constructor(market: MarketDescription) {
    this.#delayMs = market.takerDelayMs;
  }

  look(reader: MarketReader, market: number, at: number): void {
    const books = reader.books[market]!;
    for (const outcome of [0, 1] as const) {
      const ask = books[outcome].statedAsk / 1_000;
      if (ask >= 1) return;
      const keep = this.#at === 0 ? 0 : 1 - Math.min(1, (at - this.#at) / 240_000);
      this.#average[outcome] = keep * this.#average[outcome] + (1 - keep) * ask;
    }
    this.#at = at;
    this.#settle(books, at);
    if (this.#order !== undefined || at < this.#nextAt) return;
    for (const outcome of [0, 1] as const) {
      const other = (1 - outcome) as 0 | 1;
      const ask = books[outcome].statedAsk / 1_000;
      const fee = FEE * ask * (1 - ask);
      const open = this.#held[other] > this.#held[outcome];
      const locks = open && ask + fee + this.#cost[other] / this.#held[other] < 0.985;
      const dips =
        this.#held[0] === this.#held[1] && ask < this.#average[outcome] - 0.06 && ask > 0.12 && ask < 0.6;
      if (locks || dips) this.#order = { at: at + this.#delayMs, outcome, limit: books[outcome].statedAsk };
    }
  }

  #settle(books: MarketReader["books"][number], at: number): void {
    const order = this.#order;
    if (order === undefined || at < order.at) return;
    this.#order = undefined;
    this.#nextAt = at + 20_000;
    const { statedAsk, asks } = books[order.outcome];
    if (statedAsk > order.limit || (asks.get(statedAsk) ?? 0) < 20) return;
    const price = statedAsk / 1_000;
    this.#held[order.outcome] += 20;
    this.#cost[order.outcome] += 20 * (price + FEE * price * (1 - price));
  }

  result(payout: number): PairResult {
    const [a, b] = this.#held;
    const pairs = Math.min(a, b);
    const naked = Math.max(a, b) - pairs;
    const total = this.#cost[0] + this.#cost[1];
    return {
      pairs,
      cost: total,
      naked,
      nakedCost: naked === 0 ? 0 : (this.#cost[a > b ? 0 : 1] / Math.max(a, b)) * naked,
      pnl: a * payout + b * (1 - payout) - total,
    };
  }
}

/** Mean squared error of mids as forecasts, and a calibration table. */
export function calibration(samples: readonly Sample[]): {
  brier: number;
  bins: readonly { mid: number; win: number; n: number }[];
} {
  const sums = Array.from({ length: 10 }, () => ({ mid: 0, win: 0, n: 0 }));
  let brier = 0;
  for (const { mid, win } of samples) {
    brier += (mid - win) * (mid - win);
    const bin = sums[Math.min(9, Math.floor(mid * 10))]!;
    bin.mid += mid;
    bin.win += win;
    bin.n += 1;
  }
  return {
    brier: brier / samples.length,
    bins: sums.map(({ mid, win, n }) => ({ mid: mid / n, win: win / n, n })),
  };
}

/**
 * How restless prices are: the standard deviation of moves over some seconds, and their variance as a share of what the moves of
 * single seconds would add up to (1: a random walk; less: they revert; more: they trend). Six in-play markets of a hockey game,
 * 2026-06-07: over 5 s .013 to .022 and .82 to 1.04, over 60 s .049 to .083 and .45 to 1.35.
 */
export function restlessness(
  runs: readonly (readonly number[])[],
  over: number,
): { sd: number; ratio: number } {
  const variance = (lag: number): number => {
    let sum = 0;
    let n = 0;
    for (const mids of runs) {
      for (let i = lag; i < mids.length; i++) {
        sum += (mids[i]! - mids[i - lag]!) ** 2;
        n += 1;
      }
    }
    return sum / n;
  };
  return { sd: Math.sqrt(variance(over)), ratio: variance(over) / (over * variance(1)) };
}

function quantiles(values: readonly number[], at: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  return at.map((q) => (sorted[Math.floor(q * (sorted.length - 1))] ?? NaN).toFixed(3)).join(" ");
}

function main(): void {
  const seeds = Number(process.argv[2] ?? 200);
  const title = process.argv[3] === "cs2" ? "cs2" : "lol";
  const bestOf = process.argv[4] === "1" ? 1 : process.argv[4] === "5" ? 5 : 3;
  const all: MatchStatistics[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    all.push(measure(simulateMatch({ seed, title, bestOf, faults: "none", grid: { hostile: 0 } })));
  }
  const marks = [0.05, 0.25, 0.5, 0.75, 0.95];
  const samples = all.flatMap((each) => each.samples);
  const say = (...words: unknown[]): void => {
    process.stdout.write(`${words.join(" ")}\n`);
  };
  say(`${seeds} seeds, ${title}, best of ${bestOf}`);
  say(
    "problems",
    all.flatMap((each) => each.problems).length,
    all.find((each) => each.problems.length > 0)?.problems[0] ?? "",
  );
  say(
    "frames",
    quantiles(
      all.map((each) => each.frames),
      marks,
    ),
  );
  say(
    "minutes",
    quantiles(
      all.map((each) => each.minutes),
      marks,
    ),
  );
  say(
    "team 0 won",
    all.filter((each) => each.winner === 0).length,
    "favourite won",
    all.filter((each) => each.favouriteWon).length,
  );
  say(
    "spread",
    quantiles(
      samples.map((each) => each.spread),
      marks,
    ),
  );
  say(
    "shares at the touch",
    quantiles(
      samples.map((each) => each.touch),
      marks,
    ),
  );
  say(
    "levels a side",
    quantiles(
      samples.map((each) => each.levels),
      marks,
    ),
  );
  for (const over of [5, 60, 240]) {
    const { sd, ratio } = restlessness(
      all.map((each) => each.seconds),
      over,
    );
    say(`moves over ${over} s: sd ${sd.toFixed(4)}, variance ratio ${ratio.toFixed(2)}`);
  }
  const { brier, bins } = calibration(samples);
  say("brier", brier.toFixed(4));
  for (const { mid, win, n } of bins) say(`  mid ${mid.toFixed(3)} win ${win.toFixed(3)} n ${n}`);
  const words = all.flatMap((each) => each.onWord);
  say(
    "bought on GRID's word: n",
    words.length,
    "return",
    quantiles(words, marks),
    "losing",
    words.filter((each) => each < 0).length,
  );
  const pairs = all.flatMap((each) => each.pairs).filter((each) => each.cost > 0);
  const locked = pairs.filter((each) => each.pairs > 0);
  say(
    "dip buyer: markets",
    pairs.length,
    "with pairs",
    locked.length,
    "profit per market",
    quantiles(
      pairs.map((each) => each.pnl),
      marks,
    ),
  );
  say(
    "  total",
    pairs.reduce((sum, each) => sum + each.pnl, 0).toFixed(2),
    "spent",
    pairs.reduce((sum, each) => sum + each.cost, 0).toFixed(2),
  );
  const matches = all.map((each) => each.pairs.reduce((sum, pair) => sum + pair.pnl, 0));
  say(
    "  matches won",
    matches.filter((each) => each > 0).length,
    "lost",
    matches.filter((each) => each < 0).length,
  );
}

if (import.meta.main) main();
