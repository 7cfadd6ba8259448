import type { MatchDescription, Team } from "@matchpoint/sdk";
import type { Prng } from "../../simulator/prng.ts";
import type { Json } from "./signedDelta.ts";
import {
  newGame,
  newPlayers,
  newSeries,
  type GridGame,
  type GridGameTeam,
  type GridSeriesState,
  type GridSeriesTeam,
} from "./gridSeriesState.ts";
import { GRID_TITLES, type GridTitle } from "./gridTitles.ts";

/** An actor or target: what it is, and which one. */
export type GridEntity = readonly [type: string, id: string];

/** One event before it has an id: who, did what, to whom, and what it changes. */
export interface GridDeed {
  readonly actor: GridEntity;
  readonly action: string;
  readonly target: GridEntity;
  /** Changes the state in place. */
  readonly change?: (state: GridSeriesState) => void;
  /** The delta to state instead of all that has changed: a game begins without the zeros that it begins with. */
  readonly delta?: (state: GridSeriesState) => Json;
}

/** The state of the series that GRID tells of, and ready ways to its parts. */
export class GridWorld {
  readonly match: MatchDescription;
  readonly title: GridTitle;
  readonly teamIds: readonly [string, string];
  readonly playerIds: readonly string[];
  readonly seriesId: string;
  readonly tournamentId: string;
  readonly #rng: Prng;
  state: GridSeriesState;

  constructor(match: MatchDescription, ref: { match: string; teams: readonly [string, string] }, rng: Prng) {
    this.match = match;
    this.title = GRID_TITLES[match.title];
    this.teamIds = ref.teams;
    this.seriesId = ref.match;
    this.#rng = rng;
    this.playerIds = newPlayers(rng);
    this.tournamentId = String(rng.int(100_000, 999_999));
    this.state = newSeries(match, this.title, ref.match, ref.teams);
  }

  uuid(): string {
    return this.#rng.uuid();
  }

  /** A game under a new id, not yet part of the state. */
  begin(game: number, firstSide: Team, startedAt: string): GridGame {
    const { match, title, teamIds, playerIds } = this;
    return newGame(this.uuid(), game, match, title, teamIds, playerIds, firstSide, startedAt);
  }

  /** The game with a number: the latest id counts. */
  game(game: number, state: GridSeriesState = this.state): GridGame {
    return state.games.findLast((each) => each.sequenceNumber === game)!;
  }

  has(game: number): boolean {
    return this.state.games.some((each) => each.sequenceNumber === game);
  }

  gameTeam(game: GridGame, team: Team): GridGameTeam {
    return game.teams.find((each) => each.id === this.teamIds[team])!;
  }

  seriesTeam(state: GridSeriesState, team: Team): GridSeriesTeam {
    return state.teams.find((each) => each.id === this.teamIds[team])!;
  }

  player(team: Team, seat: number): string {
    return this.playerIds[team * 5 + (seat % 5)]!;
  }

  sideOf(team: Team, firstSide: Team): string {
    return this.title.sides[team === firstSide ? 0 : 1];
  }
}
