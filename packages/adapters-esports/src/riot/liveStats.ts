import {
  NANOS_PER_MS,
  type CancelTimer,
  type Clock,
  type FrameDecoder,
  type HttpResponse,
  type Millis,
  type Transport,
} from "@matchpoint/sdk";
import { Backoff } from "../common/attempts.ts";
import type { FeedRun } from "../common/feedRun.ts";
import { redactedMessage } from "../common/redact.ts";
import { requestWithin } from "../common/requestWithin.ts";
import type { RiotGameStatus } from "./decoderApi.ts";

/** What a {@link LiveStats} needs. */
export interface LiveStatsOptions {
  readonly gameId: string;
  /** Decodes answers about this game. */
  readonly decoder: FrameDecoder;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly run: FeedRun;
  /** Address of the feed, without `/window`. */
  readonly url: string;
  /** How often to ask for the first frames. */
  readonly idleMs: number;
  readonly backfillMs: number;
  readonly timeoutMs: number;
  /** Ask for details always, or only while windows lack what they have. */
  readonly details: boolean;
  status(): RiotGameStatus | undefined;
  passOver(until: Millis): void;
  /** An answer was read. */
  answered(): void;
  /** A question failed, so many times in a row. */
  failed(reason: string, times: number): void;
}

const STEP_MS = 10_000;
/** Windows that are newer than this are not there yet: 20 to 60 s were seen. */
const LEAST_LAG_MS = 30_000;
const MOST_LAG_MS = 180_000;
/** Windows in a row after which a shorter lag is tried. */
const TRY_NEARER = 30;
/** Beyond this far behind, the present is more important than what lies between; that is fetched later. */
const JUMP_MS = 60_000;
/** Empty answers after which a window is taken to be empty for good. */
const EMPTY = 3;
const RATE_LIMITED_MS = 60_000;

/**
 * Reads the live statistics of one game: first its first frames, which say when it began, then window after window, some
 * 30 to 60 seconds behind the present, and in between what was missed of it.
 */
export class LiveStats {
  readonly #o: LiveStatsOptions;
  readonly #backoff = new Backoff(STEP_MS / 2, 120_000);
  readonly #abort = new AbortController();
  #cancel: CancelTimer | undefined;
  #stopped = false;
  #cursor: Millis | undefined;
  #lagMs = LEAST_LAG_MS;
  #empty = 0;
  #good = 0;
  #failures = 0;

  constructor(options: LiveStatsOptions) {
    this.#o = options;
  }

  start(): void {
    void this.#ask();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#abort.abort();
  }

  /** The window to ask for, or how long until there is one. */
  #due(): { readonly from: Millis } | { readonly waitMs: number } {
    const now = this.#o.clock.wall();
    const target = floorStep(now - this.#lagMs);
    if (this.#cursor === undefined || this.#cursor < target - JUMP_MS) this.#cursor = target;
    if (this.#cursor <= target) return { from: this.#cursor };
    return { waitMs: this.#cursor + this.#lagMs - now };
  }

  async #ask(): Promise<void> {
    this.#cancel = undefined;
    const status = this.#o.status();
    let next: number;
    if (status?.lastAt === undefined) next = await this.#first();
    else {
      const due = this.#due();
      if ("from" in due) next = await this.#window(due.from);
      else if (status.hole !== undefined) next = await this.#backfill(status.hole, due.waitMs);
      else next = due.waitMs;
    }
    if (this.#stopped) return;
    this.#cancel = this.#o.clock.after(next, () => void this.#ask());
  }

  /** Without a time the feed gives the first frames of the game. */
  async #first(): Promise<number> {
    const answer = await this.#request("window", undefined);
    if (answer === undefined) return this.#backoff.next();
    if (answer.status === 200 && !this.#read(answer)) return this.#backoff.next();
    // Nothing, or no such game: it has not begun.
    if (answer.status !== 200 && !isEmpty(answer.status)) return this.#refused(answer);
    this.#succeeded();
    return this.#o.status()?.lastAt === undefined ? this.#o.idleMs : 0;
  }

  async #window(from: Millis): Promise<number> {
    const answer = await this.#request("window", from);
    if (answer === undefined) return this.#backoff.next();
    switch (answer.status) {
      case 200:
        if (!this.#read(answer)) return this.#backoff.next();
        this.#cursor = (from + STEP_MS) as Millis;
        this.#empty = 0;
        this.#nearer();
        if (this.#o.details || this.#o.status()?.lacking === true) await this.#details(from);
        this.#succeeded();
        return this.#wait();
      case 204:
      case 404:
        // Outside the game, or not written yet.
        this.#succeeded();
        this.#empty += 1;
        if (this.#empty >= EMPTY) {
          this.#empty = 0;
          this.#cursor = undefined;
        }
        return STEP_MS;
      case 400:
        this.#good = 0;
        if (this.#lagMs >= MOST_LAG_MS) {
          this.#lagMs = LEAST_LAG_MS;
          this.#cursor = undefined;
          return this.#refused(answer);
        }
        this.#lagMs += STEP_MS; // that window is too new
        return this.#wait();
      default:
        return this.#refused(answer);
    }
  }

  /** Fetches what was not seen, for pauses that it may hide. */
  async #backfill(hole: Millis, waitMs: number): Promise<number> {
    const from = floorStep(hole);
    const answer = await this.#request("window", from);
    if (answer === undefined) return this.#backoff.next();
    if (answer.status === 200 && !this.#read(answer)) return this.#backoff.next();
    if (answer.status !== 200 && answer.status !== 400 && !isEmpty(answer.status)) {
      return this.#refused(answer);
    }
    this.#succeeded();
    this.#o.passOver((from + STEP_MS) as Millis);
    return Math.min(waitMs, this.#o.backfillMs);
  }

  async #details(from: Millis): Promise<void> {
    const answer = await this.#request("details", from);
    if (answer?.status === 200) this.#read(answer);
  }

  async #request(what: "window" | "details", from: Millis | undefined): Promise<HttpResponse | undefined> {
    const { transport, clock, url, gameId, timeoutMs } = this.#o;
    const time = from === undefined ? "" : `?startingTime=${new Date(from).toISOString().slice(0, 19)}Z`;
    try {
      const answer = await requestWithin(transport, clock, timeoutMs, {
        url: `${url}/${what}/${encodeURIComponent(gameId)}${time}`,
        headers: { accept: "application/json" },
        signal: this.#abort.signal,
      });
      return this.#stopped ? undefined : answer;
    } catch (error) {
      this.#fail(redactedMessage(error));
      return undefined;
    }
  }

  /** Returns whether the answer could be read. */
  #read(answer: HttpResponse): boolean {
    if (this.#stopped) return true;
    const { decoder, run } = this.#o;
    const refused: string[] = [];
    decoder.decode(answer.body, 0, answer.body.length, run.stamp(), (event) => {
      if (event.type === "frame_quarantined") refused.push(event.reason);
      run.emit(event);
    });
    if (refused.length > 0) this.#fail("an answer could not be read");
    return refused.length === 0;
  }

  #refused(answer: HttpResponse): number {
    this.#fail(`HTTP ${answer.status}`);
    if (answer.status !== 429) return this.#backoff.next();
    const seconds = Number(answer.headers["retry-after"]);
    return seconds > 0 && seconds <= 3600 ? seconds * 1000 : RATE_LIMITED_MS;
  }

  #fail(reason: string): void {
    if (this.#stopped) return;
    this.#failures += 1;
    this.#o.failed(reason, this.#failures);
  }

  #succeeded(): void {
    if (this.#stopped) return;
    this.#failures = 0;
    this.#backoff.reset();
    this.#o.answered();
  }

  /** Steps toward the present now and then: how new a window may be has changed from week to week. */
  #nearer(): void {
    this.#good += 1;
    if (this.#good < TRY_NEARER || this.#lagMs <= LEAST_LAG_MS) return;
    this.#good = 0;
    this.#lagMs -= STEP_MS;
  }

  #wait(): number {
    const due = this.#due();
    if ("from" in due) return Math.min(this.#o.backfillMs, STEP_MS); // behind: gently
    return this.#o.status()?.hole === undefined ? due.waitMs : Math.min(due.waitMs, this.#o.backfillMs);
  }
}

function isEmpty(status: number): boolean {
  return status === 204 || status === 404;
}

/** The feed takes times in whole tens of seconds. */
function floorStep(at: number): Millis {
  return (Math.floor(at / STEP_MS) * STEP_MS) as Millis;
}

/** Milliseconds between two monotonic times. */
export function msBetween(from: number, to: number): number {
  return (to - from) / NANOS_PER_MS;
}
