import type { MatchDescription, Team } from "@matchpoint/sdk";
import type { Prng } from "../../simulator/prng.ts";
import type { GridTitle } from "./gridTitles.ts";

export interface GridObjective {
  id: string;
  type: string;
  completionCount: number;
}

export interface GridPlayer {
  id: string;
  name: string;
  participationStatus: string;
  alive: boolean;
  kills: number;
  deaths: number;
}

export interface GridGameTeam {
  id: string;
  name: string;
  side: string;
  won: boolean;
  score: number;
  kills: number;
  deaths: number;
  money: number;
  loadoutValue: number;
  netWorth: number;
  structuresDestroyed: number;
  objectives: GridObjective[];
  players: GridPlayer[];
}

export interface GridRoundTeam {
  id: string;
  side: string;
  won: boolean;
  winType: string;
  objectives: GridObjective[];
}

export interface GridFreezeTime {
  id: string;
  type: "freezetime";
  sequenceNumber: number;
  started: boolean;
  finished: boolean;
}

export interface GridSegment {
  id: string;
  type: "round";
  sequenceNumber: number;
  started: boolean;
  finished: boolean;
  teams: GridRoundTeam[];
  segments: GridFreezeTime[];
}

export interface GridGame {
  id: string;
  sequenceNumber: number;
  map: { name: string };
  started: boolean;
  finished: boolean;
  paused: boolean;
  clock: {
    id: string;
    type: string;
    ticking: boolean;
    ticksBackwards: boolean;
    currentSeconds: number;
    updatedAt: string;
  };
  structures: never[];
  nonPlayerCharacters: never[];
  teams: GridGameTeam[];
  segments: GridSegment[];
}

export interface GridSeriesTeam {
  id: string;
  name: string;
  score: number;
  won: boolean;
  kills: number;
  deaths: number;
}

/** A series as the series state has it: absolute numbers; games that have not begun are not there. */
export interface GridSeriesState {
  id: string;
  title: { nameShortened: string };
  format: string;
  started: boolean;
  startedAt: string | null;
  finished: boolean;
  valid: boolean;
  teams: GridSeriesTeam[];
  games: GridGame[];
}

/** A series before its start. GRID lists teams in an order of its own: here the other way round. */
export function newSeries(
  match: MatchDescription,
  title: GridTitle,
  seriesId: string,
  teamIds: readonly [string, string],
): GridSeriesState {
  return {
    id: seriesId,
    title: { nameShortened: title.shortName },
    format: `best-of-${match.bestOf}`,
    started: false,
    startedAt: null,
    finished: false,
    valid: true,
    teams: ([1, 0] as const).map((team) => ({
      id: teamIds[team],
      name: match.teams[team].name,
      score: 0,
      won: false,
      kills: 0,
      deaths: 0,
    })),
    games: [],
  };
}

/** A game at its start. */
export function newGame(
  id: string,
  game: number,
  match: MatchDescription,
  title: GridTitle,
  teamIds: readonly [string, string],
  playerIds: readonly string[],
  firstSide: Team,
  startedAt: string,
): GridGame {
  return {
    id,
    sequenceNumber: game,
    // The real name is known only some time after the start.
    map: { name: title.rounds ? "initial-map-name" : title.map },
    started: true,
    finished: false,
    paused: false,
    clock: {
      id: title.clock,
      type: title.clock,
      ticking: false,
      ticksBackwards: title.rounds,
      currentSeconds: 0,
      updatedAt: startedAt,
    },
    structures: [],
    nonPlayerCharacters: [],
    teams: ([1, 0] as const).map((team) => ({
      id: teamIds[team],
      name: match.teams[team].name,
      side: title.sides[team === firstSide ? 0 : 1],
      won: false,
      score: 0,
      kills: 0,
      deaths: 0,
      money: 0,
      loadoutValue: 0,
      netWorth: 0,
      structuresDestroyed: 0,
      objectives: [],
      players: [0, 1, 2, 3, 4].map((seat) => ({
        id: playerIds[team * 5 + seat]!,
        name: `player ${team * 5 + seat + 1}`,
        participationStatus: "active",
        alive: true,
        kills: 0,
        deaths: 0,
      })),
    })),
    segments: [],
  };
}

/** Ids of ten players. */
export function newPlayers(rng: Prng): string[] {
  return Array.from({ length: 10 }, () => String(rng.int(10_000, 99_999)));
}

/** Counts a completion of an objective. */
export function complete(objectives: GridObjective[], type: string): void {
  const known = objectives.find((each) => each.type === type);
  if (known === undefined) objectives.push({ id: type, type, completionCount: 1 });
  else known.completionCount += 1;
}
