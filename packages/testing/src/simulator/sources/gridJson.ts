import type { Team } from "@matchpoint/sdk";
import type { Cast } from "../description.ts";
import type { MatchView } from "../world/matchView.ts";

/** Plain JSON. */
export interface Json {
  [key: string]: unknown;
}

/** One event of a transaction; `id` is given when it is sent. */
export interface GridEvent {
  readonly actor: Json;
  readonly action: string;
  readonly target: Json;
  readonly seriesStateDelta?: Json;
  readonly seriesState?: Json;
}

/** The order of an actor's or target's fields on the wire. */
export function entity(type: string, id: string, delta: Json, state?: Json): Json {
  return { type, id, stateDelta: { id, ...delta }, state: { id, ...(state ?? delta) } };
}

/** Side names per title: the first is blue or CT. */
export const SIDES = { lol: ["blue", "red"], cs2: ["counter-terrorists", "terrorists"] } as const;

/** What a collector knows that a view does not say: ids. */
export interface GridIds {
  readonly cast: Cast;
  readonly title: "lol" | "cs2";
  /** Id of each game, by its number; a new one after a rollback or remake. */
  readonly games: Map<number, string>;
  /** Virtual time as ISO 8601. */
  iso(at: number): string;
}

/** GRID's id of a game. */
export function gameIdOf(ids: GridIds, game: number): string {
  return ids.games.get(game) ?? "";
}

/** GRID's id of a player. */
export function playerId(ids: GridIds, team: Team, index: number): string {
  return ids.cast.gridPlayers[team * 5 + index]!;
}

/** A delta of one game, as the series' delta. */
export function inGame(ids: GridIds, game: number, delta: Json): Json {
  return { id: ids.cast.gridSeries, games: [{ id: gameIdOf(ids, game), ...delta }] };
}

function playerState(ids: GridIds, view: MatchView, team: Team, index: number): Json {
  const seat = team * 5 + index;
  return {
    id: ids.cast.gridPlayers[seat],
    name: ids.cast.players[seat],
    participationStatus: "active",
    kills: view.playerKills[seat],
    deaths: view.playerDeaths[seat],
  };
}

function teamOfGame(ids: GridIds, view: MatchView, game: number, team: Team, players: boolean): Json {
  const current = game === view.game;
  const first = view.firstSide === team;
  const lol = ids.title === "lol";
  const kills = current ? view.kills[team] : 0;
  const worth = current ? (lol ? view.gold[team] : view.money[team] + view.equipment[team]) : 0;
  const other = (1 - team) as Team;
  const state: Json = {
    id: ids.cast.gridTeams[team],
    name: ids.cast.teams[team].name,
    side: SIDES[ids.title][first ? 0 : 1],
    won: view.games[game - 1]!.winner === team,
    // GRID counts kills as a game's score in LoL and rounds in CS2
    score: current ? (lol ? kills : view.score[team]) : 0,
    kills,
    deaths: current ? view.kills[other] : 0,
    money: current ? (lol ? view.gold[team] : view.money[team]) : 0,
    netWorth: worth,
  };
  if (lol) {
    state.moneyDifference = current ? view.gold[team] - view.gold[other] : 0;
    state.structuresDestroyed = view.objectives.tower[team];
    state.objectives = objectivesState(view, team);
  } else {
    state.loadoutValue = current ? view.equipment[team] : 0;
    state.inventoryValue = state.loadoutValue;
  }
  if (players) {
    state.players = [0, 1, 2, 3, 4].map((index) => playerState(ids, view, team, index));
  }
  return state;
}

/** Objective names in GRID's words. */
export const OBJECTIVE_NAMES = {
  tower: "destroyTower",
  inhibitor: "destroyFortifier",
  drake: "slayInfernalDrake",
  elder: "slayElderDrake",
  herald: "slayRiftHerald",
  baron: "slayBaron",
  grub: "slayVoidGrub",
} as const;

function objectivesState(view: MatchView, team: Team): Json[] {
  const list: Json[] = [];
  for (const [what, name] of Object.entries(OBJECTIVE_NAMES)) {
    const count = view.objectives[what as keyof typeof OBJECTIVE_NAMES][team];
    if (count > 0) list.push({ id: name, type: name, completionCount: count });
  }
  return list;
}

/** A game's state as it is now. */
export function gameState(ids: GridIds, view: MatchView, game: number, now: string, players: boolean): Json {
  const record = view.games[game - 1]!;
  const lol = ids.title === "lol";
  const current = game === view.game;
  return {
    id: gameIdOf(ids, game),
    sequenceNumber: game,
    map: { name: record.map },
    started: record.status !== "not_started",
    finished: record.status === "finished",
    paused: current && view.paused,
    clock: {
      id: lol ? "gameClock" : "clock",
      type: lol ? "gameClock" : "clock",
      ticking: current && view.inGame && !view.paused,
      ticksBackwards: !lol,
      currentSeconds: current ? Math.floor(view.clockMs / 1_000) : 0,
      updatedAt: now,
    },
    teams: [teamOfGame(ids, view, game, 0, players), teamOfGame(ids, view, game, 1, players)],
  };
}

/** The whole series as it is now; games that have not begun are not listed. */
export function seriesState(ids: GridIds, view: MatchView, valid: boolean, now: string): Json {
  const { cast, title } = ids;
  const games = view.games
    .map((record, index) => ({ record, game: index + 1 }))
    .filter(({ record }) => record.status !== "not_started")
    .map(({ game }) => gameState(ids, view, game, now, game === view.game));
  return {
    id: cast.gridSeries,
    title: { nameShortened: title },
    format: `best-of-${view.games.length}`,
    started: view.started,
    finished: view.ended,
    valid,
    updatedAt: now,
    teams: ([0, 1] as const).map((team) => ({
      id: cast.gridTeams[team],
      name: cast.teams[team].name,
      score: view.maps[team],
      won: view.winner === team,
    })),
    games,
  };
}

const KEPT = new Set(["sequenceNumber"]);

/** What takes a delta back: numbers with the other sign, flags the other way round, texts as they are. */
export function inverted(delta: unknown, key = ""): unknown {
  if (typeof delta === "number") return KEPT.has(key) ? delta : -delta;
  if (typeof delta === "boolean") return !delta;
  if (Array.isArray(delta)) return delta.map((item) => inverted(item));
  if (typeof delta === "object" && delta !== null) {
    return Object.fromEntries(Object.entries(delta).map(([name, value]) => [name, inverted(value, name)]));
  }
  return delta;
}
