import type { Team } from "@matchpoint/sdk";
import type { GameRow } from "../titles.ts";
import type { FightSnapshot } from "./snapshots.ts";

/** A moment of a round in which players have fallen or the bomb lies: what a feed would say then. */
export interface Fight {
  readonly alive: readonly [number, number];
  /** Absent where the collection does not record plants. */
  readonly planted?: boolean;
}

/** One round, teams in the order of the row. */
export interface RoundRow {
  /** Rounds won before this one. */
  readonly score: readonly [number, number];
  /** Who is CT or defends: 0 is the first team. */
  readonly firstSide: Team;
  /** What both teams carry when the round begins to be played. */
  readonly equipment: readonly [number, number];
  readonly won: boolean;
  /** The moments of its fight, in order. */
  readonly fights: readonly Fight[];
}

/** One map. Which of the teams comes first is drawn by {@link drawnOrder}. */
export interface RoundsRow extends GameRow {
  /** Whether the first team won. */
  readonly won: boolean;
  readonly rounds: readonly RoundRow[];
  /** In-round states of other matches that lie beside the collection, the same list in each row. */
  readonly snapshots?: readonly FightSnapshot[];
}

/**
 * The map with its teams in an order that the name of the game draws. Collections put the same side first in every map; at
 * run time the first team of a match is on either, so chances have to hold for a team that is.
 */
export function drawnOrder(row: RoundsRow): RoundsRow {
  return hash(row.game) % 2 === 0 ? row : swapped(row);
}

/** The same map from the other team's side. */
export function swapped(row: RoundsRow): RoundsRow {
  const flip = <T>([a, b]: readonly [T, T]): [T, T] => [b, a];
  return {
    ...row,
    won: !row.won,
    rounds: row.rounds.map((round) => ({
      score: flip(round.score),
      firstSide: round.firstSide === 0 ? 1 : 0,
      equipment: flip(round.equipment),
      won: !round.won,
      fights: round.fights.map((fight) => ({ ...fight, alive: flip(fight.alive) })),
    })),
  };
}

/** FNV-1a, 32 bits, with its bits mixed so that the last one depends on all. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  value ^= value >>> 15;
  value = Math.imul(value, 0x2c1b3c6d);
  return (value ^ (value >>> 13)) >>> 0;
}
