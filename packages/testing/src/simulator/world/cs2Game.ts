import type { Team } from "@matchpoint/sdk";
import { Cs2Round, type RoundResult } from "./cs2Round.ts";
import type { GameHost } from "./facts.ts";

const HALF = 12;
const TO_WIN = 13;
const OVERTIME_HALF = 3;
const OVERTIME_TO_WIN = 4;
const FREEZE_MS = 20_000;
const AFTER_ROUND_MS = 7_000;
const HALF_TIME_MS = 60_000;
const TIMEOUT_MS = 30_000;

const PLAYERS = 5;
const START_MONEY = 800 * PLAYERS;
const OVERTIME_MONEY = 12_500 * PLAYERS;
const MAX_MONEY = 16_000 * PLAYERS;
const PISTOL_EQUIPMENT = 200 * PLAYERS;
const FULL_BUY = [26_000, 23_500] as const; // CT, T
const LOSS_BONUS = [1_400, 1_900, 2_400, 2_900, 3_400] as const;
/** Log-odds of a round per $1,000 of equipment more, from professional rounds of 2024-25 (15k .84, 20k .89). */
const PER_THOUSAND = 0.1;

/** Which team is CT in a round, given which began as CT: sides change after 12 rounds and after every 3 of overtime. */
export function ctOf(round: number, firstCt: Team): Team {
  const index = round - 1;
  const half =
    index < 2 * HALF ? Math.floor(index / HALF) : Math.floor((index - 2 * HALF) / OVERTIME_HALF) + 1;
  return half % 2 === 0 ? firstCt : ((1 - firstCt) as Team);
}

/** Whether a score ends the map: 13 of 24, then blocks of six rounds, first to four. */
export function mapWinner(a: number, b: number): Team | undefined {
  const [high, low] = a > b ? [a, b] : [b, a];
  const leader: Team = a > b ? 0 : 1;
  if (low < HALF) return high >= TO_WIN ? leader : undefined;
  const block = Math.floor((low - HALF) / OVERTIME_HALF);
  const target = HALF + block * OVERTIME_HALF + OVERTIME_TO_WIN;
  return high >= target ? leader : undefined;
}

/** One map of Counter-Strike 2 under MR12 rules: economy, sides, halves, overtime. The winner comes of the rounds. */
export class Cs2Game {
  readonly #host: GameHost;
  readonly #game: number;
  /** Strength of team 0 over team 1 as log-odds of a round. */
  readonly #edge: number;
  /** How much the map favours CT, as log-odds. */
  readonly #ctBias: number;
  readonly #firstCt: Team;
  readonly #score: [number, number] = [0, 0];
  readonly #money: [number, number] = [START_MONEY, START_MONEY];
  /** Equipment that survivors carry over. */
  readonly #saved: [number, number] = [0, 0];
  readonly #losses: [number, number] = [1, 1];
  readonly #timeouts: [number, number] = [3, 3];
  #round = 0;

  constructor(host: GameHost, game: number, edge: number, ctBias: number, firstCt: Team) {
    this.#host = host;
    this.#game = game;
    this.#edge = edge;
    this.#ctBias = ctBias;
    this.#firstCt = firstCt;
  }

  start(): void {
    this.#startRound();
  }

  #startRound(): void {
    const { rng } = this.#host;
    this.#round += 1;
    const round = this.#round;
    const ct = ctOf(round, this.#firstCt);
    if (round === 1 || round === HALF + 1) this.#reset(START_MONEY);
    else if (round > 2 * HALF && (round - 1 - 2 * HALF) % OVERTIME_HALF === 0) this.#reset(OVERTIME_MONEY);
    this.#host.publish({
      kind: "round_started",
      game: this.#game,
      round,
      firstSide: ct,
      money: [this.#money[0], this.#money[1]],
    });
    const caller: Team = rng.chance(0.5) ? 0 : 1;
    const timeout = round > 3 && this.#timeouts[caller] > 0 && rng.chance(0.12);
    if (timeout) this.#timeouts[caller] -= 1;
    this.#host.after(FREEZE_MS + (timeout ? TIMEOUT_MS : 0), () => {
      this.#play(round, ct);
    });
  }

  #reset(money: number): void {
    this.#money[0] = money;
    this.#money[1] = money;
    this.#saved[0] = 0;
    this.#saved[1] = 0;
    this.#losses[0] = 1;
    this.#losses[1] = 1;
  }

  #play(round: number, ct: Team): void {
    const equipment: [number, number] = [this.#buy(0, ct === 0), this.#buy(1, ct === 1)];
    this.#host.publish({
      kind: "freeze_ended",
      game: this.#game,
      round,
      money: [this.#money[0], this.#money[1]],
      equipment,
    });
    const t = (1 - ct) as Team;
    const strength = ct === 0 ? this.#edge : -this.#edge;
    const guns = (PER_THOUSAND * (equipment[ct] - equipment[t])) / 1_000;
    new Cs2Round(this.#host, this.#game, ct, strength + this.#ctBias + guns, (result) => {
      this.#endRound(result, equipment, ct);
    }).start();
  }

  /** Buys for a team and says what its equipment is worth. */
  #buy(team: Team, isCt: boolean): number {
    const { rng } = this.#host;
    const saved = this.#saved[team] + PISTOL_EQUIPMENT;
    const bank = this.#money[team];
    const full = FULL_BUY[isCt ? 0 : 1] + rng.between(0, 4_000);
    const pistol = this.#round === 1 || this.#round === HALF + 1;
    const wanted = full > saved ? full - saved : 0;
    const affordable = bank >= wanted * 0.8;
    const force = pistol || affordable || (bank > 9_000 && rng.chance(0.45));
    const spent = Math.round(force ? Math.min(bank * 0.95, wanted) : Math.min(bank, rng.between(500, 3_000)));
    this.#money[team] -= spent;
    return Math.round(saved + spent);
  }

  #endRound(result: RoundResult, equipment: [number, number], ct: Team): void {
    const { winner, how, alive, kills } = result;
    const loser = (1 - winner) as Team;
    this.#score[winner] += 1;
    for (const team of [0, 1] as const) {
      this.#saved[team] =
        Math.round((equipment[team] * alive[team]) / PLAYERS) * (alive[team] > 0 ? 0.95 : 0);
      this.#money[team] += kills[team] * 300;
    }
    this.#money[winner] += PLAYERS * (how === "bombExploded" || how === "bombDefused" ? 3_500 : 3_250);
    this.#money[loser] += PLAYERS * LOSS_BONUS[this.#losses[loser]]!;
    if (result.planted && loser !== ct) this.#money[loser] += 800 * PLAYERS;
    this.#losses[loser] = Math.min(4, this.#losses[loser] + 1);
    this.#losses[winner] = Math.max(0, this.#losses[winner] - 1);
    for (const team of [0, 1] as const) this.#money[team] = Math.min(MAX_MONEY, this.#money[team]);
    this.#host.publish({
      kind: "round_ended",
      game: this.#game,
      round: this.#round,
      winner,
      how,
      score: [this.#score[0], this.#score[1]],
      money: [this.#money[0], this.#money[1]],
    });
    const over = mapWinner(this.#score[0], this.#score[1]);
    if (over !== undefined) {
      this.#host.finished(over);
      return;
    }
    const half =
      this.#round === HALF || (this.#round >= 2 * HALF && (this.#round - 2 * HALF) % OVERTIME_HALF === 0);
    this.#host.after(AFTER_ROUND_MS + (half ? HALF_TIME_MS : 0), () => {
      this.#startRound();
    });
  }
}
