import type { GameProgress, Millis, Nanos, Team } from "@matchpoint/sdk";

type Pair = readonly [number, number];

/** One frame of the live statistics, its sides already turned into the match's teams. */
export interface LiveReading {
  readonly at: Millis;
  /** `in_game`, `paused` or `finished`; another word, or none, leaves the state as it was. */
  readonly state: string | undefined;
  readonly progress: Omit<GameProgress, "clockMs">;
}

/** What a frame of the details feed adds: sums over the participants of each team. */
export interface DetailsReading {
  readonly at: Millis;
  readonly gold: Pair | undefined;
  readonly kills: Pair | undefined;
}

/** What became of a frame. `old`: seen before, or of a time before the last one and of no hole. */
export type LiveOutcome = "taken" | "filled" | "old" | "rewound" | "restarted";

/** A stretch of a running game that was not seen. It may hide a pause, which the clock has to know of. */
interface Hole {
  from: Millis;
  readonly to: Millis;
  state: LiveState;
}

type LiveState = "in_game" | "paused" | "finished";

const STATES: ReadonlySet<string> = new Set<LiveState>(["in_game", "paused", "finished"]);
/** Windows tile with a seam of 0.1 to 0.3 s. Frames further apart than this are taken to have others between them. */
const SEAM_MS = 15_000;
/** More stretches than any game has: what is so full of holes has no clock. */
const MAX_HOLES = 64;
/** A pause that a shorter hole hides does not matter to a clock of minutes until it is filled. */
const BLIND_MS = 120_000;
/** Ten players begin with 500 each: whoever owns no more is at the beginning. */
const START_GOLD = 5_000;
/** Total gold only grows. Less by more than this is an earlier state of the game. */
const GOLD_SLACK = 500;

/**
 * The live statistics of one game, folded frame by frame in the order of their times. The feed has no game clock: it is the
 * time since the first frame in the game without the pauses, and is left out while a long stretch was not seen.
 */
export class LiveGame {
  readonly id: string;
  state: LiveState | undefined;
  /** Time of the latest frame. */
  lastAt: Millis | undefined;
  /** When we received something new. */
  framedAt: Nanos | undefined;
  /** When the feed last answered with frames of the game, new or not. */
  lookedAt: Nanos | undefined;
  #startedAt: Millis | undefined;
  /** False when what the clock rests on is not known. */
  #timed = false;
  #pausedMs = 0;
  #holes: Hole[] = [];
  #stated: LiveReading["progress"] = {};
  #details: DetailsReading | undefined;

  constructor(id: string) {
    this.id = id;
  }

  get seen(): boolean {
    return this.lastAt !== undefined;
  }

  /** Where the earliest stretch begins that was not seen; Unix ms. */
  get hole(): Millis | undefined {
    return this.#timed ? this.#holes[0]?.from : undefined;
  }

  /** Whether frames lack what the details feed could add. */
  get lacking(): boolean {
    return this.seen && (this.#stated.gold === undefined || this.#stated.kills === undefined);
  }

  take(reading: LiveReading): LiveOutcome {
    const { lastAt } = this;
    const state = isState(reading.state) ? reading.state : (this.state ?? "in_game");
    if (lastAt === undefined) {
      this.#begin(reading, state);
      return "taken";
    }
    if (reading.at <= lastAt) return this.#fill(reading.at, state);
    const gap = reading.at - lastAt;
    const back = setBack(this.#stated, reading.progress);
    if (back === "restarted") {
      this.#begin(reading, state);
      this.#timed &&= gap <= SEAM_MS;
      return back;
    }
    if (back === "rewound") {
      this.#untimed(); // nobody says to which minute
    } else if (gap > SEAM_MS && this.state !== "finished") {
      this.#holes.push({ from: lastAt, to: reading.at, state: this.state ?? "in_game" });
      if (this.#holes.length > MAX_HOLES) this.#untimed();
    } else if (this.state === "paused") this.#paused(lastAt, reading.at);
    this.lastAt = reading.at;
    this.state = state;
    if (state === "in_game") this.#startedAt ??= reading.at;
    this.#stated = { ...this.#stated, ...reading.progress };
    return back ?? "taken";
  }

  takeDetails(details: DetailsReading): void {
    if (this.#details === undefined || details.at >= this.#details.at) this.#details = details;
  }

  /** There are no frames up to `until`: the earliest hole is as empty as it looks. */
  passOver(until: Millis): void {
    const hole = this.#holes[0];
    if (hole === undefined || until <= hole.from) return;
    this.#advance(hole, Math.min(until, hole.to) as Millis);
  }

  get progress(): GameProgress {
    const clockMs = this.#clock();
    const near =
      this.#details !== undefined && Math.abs(this.#details.at - (this.lastAt ?? 0)) <= 15_000
        ? this.#details
        : undefined;
    const merged: { -readonly [K in keyof GameProgress]: GameProgress[K] } = { ...this.#stated };
    if (merged.gold === undefined && near?.gold !== undefined) merged.gold = near.gold;
    if (merged.kills === undefined && near?.kills !== undefined) {
      merged.kills = near.kills;
      merged.score = near.kills;
    }
    if (clockMs !== undefined) merged.clockMs = clockMs;
    return merged;
  }

  #begin(reading: LiveReading, state: LiveState): void {
    const { gold, kills } = reading.progress;
    this.lastAt = reading.at;
    this.state = state;
    this.#startedAt = state === "in_game" ? reading.at : undefined;
    this.#timed = gold !== undefined && total(gold) <= START_GOLD && total(kills) === 0;
    this.#pausedMs = 0;
    this.#holes = [];
    this.#stated = reading.progress;
    this.#details = undefined;
  }

  #untimed(): void {
    this.#timed = false;
    this.#holes = [];
  }

  #clock(): number | undefined {
    if (!this.#timed || this.#startedAt === undefined || this.lastAt === undefined) return undefined;
    if (this.#holes.some((hole) => hole.to - hole.from > BLIND_MS)) return undefined;
    return Math.max(0, this.lastAt - this.#startedAt - this.#pausedMs);
  }

  #fill(at: Millis, state: LiveState): LiveOutcome {
    const hole = this.#holes[0];
    if (hole === undefined || at <= hole.from || at >= hole.to) return "old";
    this.#advance(hole, at);
    hole.state = state;
    if (state === "in_game" && (this.#startedAt ?? Infinity) > at) this.#startedAt = at;
    return "filled";
  }

  #advance(hole: Hole, at: Millis): void {
    if (hole.state === "paused") this.#paused(hole.from, at);
    hole.from = at;
    if (hole.to - at > SEAM_MS) return;
    if (hole.state === "paused") this.#paused(at, hole.to);
    this.#holes.shift();
  }

  /** What is paused before the game has begun is no part of it. */
  #paused(from: Millis, to: Millis): void {
    if ((this.#startedAt ?? Infinity) <= from) this.#pausedMs += to - from;
  }
}

function isState(word: string | undefined): word is LiveState {
  return word !== undefined && STATES.has(word);
}

function total(pair: Pair | undefined): number {
  return pair === undefined ? 0 : pair[0] + pair[1];
}

/** Whether a later frame shows an earlier state: of the beginning (the game is played anew) or of some minute (a rollback). */
function setBack(
  before: LiveReading["progress"],
  now: LiveReading["progress"],
): "rewound" | "restarted" | undefined {
  const fell =
    before.gold !== undefined && now.gold !== undefined
      ? total(before.gold) - total(now.gold) > GOLD_SLACK
      : total(before.kills) + total(before.towers) > 2 && total(now.kills) + total(now.towers) === 0;
  if (!fell) return undefined;
  const atStart = total(now.kills) + total(now.towers) === 0 && total(now.gold) <= START_GOLD;
  return atStart ? "restarted" : "rewound";
}

/** Two sides' counts in the order of the match's teams, or `undefined` when one is not given. */
export function pairOf(blue: Team, first: number | undefined, second: number | undefined): Pair | undefined {
  if (first === undefined || second === undefined) return undefined;
  return blue === 0 ? [first, second] : [second, first];
}
