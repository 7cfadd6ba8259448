import {
  MatchpointError,
  type CancelTimer,
  type Clock,
  type HttpResponse,
  type Transport,
} from "@matchpoint/sdk";
import { isJson, parseFrame } from "../common/frame.ts";
import { believable, readTime } from "../common/read.ts";
import { requestWithin } from "../common/requestWithin.ts";
import type { Pace } from "./pace.ts";

/** What a {@link ChangeLog} needs. */
export interface ChangeLogOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly apiToken: () => Promise<{ reveal(): string }>;
  readonly httpUrl: string;
  /** Shared by all that uses the token. */
  readonly pace: Pace;
  readonly timeoutMs: number;
  /** How often it is read while somebody watches. */
  readonly pollMs: number;
}

/** Somebody who wants to hear of changes. */
export interface LogWatcher {
  /** A page of the log: changes of anything, in any order. */
  page(body: Uint8Array): void;
  /** Changes may have been missed: ask for what you follow. */
  missed(): void;
}

const PAGE = 100;
/** Pages that one look reads at most. What a longer log says is asked for match by match. */
const MAX_PAGES = 10;
/** The log is read from so long before the first look: their clock and ours differ by less. */
const SLACK_MS = 900_000;
/** Failed looks in a row after which nobody relies on the log. */
const MAX_FAILURES = 3;
const RATE_LIMITED_MS = 60_000;

/**
 * PandaScore's log of changes (`/incidents`), read for all matches that are over: winners are corrected for a day after the
 * end, and to ask for each match every minute for so long would leave nothing of the hour's requests for those being played.
 */
export class ChangeLog {
  readonly #o: ChangeLogOptions;
  readonly #watchers = new Set<LogWatcher>();
  #abort = new AbortController();
  #cancel: CancelTimer | undefined;
  /** Unix ms of the newest change that was read. */
  #since = 0;
  #failures = 0;

  constructor(options: ChangeLogOptions) {
    this.#o = options;
  }

  /** Whether the log can be read. */
  get works(): boolean {
    return this.#failures < MAX_FAILURES;
  }

  /** Begins to tell of changes. */
  watch(watcher: LogWatcher): void {
    this.#watchers.add(watcher);
    if (this.#cancel !== undefined || this.#watchers.size > 1) return;
    this.#o.pace.join(this, this.#o.pollMs);
    this.#abort = new AbortController();
    this.#since = this.#o.clock.wall() - SLACK_MS;
    this.#later(this.#abort.signal);
  }

  /** Ends it; with the last watcher the log is read no more. */
  leave(watcher: LogWatcher): void {
    if (!this.#watchers.delete(watcher) || this.#watchers.size > 0) return;
    this.#o.pace.leave(this);
    this.#cancel?.();
    this.#cancel = undefined;
    this.#abort.abort();
    this.#failures = 0;
  }

  #later(signal: AbortSignal): void {
    const { pace, pollMs, clock } = this.#o;
    this.#cancel = clock.after(pace.next(this, pollMs), () => void this.#look(signal));
  }

  async #look(signal: AbortSignal): Promise<void> {
    if (this.#o.pace.blockedMs > 0) {
      this.#later(signal); // somebody else was told to wait, and so are all
      return;
    }
    try {
      await this.#read(signal);
      if (!signal.aborted) this.#failures = 0;
    } catch {
      // No match is lost by it: without the log each is asked for more often.
      if (signal.aborted) return;
      this.#failures += 1;
      if (this.#failures === MAX_FAILURES) this.#missed();
    }
    if (!signal.aborted) this.#later(signal);
  }

  /** Reads the pages since the last look. @throws whatever keeps it from that */
  async #read(signal: AbortSignal): Promise<void> {
    let newest = this.#since;
    for (let page = 1; page <= MAX_PAGES; page++) {
      const { body } = await this.#request(page, signal);
      if (signal.aborted) return;
      const entries = parseFrame(body, 0, body.length);
      if (!Array.isArray(entries)) throw new MatchpointError("HTTP_RESPONSE_INVALID", "the log is no list");
      for (const entry of entries as readonly unknown[]) newest = Math.max(newest, this.#timeOf(entry));
      if (entries.length > 0) for (const watcher of [...this.#watchers]) watcher.page(body);
      if (entries.length >= PAGE) continue;
      this.#since = newest;
      return;
    }
    this.#since = newest;
    this.#missed();
  }

  #timeOf(entry: unknown): number {
    const time = isJson(entry) ? readTime(entry["modified_at"]) : undefined;
    return believable(time, this.#o.clock.wall()) ?? 0;
  }

  async #request(page: number, signal: AbortSignal): Promise<HttpResponse> {
    const { transport, clock, httpUrl, apiToken, pace, timeoutMs } = this.#o;
    const query = new URLSearchParams({
      since: new Date(this.#since).toISOString(),
      "page[size]": String(PAGE),
      "page[number]": String(page),
    });
    const token = (await apiToken()).reveal();
    const answer = await requestWithin(transport, clock, timeoutMs, {
      url: `${httpUrl}/incidents?${query.toString()}`,
      headers: { authorization: `Bearer ${token}`, accept: "application/json" },
      signal,
    });
    pace.note(answer.headers["x-rate-limit-remaining"]);
    if (answer.status === 200) return answer;
    if (answer.status === 429) {
      const seconds = Number(answer.headers["retry-after"]);
      pace.block(seconds > 0 && seconds <= 3600 ? seconds * 1000 : RATE_LIMITED_MS);
    }
    throw new MatchpointError("HTTP_FAILED", `the log was refused with HTTP ${answer.status}`);
  }

  #missed(): void {
    for (const watcher of [...this.#watchers]) watcher.missed();
  }
}
