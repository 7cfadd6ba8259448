import type { GameProgress, Team } from "@matchpoint/sdk";
import type { StoryGame } from "../storyWorld.ts";

/** What a frame's `gameState` can be. */
export type FrameState = "in_game" | "paused" | "finished";

/** A game at one moment. */
export interface TapedMoment {
  readonly at: number;
  readonly state: FrameState;
  readonly progress: GameProgress;
  /** The team on the blue side. */
  readonly blue: Team;
}

const FRAME_MS = 1_000;
/** Frames that come after the end. */
const CODA_MS = 3_000;

/** What the live statistics keep of one game id: a frame a second, from its first to a few after its end. */
export class FrameTape {
  readonly startedAt: number;
  readonly #moments: TapedMoment[] = [];
  #cutAt = Infinity;

  constructor(startedAt: number) {
    this.startedAt = startedAt;
  }

  /** The game has changed. */
  note(game: StoryGame, at: number): void {
    const state = game.status === "finished" ? "finished" : game.paused ? "paused" : "in_game";
    this.#moments.push({ at, state, progress: game.progress, blue: game.firstSide });
    this.#cutAt = Infinity;
  }

  /** Nothing comes any more: the game was broken off. */
  cut(at: number): void {
    if (this.#moments.at(-1)?.state !== "finished") this.#cutAt = Math.min(this.#cutAt, at);
  }

  /** The frames of [from, to). */
  frames(from: number, to: number): readonly TapedMoment[] {
    const first = Math.max(0, Math.ceil((from - this.startedAt) / FRAME_MS));
    const frames: TapedMoment[] = [];
    for (let at = this.startedAt + first * FRAME_MS; at < Math.min(to, this.#cutAt); at += FRAME_MS) {
      const moment = this.#moments.findLast((each) => each.at <= at);
      if (moment === undefined) continue;
      if (moment.state === "finished" && at >= moment.at + CODA_MS) break;
      frames.push({ ...moment, at });
    }
    return frames;
  }
}
