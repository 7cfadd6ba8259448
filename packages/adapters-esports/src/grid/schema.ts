import { CLAIM_LIMITS } from "@matchpoint/sdk";
import { z } from "zod";

/*
 * The specification of what the GRID decoders rely on, and of nothing else: fields that no claim is made of may change
 * at will. The decoders check by hand (a full-state frame is megabytes); tests hold both against each other.
 */

const text = z.string().min(1);
/** Increments are signed: what is bounded is the size. */
const upTo = (most: number) => z.number().min(-most).max(most).nullish();
const flag = z.boolean().nullish();
const number = upTo(Number.MAX_SAFE_INTEGER);
const tally = upTo(CLAIM_LIMITS.tally);
/** Numbers of games and rounds: identity, also in deltas. */
const ordinal = z.int().min(1).max(99).nullish();

const player = z.object({ id: text, alive: flag });
const objective = z.object({ id: z.string().nullish(), type: z.string().nullish(), completionCount: tally });
const gameTeam = z.object({
  id: text,
  name: z.string().nullish(),
  score: tally,
  won: flag,
  kills: tally,
  netWorth: number,
  loadoutValue: number,
  inventoryValue: number,
  side: z.string().nullish(),
  objectives: z.array(objective).nullish(),
  players: z.array(player).nullish(),
});
/** In a series the score counts games won. */
const seriesTeam = gameTeam.extend({ score: upTo(CLAIM_LIMITS.maps) });
const segment = z.object({ id: text, type: z.string().nullish(), sequenceNumber: ordinal, started: flag });
const clock = z.object({ currentSeconds: number, ticksBackwards: flag });
const game = z.object({
  id: text,
  sequenceNumber: ordinal,
  started: flag,
  finished: flag,
  paused: flag,
  clock: clock.nullish(),
  teams: z.array(gameTeam).nullish(),
  segments: z.array(segment).nullish(),
});

/** A series, or a change to one: in deltas numbers are signed increments, save `sequenceNumber`. */
export const GRID_SERIES = z.object({
  id: z.string().nullish(),
  started: flag,
  finished: flag,
  valid: flag,
  updatedAt: z.unknown().optional(),
  teams: z.array(seriesTeam).nullish(),
  games: z.array(game).nullish(),
});

const state = z.record(z.string(), z.unknown()).nullish();
const party = z.object({ type: z.string(), id: z.string(), state });
const playerState = z.object({ game: z.object({ alive: flag }).nullish() });

/** One event of a transaction. States are checked where claims are made of them: series, games, clocks and victims. */
const event = z
  .object({
    id: z.string().nullish(),
    type: z.string().nullish(),
    action: z.string(),
    actor: party,
    target: party,
    seriesStateDelta: GRID_SERIES.nullish(),
    seriesState: GRID_SERIES.nullish(),
  })
  .superRefine((one, context) => {
    const named = (wanted: string): unknown =>
      one.actor.type === wanted ? one.actor.state : one.target.type === wanted ? one.target.state : undefined;
    const checks: readonly [unknown, z.ZodType][] = [
      [isThere(one.seriesState) ? undefined : named("series"), GRID_SERIES],
      [named("game"), game],
      [named("clock") ?? named("gameClock"), clock],
      [one.target.type === "player" ? one.target.state : undefined, playerState],
    ];
    for (const [value, schema] of checks) {
      if (isThere(value) && !schema.safeParse(value).success) context.addIssue("a state is malformed");
    }
  });

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** One WebSocket text frame of Series Events. */
export const GRID_TRANSACTION = z.object({
  seriesId: text,
  sequenceNumber: z.int().min(1),
  occurredAt: z.unknown().optional(),
  publishedAt: z.unknown().optional(),
  events: z.array(event),
});

/** An answer of the series-state GraphQL endpoint. */
export const GRID_STATE_RESPONSE = z.object({
  data: z.object({ seriesState: GRID_SERIES.nullish() }).nullish(),
  errors: z
    .array(
      z.object({
        message: z.string().nullish(),
        extensions: z.object({ errorType: z.string().nullish() }).nullish(),
      }),
    )
    .nullish(),
});
