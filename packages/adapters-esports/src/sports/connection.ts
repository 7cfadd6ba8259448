import {
  NANOS_PER_MS,
  type CancelTimer,
  type Clock,
  type FeedHealth,
  type MatchId,
  type Socket,
  type Transport,
} from "@matchpoint/sdk";
import { Backoff } from "../common/attempts.ts";
import type { FeedRun } from "../common/feedRun.ts";
import type { MatchConnection } from "../common/matchFeed.ts";
import { redactedMessage } from "../common/redact.ts";
import type { FollowedMatch } from "../common/teams.ts";
import { Watchdog } from "../common/watchdog.ts";
import { createSportsDecoder, heartbeat } from "./decoder.ts";
import type { SportsDecoder, SportsDecoderOptions } from "./decoderApi.ts";

/** What a connection needs. */
export interface SportsConnectionOptions {
  readonly matches: readonly FollowedMatch[];
  readonly decoding: Omit<SportsDecoderOptions, "matches"> & { readonly source: string };
  readonly transport: Transport;
  readonly clock: Clock;
  readonly run: FeedRun;
  readonly url: string;
  readonly staleMs: number;
  readonly idleMs: number;
  readonly correctionWatchMs: number;
}

const RECONNECT_MS = 1_000;
const RECONNECT_LIMIT_MS = 30_000;

/** The one socket that tells of all games. */
export class SportsConnection implements MatchConnection {
  readonly #o: SportsConnectionOptions;
  readonly #decoder: SportsDecoder;
  readonly #backoff = new Backoff(RECONNECT_MS, RECONNECT_LIMIT_MS);
  readonly #dog: Watchdog;
  /** Followed matches, and the timer that ends them once they are over. */
  readonly #open = new Map<MatchId, CancelTimer | undefined>();
  #socket: Socket | undefined;
  #generation = 0;
  #stopped = false;
  #connected = false;
  #cancelConnect: CancelTimer | undefined;
  #cancelLook: CancelTimer | undefined;

  constructor(options: SportsConnectionOptions) {
    this.#o = options;
    const matches = options.matches.map(({ match }) => match);
    for (const { matchId } of matches) this.#open.set(matchId, undefined);
    this.#decoder = createSportsDecoder({ ...options.decoding, matches });
    this.#dog = new Watchdog(options.clock, options.idleMs, (ms) => {
      this.#lost(`no frame of any game for ${Math.round(ms / 1000)} s`);
    });
  }

  start(): void {
    for (const matchId of this.#open.keys())
      this.#o.run.health(matchId, "connecting", "opening the sports channel");
    this.#connect();
    this.#lookLater();
  }

  /** Lets go of everything; says nothing more. */
  stop(): void {
    this.#stopped = true;
    this.#drop();
    this.#cancelLook?.();
    for (const cancel of this.#open.values()) cancel?.();
    this.#open.clear();
  }

  #drop(): void {
    this.#generation += 1;
    this.#connected = false;
    this.#dog.stop();
    this.#cancelConnect?.();
    this.#cancelConnect = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close(1000);
  }

  #lost(reason: string): void {
    this.#drop();
    for (const matchId of this.#open.keys()) this.#o.run.health(matchId, "down", `sports channel: ${reason}`);
    this.#cancelConnect = this.#o.clock.after(this.#backoff.next(), () => this.#connect());
  }

  #connect(): void {
    if (this.#stopped) return;
    const generation = (this.#generation += 1);
    const current = (): boolean => generation === this.#generation;
    try {
      this.#socket = this.#o.transport.connect(this.#o.url, {
        open: () => {
          if (!current()) return;
          this.#connected = true;
          this.#look();
        },
        frame: (bytes) => {
          if (current()) this.#frame(bytes);
        },
        close: (code, reason) => {
          if (current())
            this.#lost(`closed with code ${code}${reason === "" ? "" : `: ${redactedMessage(reason)}`}`);
        },
        error: (error) => {
          if (current()) this.#lost(redactedMessage(error));
        },
      });
      this.#dog.start();
    } catch (error) {
      this.#lost(redactedMessage(error));
    }
  }

  #frame(bytes: Uint8Array): void {
    const { run } = this.#o;
    this.#connected = true;
    this.#backoff.reset();
    this.#dog.touch();
    if (heartbeat(bytes, 0, bytes.length) === "ping") this.#socket?.send("pong"); // a pong answered is a game without end
    this.#decoder.decode(bytes, 0, bytes.length, run.stamp(), run.emit);
    this.#look();
  }

  #lookLater(): void {
    const { clock, staleMs } = this.#o;
    this.#cancelLook = clock.after(staleMs / 4, () => {
      this.#look();
      if (!this.#stopped) this.#lookLater();
    });
  }

  /** Says how each match is, and lets go of those that are over. */
  #look(): void {
    const { run, clock, correctionWatchMs } = this.#o;
    for (const [matchId, ending] of [...this.#open]) {
      const status = this.#decoder.status(matchId);
      if (status?.over === true && ending === undefined) {
        this.#open.set(
          matchId,
          clock.after(correctionWatchMs, () => this.#finish(matchId)),
        );
      } else if (status?.over === false && ending !== undefined) {
        ending();
        this.#open.set(matchId, undefined);
      }
      if (this.#connected) run.health(matchId, ...this.#healthOf(status?.seenAt, status?.running === true));
    }
  }

  #healthOf(seenAt: number | undefined, running: boolean): [FeedHealth, string] {
    const { clock, staleMs } = this.#o;
    if (seenAt === undefined) return ["live", "the channel is open; it has said nothing of this match"];
    const silent = (clock.monotonic() - seenAt) / NANOS_PER_MS;
    if (running && silent >= staleMs)
      return ["stale", `no frame of the running match for ${Math.round(silent / 1000)} s`];
    return ["live", "frames are current"];
  }

  #finish(matchId: MatchId): void {
    if (!this.#open.delete(matchId)) return;
    if (this.#open.size === 0) this.stop();
    this.#o.run.done(matchId);
  }
}
