/** Where a command writes: standard output and error, or a test's memory. */
export interface Io {
  /** One line to standard output. */
  out(line: string): void;
  /** One line to standard error. */
  err(line: string): void;
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
/** A value of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
