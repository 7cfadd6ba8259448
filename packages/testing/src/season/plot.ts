import type { Team, Title } from "@matchpoint/sdk";
import type { Prng } from "../simulator/prng.ts";
import { Chronicle } from "./world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What is out of the ordinary about a match, with its share of all matches in thousandths. */
export const TURNS = {
  rollback: 90,
  rollback_after_end: 40,
  remake: 70,
  forfeit_before_start: 25,
  walkover: 20,
  forfeit_in_game: 30,
  disqualified: 25,
  postponed_played: 35,
  postponed_for_good: 12,
  cancelled: 20,
  cancelled_then_played: 10,
  reversed: 25,
} as const;

/** A turn that a match takes, or none. */
export type Turn = keyof typeof TURNS | "none";

/** Draws a turn. */
export function drawTurn(rng: Prng): Turn {
  let left = rng.between(0, 1_000);
  for (const [turn, share] of Object.entries(TURNS)) {
    left -= share;
    if (left < 0) return turn as Turn;
  }
  return "none";
}

function other(team: Team): Team {
  return team === 0 ? 1 : 0;
}

/** One match from its schedule to its last word. Written by hand from the rules of the titles, not from the engine's. */
export class Plot {
  readonly story: Chronicle;
  readonly #rng: Prng;
  readonly #title: Title;
  readonly #strength: number;
  readonly #turn: Turn;
  /** The game in which the turn comes. */
  readonly #turnGame: number;
  #turned = false;

  constructor(rng: Prng, title: Title, bestOf: number, turn: Turn) {
    this.#rng = rng;
    this.#title = title;
    this.#turn = turn;
    this.#strength = rng.between(0.4, 0.6);
    this.story = new Chronicle(bestOf);
    this.#turnGame = rng.int(1, Math.max(1, Math.min(2, bestOf)));
  }

  /** Writes the whole match. */
  write(): Chronicle {
    if (this.#beforeStart()) return this.story;
    const { story } = this;
    story.now += this.#rng.between(0, 6 * MINUTE);
    story.set({ started: true, off: undefined });
    for (let game = 1; ; game++) {
      story.now += this.#rng.between(30_000, 8 * MINUTE);
      if (!this.#play(game)) break;
      story.now += this.#rng.between(500, 4_000);
      if (story.finish()) break;
      if (this.#turn === "disqualified" && game === this.#turnGame) {
        this.#disqualify(game);
        break;
      }
    }
    if (this.#turn === "reversed") this.#reverse();
    return this.story;
  }

  /** Whether the match ends before it starts. */
  #beforeStart(): boolean {
    const rng = this.#rng;
    const { story } = this;
    story.now = -rng.between(2 * MINUTE, 30 * MINUTE);
    const favourite: Team = rng.chance(0.5) ? 0 : 1;
    switch (this.#turn) {
      case "forfeit_before_start":
        story.set({ winner: favourite, forfeit: true, ended: true });
        return true;
      case "walkover":
        story.set({ off: "walkover" });
        return true;
      case "cancelled":
        story.set({ off: "cancelled" });
        return true;
      case "postponed_for_good":
        story.set({ off: "postponed" });
        return true;
      case "cancelled_then_played":
      case "postponed_played":
        story.set({ off: this.#turn === "cancelled_then_played" ? "cancelled" : "postponed" });
        story.now += rng.between(HOUR, 2 * DAY);
        if (rng.chance(0.5)) story.set({ off: undefined });
        story.now += HOUR;
        return false;
      default:
        story.now = 0;
        return false;
    }
  }

  /** Plays a game; false when the series ended in it. */
  #play(game: number): boolean {
    const rng = this.#rng;
    const { story } = this;
    const mine = !this.#turned && game === this.#turnGame;
    story.setGame(game, { started: true, ref: game * 100, score: [0, 0], clockMs: 0 });
    if (mine && this.#turn === "remake") {
      this.#turned = true;
      this.#stretch(game, rng.int(2, 7));
      story.now += rng.between(5_000, 6 * MINUTE);
      const ref = story.game(game).ref + 1;
      const afresh = { ref, score: [0, 0] as const, clockMs: 0, paused: false };
      story.setGame(game, afresh, { kind: "remake", game });
    }
    if (mine && this.#turn === "rollback") {
      this.#turned = true;
      const seen = this.#stretch(game, rng.int(3, 9));
      const to = seen[Math.max(0, seen.length - 1 - rng.int(1, 3))]!;
      story.now += rng.between(1_000, 3 * MINUTE);
      story.setGame(game, { score: to.score, clockMs: to.clockMs }, { kind: "rollback", game });
    }
    if (mine && this.#turn === "forfeit_in_game") {
      this.#turned = true;
      this.#stretch(game, rng.int(1, 8));
      const winner: Team = rng.chance(0.5) ? 0 : 1;
      story.now += rng.between(MINUTE, 10 * MINUTE);
      story.setGame(game, { winner, forfeit: true });
      story.now += rng.between(1_000, MINUTE);
      story.set({ winner, forfeit: true, ended: true });
      return false;
    }
    if (rng.chance(0.15)) {
      this.#stretch(game, 2);
      story.setGame(game, { paused: true });
      story.now += rng.between(MINUTE, 12 * MINUTE);
      story.setGame(game, { paused: false });
    }
    this.#toTheEnd(game);
    if (mine && this.#turn === "rollback_after_end") {
      this.#turned = true;
      const { winner, score } = story.game(game);
      const before: [number, number] = [...score];
      before[winner!] = Math.max(0, before[winner!] - 1);
      story.now += rng.between(10_000, 3 * MINUTE);
      story.setGame(game, { winner: undefined, score: before }, { kind: "rollback", game });
      this.#toTheEnd(game);
    }
    return true;
  }

  /** Goes on for some rounds or minutes, short of the end. Returns where the game stood. */
  #stretch(
    game: number,
    steps: number,
  ): readonly { readonly score: readonly [number, number]; readonly clockMs: number }[] {
    const seen = [this.story.game(game)];
    for (let step = 0; step < steps; step++) {
      this.#step(game);
      seen.push(this.story.game(game));
    }
    return seen;
  }

  #step(game: number): void {
    const rng = this.#rng;
    const { story } = this;
    const { score, clockMs } = story.game(game);
    const winner: Team = rng.chance(this.#strength) ? 0 : 1;
    const next: [number, number] = [...score];
    if (this.#rounds) {
      story.now += rng.between(45_000, 140_000);
      next[winner] += 1;
    } else {
      const minutes = rng.int(1, 3);
      story.now += minutes * MINUTE;
      next[winner] += rng.int(0, 2);
      story.setGame(game, { score: next, clockMs: clockMs + minutes * MINUTE });
      return;
    }
    const ended = this.#over(next) ? winner : undefined;
    story.setGame(game, { score: next, winner: ended });
  }

  get #rounds(): boolean {
    return this.#title === "cs2" || this.#title === "valorant";
  }

  /** 13 rounds; from 12-12 in Valorant two ahead, in CS2 four of blocks of six. */
  #over([a, b]: readonly [number, number]): boolean {
    const most = Math.max(a, b);
    if (Math.min(a, b) < 12) return most === 13;
    if (this.#title === "valorant") return Math.abs(a - b) === 2;
    for (let won = 16; won <= most; won += 3) if (most === won && a + b < 2 * won - 1) return true;
    return false;
  }

  #toTheEnd(game: number): void {
    const { story } = this;
    const rng = this.#rng;
    if (this.#rounds) {
      while (story.game(game).winner === undefined) this.#step(game);
      return;
    }
    const end = rng.between(20, 48) * MINUTE;
    do this.#step(game);
    while (story.game(game).clockMs < end);
    story.now += rng.between(1_000, 50_000);
    story.setGame(game, { winner: rng.chance(this.#strength) ? 0 : 1 });
  }

  /** A team is out after a game: the rest is given to the other by default. */
  #disqualify(after: number): void {
    const rng = this.#rng;
    const { story } = this;
    const winner: Team = rng.chance(0.5) ? 0 : 1;
    story.now += rng.between(MINUTE, 15 * MINUTE);
    for (let game = after + 1; story.view.maps[winner] < story.needed && game <= story.bestOf; game++)
      story.setGame(game, { winner, forfeit: true });
    story.set({ winner, forfeit: true, ended: true });
  }

  /** The officials overturn the result of the series. */
  #reverse(): void {
    const { story } = this;
    const { winner } = story.view;
    if (winner === undefined) return;
    story.now += this.#rng.between(5 * MINUTE, 3 * HOUR);
    story.set({ winner: other(winner), forfeit: true }, { kind: "correction", game: 0 });
  }
}
