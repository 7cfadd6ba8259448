import { createHash } from "node:crypto";
import { checkMarket, checkMatch, eventProblem } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { simulateMatch, type SimFrame, type SimulationOptions } from "../../src/index.ts";
import { describe as describeMatch } from "../../src/simulator/description.ts";
import { resolveOptions } from "../../src/simulator/options.ts";
import { Simulation } from "../../src/simulator/simulate.ts";
import { MarketReader } from "./marketReader.ts";
import { calibration, measure, restlessness } from "./statistics.ts";

const QUIET = { faults: "none" } as const;

/** Runs a match up to the last of some moments and returns the hash of everything received until each of them. */
function prefixes(options: SimulationOptions, moments: readonly number[]): string[] {
  const match = simulateMatch(options);
  const digest = createHash("sha256");
  const hashes: string[] = [];
  for (const { receivedAtMs, channel, bytes } of match.frames()) {
    while (receivedAtMs - match.startsAt > moments[hashes.length]!) {
      hashes.push(digest.copy().digest("hex"));
      if (hashes.length === moments.length) return hashes;
    }
    digest.update(`${receivedAtMs} ${channel} ${bytes.length}\n`);
    digest.update(bytes);
  }
  return hashes;
}

function* until(options: SimulationOptions, atMs: number): Generator<SimFrame> {
  const match = simulateMatch(options);
  for (const frame of match.frames()) {
    if (frame.receivedAtMs - match.startsAt > atMs) return;
    yield frame;
  }
}

function hash(frames: Iterable<SimFrame>): string {
  const digest = createHash("sha256");
  for (const { receivedAtMs, channel, bytes } of frames) {
    digest.update(`${receivedAtMs} ${channel} ${bytes.length}\n`);
    digest.update(bytes);
  }
  return digest.digest("hex");
}

describe("a simulated match", { timeout: 60_000 }, () => {
  it.each([
    { seed: 4, title: "lol", bestOf: 1, faults: "all" },
    { seed: 5, title: "cs2", bestOf: 1 },
  ] as const)("is the same to the byte every time: $title $seed", (options) => {
    const match = simulateMatch(options);
    const first = hash(match.frames());
    expect(hash(match.frames())).toBe(first);
    const moments = [5 * 60_000, 12 * 60_000];
    const early = prefixes(options, moments);
    expect(prefixes(options, moments)).toEqual(early);
    expect(prefixes({ ...options, seed: options.seed + 1 }, moments)[0]).not.toBe(early[0]);
  });

  // Whoever knew the future, of the match or of another, would act differently where only the future differs.
  it.each([
    { seed: 11, title: "lol", bestOf: 1, faults: "all" },
    { seed: 12, title: "cs2", bestOf: 1, faults: "none" },
  ] as const)("knows nothing of its future: $title", (options) => {
    const minutes = [8, 17, 26];
    const moments = minutes.flatMap((minute) => [minute * 60_000, (minute + 2) * 60_000]);
    const base = prefixes(options, moments);
    minutes.forEach((minute, index) => {
      const atMs = minute * 60_000;
      const other = prefixes({ ...options, reseed: { atMs, seed: minute } }, [atMs, atMs + 120_000]);
      expect(other[0]).toBe(base[2 * index]);
      expect(other[1]).not.toBe(base[2 * index + 1]);
    });
  });

  it("may take another winner from the moment that the future is changed", () => {
    const options = { seed: 21, title: "lol", bestOf: 1, rating: 0, ...QUIET } as const;
    const winners = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(
      (seed) => simulateMatch({ ...options, reseed: { atMs: 10 * 60_000, seed } }).reference().winner,
    );
    expect(new Set(winners).size).toBe(2);
  });

  it("lists match and markets as the SDK describes them, before anything else", () => {
    for (let seed = 1; seed <= 30; seed++) {
      const match = simulateMatch({
        seed,
        title: seed % 2 === 0 ? "lol" : "cs2",
        bestOf: seed % 3 === 0 ? 5 : 3,
        ...QUIET,
      });
      expect(checkMatch(match.description, "match")).toBeUndefined();
      for (const market of match.markets) {
        expect(checkMarket(market, "market")).toBeUndefined();
        const { subject, outcomes } = market;
        const names = match.description.teams.map((team) => team.name);
        expect(outcomes.map((outcome) => outcome.name)).toEqual(subject!.teamOf.map((team) => names[team]));
      }
      expect(match.markets.length).toBe(match.description.bestOf + 1);
      const ids = match.markets.flatMap((market) => [
        market.marketId,
        ...market.outcomes.map((outcome) => outcome.tokenId),
      ]);
      expect(new Set(ids).size).toBe(ids.length);
    }
    const first = [...until({ seed: 1, title: "lol", bestOf: 3, ...QUIET }, 0)];
    expect(first.map((frame) => frame.event?.type)).toEqual([
      "match_listed",
      ...new Array<string>(4).fill("market_listed"),
    ]);
    const flipped = Array.from(
      { length: 30 },
      (_, seed) => simulateMatch({ seed, title: "lol", bestOf: 1 }).markets[0]!.subject!.teamOf[0],
    );
    expect(new Set(flipped).size).toBe(2);
  });

  it("tells whole books, consistent changes and resolutions, in the order of receipt", () => {
    const match = simulateMatch({ seed: 33, title: "lol", bestOf: 3, ...QUIET });
    const reference = match.reference();
    const reader = new MarketReader(match.markets);
    const decoder = new TextDecoder();
    let last = 0;
    const payouts = new Map<string, readonly number[]>();
    const hints: string[] = [];
    let steppedBack = 0;
    for (const frame of match.frames()) {
      if (frame.receivedAtMs < last) steppedBack += 1;
      last = frame.receivedAtMs;
      if (frame.event !== undefined) {
        expect(JSON.parse(decoder.decode(frame.bytes))).toEqual(frame.event);
        expect(eventProblem({ ...frame.event, at: 0 })).toBeUndefined();
        if (frame.event.type === "market_resolution") payouts.set(frame.event.marketId, frame.event.payouts);
      }
      if (frame.channel !== "polymarket.market" || frame.fault === "hostile") continue;
      reader.take(frame);
      const text = decoder.decode(frame.bytes.subarray(0, 40));
      if (text.includes("market_resolved"))
        hints.push(JSON.parse(decoder.decode(frame.bytes)).winning_outcome);
    }
    expect(steppedBack).toBe(0);
    expect(reader.problems).toEqual([]);
    expect(reader.trades).toBeGreaterThan(500);
    expect(reader.ticks.filter((tick) => tick === 1).length).toBeGreaterThanOrEqual(3);
    expect(match.markets.map((market) => payouts.get(market.marketId))).toEqual(reference.payouts);
    expect(hints.length).toBe(reference.payouts.filter(([a, b]) => a !== b).length);
  });

  it("clears the books at the scheduled start", () => {
    const match = simulateMatch({ seed: 6, title: "lol", bestOf: 1, ...QUIET });
    const books = new MarketReader(match.markets);
    let emptied = false;
    for (const frame of until({ seed: 6, title: "lol", bestOf: 1, ...QUIET }, 301_000)) {
      if (frame.channel !== "polymarket.market" || frame.fault === "hostile") continue;
      books.take(frame);
      const book = books.books[0]![0];
      if (frame.receivedAtMs - match.startsAt >= 300_000 && book.bids.size === 0 && book.asks.size === 0)
        emptied = true;
    }
    expect(emptied).toBe(true);
    expect(books.problems).toEqual([]);
  });

  it("holds no more than a few seconds of frames at a time", () => {
    const options = resolveOptions({ seed: 8, title: "lol", bestOf: 1, ...QUIET });
    const simulation = new Simulation(options, describeMatch(options));
    let most = 0;
    while (simulation.next() !== undefined) most = Math.max(most, simulation.pending);
    expect(most).toBeLessThan(400);
  });
});

describe("its markets", () => {
  const all = Array.from({ length: 10 }, (_, index) =>
    measure(simulateMatch({ seed: 41 + index, title: index % 2 === 0 ? "lol" : "cs2", bestOf: 1, ...QUIET })),
  );
  const samples = all.flatMap((each) => each.samples);

  it("have no contradictions in ten runs", () => {
    expect(all.flatMap((each) => each.problems)).toEqual([]);
  });

  it("have the spreads and depths of real ones", () => {
    const sorted = samples.map((sample) => sample.spread).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(0.03);
    expect(sorted[Math.floor(sorted.length * 0.9)]).toBeLessThanOrEqual(0.06);
    const depths = samples.map((sample) => sample.touch).sort((a, b) => a - b);
    expect(depths[Math.floor(depths.length / 2)]).toBeGreaterThan(50);
    expect(depths[Math.floor(depths.length / 2)]).toBeLessThan(2_000);
    expect(samples.reduce((sum, sample) => sum + sample.levels, 0) / samples.length).toBeGreaterThan(5);
  });

  it("move about as much as real ones over seconds and over a minute, and trend little", () => {
    const runs = all.map((each) => each.seconds);
    const [short, long] = [restlessness(runs, 5), restlessness(runs, 60)];
    expect(short.sd).toBeGreaterThan(0.01);
    expect(short.sd).toBeLessThan(0.03);
    expect(short.ratio).toBeGreaterThan(0.6);
    expect(short.ratio).toBeLessThan(1.1);
    expect(long.sd).toBeGreaterThan(0.04);
    expect(long.sd).toBeLessThan(0.1);
    expect(long.ratio).toBeGreaterThan(0.6);
    expect(long.ratio).toBeLessThan(1.9);
  });

  it("forecast better than a coin, and no better than the match allows", () => {
    const { brier } = calibration(samples);
    expect(brier).toBeLessThan(0.24);
    expect(brier).toBeGreaterThan(0.03);
  });

  it("have winners of either team, not always the favourite", () => {
    expect(new Set(all.map((each) => each.winner)).size).toBe(2);
    expect(all.filter((each) => each.favouriteWon).length).toBeGreaterThan(0);
    expect(all.filter((each) => !each.favouriteWon).length).toBeGreaterThan(0);
  });

  it("hear of a won game later than GRID says it", () => {
    const onWord = all.flatMap((each) => each.onWord);
    expect(onWord.length).toBeGreaterThan(5);
    expect(onWord.reduce((sum, profit) => sum + profit, 0)).toBeGreaterThan(0);
  });
});
