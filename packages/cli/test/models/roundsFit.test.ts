import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { CS2_FITTED, mapResult, ROUND_FORMATS, sideSign } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { STRICT } from "../../src/models/gameLines.ts";
import { evaluate } from "../../src/models/evaluate.ts";
import { fitFirstSide, fitRounds } from "../../src/models/rounds/fitRounds.ts";
import { STARTS, valorantModelling } from "../../src/models/rounds/modelling.ts";
import { FIXED } from "../../src/models/rounds/rivals.ts";
import type { RoundRow, RoundsRow } from "../../src/models/rounds/rows.ts";
import { readSnapshots, SNAPSHOTS_FOLDER } from "../../src/models/rounds/snapshots.ts";
import { fitSnapshots } from "../../src/models/rounds/snapshotFit.ts";
import { seededRandom } from "../../src/models/statistics/random.ts";

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** Maps in which rounds follow known odds: side -.2, equipment 1.5 per unit of its log-ratio. */
function invented(maps: number): RoundsRow[] {
  const random = seededRandom(7);
  const format = ROUND_FORMATS.cs2;
  return Array.from({ length: maps }, (_, i) => {
    const rounds: RoundRow[] = [];
    let score: readonly [number, number] = [0, 0];
    let result = mapResult(format, ...score);
    while (result === undefined) {
      const played = score[0] + score[1];
      const first = sideSign(format, played);
      const equipment = [5_000 + 25_000 * random(), 5_000 + 25_000 * random()] as const;
      const economy = played !== 0 && played !== 12 && played < 24;
      const ratio = economy ? Math.log((equipment[0] + 1000) / (equipment[1] + 1000)) : 0;
      const won = random() < logistic(-0.2 * first + 1.5 * ratio);
      rounds.push({ score, firstSide: first === 1 ? 0 : 1, equipment, won, fights: [] });
      score = won ? [score[0] + 1, score[1]] : [score[0], score[1] + 1];
      result = mapResult(format, ...score);
    }
    return { game: `map ${i}`, match: `match ${i}`, playedAt: "2025", won: result === 1, rounds };
  });
}

describe("a fit of rounds", () => {
  const rows = invented(300);
  const fit = (some: readonly RoundsRow[]) =>
    fitRounds("cs2", some, { coefficients: CS2_FITTED.coefficients, hold: 25 }, undefined, false);

  it("finds the odds that rounds were made with", () => {
    const { start, spread, next } = fit(rows);
    expect(start.equipment).toBeGreaterThan(1.3);
    expect(start.equipment).toBeLessThan(1.7);
    expect(start.side).toBeGreaterThan(-0.3);
    expect(start.side).toBeLessThan(-0.1);
    // Equipment is drawn anew each round and teams are equal: nothing is carried, nobody is stronger.
    expect(Math.abs(next.won)).toBeLessThan(0.15);
    expect(spread).toBeLessThan(0.15);
    expect(fitFirstSide(rows)).toBeLessThan(-0.05);
  });

  it("stays near what it borrows from when there is little to go by", () => {
    const few = fitRounds(
      "valorant",
      rows.slice(0, 3),
      { coefficients: CS2_FITTED.coefficients, hold: 1e6 },
      undefined,
      true,
    );
    expect(few.start.equipment).toBeCloseTo(CS2_FITTED.coefficients.start.equipment, 2);
    expect(few.next.won).toBeCloseTo(CS2_FITTED.coefficients.next.won, 2);
  });
});

const DATA = process.env["MATCHPOINT_DATA"] ?? resolve(import.meta.dirname, "../../../../../shared/data");
const VALORANT = join(DATA, "valorant-pro-rounds-2024");
const SNAPSHOTS = join(DATA, SNAPSHOTS_FOLDER);

describe.skipIf(!existsSync(VALORANT))(`real Valorant maps (${VALORANT})`, () => {
  it("are better forecast than by the table of scores, by a model that saw the other half of them", async () => {
    const rows = await valorantModelling.load(VALORANT, STRICT);
    const { earlier, later } = valorantModelling.split!(rows);
    expect(earlier.length + later.length).toBe(rows.length);
    const fitted = fitRounds(
      "valorant",
      earlier,
      { coefficients: CS2_FITTED.coefficients, hold: 25 },
      undefined,
      true,
    );
    expect(fitted.fight.plantKnown.planted).toBeGreaterThan(0);
    const { shipped } = valorantModelling;
    const { overall, parts } = evaluate(valorantModelling, later, shipped);
    expect(overall.rivals[FIXED]!.logLossDifference.high).toBeLessThan(0);
    expect(overall.ece).toBeLessThan(overall.eceBand);
    expect(parts[STARTS]!.n).toBe(later.reduce((sum, { rounds }) => sum + rounds.length, 0));
  });
});

describe.skipIf(!existsSync(SNAPSHOTS))(`in-round states of CS:GO (${SNAPSHOTS})`, () => {
  it("say what players and bomb are worth", async () => {
    const snapshots = await readSnapshots(SNAPSHOTS);
    expect(snapshots.length).toBeGreaterThan(121_000);
    const odds = fitSnapshots(snapshots.filter(({ group }) => group < 100));
    expect(odds.alive).toBeGreaterThan(1);
    expect(odds.planted).toBeGreaterThan(0.5);
    expect(odds.equipment).toBe(0);
  });
});
