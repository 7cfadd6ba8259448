import { pause, type Clock } from "../clock/index.ts";
import type { ExecutionAdapter } from "../contracts/index.ts";
import type { OrderStatus } from "../events/index.ts";
import type { OrderId } from "../ids.ts";
import { NANOS_PER_MS } from "../units/index.ts";
import type { VenueLink } from "./venueLink.ts";

/** How the orders of a run that cannot go on are taken back. */
export interface LastCancelOptions {
  readonly link: Pick<VenueLink, "idle">;
  readonly adapter: Pick<ExecutionAdapter, "cancelOrder" | "fetchOrder">;
  readonly clock: Clock;
  readonly orderIds: readonly OrderId[];
  /** Whether an order that never had an answer may still come to the venue: its absence then proves nothing. */
  readonly mayArrive: (orderId: OrderId) => boolean;
  /** How long it is tried, in ms. */
  readonly withinMs: number;
}

const AGAIN_MS = 500;
/** Orders asked for at a time. */
const AT_ONCE = 25;
/** States of an order that may rest, or come to. */
const ALIVE: ReadonlySet<OrderStatus> = new Set<OrderStatus>([
  "LIVE",
  "DELAYED",
  "PENDING_CANCEL",
  "UNKNOWN",
]);

/**
 * Cancels orders by their hashes until the venue has said of each that it is cancelled, or that it does not rest there. Gives those of
 * which it did not. Never throws.
 */
export async function lastCancels(options: LastCancelOptions): Promise<readonly OrderId[]> {
  const { link, adapter, clock, mayArrive, withinMs } = options;
  const until = clock.monotonic() + withinMs * NANOS_PER_MS;
  let idle = false;
  void link.idle().then(() => (idle = true));
  let left = options.orderIds;
  for (;;) {
    // While its POST is under way an order may still arrive too.
    const tries = stillThere(adapter, left, (orderId) => idle && !mayArrive(orderId));
    const remaining = Math.max(0, (until - clock.monotonic()) / NANOS_PER_MS);
    const answered = new AbortController();
    left = (await Promise.race([tries, pause(clock, remaining, answered.signal)])) ?? left;
    answered.abort();
    if (left.length === 0 || clock.monotonic() >= until) return left;
    await pause(clock, AGAIN_MS);
  }
}

async function stillThere(
  adapter: LastCancelOptions["adapter"],
  orderIds: readonly OrderId[],
  isSettled: (orderId: OrderId) => boolean,
): Promise<readonly OrderId[]> {
  const left: OrderId[] = [];
  for (let at = 0; at < orderIds.length; at += AT_ONCE) {
    const part = orderIds.slice(at, at + AT_ONCE);
    const gone = await Promise.all(part.map((orderId) => isGone(adapter, orderId, isSettled(orderId))));
    for (const [i, orderId] of part.entries()) if (gone[i] !== true) left.push(orderId);
  }
  return left;
}

async function isGone(
  adapter: LastCancelOptions["adapter"],
  orderId: OrderId,
  settled: boolean,
): Promise<boolean> {
  try {
    const outcome = await adapter.cancelOrder(orderId);
    if (outcome.kind === "canceled") return true;
    // Why it is not cancelled may be that it was filled, or that nobody could ask.
    if (outcome.kind === "unknown") return false;
    const evidence = await adapter.fetchOrder(orderId);
    return evidence.kind === "absent" ? settled : evidence.kind === "found" && !ALIVE.has(evidence.status);
  } catch {
    return false;
  }
}
