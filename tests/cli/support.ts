import { spawn, type ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { runCli, type CliOptions, type ExitCode } from "@matchpoint/cli";
import { killedAtEnd, searched, temporaryFolder } from "./leftovers.ts";

export { temporaryFolder } from "./leftovers.ts";

/** The repository. */
export const ROOT = resolve(import.meta.dirname, "../..");
/** Data that is not part of the repository; tests that use it are skipped where it is not there. */
export const DATA = process.env["MATCHPOINT_DATA"] ?? resolve(ROOT, "../shared/data");

const BOT = join(ROOT, "examples/reference-bot/src/bot.ts");

/** How long a command may take to say what is waited for. */
const PATIENCE_MS = 20_000;

/** Writes a file into a fresh folder and returns its path. */
export function temporaryFile(name: string, content: string | Uint8Array): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command that is running. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it has written so far. */
  readonly written: () => string;
  /** Resolves when it has written something that matches; rejects when it has not in time, by default in twenty seconds. */
  until(pattern: RegExp, withinMs?: number): Promise<void>;
}

/** Starts the reference bot in a process of its own, in a folder of its own. */
export function startBot(
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly stdin?: "pipe" | "ignore";
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Running {
  const child = spawn(process.execPath, ["--conditions=@matchpoint/source", "--no-warnings", BOT, ...args], {
    cwd: options.cwd ?? temporaryFolder(),
    stdio: [options.stdin ?? "pipe", "pipe", "pipe"],
    env: { ...process.env, NODE_OPTIONS: "", ...options.env },
  });
  killedAtEnd(child);
  let out = "";
  let err = "";
  const waiting = new Set<() => void>();
  child.stdout?.on("data", (chunk: Buffer) => {
    out += chunk.toString();
    for (const check of waiting) check();
  });
  child.stderr?.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<Ended>((done) => {
    child.on("close", (code) => {
      done(searched(args, { code, out, err }));
    });
  });
  return {
    child,
    ended,
    written: () => out,
    until: async (pattern, withinMs = PATIENCE_MS) => {
      const seen = new Promise<void>((done) => {
        const check = (): void => {
          if (!pattern.test(out)) return;
          waiting.delete(check);
          done();
        };
        waiting.add(check);
        check();
      });
      const late = new Promise<void>((_done, fail) => {
        setTimeout(() => {
          if (!pattern.test(out))
            fail(new Error(`no ${String(pattern)} within ${withinMs} ms:\n${out}${err}`));
        }, withinMs).unref();
      });
      const over = ended.then(({ code }) => {
        if (!pattern.test(out))
          throw new Error(`ended with ${code} before ${String(pattern)}:\n${out}${err}`);
      });
      await Promise.race([seen, over, late]);
    },
  };
}

/** Runs the reference bot in a process of its own until it ends. */
export async function bot(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ended> {
  const running = startBot(args, options);
  running.child.stdin?.end();
  return running.ended;
}

/** Runs a command in this process, with its output in memory: for the many cases that end soon. */
export async function command(
  args: readonly string[],
  options: Omit<CliOptions, "io"> = {},
): Promise<{ readonly code: ExitCode; readonly out: string; readonly err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    out: (line: string) => void out.push(line),
    err: (line: string) => void err.push(line),
    redraw: () => undefined,
    interactive: false,
    columns: 120,
    closed: new AbortController().signal,
  };
  const code = await runCli(args, { ...options, io });
  return searched(args, { code, out: out.join("\n"), err: err.join("\n") });
}

/** The JSON object that `--json` prints as the last line. */

export function lastJson(out: string): Record<string, any> {
  const line = out.trimEnd().split("\n").at(-1) ?? "";
  return JSON.parse(line) as ReturnType<typeof lastJson>;
}

/** A small bot: one strategy, one market, one match. */
export const SMALL_BOT = `
strategies: [{ use: pair-arb }]
matches:
  - { id: t1-geng, title: lol, best_of: 3, teams: [T1, Gen.G] }
markets:
  - id: "0xm"
    title: "LoL: T1 vs Gen.G"
    outcomes: [{ token: "1", name: T1 }, { token: "2", name: Gen.G }]
    subject: { match: t1-geng }
`;
