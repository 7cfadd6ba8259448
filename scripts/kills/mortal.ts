import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startVenue, type RunningVenue } from "@matchpoint/paper-venue";
import { judge, type Judgement } from "./judge.ts";
import { Wire } from "./wire.ts";

const CLI = join(import.meta.dirname, "../../packages/cli");
/** What is run: the sources, or what was built of them, which starts in a third of the time. */
const PROGRAMS = {
  sources: ["--conditions=@matchpoint/source", "--no-warnings", join(CLI, "src/bin.ts")],
  built: ["--no-warnings", join(CLI, "dist/bin.js")],
} as const;
/** Which of them. */
export type Program = keyof typeof PROGRAMS;
/** The first account of every local test chain, whose key everybody knows. */
export const WALLET = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
export const KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
const PATIENCE_MS = 60_000;
/** Whoever looks after a bot starts it again, so often, when a start was refused or a run has ended in doubt. */
const STARTS = 4;
/** The exit code of a start that a check before it has refused, as when the venue is slow to answer. */
const REFUSED = 2;
/** When a process is killed: some ms after it said something, or after it was asked to end. */
const MOMENTS = [
  { after: /^/, withinMs: 2_500 },
  { after: /Recover/i, withinMs: 4_000 },
  { after: /LIVE with/, withinMs: 3_000 },
  { after: /LIVE with/, withinMs: 1_000 },
  { after: "stop", withinMs: 1_500 },
] as const;

/** A venue that outlives the bots that trade on it. */
export class MortalWorld {
  readonly #folder = mkdtempSync(join(tmpdir(), "matchpoint-kills-"));
  readonly #program: Program;
  readonly #venue: RunningVenue;
  readonly #wire: Wire;
  readonly #config: string;
  #runs = 0;
  /** How many kills met a bot that was trading, recovering, starting or ending. */
  readonly met = { starting: 0, recovering: 0, trading: 0, ending: 0 };
  /** Starts that a check has refused, and last runs that have ended in doubt: each was followed by another one. */
  readonly again = { refused: 0, doubtful: 0 };

  private constructor(program: Program, venue: RunningVenue, wire: Wire, clob: string) {
    this.#program = program;
    this.#venue = venue;
    this.#wire = wire;
    this.#config = join(this.#folder, "bot.yaml");
    writeFileSync(this.#config, configuration(venue, clob, this.#folder));
  }

  static async open(seed: number, program: Program = "sources"): Promise<MortalWorld> {
    const venue = await startVenue({
      seed,
      funds: { [WALLET]: 1_000_000_000_000 as never },
      liquidity: "agents",
      settlement: { mined_ms: 300, confirmed_ms: 900 },
    });
    const wire = new Wire(venue.clob);
    return new MortalWorld(program, venue, wire, await wire.open());
  }

  /** Starts the bot and kills it at a moment that `draw` chooses. */
  async kill(draw: () => number): Promise<void> {
    const { after, withinMs } = MOMENTS[Math.floor(draw() * MOMENTS.length)]!;
    const bot = await this.#reach(after === "stop" ? /LIVE with/ : after);
    if (after === "stop") {
      await sleep(draw() * 2_000);
      bot.child.kill("SIGTERM");
    }
    await sleep(draw() * withinMs);
    const text = bot.written();
    if (after === "stop") this.met.ending += 1;
    else if (/LIVE with/.test(text)) this.met.trading += 1;
    else if (/Recover/i.test(text)) this.met.recovering += 1;
    else this.met.starting += 1;
    bot.child.kill("SIGKILL");
    await bot.ended;
  }

  /** Lets the bot recover, trade a little and end in good order; then holds it against the venue. */
  async end(): Promise<Judgement> {
    let { code, err } = await this.#start("--for", "3").ended;
    for (let starts = 1; starts < STARTS && (code === REFUSED || code === 3); starts++) {
      this.again[code === REFUSED ? "refused" : "doubtful"] += 1;
      ({ code, err } = await this.#start("--for", "3").ended);
    }
    // What is under way at the venue comes to its end.
    const judged = judge(this.#folder, WALLET, this.#venue, this.#wire);
    // An order of a run that was killed may never have left: that it may be open is said, and held against the venue here.
    const fine = code === 0 || (code === 3 && /may still (be open|come to the venue)/.test(err));
    const last = fine ? [] : [`the last run ended with ${code}: ${err.trim()}`];
    return { ...judged, wrong: [...last, ...judged.wrong] };
  }

  async close(keep: boolean): Promise<string> {
    this.#wire.close();
    await this.#venue.close();
    if (!keep) rmSync(this.#folder, { recursive: true, force: true });
    return this.#folder;
  }

  /** A bot that has said something. */
  async #reach(pattern: RegExp): Promise<Bot> {
    for (let starts = 1; ; starts++) {
      const bot = this.#start();
      try {
        await bot.until(pattern);
        return bot;
      } catch (error) {
        bot.child.kill("SIGKILL");
        await bot.ended;
        if (bot.child.exitCode !== REFUSED || starts === STARTS) throw error;
        this.again.refused += 1;
      }
    }
  }

  #start(...more: string[]): Bot {
    const journal = join(this.#folder, `run-${String(this.#runs++).padStart(5, "0")}.jsonl`);
    const args = ["run", "--live", "--config", this.#config, "--journal", journal, ...more];
    return new Bot(args, this.#folder, this.#program);
  }
}

/** The bot in a process of its own. */
export class Bot {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; err: string }>;
  #out = "";
  #err = "";
  #heard = (): void => undefined;

  constructor(args: readonly string[], cwd: string, program: Program = "sources") {
    this.child = spawn(process.execPath, [...PROGRAMS[program], ...args], {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, MATCHPOINT_PRIVATE_KEY: KEY },
    });
    this.child.stdout?.on("data", (part: Buffer) => {
      this.#out += part.toString();
      this.#heard();
    });
    this.child.stderr?.on("data", (part: Buffer) => (this.#err += part.toString()));
    this.ended = new Promise((done) => {
      this.child.on("close", (code) => {
        done({ code, err: this.#err });
      });
    });
  }

  written(): string {
    return this.#out;
  }

  /** @throws Error when it ends, or says nothing of the kind, before */
  async until(pattern: RegExp): Promise<void> {
    if (pattern.test(this.#out)) return;
    const late = new AbortController();
    const seen = new Promise<void>((done) => {
      this.#heard = () => {
        if (pattern.test(this.#out)) done();
      };
    });
    const what = await Promise.race([
      seen.then(() => "seen"),
      this.ended.then(({ code }) => `ended with ${code}`),
      sleep(PATIENCE_MS, late.signal).then(() => "late"),
    ]);
    late.abort();
    if (what !== "seen") throw new Error(`${what} before ${String(pattern)}:\n${this.#out}${this.#err}`);
  }
}

/** The configuration of a bot that never leaves its market alone. */
export function configuration(venue: RunningVenue, clob: string, folder: string): string {
  const market = venue.markets.find(({ question }) => question.includes("FaZe vs Spirit"))!;
  const outcomes = market.tokens.map(({ tokenId, outcome }) => `{ token: "${tokenId}", name: "${outcome}" }`);
  return `
mode: live
strategies: [{ use: ${join(import.meta.dirname, "prober.ts")} }]
markets:
  - id: "${market.conditionId}"
    title: "${market.question}"
    outcomes: [${outcomes.join(", ")}]
    fee: { rate: 0.05 }
    taker_delay_ms: 1000
    clear_book_on_start: true
feeds:
  polymarket: { socket_url: "${venue.wsMarket}", rest_url: "${venue.clob}", gamma_url: "${venue.gamma}" }
execution:
  signature_type: 0
  clob_url: "${clob}"
  user_url: "${venue.wsUser}"
  reconcile_s: 5
journal: { dir: "${folder}" }
risk:
  max_order_usdc: 100
  max_market_usdc: 1000000
  max_match_usdc: 1000000
  max_account_usdc: 1000000
  max_unsettled_usdc: 1000000
  max_daily_loss_usdc: 1000000
  max_orders_per_minute: 100000
  duplicate_window_ms: 0
  kill_cooldown_ms: 0
`;
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      done();
    });
  });
}
