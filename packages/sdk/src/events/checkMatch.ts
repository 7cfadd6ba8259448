import {
  bool,
  finite,
  int,
  list,
  name,
  object,
  oneOf,
  optional,
  pair,
  record,
  str,
  variants,
  type Check,
} from "./checks.ts";
import { game, kind, millis, team, type Of } from "./checkFields.ts";
import { CLAIM_LIMITS } from "./limits.ts";
import type { GameProgress, MatchClaim, MatchDescription, TeamDescription } from "./match.ts";

/** Checks a match's description. */
export const checkMatch: Check = object<MatchDescription>({
  matchId: name,
  title: oneOf("lol", "cs2", "dota2", "valorant", "other"),
  teams: pair(object<TeamDescription>({ name: str, aliases: optional(list(str)) })),
  bestOf: game,
  startsAt: optional(millis),
  league: optional(str),
  refs: optional(record(object<{ match: string; teams: unknown }>({ match: str, teams: pair(str) }))),
});

const tally = optional(pair(int(0, CLAIM_LIMITS.tally)));
const progress = object<GameProgress>({
  clockMs: optional(finite),
  score: tally,
  gold: optional(pair(finite)),
  towers: tally,
  kills: tally,
  dragons: tally,
  barons: tally,
  inhibitors: tally,
  alive: tally,
  equipment: optional(pair(finite)),
  round: optional(int(0, CLAIM_LIMITS.round)),
  planted: optional(bool),
  firstSide: optional(team),
});

type Claim<K extends MatchClaim["kind"]> = Of<MatchClaim, K>;
/** Checks what a source says of a match. */
export const checkClaim: Check = variants("kind", {
  series_started: object<Claim<"series_started">>({ kind }),
  series_won: object<Claim<"series_won">>({ kind, winner: team, forfeit: optional(bool) }),
  series_ended: object<Claim<"series_ended">>({ kind }),
  series_score: object<Claim<"series_score">>({ kind, maps: pair(int(0, CLAIM_LIMITS.maps)) }),
  cancelled: object<Claim<"cancelled">>({ kind, reason: oneOf("cancelled", "walkover", "postponed") }),
  game_started: object<Claim<"game_started">>({ kind, game, ref: optional(str) }),
  game_paused: object<Claim<"game_paused">>({ kind, game }),
  game_resumed: object<Claim<"game_resumed">>({ kind, game }),
  game_progress: object<Claim<"game_progress">>({ kind, game, progress }),
  game_won: object<Claim<"game_won">>({ kind, game, winner: team, forfeit: optional(bool) }),
  game_ended: object<Claim<"game_ended">>({ kind, game }),
  retracted: object<Claim<"retracted">>({
    kind,
    game: optional(game),
    reason: oneOf("rollback", "remake", "correction"),
  }),
  source_invalid: object<Claim<"source_invalid">>({ kind }),
  source_valid: object<Claim<"source_valid">>({ kind }),
} satisfies Record<MatchClaim["kind"], Check>);
