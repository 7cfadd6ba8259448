import { CLAIM_LIMITS } from "@matchpoint/sdk";
import { z } from "zod";
import { plain, type KnownFields } from "../common/fields.ts";

/*
 * The specification of what the Riot decoder relies on, and of nothing else; it is also what checks answers. Absent values
 * may be null. Ids are text: they exceed 2^53, so a number is taken only where it is exact.
 */

/** A field that may be absent or null, which mean the same. */
function maybe<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value): z.output<T> | undefined => value ?? undefined);
}

const needRef = z.union([z.string().min(1), z.int().transform(String)]);
const ref = maybe(z.union([z.string(), z.int().transform(String)])).transform((value) =>
  value === "" ? undefined : value,
);
const text = maybe(z.string());
const tally = maybe(z.int().min(0).max(CLAIM_LIMITS.tally));
const gameWins = maybe(z.int().min(0).max(CLAIM_LIMITS.maps));
const strategy = maybe(z.object({ type: text, count: maybe(z.int().min(1).max(CLAIM_LIMITS.game)) }));

const team = z.object({
  id: ref,
  name: text,
  code: text,
  result: maybe(z.object({ outcome: text, gameWins })),
});

const game = z.object({
  number: z.int().min(1).max(CLAIM_LIMITS.game),
  id: needRef,
  state: text,
});

/** The event of an answer of `getEventDetails`. Its games name no winner; only `gameWins` of the teams counts them. */
export const RIOT_EVENT = z.object({
  id: ref,
  state: text,
  match: z.object({
    id: ref,
    strategy,
    teams: maybe(z.array(team)),
    games: maybe(z.array(game)),
  }),
});

/** One entry of `getSchedule` or `getLive`. Entries of the type `show` have no match. */
export const RIOT_LISTED = z.object({
  id: ref,
  startTime: text,
  state: text,
  type: text,
  blockName: text,
  league: maybe(z.object({ id: ref, name: text, slug: text })),
  match: maybe(z.object({ id: ref, strategy, teams: maybe(z.array(team)) })),
});

const sideMetadata = maybe(
  z.object({
    esportsTeamId: ref,
    participantMetadata: maybe(z.array(z.object({ participantId: z.int() }))),
  }),
);

/** An answer of `window`: who plays on which side, and frames of ten seconds. Each frame is checked by itself. */
export const RIOT_WINDOW = z.object({
  esportsGameId: needRef,
  esportsMatchId: ref,
  gameMetadata: maybe(z.object({ blueTeamMetadata: sideMetadata, redTeamMetadata: sideMetadata })),
  frames: z.array(z.unknown()),
});

const side = maybe(
  z.object({
    totalGold: tally,
    totalKills: tally,
    towers: tally,
    inhibitors: tally,
    barons: tally,
    dragons: maybe(z.array(z.string()).max(100)),
    participants: maybe(
      z.array(z.object({ currentHealth: maybe(z.number()), maxHealth: maybe(z.number()) })).max(20),
    ),
  }),
);

/** One frame of a window. */
export const RIOT_FRAME = z.object({
  rfc460Timestamp: z.string(),
  gameState: text,
  blueTeam: side,
  redTeam: side,
});

/** One frame of an answer of `details`: participants only. */
export const RIOT_DETAILS_FRAME = z.object({
  rfc460Timestamp: z.string(),
  participants: z.array(z.object({ participantId: z.int(), totalGoldEarned: tally, kills: tally })).max(20),
});

export type RiotEvent = z.output<typeof RIOT_EVENT>;
export type RiotTeam = z.output<typeof team>;

export type RiotWindow = z.output<typeof RIOT_WINDOW>;
export type RiotSide = NonNullable<z.output<typeof side>>;

const teamFields = plain("id", "name", "slug", "code", "image", "result", "record");
const sideMetadataFields = {
  esportsTeamId: true,
  participantMetadata: plain("participantId", "esportsPlayerId", "summonerName", "championId", "role"),
} as const;
const sideFields = {
  ...plain("totalGold", "inhibitors", "towers", "barons", "totalKills", "dragons"),
  participants: plain(
    ...(["participantId", "totalGold", "level", "kills", "deaths", "assists", "creepScore"] as const),
    ...(["currentHealth", "maxHealth"] as const),
  ),
} as const;

/** Fields that are documented, used or not: any other is counted as drift. */
export const RIOT_FIELDS = {
  event: {
    ...plain("id", "state", "type", "tournament", "league", "streams", "startTime", "blockName"),
    match: {
      ...plain("id", "strategy", "flags", "previousMatchIds", "type"),
      teams: teamFields,
      games: plain("number", "id", "state", "teams", "vods"),
    },
  },
  window: {
    ...plain("esportsGameId", "esportsMatchId"),
    gameMetadata: {
      patchVersion: true,
      blueTeamMetadata: sideMetadataFields,
      redTeamMetadata: sideMetadataFields,
    },
    frames: { ...plain("rfc460Timestamp", "gameState"), blueTeam: sideFields, redTeam: sideFields },
  },
  /** Participants of the details feed have dozens of fields: they are not looked into. */
  details: { frames: plain("rfc460Timestamp", "participants") },
} as const satisfies Record<string, KnownFields>;
