import {
  NANOS_PER_MS,
  type CancelTimer,
  type Clock,
  type FeedHealth,
  type HttpResponse,
  type MatchDescription,
  type Nanos,
  type Transport,
} from "@matchpoint/sdk";
import type { FeedRun } from "../common/feedRun.ts";
import type { MatchConnection } from "../common/matchFeed.ts";
import { redactedMessage } from "../common/redact.ts";
import { requestWithin } from "../common/requestWithin.ts";
import type { ChangeLog, LogWatcher } from "./changeLog.ts";
import type { PandascoreDecoder, PandascoreStatus } from "./decoderApi.ts";
import { LiveSocket, type LiveSocketOptions } from "./liveSocket.ts";
import type { Pace } from "./pace.ts";

/** What a connection needs. */
export interface PandascoreConnectionOptions {
  readonly match: MatchDescription;
  /** PandaScore's id of the match. */
  readonly matchRef: string;
  readonly decoder: PandascoreDecoder;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly run: FeedRun;
  readonly apiToken: () => Promise<{ reveal(): string }>;
  readonly httpUrl: string;
  readonly socketUrl: string;
  readonly events: boolean;
  readonly pollMs: number;
  /** Shared by all matches of the token. */
  readonly pace: Pace;
  /** Shared by all matches of the token. */
  readonly log: ChangeLog;
  readonly staleMs: number;
  readonly timeoutMs: number;
  readonly correctionWatchMs: number;
}

/** Between games and before the first, frames may be rare. */
const IDLE_STALE_MS = 600_000;
const RATE_LIMITED_MS = 60_000;
/** Most corrections come soon after the end; later ones are in the log of changes, and the match is asked for rarely. */
const OFTEN_AFTER_END_MS = 600_000;
const RARELY_MS = 3_600_000;
/** Before a match, and while it has no date, there is little to ask for. Sockets open a quarter of an hour before it. */
const EARLY_MS = 1_500_000;
const EARLY_POLL_MS = 300_000;
/** How rarely while the log cannot be read. */
const WITHOUT_LOG_MS = 300_000;
/** Failed polls in a row after which REST is down. */
const MAX_FAILURES = 3;
const OVER = new Set(["finished", "canceled"]);

/** One match: polls REST all the time, and listens to its sockets while they are open. */
export class PandascoreConnection implements MatchConnection {
  readonly #o: PandascoreConnectionOptions;
  readonly #frames: LiveSocket;
  readonly #events: LiveSocket | undefined;
  #closed = false;
  #cancelPoll: CancelTimer | undefined;
  #cancelWatch: CancelTimer | undefined;
  #failures = 0;
  /** Since when the match is over. */
  #overAt: Nanos | undefined;
  /** Why there are no frames although there should be. */
  #framesLost: string | undefined;
  #framesOver = false;
  readonly #watcher: LogWatcher = {
    page: (body) => {
      this.#readLog(body);
    },
    missed: () => {
      this.#pollIn(0);
    },
  };
  readonly #abort = new AbortController();

  constructor(options: PandascoreConnectionOptions) {
    this.#o = options;
    const base = `${options.socketUrl}/matches/${encodeURIComponent(options.matchRef)}`;
    this.#frames = new LiveSocket(this.#framesOptions(base));
    this.#events = options.events ? new LiveSocket(this.#eventsOptions(`${base}/events`)) : undefined;
  }

  start(): void {
    this.#o.run.opened();
    this.#o.pace.join(this, this.#o.pollMs);
    this.#health("connecting", `asking for match ${this.#o.matchRef}`);
    void this.#poll();
  }

  /** Lets go of everything; says nothing more. */
  stop(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#o.pace.leave(this);
    this.#o.log.leave(this.#watcher);
    this.#cancelPoll?.();
    this.#cancelWatch?.();
    this.#abort.abort();
    this.#frames.close();
    this.#events?.close();
  }

  #finish(problem?: string): void {
    if (this.#closed) return;
    this.stop();
    this.#o.run.done(this.#o.match.matchId, problem);
  }

  #health(health: FeedHealth, reason: string): void {
    this.#o.run.health(this.#o.match.matchId, health, reason);
  }

  /** The socket of frames: its state is the match's. */
  #framesOptions(url: string): LiveSocketOptions {
    const lost = (reason: string | undefined): void => {
      this.#framesLost = reason;
      this.#look();
    };
    return {
      ...this.#socketOptions(url),
      opened: ignore,
      frame: (bytes) => {
        this.#readFrame(bytes);
      },
      lost,
      silent: lost,
      ended: (why, reason) => {
        if (why !== "unauthorized") {
          this.#framesOver = true;
          lost(undefined);
        }
        this.#socketEnded(why, reason);
      },
    };
  }

  /** The socket of events, which add nothing to health that frames do not say. */
  #eventsOptions(url: string): LiveSocketOptions {
    const { decoder, run } = this.#o;
    return {
      ...this.#socketOptions(url),
      opened: this.#recover,
      frame: (bytes) => {
        decoder.decode(bytes, 0, bytes.length, run.stamp(), run.emit);
        this.#look();
      },
      lost: ignore,
      silent: ignore,
      ended: (why, reason) => {
        this.#socketEnded(why, reason);
      },
    };
  }

  #socketOptions(url: string): Pick<LiveSocketOptions, "transport" | "clock" | "url" | "idleMs" | "token"> {
    const { transport, clock, apiToken } = this.#o;
    return {
      transport,
      clock,
      url,
      idleMs: IDLE_STALE_MS,
      token: async () => (await apiToken()).reveal(),
    };
  }

  #readFrame(bytes: Uint8Array): void {
    const { decoder, match, run } = this.#o;
    const stamp = run.stamp();
    const { quarantined } = decoder.stats;
    decoder.decode(bytes, 0, bytes.length, stamp, run.emit);
    if (decoder.stats.quarantined > quarantined) this.#framesLost = "a frame could not be read";
    else if (decoder.status(match.matchId)?.framedAt === stamp.at) this.#framesLost = undefined;
    this.#look();
  }

  #socketEnded(why: Parameters<LiveSocketOptions["ended"]>[0], reason: string): void {
    if (why === "unauthorized")
      this.#finish(`PandaScore refused the token for match ${this.#o.matchRef}: ${reason}`);
    else if (why === "finished" && !this.#closed) this.#pollIn(0);
  }

  /** Asks for the events that were missed. PandaScore offers it for LoL and CS; elsewhere one just goes on. */
  readonly #recover = (send: (text: string) => void, again: boolean): void => {
    const { title, matchId } = this.#o.match;
    const gameId = Number(this.#o.decoder.status(matchId)?.gameId);
    if (again && (title === "lol" || title === "cs2") && Number.isSafeInteger(gameId)) {
      send(JSON.stringify({ type: "recover", payload: { game_id: gameId } }));
    }
  };

  #look(): void {
    if (this.#closed) return;
    const status = this.#o.decoder.status(this.#o.match.matchId);
    if (status === undefined) return;
    if (this.#wantsSockets(status)) {
      this.#frames.open();
      this.#events?.open();
    } else {
      this.#frames.close();
      this.#events?.close();
      this.#framesLost = undefined;
    }
    this.#frames.limit(status.playing ? this.#o.staleMs : IDLE_STALE_MS);
    if (this.#failures >= MAX_FAILURES) return; // said where it happened
    if (this.#framesLost !== undefined) this.#health("stale", `frames: ${this.#framesLost}`);
    else if (this.#framesOver) this.#health("live", "by polls only: there are no frames");
    else if (status.status !== "") this.#health("live", "answers are current");
  }

  #wantsSockets(status: PandascoreStatus): boolean {
    if (!status.liveSupported || this.#framesOver || OVER.has(status.status)) return false;
    return (
      status.status === "running" || (status.opensAt !== undefined && status.opensAt <= this.#o.clock.wall())
    );
  }

  #pollIn(ms: number): void {
    this.#cancelPoll?.();
    this.#cancelPoll = this.#o.clock.after(ms, () => void this.#poll());
  }

  async #poll(): Promise<void> {
    const { transport, clock, httpUrl, matchRef, timeoutMs, pace } = this.#o;
    this.#cancelPoll?.();
    this.#cancelPoll = undefined;
    if (pace.blockedMs > 0) {
      this.#pollIn(pace.blockedMs); // another match was told to wait, and so are all
      return;
    }
    let token = "";
    try {
      token = (await this.#o.apiToken()).reveal();
      const answer = await requestWithin(transport, clock, timeoutMs, {
        url: `${httpUrl}/matches/${encodeURIComponent(matchRef)}`,
        headers: { authorization: `Bearer ${token}`, accept: "application/json" },
        signal: this.#abort.signal,
      });
      pace.note(answer.headers["x-rate-limit-remaining"]);
      this.#answered(answer);
    } catch (error) {
      this.#failed(redactedMessage(error, token));
    }
    if (!this.#closed) this.#pollIn(pace.next(this, this.#wantedMs()));
  }

  /** How often this match wants to be polled: what is far off, or over for long, changes rarely. */
  #wantedMs(): number {
    const { pollMs, clock, log, decoder, match } = this.#o;
    const overForMs = this.#overAt === undefined ? 0 : (clock.monotonic() - this.#overAt) / NANOS_PER_MS;
    if (overForMs > OFTEN_AFTER_END_MS) {
      log.watch(this.#watcher); // which says what changes
      return Math.max(pollMs, log.works ? RARELY_MS : WITHOUT_LOG_MS);
    }
    log.leave(this.#watcher);
    const { status = "", scheduledAt = 0 } = decoder.status(match.matchId) ?? {};
    const early = status === "not_started" && clock.wall() < scheduledAt - EARLY_MS;
    return early || status === "postponed" ? Math.max(pollMs, EARLY_POLL_MS) : pollMs;
  }

  #readLog(body: Uint8Array): void {
    const { decoder, match, matchRef, run } = this.#o;
    const stamp = run.stamp();
    decoder.decode(body, 0, body.length, stamp, run.emit);
    const status = decoder.status(match.matchId);
    if (status?.deleted === true) this.#finish(`PandaScore has deleted match ${matchRef}`);
    else if (status?.polledAt === stamp.at) {
      this.#watchEnd();
      this.#look();
      if (this.#overAt === undefined) this.#pollIn(0); // it goes on
    }
  }

  #answered(answer: HttpResponse): void {
    const { matchRef, pace } = this.#o;
    if (this.#closed) return;
    switch (answer.status) {
      case 200:
        this.#read(answer.body);
        return;
      case 401:
        this.#finish(`PandaScore refused the token for match ${matchRef}`);
        return;
      case 403:
        this.#finish(`the PandaScore plan does not include match ${matchRef}`);
        return;
      case 404:
        this.#finish(`PandaScore knows no match ${matchRef}: check the match's refs`);
        return;
      case 429: {
        const seconds = Number(answer.headers["retry-after"]);
        this.#failed("too many requests this hour");
        pace.block(seconds > 0 && seconds <= 3600 ? seconds * 1000 : RATE_LIMITED_MS);
        return;
      }
      default:
        this.#failed(`HTTP ${answer.status}`);
    }
  }

  /** An answer that says nothing of the match is as good as none. */
  #read(body: Uint8Array): void {
    const { decoder, match, run } = this.#o;
    const stamp = run.stamp();
    decoder.decode(body, 0, body.length, stamp, run.emit);
    if (decoder.status(match.matchId)?.polledAt !== stamp.at) {
      this.#failed("the answer could not be read");
      return;
    }
    this.#failures = 0;
    this.#watchEnd();
    this.#look();
  }

  #failed(reason: string): void {
    if (this.#closed) return;
    this.#failures += 1;
    if (this.#failures >= MAX_FAILURES) this.#health("down", `${this.#failures} polls failed: ${reason}`);
  }

  /** A winner may be corrected after the end: it is watched for a while. */
  #watchEnd(): void {
    const { decoder, match, clock, correctionWatchMs } = this.#o;
    const over = OVER.has(decoder.status(match.matchId)?.status ?? "");
    if (!over) {
      this.#cancelWatch?.();
      this.#cancelWatch = undefined;
      this.#overAt = undefined;
    } else {
      this.#overAt ??= clock.monotonic();
      this.#cancelWatch ??= clock.after(correctionWatchMs, () => this.#finish());
    }
  }
}

function ignore(): void {
  // nothing to do
}
