import { pause, type Clock } from "../clock/index.ts";
import type { ExecutionAdapter } from "../contracts/index.ts";
import type { Core } from "../engine/index.ts";
import type { RunStopped } from "../events/index.ts";
import { NANOS_PER_MS, type Nanos } from "../units/index.ts";

/** How the end of a run is proven. */
export interface LastLooksOptions {
  readonly adapter: Pick<ExecutionAdapter, "fetchOpenOrders" | "cancelOrder">;
  readonly core: Pick<Core, "orders">;
  readonly clock: Clock;
  /** Monotonic time by which the end must be proven; a little more is given where nothing was left to be done. */
  readonly until: number;
  /** From one look to the next, in ms. Default 1,000. */
  readonly everyMs?: number | undefined;
  readonly signal: AbortSignal;
}

/** So many looks in a row must show that nothing of ours rests. */
const LOOKS = 2;
const EVERY_MS = 1_000;
/**
 * A request is refused when it comes more than about a minute after it was signed (the venue's window for its timestamps), and waits for the
 * disk before that: an order without an answer may come to the venue for so long, in ms, and looks that miss it until then prove nothing.
 */
export const ARRIVES_MS = 75_000;
/** The end of a run that had nothing left to do is proven, however long the rest took. */
const LEAST_LOOKS = 4;

/**
 * Looks at the venue's open orders until two looks in a row list none of ours, and none that was never answered may still come to it; one
 * that rests there is cancelled once more. A look without an answer shows nothing. Never throws.
 */
export async function lastLooks(
  options: LastLooksOptions,
): Promise<Pick<RunStopped, "clean" | "openOrders">> {
  const { adapter, core, clock, everyMs = EVERY_MS, signal } = options;
  const until = Math.max(options.until, clock.monotonic() + LEAST_LOOKS * everyMs * NANOS_PER_MS);
  let empty = 0;
  let listed = 0;
  for (;;) {
    const resting = await answered(() => adapter.fetchOpenOrders(), clock, until, signal);
    const ours = resting?.filter(({ orderId }) => core.orders.ownership(orderId) !== "foreign");
    listed = ours?.length ?? listed;
    const gone = ours?.length === 0 && core.orders.openCount === 0;
    empty = gone ? empty + 1 : 0;
    const coming = core.orders.goneUnseen((clock.monotonic() - ARRIVES_MS * NANOS_PER_MS) as Nanos).length;
    if (empty >= LOOKS && coming === 0) return { clean: true, openOrders: 0 };
    if (clock.monotonic() >= until || signal.aborted)
      return { clean: false, openOrders: Math.max(listed, core.orders.openCount) + coming };
    for (const { orderId } of ours ?? []) void attempt(() => adapter.cancelOrder(orderId));
    await pause(clock, everyMs, signal);
  }
}

/** An answer in time, or nothing. */
async function answered<T>(
  ask: () => Promise<T>,
  clock: Clock,
  until: number,
  signal: AbortSignal,
): Promise<T | undefined> {
  const over = new AbortController();
  const left = Math.max(0, (until - clock.monotonic()) / NANOS_PER_MS);
  const late = pause(clock, left, AbortSignal.any([signal, over.signal])).then(() => undefined);
  try {
    return await Promise.race([attempt(ask), late]);
  } finally {
    over.abort();
  }
}

async function attempt<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch {
    return undefined;
  }
}
