import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { calibrateMarkets, midOf } from "../../src/models/market/calibration.ts";
import { marketCard } from "../../src/models/market/card.ts";
import { compareSeries, measureCarry } from "../../src/models/market/coherence.ts";
import { compareMarkets } from "../../src/models/market/comparison.ts";
import { measureLateScore } from "../../src/models/market/lateScore.ts";
import { subjectOf, type Look, type QuotedMarket } from "../../src/models/market/quotes.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "matchpoint-market-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), name.endsWith(".gz") ? gzipSync(text) : text);
  }
  return folder;
}

/** Looks one minute apart, a cent wide. */
function looks(...mids: readonly (number | undefined)[]): Look[] {
  return mids.map((mid, i) => ({
    t: i * 60,
    bid: mid === undefined ? undefined : mid - 0.005,
    ask: mid === undefined ? undefined : mid + 0.005,
  }));
}

function market(
  match: string,
  game: number | undefined,
  won: boolean | undefined,
  at: readonly Look[],
): QuotedMarket {
  const slug = `${match}${game === undefined ? "" : `-map${game}`}`;
  return { slug, title: "cs2", match: `cs2 ${match}`, game, won, official: true, looks: at };
}

describe("quotes of esports markets", () => {
  it.each([
    ["aec-cs2-100t-ntr-2026-07-23", { title: "cs2", match: "cs2 100t-ntr-2026-07-23", game: undefined }],
    ["astatc-lol-3bl-anb-2026-07-22-game2", { title: "lol", match: "lol 3bl-anb-2026-07-22", game: 2 }],
    ["astatc-cs2-100t-ntr-2026-07-23-map1", { title: "cs2", match: "cs2 100t-ntr-2026-07-23", game: 1 }],
    ["astatc-lol-al-edg-2026-07-31-g1oe", undefined],
    ["asc-cs2-100t-ntr-2026-07-23-hcap-pos-1pt5", undefined],
    ["atc-dota2-a-b-2026-07-23", undefined],
  ])("%s", (slug, subject) => {
    expect(subjectOf(slug)).toEqual(subject);
  });

  it("are no price while one side is missing, crossed or far off", () => {
    expect(midOf({ t: 0, bid: 0.4, ask: 0.5 })).toBeCloseTo(0.45, 12);
    expect(midOf({ t: 0, bid: 0.3, ask: 0.5 })).toBeUndefined();
    expect(midOf({ t: 0, bid: 0.5, ask: 0.4 })).toBeUndefined();
    expect(midOf({ t: 0, bid: undefined, ask: 0.4 })).toBeUndefined();
  });

  it("are read with their labels, commas in questions or not", async () => {
    const head = "i,slug,question,y,source,raw_rows\n";
    const folder = folderOf({
      "moneyline_markets.csv": `${head}1,aec-cs2-a-b-2026-07-23,"A, or B?",1,api,9\n2,atc-lol-x-y-2026-07-23,X?,0,api,9\n`,
      "moneyline.csv.gz": "i,t,bid,ask\n1,0,0.6,0.61\n1,60,,0.7\n2,0,0.1,0.2\n",
      "derivatives_markets.csv": `${head}7,astatc-cs2-a-b-2026-07-23-map1,Will A win?,0.5,convergence,3\n`,
      "derivatives.csv.gz": "i,t,bid,ask\n7,0,0.5,0.52\n",
    });
    const { matches, markets, looks: seen, lateScore, carry } = await compareMarkets(folder);
    expect({ matches, markets, seen }).toEqual({ matches: 1, markets: 2, seen: 3 });
    expect(lateScore).toEqual([]);
    expect(carry).toEqual([]);
    const broken = folderOf({
      "moneyline_markets.csv": `${head}1,aec-cs2-a-b-2026-07-23,A?,1,api,9\n`,
      "moneyline.csv.gz": "i,t,bid,ask\n1,0,1.6,0.61\n",
    });
    await expect(compareMarkets(broken)).rejects.toMatchObject({
      code: "RECORDING_INVALID",
      where: /moneyline\.csv\.gz:2$/,
    });
  });
});

describe("the market as a forecast", () => {
  it("is scored at its first price, at a drawn one, and by the time to its end", () => {
    const sure = looks(...Array.from({ length: 40 }, () => 0.8), 0.985, 0.99);
    const [own] = calibrateMarkets([
      market("a-b", undefined, true, sure),
      market("c-d", undefined, undefined, sure),
    ]);
    expect(own!.opening).toMatchObject({ n: 1 });
    expect(own!.opening.brier).toBeCloseTo(0.04, 12);
    expect(own!.spans.map(({ from, scores: { n } }) => [from, n])).toEqual([
      [0, 1],
      [10, 1],
      [30, 1],
    ]);
  });
});

describe("series and their games", () => {
  it("agree when the series' price is the recursion over the games'", () => {
    const p = 0.6;
    const series = p * p * (3 - 2 * p);
    const markets = ["a-b", "c-d"].flatMap((match) => [
      market(match, undefined, true, looks(series)),
      ...[1, 2, 3].map((game) => market(match, game, true, looks(p))),
    ]);
    const { matches, own, recursions } = compareSeries(markets);
    expect(matches).toBe(2);
    for (const each of recursions) {
      expect(each.difference.mean).toBeCloseTo(0, 10);
      expect(each.logLoss).toBeCloseTo(own.logLoss, 10);
      expect(each.within5Cents).toBe(1);
    }
  });

  it("take a game that nobody quotes after 99 ¢ for decided, and one that was never quoted for open", () => {
    const markets = [
      market("a-b", undefined, true, looks(undefined, undefined, 0.75)),
      market("a-b", 1, true, looks(0.6, 0.985, undefined)),
      market("a-b", 2, true, looks(undefined)),
    ];
    const [even, carried] = compareSeries(markets).recursions;
    expect(even!.difference.mean).toBeCloseTo(0, 10);
    // Whoever won the first is the favourite of the second: the series is worth more than 75 ¢.
    expect(carried!.difference.mean).toBeLessThan(-0.02);
  });

  it("tell how often the winner of the first game won the second", () => {
    const match = (name: string, first: boolean, second: boolean | undefined): QuotedMarket[] => [
      market(name, 1, first, looks(0.5)),
      market(name, 2, second, looks(0.5)),
    ];
    const [carry] = measureCarry([
      ...match("a-b", true, true),
      ...match("c-d", false, false),
      ...match("e-f", false, true),
      ...match("g-h", true, undefined),
    ]);
    expect(carry).toMatchObject({ title: "cs2", matches: 3 });
    expect(carry!.sameWinner).toBeCloseTo(2 / 3, 12);
  });
});

describe("a late score feed", () => {
  it("shows how much of a goal's move was over, once per market", async () => {
    const tick = (t: number, token: number, bid: number, ask: number): string =>
      `${t},P,${token},B,${bid},1,${bid},${ask}`;
    const folder = folderOf({
      "espn_1.csv": "ts_ms,home_score,away_score\n100000,0,0\n200000,1,0\n",
      "ticks.csv.gz": `${[
        "ts_ms,ev,tok,side,price,size,best_bid,best_ask",
        ...[tick(100_000, 1, 0.49, 0.51), tick(100_000, 2, 0.49, 0.51), tick(100_000, 3, 0.29, 0.31)],
        ...[tick(190_000, 1, 0.64, 0.66), tick(190_000, 2, 0.34, 0.36)],
        "195000,T,1,B,0.99,1,0,0",
        ...[tick(230_000, 1, 0.69, 0.71), tick(230_000, 2, 0.29, 0.31)],
      ].join("\n")}\n`,
    });
    const moves = await measureLateScore(folder);
    expect(moves).toHaveLength(1);
    expect(moves[0]).toMatchObject({ token: "1", score: [1, 0], shownAt: 200_000 });
    expect((moves[0]!.shown - moves[0]!.before) / (moves[0]!.after - moves[0]!.before)).toBeCloseTo(0.75, 10);
    const none = folderOf({ "ticks.csv.gz": "ts_ms\n" });
    await expect(measureLateScore(none)).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
  });

  it("is part of the card", async () => {
    const head = "i,slug,question,y,source,raw_rows\n";
    const folder = folderOf({
      "moneyline_markets.csv": `${head}1,aec-cs2-a-b-2026-07-23,A?,1,api,9\n`,
      "moneyline.csv.gz": "i,t,bid,ask\n1,0,0.6,0.61\n",
      "derivatives_markets.csv": `${head}7,astatc-cs2-a-b-2026-07-23-map1,A?,1,api,3\n`,
      "derivatives.csv.gz": "i,t,bid,ask\n7,0,0.5,0.52\n",
    });
    const found = await compareMarkets(folder);
    const move = { token: "1", shownAt: 0, score: [1, 0], before: 0.5, shown: 0.6, after: 0.7 } as const;
    const card = marketCard({ ...found, lateScore: [move] });
    expect(card).toContain("50 %");
    expect(marketCard(found)).not.toContain("score feed on one clock");
  });
});
