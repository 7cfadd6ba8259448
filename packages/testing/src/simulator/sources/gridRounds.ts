import type { Team } from "@matchpoint/sdk";
import type { Fact } from "../world/facts.ts";
import type { MatchView } from "../world/matchView.ts";
import { entity, gameIdOf, inGame, playerId, SIDES, type GridEvent, type GridIds } from "./gridJson.ts";

const FREEZE_SECONDS = 20;
const ROUND_SECONDS = 115;
/** From the plant to the explosion. */
export const BOMB_SECONDS = 40;

type Of<K extends Fact["kind"]> = Extract<Fact, { readonly kind: K }>;

/** The rounds of CS2 in GRID's words. */
export class GridRounds {
  readonly #ids: GridIds;
  /** The clock as last set: deltas are relative to it. */
  #clockSeconds = 0;
  #side: Team | undefined;

  constructor(ids: GridIds) {
    this.#ids = ids;
  }

  /** A game begins: the clock stands at zero. */
  reset(firstSide: Team): void {
    this.#clockSeconds = 0;
    this.#side = firstSide;
  }

  #team(team: Team): string {
    return this.#ids.cast.gridTeams[team];
  }

  /** `game-set-clock`: the delta is relative to what the clock was last set to. */
  setClock(game: number, seconds: number, at: number): GridEvent {
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
      seriesStateDelta: inGame(this.#ids, game, { clock }),
    };
  }

  /** `game-started-round`, `round-started-freezetime`. */
  started(fact: Of<"round_started">): GridEvent[][] {
    const ids = this.#ids;
    const round = { id: `round-${fact.round}`, type: "round", sequenceNumber: fact.round, started: true };
    const freeze = {
      id: `freezetime-${fact.round}`,
      type: "freezetime",
      sequenceNumber: fact.round,
      started: true,
    };
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
          seriesStateDelta: inGame(this.#ids, fact.game, { teams, segments: [round] }),
        },
      ],
      [
        {
          actor: entity("round", round.id, { type: "round", segments: [freeze] }),
          action: "started",
          target: entity("freezetime", freeze.id, freeze),
          seriesStateDelta: inGame(this.#ids, fact.game, {
            segments: [{ id: round.id, type: "round", segments: [freeze] }],
          }),
        },
        this.setClock(fact.game, FREEZE_SECONDS, fact.at),
      ],
    ];
  }

  /** Purchases, then `round-ended-freezetime`. */
  freezeEnded(fact: Of<"freeze_ended">, view: MatchView): GridEvent[][] {
    const purchases = ([0, 1] as const).flatMap((team) =>
      [0, 1, 2, 3, 4].map((index) => [this.#purchase(fact, team, index, view)]),
    );
    const freeze = {
      id: `freezetime-${fact.round}`,
      type: "freezetime",
      sequenceNumber: fact.round,
      finished: true,
    };
    const round = `round-${fact.round}`;
    const ended: GridEvent = {
      actor: entity("round", round, { type: "round", segments: [freeze] }),
      action: "ended",
      target: entity("freezetime", freeze.id, freeze),
      seriesStateDelta: inGame(this.#ids, fact.game, {
        segments: [{ id: round, type: "round", segments: [freeze] }],
      }),
    };
    return [...purchases, [ended, this.setClock(fact.game, ROUND_SECONDS, fact.at)]];
  }

  #purchase(fact: Of<"freeze_ended">, team: Team, index: number, view: MatchView): GridEvent {
    const player = playerId(this.#ids, team, index);
    const worth = Math.round(view.equipment[team] / 5);
    const item =
      worth > 3_500
        ? view.firstSide === team
          ? "m4a1_silencer"
          : "ak47"
        : worth > 1_200
          ? "kevlarVest"
          : "smokeGrenade";
    const change = { money: -Math.min(worth, 3_000), inventoryValue: Math.min(worth, 3_000), netWorth: 0 };
    return {
      actor: entity("player", player, { game: { id: player, ...change } }, { teamId: this.#team(team) }),
      action: "purchased",
      target: entity("item", item, { equipped: true }),
      seriesStateDelta: inGame(this.#ids, fact.game, {
        teams: [{ id: this.#team(team), ...change, players: [{ id: player, ...change }] }],
      }),
    };
  }

  /** `player-completed-plantBomb` and the like. */
  bomb(game: number, what: "plantBomb" | "defuseBomb" | "explodeBomb", by: Team, index: number): GridEvent {
    const player = playerId(this.#ids, by, index);
    const done = { id: what, type: what, completionCount: 1 };
    return {
      actor: entity(
        "player",
        player,
        { game: { id: player, objectives: [done] } },
        { teamId: this.#team(by) },
      ),
      action: "completed",
      target: entity(what, what, done),
      seriesStateDelta: inGame(this.#ids, game, {
        teams: [{ id: this.#team(by), objectives: [done], players: [{ id: player, objectives: [done] }] }],
      }),
    };
  }

  /** `game-ended-round`, then `team-won-round`. */
  ended(fact: Of<"round_ended">): GridEvent[][] {
    const id = `round-${fact.round}`;
    const finished = { id, type: "round", sequenceNumber: fact.round, finished: true };
    const team = this.#team(fact.winner);
    const ending: GridEvent[] = [];
    if (fact.how === "bombDefused") ending.push(this.bomb(fact.game, "defuseBomb", fact.winner, 0));
    if (fact.how === "bombExploded") ending.push(this.bomb(fact.game, "explodeBomb", fact.winner, 0));
    ending.push({
      actor: entity("game", gameIdOf(this.#ids, fact.game), { segments: [finished] }),
      action: "ended",
      target: entity("round", id, finished),
      seriesStateDelta: inGame(this.#ids, fact.game, { segments: [finished] }),
    });
    const won = { id: team, won: true, winType: fact.how };
    const state = { id, type: "round", sequenceNumber: fact.round, finished: true, teams: [won] };
    return [
      ending,
      [
        {
          actor: entity(
            "team",
            team,
            {},
            { name: this.#ids.cast.teams[fact.winner].name, score: fact.score[fact.winner] },
          ),
          action: "won",
          target: entity("round", id, { type: "round", teams: [won] }, state),
          seriesStateDelta: inGame(this.#ids, fact.game, {
            teams: [{ id: team, score: 1 }],
            segments: [{ id, teams: [won] }],
          }),
        },
      ],
    ];
  }
}
