import { z } from "zod";
import { plain, type KnownFields } from "../common/fields.ts";

/*
 * What the decoder relies on, and nothing else. The channel carries all sports: frames of games that nobody follows are told
 * apart by their id before anything else of them is looked at.
 */

/** A field that may be absent or null, which mean the same. */
function maybe<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value): z.output<T> | undefined => value ?? undefined);
}

const text = maybe(z.string().max(200));
const flag = maybe(z.boolean());

/** Ids are numbers in esports frames, and text in those of other sports. */
export const SPORTS_GAME_ID = z.union([z.int().min(0).transform(String), z.string().min(1).max(100)]);

/** A frame of an esports game. */
export const SPORTS_FRAME = z.object({
  gameId: SPORTS_GAME_ID,
  leagueAbbreviation: text,
  homeTeam: z.string().min(1).max(200),
  awayTeam: z.string().min(1).max(200),
  status: text,
  /** `<points of the map>|<maps>|Bo<n>`; points `000-000` are not supplied. */
  score: text,
  /** `<map>/<n>`. */
  period: text,
  live: flag,
  ended: flag,
});

/** Fields that frames are known to have, used or not. */
export const SPORTS_FIELDS: KnownFields = plain(
  ...[
    "gameId",
    "leagueAbbreviation",
    "slug",
    "homeTeam",
    "awayTeam",
    "status",
    "score",
    "period",
    "live",
    "ended",
  ],
  ...["elapsed", "turn", "finishedTimestamp", "finished_timestamp", "eventState", "metadataGameId"],
);

export type SportsFrame = z.output<typeof SPORTS_FRAME>;
