import { spawn } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { EXIT, type ExitCode, type Io } from "../io.ts";

/** A run that ends so often within so long is not started again. */
const STARTS = 5;
const WITHIN_MS = 600_000;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
/** Ends that a start would not heal: it went well, the configuration is wrong, or a person has to look. */
const FINAL: ReadonlySet<number | null> = new Set<number | null>([EXIT.OK, EXIT.USAGE, EXIT.CHECK_FAILED]);
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * `matchpoint run --supervise`: starts the same command in a process of its own and starts it again when it dies, at most five times in
 * ten minutes. What was stopped stays stopped, and a strategy that hung stays out: the stop file tells each start.
 * @param args the command line without `--supervise`
 * @param options.env what the run begins with, the secrets of the environment included
 */
export async function supervise(
  args: readonly string[],
  io: Pick<Io, "err">,
  {
    firstDelayMs = FIRST_DELAY_MS,
    env = process.env,
  }: { readonly firstDelayMs?: number; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<ExitCode> {
  const stop = new AbortController();
  const starts: number[] = [];
  for (;;) {
    starts.push(performance.now());
    const { code, signal } = await once(args, env, stop);
    if (stop.signal.aborted || FINAL.has(code)) return asExit(code);
    const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
    const recent = starts.filter((at) => performance.now() - at < WITHIN_MS).length;
    if (recent >= STARTS) {
      io.err(
        `error: supervisor: the run ended ${how}, ${recent} times in ten minutes: it is not started again.`,
      );
      return asExit(code);
    }
    const delay = Math.min(LONGEST_DELAY_MS, firstDelayMs * 2 ** (recent - 1));
    io.err(`supervisor: the run ended ${how}; it is started again in ${delay / 1_000} s.`);
    const waited = await pause(delay, true, { signal: stop.signal }).catch(() => false);
    if (!waited) return asExit(code);
  }
}

/** One life of the run. A signal to the supervisor is one to the run, and the end. */
function once(args: readonly string[], env: NodeJS.ProcessEnv, stop: AbortController): Promise<Ended> {
  const program = process.argv[1] ?? "";
  const child = spawn(process.execPath, [...process.execArgv, program, ...args], {
    stdio: "inherit",
    env,
  });
  const pass = (signal: NodeJS.Signals): void => {
    stop.abort();
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, pass);
  return new Promise((resolve) => {
    const over = (ended: Ended): void => {
      for (const signal of SIGNALS) process.off(signal, pass);
      resolve(ended);
    };
    child.once("error", () => {
      over({ code: EXIT.ERROR, signal: null });
    });
    child.once("exit", (code, signal) => {
      over({ code, signal });
    });
  });
}

function asExit(code: number | null): ExitCode {
  return Object.values(EXIT).find((each) => each === code) ?? EXIT.ERROR;
}
