import { createHash, type Hash } from "node:crypto";
import type { BotConfigInput, StrategyUse } from "@matchpoint/sdk";
import { Prng } from "../simulator/prng.ts";
import type { HistoryEntry } from "./history.ts";
import { Dice, type Decision, type FaultPlan } from "./kernel/dice.ts";
import type { FaultKind } from "./kernel/faults.ts";
import { inTurns, SimTime } from "./kernel/simTime.ts";
import { drawPlan } from "./kernel/swarm.ts";
import type { AdapterFactory } from "./program/supervisor.ts";
import { JUDGES } from "./judge/index.ts";
import type { Judge, JudgeMaker, Violation } from "./record.ts";
import { drawConfig, drawFlips, drawStrategies } from "./strategies/draw.ts";
import { World } from "./world/world.ts";

/** What is put through bad days, and who judges it. */
export interface TortureOptions {
  /** Strategies to trade with, in place of those that do far too much. */
  readonly strategies?: readonly StrategyUse[];
  /** Limits and thresholds as in the configuration file; absent: drawn per seed. */
  readonly config?: BotConfigInput;
  /** The adapter that is tortured; absent: the built-in one. */
  readonly adapter?: AdapterFactory;
  /** Who judges; absent: {@link JUDGES}. */
  readonly judges?: readonly JudgeMaker[];
  /** Only these kinds of fault may be on. */
  readonly only?: readonly FaultKind[];
  /** Only these decisions of an earlier run of the seed strike, to make its failure smaller. */
  readonly keep?: readonly Decision[];
  /** Called with every entry of the history, for those who want to look. */
  readonly onEntry?: (entry: HistoryEntry) => void;
}

/** What came of one seed. */
export interface SeedResult {
  readonly seed: number;
  /** Of everything that happened: the same for the same seed, on every machine. */
  readonly hash: string;
  readonly violations: readonly Violation[];
  /** How often each fault took effect. */
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  readonly plan: FaultPlan;
  readonly decisions: readonly Decision[];
  /** How often each invariant was looked at. */
  readonly checked: Readonly<Record<string, number>>;
  readonly entries: number;
  readonly lives: number;
  /** Simulated time, in ms. */
  readonly simulatedMs: number;
}

const CONVERGE_MS = 180_000;
/** How long the world goes on when nothing is wrong any more, before it comes to rest. */
const CALM_MS = 5_000;
/** So long a run that breaks takes back its orders at most, and a little longer. */
const BREAKS_MS = 30_000;
/** No run comes near: one that does goes round in circles. */
const MOST_STEPS = 400_000;
const HASH_AT_ONCE = 65_536;

/** Runs one seed: so many bad seconds, then good ones in which everything must come to rest. */
export async function tortureSeed(seed: number, options: TortureOptions = {}): Promise<SeedResult> {
  return new Run(seed, options).play();
}

class Run {
  readonly #seed: number;
  readonly #time = new SimTime();
  readonly #dice: Dice;
  readonly #world: World;
  readonly #judges: Judge[] = [];
  readonly #violations: Violation[] = [];
  readonly #hash: Hash = createHash("sha256");
  #text = "";
  readonly #safetyMs: number;
  readonly #onEntry: TortureOptions["onEntry"];
  readonly #early: HistoryEntry[] = [];
  #lives = 0;
  #over = false;

  constructor(seed: number, options: TortureOptions) {
    this.#seed = seed;
    this.#onEntry = options.onEntry;
    const plan = drawPlan(seed, options.only === undefined ? undefined : new Set(options.only));
    this.#dice = new Dice(seed, plan, options.keep === undefined ? undefined : new Set(options.keep));
    this.#safetyMs = new Prng(seed, "length").between(12_000, 45_000);
    const flips = drawFlips(this.#dice);
    this.#world = new World({
      seed,
      time: this.#time,
      dice: this.#dice,
      config: drawConfig(this.#dice, options.config, flips),
      strategies: drawStrategies(this.#dice, options.strategies, flips),
      safetyMs: this.#safetyMs,
      sellsMatched: flips,
      adapter: options.adapter,
      onEntry: (entry) => {
        this.#onEntryOf(entry);
      },
    });
    const { history } = this.#world;
    for (const maker of options.judges ?? JUDGES) this.#judges.push(maker.make(history));
    for (const entry of this.#early.splice(0)) this.#judge(entry);
  }

  async play(): Promise<SeedResult> {
    this.#time.after(this.#safetyMs, () => {
      this.#converge();
    });
    await inTurns(() => !this.#isOver() && this.#time.count < MOST_STEPS && this.#time.step());
    const { history } = this.#world;
    if (!this.#isOver()) this.#finish([`${this.#time.count} things happened and no end of it`]);
    for (const judge of this.#judges) this.#found(judge.atEnd?.(history));
    return {
      seed: this.#seed,
      hash: this.#digest(),
      violations: this.#violations,
      faults: Object.fromEntries(this.#world.ground.effects),
      plan: this.#dice.plan,
      decisions: this.#dice.decisions,
      checked: sum(this.#judges.map((judge) => judge.checked?.() ?? {})),
      entries: history.entries.length,
      lives: this.#lives,
      simulatedMs: Math.round(this.#time.now / 1e6),
    };
  }

  /** Faults end; what they left must come to rest. */
  #converge(): void {
    const world = this.#world;
    const since = this.#time.now;
    world.calm();
    world.history.add({ kind: "phase", phase: "liveness" });
    this.#time.after(CALM_MS, () => {
      world.freeze();
    });
    let still = 0;
    let closing = false;
    const look = (): void => {
      const left = closing ? this.#notClosed() : this.#notAtRest();
      still = left.length === 0 && world.frozen ? still + 1 : 0;
      if (closing && left.length === 0) {
        this.#finish([]);
        return;
      }
      if (!closing && still >= 2) {
        closing = true;
        world.supervisor.close();
      }
      if (this.#time.now - since >= CONVERGE_MS * 1e6) {
        this.#finish(left.length === 0 ? ["it was never at rest for long enough"] : left);
        return;
      }
      this.#time.after(1_000, look);
    };
    this.#time.after(1_000, look);
  }

  /** What is still under way. */
  #notAtRest(): readonly string[] {
    const { supervisor, chain } = this.#world;
    const left: string[] = [];
    const { bot, refusal, refusals } = supervisor;
    if (refusal !== undefined && refusals >= 2 && this.#isForAPerson(refusal.code))
      return this.#othersNotAtRest();
    if (bot === undefined)
      left.push(
        `the bot does not run${refusal === undefined ? "" : `: ${refusal.code ?? ""} ${refusal.message ?? ""}`}`,
      );
    else if (!bot.program.recovered) left.push("the bot has not recovered");
    else if (this.#isRefused(bot.life.number))
      left.push("the bot takes back its orders, as the disk refuses its journal");
    else {
      const there = new Set<string>(this.#world.resting().map(({ orderId }) => orderId));
      for (const { status, orderId = "" } of bot.program.runtime.core.orders.allOpen()) {
        if (status !== "LIVE") left.push(`order ${orderId} is ${status}`);
        else if (!there.delete(orderId))
          left.push(`order ${orderId} is open here, and does not rest at the venue`);
      }
      for (const orderId of there) left.push(`order ${orderId} rests at the venue, and is not open here`);
    }
    if (chain.pending > 0) left.push(`${chain.pending} trades and actions are not final`);
    return [...left, ...this.#othersNotAtRest()];
  }

  /** What is under way whether the bot runs or not. */
  #othersNotAtRest(): readonly string[] {
    const { supervisor, ground } = this.#world;
    const { postsUnderWay } = ground;
    const left = supervisor
      .abandoned()
      .map((orderId) => `order ${orderId} of a second bot that is gone rests`);
    if (postsUnderWay > 0) left.push(`${postsUnderWay} orders are on their way to the venue`);
    for (const life of supervisor.lives()) if (life.bot === "b") left.push("the second bot still runs");
    return left;
  }

  /** A run whose journal was refused is about to break: it has cancelled its orders by then, and is started again. */
  #isRefused(life: number): boolean {
    const since = this.#time.now - BREAKS_MS * 1e6;
    return this.#world.history.entries.some(
      (entry) => entry.kind === "disk_error" && entry.life === life && entry.at >= since,
    );
  }

  /** A start that is refused because somebody else used the wallet is where a person takes over. */
  #isForAPerson(code: string | undefined): boolean {
    const { supervisor, history, stranger } = this.#world;
    const others = supervisor.hadSecond || history.transfers !== 0 || stranger.wasHere;
    return code === "ACCOUNT_UNEXPLAINED" && others;
  }

  #notClosed(): readonly string[] {
    const { supervisor, venue, chain } = this.#world;
    const left: string[] = [];
    if (chain.pending > 0) left.push(`${chain.pending} trades and actions are not final`);
    if (supervisor.bot !== undefined) left.push("the bot has not ended");
    else if (supervisor.ended?.how === "broke")
      left.push(`it broke at its end: ${supervisor.ended.code ?? ""} ${supervisor.ended.message ?? ""}`);
    if (supervisor.refusal === undefined && venue.resting().length > 0)
      left.push(`${venue.resting().length} orders still rest at the venue`);
    return left;
  }

  #finish(left: readonly string[]): void {
    this.#over = true;
    const { history, supervisor } = this.#world;
    history.add({ kind: "phase", phase: "over", left });
    const at = this.#time.now;
    for (const message of left) this.#violations.push({ invariant: "I21", message, at });
    for (const message of supervisor.unnoticed) this.#violations.push({ invariant: "I9", message, at });
  }

  #flush(): void {
    this.#hash.update(this.#text);
    this.#text = "";
  }

  #digest(): string {
    this.#flush();
    for (const { bytes } of this.#world.drive.files()) this.#hash.update(bytes);
    return this.#hash.digest("hex").slice(0, 32);
  }

  #isOver(): boolean {
    return this.#over;
  }

  #onEntryOf(entry: HistoryEntry): void {
    this.#text += textOf(entry);
    if (this.#text.length > HASH_AT_ONCE) this.#flush();
    if (entry.kind === "start") this.#lives += 1;
    this.#onEntry?.(entry);
    // The first entries are made while the judges are not there yet.
    if ((this.#world as World | undefined) === undefined) this.#early.push(entry);
    else this.#judge(entry);
  }

  #judge(entry: HistoryEntry): void {
    for (const judge of this.#judges) this.#found(judge.onStep?.(entry, this.#world.history));
  }

  #found(violations: readonly Violation[] | undefined): void {
    if (violations !== undefined) this.#violations.push(...violations);
  }
}

/**
 * An entry as the hash of its run sees it: all that is a word or a number of it. What else there is of it the programs have in their journals,
 * which are hashed too.
 */
function textOf(entry: HistoryEntry): string {
  let text = `${entry.seq} ${entry.at} `;
  for (const key in entry) {
    if (key === "seq" || key === "at") continue;
    const value: unknown = entry[key as keyof HistoryEntry];
    if (typeof value === "number" || typeof value === "string" || typeof value === "boolean")
      text += `${value} `;
  }
  return entry.kind === "step"
    ? `${text}${entry.event.type} ${entry.event.at} ${entry.effects.length}\n`
    : `${text}\n`;
}

function sum(counts: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const total: Record<string, number> = {};
  for (const each of counts)
    for (const [name, n] of Object.entries(each)) total[name] = (total[name] ?? 0) + n;
  return total;
}
