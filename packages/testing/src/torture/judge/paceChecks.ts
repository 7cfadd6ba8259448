import type { Intent } from "@matchpoint/sdk";
import type { Seen } from "./seen.ts";

/** How fast an account and its strategies act, by the judge's own count: I13. @module */

const SECOND = 1_000_000_000;
const MINUTE = 60 * SECOND;
/** The program counts fills by pieces of a second: some of them a little longer than a minute. */
const PIECES = 2 * SECOND;
const MILLION = 1_000_000;
const ACCOUNT = "the account";

interface Act {
  readonly at: number;
  /** Micro-dollars of an order at its limit. */
  readonly value: number;
}

/** Orders, cancels and fills of the last minute of one start of the program: of the account, and of each strategy by its name. */
export class Pace {
  readonly #orders = new Map<string, Act[]>();
  readonly #cancels = new Map<string, number[]>();
  readonly #fills = new Map<string, number[]>();

  /**
   * A person lets somebody go on, who is measured anew. A little laxer than that: all others are too, but for the fills of the last minute,
   * since a strategy that was not stopped may go on cancelling beside them.
   */
  clear(): void {
    this.#orders.clear();
    this.#cancels.clear();
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

  /** A cancel more: how many within a minute, and beside how many fills. */
  cancelled(who: string, at: number): { readonly cancels: number; readonly fills: number } {
    const cancels = listOf(this.#cancels, who);
    const fills = listOf(this.#fills, who);
    cancels.push(at);
    while (cancels[0]! <= at - MINUTE) cancels.shift();
    while (fills.length > 0 && fills[0]! <= at - MINUTE - PIECES) fills.shift();
    return { cancels: cancels.length, fills: fills.length };
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

function judgeOrder({ life, step, history, verdicts }: Seen, intent: Intent): void {
  const { risk } = history.world.config;
  const { runaway, max_open_orders: open, max_order_usdc: order } = risk;
  const { intentId, strategyId, size, limit, spend } = intent;
  const value = spend ?? Math.ceil((size * limit) / 10_000);
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
    const { count, dollars } = life.pace.ordered(who, step.event.at, value);
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
  const { cancels, fills } = life.pace.cancelled(strategyId, step.event.at);
  verdicts.holds("I13", cancels <= most * Math.max(1, fills) + 1, `${strategyId} cancels`, () => {
    return `strategy ${strategyId} cancels for the ${cancels}th time within a minute, beside ${fills} fills; at most ${most} for each`;
  });
}
