import {
  eventProblem,
  id,
  isolated,
  IsolatedHost,
  Mailbox,
  type CoreEvent,
  type IsolatedCall,
  type MarketId,
  type Runtime,
  type StrategyAction,
  type StrategyId,
  type StrategyUse,
} from "@matchpoint/sdk";
import type { Ground } from "../kernel/ground.ts";
import type { Life } from "./life.ts";

/** How long one hook may take. */
const DEADLINE_MS = 100;
const SKIPS_EVERY_MS = 1_000;
/** What is no answer: none of it may do more than end the strategy. */
const GARBAGE: readonly (readonly unknown[])[] = [
  [{ kind: "buy" }],
  [{ kind: "buy", ref: "~1", request: { outcome: 7, limit: null, size: "1e9" } }],
  [{ kind: "sell", ref: "~1", request: 12 }],
  [{ kind: "after", ms: "soon", name: {} }],
  [{ kind: "transfer", to: "somebody else", amount: 1_000_000 }],
  [null],
];

/**
 * Stands in for the threads of a program's isolated strategies, behind the seam that those use: calls go out as plain data, what comes back are
 * events of the run's log, each call has a deadline. There are no threads: a worker's answer comes after a time that is drawn, or
 * too late, or is no answer, or never comes because the worker is gone.
 */
export class Workers {
  readonly #ground: Ground;
  readonly #life: Life;
  readonly #out = new Mailbox<CoreEvent>();
  readonly #stands = new Map<StrategyId, Worker>();

  constructor(ground: Ground, life: Life) {
    this.#ground = ground;
    this.#life = life;
  }

  /** The strategies as a core is given them: a stand-in for each that is to run apart. */
  replace(strategies: readonly StrategyUse[], apart: ReadonlySet<StrategyUse>): readonly StrategyUse[] {
    return strategies.map((item) => {
      if (!apart.has(item)) return item;
      const strategyId = id<StrategyId>(item.name ?? item.use.id);
      const worker = new Worker(this.#ground, this.#life, strategyId, item, (event) => {
        this.#out.push(event);
      });
      this.#stands.set(strategyId, worker);
      return {
        ...item,
        use: isolated(item.use, (call) => {
          worker.take(call);
        }),
      };
    });
  }

  /** One that a person lets go on begins anew, with an empty memory. */
  watch(runtime: Runtime): void {
    for (const worker of this.#stands.values()) worker.start();
    runtime.on("system", ({ subject, to }) => {
      if (to === "STRATEGY_RUNNING")
        this.#stands.get(id<StrategyId>(subject.replace(/^strategy:/, "")))?.start();
    });
  }

  events(signal: AbortSignal): AsyncIterable<CoreEvent> {
    return this.#out.read(signal);
  }

  close(): void {
    this.#out.close();
  }
}

class Worker {
  readonly #ground: Ground;
  readonly #life: Life;
  readonly #strategyId: StrategyId;
  readonly #item: StrategyUse;
  readonly #offer: (event: CoreEvent) => void;
  readonly #waiting: IsolatedCall[] = [];
  readonly #books = new Map<MarketId, IsolatedCall>();
  #skips = new Map<MarketId, StrategyAction[]>();
  #host: IsolatedHost | undefined;
  #hooks: ReadonlySet<string> = new Set();
  #busy = false;
  /** Counts its starts: what an earlier one had in hand concerns nobody. */
  #era = 0;

  constructor(
    ground: Ground,
    life: Life,
    strategyId: StrategyId,
    item: StrategyUse,
    offer: (event: CoreEvent) => void,
  ) {
    this.#ground = ground;
    this.#life = life;
    this.#strategyId = strategyId;
    this.#item = item;
    this.#offer = offer;
  }

  start(): void {
    if (this.#host !== undefined) return;
    this.#era += 1;
    this.#host = new IsolatedHost(this.#item.use, this.#item.params);
    this.#hooks = new Set(this.#host.hooks);
    this.#tellSkips(this.#era);
  }

  take(call: IsolatedCall): void {
    if (this.#host === undefined || !this.#hooks.has(call.hook)) return;
    // Of books only the last one counts.
    if (call.hook === "onBook") this.#books.set(call.marketId, call);
    else this.#waiting.push(call);
    if (!this.#busy) this.#next(this.#era);
  }

  /** Not now: the core is in the middle of an event. */
  #next(era: number): void {
    this.#busy = true;
    this.#after(era, this.#ground.dice.stream("workers").between(0.05, 2), () => {
      const call = this.#waiting.shift() ?? this.#firstBook();
      if (call === undefined) this.#busy = false;
      else this.#call(era, call);
    });
  }

  #firstBook(): IsolatedCall | undefined {
    const [first] = this.#books;
    if (first !== undefined) this.#books.delete(first[0]);
    return first?.[1];
  }

  #call(era: number, { marketId, hook, extra, view }: IsolatedCall): void {
    const { dice } = this.#ground;
    const draw = dice.stream("workers");
    const asked = JSON.stringify({ marketId, hook, extra, view: view() });
    if (dice.strikes("worker_dies")) {
      this.#after(era, draw.between(0, DEADLINE_MS), () => {
        this.#fail("its worker ended by itself with code 1");
      });
      return;
    }
    if (dice.strikes("worker_late")) {
      this.#after(era, DEADLINE_MS, () => {
        this.#fail(`${hook} did not end within ${DEADLINE_MS} ms`);
      });
      return;
    }
    const garbage = dice.strikes("worker_garbage");
    this.#after(era, draw.between(0.1, draw.chance(0.1) ? DEADLINE_MS - 1 : 8), () => {
      this.#answer(marketId, hook, garbage ? draw.pick(GARBAGE) : this.#run(asked));
      if (this.#host !== undefined) this.#next(era);
    });
  }

  /** What the strategy asks for, or how it failed. */
  #run(asked: string): readonly unknown[] | string {
    try {
      const actions = this.#host!.run(JSON.parse(asked) as Parameters<IsolatedHost["run"]>[0]);
      return JSON.parse(JSON.stringify(actions)) as readonly unknown[];
    } catch (error) {
      return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    }
  }

  #answer(marketId: MarketId, hook: string, answer: readonly unknown[] | string): void {
    if (typeof answer === "string") {
      this.#fail(`${hook} failed: ${answer.slice(0, 300)}`);
      return;
    }
    const actions = answer as readonly StrategyAction[];
    const skips = actions.filter((action) => (action as StrategyAction | null)?.kind === "skip");
    if (skips.length > 0) this.#skips.set(marketId, skips);
    const wanted = actions.filter((action) => !skips.includes(action));
    if (wanted.length > 0) this.#say(marketId, wanted, hook);
  }

  /** Reasons for doing nothing are told together, the last ones of each market. */
  #tellSkips(era: number): void {
    this.#after(era, SKIPS_EVERY_MS, () => {
      for (const [marketId, skips] of this.#skips) this.#say(marketId, skips, "skip");
      this.#skips = new Map();
      this.#tellSkips(era);
    });
  }

  #say(marketId: MarketId, actions: readonly StrategyAction[], hook: string): void {
    const event = this.#event({ marketId, actions });
    const problem = eventProblem(event);
    if (problem === undefined) this.#offer(event);
    else this.#fail(`${hook} asked for nonsense: ${problem.slice(0, 200)}`);
  }

  #event(
    rest: Omit<
      Extract<CoreEvent, { readonly type: "strategy_reply" }>,
      "type" | "at" | "receivedAt" | "strategyId"
    >,
  ): CoreEvent {
    return { type: "strategy_reply", ...this.#life.stamp(), strategyId: this.#strategyId, ...rest };
  }

  /** It is over with this worker, and the strategy is halted. */
  #fail(failed: string): void {
    this.#host = undefined;
    this.#era += 1;
    this.#busy = false;
    this.#waiting.length = 0;
    this.#books.clear();
    this.#skips.clear();
    this.#offer(this.#event({ actions: [], failed }));
  }

  #after(era: number, ms: number, run: () => void): void {
    this.#ground.time.after(ms, () => {
      this.#life.gate(() => {
        if (era === this.#era) run();
      });
    });
  }
}
