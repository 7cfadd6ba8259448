import type { Clock, MatchDescription } from "@matchpoint/sdk";
import type { SourceFault, StoryStep } from "./story.ts";

/** What every fake source is made with. */
export interface FakeSourceOptions {
  /** The match that it tells of; `refs` must hold an entry for the source. */
  readonly match: MatchDescription;
  /** Shared with the feed under test, so that both run at one pace. */
  readonly clock: Clock;
  /** For ids and whatever else is left to chance. Default 1. */
  readonly seed?: number;
  /** Where it listens, on loopback. Default: any port that is free. */
  readonly port?: number;
}

/** What clients did so far. */
export interface SourceVisits {
  /** Sockets that were accepted. */
  readonly connections: number;
  /** Requests that were received, whatever the answer. */
  readonly requests: number;
  /** Sockets that are open and requests that wait for an answer, at this moment. */
  readonly open: number;
  /** Headers of each request and each attempt at a socket, names in lower case, in order. */
  readonly headers: readonly Readonly<Record<string, string>>[];
  /** Path and query of each request and each attempt at a socket, in the same order as `headers`. */
  readonly paths: readonly string[];
  /** What clients said over sockets, in order. */
  readonly messages: readonly string[];
}

/**
 * A source of match facts on a real socket: it speaks its provider's protocol on a free local port, and tells whatever
 * story the test gives it.
 *
 * @example
 * ```ts
 * import { SystemClock, type MatchDescription } from "@matchpoint/sdk";
 * import { createFakeGrid } from "@matchpoint/testing";
 *
 * async function firstWords(match: MatchDescription): Promise<void> {
 *   const grid = createFakeGrid({ match, clock: new SystemClock() });
 *   await grid.start();
 *   grid.tell({ kind: "series_start" });
 *   grid.fault({ kind: "garble", frame: "truncated" });
 *   console.log(grid.urls.ws, grid.seen.connections);
 *   await grid.stop();
 * }
 * ```
 */
export interface FakeSource {
  /** Key of the match's `refs` that it serves. */
  readonly source: string;
  /** Where it listens, without a trailing slash; filled by {@link FakeSource.start}. */
  readonly urls: { readonly http?: string; readonly ws?: string };
  start(): Promise<void>;
  /** Cuts everything and frees the port. */
  stop(): Promise<void>;
  /** The world moved on: the server's state follows, and clients hear of it as the protocol has it. */
  tell(step: StoryStep): void;
  fault(fault: SourceFault): void;
  readonly seen: SourceVisits;
}
