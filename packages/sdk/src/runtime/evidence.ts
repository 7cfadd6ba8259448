import { pause, type Clock } from "../clock/index.ts";
import type { ExecutionAdapter, OrderEvidence } from "../contracts/index.ts";
import type { Core } from "../engine/index.ts";
import type { ExecutionReport, OrderReport, OrderStatus } from "../events/index.ts";
import type { OrderId } from "../ids.ts";
import { NANOS_PER_MS, type Millis, type Nanos } from "../units/index.ts";
import { isTradeNews } from "./tradeNews.ts";

/** How evidence is sought. */
export interface EvidenceOptions {
  readonly adapter: Pick<ExecutionAdapter, "fetchOrder" | "fetchTrades" | "cancelOrder">;
  readonly core: Pick<Core, "orders">;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** From one round to the next, in ms. Default 2,000. */
  readonly everyMs?: number;
  /** An order whose next word is due is looked for when it has been silent this long, in ms. Default 10,000. */
  readonly quietMs?: number;
  /** Cursor of the venue's trades when the run began; older ones are none of it. Default: all of the account's are listed. */
  readonly since?: string;
}

/** States in which the venue owes word of an order by itself. */
const OWED: ReadonlySet<OrderStatus> = new Set<OrderStatus>(["SENT", "DELAYED", "MATCHED", "PENDING_CANCEL"]);
/** Orders looked at in one round; the others have their turn in the next ones. */
const MOST = 25;

/** What a state at the venue means as a report; states that no venue has mean nothing. */
const REPORT_OF: Readonly<Partial<Record<OrderStatus, OrderReport["status"]>>> = {
  LIVE: "live",
  PENDING_CANCEL: "live",
  DELAYED: "delayed",
  MATCHED: "matched",
  FILLED: "matched",
  CANCELED: "canceled",
  EXPIRED: "expired",
  INVALID: "invalid",
  // A venue that remembers what it refused: the answer was lost, or its run had ended.
  REJECTED: "rejected",
};

/**
 * Looks for orders whose fate is unknown, or of which nothing was heard for too long, until the signal aborts: its trades
 * first, then the order by its hash. What is found is reported as if the venue had said it by itself; what is not found is
 * reported `absent`, which two such looks after a cancel by hash make an end. An order of unknown fate is cancelled by hash
 * again in each round: it may have come to the venue after all.
 *
 * A source for a run; `runLive` starts it when it is given a venue.
 */
export async function* seekEvidence(options: EvidenceOptions): AsyncGenerator<ExecutionReport, void> {
  const { adapter, core, clock, signal } = options;
  const everyMs = options.everyMs ?? 2_000;
  const quiet = (options.quietMs ?? 10_000) * NANOS_PER_MS;
  const stamp = (): { at: Nanos; receivedAt: Millis } => ({
    at: clock.monotonic(),
    receivedAt: clock.wall(),
  });
  let cursor = options.since;
  let turn = 0;
  while (!isOver(signal)) {
    await pause(clock, everyMs, signal);
    if (isOver(signal)) return;
    const wanted = candidates(core, clock.monotonic(), quiet);
    if (wanted.length === 0) continue;
    const first = turn % wanted.length;
    turn += MOST;
    const round = [...wanted.slice(first), ...wanted.slice(0, first)].slice(0, MOST);
    // Trades before states: an order that is said to be over first would have to be corrected by its own fills.
    const page = await attempt(() => adapter.fetchTrades(cursor));
    if (page === undefined) {
      // Nothing can be concluded; but what may rest must not, whatever the venue lists.
      const lost = round.filter(({ unknown }) => unknown);
      await Promise.all(lost.map(({ orderId }) => attempt(() => adapter.cancelOrder(orderId))));
      continue;
    }
    for (const trade of page.trades) {
      if (isTradeNews(core, trade)) yield { ...trade, type: "trade_report", ...stamp() };
    }
    cursor = page.cursor;
    // At once: a question that gets no answer must not keep the others from being asked.
    const found = await Promise.all(round.map((each) => look(adapter, each)));
    for (const [i, { orderId }] of round.entries()) {
      const status = found[i];
      if (status !== undefined) yield { type: "order_report", orderId, status, ...stamp() };
    }
  }
}

interface Candidate {
  readonly orderId: OrderId;
  readonly unknown: boolean;
}

function candidates({ orders }: Pick<Core, "orders">, now: Nanos, quiet: number): Candidate[] {
  const found: Candidate[] = [];
  for (const { orderId, status, updatedAt } of orders.allOpen()) {
    if (orderId === undefined) continue;
    const unknown = status === "UNKNOWN";
    if (unknown || (OWED.has(status) && now - updatedAt >= quiet)) found.push({ orderId, unknown });
  }
  return found;
}

function reportOf(evidence: OrderEvidence): OrderReport["status"] | undefined {
  if (evidence.kind === "absent") return "absent";
  return evidence.kind === "found" ? REPORT_OF[evidence.status] : undefined;
}

async function look(
  adapter: EvidenceOptions["adapter"],
  { orderId, unknown }: Candidate,
): Promise<OrderReport["status"] | undefined> {
  if (unknown) {
    const outcome = await attempt(() => adapter.cancelOrder(orderId));
    if (outcome?.kind === "canceled") return "canceled";
  }
  const evidence = await attempt(() => adapter.fetchOrder(orderId));
  return evidence === undefined ? undefined : reportOf(evidence);
}

/** An answer, or nothing: a look that failed is no evidence. */
async function attempt<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch {
    return undefined;
  }
}

/** The signal may have aborted while something was awaited. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
