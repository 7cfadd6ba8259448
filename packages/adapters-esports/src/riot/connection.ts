import type {
  CancelTimer,
  Clock,
  FeedHealth,
  HttpResponse,
  MatchDescription,
  Transport,
} from "@matchpoint/sdk";
import type { FeedRun } from "../common/feedRun.ts";
import type { MatchConnection } from "../common/matchFeed.ts";
import { redactedMessage } from "../common/redact.ts";
import { requestWithin } from "../common/requestWithin.ts";
import type { RiotDecoder, RiotGameStatus, RiotStatus } from "./decoderApi.ts";
import { gatewayRequest } from "./gatewayRequest.ts";
import { LiveStats, msBetween } from "./liveStats.ts";

/** What a connection needs. */
export interface RiotConnectionOptions {
  readonly match: MatchDescription;
  /** Riot's id of the match. */
  readonly matchRef: string;
  readonly decoder: RiotDecoder;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly run: FeedRun;
  readonly apiKey: () => Promise<{ reveal(): string }>;
  readonly gatewayUrl: string;
  readonly livestatsUrl: string;
  readonly pollMs: number;
  readonly staleMs: number;
  readonly backfillMs: number;
  readonly timeoutMs: number;
  readonly details: boolean;
  readonly correctionWatchMs: number;
}

/** Failed questions in a row after which a part is down. */
const MAX_FAILURES = 3;
const RATE_LIMITED_MS = 60_000;
/** Before a match there is little to ask for. */
const EARLY_MS = 900_000;
const EARLY_POLL_MS = 60_000;
const IDLE_MS = 10_000;
/** How often silence is looked for. */
const LOOK_MS = 10_000;

/** One match: polls the gateway all the time, and the live statistics of its games while they are played. */
export class RiotConnection implements MatchConnection {
  readonly #o: RiotConnectionOptions;
  readonly #live = new Map<string, LiveStats>();
  readonly #abort = new AbortController();
  #closed = false;
  #cancelPoll: CancelTimer | undefined;
  #cancelWatch: CancelTimer | undefined;
  #cancelLook: CancelTimer | undefined;
  #failures = 0;
  /** Why there are no live statistics although there should be. */
  #statsLost: string | undefined;

  constructor(options: RiotConnectionOptions) {
    this.#o = options;
  }

  start(): void {
    this.#o.run.opened();
    this.#health("connecting", `asking for match ${this.#o.matchRef}`);
    void this.#poll();
    this.#watchSilence();
  }

  /** Lets go of everything; says nothing more. */
  stop(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelPoll?.();
    this.#cancelWatch?.();
    this.#cancelLook?.();
    this.#abort.abort();
    for (const live of this.#live.values()) live.stop();
    this.#live.clear();
  }

  #finish(problem?: string): void {
    if (this.#closed) return;
    this.stop();
    this.#o.run.done(this.#o.match.matchId, problem);
  }

  #health(health: FeedHealth, reason: string): void {
    this.#o.run.health(this.#o.match.matchId, health, reason);
  }

  #status(): RiotStatus | undefined {
    return this.#o.decoder.status(this.#o.match.matchId);
  }

  async #poll(): Promise<void> {
    const { transport, clock, gatewayUrl, matchRef, apiKey, timeoutMs } = this.#o;
    this.#cancelPoll = undefined;
    let key = "";
    let next = this.#pause();
    try {
      key = (await apiKey()).reveal();
      const asked = gatewayRequest(gatewayUrl, "getEventDetails", { id: matchRef }, key);
      const { signal } = this.#abort;
      const answer = await requestWithin(transport, clock, timeoutMs, { ...asked, signal });
      next = this.#answered(answer);
    } catch (error) {
      this.#failed(redactedMessage(error, key));
    }
    if (!this.#closed) this.#cancelPoll = clock.after(next, () => void this.#poll());
  }

  /** Returns when to ask again. */
  #answered(answer: HttpResponse): number {
    const { matchRef } = this.#o;
    if (this.#closed) return 0;
    switch (answer.status) {
      case 200:
        this.#read(answer.body);
        return this.#pause();
      case 401:
      case 403:
        this.#finish(`Riot's gateway refused the key for match ${matchRef}`);
        return 0;
      case 404:
        this.#finish(`Riot's gateway knows no match ${matchRef}: check the match's refs`);
        return 0;
      case 429: {
        const seconds = Number(answer.headers["retry-after"]);
        this.#failed("too many requests");
        return seconds > 0 && seconds <= 3600 ? seconds * 1000 : RATE_LIMITED_MS;
      }
      default:
        this.#failed(`HTTP ${answer.status}`);
        return this.#pause();
    }
  }

  /** How long until the next poll: longer when the match is far off or over. */
  #pause(): number {
    const { pollMs, match, clock } = this.#o;
    const early = match.startsAt !== undefined && clock.wall() < match.startsAt - EARLY_MS;
    return early || this.#status()?.over === true ? Math.max(pollMs, EARLY_POLL_MS) : pollMs;
  }

  #read(body: Uint8Array): void {
    const { decoder, run } = this.#o;
    const stamp = run.stamp();
    decoder.decode(body, 0, body.length, stamp, run.emit);
    if (this.#status()?.polledAt !== stamp.at) {
      this.#failed("the answer says nothing of the match");
      return;
    }
    this.#failures = 0;
    this.#watchEnd();
    this.#follow();
    this.#look();
  }

  #failed(reason: string): void {
    if (this.#closed) return;
    this.#failures += 1;
    if (this.#failures >= MAX_FAILURES) this.#health("down", `${this.#failures} polls failed: ${reason}`);
  }

  /** Reads the statistics of the games that are played, and of the next one, whose begin the gateway says late. */
  #follow(): void {
    const status = this.#status();
    if (status === undefined) return;
    const wanted = new Set(status.over ? [] : wantedGames(status, this.#near()));
    for (const [id, live] of this.#live) {
      if (wanted.has(id)) continue;
      live.stop();
      this.#live.delete(id);
    }
    if (wanted.size === 0) this.#statsLost = undefined;
    for (const id of wanted) {
      if (this.#live.has(id)) continue;
      const live = this.#liveStats(id);
      this.#live.set(id, live);
      live.start();
    }
  }

  #near(): boolean {
    const { match, clock } = this.#o;
    return match.startsAt === undefined || clock.wall() >= match.startsAt - EARLY_MS;
  }

  #liveStats(gameId: string): LiveStats {
    const { decoder, transport, clock, run, livestatsUrl, backfillMs, details, timeoutMs } = this.#o;
    return new LiveStats({
      gameId,
      decoder: decoder.ofGame(gameId),
      transport,
      clock,
      run,
      url: `${livestatsUrl}/livestats/v1`,
      idleMs: IDLE_MS,
      backfillMs,
      timeoutMs,
      details,
      status: () => this.#status()?.games.find(({ id }) => id === gameId),
      passOver: (until) => {
        decoder.passOver(gameId, until);
      },
      answered: () => {
        this.#statsLost = undefined;
        this.#follow();
        this.#look();
      },
      failed: (reason, times) => {
        if (times >= MAX_FAILURES) this.#statsLost = `${times} questions failed: ${reason}`;
        this.#look();
      },
    });
  }

  /** No answer says that there is none. */
  #watchSilence(): void {
    this.#cancelLook = this.#o.clock.after(LOOK_MS, () => {
      this.#look();
      if (!this.#closed) this.#watchSilence();
    });
  }

  #look(): void {
    const status = this.#status();
    if (this.#closed || status?.polledAt === undefined) return;
    if (this.#failures >= MAX_FAILURES) return; // said where it happened
    const silentMs = this.#silentMs(status);
    const unansweredMs = msBetween(status.polledAt, this.#o.clock.monotonic());
    if (this.#statsLost !== undefined && status.playing) {
      this.#health("stale", `live statistics: ${this.#statsLost}`);
    } else if (silentMs === Infinity) {
      this.#health("stale", "a game is in progress without live statistics");
    } else if (silentMs > this.#o.staleMs) {
      this.#health("stale", `no new frame for ${Math.round(silentMs / 1000)} s`);
    } else if (unansweredMs > this.#pause() + this.#o.staleMs) {
      this.#health("stale", `no answer of the gateway for ${Math.round(unansweredMs / 1000)} s`);
    } else this.#health("live", "answers are current");
  }

  /** How long a game that is being played has brought no new frame. */
  #silentMs({ playing, games }: RiotStatus): number {
    if (!playing) return 0;
    const seen = games.flatMap(({ framedAt }) => framedAt ?? []);
    if (seen.length === 0) return Infinity; // it is in progress for long, and there was none at all
    return msBetween(Math.max(...seen), this.#o.clock.monotonic());
  }

  /** A result may be corrected: it is watched for a while. */
  #watchEnd(): void {
    const { clock, correctionWatchMs } = this.#o;
    if (this.#status()?.over !== true) {
      this.#cancelWatch?.();
      this.#cancelWatch = undefined;
    } else {
      this.#cancelWatch ??= clock.after(correctionWatchMs, () => this.#finish());
    }
  }
}

function wantedGames({ games }: RiotStatus, near: boolean): string[] {
  const open = games.filter(({ listed, decided }) => listed !== "completed" && !decided);
  const running = open.filter(({ listed, live }) => listed === "inProgress" || live !== undefined);
  const busy = running.some(({ live }) => live !== "finished");
  const next = open.find((game: RiotGameStatus) => !running.includes(game));
  const ids = running.map(({ id }) => id);
  return !busy && near && next !== undefined ? [...ids, next.id] : ids;
}
