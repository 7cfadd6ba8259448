import type { MatchId, SourceId } from "../ids.ts";
import type { Millis } from "../units/index.ts";
import type { Team } from "./market.ts";
import type { Stamped } from "./stamp.ts";

/** The games that matches are played in, and `other` for recordings of anything else. */
export type Title = "lol" | "cs2" | "dota2" | "valorant" | "other";

/** A team under the name that we use for it. */
export interface TeamDescription {
  readonly name: string;
  readonly aliases?: readonly string[];
}

/** A match (series) and how each source names it and its teams. */
export interface MatchDescription {
  readonly matchId: MatchId;
  readonly title: Title;
  readonly teams: readonly [TeamDescription, TeamDescription];
  /** Games in the series at most: 1, 2 (which may end even), 3 or 5. */
  readonly bestOf: number;
  readonly startsAt?: Millis;
  /** The league or event that it belongs to, under the name that we use for it. */
  readonly league?: string;
  /** Per source: its id of the match and of both teams, in the order of `teams`. */
  readonly refs?: Readonly<
    Record<string, { readonly match: string; readonly teams: readonly [string, string] }>
  >;
}

/** What a `Feed` needs to follow a match: the description itself. */
export type MatchRef = MatchDescription;

/** A match enters the run, or its description changes. */
export interface MatchListed extends Stamped {
  readonly type: "match_listed";
  readonly match: MatchDescription;
}

/** Where a game stands, as far as a source gives it. Pairs are in the order of the match's teams. */
export interface GameProgress {
  /** Game clock in ms, counting up from the start of the game (or of the round, for CS2 and Valorant). */
  readonly clockMs?: number;
  /** Rounds won (CS2, Valorant) or kills (LoL, Dota 2). */
  readonly score?: readonly [number, number];
  readonly gold?: readonly [number, number];
  readonly towers?: readonly [number, number];
  readonly kills?: readonly [number, number];
  /** Dragons, barons and inhibitors taken (LoL). */
  readonly dragons?: readonly [number, number];
  readonly barons?: readonly [number, number];
  readonly inhibitors?: readonly [number, number];
  /** Players alive in the round (CS2, Valorant) or at the moment. */
  readonly alive?: readonly [number, number];
  /** Worth of what the players carry in the round, in the game's dollars (CS2, Valorant). */
  readonly equipment?: readonly [number, number];
  /** The round being played, counted from 1. */
  readonly round?: number;
  /** Whether the bomb or spike is planted in the round being played. */
  readonly planted?: boolean;
  /** The team on the first side: blue, radiant, CT, defenders. */
  readonly firstSide?: Team;
}

/** What a source claims. Games are numbered from 1. */
export type MatchClaim =
  | { readonly kind: "series_started" }
  | { readonly kind: "series_won"; readonly winner: Team; readonly forfeit?: boolean }
  /** The series is over and the source names no winner. */
  | { readonly kind: "series_ended" }
  | { readonly kind: "series_score"; readonly maps: readonly [number, number] }
  | { readonly kind: "cancelled"; readonly reason: "cancelled" | "walkover" | "postponed" }
  | { readonly kind: "game_started"; readonly game: number; readonly ref?: string }
  | { readonly kind: "game_paused"; readonly game: number }
  | { readonly kind: "game_resumed"; readonly game: number }
  | { readonly kind: "game_progress"; readonly game: number; readonly progress: GameProgress }
  | { readonly kind: "game_won"; readonly game: number; readonly winner: Team; readonly forfeit?: boolean }
  /** The game is over and the source names no winner (remake, data loss). */
  | { readonly kind: "game_ended"; readonly game: number }
  /** The source takes back what it said: a rollback, remake or correction of a game, or of the whole series. */
  | {
      readonly kind: "retracted";
      readonly game?: number;
      readonly reason: "rollback" | "remake" | "correction";
    }
  /** The source says that its own data is (in)valid: between `invalid` and `valid` nothing of it counts. */
  | { readonly kind: "source_invalid" }
  | { readonly kind: "source_valid" };

/** How much a source's word weighs: A an official result statement, B a relay or collector, C confirmation only. */
export type Tier = "A" | "B" | "C";

/** One claim of one source about one match: what a `Feed` yields. */
export interface SourceEvent extends Stamped {
  readonly type: "match_claim";
  readonly matchId: MatchId;
  readonly source: SourceId;
  readonly tier: Tier;
  /** Where the source has it from: sources of one upstream are one vote. */
  readonly upstream: string;
  /** The source's own sequence number or event id, for dedup; absent when it has none. */
  readonly ref?: string;
  /** Re-sent history: updates truth but is never a fresh signal. */
  readonly replayed?: boolean;
  readonly claim: MatchClaim;
}

/** State of a feed's connection to its source. */
export type FeedHealth = "down" | "connecting" | "replaying" | "live" | "stale" | "invalid";

/** A source's health changed. */
export interface SourceHealthChanged extends Stamped {
  readonly type: "source_health";
  readonly source: SourceId;
  readonly matchId?: MatchId;
  readonly health: FeedHealth;
  readonly reason: string;
}

/** Events about matches. */
export type MatchEvent = MatchListed | SourceEvent | SourceHealthChanged;
