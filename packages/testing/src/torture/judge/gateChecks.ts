import type { Effect, Intent, Order } from "@matchpoint/sdk";
import { breakerHolds } from "./breakerChecks.ts";
import type { HeardMarket, Life } from "./life.ts";
import type { Seen } from "./seen.ts";

/** What was let out: I2 (form), I11 (fresh data), I12 (nothing while held back), I13 (rate), I14 (no second writer), I15 (no self-cross), I19 (no timers without end). @module */

const ONE = 10_000;
/** Sizes are hundredths of a share and spends whole cents: both 10,000 millionths. */
const HUNDREDTH = 10_000;
const MINUTE = 60_000_000_000;
const IMMEDIATE: ReadonlySet<string> = new Set(["FAK", "FOK"]);

/** States of a market in which nothing is begun, with what an option may grant. */
const CLOSED: Readonly<Record<string, "halt" | "finalizing" | undefined>> = {
  HALT: "halt",
  FINALIZING: "finalizing",
  LOCKED_PAIR: undefined,
  RESOLVED: undefined,
};

/** Judges what a step lets out, one effect after the other, as they were decided. */
export function judgeGate(seen: Seen): void {
  const { life, step } = seen;
  if (step.event.type === "timer") timerGone(life, step.event.timerId);
  for (const effect of step.effects) {
    if (effect.type === "transition") moved(life, effect);
    else if (effect.type === "place") placed(seen, effect.intent);
    else if (effect.type === "set_timer") timerSet(seen, effect.timerId);
    else if (effect.type === "clear_timer") timerGone(life, effect.timerId);
  }
  const { event } = step;
  if (event.type === "strategy_reply" && event.failed !== undefined) judgeFailed(seen, event.strategyId);
  if (event.type === "tick_size_changed" || event.type === "terms_changed") judgeGrid(seen, event.marketId);
}

function moved(
  life: Life,
  { machine, marketId, subject, to }: Extract<Effect, { readonly type: "transition" }>,
): void {
  if (machine === "trading" && marketId !== undefined) life.states.set(marketId, to);
  // The system itself, and its strategies by their names; the venue's mode is heard from the venue.
  if (machine === "system" && subject !== "venue") life.states.set(subject, to);
}

function placed(seen: Seen, intent: Intent): void {
  const { life, verdicts } = seen;
  const { intentId, marketId } = intent;
  const market = life.markets.get(marketId);
  if (market === undefined) {
    verdicts.wrong("I2", intentId, `intent ${intentId} is for ${marketId}, which was never listed`);
    return;
  }
  verdicts.looked("I2");
  const form = formOf(intent, market);
  if (form !== undefined) verdicts.wrong("I2", intentId, `intent ${intentId} of ${marketId}: ${form}`);
  verdicts.looked("I12");
  const reducing = intent.purpose === "exit" && seen.history.world.config.risk.halt.allow_reduce;
  const held = heldBack(seen, intent) ?? (reducing ? undefined : breakerHolds(seen, intent));
  if (held !== undefined)
    verdicts.wrong("I12", intentId, `${intent.purpose} ${intentId} in ${marketId} was let out: ${held}`);
  const lacks = life.comparison?.lacks;
  verdicts.holds("I12", lacks === undefined, `resumed ${intentId}`, () => {
    return `${intent.purpose} ${intentId} in ${marketId} was let out after a kill: ${lacks!}`;
  });
  life.comparison = undefined;
  const { foreign } = life;
  // What only reduces may go on where the owner has said so.
  verdicts.holds("I14", reducing || (!foreign.has("*") && !foreign.has(marketId)), intentId, () => {
    return `${intent.purpose} ${intentId} in ${marketId} was let out: something of the account is not its own, and nobody has resumed since`;
  });
  verdicts.looked("I11");
  const old = oldData(seen, intent, market);
  if (old !== undefined)
    verdicts.wrong("I11", intentId, `${intent.purpose} ${intentId} in ${marketId} was let out: ${old}`);
  judgeRate(seen, intent, market);
  judgeSelf(seen, intent, market);
}

/** A strategy that runs apart has failed for good: nothing of it goes on. */
function judgeFailed({ life, verdicts }: Seen, strategyId: string): void {
  const halted =
    life.states.get(`strategy:${strategyId}`) === "STRATEGY_HALTED" ||
    life.account.person.haltedStrategies.has(strategyId);
  verdicts.holds("I12", halted, `failed ${strategyId}`, () => {
    return `strategy ${strategyId} has failed for good, and is not halted`;
  });
}

/** Timers of a strategy in a market: `strategy:MARKET|STRATEGY|NAME`. */
function ownerOf(timerId: string): string | undefined {
  const end = timerId.indexOf("|", timerId.indexOf("|") + 1);
  return timerId.startsWith("strategy:") && end > 0 ? timerId.slice(0, end) : undefined;
}

function timerSet({ life, history, verdicts }: Seen, timerId: string): void {
  const owner = ownerOf(timerId);
  if (owner === undefined) return;
  const timers = life.timers.get(owner) ?? new Set<string>();
  life.timers.set(owner, timers);
  timers.add(timerId);
  const most = history.world.config.engine.max_timers;
  verdicts.holds("I19", timers.size <= most, owner, () => {
    return `${timers.size} timers of ${owner} wait, at most ${most}`;
  });
}

function timerGone(life: Life, timerId: string): void {
  const owner = ownerOf(timerId);
  if (owner !== undefined) life.timers.get(owner)?.delete(timerId);
}

function formOf(intent: Intent, { market }: HeardMarket): string | undefined {
  const { limit, size, spend, outcome, side, orderType, postOnly, expiresAt } = intent;
  if (!Number.isSafeInteger(limit) || limit % market.tick !== 0)
    return `limit ${limit} is not on the grid of ${market.tick}`;
  if (limit < market.tick || limit > ONE - market.tick) return `limit ${limit} is no price`;
  if (!Number.isSafeInteger(size) || size < market.minSize) return `size ${size} is below ${market.minSize}`;
  if (spend === undefined ? size % HUNDREDTH !== 0 : spend % HUNDREDTH !== 0 || spend <= 0)
    return `size ${size} (${String(spend)} dollars) is finer than the venue takes`;
  if ((spend !== undefined) !== (side === "buy" && IMMEDIATE.has(orderType)))
    return `a ${orderType} ${side} with spend ${String(spend)}`;
  // Never more dollars than size and limit say.
  if (spend !== undefined && BigInt(spend) * 10_000n > BigInt(size) * BigInt(limit))
    return `spend ${spend} is more than ${size} at ${limit}`;
  if (![0, 1].includes(outcome)) return `outcome ${String(outcome)}`;
  if (postOnly && IMMEDIATE.has(orderType)) return `a post-only ${orderType}`;
  return (expiresAt !== undefined) === (orderType === "GTD")
    ? undefined
    : `a ${orderType} that expires at ${String(expiresAt)}`;
}

/**
 * Why nothing like this may leave now.
 * @param leaving it was let out before, and waited for the disk: then only what takes back orders holds it back
 */
export function heldBack(
  { life, history }: Pick<Seen, "life" | "history">,
  { marketId, purpose, postOnly, strategyId }: Intent,
  leaving = false,
): string | undefined {
  const { risk } = history.world.config;
  const { account, states } = life;
  if (account.person.killed) return "the bot was killed";
  if (life.recovering) return "the account is not recovered yet";
  if (life.stopping) return "the run is stopping";
  if (states.get("") === "HALTED") return "the system is halted";
  if (
    account.person.haltedStrategies.has(strategyId) ||
    states.get(`strategy:${strategyId}`) === "STRATEGY_HALTED"
  )
    return `strategy ${strategyId} is halted`;
  const state = states.get(marketId) ?? "IDLE";
  const option = CLOSED[state];
  const reduces = purpose === "exit" && option !== undefined && risk[option].allow_reduce;
  if (Object.hasOwn(CLOSED, state) && !reduces && (!leaving || option !== undefined))
    return `its market is in ${state}`;
  const person = account.person.heldBack(marketId);
  if (person !== undefined && !(purpose === "exit" && risk.halt.allow_reduce)) return person;
  if (life.disputes.held.has(marketId) && !(purpose === "exit" && risk.halt.allow_reduce))
    return "the outcome proposed for its market was disputed, and nobody has resumed it since";
  if (leaving) return undefined;
  if (purpose === "entry" && (account.person.entriesStopped || states.get("") === "STOP_ENTRY"))
    return "entries are stopped";
  const gap = life.ownGap;
  if (purpose === "entry" && gap !== undefined)
    return gap.back
      ? `the channel of its own orders is back, and ${gap.agreements} comparisons in a row have agreed since`
      : "the channel of its own orders is lost";
  if (life.venueMode === "OPEN" || (life.venueMode === "POST_ONLY" && postOnly)) return undefined;
  return `the venue is ${life.venueMode}`;
}

function oldData({ step, history, life }: Seen, intent: Intent, { book }: HeardMarket): string | undefined {
  if (intent.purpose === "exit") return undefined;
  if (book.unsound !== undefined) return `its book is unsound: ${book.unsound}`;
  const { max_book_age_ms: most, max_loop_stall_ms: stall } = history.world.config.risk;
  if (intent.purpose === "entry" && stall > 0 && step.at < life.oldUntil)
    return `its host did nothing, and what it hears until ${life.oldUntil} ns may have waited`;
  if (intent.purpose === "hedge" || most === 0 || book.at < 0) return undefined;
  const age = (step.event.at - book.at) / 1e6;
  return age <= most ? undefined : `its book was last heard of ${age} ms ago, at most ${most}`;
}

/** Orders of a market within a minute; exits may be some more. */
function judgeRate(
  { step, history, verdicts, life }: Seen,
  { intentId, marketId, purpose }: Intent,
  { orderTimes }: HeardMarket,
): void {
  const { max_orders_per_minute: most, exit_orders_per_minute: exits } = history.world.config.risk;
  const { at } = step.event;
  while (orderTimes.length > 0 && orderTimes[0]! <= at - MINUTE) orderTimes.shift();
  orderTimes.push(at);
  const limit = most + (purpose === "exit" ? exits : 0);
  const before = life.pace.before(step.event.receivedAt, (order) => order.marketId === marketId).count;
  const count = orderTimes.length + before;
  verdicts.holds("I13", count <= limit, intentId, () => {
    return `${purpose} ${intentId} is the ${count}th order of ${marketId} within a minute, at most ${limit}`;
  });
}

/** Whether two orders of ours could be matched with each other. */
function meet(a: Intent, b: Intent): boolean {
  if (IMMEDIATE.has(a.orderType) && IMMEDIATE.has(b.orderType)) return false;
  // Everything as an order for outcome 0: selling 1 at p is buying 0 at 1 - p.
  const [first, second] = [asFirst(a), asFirst(b)];
  if (first.buys === second.buys) return false;
  const [bid, ask] = first.buys ? [first.price, second.price] : [second.price, first.price];
  return bid >= ask;
}

function asFirst({ outcome, side, limit }: Intent): { readonly buys: boolean; readonly price: number } {
  return { buys: (side === "buy") === (outcome === 0), price: outcome === 0 ? limit : ONE - limit };
}

function judgeSelf({ core, verdicts }: Seen, intent: Intent, { market }: HeardMarket): void {
  verdicts.looked("I15");
  for (const order of core.orders.open(market.marketId)) {
    const other = order.intent;
    if (other.intentId === intent.intentId || !meet(intent, other)) continue;
    if (!market.mirrored && other.outcome !== intent.outcome) continue;
    const words = `${intent.side} ${intent.outcome} at ${intent.limit} meets ${other.intentId}, ${other.side} ${other.outcome} at ${other.limit}`;
    verdicts.wrong(
      "I15",
      intent.intentId,
      `${intent.intentId} would match our own order: ${words} (${order.status})`,
    );
  }
}

/** After a new grid, own orders that are off it have been asked to go: what the venue has refused since is asked for again in its time. */
function judgeGrid({ life, core, verdicts, step }: Seen, marketId: string): void {
  const heard = life.markets.get(marketId);
  if (heard === undefined) return;
  const { market, gridSince } = heard;
  const { tick } = market;
  for (const order of core.orders.open(marketId as never)) {
    if (order.intent.limit % tick === 0) continue;
    const asked = (life.watched.get(order.intent.intentId)?.askedAgainAt ?? -1) >= gridSince;
    verdicts.holds("I2", asked || leaves(order), order.intent.intentId, () => {
      return `${order.intent.intentId} at ${order.intent.limit} is off the new grid of ${tick} and was not asked to go (${order.status}, on ${step.event.type})`;
    });
  }
}

function leaves({ cancelRequested, status }: Order): boolean {
  return cancelRequested || status === "PENDING_CANCEL";
}
