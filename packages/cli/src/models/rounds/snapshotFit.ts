import { FIGHT_KEYS, fightFeatures, logistic, type FightOdds } from "@matchpoint/sdk";
import { calibrationError, reliability } from "../statistics/calibration.ts";
import { fitLogistic } from "../statistics/logistic.ts";
import { brier, logLoss, type Outcome } from "../statistics/scores.ts";
import type { FightSnapshot } from "./snapshots.ts";

/** Players and bomb, from snapshots in which a player has fallen or the bomb is planted; nothing is known of equipment. */
export function fitSnapshots(snapshots: readonly FightSnapshot[]): FightOdds {
  const fought = snapshots.filter(isFight);
  const found = fitLogistic({
    x: fought.map(featuresOf),
    won: fought.map(({ won }) => won),
    ridge: FIGHT_KEYS.map(() => 1),
  });
  return Object.fromEntries(
    FIGHT_KEYS.map((key, i) => [key, Number(found[i]!.toFixed(4))]),
  ) as unknown as FightOdds;
}

/** How the same recipe does on the last fifth of the matches of the file, fitted on those before. */
export function testSnapshots(snapshots: readonly FightSnapshot[]): {
  readonly n: number;
  readonly brier: number;
  readonly logLoss: number;
  readonly ece: number;
  readonly logLossByPlayers: number;
} {
  const groups = (snapshots.at(-1)?.group ?? 0) + 1;
  const border = Math.floor(groups * 0.8);
  const earlier = snapshots.filter(({ group }) => group < border);
  const later = snapshots.filter((snapshot) => snapshot.group >= border && isFight(snapshot));
  const odds = fitSnapshots(earlier);
  const outcomes: Outcome[] = later.map((snapshot) => ({
    p: chance(odds, featuresOf(snapshot)),
    won: snapshot.won,
  }));
  const cells = new Map<string, [won: number, n: number]>();
  for (const snapshot of earlier.filter(isFight)) {
    const cell = cells.get(cellOf(snapshot)) ?? [0, 0];
    cells.set(cellOf(snapshot), [cell[0] + (snapshot.won ? 1 : 0), cell[1] + 1]);
  }
  const table: Outcome[] = later.map((snapshot) => {
    const [won, n] = cells.get(cellOf(snapshot)) ?? [0, 0];
    return { p: (won + 1) / (n + 2), won: snapshot.won };
  });
  return {
    n: outcomes.length,
    brier: brier(outcomes),
    logLoss: logLoss(outcomes),
    ece: calibrationError(reliability(outcomes)),
    logLossByPlayers: logLoss(table),
  };
}

function isFight({ alive, planted }: FightSnapshot): boolean {
  return planted || alive[0] + alive[1] < 10;
}

function cellOf({ alive, planted }: FightSnapshot): string {
  return `${alive[0]} ${alive[1]} ${planted}`;
}

function featuresOf({ alive, planted }: FightSnapshot): number[] {
  return fightFeatures({ first: 1, kind: "unknown", equipment: 0 }, alive[0], alive[1], planted);
}

function chance(odds: FightOdds, features: readonly number[]): number {
  return logistic(FIGHT_KEYS.reduce((sum, key, i) => sum + odds[key] * features[i]!, 0));
}
