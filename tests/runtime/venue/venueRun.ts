import { createPaperBroker, paperExecution, type PaperBroker } from "@matchpoint/paper-broker";
import {
  createRuntime,
  createVenueLink,
  id,
  isOutside,
  LADDER,
  parseConfig,
  pause,
  runLive,
  Strategy,
  VirtualClock,
  type BookContext,
  type CoreEvent,
  type ExecutionAdapter,
  type IntentId,
  type MarketId,
  type Millis,
  type Nanos,
  type OrderType,
  type Outcome,
  type Runtime,
  type Shares,
} from "@matchpoint/sdk";
import { z } from "zod";
import { STARTS_AT, testMarket } from "../tape.ts";
import { generator, HostileAdapter, type Hostility } from "./hostileAdapter.ts";

/** Places an order of another kind with each book, and sells what it holds now and then. */
export class Prober extends Strategy<typeof Prober.params, typeof Prober.state> {
  static readonly id = "prober";
  static readonly posture = "directional";
  static readonly params = z.object({ most: z.number().int().default(1_000_000) });
  static readonly state = z.object({ n: z.number().default(0) });

  override onBook(ctx: BookContext<{ n: number }>): void {
    if (ctx.state.n >= this.params.most) return;
    const n = ctx.state.n++;
    const outcome = ((n >> 1) % 2) as Outcome;
    const quote = ctx.quote(outcome);
    const held = ctx.position(outcome).settled as number;
    if (n % 5 === 4 && held >= 5_000_000) {
      ctx.sell({ outcome, limit: quote.bid, size: (held - (held % 10_000)) as Shares });
      return;
    }
    const orderType: OrderType = n % 3 === 0 ? "FAK" : n % 7 === 0 ? "FOK" : "GTC";
    const rests = n % 4 === 1 && orderType === "GTC";
    const limit = rests ? quote.bid : quote.ask;
    ctx.buy({ outcome, limit, size: ((5 + (n % 9)) * 1_000_000) as Shares, orderType });
  }
}

/** A run against a venue whose network is bad. */
export interface VenueRun {
  readonly runtime: Runtime;
  readonly broker: PaperBroker;
  readonly adapter: HostileAdapter;
  readonly clock: VirtualClock;
  readonly log: readonly CoreEvent[];
  /** Lets virtual time pass until the run has ended. */
  play(): Promise<void>;
}

const MARKETS = 8;
const STEP_MS = 50;

/** Limits out of the way: the venue is what is tried. */
const CONFIG = parseConfig({
  risk: {
    max_order_usdc: 1_000,
    max_market_usdc: 100_000_000,
    max_match_usdc: 100_000_000,
    max_account_usdc: 100_000_000,
    max_unsettled_usdc: 100_000_000,
    max_daily_loss_usdc: 100_000_000,
    max_open_orders: 100_000,
    max_open_orders_per_market: 10_000,
    max_orders_per_minute: 100_000,
    duplicate_window_ms: 0,
    max_order_latency_ms: 0,
    max_consecutive_rejects_per_market: 0,
    max_cancel_failures_per_market: 0,
  },
});

/** Starts a run in which every market's book changes every `everyMs`, for `forMs`. */
export function venueRun(options: {
  readonly seed: number;
  readonly how: Hostility;
  readonly forMs: number;
  readonly everyMs: number;
  readonly resume?: boolean;
  /** How long the run goes on after its last book. */
  readonly quietMs?: number;
  readonly wrap?: (adapter: HostileAdapter) => ExecutionAdapter;
}): VenueRun {
  const { seed, forMs, everyMs } = options;
  const clock = new VirtualClock({ startsAt: STARTS_AT });
  const broker = createPaperBroker({
    realism: "off",
    fill_model: "worst_queue",
    runId: "venue",
    seed,
    collateral: 1e14 as never,
    latency: {
      place_ms: 20,
      cancel_ms: 20,
      ack_ms: 20,
      fill_report_ms: 20,
      mined_ms: 500,
      confirmed_ms: 1_500,
      chain_ms: 800,
    },
    faults: { trade_fail: 0.02, trade_retry: 0.05, chain_revert: 0.02, duplicate_report: 0.05 },
    retain: 10_000_000,
  });
  const paper = paperExecution(broker, clock);
  const adapter = new HostileAdapter(paper, clock, options.how, seed);
  const log: CoreEvent[] = [];
  const link = createVenueLink({
    adapter: options.wrap?.(adapter) ?? adapter,
    settlement: { submit: (action) => paper.settlement.submit(action), reports: none },
    clock,
    durable: () => pause(clock, 5),
  });
  const runtime = createRuntime({
    config: CONFIG,
    strategies: [{ use: Prober }],
    execution: link,
    runId: "venue",
    mode: "live",
    collateral: 1e14 as never,
    startsAt: STARTS_AT,
    journal: { append: (event) => log.push(event) },
  });
  const stop = new AbortController();
  const told = (event: CoreEvent): CoreEvent => {
    if (isOutside(event)) paper.observe(event);
    return event;
  };
  let ended = false;
  const run = runLive(runtime, {
    clock,
    sources: [
      books({
        clock,
        seed,
        forMs,
        everyMs,
        told,
        resume: options.resume ?? false,
        quietMs: options.quietMs ?? 0,
        runtime,
      }),
    ],
    signal: stop.signal,
    venue: { link, adapter, drainMs: 120_000 },
  }).finally(() => {
    ended = true;
  });
  run.catch(() => undefined);
  return {
    runtime,
    broker,
    adapter,
    clock,
    log,
    async play() {
      while (!ended) {
        clock.advance(STEP_MS);
        await settled();
      }
      await run;
    },
  };
}

/** Lets everything that waits for nothing but its turn have it. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

async function* none(): AsyncGenerator<never> {
  // Chain reports come with all others.
}

async function* books(options: {
  readonly clock: VirtualClock;
  readonly seed: number;
  readonly forMs: number;
  readonly everyMs: number;
  readonly told: (event: CoreEvent) => CoreEvent;
  readonly resume: boolean;
  readonly quietMs: number;
  readonly runtime: Runtime;
}): AsyncGenerator<CoreEvent> {
  const { clock, forMs, everyMs, told, runtime } = options;
  const draw = generator(options.seed ^ 0x5eed);
  const stamp = (): { at: Nanos; receivedAt: Millis } => ({
    at: clock.monotonic(),
    receivedAt: clock.wall(),
  });
  const ids = Array.from({ length: MARKETS }, (_, i) => id<MarketId>(`m${i}`));
  for (const [i, marketId] of ids.entries()) {
    const outcomes = [0, 1].map((k) => ({ tokenId: id(`${1_000 + 2 * i + k}`), name: `t${k}` }));
    const market = testMarket({ marketId, outcomes: outcomes as never });
    yield told({ type: "market_listed", market, ...stamp() });
  }
  for (let n = 0; clock.monotonic() < forMs * 1_000_000; n++) {
    const marketId = ids[n % MARKETS]!;
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
    yield told({ type: "book_snapshot", marketId, outcome: 0, levels, synthetic: false, ...stamp() });
    if (options.resume && n % 64 === 63) {
      for (const each of ids) {
        if (runtime.core.market(each)?.trading.status !== "HALT") continue;
        yield { type: "operator", operator: "test", command: { kind: "resume", marketId: each }, ...stamp() };
      }
    }
    await pause(clock, everyMs / MARKETS);
  }
  await pause(clock, options.quietMs);
}

/** How many orders at the venue came of each intent. */
export function ordersByIntent(log: readonly CoreEvent[]): ReadonlyMap<IntentId, number> {
  const found = new Map<IntentId, number>();
  for (const event of log) {
    if (event.type === "order_prepared") found.set(event.intentId, (found.get(event.intentId) ?? 0) + 1);
  }
  return found;
}
