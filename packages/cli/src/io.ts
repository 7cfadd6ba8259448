/** Where a command writes: standard output and error, or a test's memory. */
export interface Io {
  /** One line to standard output. */
  out(line: string): void;
  /** One line to standard error. `about`: ids of what it is about, for a log that it is also written to. */
  err(line: string, about?: Readonly<Record<string, unknown>>): void;
  /** Redraws a block of lines in place; with nothing, ends the redrawing and leaves the last block standing. */
  redraw(block: string | undefined): void;
  /** Whether standard output is a terminal that a block can be redrawn on. */
  readonly interactive: boolean;
  /** Width of a line. */
  readonly columns: number;
  /** Aborts when nobody reads the output any more, as after `| head`. */
  readonly closed: AbortSignal;
}

/**
 * What a command's outcome tells the shell. `NO_RUN`: a command that speaks to runs found none. `STALLED`: the watchdog ended a run
 * whose loop stood still.
 */
export const EXIT = { OK: 0, ERROR: 1, USAGE: 2, CHECK_FAILED: 3, NO_RUN: 4, STALLED: 70 } as const;
/** What each of them means, for people: the table of the documentation is made of it. */
export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  OK: "it went well, also when Ctrl-C ended it",
  ERROR:
    "an error: a broken recording, a journal that cannot be written, a run of a `backtest` or `sweep` that failed",
  USAGE:
    "the command line or a configuration is wrong, a secret is missing, a market or match is not known, or a file is not there",
  CHECK_FAILED:
    "a check failed: a changed journal, a core that now decides otherwise, a strategy that does not stand its bad days, a run that may not trade, has not heard, or whose process is gone",
  NO_RUN: "a command that speaks to runs found none",
  STALLED: "the watchdog ended a `run` whose loop stood still; `--supervise` starts it again",
};
/** A value of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
