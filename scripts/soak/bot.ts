import { spawn, type ChildProcess } from "node:child_process";
import { readdirSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { LATE_MS, type Look } from "./judge.ts";
import { Metrics } from "./metrics.ts";
import type { Asked, Told } from "./probe.ts";

const CLI = join(import.meta.dirname, "../../packages/cli");
/** What is run: the sources, or what was built of them. */
const PROGRAMS = {
  sources: ["--conditions=@matchpoint/source", join(CLI, "src/bin.ts")],
  built: [join(CLI, "dist/bin.js")],
} as const;
const PROBE = join(import.meta.dirname, "probe.ts");
const START_MS = 60_000;
const ANSWER_MS = 30_000;
/** How long after a collection the bot's own metrics still tell of it. */
const SETTLE_MS = 1_200;
const KEPT_LINES = 20;

/** Which program. */
export type Program = keyof typeof PROGRAMS;

/** How the bot's process has ended. */
export interface BotEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** The bot in a process of its own: `matchpoint run`, as a user starts it, with a probe beside it. */
export class SoakedBot {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly ended: Promise<BotEnd>;
  #end: BotEnd | undefined;
  #out = "";
  #heard = (): void => undefined;
  #told: ((told: Told) => void) | undefined;
  #uncaught: readonly string[] = [];
  /** The last lines of its standard error: warnings. */
  readonly warnings: string[] = [];

  constructor(program: Program, config: string, folder: string) {
    this.#folder = folder;
    const args = ["--expose-gc", "--no-warnings", "--import", PROBE, ...PROGRAMS[program]];
    this.#child = spawn(process.execPath, [...args, "run", "--config", config], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    this.#child.stdout?.on("data", (part: Buffer) => {
      // Its first lines say where it listens; the rest is in its log.
      if (this.#out.length < 20_000) this.#out += part.toString();
      this.#heard();
    });
    this.#child.stderr?.on("data", (part: Buffer) => {
      this.warnings.push(...part.toString().split("\n").filter(Boolean));
      this.warnings.splice(0, this.warnings.length - KEPT_LINES);
    });
    this.#child.on("message", (told: Told) => this.#told?.(told));
    this.ended = new Promise((done) => {
      this.#child.on("close", (code, signal) => {
        this.#end = { code, signal };
        done(this.#end);
      });
    });
  }

  /** How it has ended; `undefined` while it has not. */
  get end(): BotEnd | undefined {
    return this.#end;
  }

  /** Errors and rejections that nobody has caught. */
  get uncaught(): readonly string[] {
    return this.#uncaught;
  }

  /** Resolves with its dashboard's address, when it trades. @throws Error when it does not in time */
  async started(): Promise<string> {
    const trades = new Promise<string>((done) => {
      this.#heard = () => {
        const address = /^Dashboard: (\S+)$/m.exec(this.#out)?.[1];
        if (address !== undefined && /^PAPER: /m.test(this.#out)) done(address);
      };
    });
    return this.#within(trades, START_MS, "did not start");
  }

  /** Looks at it; `metrics` is where they are. @throws Error when it does not answer */
  async look(seconds: number, metrics: string, collect: boolean): Promise<Look> {
    // The bot's own figures first: a collection is none of its doing.
    const page = await this.#page(metrics);
    const told = await this.#ask({ collect, lateMs: LATE_MS });
    this.#uncaught = told.uncaught;
    if (collect) {
      await new Promise((done) => setTimeout(done, SETTLE_MS));
      await this.#page(metrics);
    }
    const delay = (quantile: string): number => page.of(`event_loop_delay_ms{quantile="${quantile}"}`);
    return {
      seconds,
      rss: told.rss,
      ...(collect ? { heap: told.heap } : {}),
      threads: told.threads,
      ...this.#files(),
      journal: this.#size(/\.journal\.jsonl$/),
      log: this.#size(/\.log\.jsonl$/),
      queued: page.sum("queue_depth"),
      dropped: page.sum("queue_dropped_total"),
      events: page.sum("events_total"),
      orders: page.of("orders_total"),
      markets: page.sum("markets", /state="RESOLVED"/),
      loop: told.loop,
      delay: { p50: delay("0.5"), p99: delay("0.99"), max: delay("1") },
    };
  }

  /** Ends it as Ctrl-C does. */
  async stop(): Promise<BotEnd> {
    this.#child.kill("SIGINT");
    return this.#within(this.ended, START_MS, "did not end");
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  async #page(metrics: string): Promise<Metrics> {
    const answer = await fetch(metrics, { signal: AbortSignal.timeout(ANSWER_MS) });
    return new Metrics(await answer.text());
  }

  #ask(asked: Asked): Promise<Told> {
    const told = new Promise<Told>((done) => {
      this.#told = done;
    });
    this.#child.send(asked);
    return this.#within(told, ANSWER_MS, "did not answer");
  }

  #files(): { readonly files?: number; readonly sockets?: number } {
    const folder = `/proc/${this.#child.pid}/fd`;
    try {
      const targets = readdirSync(folder).map((name) => targetOf(join(folder, name)));
      const sockets = targets.filter((target) => target.startsWith("socket:")).length;
      return { files: targets.length - sockets, sockets };
    } catch {
      return {};
    }
  }

  #size(name: RegExp): number {
    let size = 0;
    for (const file of readdirSync(this.#folder))
      if (name.test(file)) size += statSync(join(this.#folder, file)).size;
    return size;
  }

  async #within<T>(what: Promise<T>, ms: number, lack: string): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_done, fail) => {
      timer = setTimeout(() => {
        fail(new Error(`the bot ${lack} within ${ms / 1_000} s:\n${this.#out}${this.warnings.join("\n")}`));
      }, ms);
    });
    const over = this.ended.then(({ code, signal }) => {
      throw new Error(`the bot ended (${code ?? signal}):\n${this.#out}${this.warnings.join("\n")}`);
    });
    // Whichever is not awaited any more may fail in silence.
    over.catch(() => undefined);
    late.catch(() => undefined);
    try {
      return await Promise.race(
        (what as Promise<unknown>) === this.ended ? [what, late] : [what, late, over],
      );
    } finally {
      clearTimeout(timer);
    }
  }
}

/** A file that is closed just now is none. */
function targetOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
