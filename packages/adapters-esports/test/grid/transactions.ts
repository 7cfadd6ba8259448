import { EPOCH } from "../support.ts";

/*
 * Frames of GRID Series Events, typed from the documented shape: one object per transaction, deltas as signed increments.
 */

export interface EventParts {
  readonly delta?: object;
  readonly series?: object;
  readonly actorState?: object;
  readonly targetState?: object;
  readonly more?: object;
}

/** An event `actor-action-target`; parties are `type:id`. */
export function event(actor: string, action: string, target: string, parts: EventParts = {}): object {
  const [actorType = "", actorId = ""] = actor.split(":");
  const [targetType = "", targetId = ""] = target.split(":");
  return {
    type: `${actorType}-${action}-${targetType}`,
    action,
    includesFullState: parts.series !== undefined,
    actor: {
      type: actorType,
      id: actorId,
      ...(parts.actorState === undefined ? {} : { state: parts.actorState }),
    },
    target: {
      type: targetType,
      id: targetId,
      ...(parts.targetState === undefined ? {} : { state: parts.targetState }),
    },
    ...(parts.delta === undefined ? {} : { seriesStateDelta: { id: "2700001", ...parts.delta } }),
    ...(parts.series === undefined ? {} : { seriesState: { id: "2700001", ...parts.series } }),
    ...parts.more,
  };
}

/** A transaction that occurred a second per sequence number after the epoch. */
export function transaction(sequence: number, events: readonly object[], more: object = {}): object {
  const at = new Date(EPOCH + sequence * 1000).toISOString();
  return {
    id: `tx-${sequence}`,
    correlationId: `c-${sequence}`,
    occurredAt: at,
    publishedAt: at,
    seriesId: "2700001",
    sequenceNumber: sequence,
    sessionSequenceNumber: sequence,
    events,
    ...more,
  };
}

export const started = (): object =>
  event("tournament:9", "started", "series:2700001", { delta: { started: true } });

export const gameStarted = (game: string): object =>
  event("series:2700001", "started", `game:${game}`, { delta: { games: [{ id: game, started: true }] } });

export const gameEnded = (game: string): object =>
  event("series:2700001", "ended", `game:${game}`, { delta: { games: [{ id: game, finished: true }] } });

export const roundStarted = (game: string, round: number): object =>
  event(`game:${game}`, "started", `round:round-${round}`, {
    delta: {
      games: [
        {
          id: game,
          segments: [{ id: `round-${round}`, type: "round", sequenceNumber: round, started: true }],
        },
      ],
    },
  });

export const roundWon = (game: string, round: number, team: string, by = 1): object =>
  event(`team:${team}`, by > 0 ? "won" : "!won", `round:round-${round}`, {
    delta: {
      games: [
        {
          id: game,
          teams: [{ id: team, score: by }],
          segments: [
            {
              id: `round-${round}`,
              finished: by > 0,
              teams: [{ id: team, won: by > 0, winType: "bombDefused" }],
            },
          ],
        },
      ],
    },
  });

export const gameWon = (game: string, team: string): object =>
  event(`team:${team}`, "won", `game:${game}`, {
    delta: { teams: [{ id: team, score: 1 }], games: [{ id: game, teams: [{ id: team, won: true }] }] },
  });

export const seriesWon = (team: string): object =>
  event(`team:${team}`, "won", "series:2700001", { delta: { teams: [{ id: team, won: true }] } });

export const seriesEnded = (): object =>
  event("tournament:9", "ended", "series:2700001", { delta: { finished: true } });

export const feedEnded = (): object => event("grid:GRID", "ended", "feed:f");

export const invalidated = (): object =>
  event("grid:GRID", "invalidated", "series:2700001", { delta: { valid: false } });

export const validated = (): object =>
  event("grid:GRID", "validated", "series:2700001", { delta: { valid: true } });

/** The state of a team in a game. */
export const teamState = (id: string, score: number, more: object = {}): object => ({
  id,
  score,
  won: false,
  kills: 0,
  ...more,
});

/** The whole state of a game. */
export const gameState = (
  id: string,
  sequenceNumber: number,
  score: readonly [number, number],
  more: object = {},
): object => ({
  id,
  sequenceNumber,
  started: true,
  finished: false,
  paused: false,
  teams: [teamState("96", score[0]), teamState("97", score[1])],
  segments: [],
  ...more,
});

/** The whole state of the series. */
export const seriesState = (
  games: readonly object[],
  maps: readonly [number, number] = [0, 0],
  more: object = {},
): object => ({
  started: true,
  finished: false,
  valid: true,
  teams: [teamState("96", maps[0]), teamState("97", maps[1])],
  games,
  ...more,
});

/** A best of three that team 96 wins two to nil, 13-5 each, as one list of transactions. */
export function sweep(): object[] {
  const frames: object[] = [];
  const push = (...events: object[]): void => {
    frames.push(transaction(frames.length + 1, events));
  };
  push(event("grid:GRID", "started", "feed:f"));
  push(started());
  for (const game of ["g1", "g2"]) {
    push(gameStarted(game));
    for (let round = 1; round <= 18; round++) {
      push(roundStarted(game, round));
      push(roundWon(game, round, round <= 5 ? "97" : "96"));
    }
    push(gameWon(game, "96"));
    push(gameEnded(game));
  }
  push(seriesWon("96"));
  push(seriesEnded());
  push(feedEnded());
  return frames;
}
