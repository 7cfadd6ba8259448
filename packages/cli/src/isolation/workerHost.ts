import { Worker } from "node:worker_threads";
import {
  eventProblem,
  type Clock,
  type CoreEvent,
  type IsolatedCall,
  type MarketId,
  type StrategyAction,
  type StrategyId,
} from "@matchpoint/sdk";
import { BEGAN, DONE, SHARED_BYTES, type IsolationData, type Posted } from "./shared.ts";

/** How an isolated strategy is run. */
export interface WorkerHostOptions {
  readonly strategyId: StrategyId;
  readonly data: Omit<IsolationData, "memory" | "heapMb">;
  /** How long one hook may take, in ms. */
  readonly deadlineMs: number;
  /** How much memory the strategy's objects may take, in MiB. */
  readonly heapMb: number;
  readonly clock: Clock;
  /** Takes what the strategy asks for, as events of the run's log. */
  readonly offer: (event: CoreEvent) => void;
}

type Skip = Extract<StrategyAction, { readonly kind: "skip" }>;

/** A thread may be slow to begin, on a busy machine or while it loads. */
const BEGIN_MS = 5_000;
const LOAD_MS = 30_000;
/** Calls that wait while one is under way, book changes of one market counted once. */
const WAITING = 10_000;
const ACTIONS = 1_000;
const MESSAGE_CHARS = 1_000_000;
const SKIPS_EVERY_MS = 1_000;
const REASONS = 200;
const FROM_SOURCES = import.meta.url.endsWith(".ts");

/**
 * Runs one strategy in a thread of its own: one hook at a time, each with a deadline. Whatever goes wrong with the thread (a deadline
 * missed, its heap full, an exit, nonsense posted) ends it, and becomes one event that halts the strategy with the reason.
 */
export class WorkerHost {
  readonly #options: WorkerHostOptions;
  readonly #waiting: IsolatedCall[] = [];
  /** Markets whose book has changed since it was last shown. */
  readonly #books = new Map<MarketId, IsolatedCall>();
  readonly #skips = new Map<MarketId, Map<string, Skip>>();
  #hooks: ReadonlySet<string> | undefined;
  #worker: Worker | undefined;
  #slots = new Int32Array(new SharedArrayBuffer(SHARED_BYTES));
  #seq = 0;
  #busy: IsolatedCall | undefined;
  #watch: NodeJS.Timeout | undefined;
  #tell: NodeJS.Timeout | undefined;
  #failed = false;

  constructor(options: WorkerHostOptions) {
    this.#options = options;
  }

  /** Starts the thread, afresh when it has ended. */
  start(): void {
    if (this.#worker !== undefined) return;
    const memory = new SharedArrayBuffer(SHARED_BYTES);
    this.#slots = new Int32Array(memory);
    this.#failed = false;
    this.#hooks = undefined;
    const { data, heapMb } = this.#options;
    const worker = new Worker(new URL(FROM_SOURCES ? "./worker.ts" : "./isolation.js", import.meta.url), {
      workerData: { ...data, heapMb, memory } satisfies IsolationData,
      name: `strategy ${data.use}`,
      // No secret is in its environment.
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
      stdin: false,
      ...(FROM_SOURCES ? { execArgv: ["--conditions=@matchpoint/source", "--no-warnings"] } : {}),
    });
    this.#worker = worker;
    worker.unref();
    worker.on("message", (text: unknown) => {
      if (worker === this.#worker) this.#heard(text);
    });
    worker.on("error", (error: Error) => {
      if (worker === this.#worker) this.#fail(`its worker failed: ${error.message}`);
    });
    worker.on("exit", (code) => {
      if (worker === this.#worker) this.#fail(`its worker ended by itself with code ${code}`);
    });
    this.#limit(LOAD_MS, () => `it was not loaded within ${LOAD_MS} ms`);
    this.#tell ??= setInterval(() => {
      this.#tellSkips();
    }, SKIPS_EVERY_MS);
    this.#tell.unref();
  }

  /** A hook of the strategy is to be called. */
  take(call: IsolatedCall): void {
    if (this.#failed || (this.#hooks !== undefined && !this.#hooks.has(call.hook))) return;
    if (call.hook === "onBook") this.#books.set(call.marketId, call);
    else this.#waiting.push(call);
    if (this.#waiting.length > WAITING) {
      this.#fail(`more than ${WAITING} hooks wait for it`);
      return;
    }
    // Not now: the core is in the middle of an event.
    if (this.#busy === undefined && this.#hooks !== undefined)
      queueMicrotask(() => {
        this.#next();
      });
  }

  close(): void {
    clearInterval(this.#tell);
    this.#tell = undefined;
    this.#end();
  }

  #next(): void {
    const worker = this.#worker;
    if (this.#busy !== undefined || worker === undefined || this.#hooks === undefined) return;
    let call = this.#waiting.shift();
    if (call === undefined) {
      const [first] = this.#books;
      if (first === undefined) return;
      this.#books.delete(first[0]);
      [, call] = first;
    }
    const { marketId, hook, extra } = call;
    if (!this.#hooks.has(hook)) {
      this.#next();
      return;
    }
    this.#busy = call;
    this.#seq += 1;
    const seq = this.#seq;
    worker.postMessage(JSON.stringify({ seq, call: { marketId, hook, extra, view: call.view() } }));
    const { deadlineMs } = this.#options;
    const late = `${hook} did not end within ${deadlineMs} ms`;
    const sent = performance.now();
    const look = (): string | undefined => {
      if (Atomics.load(this.#slots, DONE) >= seq) return undefined;
      const began = Atomics.load(this.#slots, BEGAN) === seq;
      if (!began)
        return performance.now() - sent > BEGIN_MS ? `${hook} did not begin within ${BEGIN_MS} ms` : "wait";
      this.#since ??= performance.now();
      return performance.now() - this.#since > deadlineMs ? late : "wait";
    };
    this.#since = undefined;
    this.#limit(Math.max(1, Math.min(10, deadlineMs / 4)), look);
  }

  /** When the call under way was first seen to have begun. */
  #since: number | undefined;

  /** Looks again and again until there is nothing to wait for, or a reason to give up. */
  #limit(everyMs: number, look: () => string | undefined): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => {
      const why = look();
      if (why === "wait") this.#limit(everyMs, look);
      else if (why !== undefined) this.#fail(why);
    }, everyMs);
    this.#watch.unref();
  }

  #heard(text: unknown): void {
    const posted = read(text);
    if (posted === undefined) {
      this.#fail("its worker posted what is no answer");
      return;
    }
    const { seq, hooks, actions, fault } = posted;
    if (hooks !== undefined && this.#hooks === undefined) {
      clearTimeout(this.#watch);
      this.#hooks = new Set(hooks.filter((hook) => typeof hook === "string"));
      this.#next();
      return;
    }
    const call = this.#busy;
    if (call === undefined || seq !== this.#seq) {
      this.#fail("its worker answered what was not asked");
      return;
    }
    clearTimeout(this.#watch);
    this.#busy = undefined;
    if (fault !== undefined) this.#fail(`${call.hook} failed: ${fault.slice(0, 300)}`);
    else this.#answer(call, actions ?? []);
    this.#next();
  }

  #answer({ marketId, hook }: IsolatedCall, actions: readonly StrategyAction[]): void {
    if (actions.length > ACTIONS) {
      this.#fail(`${hook} asked for more than ${ACTIONS} things`);
      return;
    }
    const skips = actions.filter((action) => (action as Partial<Skip> | null)?.kind === "skip");
    for (const skip of skips as readonly Skip[]) this.#skipped(marketId, skip);
    const asked = actions.filter((action) => !(skips as readonly StrategyAction[]).includes(action));
    if (asked.length > 0) this.#offer(marketId, [...this.#takeSkips(marketId), ...asked], hook);
  }

  /** Reasons for doing nothing come with every book: they are told together. */
  #skipped(marketId: MarketId, { reason, data }: Skip): void {
    const known = this.#skips.get(marketId) ?? new Map<string, Skip>();
    this.#skips.set(marketId, known);
    const key: unknown = reason;
    if (typeof key !== "string") return;
    const before = known.get(key);
    if (before === undefined && known.size >= REASONS) return;
    const last = data ?? before?.data;
    known.set(key, {
      kind: "skip",
      reason,
      times: (before?.times ?? 0) + 1,
      ...(last === undefined ? {} : { data: last }),
    });
  }

  #takeSkips(marketId: MarketId): readonly Skip[] {
    const known = this.#skips.get(marketId);
    this.#skips.delete(marketId);
    return known === undefined ? [] : [...known.values()];
  }

  #tellSkips(): void {
    for (const marketId of [...this.#skips.keys()]) this.#offer(marketId, this.#takeSkips(marketId), "skip");
  }

  #offer(marketId: MarketId, actions: readonly StrategyAction[], hook: string): void {
    const event = this.#event({ marketId, actions });
    const problem = eventProblem(event);
    if (problem === undefined) this.#options.offer(event);
    else this.#fail(`${hook} asked for nonsense: ${problem.slice(0, 200)}`);
  }

  #event(rest: {
    readonly marketId?: MarketId;
    readonly actions: readonly StrategyAction[];
    readonly failed?: string;
  }): CoreEvent {
    const { clock, strategyId } = this.#options;
    return { type: "strategy_reply", at: clock.monotonic(), receivedAt: clock.wall(), strategyId, ...rest };
  }

  /** Ends the thread for good and halts the strategy. */
  #fail(reason: string): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#end();
    this.#options.offer(this.#event({ actions: [], failed: reason }));
  }

  #end(): void {
    clearTimeout(this.#watch);
    const worker = this.#worker;
    this.#worker = undefined;
    this.#busy = undefined;
    this.#waiting.length = 0;
    this.#books.clear();
    void worker?.terminate();
  }
}

/** What a thread posted, when it is an answer at all. JSON again: what the journal will hold is what the core is told. */
function read(text: unknown): Posted | undefined {
  if (typeof text !== "string" || text.length > MESSAGE_CHARS) return undefined;
  try {
    const value = JSON.parse(text) as Posted | null;
    if (typeof value !== "object" || value === null || !Number.isSafeInteger(value.seq)) return undefined;
    if (value.fault !== undefined && typeof (value.fault as unknown) !== "string") return undefined;
    const { hooks, actions } = value as { readonly hooks?: unknown; readonly actions?: unknown };
    if (![hooks, actions].every((each) => each === undefined || Array.isArray(each))) return undefined;
    return value;
  } catch {
    return undefined;
  }
}
