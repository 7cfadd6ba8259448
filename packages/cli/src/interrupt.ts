import { constants } from "node:os";
import type { Io } from "./io.ts";

/** How soon after the first Ctrl-C another counts as "now": wrappers such as npm pass the first one on again. */
const AGAIN_MS = 1_000;

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A wish to end long work. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Asks for the end, as Ctrl-C does. */
  stop(): void;
  /** Stops listening. */
  dispose(): void;
}

/**
 * Listens for Ctrl-C, a termination signal, the terminal being closed, and the reader of the output going away. The work then ends in good order, with
 * its account and its journal closed; a second Ctrl-C ends the process at once.
 */
export function listenForInterrupt(io: Io): Interrupt {
  const controller = new AbortController();
  let first: number | undefined;
  const stop = (): void => {
    first ??= performance.now();
    controller.abort();
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (first === undefined) stop();
    else if (performance.now() - first > AGAIN_MS) process.exit(128 + constants.signals[signal]);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  io.closed.addEventListener("abort", stop);
  if (io.closed.aborted) stop();
  return {
    signal: controller.signal,
    stop,
    dispose: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
      io.closed.removeEventListener("abort", stop);
    },
  };
}
