import { statSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type { Host } from "../commands/shared.ts";
import { listenForInterrupt, type Interrupt } from "../interrupt.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { boardLines, boardOf, type Board } from "./board.ts";
import { demandRun, noRun, openShown, type InspectFlags, type ShownRun } from "./shownRun.ts";

/** Options of `watch`. */
export interface WatchFlags extends InspectFlags {
  readonly once?: boolean;
  /** Seconds between two looks. */
  readonly every?: number;
}

/** Seconds between looks: on a terminal the board is drawn in place, elsewhere every look is a page of its own. */
const DRAWN_S = 0.5;
const PRINTED_S = 10;

/**
 * `matchpoint watch [JOURNAL]`: a board of a run, drawn anew as its journal grows, until the run ends. Exit code 3 when the run's process
 * is gone and its journal has no end, 4 when there is no run.
 */
export async function watchCommand(
  journal: string | undefined,
  flags: WatchFlags,
  host: Host,
  io: Io,
): Promise<ExitCode> {
  const shown = await openShown(journal, flags, host, io);
  if (shown === undefined) return noRun("watch", { run: null }, flags, io);
  const draws = io.interactive && flags.json !== true && flags.once !== true;
  const everyMs = (flags.every ?? (draws ? DRAWN_S : PRINTED_S)) * 1_000;
  const interrupt = listenForInterrupt(io);
  try {
    for (;;) {
      // Asked before the journal is read: what the process wrote last is read after it has gone.
      const alive = shown.isAlive();
      await shown.catchUp(interrupt.signal);
      demandRun(shown);
      const board = boardOf(shown.follower.view, alive);
      show(board, shown, flags, draws, io);
      const over = board.end !== "open" || alive === false;
      if (over || flags.once === true || isOver(interrupt)) return codeOf(board);
      await pause(everyMs, undefined, { signal: interrupt.signal }).catch(() => undefined);
      if (isOver(interrupt)) return EXIT.OK;
    }
  } finally {
    if (draws) io.redraw(undefined);
    interrupt.dispose();
  }
}

function isOver({ signal }: Interrupt): boolean {
  return signal.aborted;
}

function codeOf({ end, alive }: Board): ExitCode {
  return end === "open" && alive === false ? EXIT.CHECK_FAILED : EXIT.OK;
}

function show(board: Board, { journal }: ShownRun, flags: WatchFlags, draws: boolean, io: Io): void {
  if (flags.json === true) {
    io.out(JSON.stringify(board));
    return;
  }
  const lines = boardLines(board, Date.now() - statSync(journal).mtimeMs, io);
  if (draws) io.redraw(lines.join("\n"));
  else for (const line of flags.once === true ? lines : [...lines, ""]) io.out(line);
}
