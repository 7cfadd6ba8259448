import type { Team } from "@matchpoint/sdk";
import type { Fact, Objective } from "./facts.ts";

/** How a game of the series stands, as far as the viewer knows. */
export interface GameRecord {
  status: "not_started" | "running" | "finished";
  map: string;
  winner: Team | undefined;
  startedAt: number | undefined;
  endedAt: number | undefined;
}

const OBJECTIVES: readonly Objective[] = ["tower", "inhibitor", "drake", "elder", "herald", "baron", "grub"];

/** How long a baron's strength lasts. */
const BARON_MS = 180_000;

/**
 * A match as somebody knows it who has heard the facts up to some moment: the sources' collectors and every trader have one
 * of their own, each with its own delay.
 */
export class MatchView {
  readonly games: readonly GameRecord[];
  started = false;
  ended = false;
  winner: Team | undefined;
  readonly maps: [number, number] = [0, 0];
  /** The game that is running, or the last one; 0 before the first. */
  game = 0;
  inGame = false;
  paused = false;
  /** The team on the first side: blue, or CT in the current round. */
  firstSide: Team = 0;
  /** The team that began the game on the first side. */
  startSide: Team = 0;
  clockMs = 0;
  readonly gold: [number, number] = [0, 0];
  readonly kills: [number, number] = [0, 0];
  /** Kills and deaths per player, players of team 0 first. */
  readonly playerKills: number[] = new Array<number>(10).fill(0);
  readonly playerDeaths: number[] = new Array<number>(10).fill(0);
  readonly objectives: Record<Objective, [number, number]>;
  readonly baronUntilMs: [number, number] = [0, 0];
  round = 0;
  readonly score: [number, number] = [0, 0];
  readonly alive: [number, number] = [5, 5];
  readonly money: [number, number] = [0, 0];
  readonly equipment: [number, number] = [0, 0];
  roundLive = false;
  planted = false;
  /** When the current round went live, in the viewer's facts. */
  roundLiveAt = 0;
  /** When something last happened that moves prices much. */
  lastBigAt = -Infinity;
  lastFactAt = 0;
  /** How many facts it has taken. */
  version = 0;

  constructor(bestOf: number) {
    this.games = Array.from({ length: bestOf }, () => ({
      status: "not_started" as const,
      map: "",
      winner: undefined,
      startedAt: undefined,
      endedAt: undefined,
    }));
    this.objectives = Object.fromEntries(OBJECTIVES.map((what) => [what, [0, 0]])) as unknown as Record<
      Objective,
      [number, number]
    >;
  }

  /** Takes note of a fact. */
  apply(fact: Fact): void {
    this.lastFactAt = fact.at;
    this.version += 1;
    switch (fact.kind) {
      case "series_started":
        this.started = true;
        return;
      case "game_started":
        this.#startGame(fact.game, fact.map, fact.firstSide, fact.at);
        return;
      case "economy":
        this.clockMs = fact.clockMs;
        set(this.gold, fact.gold);
        return;
      case "kill": {
        const victims = (1 - fact.by) as Team;
        this.clockMs = fact.clockMs;
        this.gold[fact.by] += fact.gold;
        this.kills[fact.by] += 1;
        this.playerKills[fact.by * 5 + fact.killer]! += 1;
        this.playerDeaths[victims * 5 + fact.victim]! += 1;
        if (this.roundLive) this.alive[victims] -= 1;
        return;
      }
      case "objective":
        this.clockMs = fact.clockMs;
        this.gold[fact.by] += fact.gold;
        this.objectives[fact.what][fact.by] += 1;
        if (fact.what === "baron") this.baronUntilMs[fact.by] = fact.clockMs + BARON_MS;
        if (fact.what === "baron" || fact.what === "inhibitor" || fact.what === "elder")
          this.lastBigAt = fact.at;
        return;
      case "round_started":
        this.round = fact.round;
        this.firstSide = fact.firstSide;
        this.roundLive = false;
        this.planted = false;
        this.clockMs = 0;
        set(this.money, fact.money);
        set(this.alive, [5, 5]);
        return;
      case "freeze_ended":
        this.roundLive = true;
        this.roundLiveAt = fact.at;
        set(this.money, fact.money);
        set(this.equipment, fact.equipment);
        return;
      case "bomb_planted":
        this.clockMs = fact.clockMs;
        this.planted = true;
        return;
      case "round_ended":
        this.roundLive = false;
        this.lastBigAt = fact.at;
        set(this.score, fact.score);
        set(this.money, fact.money);
        return;
      case "paused":
      case "resumed":
        this.paused = fact.kind === "paused";
        return;
      case "game_won":
        this.maps[fact.winner] += 1;
        this.games[fact.game - 1]!.winner = fact.winner;
        this.lastBigAt = fact.at;
        return;
      case "game_ended": {
        const record = this.games[fact.game - 1]!;
        this.inGame = false;
        this.roundLive = false;
        this.lastBigAt = fact.at;
        record.status = fact.remake ? "not_started" : "finished";
        record.endedAt = fact.remake ? undefined : fact.at;
        return;
      }
      case "series_won":
        this.winner = fact.winner;
        return;
      case "series_ended":
        this.ended = true;
        return;
    }
  }

  #startGame(game: number, map: string, firstSide: Team, at: number): void {
    const record = this.games[game - 1]!;
    record.status = "running";
    record.map = map;
    record.startedAt = at;
    this.game = game;
    this.inGame = true;
    this.paused = false;
    this.firstSide = firstSide;
    this.startSide = firstSide;
    this.clockMs = 0;
    this.round = 0;
    this.roundLive = false;
    this.planted = false;
    for (const pair of [this.gold, this.kills, this.score, this.money, this.equipment, this.baronUntilMs]) {
      set(pair, [0, 0]);
    }
    for (const what of OBJECTIVES) set(this.objectives[what], [0, 0]);
    this.playerKills.fill(0);
    this.playerDeaths.fill(0);
  }
}

function set(pair: [number, number], values: readonly [number, number]): void {
  pair[0] = values[0];
  pair[1] = values[1];
}
