import { createPaperBroker, paperExecution, type PaperBroker } from "@matchpoint/paper-broker";
import {
  AccountRebuilder,
  Bus,
  checkEvent,
  createRuntime,
  createVenueLink,
  id,
  LADDER,
  parseConfig,
  pause,
  runLive,
  VirtualClock,
  type CancelTimer,
  type ChainAction,
  type ChainReport,
  type Clock,
  type CoreEvent,
  type ExecutionAdapter,
  type ExecutionReport,
  type MarketDescription,
  type MarketId,
  type Millis,
  type Nanos,
  type OrderId,
  type RebuiltAccount,
  type Recovered,
  type Runtime,
  type SettlementAdapter,
  type Usdc,
} from "@matchpoint/sdk";
import { STARTS_AT, testMarket } from "../tape.ts";
import { generator, HostileAdapter, type Hostility } from "./hostileAdapter.ts";
import { Prober } from "./venueRun.ts";

const MARKETS = 4;
const STEP_MS = 50;
const WIDE = 100_000_000;
const CONFIG = parseConfig({
  risk: {
    max_order_usdc: 1_000,
    max_market_usdc: WIDE,
    max_match_usdc: WIDE,
    max_account_usdc: WIDE,
    max_unsettled_usdc: WIDE,
    max_daily_loss_usdc: WIDE,
    max_open_orders: 100_000,
    max_open_orders_per_market: 10_000,
    max_orders_per_minute: 100_000,
    duplicate_window_ms: 0,
  },
});

/** A venue that outlives the processes that trade on it; its network is bad. */
export class MortalWorld {
  readonly clock = new VirtualClock({ startsAt: STARTS_AT });
  readonly broker: PaperBroker;
  readonly adapter: HostileAdapter;
  readonly markets: readonly MarketDescription[];
  readonly paper;
  readonly draw: () => number;
  /** The chain's last word on each action, as a wallet's journal of transactions keeps it. */
  readonly chain = new Map<string, ChainReport | undefined>();
  /** Who is listening to the venue; while nobody is, what it tells is lost. */
  listener: ((report: ExecutionReport) => void) | undefined;
  lives = 0;

  constructor(seed: number, how: Hostility) {
    this.draw = generator(seed ^ 0xdead);
    this.broker = createPaperBroker({
      realism: "off",
      fill_model: "worst_queue",
      runId: "mortal",
      seed,
      collateral: 1e12 as Usdc,
      latency: {
        place_ms: 20,
        cancel_ms: 20,
        ack_ms: 20,
        fill_report_ms: 20,
        mined_ms: 700,
        confirmed_ms: 2_500,
        chain_ms: 800,
      },
      faults: { trade_fail: 0.05, trade_retry: 0.05, chain_revert: 0.05, duplicate_report: 0.05 },
      retain: 10_000_000,
    });
    this.paper = paperExecution(this.broker, this.clock);
    this.adapter = new HostileAdapter(this.paper, this.clock, how, seed);
    this.markets = Array.from({ length: MARKETS }, (_, i) =>
      testMarket({
        marketId: id<MarketId>(`m${i}`),
        outcomes: [0, 1].map((k) => ({ tokenId: id(`${1_000 + 2 * i + k}`), name: `t${k}` })) as never,
      }),
    );
    for (const market of this.markets) this.tell({ type: "market_listed", market, ...this.stamp() });
    void this.#listen();
  }

  stamp(): { at: Nanos; receivedAt: Millis } {
    return { at: this.clock.monotonic(), receivedAt: this.clock.wall() };
  }

  tell(event: CoreEvent): void {
    this.paper.observe(event);
  }

  /** Lets time pass, and everything that waits for nothing but its turn have it. */
  async step(): Promise<void> {
    this.clock.advance(STEP_MS);
    await new Promise((resolve) => setImmediate(resolve));
  }

  async #listen(): Promise<void> {
    for await (const report of this.adapter.reports(new AbortController().signal)) {
      if (report.type === "chain_report") {
        const said = this.chain.get(report.actionId)?.status;
        // What comes late takes no end back.
        if (said !== "FINAL" && said !== "REVERTED") this.chain.set(report.actionId, report);
      }
      this.listener?.(report);
    }
  }
}

/** One process: from its start to its end, or to its kill. After that nothing that it does has any effect. */
export class Life {
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly log: string[] = [];
  recovered: Recovered | undefined;
  /** Alarms that call something of the account another's. */
  readonly foreign: string[] = [];
  error: unknown;
  ended = false;
  #durable = 0;
  #alive = true;
  readonly #world: MortalWorld;
  readonly #startedAt: number;
  readonly #number: number;
  readonly #stop = new AbortController();

  constructor(world: MortalWorld, carried: RebuiltAccount | undefined) {
    this.#world = world;
    this.#number = world.lives++;
    this.#startedAt = world.clock.monotonic();
    const alive = (): boolean => this.#alive;
    this.clock = {
      wall: () => world.clock.wall(),
      monotonic: () => (world.clock.monotonic() - this.#startedAt) as Nanos,
      after: (ms, callback): CancelTimer =>
        world.clock.after(ms, () => {
          if (alive()) callback();
        }),
    };
    const adapter = this.#adapter();
    const link = createVenueLink({
      adapter,
      settlement: this.#settlement(),
      clock: this.clock,
      durable: () => this.#sync(),
    });
    this.runtime = createRuntime({
      config: CONFIG,
      strategies: [{ use: Prober }],
      execution: link,
      runId: `life-${this.#number}`,
      mode: "live",
      collateral: 1e12 as Usdc,
      startsAt: world.clock.wall(),
      ...(carried === undefined ? {} : { carried }),
      journal: {
        append: (event) => {
          if (alive()) this.log.push(JSON.stringify(event));
        },
      },
    });
    this.runtime.on("alarm", ({ code, message }) => {
      if (code.startsWith("FOREIGN")) this.foreign.push(message);
    });
    // A journal is on the disk before the account is said to go on from it.
    this.#durable = this.log.length;
    const bus = new Bus();
    const stamp = { at: 0 as Nanos, receivedAt: world.clock.wall() };
    for (const market of world.markets) bus.offer({ type: "market_listed", market, ...stamp });
    const run = runLive(this.runtime, {
      clock: this.clock,
      bus,
      sources: [this.#books()],
      signal: this.#stop.signal,
      venue: {
        link,
        adapter,
        drainMs: 120_000,
        ...(carried === undefined
          ? {}
          : { recovery: { adapter, onRecovered: (recovered) => (this.recovered = recovered) } }),
      },
    });
    run.then(
      () => (this.ended = true),
      (error: unknown) => {
        this.error = error;
        this.ended = true;
      },
    );
  }

  /** Ends it in good order. */
  stop(): void {
    this.#stop.abort();
  }

  /** SIGKILL. Gives what of its journal is on the disk: all that was synced, and some of the rest. */
  kill(): readonly CoreEvent[] {
    this.#alive = false;
    this.#world.listener = undefined;
    const kept = this.#durable + Math.floor(this.#world.draw() * (this.log.length - this.#durable + 1));
    return this.log.slice(0, kept).map((line) => checkEvent(JSON.parse(line)));
  }

  /** What of its journal there is. */
  get journal(): readonly CoreEvent[] {
    return this.log.map((line) => checkEvent(JSON.parse(line)));
  }

  async #sync(): Promise<void> {
    const upTo = this.log.length;
    await pause(this.clock, 5);
    if (this.#alive) this.#durable = Math.max(this.#durable, upTo);
  }

  /** The venue as this process reaches it: a dead one asks nothing and hears no answer. */
  #adapter(): ExecutionAdapter {
    const { adapter } = this.#world;
    const mortal = async <T>(ask: () => Promise<T>): Promise<T> => {
      if (this.#isDead()) return never();
      const answer = await ask().catch((error: unknown) => {
        if (this.#isDead()) return never<T>();
        throw error;
      });
      return this.#isDead() ? never() : answer;
    };
    return {
      capabilities: adapter.capabilities,
      prepare: (intent, seq) => adapter.prepare(intent, seq + this.#number * 1_000_000),
      placeOrder: (order) => mortal(() => adapter.placeOrder(order)),
      cancelOrder: (orderId: OrderId) => mortal(() => adapter.cancelOrder(orderId)),
      cancelAll: (scope) => mortal(() => adapter.cancelAll(scope)),
      fetchOrder: (orderId) => mortal(() => adapter.fetchOrder(orderId)),
      fetchOpenOrders: () => mortal(() => adapter.fetchOpenOrders()),
      fetchTrades: (since) => mortal(() => adapter.fetchTrades(since)),
      fetchPositions: () => mortal(() => adapter.fetchPositions()),
      fetchBalances: () => mortal(() => adapter.fetchBalances()),
      reports: (signal) => this.#reports(signal),
    };
  }

  async *#reports(signal: AbortSignal): AsyncGenerator<ExecutionReport> {
    const heard: ExecutionReport[] = [];
    let wake = (): void => undefined;
    this.#world.listener = (report) => {
      heard.push(report);
      wake();
    };
    signal.addEventListener("abort", () => {
      wake();
    });
    while (!signal.aborted && this.#alive) {
      while (heard.length > 0) yield { ...heard.shift()!, ...this.#now() };
      await new Promise<void>((resolve) => (wake = resolve));
    }
  }

  /** Sends each action once, whoever asks, and tells again what became of one that was sent before. */
  #settlement(): SettlementAdapter {
    const { chain, paper } = this.#world;
    const submit = async (action: ChainAction): Promise<Awaited<ReturnType<SettlementAdapter["submit"]>>> => {
      if (!this.#alive) return never();
      if (!chain.has(action.actionId)) {
        chain.set(action.actionId, undefined);
        return paper.settlement.submit(action);
      }
      const last = chain.get(action.actionId);
      if (last !== undefined) this.#world.listener?.(last);
      return { kind: "sent" };
    };
    return {
      submit,
      reports: async function* () {
        // Chain reports come with all others.
      },
    };
  }

  async *#books(): AsyncGenerator<CoreEvent> {
    const { draw, markets } = this.#world;
    for (let n = 0; this.#alive && !this.#stop.signal.aborted; n++) {
      const { marketId } = markets[n % MARKETS]!;
      const bid = 3_000 + 100 * Math.floor(draw() * 40);
      const size = (): number => 5_000_000 * (1 + Math.floor(draw() * 6));
      const levels = [
        LADDER.BID_0,
        bid,
        size(),
        LADDER.ASK_0,
        bid + 100,
        size(),
        LADDER.ASK_0,
        bid + 200,
        size(),
      ];
      const book = { type: "book_snapshot", marketId, outcome: 0, levels, synthetic: false } as const;
      this.#world.tell({ ...book, ...this.#world.stamp() });
      yield { ...book, ...this.#now() };
      await pause(this.clock, 200);
    }
  }

  #isDead(): boolean {
    return !this.#alive;
  }

  #now(): { at: Nanos; receivedAt: Millis } {
    return { at: this.clock.monotonic(), receivedAt: this.clock.wall() };
  }
}

/** The account that a journal leaves, for a process that starts now. */
export function carriedBy(journal: readonly CoreEvent[], world: MortalWorld): RebuiltAccount {
  const rebuilder = new AccountRebuilder();
  for (const event of journal) rebuilder.take(event);
  return rebuilder.account(world.clock.wall());
}

function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}
