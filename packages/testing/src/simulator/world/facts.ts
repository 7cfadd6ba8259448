import type { Team } from "@matchpoint/sdk";
import type { Prng } from "../prng.ts";

/** One value per team, in the order of the match's teams. */
export type Pair = readonly [number, number];

/** How a round ended, in the words that GRID uses for it. */
export type WinType = "opponentEliminated" | "bombExploded" | "bombDefused" | "targetSaved";

/** A tower and the like that fell, or a monster that was slain. */
export type Objective = "tower" | "inhibitor" | "drake" | "elder" | "herald" | "baron" | "grub";

/** What can happen in a match. `clockMs` is the game's own clock. */
export type FactBody =
  | { readonly kind: "series_started" }
  | { readonly kind: "game_started"; readonly game: number; readonly map: string; readonly firstSide: Team }
  | { readonly kind: "economy"; readonly game: number; readonly clockMs: number; readonly gold: Pair }
  | {
      readonly kind: "kill";
      readonly game: number;
      readonly clockMs: number;
      readonly by: Team;
      /** Index of the player in their team, 0 to 4. */
      readonly killer: number;
      readonly victim: number;
      /** Gold (LoL) or money (CS2) that the killer's team gains. */
      readonly gold: number;
    }
  | {
      readonly kind: "objective";
      readonly game: number;
      readonly clockMs: number;
      readonly by: Team;
      readonly player: number;
      readonly what: Objective;
      readonly gold: number;
    }
  | {
      readonly kind: "round_started";
      readonly game: number;
      readonly round: number;
      /** The team on the CT side. */
      readonly firstSide: Team;
      readonly money: Pair;
    }
  | {
      readonly kind: "freeze_ended";
      readonly game: number;
      readonly round: number;
      readonly money: Pair;
      readonly equipment: Pair;
    }
  | {
      readonly kind: "bomb_planted";
      readonly game: number;
      readonly clockMs: number;
      readonly by: Team;
      readonly player: number;
    }
  | {
      readonly kind: "round_ended";
      readonly game: number;
      readonly round: number;
      readonly winner: Team;
      readonly how: WinType;
      readonly score: Pair;
      readonly money: Pair;
    }
  | { readonly kind: "paused" | "resumed"; readonly game: number }
  | { readonly kind: "game_won"; readonly game: number; readonly winner: Team }
  /** `remake`: nobody won; the same game is played again. */
  | { readonly kind: "game_ended"; readonly game: number; readonly remake: boolean }
  | { readonly kind: "series_won"; readonly winner: Team }
  | { readonly kind: "series_ended" };

/** Something that happened; `at` is virtual time in ms. */
export type Fact = { readonly at: number } & FactBody;

/** What a game of the world works with. */
export interface GameHost {
  /** The world's own chance. */
  readonly rng: Prng;
  /** Runs `run` after `ms` of virtual time. */
  after(ms: number, run: () => void): void;
  /** Makes a fact known, now. */
  publish(fact: FactBody): void;
  /** The game is over. */
  finished(winner: Team): void;
}
