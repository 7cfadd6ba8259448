import { logistic, type Team } from "@matchpoint/sdk";
import type { GameHost, Objective } from "./facts.ts";

const STEP_MS = 5_000;
const STEPS_PER_MINUTE = 12;
const KILL_GOLD = 440;
const GOLD_OF: Readonly<Record<Objective, number>> = {
  tower: 620,
  inhibitor: 50,
  drake: 150,
  elder: 500,
  herald: 250,
  baron: 1_500,
  grub: 60,
};

/** Farm of a whole team per minute, fitted to total gold of professional games in 2025 (15.9k at 10, 24.8k at 15). */
function income(minute: number): number {
  if (minute < 1.5) return 0;
  return minute < 14 ? 1_480 : 1_560;
}

/** Fights per minute. */
function fightRate(minute: number): number {
  if (minute < 2) return 0.06;
  if (minute < 14) return 0.36;
  return minute < 25 ? 0.5 : 0.55;
}

/**
 * One game of League of Legends as a process in steps of five seconds: farm, fights, and what the winner of a fight takes
 * with it. The game ends when a team that has won a fight breaks the nexus; the chance of that grows with time, the lead,
 * the size of the victory and a baron in hand. Nobody decides beforehand who wins.
 */
export class LolGame {
  readonly #host: GameHost;
  readonly #game: number;
  /** Strength of team 0 over team 1 as log-odds of an even game. */
  readonly #edge: number;
  #clock = 0;
  readonly #gold: [number, number] = [2_500, 2_500];
  readonly #towers: [number, number] = [0, 0];
  readonly #drakes: [number, number] = [0, 0];
  #nextDrake = 5;
  #nextGrubs = 6;
  #nextHerald = 15;
  #nextBaron = 21;
  readonly #baronUntil: [number, number] = [0, 0];
  /** No new fight before this minute: one fight at a time. */
  #busyUntil = 0;
  #paused = false;
  #over = false;

  constructor(host: GameHost, game: number, edge: number) {
    this.#host = host;
    this.#game = game;
    this.#edge = edge;
  }

  start(): void {
    this.#tick();
  }

  /** Ends the game without a winner. */
  abandon(): void {
    this.#over = true;
  }

  #tick(): void {
    if (this.#over) return;
    const { rng } = this.#host;
    this.#host.publish({
      kind: "economy",
      game: this.#game,
      clockMs: this.#clock,
      gold: [Math.round(this.#gold[0]), Math.round(this.#gold[1])],
    });
    if (!this.#paused && this.#clock > 120_000 && rng.chance(0.0006)) {
      this.#pause();
      return;
    }
    this.#farm();
    const minute = this.#clock / 60_000;
    if (minute >= this.#busyUntil && rng.chance(fightRate(minute) / STEPS_PER_MINUTE)) this.#fight(minute);
    this.#clock += STEP_MS;
    this.#host.after(STEP_MS, () => {
      this.#tick();
    });
  }

  #pause(): void {
    const { rng } = this.#host;
    this.#paused = true;
    this.#host.publish({ kind: "paused", game: this.#game });
    this.#host.after(Math.round(rng.between(45_000, 300_000)), () => {
      this.#paused = false;
      if (this.#over) return;
      this.#host.publish({ kind: "resumed", game: this.#game });
      this.#tick();
    });
  }

  #lead(): number {
    return (this.#gold[0] - this.#gold[1]) / 1_000;
  }

  #farm(): void {
    const { rng } = this.#host;
    const minute = this.#clock / 60_000;
    const base = income(minute) / STEPS_PER_MINUTE;
    if (base === 0) return;
    const drift = (this.#edge * 42 + this.#lead() * 45) / STEPS_PER_MINUTE;
    const swing = rng.normal(drift, 28 + minute * 2) / 2;
    this.#gold[0] += base + swing;
    this.#gold[1] += base - swing;
  }

  #fight(minute: number): void {
    const { rng } = this.#host;
    const perThousand = 0.26 - minute * 0.004;
    const x =
      0.26 * this.#edge +
      (perThousand > 0.12 ? perThousand : 0.12) * this.#lead() +
      0.25 * this.#buffs(minute);
    const winner: Team = rng.chance(logistic(x)) ? 0 : 1;
    const [kills, deaths] = this.#fightSize(minute);
    let delay = 0;
    for (let i = 0; i < kills + deaths; i++) {
      delay += Math.round(rng.between(600, 3_500));
      const by = i % 2 === 1 && i < 2 * deaths ? ((1 - winner) as Team) : winner;
      this.#later(delay, (clockMs) => {
        this.#kill(by, clockMs);
      });
    }
    this.#busyUntil = minute + 0.5;
    const margin = kills - deaths;
    if (margin <= 0) return;
    this.#later(delay + Math.round(rng.between(9_000, 25_000)), () => {
      this.#convert(winner, margin);
    });
  }

  /** Barons and souls in hand: team 0's minus team 1's. */
  #buffs(minute: number): number {
    const of = (team: Team): number =>
      (this.#baronUntil[team] > minute ? 1 : 0) + (this.#drakes[team] >= 4 ? 1 : 0);
    return of(0) - of(1);
  }

  #fightSize(minute: number): [number, number] {
    const { rng } = this.#host;
    if (minute < 14) return [rng.chance(0.7) ? 1 : 2, rng.chance(0.3) ? 1 : 0];
    if (minute < 25) return [rng.int(1, 3), rng.int(0, 2)];
    return [rng.int(1, 5), rng.int(0, 2)];
  }

  #later(ms: number, run: (clockMs: number) => void): void {
    const clock = this.#clock;
    this.#host.after(ms, () => {
      if (!this.#over) run(clock + ms);
    });
  }

  #kill(by: Team, clockMs: number): void {
    const { rng } = this.#host;
    const other = (1 - by) as Team;
    // A team that is behind collects bounties.
    const behind = this.#gold[other] - this.#gold[by];
    const bounty = behind > 2_000 ? Math.round(rng.between(0, 0.09) * behind) : 0;
    const gold = KILL_GOLD + bounty;
    this.#gold[by] += gold;
    const killer = rng.int(0, 4);
    this.#host.publish({ kind: "kill", game: this.#game, clockMs, by, killer, victim: rng.int(0, 4), gold });
  }

  #take(by: Team, what: Objective): void {
    const { rng } = this.#host;
    const gold = GOLD_OF[what];
    this.#gold[by] += gold;
    if (what === "tower") this.#towers[by] += 1;
    if (what === "drake") this.#drakes[by] += 1;
    this.#host.publish({
      kind: "objective",
      game: this.#game,
      clockMs: this.#clock,
      by,
      player: rng.int(0, 4),
      what,
      gold,
    });
  }

  /** What a won fight is turned into: the nexus, a baron, a dragon, towers, or nothing. */
  #convert(team: Team, margin: number): void {
    const { rng } = this.#host;
    const minute = this.#clock / 60_000;
    const sign = team === 0 ? 1 : -1;
    if (minute >= 17 && rng.chance(logistic(this.#endLogit(team, minute, margin)))) {
      this.#breakBase(team);
      return;
    }
    if (minute >= this.#nextBaron && margin >= 1 && rng.chance(0.6)) {
      this.#nextBaron = minute + 6;
      this.#baronUntil[team] = minute + 3;
      this.#take(team, "baron");
      return;
    }
    if (minute >= this.#nextDrake && rng.chance(0.5)) {
      this.#nextDrake = minute + 5;
      this.#take(team, this.#drakes[team] >= 4 ? "elder" : "drake");
    } else if (minute >= this.#nextGrubs && minute < 14 && rng.chance(0.4)) {
      this.#nextGrubs = 99;
      for (let i = 0; i < 3; i++) this.#take(team, "grub");
    } else if (minute >= this.#nextHerald && minute < 24 && rng.chance(0.5)) {
      this.#nextHerald = 99;
      this.#take(team, "herald");
    }
    const pTower = logistic(-1.1 + minute * 0.07 + 0.25 * margin + 0.12 * sign * this.#lead());
    const open = this.#baronUntil[team] > minute ? 3 : minute > 25 ? 2 : 1;
    for (let i = 0; i < open && this.#towers[team] < 9 && rng.chance(pTower); i++) this.#take(team, "tower");
  }

  #endLogit(team: Team, minute: number, margin: number): number {
    const lead = team === 0 ? this.#lead() : -this.#lead();
    const buff = this.#baronUntil[team] > minute ? 1.2 : 0;
    return -6.9 + 0.2 * (minute - 17) + 0.22 * lead + 0.75 * margin + buff + 0.12 * this.#towers[team];
  }

  #breakBase(team: Team): void {
    const { rng } = this.#host;
    // Whatever stands between them and the nexus falls first: three towers of a lane, the inhibitor, two nexus towers.
    let delay = 0;
    for (let standing = 5 - this.#towers[team]; standing > 0; standing--) {
      delay += rng.int(1_500, 4_000);
      this.#later(delay, () => {
        this.#take(team, "tower");
      });
    }
    delay += rng.int(1_000, 3_000);
    this.#later(delay, () => {
      this.#take(team, "inhibitor");
    });
    for (let i = 0; i < 2; i++) {
      delay += rng.int(2_000, 5_000);
      this.#later(delay, () => {
        if (this.#towers[team] < 11) this.#take(team, "tower");
      });
    }
    this.#later(delay + rng.int(2_500, 6_000), () => {
      this.#over = true;
      this.#host.finished(team);
    });
    this.#busyUntil = Infinity;
  }
}
