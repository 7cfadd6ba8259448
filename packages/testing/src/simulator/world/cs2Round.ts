import { log, logistic, type Team } from "@matchpoint/sdk";
import type { GameHost, Pair, WinType } from "./facts.ts";

const ROUND_MS = 115_000;
const BOMB_MS = 40_000;
const DEFUSE_MS = 7_500;
const KILL_MONEY = 300;

/** How one side's advantage in a round turns into the odds of the next kill; fitted so that the round's odds come out. */
const KILL_PER_ROUND_LOGIT = 0.47;
const KILL_PER_MAN = 0.65;

/** What a round left behind. */
export interface RoundResult {
  readonly winner: Team;
  readonly how: WinType;
  /** Players alive per team. */
  readonly alive: Pair;
  readonly kills: Pair;
  readonly planted: boolean;
}

/**
 * One live round of Counter-Strike: kills one after the other, maybe a plant, then elimination, explosion, defusal or the
 * clock. The side with more men and better guns is likelier to make the next kill; that is all that decides it.
 */
export class Cs2Round {
  readonly #host: GameHost;
  readonly #game: number;
  readonly #ct: Team;
  /** Log-odds that the CT side wins the round, from strength, side and equipment. */
  readonly #logit: number;
  readonly #done: (result: RoundResult) => void;
  readonly #alive: [number, number] = [5, 5];
  readonly #kills: [number, number] = [0, 0];
  readonly #plantAt: number;
  /** Who falls first differs from round to round. */
  readonly #seats: number;
  #clock = 0;
  #plantedAt: number | undefined;

  constructor(host: GameHost, game: number, ct: Team, logit: number, done: (result: RoundResult) => void) {
    this.#host = host;
    this.#game = game;
    this.#ct = ct;
    this.#logit = logit;
    this.#done = done;
    this.#plantAt = host.rng.int(45_000, 150_000);
    this.#seats = host.rng.int(0, 4);
  }

  start(): void {
    this.#next();
  }

  get #t(): Team {
    return (1 - this.#ct) as Team;
  }

  #next(): void {
    const { rng } = this.#host;
    const pace = this.#plantedAt !== undefined ? 5_200 : this.#clock < 20_000 ? 20_000 : 10_500;
    const kill = this.#clock + Math.round(rng.exponential(pace)) + 300;
    const end = this.#plantedAt === undefined ? ROUND_MS : this.#plantedAt + BOMB_MS;
    const plants = this.#plantedAt === undefined && this.#plantAt < end && this.#plantAt <= kill;
    if (plants)
      this.#wait(Math.max(this.#plantAt, this.#clock), () => {
        this.#plant();
      });
    else if (kill < end)
      this.#wait(kill, () => {
        this.#kill();
      });
    else
      this.#wait(end, () => {
        this.#timeUp();
      });
  }

  #wait(clock: number, run: () => void): void {
    const ms = clock - this.#clock;
    this.#host.after(ms, () => {
      this.#clock = clock;
      run();
    });
  }

  /** Players fall from the highest index down; the seat says which player an index is this time. */
  #seat(index: number): number {
    return (index + this.#seats) % 5;
  }

  #plant(): void {
    this.#plantedAt = this.#clock;
    const player = this.#seat(this.#host.rng.int(0, this.#alive[this.#t] - 1));
    this.#host.publish({ kind: "bomb_planted", game: this.#game, clockMs: this.#clock, by: this.#t, player });
    this.#next();
  }

  #kill(): void {
    const { rng } = this.#host;
    const [ct, t] = [this.#alive[this.#ct], this.#alive[this.#t]];
    const x = KILL_PER_ROUND_LOGIT * this.#logit + KILL_PER_MAN * (log(ct) - log(t));
    const by = rng.chance(logistic(x)) ? this.#ct : this.#t;
    const other = (1 - by) as Team;
    this.#alive[other] -= 1;
    this.#kills[by] += 1;
    this.#host.publish({
      kind: "kill",
      game: this.#game,
      clockMs: this.#clock,
      by,
      killer: this.#seat(rng.int(0, this.#alive[by] - 1)),
      victim: this.#seat(this.#alive[other]),
      gold: KILL_MONEY,
    });
    if (this.#alive[other] > 0) {
      this.#next();
      return;
    }
    if (this.#plantedAt === undefined || by === this.#t) {
      this.#end(by, "opponentEliminated", 0);
      return;
    }
    // The bomb is still down: is there time to defuse it?
    const left = this.#plantedAt + BOMB_MS - this.#clock;
    if (left > DEFUSE_MS) this.#end(this.#ct, "bombDefused", DEFUSE_MS);
    else this.#end(this.#t, "bombExploded", left);
  }

  #timeUp(): void {
    if (this.#plantedAt === undefined) this.#end(this.#ct, "targetSaved", 0);
    else this.#end(this.#t, "bombExploded", 0);
  }

  #end(winner: Team, how: WinType, afterMs: number): void {
    const result: RoundResult = {
      winner,
      how,
      alive: [this.#alive[0], this.#alive[1]],
      kills: [this.#kills[0], this.#kills[1]],
      planted: this.#plantedAt !== undefined,
    };
    this.#wait(this.#clock + afterMs, () => {
      this.#done(result);
    });
  }
}
