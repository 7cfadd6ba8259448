// The watchdog's own thread. It shares nothing with the loop that it watches but a few integers.
import { writeFileSync, writeSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { asking, cancelAll, type Account } from "@matchpoint/adapters-polymarket/cancel-all";
import type { Mode } from "@matchpoint/sdk";
import { StopFile, word } from "../control/stopFile.ts";
import { EXIT } from "../io.ts";
import { Board } from "./board.ts";
import { stopMainThread } from "./mainThread.ts";
import { notifyManager } from "./notify.ts";

/** What the thread is given. */
export interface WatchdogData {
  readonly memory: SharedArrayBuffer;
  /** The run's strategies by their numbers on the board. */
  readonly strategies: readonly string[];
  /** The names of hooks by theirs. */
  readonly hooks: readonly string[];
  readonly stallMs: number;
  readonly dir: string;
  readonly mode: Mode;
  /** Where what was found is written. */
  readonly record: string;
  /** The account to cancel with; absent on paper, where there is nothing outside of the process. */
  readonly venue?: { readonly url: string; readonly account: Account; readonly apartMs: number };
  /** How often the service manager has to hear that the loop turns, in ms; absent: nobody wants to. */
  readonly notifyMs?: number;
}

/** What the loop tells the thread, for the service manager. */
export interface WatchdogNote {
  readonly notify: readonly string[];
}

const LOOK_MS = 50;
/** When this thread itself did not run, as on a machine that slept, the loop is not to blame. */
const ASLEEP_MS = 500;
const STOP_MS = 3_000;
const CANCEL_MS = 20_000;
const TIMEOUT_MS = 5_000;

const data = workerData as WatchdogData;
const board = new Board(data.memory);

/** The loop's thread stands still: the process's own streams go through it. */
function say(line: string): void {
  try {
    writeSync(2, `${line}\n`);
  } catch {
    // Nobody reads it.
  }
}

async function watch(): Promise<void> {
  let beats = board.beats;
  let [turnedAt, lookedAt, notifiedAt] = [performance.now(), performance.now(), 0];
  for (;;) {
    await pause(LOOK_MS);
    const now = performance.now();
    const turned = board.beats !== beats;
    if (turned || now - lookedAt > ASLEEP_MS) turnedAt = now;
    beats = board.beats;
    lookedAt = now;
    if (turned && data.notifyMs !== undefined && now - notifiedAt >= data.notifyMs) {
      notifiedAt = now;
      notifyManager(["WATCHDOG=1"]);
    }
    if (now - turnedAt > data.stallMs) {
      await rescue(Math.round(now - turnedAt));
      return;
    }
  }
}

/** Stops the thread, leaves its strategy out of the next start, cancels everything, and ends the process. */
async function rescue(stalledMs: number): Promise<void> {
  board.condemn();
  const { strategy, hook: number } = board.place;
  const hook = number === undefined ? undefined : data.hooks[number];
  const name = strategy === undefined ? undefined : data.strategies[strategy];
  const doing =
    name === undefined ? "no strategy's hook was at work" : `strategy ${name} was in ${hook ?? "?"}`;
  say(`error: WATCHDOG: the loop has not turned for ${stalledMs} ms; ${doing}`);
  const stopped = await stopMainThread(STOP_MS);
  const at = stopped?.stack[0];
  if (at !== undefined) say(`  at ${at}`);
  const disabled =
    name !== undefined &&
    disable(
      name,
      `${hook ?? "a hook"} did not end within ${stalledMs} ms${at === undefined ? "" : `, at ${at}`}`,
    );
  const began = performance.now();
  const cancel = await cancelEverything();
  const ms = Math.round(performance.now() - began);
  say(
    cancel === undefined
      ? "  on paper there is nothing to cancel"
      : cancel.proven
        ? `  ${cancel.canceled} cancelled, no order is open: two looks found none, ${ms} ms`
        : "  IT IS NOT PROVEN THAT NO ORDER IS OPEN. Run polymarket-cancel-all, or look at Polymarket's page.",
  );
  const record = {
    at: new Date().toISOString(),
    stalledMs,
    strategy: name ?? null,
    hook: hook ?? null,
    disabled,
    stack: stopped?.stack ?? [],
    cancel: cancel ?? null,
    ms,
  };
  try {
    writeFileSync(data.record, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  } catch (error) {
    say(`  ${data.record} cannot be written: ${(error as Error).message}`);
  }
  say(`  the process is ended with exit code ${EXIT.STALLED}; ${data.record} has the details`);
  if (stopped !== undefined)
    await Promise.race([stopped.exit(EXIT.STALLED).catch(() => undefined), pause(STOP_MS)]);
  // It is not in JavaScript, so nothing of the language can end it.
  process.kill(process.pid, "SIGKILL");
}

function disable(name: string, reason: string): boolean {
  try {
    new StopFile(data.dir, data.mode).update((now) => ({
      ...now,
      strategies: { ...now.strategies, [name]: word("the watchdog", reason, new Date().getTime()) },
    }));
    say(
      `  ${name} is left out of the next start: \`matchpoint resume --strategy ${name} --reason "…"\` lets it back in`,
    );
    return true;
  } catch (error) {
    say(`  ${(error as Error).message}`);
    return false;
  }
}

async function cancelEverything(): Promise<
  { readonly proven: boolean; readonly canceled: number } | undefined
> {
  const { venue } = data;
  if (venue === undefined) return undefined;
  const ask = asking({ url: venue.url, timeoutMs: TIMEOUT_MS }, venue.account);
  const never = new AbortController();
  const { proven, canceled } = await cancelAll(ask, {
    forMs: CANCEL_MS,
    everyMs: 250,
    apartMs: venue.apartMs,
    guard: false,
    stop: never.signal,
    say: (line) => {
      say(`  ${line}`);
    },
  });
  return { proven, canceled: canceled.length };
}

parentPort?.on("message", ({ notify: words }: WatchdogNote) => {
  notifyManager(words);
});
// Only the loop above keeps this thread; the process does not wait for it.
parentPort?.unref();
await watch();
