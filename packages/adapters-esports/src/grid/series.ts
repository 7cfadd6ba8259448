import { CLAIM_LIMITS, type Millis } from "@matchpoint/sdk";
import { noteName, teamIndex, type FollowedMatch, type TeamOf } from "../common/teams.ts";
import type { GameView, SeriesView } from "../common/view.ts";
import { addTeam, GridGame, pair, setTeam, winnerOf, type TeamState } from "./game.ts";
import { isSeriesForfeit } from "./legality.ts";
import { roundOf, type GamePatch, type SeriesPatch } from "./patch.ts";
import type { GridEvent, GridTransaction } from "./transaction.ts";

/** More games than any series has; beyond it a feed is talking nonsense. */
const MAX_GAMES = 32;

/**
 * The running state of one series. Deltas add to it, states replace it; both name only some of the fields. A count whose
 * base is not known stays unknown until a state gives it: better no score than a wrong one.
 */
export class GridSeries {
  readonly #followed: FollowedMatch;
  readonly #source: string;
  readonly #teamOf: TeamOf;
  #started = false;
  #finished = false;
  #feedEnded = false;
  #valid = true;
  /** Whether what has not been mentioned is known to be zero. */
  #complete = true;
  #lastOccurredAt: Millis | undefined;
  /** States up to this time are older than the snapshot that was adopted. */
  #adoptedAt: Millis | undefined;
  readonly #teams: readonly [TeamState, TeamState] = [
    { won: false, score: 0 },
    { won: false, score: 0 },
  ];
  readonly #games = new Map<string, GridGame>();

  constructor(followed: FollowedMatch, source: string) {
    this.#followed = followed;
    this.#source = source;
    this.#teamOf = (teamId) => teamIndex(followed, teamId);
  }

  get valid(): boolean {
    return this.#valid;
  }

  /** Whether no transaction is missing from what is known, or a state has replaced it. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Whether the source has said that the series is over. */
  get over(): boolean {
    return this.#finished || this.#feedEnded || winnerOf(this.#teams) !== undefined;
  }

  /** Whether a game is being played, so that silence would be strange. */
  get playing(): boolean {
    for (const game of this.#games.values())
      if (game.started && !game.finished && !game.paused) return !this.over;
    return false;
  }

  /** Transactions are missing: no count can be trusted until a state gives it. */
  forgetCounts(): void {
    this.#complete = false;
    for (const team of this.#teams) team.score = undefined;
    for (const game of this.#games.values()) game.forgetCounts();
  }

  /** Returns the id of a team that won something and is not of this match, if there is one. */
  apply(transaction: GridTransaction): string | undefined {
    const { occurredAt } = transaction;
    const outdated = this.#adoptedAt !== undefined && (occurredAt ?? 0) <= this.#adoptedAt;
    this.#lastOccurredAt = occurredAt ?? this.#lastOccurredAt;
    let stranger: string | undefined;
    for (const event of transaction.events) {
      if (event.delta !== undefined) this.#add(event.delta);
      stranger = this.#act(event) ?? stranger;
      if (!outdated) this.#takeStates(event);
    }
    return stranger;
  }

  /**
   * Takes over a snapshot that has no sequence number. The stream may be behind it, so its counts hold for the returned
   * view but are no base for increments. `undefined` when the snapshot is older than what is known.
   */
  adopt(state: SeriesPatch, at: Millis): SeriesView | undefined {
    const takenAt = state.updatedAt ?? at;
    if (this.#lastOccurredAt !== undefined && takenAt < this.#lastOccurredAt) return undefined;
    this.#set(state);
    const view = this.view();
    this.#adoptedAt = takenAt;
    this.forgetCounts();
    return view;
  }

  view(): SeriesView {
    const { match } = this.#followed;
    const games = new Map<number, GameView>();
    let started = this.#started;
    const won: [number, number] = [0, 0];
    // Of two games under one number the later is the remake of the earlier.
    for (const game of this.#games.values()) games.set(game.number, game.view(match.title));
    for (const game of games.values()) {
      started ||= game.started;
      if (game.winner !== undefined) won[game.winner] += 1;
    }
    const winner = winnerOf(this.#teams);
    const maps = pair(this.#teams[0].score, this.#teams[1].score);
    return {
      valid: this.#valid,
      started,
      ended: this.#finished || this.#feedEnded,
      winner,
      forfeit:
        winner !== undefined &&
        maps !== undefined &&
        isSeriesForfeit(match.bestOf, Math.max(maps[winner], won[winner])),
      cancelled: undefined,
      maps,
      games: new Map([...games].sort(([a], [b]) => a - b)),
    };
  }

  #add(patch: SeriesPatch): void {
    this.#flags(patch);
    for (const team of patch.teams ?? []) {
      const index = this.#teamOf(team.id);
      if (index !== undefined) addTeam(this.#teams[index], team, CLAIM_LIMITS.maps);
    }
    for (const one of patch.games ?? []) {
      // A delta that undoes a game's start may come after the game is gone.
      const game = one.started === false ? this.#games.get(one.id) : this.#game(one.id, one.started === true);
      game?.add(one, this.#teamOf);
    }
  }

  #set(patch: SeriesPatch): void {
    this.#flags(patch);
    for (const { id, name } of patch.teams ?? []) noteName(this.#followed, this.#source, id, name);
    for (const one of patch.teams ?? []) {
      const index = this.#teamOf(one.id);
      if (index !== undefined) setTeam(this.#teams[index], one, CLAIM_LIMITS.maps);
    }
    if (patch.games === undefined) return;
    const listed = new Set(patch.games.map((game) => game.id));
    for (const id of [...this.#games.keys()]) if (!listed.has(id)) this.#games.delete(id);
    for (const one of patch.games) this.#game(one.id, false)?.set(one, this.#teamOf);
  }

  /** What an event's type says, which holds also where a delta leaves it out. Returns the id of a strange winner. */
  #act(event: GridEvent): string | undefined {
    const on = !event.inverse;
    switch (event.kind) {
      case "tournament-started-series":
        this.#started = on;
        return undefined;
      case "tournament-ended-series":
        this.#finished = on;
        return undefined;
      case "grid-ended-feed":
        this.#feedEnded = on;
        return undefined;
      case "grid-invalidated-series":
        this.#valid = !on;
        return undefined;
      case "grid-validated-series":
        this.#valid = on;
        return undefined;
      case "team-won-series":
        return this.#won(event.actorId, this.#teams, on);
      case "team-won-game": {
        const game = this.#game(event.targetId, false);
        return game === undefined ? undefined : this.#won(event.actorId, game.teams, on);
      }
      case "series-started-game": {
        if (!on) this.#games.delete(event.targetId);
        const game = on ? this.#game(event.targetId, true) : undefined;
        if (game !== undefined) game.started = true;
        return undefined;
      }
      default:
        this.#actInGame(event, on);
        return undefined;
    }
  }

  #actInGame(event: GridEvent, on: boolean): void {
    const byTarget = this.#games.get(event.targetId);
    switch (event.kind) {
      case "series-ended-game":
        if (byTarget !== undefined) byTarget.finished = on;
        break;
      case "series-paused-game":
        if (byTarget !== undefined) byTarget.paused = on;
        break;
      case "series-resumed-game":
        if (byTarget !== undefined) byTarget.paused = !on;
        break;
      case "game-started-round": {
        const game = this.#games.get(event.actorId);
        const round = roundOf(event.targetId);
        if (game === undefined) break;
        if (on) game.startRound(round);
        else if (round !== undefined && round === game.round)
          game.round = round === 1 ? undefined : round - 1;
        break;
      }
      case "round-ended-freezetime":
        for (const game of this.#games.values()) if (!game.finished && on) game.endPurchases();
        break;
      default:
    }
  }

  #won(teamId: string, teams: readonly [TeamState, TeamState], won: boolean): string | undefined {
    const index = this.#teamOf(teamId);
    if (index === undefined) return teamId;
    teams[index].won = won;
    return undefined;
  }

  #takeStates(event: GridEvent): void {
    if (event.game !== undefined) {
      const game = event.inverse ? this.#games.get(event.game.id) : this.#game(event.game.id, false);
      if (isWholeGame(event.game)) game?.set(event.game, this.#teamOf);
      else if (game !== undefined) game.number = event.game.number ?? game.number;
    }
    if (event.clock !== undefined) this.#games.get(event.actorId)?.setClock(event.clock);
    if (event.victim?.alive !== undefined) {
      for (const game of this.#games.values()) {
        if (!game.finished) game.setAlive(event.victim.id, event.victim.alive);
      }
    }
    if (event.series !== undefined && isWhole(event.series)) {
      this.#set(event.series);
      this.#complete = true;
    }
  }

  #flags(patch: SeriesPatch): void {
    this.#started = patch.started ?? this.#started;
    this.#finished = patch.finished ?? this.#finished;
    this.#valid = patch.valid ?? this.#valid;
  }

  #game(id: string, startsNow: boolean): GridGame | undefined {
    let game = this.#games.get(id);
    if (game === undefined && this.#games.size < MAX_GAMES) {
      game = new GridGame(id, this.#nextNumber(), startsNow || this.#complete);
      this.#games.set(id, game);
    }
    return game;
  }

  /** The number of a game that does not say: after the last one that somebody won. */
  #nextNumber(): number {
    let next = 1;
    for (const game of this.#games.values()) {
      next = Math.max(next, game.number + (game.winner === undefined ? 0 : 1));
    }
    return Math.min(next, CLAIM_LIMITS.game);
  }
}

/** Whether a state says everything about a series, so that it can stand for the transactions before it. */
export function isWhole(state: SeriesPatch): boolean {
  return state.games?.every(isWholeGame) === true && state.teams?.length === 2;
}

/** Whether a state is of the whole game: what is only part of one is in the delta too. */
function isWholeGame(state: GamePatch): boolean {
  return state.started !== undefined && state.finished !== undefined && state.teams?.length === 2;
}
