import { pause, type Clock } from "../clock/index.ts";
import type { ExecutionAdapter } from "../contracts/index.ts";
import type { Core } from "../engine/index.ts";
import { MatchpointError } from "../errors.ts";
import type { Adopted, CoreEvent, Difference } from "../events/index.ts";
import type { OrderId } from "../ids.ts";
import {
  describeDifference,
  Reconciler,
  type ChainBooks,
  type Comparison,
  type Dust,
} from "../reconcile/index.ts";
import { NANOS_PER_MS, type Shares, type Usdc } from "../units/index.ts";
import { tradeNews } from "./tradeNews.ts";

/** How an account is recovered. */
export interface RecoveryOptions {
  readonly adapter: Pick<
    ExecutionAdapter,
    "fetchTrades" | "fetchPositions" | "fetchBalances" | "fetchOpenOrders" | "cancelOrder"
  >;
  readonly core: Core;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Puts an event into the run's log. */
  readonly offer: (event: CoreEvent) => void;
  /** Cursor of the venue's trades from which on they are the account's runs'. Default: all are. */
  readonly since?: string;
  readonly dust?: Dust;
  /** The chain's own balances, to be compared beside the venue's. */
  readonly chain?: ChainBooks;
  /** Between two looks, in ms; longer than a report from the venue may take. Default 1,500. */
  readonly everyMs?: number;
  /** How long the venue may take to say that the earlier orders are gone, in ms. Default 90,000. */
  readonly withinMs?: number;
  /** Waited for when both sides agree, before anything may be traded. */
  readonly beforeTrading?: () => Promise<void>;
}

/** What was found and done. */
export interface Recovered {
  /** Orders of the earlier run that were not over, and trades of it that its journal did not have. */
  readonly orders: number;
  readonly fills: number;
  /** What was adopted as rounding. */
  readonly rounding: number;
  readonly ms: number;
}

const EVERY_MS = 1_500;
const WITHIN_MS = 90_000;
/** So many looks in a row must show that nothing rests, and so many that found a difference are no accident. */
const LOOKS_EMPTY = 2;
const LOOKS_APART = 6;
/** What another program made does not become ours by waiting. */
const LOOKS_FOREIGN = 2;

/**
 * Brings an account that was taken over to where the venue has it, before anything is traded: the earlier run's orders are cancelled and
 * proven to be gone, what became of those under way is found out, what was filled or settled meanwhile is booked once, and then both
 * sides must agree. Rounding is adopted by events of its own; anything else that is left is for a person.
 *
 * The core has been told of the account and its markets; its cancels, and the evidence for orders of unknown fate, are on their way by
 * the run's own means.
 *
 * @throws {@link MatchpointError} `ACCOUNT_UNEXPLAINED` when something is left that the journal does not explain, `RECOVERY_FAILED` when
 * the venue does not answer in time
 */
export async function recover(options: RecoveryOptions): Promise<Recovered | undefined> {
  const { core, clock, signal, offer, everyMs = EVERY_MS } = options;
  const began = clock.monotonic();
  const orders = core.orders.openCount;
  const fills = await ordersGone(options);
  if (fills === undefined) return undefined;
  const comparison = await agreement(options);
  if (comparison === undefined) return undefined;
  const stamp = { at: clock.monotonic(), receivedAt: clock.wall() };
  offer({ type: "reconciled", ...stamp, agrees: true, differences: [] });
  const adopted = (reason: Adopted["reason"], evidence: string, what: Adopted["what"]): void => {
    offer({ type: "adopted", ...stamp, reason, evidence, what });
  };
  // News that is on its way would be rounding twice.
  const rounding = comparison.inFlight.size === 0 ? comparison.rounding : [];
  for (const each of rounding) adopted("rounding", describeDifference(each), whatOf(each));
  await options.beforeTrading?.();
  if (signal.aborted) return undefined;
  adopted("restart", `orders gone, venue compared within ${everyMs} ms`, { kind: "complete" });
  const ms = Math.round((clock.monotonic() - began) / NANOS_PER_MS);
  return { orders, fills, rounding: rounding.length, ms };
}

/** Until no order of ours is open here, nor at the venue; gives how many fills were found. `undefined`: aborted. */
async function ordersGone(options: RecoveryOptions): Promise<number | undefined> {
  const { core, clock, signal, adapter, everyMs = EVERY_MS, withinMs = WITHIN_MS } = options;
  const until = clock.monotonic() + withinMs * NANOS_PER_MS;
  let [fills, empty, answered] = [0, 0, false];
  for (;;) {
    if (signal.aborted) return undefined;
    const found = await bookNews(options);
    const resting = found === undefined ? undefined : await attempt(() => adapter.fetchOpenOrders());
    fills += found ?? 0;
    answered ||= resting !== undefined;
    const ours = resting?.filter(({ orderId }) => core.orders.ownership(orderId) !== "foreign");
    const gone = ours?.length === 0 && core.orders.openCount === 0;
    empty = gone ? empty + 1 : 0;
    if (empty >= LOOKS_EMPTY) return fills;
    await cancelRest(options, ours ?? []);
    doubt(options, resting);
    if (clock.monotonic() >= until) throw notGone(core, !answered);
    await pause(clock, everyMs, signal);
  }
}

/** One that is over here and rests there is cancelled once more; the core's own cancels are under way. */
async function cancelRest(
  { core, adapter }: RecoveryOptions,
  ours: readonly { readonly orderId: OrderId }[],
): Promise<void> {
  const open = new Set([...core.orders.allOpen()].map(({ orderId }) => orderId));
  const left = ours.filter(({ orderId }) => !open.has(orderId));
  await Promise.all(left.map(({ orderId }) => attempt(() => adapter.cancelOrder(orderId))));
}

/** One that a fill has shown alive and that does not rest there is in doubt again: nobody else will tell of its end. */
function doubt(
  { core, clock, offer }: RecoveryOptions,
  resting: readonly { readonly orderId: OrderId }[] | undefined,
): void {
  if (resting === undefined) return;
  const there = new Set(resting.map(({ orderId }) => orderId));
  const detail = "it does not rest at the venue";
  for (const { orderId, status } of [...core.orders.allOpen()]) {
    if (orderId === undefined || status === "UNKNOWN" || there.has(orderId)) continue;
    const stamp = { at: clock.monotonic(), receivedAt: clock.wall() };
    offer({ type: "order_report", orderId, status: "unknown", detail, ...stamp });
  }
}

/** Books {@link tradeNews}; gives how many fills were among them. `undefined`: no answer. */
async function bookNews(options: RecoveryOptions): Promise<number | undefined> {
  const { core, offer } = options;
  const news = await attempt(() => tradeNews(options));
  if (news === undefined) return undefined;
  let fills = 0;
  for (const report of news) {
    if (core.orders.tradeStatus(report.orderId, report.tradeId) === undefined) fills += 1;
    offer(report);
  }
  return fills;
}

/** Until both sides agree; throws when they do not come to. `undefined`: aborted. */
async function agreement(options: RecoveryOptions): Promise<Comparison | undefined> {
  const {
    adapter,
    core,
    clock,
    signal,
    since,
    dust,
    chain,
    everyMs = EVERY_MS,
    withinMs = WITHIN_MS,
  } = options;
  const reconciler = new Reconciler({
    adapter,
    core,
    ...(since === undefined ? {} : { since }),
    ...(dust === undefined ? {} : { dust }),
    ...(chain === undefined ? {} : { chain }),
  });
  const until = clock.monotonic() + withinMs * NANOS_PER_MS;
  let apart = 0;
  for (;;) {
    if (signal.aborted) return undefined;
    const look = await reconciler.look();
    if (look.kind === "compared") {
      if (look.comparison.agrees) return look.comparison;
      apart += 1;
      const foreign = look.comparison.differences.some(({ kind }) => kind.startsWith("foreign"));
      if (apart >= (foreign ? LOOKS_FOREIGN : LOOKS_APART)) throw unexplained(look.comparison.differences);
    } else if (clock.monotonic() >= until) {
      throw new MatchpointError("RECOVERY_FAILED", `the venue could not be compared with: ${look.reason}`, {
        hint: "Try again when it answers. Nothing was traded.",
      });
    }
    await pause(clock, everyMs, signal);
    await bookNews(options);
  }
}

function whatOf({ kind, marketId, outcome, expected, actual }: Difference): Adopted["what"] {
  const by = actual - expected;
  if (kind === "cash") return { kind: "cash", amount: by as Usdc };
  return { kind: "position", marketId: marketId!, outcome: outcome!, shares: by as Shares, cost: 0 as Usdc };
}

/** The one line for what a person has to decide. */
export function unexplained(differences: readonly Difference[]): MatchpointError {
  const [first, ...others] = differences;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return new MatchpointError(
    "ACCOUNT_UNEXPLAINED",
    `the account holds what its journal does not explain: ${describeDifference(first!)}${more}`,
    {
      hint: "`matchpoint adopt` lists all of it and, on your word, books it; then start again.",
      context: { differences },
    },
  );
}

function notGone({ orders }: Core, silent: boolean): MatchpointError {
  const what = silent
    ? "the venue does not list its orders and trades"
    : `the venue does not say what became of ${orders.openCount} orders of the earlier run`;
  return new MatchpointError("RECOVERY_FAILED", what, {
    hint: "Nothing was traded. Look at Open orders on Polymarket's page, cancel what is there, and start again.",
    context: { open: [...orders.allOpen()].map(({ orderId, status }) => ({ orderId, status })) },
  });
}

/** An answer, or nothing. */
async function attempt<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch {
    return undefined;
  }
}
