import { join } from "node:path";
import { url as inspectorUrl } from "node:inspector";
import { Worker } from "node:worker_threads";
import { HOOKS, type BotConfig, type Mode, type RunId } from "@matchpoint/sdk";
import { EXIT } from "../io.ts";
import type { Board } from "./board.ts";
import type { WatchdogData, WatchdogNote } from "./worker.ts";

/** What a watchdog watches over. */
export interface WatchdogOptions {
  readonly config: BotConfig;
  readonly mode: Mode;
  readonly runId: RunId;
  readonly board: Board;
  readonly strategies: readonly string[];
  readonly venue?: WatchdogData["venue"];
  /** Called on an error of the watchdog itself: it no longer watches. */
  readonly onBroken: (error: Error) => void;
}

/** A watchdog that watches. */
export interface Watchdog {
  /** Tells the service manager, where there is one: `--ready`, `STATUS=…`. */
  notify(...words: readonly string[]): void;
  close(): void;
}

const BEAT_MS = 50;
/** Sources run as they are, and their packages' too. */
const FROM_SOURCES = import.meta.url.endsWith(".ts");

/**
 * Starts the thread that watches the loop: when it does not turn for `control.stall_ms`, the thread stops it, cancels everything with a
 * socket and code of its own, leaves the strategy that was at work out of the next start, and ends the process with exit code 70.
 * Not while a debugger is attached: a loop that is looked at stands still.
 */
export function startWatchdog(options: WatchdogOptions): Watchdog {
  const { config, mode, runId, board, strategies, venue, onBroken } = options;
  const usec = Number(process.env["WATCHDOG_USEC"]);
  const workerData: WatchdogData = {
    memory: board.memory,
    strategies,
    hooks: HOOKS,
    stallMs: inspectorUrl() === undefined ? config.control.stall_ms : Infinity,
    dir: config.journal.dir,
    mode,
    record: join(config.journal.dir, `${runId}.stall.json`),
    ...(venue === undefined ? {} : { venue }),
    // A third of what it waits for, as its manual advises at least a half.
    ...(usec > 0 ? { notifyMs: usec / 3_000 } : {}),
  };
  const worker = new Worker(new URL(FROM_SOURCES ? "./worker.ts" : "./watchdog.js", import.meta.url), {
    workerData,
    name: "watchdog",
    env: environment(),
    ...(FROM_SOURCES ? { execArgv: ["--conditions=@matchpoint/source", "--no-warnings"] } : {}),
  });
  worker.unref();
  worker.on("error", onBroken);
  const beat = setInterval(() => {
    board.beat();
    // Awake again after the watchdog had given it up: the orders are cancelled, and what is here is of before.
    if (board.condemned) process.exit(EXIT.STALLED);
  }, BEAT_MS);
  beat.unref();
  return {
    notify: (...words) => {
      worker.postMessage({ notify: words } satisfies WatchdogNote);
    },
    close: () => {
      clearInterval(beat);
      void worker.terminate();
    },
  };
}

/** What its only program needs; no secret is handed on that way. */
function environment(): NodeJS.Dict<string> {
  const { PATH, NOTIFY_SOCKET } = process.env;
  return { PATH, ...(NOTIFY_SOCKET === undefined ? {} : { NOTIFY_SOCKET }) };
}
