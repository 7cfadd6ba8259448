import type { Clock, Millis } from "@matchpoint/sdk";
import type { StoryStep } from "./story.ts";

/** A request as a protocol sees it. */
export interface SourceRequest {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer to a request; an object is sent as JSON. */
export interface SourceAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A socket of a client. */
export interface SourceClient {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Says something to this client alone: a greeting, history that it asked for. No fault but silence touches it. */
  send(message: unknown): void;
  close(code: number, reason?: string): void;
}

/** What makes a provider: the rest (sockets, faults, bookkeeping) is the same for all. Everything is optional. */
export interface SourceProtocol {
  /** Whether `drop`, `duplicate`, `swap` and `garble` concern answers to requests. Default: only without `joined`. */
  readonly polled?: boolean;
  /** Answers a request. Without it every request is answered with 404. */
  answer?(request: SourceRequest): SourceAnswer;
  /** Refuses a socket with an HTTP status. */
  admit?(request: Omit<SourceRequest, "body">): number | undefined;
  /** A socket was accepted. Without it sockets are refused with 404. */
  joined?(client: SourceClient): void;
  /** A socket is gone, whoever closed it. */
  left?(client: SourceClient): void;
  /** A client said something. */
  heard?(client: SourceClient, text: string): void;
  /** The story moved on, at `at`; the world has taken the step. */
  told?(step: StoryStep, at: Millis): void;
  /** A message of the wrong shape that a reader cannot take for anyone else's. Default: the last one, with holes. */
  wrongShape?(): unknown;
}

/** ISO 8601 in UTC, with milliseconds. */
export function isoTime(at: number): string {
  return new Date(at).toISOString();
}

/** Calls back every `ms` of a clock until cancelled. */
export function every(clock: Clock, ms: number, callback: () => void): () => void {
  let cancel = clock.after(ms, function again() {
    cancel = clock.after(ms, again);
    callback();
  });
  return () => {
    cancel();
  };
}
