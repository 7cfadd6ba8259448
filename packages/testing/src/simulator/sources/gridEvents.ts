import type { Team } from "@matchpoint/sdk";
import type { Fact } from "../world/facts.ts";
import type { MatchView } from "../world/matchView.ts";
import {
  entity,
  gameIdOf,
  gameState,
  inGame,
  OBJECTIVE_NAMES,
  playerId,
  type GridEvent,
  type GridIds,
  type Json,
} from "./gridJson.ts";
import { BOMB_SECONDS, GridRounds } from "./gridRounds.ts";

type Of<K extends Fact["kind"]> = Extract<Fact, { readonly kind: K }>;

/**
 * Says in GRID's words what a fact is: a list of transactions, each a list of events. The view has taken the fact already.
 * Deltas are signed increments; states are absolute.
 */
export class GridEvents {
  readonly #ids: GridIds;
  readonly #rounds: GridRounds;

  constructor(ids: GridIds) {
    this.#ids = ids;
    this.#rounds = new GridRounds(ids);
  }

  /** The transactions of a fact; none for what GRID does not tell as an event. */
  of(fact: Fact, view: MatchView): readonly (readonly GridEvent[])[] {
    switch (fact.kind) {
      case "series_started":
        return [[this.#seriesStarted(fact)]];
      case "game_started":
        return this.#gameStarted(fact, view);
      case "kill":
        return [[this.#kill(fact)]];
      case "objective":
        return [this.#objective(fact)];
      case "round_started":
        return this.#rounds.started(fact);
      case "freeze_ended":
        return this.#rounds.freezeEnded(fact, view);
      case "bomb_planted":
        return [
          [
            this.#rounds.bomb(fact.game, "plantBomb", fact.by, fact.player),
            this.#rounds.setClock(fact.game, BOMB_SECONDS, fact.at),
          ],
        ];
      case "round_ended":
        return this.#rounds.ended(fact);
      case "paused":
      case "resumed":
        return [[this.#pause(fact)]];
      case "game_won":
        return [[this.gameWon(fact.game, fact.winner)]];
      case "game_ended":
        return [[this.gameEnded(fact.game)]];
      case "series_won":
        return [[this.#seriesWon(fact.winner)]];
      case "series_ended":
        return [[this.#seriesEnded()]];
      case "economy":
        return [];
    }
  }

  #series(): string {
    return this.#ids.cast.gridSeries;
  }

  #team(team: Team): string {
    return this.#ids.cast.gridTeams[team];
  }

  #seriesStarted(fact: Of<"series_started">): GridEvent {
    const delta = { started: true, startedAt: this.#ids.iso(fact.at) };
    return {
      actor: entity("tournament", String(this.#ids.cast.pandaLeague), {}, { name: this.#ids.cast.league }),
      action: "started",
      target: entity("series", this.#series(), delta),
      seriesStateDelta: { id: this.#series(), ...delta },
    };
  }

  #gameStarted(fact: Of<"game_started">, view: MatchView): GridEvent[][] {
    const ids = this.#ids;
    const gameId = gameIdOf(ids, fact.game);
    const state = gameState(ids, view, fact.game, this.#ids.iso(fact.at), true);
    // The map's real name is known only a moment after the game has begun.
    if (ids.title === "cs2") state.map = { name: "initial-map-name" };
    this.#rounds.reset(fact.firstSide);
    const clock = { ticking: true, updatedAt: this.#ids.iso(fact.at) };
    const name = ids.title === "lol" ? "gameClock" : "clock";
    return [
      [
        {
          actor: entity("series", this.#series(), { games: [{ id: gameId, started: true }] }),
          action: "started",
          target: entity("game", gameId, { started: true }, state),
          seriesStateDelta: inGame(this.#ids, fact.game, { started: true }),
        },
        {
          actor: entity("game", gameId, { clock: { id: name, type: name, ...clock } }),
          action: "started",
          target: entity(name, name, { type: name, ...clock }),
          seriesStateDelta: inGame(this.#ids, fact.game, { clock: { id: name, type: name, ...clock } }),
        },
      ],
    ];
  }

  #kill(fact: Of<"kill">): GridEvent {
    const ids = this.#ids;
    const victims = (1 - fact.by) as Team;
    const killer = playerId(ids, fact.by, fact.killer);
    const victim = playerId(ids, victims, fact.victim);
    const lol = ids.title === "lol";
    const gains = lol ? { money: fact.gold, netWorth: fact.gold } : { money: fact.gold };
    const team: Json = { id: this.#team(fact.by), kills: 1, ...(lol ? { score: 1 } : {}), ...gains };
    return {
      actor: entity("player", killer, { game: { id: killer, kills: 1 } }, { teamId: this.#team(fact.by) }),
      action: "killed",
      target: entity(
        "player",
        victim,
        { game: { id: victim, deaths: 1, alive: false } },
        { teamId: this.#team(victims) },
      ),
      seriesStateDelta: {
        id: this.#series(),
        teams: [
          { id: this.#team(fact.by), kills: 1 },
          { id: this.#team(victims), deaths: 1 },
        ],
        games: [
          {
            id: gameIdOf(ids, fact.game),
            teams: [
              { ...team, players: [{ id: killer, kills: 1, money: fact.gold }] },
              { id: this.#team(victims), deaths: 1, players: [{ id: victim, deaths: 1, alive: false }] },
            ],
          },
        ],
      },
    };
  }

  #objective(fact: Of<"objective">): GridEvent[] {
    const ids = this.#ids;
    const name = OBJECTIVE_NAMES[fact.what];
    const player = playerId(ids, fact.by, fact.player);
    const structure = fact.what === "tower" || fact.what === "inhibitor";
    const done = { id: name, type: name, completionCount: 1 };
    const delta: Json = {
      id: this.#team(fact.by),
      money: fact.gold,
      netWorth: fact.gold,
      ...(fact.what === "tower" ? { structuresDestroyed: 1 } : {}),
      objectives: [done],
      players: [{ id: player, objectives: [done] }],
    };
    const completed: GridEvent = {
      actor: entity(
        "player",
        player,
        { game: { id: player, objectives: [done] } },
        { teamId: this.#team(fact.by) },
      ),
      action: "completed",
      target: entity(name, name, { type: name, completionCount: 1 }),
      seriesStateDelta: inGame(this.#ids, fact.game, { teams: [delta] }),
    };
    if (structure) return [completed];
    const npc = fact.what === "drake" ? "infernalDrake" : fact.what;
    const killed: GridEvent = {
      actor: entity("player", player, {}, { teamId: this.#team(fact.by) }),
      action: "killed",
      target: entity("ATierNPC", npc, { alive: false }),
      seriesStateDelta: { id: this.#series() },
    };
    return [killed, completed];
  }

  #pause(fact: Of<"paused" | "resumed">): GridEvent {
    const paused = fact.kind === "paused";
    return {
      actor: entity("series", this.#series(), {}),
      action: fact.kind,
      target: entity("game", gameIdOf(this.#ids, fact.game), { paused }),
      seriesStateDelta: inGame(this.#ids, fact.game, { paused }),
    };
  }

  /** `team-won-game`; also what a false report says. */
  gameWon(game: number, winner: Team): GridEvent {
    const team = this.#team(winner);
    const gameId = gameIdOf(this.#ids, game);
    const won = { id: team, won: true };
    return {
      actor: entity("team", team, { score: 1 }, { name: this.#ids.cast.teams[winner].name }),
      action: "won",
      target: entity("game", gameId, { teams: [won] }, { sequenceNumber: game, teams: [won] }),
      seriesStateDelta: {
        id: this.#series(),
        teams: [{ id: team, score: 1 }],
        games: [{ id: gameId, teams: [won] }],
      },
    };
  }

  /** `series-ended-game`. */
  gameEnded(game: number): GridEvent {
    const gameId = gameIdOf(this.#ids, game);
    return {
      actor: entity("series", this.#series(), { games: [{ id: gameId, finished: true }] }),
      action: "ended",
      target: entity(
        "game",
        gameId,
        { finished: true },
        { sequenceNumber: game, started: true, finished: true },
      ),
      seriesStateDelta: inGame(this.#ids, game, { finished: true }),
    };
  }

  #seriesWon(winner: Team): GridEvent {
    const won = { id: this.#team(winner), won: true };
    return {
      actor: entity("team", won.id, { won: true }, { name: this.#ids.cast.teams[winner].name }),
      action: "won",
      target: entity("series", this.#series(), { teams: [won] }),
      seriesStateDelta: { id: this.#series(), teams: [won] },
    };
  }

  #seriesEnded(): GridEvent {
    return {
      actor: entity("tournament", String(this.#ids.cast.pandaLeague), {}),
      action: "ended",
      target: entity("series", this.#series(), { finished: true }),
      seriesStateDelta: { id: this.#series(), finished: true },
    };
  }
}
