import type { Team } from "@matchpoint/sdk";
import type { Fact } from "../world/facts.ts";
import type { MatchView } from "../world/matchView.ts";
import {
  entity,
  gameIdOf,
  gameState,
  OBJECTIVE_NAMES,
  playerId,
  SIDES,
  type GridEvent,
  type GridIds,
  type Json,
} from "./gridJson.ts";

const FREEZE_SECONDS = 20;
const ROUND_SECONDS = 115;
const BOMB_SECONDS = 40;

type Of<K extends Fact["kind"]> = Extract<Fact, { readonly kind: K }>;

/**
 * Says in GRID's words what a fact is: a list of transactions, each a list of events. The view has taken the fact already.
 * Deltas are signed increments; states are absolute.
 */
export class GridEvents {
  readonly #ids: GridIds;
  /** The clock as last set: deltas are relative to it. */
  #clockSeconds = 0;
  #side: Team | undefined;

  constructor(ids: GridIds) {
    this.#ids = ids;
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
        return this.#roundStarted(fact);
      case "freeze_ended":
        return this.#freezeEnded(fact, view);
      case "bomb_planted":
        return [[this.#bomb(fact.game, "plantBomb", fact.by, fact.player), this.#setClock(fact.game, BOMB_SECONDS, fact.at)]];
      case "round_ended":
        return this.#roundEnded(fact);
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

  #inGame(game: number, delta: Json): Json {
    return { id: this.#series(), games: [{ id: gameIdOf(this.#ids, game), ...delta }] };
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
    this.#clockSeconds = 0;
    this.#side = fact.firstSide;
    const clock = { ticking: true, updatedAt: this.#ids.iso(fact.at) };
    const name = ids.title === "lol" ? "gameClock" : "clock";
    return [
      [
        {
          actor: entity("series", this.#series(), { games: [{ id: gameId, started: true }] }),
          action: "started",
          target: entity("game", gameId, { started: true }, state),
          seriesStateDelta: this.#inGame(fact.game, { started: true }),
        },
        {
          actor: entity("game", gameId, { clock: { id: name, type: name, ...clock } }),
          action: "started",
          target: entity(name, name, { type: name, ...clock }),
          seriesStateDelta: this.#inGame(fact.game, { clock: { id: name, type: name, ...clock } }),
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
      target: entity("player", victim, { game: { id: victim, deaths: 1, alive: false } }, { teamId: this.#team(victims) }),
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
      actor: entity("player", player, { game: { id: player, objectives: [done] } }, { teamId: this.#team(fact.by) }),
      action: "completed",
      target: entity(name, name, { type: name, completionCount: 1 }),
      seriesStateDelta: this.#inGame(fact.game, { teams: [delta] }),
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

  #setClock(game: number, seconds: number, at: number): GridEvent {
    const clock = {
      id: "clock",
      type: "clock",
      ticksBackwards: true,
      currentSeconds: seconds - this.#clockSeconds,
      updatedAt: this.#ids.iso(at),
    };
    this.#clockSeconds = seconds;
    return {
      actor: entity("game", gameIdOf(this.#ids, game), { clock }),
      action: "set",
      target: entity("clock", "clock", clock, { ...clock, currentSeconds: seconds }),
      seriesStateDelta: this.#inGame(game, { clock }),
    };
  }

  #roundStarted(fact: Of<"round_started">): GridEvent[][] {
    const ids = this.#ids;
    const round = { id: `round-${fact.round}`, type: "round", sequenceNumber: fact.round, started: true };
    const freeze = { id: `freezetime-${fact.round}`, type: "freezetime", sequenceNumber: fact.round, started: true };
    const swapped = this.#side !== undefined && this.#side !== fact.firstSide;
    this.#side = fact.firstSide;
    const teams = ([0, 1] as const).map((team) => ({
      id: this.#team(team),
      ...(swapped ? { side: SIDES.cs2[fact.firstSide === team ? 0 : 1] } : {}),
      players: [0, 1, 2, 3, 4].map((index) => ({ id: playerId(ids, team, index), alive: true })),
    }));
    const gameId = gameIdOf(ids, fact.game);
    return [
      [
        {
          actor: entity("game", gameId, { segments: [round] }),
          action: "started",
          target: entity("round", round.id, round),
          seriesStateDelta: this.#inGame(fact.game, { teams, segments: [round] }),
        },
      ],
      [
        {
          actor: entity("round", round.id, { type: "round", segments: [freeze] }),
          action: "started",
          target: entity("freezetime", freeze.id, freeze),
          seriesStateDelta: this.#inGame(fact.game, { segments: [{ id: round.id, type: "round", segments: [freeze] }] }),
        },
        this.#setClock(fact.game, FREEZE_SECONDS, fact.at),
      ],
    ];
  }

  #freezeEnded(fact: Of<"freeze_ended">, view: MatchView): GridEvent[][] {
    const purchases = ([0, 1] as const).flatMap((team) =>
      [0, 1, 2, 3, 4].map((index) => [this.#purchase(fact, team, index, view)]),
    );
    const freeze = { id: `freezetime-${fact.round}`, type: "freezetime", sequenceNumber: fact.round, finished: true };
    const round = `round-${fact.round}`;
    const ended: GridEvent = {
      actor: entity("round", round, { type: "round", segments: [freeze] }),
      action: "ended",
      target: entity("freezetime", freeze.id, freeze),
      seriesStateDelta: this.#inGame(fact.game, { segments: [{ id: round, type: "round", segments: [freeze] }] }),
    };
    return [...purchases, [ended, this.#setClock(fact.game, ROUND_SECONDS, fact.at)]];
  }

  #purchase(fact: Of<"freeze_ended">, team: Team, index: number, view: MatchView): GridEvent {
    const player = playerId(this.#ids, team, index);
    const worth = Math.round(view.equipment[team] / 5);
    const item = worth > 3_500 ? (view.firstSide === team ? "m4a1_silencer" : "ak47") : worth > 1_200 ? "kevlarVest" : "smokeGrenade";
    const change = { money: -Math.min(worth, 3_000), inventoryValue: Math.min(worth, 3_000), netWorth: 0 };
    return {
      actor: entity("player", player, { game: { id: player, ...change } }, { teamId: this.#team(team) }),
      action: "purchased",
      target: entity("item", item, { equipped: true }),
      seriesStateDelta: this.#inGame(fact.game, {
        teams: [{ id: this.#team(team), ...change, players: [{ id: player, ...change }] }],
      }),
    };
  }

  #bomb(game: number, what: "plantBomb" | "defuseBomb" | "explodeBomb", by: Team, index: number): GridEvent {
    const player = playerId(this.#ids, by, index);
    const done = { id: what, type: what, completionCount: 1 };
    return {
      actor: entity("player", player, { game: { id: player, objectives: [done] } }, { teamId: this.#team(by) }),
      action: "completed",
      target: entity(what, what, done),
      seriesStateDelta: this.#inGame(game, {
        teams: [{ id: this.#team(by), objectives: [done], players: [{ id: player, objectives: [done] }] }],
      }),
    };
  }

  #roundEnded(fact: Of<"round_ended">): GridEvent[][] {
    const id = `round-${fact.round}`;
    const finished = { id, type: "round", sequenceNumber: fact.round, finished: true };
    const team = this.#team(fact.winner);
    const ending: GridEvent[] = [];
    if (fact.how === "bombDefused") ending.push(this.#bomb(fact.game, "defuseBomb", fact.winner, 0));
    if (fact.how === "bombExploded") ending.push(this.#bomb(fact.game, "explodeBomb", fact.winner, 0));
    ending.push({
      actor: entity("game", gameIdOf(this.#ids, fact.game), { segments: [finished] }),
      action: "ended",
      target: entity("round", id, finished),
      seriesStateDelta: this.#inGame(fact.game, { segments: [finished] }),
    });
    const won = { id: team, won: true, winType: fact.how };
    const state = { id, type: "round", sequenceNumber: fact.round, finished: true, teams: [won] };
    return [
      ending,
      [
        {
          actor: entity("team", team, {}, { name: this.#ids.cast.teams[fact.winner].name, score: fact.score[fact.winner] }),
          action: "won",
          target: entity("round", id, { type: "round", teams: [won] }, state),
          seriesStateDelta: this.#inGame(fact.game, {
            teams: [{ id: team, score: 1 }],
            segments: [{ id, teams: [won] }],
          }),
        },
      ],
    ];
  }

  #pause(fact: Of<"paused" | "resumed">): GridEvent {
    const paused = fact.kind === "paused";
    return {
      actor: entity("series", this.#series(), {}),
      action: fact.kind,
      target: entity("game", gameIdOf(this.#ids, fact.game), { paused }),
      seriesStateDelta: this.#inGame(fact.game, { paused }),
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
      seriesStateDelta: { id: this.#series(), teams: [{ id: team, score: 1 }], games: [{ id: gameId, teams: [won] }] },
    };
  }

  /** `series-ended-game`. */
  gameEnded(game: number): GridEvent {
    const gameId = gameIdOf(this.#ids, game);
    return {
      actor: entity("series", this.#series(), { games: [{ id: gameId, finished: true }] }),
      action: "ended",
      target: entity("game", gameId, { finished: true }, { sequenceNumber: game, started: true, finished: true }),
      seriesStateDelta: this.#inGame(game, { finished: true }),
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
