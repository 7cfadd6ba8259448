import type { MarketSubject, MatchDescription, Team, Title } from "../../events/index.ts";
import type { MatchId } from "../../ids.ts";
import type { Millis } from "../../units/index.ts";

/** What a listing says that joins it to a match, beside its outcomes and start. */
export interface ListingClaim {
  /** The match, where whoever lists the market names it himself. */
  readonly matchId?: MatchId;
  readonly title?: Title;
  readonly league?: string;
  readonly bestOf?: number;
  /** Ids of the match with sources, such as `{ pandascore: "1371042" }`: keys as in `refs` of a match. */
  readonly ids?: Readonly<Record<string, string>>;
}

/** What the lister of a market says that it is about: taken from the venue's own fields and proven against a match. */
export type SubjectClaim =
  | (ListingClaim & { readonly kind: "series" })
  | (ListingClaim & { readonly kind: "game"; readonly game: number });

/** A match as a source of match facts lists it, under the source's own names, ids and order of teams. */
export interface ProviderMatch {
  /** The source, as in `refs` of a match: `grid`, `pandascore`, `opendota`… */
  readonly source: string;
  /** The source's id of the match. */
  readonly id: string;
  readonly title: Title;
  readonly league?: string;
  /** The start as planned or, of a match that has begun, as it was. */
  readonly startsAt?: Millis;
  readonly bestOf?: number;
  readonly teams: readonly [
    { readonly name: string; readonly id: string },
    { readonly name: string; readonly id: string },
  ];
  /** The match's ids with other sources, where this one states them. */
  readonly ids?: Readonly<Record<string, string>>;
}

/**
 * A fact on which a join rests. `teams`: both names are names of the two teams. `start`: within the tolerance. `id`: a source's id of
 * the match is the same on both sides. `named`: the match was named outright. `league`: the names have a telling word in common.
 */
export type JoinFact = "teams" | "start" | "id" | "named" | "league";

/** Why a market or a provider's match is joined to nothing. */
export type UnprovenCode =
  | "MATCH_UNKNOWN"
  | "NAME_UNKNOWN"
  | "NAME_AMBIGUOUS"
  | "TEAM_UNDECIDED"
  | "MATCH_AMBIGUOUS"
  | "GAME_UNKNOWN"
  | "START_UNKNOWN"
  | "START_DIFFERS"
  | "TITLE_DIFFERS"
  | "LEAGUE_DIFFERS"
  | "BEST_OF_DIFFERS"
  | "ID_DIFFERS";

/** No join, and what differs. */
export interface Unproven {
  readonly proven: false;
  readonly code: UnprovenCode;
  readonly reason: string;
}

/** A market's subject with the facts that prove it, or why there is none. */
export type SubjectProof =
  { readonly proven: true; readonly subject: MarketSubject; readonly facts: readonly JoinFact[] } | Unproven;

/** A provider's match joined to one of ours, or why not. */
export type JoinProof =
  | {
      readonly proven: true;
      /** Our match, with the provider's ids in its `refs`. */
      readonly match: MatchDescription;
      /** Which of our teams the provider's first and second are. */
      readonly teamOf: readonly [Team, Team];
      readonly facts: readonly JoinFact[];
    }
  | Unproven;

/** What is to be joined to a match: a market's outcomes with its listing, or a provider's match. */
export interface Claimed extends ListingClaim {
  /** How reasons call it. */
  readonly what: string;
  /** What reasons call its names: `outcome` or `team`. */
  readonly noun: string;
  readonly names: readonly [string, string];
  readonly startsAt: Millis | undefined;
}

export function unproven(code: UnprovenCode, reason: string): Unproven {
  return { proven: false, code, reason };
}
