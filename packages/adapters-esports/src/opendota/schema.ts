import { CLAIM_LIMITS } from "@matchpoint/sdk";
import { z } from "zod";
import { plain, type KnownFields } from "../common/fields.ts";
import { VALVE_ID } from "../steam/schema.ts";

/** A field that may be absent or null, which mean the same. */
function maybe<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value): z.output<T> | undefined => value ?? undefined);
}

const ref = maybe(VALVE_ID);
const tally = maybe(z.int().min(0).max(CLAIM_LIMITS.tally));

/**
 * A game that was played: an entry of `/proMatches`, and the part of `/matches/{id}` that is the same. It is there some minutes
 * after the end, and `radiant_win` may be null for a while.
 */
export const OPENDOTA_GAME = z.object({
  match_id: VALVE_ID.pipe(z.string()),
  leagueid: ref,
  series_id: ref,
  radiant_team_id: ref,
  dire_team_id: ref,
  radiant_name: maybe(z.string()),
  dire_name: maybe(z.string()),
  /** `/matches/{id}` has the teams as objects too. */
  radiant_team: maybe(z.object({ team_id: ref, name: maybe(z.string()) })),
  dire_team: maybe(z.object({ team_id: ref, name: maybe(z.string()) })),
  /** Unix seconds. */
  start_time: maybe(z.int().min(0).max(1e10)),
  /** Seconds. */
  duration: maybe(z.number().min(0).max(1e6)),
  radiant_win: maybe(z.boolean()),
  radiant_score: tally,
  dire_score: tally,
});

/** Fields that entries of `/proMatches` are known to have, used or not. `/matches/{id}` has many more. */
export const OPENDOTA_FIELDS: KnownFields = plain(
  ...["match_id", "duration", "start_time", "leagueid", "league_name", "series_id", "series_type", "version"],
  ...[
    "radiant_team_id",
    "radiant_name",
    "dire_team_id",
    "dire_name",
    "radiant_score",
    "dire_score",
    "radiant_win",
  ],
);

export type OpendotaGame = z.output<typeof OPENDOTA_GAME>;
