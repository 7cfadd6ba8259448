import type { CoreEvent, Intent } from "@matchpoint/sdk";
import type { Account } from "./account.ts";
import type { Seen } from "./seen.ts";

/** How fast an account and its strategies act, by the judge's own count: I13. @module */

const SECOND = 1_000_000_000;
const MINUTE = 60 * SECOND;
const MINUTE_MS = 60_000;
/** The program counts fills by pieces of a second: some of them a little longer than a minute. */
const PIECES = 2 * SECOND;
const MILLION = 1_000_000;
const ACCOUNT = "the account";

interface Act {
  readonly at: number;
  /** Micro-dollars of an order at its limit. */
  readonly value: number;
}

/** A host that did nothing stamps what it hears late by so much at most: ages over a restart are known as well as that. */
const SLACK_MS = 12_000;
/** Words after which an order that is canceled was so at somebody's request. */
const RESTED: ReadonlySet<string> = new Set(["live", "canceled"]);

/** What a journal tells of an order that counts for the rates of the next start, by the wall clock. */
interface ToldOrder {
  readonly strategyId: string;
  readonly marketId: string;
  readonly value: number;
  readonly at: number;
  /** When it was heard to be canceled; `undefined`: it was not, or something else was heard of it too. */
  canceledAt: number | undefined;
  plain: boolean;
  /** No person has let anybody go on since. */
  counts: boolean;
  readonly fills: number[];
}

/** What earlier starts have done, as far as their journals tell: it counts on after a restart. */
export class ToldPace {
  readonly #orders = new Map<string, ToldOrder>();

  constructor(before?: ToldPace) {
    for (const [orderId, order] of before === undefined ? [] : before.#orders)
      this.#orders.set(orderId, { ...order, fills: [...order.fills] });
  }

  take(event: CoreEvent, { orders }: Pick<Account, "orders">): void {
    if (event.type === "operator" && event.command.kind === "resume") this.clear();
    if (event.type === "order_prepared") {
      const { orderId, intent, receivedAt: at } = event;
      if (intent === undefined || this.#orders.has(orderId)) return;
      const { strategyId, marketId, orderType } = intent;
      const told = { strategyId, marketId, value: valueOf(intent), at };
      const plain = orderType === "GTC";
      this.#orders.set(orderId, { ...told, canceledAt: undefined, plain, counts: true, fills: [] });
    } else if (event.type === "order_report") {
      const told = this.#orders.get(event.orderId);
      if (told === undefined) return;
      told.plain &&= RESTED.has(event.status);
      if (event.status === "canceled") told.canceledAt ??= event.receivedAt;
    } else if (event.type === "trade_report") {
      const told = this.#orders.get(event.orderId);
      if (told === undefined) return;
      told.plain = false;
      const known = orders.get(event.orderId)?.trades.size ?? 0;
      if (known > told.fills.length) told.fills.push(event.receivedAt);
    }
  }

  /** Where a person lets somebody go on, nobody is held to what was before: that is laxer than what is promised. */
  clear(): void {
    for (const told of this.#orders.values()) told.counts = false;
  }

  /** Orders of the last minute for certain: how many, and what they are worth. */
  sent(
    wall: number,
    which: (order: ToldOrder) => boolean,
  ): { readonly count: number; readonly value: number } {
    let [count, value] = [0, 0];
    for (const order of this.#orders.values()) {
      if (!order.counts || wall - order.at > MINUTE_MS - SLACK_MS || !which(order)) continue;
      count += 1;
      value += order.value;
    }
    return { count, value };
  }

  /** Orders that were canceled within the last minute for certain. */
  canceled(wall: number, strategyId: string): number {
    let count = 0;
    for (const { canceledAt, plain, counts, strategyId: of } of this.#orders.values()) {
      if (!plain || !counts || of !== strategyId || canceledAt === undefined) continue;
      if (wall - canceledAt <= MINUTE_MS - SLACK_MS) count += 1;
    }
    return count;
  }

  /**
   * Fills that may count still.
   * @param wall absent: nobody knows how long ago they were
   */
  filled(wall: number | undefined, strategyId: string): number {
    let count = 0;
    for (const { fills, strategyId: of } of this.#orders.values())
      for (const at of of === strategyId ? fills : [])
        if (wall === undefined || wall - at < MINUTE_MS + 2 * SLACK_MS) count += 1;
    return count;
  }
}

/** Orders, cancels and fills of the last minute of one start of the program: of the account, and of each strategy by its name. */
export class Pace {
  readonly #orders = new Map<string, Act[]>();
  readonly #cancels = new Map<string, number[]>();
  readonly #fills = new Map<string, number[]>();
  /** Of earlier starts. */
  told = new ToldPace();
  /** The wall clock was set, and nobody knows how long ago what was told is. */
  clockSet = false;

  /**
   * A person lets somebody go on, who is measured anew. A little laxer than that: all others are too, but for the fills of the last minute,
   * since a strategy that was not stopped may go on cancelling beside them.
   */
  clear(): void {
    this.#orders.clear();
    this.#cancels.clear();
    this.told.clear();
  }

  /** Orders of earlier starts that count. */
  before(
    wall: number,
    which: (order: ToldOrder) => boolean,
  ): { readonly count: number; readonly value: number } {
    return this.clockSet ? { count: 0, value: 0 } : this.told.sent(wall, which);
  }

  /** An order more: how many within a second, and what those of a minute are worth. */
  ordered(who: string, at: number, value: number): { readonly count: number; readonly dollars: number } {
    const acts = listOf(this.#orders, who);
    acts.push({ at, value });
    while (acts[0]!.at <= at - MINUTE) acts.shift();
    const count = acts.filter((act) => act.at > at - SECOND).length;
    return { count, dollars: acts.reduce((sum, act) => sum + act.value, 0) / MILLION };
  }

  filled(who: string, at: number): void {
    listOf(this.#fills, who).push(at);
  }

  /** A cancel more: how many within a minute, how many of them since the start, and beside how many fills. */
  cancelled(
    who: string,
    at: number,
    wall: number,
  ): { readonly cancels: number; readonly own: number; readonly fills: number } {
    const cancels = listOf(this.#cancels, who);
    const fills = listOf(this.#fills, who);
    cancels.push(at);
    while (cancels[0]! <= at - MINUTE) cancels.shift();
    while (fills.length > 0 && fills[0]! <= at - MINUTE - PIECES) fills.shift();
    const before = this.clockSet ? 0 : this.told.canceled(wall, who);
    const filled = this.told.filled(this.clockSet ? undefined : wall, who);
    return { cancels: before + cancels.length, own: cancels.length, fills: fills.length + filled };
  }
}

function listOf<T>(lists: Map<string, T[]>, who: string): T[] {
  const list = lists.get(who) ?? [];
  lists.set(who, list);
  return list;
}

/** Nobody acts faster than the limits of a runaway: what would is not let out, and stopped. */
export function judgePace(seen: Seen): void {
  const { life, step, effect } = seen;
  const { event } = step;
  if (event.type === "operator" && event.command.kind === "resume") life.pace.clear();
  if (event.type === "trade_report" && effect === "booked") {
    const owner = life.account.orders.get(event.orderId)?.intent?.strategyId;
    if (owner !== undefined) life.pace.filled(owner, event.at);
  }
  for (const each of step.effects) {
    if (each.type === "place") judgeOrder(seen, each.intent);
    else if (each.type === "cancel" && each.reason === "strategy") judgeCancel(seen, each.intentId);
  }
}

/** Micro-dollars of an order at its limit. */
function valueOf({ size, limit, spend }: Intent): number {
  return spend ?? Math.ceil((size * limit) / 10_000);
}

function judgeOrder({ life, step, history, verdicts }: Seen, intent: Intent): void {
  const { risk } = history.world.config;
  const { runaway, max_open_orders: open, max_order_usdc: order } = risk;
  const { intentId, strategyId } = intent;
  const value = valueOf(intent);
  const wall = step.event.receivedAt;
  const limits = [
    [
      ACCOUNT,
      runaway.max_orders_per_second ?? Math.max(100, 3 * open),
      runaway.max_usdc_per_minute ?? 1_000 * order,
    ],
    [
      `strategy ${strategyId}`,
      runaway.strategy_orders_per_second ?? Math.max(50, 2 * open),
      runaway.strategy_usdc_per_minute ?? 500 * order,
    ],
  ] as const;
  for (const [who, mostOrders, mostDollars] of limits) {
    const { count, dollars: own } = life.pace.ordered(who, step.event.at, value);
    const before = life.pace.before(wall, (order) => who === ACCOUNT || order.strategyId === strategyId);
    const dollars = own + before.value / MILLION;
    verdicts.holds("I13", mostOrders === 0 || count <= mostOrders, `${who} orders`, () => {
      return `${intentId} is the ${count}th order of ${who} within a second, at most ${mostOrders}`;
    });
    verdicts.holds("I13", mostDollars === 0 || dollars <= mostDollars, `${who} dollars`, () => {
      return `with ${intentId} orders of ${who} are worth ${dollars} dollars within a minute, at most ${mostDollars}`;
    });
  }
}

/** One more than the limit is sent, and is the last: it is what halts the strategy. */
function judgeCancel({ life, core, step, history, verdicts }: Seen, intentId: string): void {
  const { strategy_cancels_per_fill: most } = history.world.config.risk.runaway;
  const strategyId = core.orders.get(intentId as never)?.intent.strategyId;
  if (most === 0 || strategyId === undefined) return;
  const { at, receivedAt } = step.event;
  const { cancels, own, fills } = life.pace.cancelled(strategyId, at, receivedAt);
  // What an earlier start had taken back may be too much already: the first cancel of this one shows it.
  const sound = cancels <= most * Math.max(1, fills) + 1 || (own === 1 && cancels > 1);
  verdicts.holds("I13", sound, `${strategyId} cancels`, () => {
    return `strategy ${strategyId} cancels for the ${cancels}th time within a minute, beside ${fills} fills; at most ${most} for each`;
  });
}
