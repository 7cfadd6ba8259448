import { existsSync } from "node:fs";
import { join } from "node:path";
import { calibrateMarkets, type MarketCalibration } from "./calibration.ts";
import { compareSeries, measureCarry, type Carry, type Coherence } from "./coherence.ts";
import { measureLateScore, type GoalMove } from "./lateScore.ts";
import { readQuotedMarkets } from "./quotes.ts";

/** What real markets say of themselves: the yardstick that a model has to beat before anybody trades on it. */
export interface MarketComparison {
  readonly matches: number;
  readonly markets: number;
  readonly looks: number;
  readonly calibration: readonly MarketCalibration[];
  readonly coherence: Coherence;
  readonly carry: readonly Carry[];
  /** Of the capture with a score feed, where it lies beside the quotes. */
  readonly lateScore: readonly GoalMove[];
}

/** The capture of a match in play with its score feed. */
const IN_PLAY_FOLDER = "polymarket-ticks-nhl-inplay-2026-06-07";

/** Reads a folder of quotes, and the in-play capture beside it, and measures all of it. */
export async function compareMarkets(folder: string): Promise<MarketComparison> {
  const markets = await readQuotedMarkets(folder);
  const beside = join(folder, "..", IN_PLAY_FOLDER);
  return {
    matches: new Set(markets.map(({ match }) => match)).size,
    markets: markets.length,
    looks: markets.reduce((sum, { looks }) => sum + looks.length, 0),
    calibration: calibrateMarkets(markets),
    coherence: compareSeries(markets),
    carry: measureCarry(markets),
    lateScore: existsSync(beside) ? await measureLateScore(beside) : [],
  };
}
