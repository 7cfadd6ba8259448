import { CLAIM_LIMITS, type GameProgress, type Team, type Title } from "@matchpoint/sdk";
import type { TeamOf } from "../common/teams.ts";
import type { GameView } from "../common/view.ts";
import { isForfeit } from "./legality.ts";
import type { GamePatch, Objectives, TeamPatch } from "./patch.ts";

/** A count that deltas add to; `undefined` while its base is not known. */
export type Count = number | undefined;

/** A team's standing, in a series or in a game. */
export interface TeamState {
  won: boolean;
  score: Count;
}

interface GameTeam extends TeamState {
  kills: Count;
  netWorth: Count;
  equipment: Count;
  readonly taken: Record<keyof Objectives, Count>;
  side: string | undefined;
  /** Alive or not by player id; only from a state, because a delta does not name those whom nothing happened to. */
  alive: Map<string, boolean> | undefined;
}

const MAX_PLAYERS = 16;
const OBJECTIVES = ["towers", "dragons", "barons", "inhibitors", "plants"] as const;
const LOL_OBJECTIVES = ["towers", "dragons", "barons", "inhibitors"] as const;
const TOWERS = ["towers"] as const;
/** The first of the two sides, whatever the title calls it. */
const FIRST_SIDES = new Set(["blue", "radiant", "counter-terrorists", "ct", "defender", "defenders"]);

/** The running state of one game. */
export class GridGame {
  readonly id: string;
  number: number;
  started = false;
  finished = false;
  paused = false;
  round: number | undefined;
  readonly teams: readonly [GameTeam, GameTeam];
  #clockSeconds: Count;
  #clockBackwards = false;
  /** Whether the bomb is planted in the round being played; unknown until one has been seen to start. */
  #planted: boolean | undefined;
  /** What the teams carried into the round being played: known when a round has been seen to start, and purchases to end. */
  #carried: readonly [number, number] | undefined;
  #buying = false;

  /** @param fromStart whether the game is followed from its start, so that what is not mentioned is zero */
  constructor(id: string, number: number, fromStart: boolean) {
    this.id = id;
    this.number = number;
    this.teams = [freshTeam(), freshTeam()];
    if (!fromStart) this.forgetCounts();
  }

  get winner(): Team | undefined {
    return winnerOf(this.teams);
  }

  forgetCounts(): void {
    this.#clockSeconds = undefined;
    this.round = undefined;
    this.#planted = undefined;
    this.#carried = undefined;
    this.#buying = false;
    for (const team of this.teams) {
      team.score = undefined;
      team.kills = undefined;
      team.netWorth = undefined;
      team.equipment = undefined;
      for (const name of OBJECTIVES) team.taken[name] = undefined;
      team.alive = undefined;
    }
  }

  /** Adds a delta. */
  add(patch: GamePatch, teamOf: TeamOf): void {
    this.#flags(patch);
    this.round = patch.round ?? this.round;
    if (patch.clock !== undefined) {
      this.#clockSeconds = plus(this.#clockSeconds, patch.clock.seconds);
      this.#clockBackwards = patch.clock.backwards ?? this.#clockBackwards;
    }
    for (const one of patch.teams ?? []) {
      const index = teamOf(one.id);
      if (index === undefined) continue;
      const team = this.teams[index];
      addTeam(team, one, CLAIM_LIMITS.tally);
      team.kills = plus(team.kills, one.kills, CLAIM_LIMITS.tally);
      team.netWorth = plus(team.netWorth, one.netWorth);
      team.equipment = plus(team.equipment, one.equipment);
      for (const name of OBJECTIVES) {
        team.taken[name] = plus(team.taken[name], one.objectives?.[name], CLAIM_LIMITS.tally);
      }
      this.#plant(one.objectives?.plants ?? 0);
      team.side = one.side ?? team.side;
      for (const player of one.players ?? []) this.#alive(team, player.id, player.alive);
    }
  }

  /** Takes over a state. */
  set(patch: GamePatch, teamOf: TeamOf): void {
    this.#flags(patch);
    // A summary may leave out that a game with a result was once started.
    if (patch.started === undefined)
      this.started ||= patch.teams?.some((team) => (team.score ?? 0) > 0) === true;
    if (patch.round !== undefined) this.round = patch.round ?? undefined;
    if (patch.clock !== undefined) this.setClock(patch.clock);
    for (const one of patch.teams ?? []) {
      const index = teamOf(one.id);
      if (index === undefined) continue;
      const team = this.teams[index];
      setTeam(team, one, CLAIM_LIMITS.tally);
      team.kills = absolute(one.kills, team.kills, CLAIM_LIMITS.tally);
      team.netWorth = absolute(one.netWorth, team.netWorth);
      team.equipment = absolute(one.equipment, team.equipment);
      const plants = team.taken.plants;
      for (const name of OBJECTIVES) {
        team.taken[name] = absolute(one.objectives?.[name], team.taken[name], CLAIM_LIMITS.tally);
      }
      // A count says nothing of when: only one that is as known leaves the round as it was.
      if (team.taken.plants !== plants) this.#planted = undefined;
      team.side = one.side ?? team.side;
      if (one.players === undefined || one.players.length > MAX_PLAYERS) continue;
      const known = one.players.length > 0 && one.players.every((player) => player.alive !== undefined);
      team.alive = known ? new Map(one.players.map((player) => [player.id, player.alive!])) : undefined;
    }
  }

  setClock(clock: NonNullable<GamePatch["clock"]>): void {
    this.#clockSeconds = absoluteSeconds(clock.seconds, this.#clockSeconds);
    this.#clockBackwards = clock.backwards ?? this.#clockBackwards;
  }

  /** A round starts: everybody stands again. */
  startRound(round: number | undefined): void {
    this.round = round ?? this.round;
    this.#planted = false;
    this.#carried = undefined;
    this.#buying = true;
    for (const team of this.teams) {
      if (team.alive !== undefined) for (const id of team.alive.keys()) team.alive.set(id, true);
    }
  }

  /** The round is fought: what the players carry now is what they have to win it with. */
  endPurchases(): void {
    if (!this.#buying) return;
    this.#buying = false;
    this.#carried = pair(this.teams[0].equipment, this.teams[1].equipment);
  }

  /** Whether a player of this game lives; one that it does not know is left aside. */
  setAlive(playerId: string, alive: boolean): void {
    for (const team of this.teams) this.#alive(team, playerId, alive);
  }

  view(title: Title): GameView {
    const score = pair(this.teams[0].score, this.teams[1].score);
    const { winner } = this;
    return {
      game: this.number,
      ref: this.id,
      started: this.started,
      paused: this.paused,
      ended: this.finished,
      winner,
      forfeit: winner !== undefined && isForfeit(title, this.started, score, this.round, winner),
      progress: this.#progress(title, score),
    };
  }

  #progress(title: Title, score: readonly [number, number] | undefined): GameProgress {
    const [a, b] = this.teams;
    const byRounds = title === "cs2" || title === "valorant";
    const progress: { -readonly [K in keyof GameProgress]: GameProgress[K] } = {};
    // A clock that counts down is one of a phase (buy time, round, bomb): no game time can be read off it.
    if (!byRounds && !this.#clockBackwards && this.#clockSeconds !== undefined) {
      progress.clockMs = Math.round(this.#clockSeconds * 1000);
    }
    if (score !== undefined) progress.score = score;
    if (!byRounds) {
      // Where money is spent anew each round it says nothing of the standing.
      const gold = pair(a.netWorth, b.netWorth);
      if (gold !== undefined) progress.gold = gold;
      for (const name of title === "lol" ? LOL_OBJECTIVES : TOWERS) {
        const taken = pair(a.taken[name], b.taken[name]);
        if (taken !== undefined) progress[name] = taken;
      }
    } else {
      if (this.#carried !== undefined) progress.equipment = this.#carried;
      if (this.#planted !== undefined) progress.planted = this.#planted;
    }
    const kills = pair(a.kills, b.kills);
    if (kills !== undefined) progress.kills = kills;
    const alive = pair(aliveOf(a), aliveOf(b));
    if (alive !== undefined) progress.alive = alive;
    if (byRounds && this.round !== undefined) progress.round = this.round;
    if (FIRST_SIDES.has(a.side ?? "")) progress.firstSide = 0;
    else if (FIRST_SIDES.has(b.side ?? "")) progress.firstSide = 1;
    return progress;
  }

  #plant(count: number): void {
    if (count !== 0) this.#planted = count > 0;
  }

  #alive(team: GameTeam, playerId: string, alive: boolean | undefined): void {
    if (alive === undefined || team.alive?.has(playerId) !== true) return;
    if (!alive) this.endPurchases();
    team.alive.set(playerId, alive);
  }

  #flags(patch: GamePatch): void {
    this.number = patch.number ?? this.number;
    this.started = patch.started ?? this.started;
    this.finished = patch.finished ?? this.finished;
    this.paused = patch.paused ?? this.paused;
  }
}

/** The only team that won; nobody when none or both did. */
export function winnerOf(teams: readonly [TeamState, TeamState]): Team | undefined {
  if (teams[0].won === teams[1].won) return undefined;
  return teams[0].won ? 0 : 1;
}

/** Adds an increment to what is known, and stays unknown, or becomes it, rather than wrong. */
export function addTeam(team: TeamState, patch: TeamPatch, maxScore: number): void {
  team.score = plus(team.score, patch.score, maxScore);
  team.won = patch.won ?? team.won;
}

/** Takes over what is stated. */
export function setTeam(team: TeamState, patch: TeamPatch, maxScore: number): void {
  team.score = absolute(patch.score, team.score, maxScore);
  team.won = patch.won ?? team.won;
}

/** Both counts, if both are known. */
export function pair(a: Count, b: Count): readonly [number, number] | undefined {
  return a === undefined || b === undefined ? undefined : [a, b];
}

function plus(base: Count, increment: number | undefined, most?: number): Count {
  return base === undefined || increment === undefined ? base : absolute(base + increment, undefined, most);
}

function absolute(value: number | undefined, before: Count, most: number = Number.MAX_SAFE_INTEGER): Count {
  if (value === undefined) return before;
  return Number.isInteger(value) && value >= 0 && value <= most ? value : undefined;
}

/** Clocks may have fractions, and a LoL clock starts below zero. */
function absoluteSeconds(value: number | undefined, before: Count): Count {
  if (value === undefined) return before;
  return value >= 0 && value < 1e7 ? value : undefined;
}

function aliveOf(team: GameTeam): number | undefined {
  if (team.alive === undefined) return undefined;
  let alive = 0;
  for (const one of team.alive.values()) if (one) alive += 1;
  return alive;
}

function freshTeam(): GameTeam {
  // Money is there before any delta mentions it: each game begins with some.
  return {
    won: false,
    score: 0,
    kills: 0,
    netWorth: undefined,
    equipment: undefined,
    taken: { towers: 0, dragons: 0, barons: 0, inhibitors: 0, plants: 0 },
    side: undefined,
    alive: undefined,
  };
}
