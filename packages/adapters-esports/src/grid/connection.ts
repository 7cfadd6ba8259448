import {
  isMatchpointError,
  type CancelTimer,
  type Clock,
  type MatchDescription,
  type Socket,
  type SocketHandlers,
  type Transport,
} from "@matchpoint/sdk";
import { Backoff, type AttemptBudget } from "../common/attempts.ts";
import type { FeedRun } from "../common/feedRun.ts";
import type { MatchConnection } from "../common/matchFeed.ts";
import { redactedMessage } from "../common/redact.ts";
import { requestWithin } from "../common/requestWithin.ts";
import { sleep } from "../common/sleep.ts";
import { Watchdog } from "../common/watchdog.ts";
import type { GridDecoder } from "./decoderApi.ts";
import { gridStateQuery } from "./state.ts";

/** What a connection needs. */
export interface GridConnectionOptions {
  readonly match: MatchDescription;
  readonly seriesId: string;
  readonly decoder: GridDecoder;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly run: FeedRun;
  /** Shared by all connections that use one key. */
  readonly budget: AttemptBudget;
  /** Questions for states that the key has left; shared like the attempts. */
  readonly stateBudget: AttemptBudget;
  readonly apiKey: () => Promise<{ reveal(): string }>;
  readonly socketUrl: string;
  readonly httpUrl: string;
  readonly staleMs: number;
  readonly idleStaleMs: number;
}

/** The first frame when `useConfig=true`: everything, without the full states that multiply the volume. */
const CONFIG_FRAME = JSON.stringify({
  rules: [
    {
      eventTypeMatcher: { actor: "*", action: "*", target: "*" },
      exclude: false,
      includeFullState: false,
    },
  ],
});
/** GRID sends frames beyond 5 MB. */
const MAX_PAYLOAD = 16 * 1024 * 1024;
/** Reconnecting sooner runs into GRID's limit of connection attempts. */
const RECONNECT_MS = 12_000;
const RECONNECT_LIMIT_MS = 60_000;
/** How long a gap may last before it is asked for: a swapped pair of frames mends itself. */
const GAP_GRACE_MS = 2_000;
const STATE_RETRY_MS = 15_000;
const STATE_TIMEOUT_MS = 10_000;
/** How often the feed may end without a result before it is believed. */
const EARLY_ENDS = 3;

/** One series over one socket: connects, catches up, notices gaps and silence, and ends when the series does. */
export class GridConnection implements MatchConnection {
  readonly #o: GridConnectionOptions;
  readonly #backoff = new Backoff(RECONNECT_MS, RECONNECT_LIMIT_MS);
  readonly #dog: Watchdog;
  #socket: Socket | undefined;
  /** Counts sockets: what an old one still has to say is of no interest. */
  #generation = 0;
  #closed = false;
  #key = "";
  #cancelConnect: CancelTimer | undefined;
  #cancelGap: CancelTimer | undefined;
  #cancelState: CancelTimer | undefined;
  #askingState = false;
  #askedFor = 0;
  #earlyEnds = 0;
  #sequence = 0;
  readonly #abort = new AbortController();

  constructor(options: GridConnectionOptions) {
    this.#o = options;
    this.#dog = new Watchdog(options.clock, options.idleStaleMs, (ms) => this.#silent(ms));
  }

  start(): void {
    this.#o.run.opened();
    this.#connectIn(0);
  }

  /** Lets go of everything; says nothing more. */
  stop(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#dog.stop();
    this.#cancelConnect?.();
    this.#cancelGap?.();
    this.#cancelState?.();
    this.#abort.abort();
    this.#drop();
  }

  #health(health: Parameters<FeedRun["health"]>[1], reason: string): void {
    this.#o.run.health(this.#o.match.matchId, health, reason);
  }

  /** The match is done, with `problem` although it may not be over. */
  #finish(problem?: string): void {
    if (this.#closed) return;
    this.stop();
    this.#o.run.done(this.#o.match.matchId, problem);
  }

  #drop(): void {
    this.#generation += 1;
    this.#dog.stop();
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close(1000);
  }

  #connectIn(afterMs: number): void {
    this.#cancelConnect?.();
    this.#cancelConnect = this.#o.clock.after(this.#o.budget.book(afterMs), () => {
      this.#cancelConnect = undefined;
      void this.#connect();
    });
  }

  async #connect(): Promise<void> {
    const generation = (this.#generation += 1);
    this.#health("connecting", `connecting to series ${this.#o.seriesId}`);
    try {
      this.#key = (await this.#o.apiKey()).reveal();
    } catch (error) {
      this.#finish(`the API key could not be read: ${redactedMessage(error)}`);
      return;
    }
    if (this.#closed || generation !== this.#generation) return;
    const resume = this.#sequence === 0 ? "" : `&fromSequenceNumber=${this.#sequence + 1}`;
    const path = `/live-data-feed/series/${encodeURIComponent(this.#o.seriesId)}`;
    const url = `${this.#o.socketUrl}${path}?key=${encodeURIComponent(this.#key)}&useConfig=true${resume}`;
    const early = { opened: false };
    const current = (): boolean => !this.#closed && generation === this.#generation;
    const handlers: SocketHandlers = {
      open: () => {
        early.opened = true;
        if (current()) this.#socket?.send(CONFIG_FRAME);
      },
      frame: (bytes) => {
        if (current()) this.#frame(bytes);
      },
      close: (code, reason) => {
        if (current()) this.#socketClosed(code, reason);
      },
      error: (error) => {
        if (current()) this.#socketFailed(error);
      },
    };
    try {
      this.#socket = this.#o.transport.connect(url, handlers, { maxPayload: MAX_PAYLOAD });
    } catch (error) {
      this.#socketFailed(error);
      return;
    }
    if (early.opened) this.#socket.send(CONFIG_FRAME); // a transport that opens at once
    this.#dog.limit(this.#o.idleStaleMs);
    this.#dog.start();
  }

  #frame(bytes: Uint8Array): void {
    const { decoder, run } = this.#o;
    const { quarantined } = decoder.stats;
    decoder.decode(bytes, 0, bytes.length, run.stamp(), run.emit);
    // What cannot be read is no sign of life: who says nothing else is silent.
    if (decoder.stats.quarantined === quarantined) this.#dog.touch();
    this.#look();
  }

  /** Draws the consequences of what the decoder knows now. */
  #look(): void {
    const status = this.#o.decoder.status(this.#o.match.matchId);
    if (status === undefined) return;
    if (status.sequence > this.#sequence) {
      this.#sequence = status.sequence;
      this.#earlyEnds = 0;
      this.#backoff.reset();
    }
    this.#dog.limit(status.playing ? this.#o.staleMs : this.#o.idleStaleMs);
    if (status.gapped) this.#watchGap();
    else if (status.needsState) this.#health("invalid", "a transaction could not be read");
    else if (!status.valid) this.#health("invalid", "GRID has invalidated its data");
    else if (this.#sequence === 0) return;
    else if (status.fresh) this.#health("live", "transactions are current");
    else this.#health("replaying", `catching up from transaction ${status.sequence}`);
    if (status.needsState && this.#cancelState === undefined) void this.#askState();
  }

  #watchGap(): void {
    if (this.#cancelGap !== undefined) return;
    const missing = this.#sequence + 1;
    this.#cancelGap = this.#o.clock.after(GAP_GRACE_MS, () => {
      this.#cancelGap = undefined;
      if (this.#o.decoder.status(this.#o.match.matchId)?.gapped !== true) return;
      if (this.#socket === undefined) return; // already on the way
      if (this.#sequence + 1 > missing)
        this.#watchGap(); // it is being filled
      else if (this.#askedFor === missing)
        void this.#askState(); // asked for, and not there
      else {
        this.#askedFor = missing;
        this.#health("invalid", `gap: transaction ${missing} is missing`);
        this.#drop();
        this.#connectIn(RECONNECT_MS);
      }
    });
  }

  #silent(ms: number): void {
    this.#health("stale", `no message for ${Math.round(ms / 1000)} s`);
    this.#drop();
    this.#connectIn(this.#backoff.next());
  }

  #socketFailed(error: unknown): void {
    const text = redactedMessage(error, this.#key);
    if (isMatchpointError(error) && error.code === "FEED_UNAUTHORIZED") {
      this.#finish(`GRID refused the API key for series ${this.#o.seriesId}: ${text}`);
    } else {
      this.#lost(text);
    }
  }

  #socketClosed(code: number, reason: string): void {
    const why = reason === "" ? `code ${code}` : `code ${code}: ${redactedMessage(reason, this.#key)}`;
    if (code === 1000 || code === 1001) void this.#ended(why);
    else this.#lost(`the socket closed with ${why}`);
  }

  #lost(reason: string): void {
    this.#health("down", reason);
    this.#drop();
    this.#connectIn(this.#backoff.next());
  }

  /** The feed says that it is over. When the series is not, its state decides whether that is true. */
  async #ended(why: string): Promise<void> {
    this.#drop();
    if (this.#over()) {
      this.#finish();
      return;
    }
    await this.#askState();
    if (this.#closed) return;
    if (this.#over()) {
      this.#finish();
      return;
    }
    this.#earlyEnds += 1;
    if (this.#earlyEnds < EARLY_ENDS) this.#lost(`the feed ended (${why}) but the series has no result`);
    else this.#finish(`the feed ended ${EARLY_ENDS} times (${why}) and the series has no result`);
  }

  #over(): boolean {
    const status = this.#o.decoder.status(this.#o.match.matchId);
    return status !== undefined && status.over && !status.gapped && status.valid;
  }

  /** Asks for the series' state in place of transactions that cannot be had, and again while they are missing. */
  async #askState(): Promise<void> {
    if (this.#askingState) return;
    this.#askingState = true;
    this.#cancelState?.();
    this.#cancelState = undefined;
    const { decoder, match, run, clock, stateBudget } = this.#o;
    await sleep(clock, stateBudget.book(), this.#abort.signal);
    const refused = await this.#requestState();
    if (this.#closed) return;
    this.#look(); // still asking: it does not ask again by itself
    this.#askingState = false;
    const status = decoder.status(match.matchId);
    if (status === undefined || (!status.gapped && !status.needsState)) return;
    if (refused !== undefined) run.health(match.matchId, "invalid", refused);
    this.#cancelState = clock.after(STATE_RETRY_MS, () => {
      this.#cancelState = undefined;
      void this.#askState();
    });
  }

  /** Returns why there is no answer, if there is none. */
  async #requestState(): Promise<string | undefined> {
    const { transport, clock, decoder, run, seriesId, httpUrl } = this.#o;
    if (this.#abort.signal.aborted) return undefined;
    try {
      const answer = await requestWithin(transport, clock, STATE_TIMEOUT_MS, {
        method: "POST",
        url: `${httpUrl}/live-data-feed/series-state/graphql`,
        headers: { "content-type": "application/json", "x-api-key": this.#key },
        body: JSON.stringify({ query: gridStateQuery(seriesId) }),
        signal: this.#abort.signal,
      });
      if (this.#closed) return undefined;
      if (answer.status !== 200) return `the series state was refused with HTTP ${answer.status}`;
      const outcome = decoder.adopt(answer.body, run.stamp(), run.emit);
      return outcome === "adopted" ? undefined : `the series state is ${outcome}`;
    } catch (error) {
      return redactedMessage(error, this.#key);
    }
  }
}
