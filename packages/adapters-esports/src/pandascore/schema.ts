import { CLAIM_LIMITS } from "@matchpoint/sdk";
import { z } from "zod";
import { plain, type KnownFields } from "../common/fields.ts";

/*
 * The specification of what the PandaScore decoder relies on, and of nothing else. It is also what checks messages: a
 * match has one message in two seconds, so the schemas themselves are fast enough. Fields that are not named here are
 * ignored; absent values may be null (PandaScore keeps the keys).
 */

/** A field that may be absent or null, which mean the same. */
function maybe<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value): z.output<T> | undefined => value ?? undefined);
}

/** Ids are numbers in REST and frames, and text in some socket messages; "null" is how `hello` writes none. */
const needRef = z.union([z.int().transform(String), z.string().min(1)]);
const ref = maybe(needRef).transform((value) => (value === "null" ? undefined : value));
const flag = maybe(z.boolean());
const text = maybe(z.string());
const number = maybe(z.number());
const amount = maybe(z.int().min(0));
const maps = maybe(z.int().min(0).max(CLAIM_LIMITS.maps));
const tally = maybe(z.int().min(0).max(CLAIM_LIMITS.tally));
/** Some messages number the time before the first round 0, or below: then there is no round. */
const roundNumber = z.int().max(CLAIM_LIMITS.round);
const position = z.int().min(1).max(CLAIM_LIMITS.game);

const game = z.object({
  id: needRef,
  position,
  status: text,
  length: number,
  finished: flag,
  forfeit: flag,
  winner: maybe(z.object({ id: ref })),
});

/** A match of the REST API. */
export const PANDASCORE_MATCH = z.object({
  id: needRef,
  status: z.string(),
  begin_at: text,
  end_at: text,
  modified_at: text,
  scheduled_at: text,
  original_scheduled_at: text,
  draw: flag,
  forfeit: flag,
  game_advantage: ref,
  winner_id: ref,
  results: maybe(z.array(z.object({ team_id: ref, score: maps }))),
  games: maybe(z.array(game)),
  live: maybe(z.object({ supported: flag, opens_at: text })),
  /** Looked at for the teams' names only: whatever else it holds is no reason to refuse a match. */
  opponents: maybe(
    z.array(z.object({ opponent: maybe(z.object({ id: ref, name: text, acronym: text })) })),
  ).catch(undefined),
});

/** Which match an object is about. */
export const PANDASCORE_REF = z.object({ id: needRef });

/** One entry of the change log (`/incidents`, `/changes`). The object of a deletion says only when and why. */
export const PANDASCORE_INCIDENT = z.object({
  change_type: z.string(),
  type: z.string(),
  id: ref,
  modified_at: text,
  object: z.unknown().optional(),
});

/** Whether a player lives: by a flag (Dota 2), or by health. What a title does not say is absent. */
const player = z.object({ alive: flag, is_alive: flag, hp: number });

const side = maybe(
  z.object({
    id: ref,
    score: tally,
    round_score: tally,
    gold: amount,
    kills: tally,
    /** Taken by the team in LoL; in Dota 2 nobody says whether taken or lost, and of what shape it is. */
    towers: z.unknown().optional(),
    drakes: tally,
    nashors: tally,
    inhibitors: tally,
    /** A list, or an object by position or number. */
    players: maybe(z.union([z.array(player), z.record(z.string(), player)])),
  }),
);

/** Towers as LoL has them. */
export const PANDASCORE_TOWERS = tally;

/** A frame: the whole state of the running game, about every two seconds. Which sides it names depends on the title. */
export const PANDASCORE_FRAME = z.object({
  match: maybe(z.object({ id: ref })),
  game: z.object({ id: needRef, finished: flag, winner_id: ref }),
  current_timestamp: number,
  paused: flag,
  bomb_planted: flag,
  /** CS: the number. Valorant: an object with it. */
  round: maybe(z.union([roundNumber, z.object({ number: maybe(roundNumber) })])),
  blue: side,
  red: side,
  counter_terrorists: side,
  terrorists: side,
  radiant: side,
  dire: side,
  attackers: side,
  defenders: side,
  teams: maybe(z.array(side)),
});

const roundScore = maybe(z.object({ score: tally, team_id: ref }));

/** A message of the events endpoint. */
export const PANDASCORE_EVENT = z.object({
  type: z.string().min(1),
  payload: maybe(
    z.object({
      round_score: maybe(
        z.object({
          counter_terrorists: roundScore,
          terrorists: roundScore,
          attackers: roundScore,
          defenders: roundScore,
        }),
      ),
    }),
  ),
  ingame_timestamp: number,
  round_number: maybe(roundNumber),
  game_id: ref,
  match_id: ref,
});

/** The first message of a socket. Its values are text, also the numbers. */
export const PANDASCORE_HELLO = z.object({
  type: z.literal("hello"),
  payload: z.object({ status: text, game_id: ref, winner_id: ref, videogame: text }),
});

const sideFields = plain(
  ...[
    "id",
    "name",
    "acronym",
    "score",
    "round_score",
    "gold",
    "kills",
    "towers",
    "inhibitors",
    "drakes",
    "nashors",
  ],
  ...["herald", "voidgrubs", "barracks", "players"],
);

/** Fields that matches are known to have, used or not. */
export const MATCH_FIELDS: KnownFields = {
  ...plain(
    "id",
    "slug",
    "name",
    "status",
    "match_type",
    "number_of_games",
    "scheduled_at",
    "original_scheduled_at",
  ),
  ...plain(
    "rescheduled",
    "begin_at",
    "end_at",
    "modified_at",
    "draw",
    "forfeit",
    "game_advantage",
    "detailed_stats",
  ),
  ...plain("winner_id", "winner", "winner_type", "opponents", "streams_list", "league", "league_id", "serie"),
  ...plain("serie_id", "tournament", "tournament_id", "videogame", "videogame_title", "videogame_version"),
  results: plain("team_id", "player_id", "score"),
  games: plain(
    ...[
      "id",
      "position",
      "status",
      "begin_at",
      "end_at",
      "length",
      "finished",
      "complete",
      "forfeit",
      "winner",
    ],
    ...["winner_type", "match_id", "detailed_stats", "video_url"],
  ),
  live: plain("supported", "url", "opens_at"),
};

/** Fields that frames are known to have, used or not. */
export const FRAME_FIELDS: KnownFields = {
  ...plain(
    "type",
    "match",
    "tournament",
    "current_timestamp",
    "paused",
    "map",
    "bomb_planted",
    "daytime",
    "round",
  ),
  game: plain("id", "finished", "winner_id"),
  blue: sideFields,
  red: sideFields,
  counter_terrorists: sideFields,
  terrorists: sideFields,
  radiant: sideFields,
  dire: sideFields,
  attackers: sideFields,
  defenders: sideFields,
  teams: sideFields,
};

export type PandascoreMatch = z.output<typeof PANDASCORE_MATCH>;
export type PandascoreFrame = z.output<typeof PANDASCORE_FRAME>;
export type PandascoreEvent = z.output<typeof PANDASCORE_EVENT>;
