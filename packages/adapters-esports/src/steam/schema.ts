import { CLAIM_LIMITS } from "@matchpoint/sdk";
import { z } from "zod";
import { plain, type KnownFields } from "../common/fields.ts";

/*
 * What the decoder relies on, and nothing else. Whole numbers beyond 2^53 arrive as text of their digits (lossless reading),
 * smaller ones as numbers; both become text, so that an id is one thing.
 */

/** A field that may be absent or null, which mean the same. */
function maybe<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value): z.output<T> | undefined => value ?? undefined);
}

/** An id of Valve's: exact at any size; 0 is none. */
export const VALVE_ID = z
  .union([z.int().min(0).transform(String), z.string().regex(/^\d{1,20}$/)])
  .transform((value) => (value === "0" ? undefined : value));

const ref = maybe(VALVE_ID);
const tally = z.int().min(0).max(CLAIM_LIMITS.tally);
const wins = maybe(z.int().min(0).max(CLAIM_LIMITS.maps));

const team = maybe(z.object({ team_id: ref, team_name: maybe(z.string()) }));

const side = maybe(
  z.object({
    score: maybe(tally),
    /** 11 bits, one for each tower that stands; 0 on both sides before the horn. */
    tower_state: maybe(z.int().min(0).max(2047)),
    players: maybe(
      z.array(
        z.object({
          net_worth: maybe(z.int().min(0).max(1e9)),
          /** Seconds until the hero is back; 0 while it lives. */
          respawn_timer: maybe(z.number().min(0).max(1e6)),
        }),
      ),
    ),
  }),
);

/** One game of `GetLiveLeagueGames`. */
export const STEAM_GAME = z.object({
  match_id: ref,
  league_id: ref,
  radiant_series_wins: wins,
  dire_series_wins: wins,
  radiant_team: team,
  dire_team: team,
  /** Absent before the draft has ended. */
  scoreboard: maybe(z.object({ duration: maybe(z.number().min(0).max(1e6)), radiant: side, dire: side })),
});

/** The answer of `GetLiveLeagueGames`. Its games are checked one by one. */
export const STEAM_ANSWER = z.object({ result: z.object({ games: z.array(z.unknown()) }) });

/** The part of OpenDota's `/matches/{id}` that says who won; `radiant_win` is null until it is known. */
export const OPENDOTA_RESULT = z.object({
  match_id: VALVE_ID.pipe(z.string()),
  radiant_win: maybe(z.boolean()),
});

const teamFields = plain("team_name", "team_id", "team_logo", "complete");
const pick = plain("hero_id");
const sideFields: KnownFields = {
  ...plain("score", "tower_state", "barracks_state"),
  abilities: plain("ability_id", "ability_level"),
  picks: pick,
  bans: pick,
  players: {
    ...plain(
      "player_slot",
      "account_id",
      "hero_id",
      "kills",
      "death",
      "assists",
      "last_hits",
      "denies",
      "gold",
    ),
    ...plain("level", "gold_per_min", "xp_per_min", "net_worth", "respawn_timer", "position_x", "position_y"),
    ...plain("ultimate_state", "ultimate_cooldown", "item0", "item1", "item2", "item3", "item4", "item5"),
  },
};

/** Fields that the answers are known to have, used or not. */
export const STEAM_FIELDS: KnownFields = {
  ...plain("match_id", "lobby_id", "league_id", "league_node_id", "series_id", "series_type", "spectators"),
  ...plain("radiant_series_wins", "dire_series_wins", "stream_delay_s"),
  radiant_team: teamFields,
  dire_team: teamFields,
  players: plain("account_id", "name", "hero_id", "team"),
  scoreboard: { ...plain("duration", "roshan_respawn_timer"), radiant: sideFields, dire: sideFields },
};

export type SteamGame = z.output<typeof STEAM_GAME>;
