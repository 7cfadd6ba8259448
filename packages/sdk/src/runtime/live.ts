import { Bus } from "../bus/index.ts";
import { pause, type Clock } from "../clock/index.ts";
import type { ExecutionAdapter } from "../contracts/index.ts";
import { isMatchpointError } from "../errors.ts";
import type { CoreEvent, TradeReport } from "../events/index.ts";
import type { MarketId, OrderId } from "../ids.ts";
import { NANOS_PER_MS, type Nanos } from "../units/index.ts";
import { BookWatch } from "./bookWatch.ts";
import { seekEvidence, type EvidenceOptions } from "./evidence.ts";
import { lastCancels } from "./lastCancels.ts";
import { ARRIVES_MS, lastLooks } from "./lastLooks.ts";
import { Pump } from "./pump.ts";
import { recover, type Recovered, type RecoveryOptions } from "./recover.ts";
import type { Runtime } from "./runtime.ts";
import { LoopWatch, type StallWatch } from "./stallWatch.ts";
import { tradeNews } from "./tradeNews.ts";
import type { VenueLink } from "./venueLink.ts";

/** The real venue of a live run. A paper venue needs none of this: the runtime drives it in line. */
export interface LiveVenue {
  /** What the runtime was made with as its execution. */
  readonly link: VenueLink;
  /** Asked for evidence of orders whose fate is unknown, and at the end for what still rests; the adapter behind the link. */
  readonly adapter: Pick<ExecutionAdapter, "fetchOrder" | "fetchTrades" | "cancelOrder" | "fetchOpenOrders">;
  readonly evidence?: Pick<EvidenceOptions, "everyMs" | "quietMs" | "since">;
  /** How long the end of the run waits for its cancels, its orders and its chain actions to be over, in ms. Default 20,000. */
  readonly drainMs?: number;
  /** From one of the end's looks at the open orders to the next, in ms. Default 1,000. */
  readonly lookMs?: number;
  /** Set when the run began with an earlier one's account: nothing but the venue is listened to until it is recovered. */
  readonly recovery?: Pick<
    RecoveryOptions,
    "adapter" | "since" | "dust" | "chain" | "everyMs" | "withinMs"
  > & {
    readonly onRecovered?: (recovered: Recovered) => void;
  };
  /** Told of the orders that the venue did not confirm to be gone, when the run could not end in good order. */
  readonly onLeft?: (orderIds: readonly OrderId[]) => void;
}

const DRAIN_MS = 20_000;
const DRAIN_LOOK_MS = 20;
/** What waits in a source's memory is read before any timer is due. */
const CATCH_UP_MS = 1;
/** So long the frames of the last trades may take, and the venue's answer about them. */
const LATE_FRAMES_MS = 250;
const LAST_TRADES_MS = 6_000;
const LAST_LOOKS = 3;

/** What a live run listens to. */
export interface LiveOptions {
  /** Made together with the runtime, so that both count from the same moment. */
  readonly clock: Clock;
  /** Feeds, already told what to follow. Each ends by itself or when the signal aborts. */
  readonly sources: readonly AsyncIterable<CoreEvent>[];
  readonly signal: AbortSignal;
  /** Which markets are about which match it learns from the listings that go through it. Default a new one. */
  readonly bus?: Bus;
  /** Asked for a whole book, about once a second, while a market's book stays gapped; a market feed's `requestResync`. */
  readonly resync?: (marketId: MarketId, reason: string) => void;
  /**
   * Tells when the process did nothing for longer than `risk.max_loop_stall_ms`. Default: a timer of the clock that is late.
   */
  readonly stalls?: StallWatch;
  /** A real venue. The run ends only when its orders are over, or after `drainMs`; what is still open then is told by the core. */
  readonly venue?: LiveVenue;
}

/**
 * Runs a bot on live sources: what arrives goes through the bus, in order, and what is due by the clock happens on time.
 * Resolves when the signal aborts or every source has ended. What breaks the run breaks it only when its open orders have been
 * cancelled by their hashes: for that neither the journal nor the core is needed.
 *
 * @throws whatever a source, `resync` or the journal throws: the run must not go on without it
 */
export async function runLive(runtime: Runtime, options: LiveOptions): Promise<void> {
  const { clock, signal } = options;
  const bus = options.bus ?? new Bus();
  const { venue } = options;
  const pump = new Pump(runtime, bus, clock, venue === undefined ? undefined : () => venue.link.durable());
  const { max_loop_stall_ms: stallMs } = runtime.config.risk;
  const turns = new LoopWatch(clock, stallMs, () => {
    pump.schedule();
  });
  if (stallMs > 0) pump.stalls = options.stalls ?? turns;
  // What is still waited for when the run breaks: it must not keep the process.
  const broken = new AbortController();
  const stop = new AbortController();
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener(
      "abort",
      () => {
        resolve();
      },
      { once: true, signal: stop.signal },
    );
  });
  const { resync } = options;
  const fail = (error: unknown): void => {
    pump.fail(error);
  };
  const watch = resync === undefined ? undefined : new BookWatch(runtime, clock, resync, fail);
  // The venue is listened to until its orders are over, which is after everything else.
  if (venue !== undefined) listenToVenue(venue, runtime, clock, bus, pump, stop.signal);
  let sources: Promise<unknown> = Promise.resolve();
  try {
    if (pump.stalls === turns) turns.start();
    pump.drain();
    const begin = (): void => {
      sources = Promise.all(options.sources.map((source) => listen(source, bus, pump, clock)));
      watch?.start();
    };
    if (venue?.recovery === undefined) begin();
    else {
      const until = AbortSignal.any([signal, broken.signal]);
      await Promise.race([recovered(venue.recovery, runtime, clock, until, pump, begin), pump.failed]);
    }
    await Promise.race([aborted, sources, pump.failed]);
    pump.drain();
    if (venue !== undefined) {
      runtime.stop("stopped");
      const until = clock.monotonic() + (venue.drainMs ?? DRAIN_MS) * NANOS_PER_MS;
      const { adapter, lookMs: everyMs } = venue;
      const { core } = runtime;
      // What is confirmed meanwhile may be merged yet.
      const goesOn = (): boolean => isMerging(runtime) && clock.monotonic() < until;
      let found: Awaited<ReturnType<typeof lastLooks>> | undefined;
      do {
        await Promise.race([drained(venue, runtime, clock, until, broken.signal), pump.failed]);
        const trades = await Promise.race([lastTrades(venue, runtime, clock, broken.signal), pump.failed]);
        for (const trade of trades) bus.offer(trade);
        pump.drain();
        if (goesOn()) continue;
        const looks = lastLooks({ adapter, core, clock, until, everyMs, signal: broken.signal });
        found = await Promise.race([looks, pump.failed]);
        pump.drain();
      } while (found === undefined || goesOn());
      const stamp = { at: clock.monotonic(), receivedAt: clock.wall() };
      // The journal's last record: whatever is told from here on is for the next start to find out.
      pump.take({ type: "run_stopped", ...stamp, ...found });
      pump.end();
      await venue.link.durable();
    }
  } catch (error) {
    pump.end();
    broken.abort();
    if (venue !== undefined) await withdraw(venue, runtime, clock);
    throw error;
  } finally {
    stop.abort();
    watch?.stop();
    turns.stop();
    pump.end();
    sources.catch(() => undefined);
  }
}

/** Brings an earlier run's account to where the venue has it. */
async function recovered(
  recovery: NonNullable<LiveVenue["recovery"]>,
  { core }: Runtime,
  clock: Clock,
  signal: AbortSignal,
  pump: Pump,
  begin: () => void,
): Promise<void> {
  const { onRecovered, ...options } = recovery;
  const found = await recover({
    ...options,
    core,
    clock,
    signal,
    offer: (event) => {
      pump.take(event);
    },
    // What feeds and the operator said meanwhile is past: it is taken in while nothing can be traded on it.
    beforeTrading: async () => {
      begin();
      await pause(clock, CATCH_UP_MS);
    },
  });
  if (found !== undefined) onRecovered?.(found);
}

function listenToVenue(
  { link, adapter, evidence }: LiveVenue,
  { core }: Runtime,
  clock: Clock,
  bus: Bus,
  pump: Pump,
  signal: AbortSignal,
): void {
  const seek = seekEvidence({ ...evidence, adapter, core, clock, signal });
  for (const source of [link.reports(signal), seek]) {
    listen(source, bus, pump, clock).catch((error: unknown) => {
      if (!signal.aborted) pump.fail(error);
    });
  }
}

/**
 * A cancel's answer may come before the frames of what was matched the moment before, and a channel that fell silent never told what
 * became of a trade: the venue's list of trades has the last word.
 */
async function lastTrades(
  { adapter, evidence, recovery }: LiveVenue,
  { core }: Runtime,
  clock: Clock,
  signal: AbortSignal,
): Promise<readonly TradeReport[]> {
  // An earlier run's trades may be under way too.
  if (core.counts.orders === 0 && recovery === undefined) return [];
  const since = evidence?.since;
  const asked = { adapter, core, clock, ...(since === undefined ? {} : { since }) };
  const over = new AbortController();
  const late = pause(clock, LAST_TRADES_MS, over.signal);
  try {
    for (let look = 0; look < LAST_LOOKS; look++) {
      await pause(clock, LATE_FRAMES_MS, signal);
      if (signal.aborted) return [];
      const found = await Promise.race([tradeNews(asked).catch(() => undefined), late]);
      if (found !== undefined) return found;
    }
    return [];
  } finally {
    over.abort();
  }
}

/** The run is broken: what rests is taken back without it. */
async function withdraw(venue: LiveVenue, { core }: Runtime, clock: Clock): Promise<void> {
  const { link, adapter, drainMs = DRAIN_MS, onLeft } = venue;
  link.stop();
  const since = (): Nanos => (clock.monotonic() - ARRIVES_MS * NANOS_PER_MS) as Nanos;
  // What looks have missed is over in the books, and may come to the venue as any other without an answer.
  const unseen = core.orders.goneUnseen(since());
  const asked = [...core.orders.allOpen(), ...unseen].flatMap(({ orderId }) => orderId ?? []);
  const mayArrive = (orderId: OrderId): boolean => {
    const order = core.orders.byOrderId(orderId);
    if (order === undefined || order.createdAt < since()) return false;
    const { status, takenBefore, grossMatched } = order;
    if (status === "LIVE" || status === "DELAYED" || takenBefore || grossMatched > 0) return false;
    return status === "UNKNOWN" || unseen.includes(order) || link.isUnanswered(orderId);
  };
  const left = await lastCancels({ link, adapter, clock, withinMs: drainMs, orderIds: asked, mayArrive });
  if (left.length > 0) onLeft?.(left);
}

/** Waits until nothing of ours is open or on its way, to the venue or on the chain, as long as is allowed. */
async function drained(
  venue: LiveVenue,
  runtime: Runtime,
  clock: Clock,
  until: number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const waited = pause(clock, DRAIN_LOOK_MS);
    await Promise.race([Promise.all([venue.link.idle(), waited]), pause(clock, DRAIN_LOOK_MS * 10)]);
    const over = runtime.core.orders.openCount === 0 && !isMerging(runtime);
    if (over || clock.monotonic() >= until) return;
  }
}

/** Whether a chain action is under way. */
function isMerging({ core }: Runtime): boolean {
  return core.markets().some(({ chain }) => chain !== undefined);
}

async function listen(source: AsyncIterable<CoreEvent>, bus: Bus, pump: Pump, clock: Clock): Promise<void> {
  for await (const event of source) {
    try {
      bus.offer(event);
    } catch (error) {
      // What has not even a time of its own gets that of its arrival: whatever a source says, it must not end the run.
      bus.offer(timeless(error, clock));
    }
    pump.schedule();
  }
}

/** @throws what is no fault of an event */
function timeless(error: unknown, clock: Clock): CoreEvent {
  if (!isMatchpointError(error) || error.code !== "EVENT_INVALID") throw error;
  const stamp = { at: clock.monotonic(), receivedAt: clock.wall() };
  return { type: "frame_quarantined", ...stamp, feed: "unknown", reason: error.message, sample: "" };
}
