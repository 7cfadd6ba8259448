import { log } from "../../../units/index.ts";

/**
 * Log-odds of a round for one team, as a sum of these times what is known. All terms change their sign with the team, so that
 * both teams' chances add up to one.
 */
export interface StartOdds {
  /** Being on the first side (CT, defenders) in a round with an economy, in a pistol round, in overtime. */
  readonly side: number;
  readonly pistolSide: number;
  readonly overtimeSide: number;
  /** Log-ratio of both teams' equipment. */
  readonly equipment: number;
}

/** Log-odds of the round after the current one, by how the current one ends. */
export interface NextOdds {
  readonly side: number;
  readonly won: number;
  readonly wonPistol: number;
  readonly equipment: number;
  /** Winning a round with unequal equipment. */
  readonly wonUnequal: number;
}

/** Log-odds of a round in which players have fallen or the bomb is planted. */
export interface FightOdds {
  readonly side: number;
  /** Being on the first side, times the share of the ten players that have fallen. */
  readonly sideFallen: number;
  readonly equipment: number;
  readonly equipmentFallen: number;
  /** Log-ratio of the players alive, and their difference. */
  readonly alive: number;
  readonly aliveDifference: number;
  /** Being on the second side (T, attackers) with the bomb planted. */
  readonly planted: number;
  /** Log-ratio of the players alive, with the bomb planted. */
  readonly plantedAlive: number;
}

/** What is known of a round, from the side of one team. `first` is 1 on the first side, -1 on the other. */
export interface RoundStart {
  readonly first: 1 | -1;
  /** `unknown`: a round with an economy of which nothing is known. */
  readonly kind: "economy" | "unknown" | "pistol" | "overtime";
  /** Log-ratio of equipment; 0 where it is unknown, in pistol rounds and in overtime, where it says nothing. */
  readonly equipment: number;
}

/** Equipment is never nothing: everybody carries a pistol. In the game's dollars per team. */
const EQUIPMENT_FLOOR = 1000;
const TEAM_SIZE = 5;

/** Log-ratio of what both teams carry. */
export function equipmentRatio(own: number, other: number): number {
  return log((own + EQUIPMENT_FLOOR) / (other + EQUIPMENT_FLOOR));
}

/** What {@link StartOdds} are multiplied with, in the order of `START_KEYS`. */
export function startFeatures({ first, kind, equipment }: RoundStart): number[] {
  return [
    kind === "economy" || kind === "unknown" ? first : 0,
    kind === "pistol" ? first : 0,
    kind === "overtime" ? first : 0,
    equipment,
  ];
}

/** What {@link NextOdds} are multiplied with, in the order of `NEXT_KEYS`; the sides are those of both rounds. */
export function nextFeatures({ first, kind, equipment }: RoundStart, won: boolean): number[] {
  const sign = won ? 1 : -1;
  const pistol = kind === "pistol";
  return [first, pistol ? 0 : sign, pistol ? sign : 0, equipment, sign * Math.abs(equipment)];
}

/** What {@link FightOdds} are multiplied with, in the order of `FIGHT_KEYS`. */
export function fightFeatures(
  { first, equipment }: RoundStart,
  own: number,
  other: number,
  planted: boolean,
): number[] {
  const [mine, theirs] = [standing(own), standing(other)];
  const alive = log(mine / theirs);
  const fallen = (2 * TEAM_SIZE - Math.floor(mine) - Math.floor(theirs)) / (2 * TEAM_SIZE);
  return [
    first,
    first * fallen,
    equipment,
    equipment * fallen,
    alive,
    Math.floor(mine) - Math.floor(theirs),
    planted ? -first : 0,
    planted ? alive : 0,
  ];
}

/** A team without players can still win by the bomb or the clock: it counts as a quarter of one. */
function standing(players: number): number {
  return Math.min(TEAM_SIZE, Math.max(0.25, players));
}

export const START_KEYS = ["side", "pistolSide", "overtimeSide", "equipment"] as const;
export const NEXT_KEYS = ["side", "won", "wonPistol", "equipment", "wonUnequal"] as const;
export const FIGHT_KEYS = [
  "side",
  "sideFallen",
  "equipment",
  "equipmentFallen",
  "alive",
  "aliveDifference",
  "planted",
  "plantedAlive",
] as const;

/** Log-odds of winning a round at its start. */
export function startLogOdds(odds: StartOdds, round: RoundStart): number {
  return weighed(START_KEYS, odds, startFeatures(round));
}

/** Log-odds of winning the round after `round`, when that one ends so. */
export function nextLogOdds(odds: NextOdds, round: RoundStart, won: boolean): number {
  return weighed(NEXT_KEYS, odds, nextFeatures(round, won));
}

/** Log-odds of winning a round that is being fought, with so many players standing. */
export function fightLogOdds(
  odds: FightOdds,
  round: RoundStart,
  own: number,
  other: number,
  planted: boolean,
): number {
  return weighed(FIGHT_KEYS, odds, fightFeatures(round, own, other, planted));
}

function weighed<Key extends string>(
  keys: readonly Key[],
  odds: Readonly<Record<Key, number>>,
  features: readonly number[],
): number {
  let sum = 0;
  for (let i = 0; i < keys.length; i++) sum += odds[keys[i]!] * features[i]!;
  return sum;
}
