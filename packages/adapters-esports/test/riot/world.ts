import type { Clock } from "@matchpoint/sdk";
import { EPOCH } from "../support.ts";
import type { Answer, FakeProvider } from "../server.ts";
import { detailsFrame, frame, window } from "./messages.ts";

/** A game that the world plays: a frame a second from its start, in ms after the epoch. */
export interface PlayedGame {
  readonly id: string;
  readonly startMs: number;
  endMs?: number;
  /** Paused between these, in ms after the epoch. */
  readonly pauses?: readonly (readonly [number, number])[];
  /** Its feed has no frames after this. */
  readonly deadMs?: number;
}

const STEP_MS = 10_000;

/** Riot's two hosts on one port: the gateway says what the test says, the live statistics follow the clock. */
export class RiotWorld {
  event: object = {};
  games: readonly PlayedGame[] = [];
  schedule: object = {};
  live: object = {};
  /** Windows that are newer than this are refused. */
  lagMs = 45_000;
  /** Answered instead, when set. */
  override: ((path: string) => Answer | undefined) | undefined;
  readonly refused: string[] = [];
  readonly #clock: Clock;

  constructor(server: FakeProvider, clock: Clock) {
    this.#clock = clock;
    server.onRequest = (path) => this.override?.(path) ?? this.#answer(new URL(path, "http://riot"));
  }

  #answer(url: URL): Answer {
    switch (url.pathname) {
      case "/persisted/gw/getEventDetails":
        return { status: 200, body: this.event };
      case "/persisted/gw/getSchedule":
        return { status: 200, body: this.schedule };
      case "/persisted/gw/getLive":
        return { status: 200, body: this.live };
      default:
        return this.#stats(url);
    }
  }

  #stats(url: URL): Answer {
    const [, what, id] = /^\/livestats\/v1\/(window|details)\/(\w+)$/.exec(url.pathname) ?? [];
    const game = this.games.find((each) => each.id === id);
    if (game === undefined || what === undefined) return { status: 404 };
    const now = this.#clock.wall() - EPOCH;
    const asked = url.searchParams.get("startingTime");
    const from = asked === null ? game.startMs : Date.parse(asked) - EPOCH;
    if (asked !== null && (from % STEP_MS !== 0 || from > now - this.lagMs)) {
      this.refused.push(asked);
      return { status: 400, body: { message: "BadQueryParameter" } };
    }
    const frames: number[] = [];
    const until = Math.min(from + STEP_MS, now - this.lagMs + STEP_MS, game.deadMs ?? Infinity);
    for (let at = Math.max(from, game.startMs); at < until && at <= (game.endMs ?? Infinity); at += 1_000) {
      frames.push(at);
    }
    if (frames.length === 0) return { status: 204, body: "" };
    if (what === "details")
      return { status: 200, body: { frames: frames.map((at) => detailsFrame(at, 1, 1)) } };
    return {
      status: 200,
      body: window(
        game.id,
        frames.map((at) => frameAt(game, at)),
      ),
    };
  }
}

function frameAt(game: PlayedGame, at: number): object {
  const paused = game.pauses?.some(([from, to]) => at >= from && at < to) === true;
  const state =
    game.endMs !== undefined && at + 1_000 > game.endMs ? "finished" : paused ? "paused" : "in_game";
  const seconds = Math.floor((at - game.startMs) / 1_000);
  return frame(at, { gold: 2_500 + 30 * seconds, kills: Math.floor(seconds / 60) }, {}, state);
}
