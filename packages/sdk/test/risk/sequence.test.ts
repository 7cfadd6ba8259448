import fc from "fast-check";
import { expect, it } from "vitest";
import type { Intent, Outcome } from "../../src/events/index.ts";
import { id, type IntentId, type MarketId } from "../../src/ids.ts";
import type { Posture } from "../../src/state/index.ts";
import { RiskGate, type RiskOrder, type RiskView, type WorstCase } from "../../src/risk/index.ts";
import {
  feeSchedule,
  mulDiv,
  notional,
  sharesFor,
  takerFee,
  type Nanos,
  type Price,
  type Shares,
  type Usdc,
} from "../../src/units/index.ts";
import { book, config, market, ME, px, ready, SECOND, sh, truth, usd } from "./support.ts";

// Limits so tight that random intents reach every one of them.
const CONFIG = {
  max_order_usdc: 14,
  max_market_usdc: 22,
  max_match_usdc: 30,
  max_account_usdc: 36,
  max_unsettled_usdc: 30,
  max_daily_loss_usdc: 1.5,
  max_open_orders: 6,
  max_open_orders_per_market: 3,
  max_orders_per_minute: 6,
  exit_orders_per_minute: 2,
  duplicate_window_ms: 1_000,
  max_leg_imbalance_usdc: 9,
  max_leg_imbalance_shares: 22,
};
const FEE = feeSchedule(50_000, 1, true);
const BOOK = book({ bid0: 0.45, ask0: 0.47 });
const A = id<MarketId>("0xa");
const B = id<MarketId>("0xb");
const C = id<MarketId>("0xc");
const MATCH: Readonly<Record<string, readonly MarketId[]>> = { [A]: [A, B], [B]: [A, B], [C]: [C] };
const POSTURE: Readonly<Record<string, Posture>> = { [A]: "pair", [B]: "directional", [C]: "pair" };

interface Leg {
  matched: number;
  settled: number;
  cost: number;
}
interface Open extends RiskOrder {
  matched: Shares;
  spendLeft: number;
  fills: number;
}

/** An account with honest books and a venue that fills as the property pleases, never beyond an order's limit. */
class Account {
  now = 0;
  cash = 38_000_000;
  realized = 0;
  orders: Open[] = [];
  readonly legs: Record<string, [Leg, Leg]> = {};
  readonly sent: { market: MarketId; at: number }[] = [];

  leg(marketId: MarketId, outcome: Outcome): Leg {
    this.legs[marketId] ??= [
      { matched: 0, settled: 0, cost: 0 },
      { matched: 0, settled: 0, cost: 0 },
    ];
    return this.legs[marketId][outcome];
  }

  worstCase(order: Open): WorstCase {
    const { side, size, limit, spend } = order.intent;
    const left = Math.max(0, size - order.matched) as Shares;
    if (side === "sell") return { cash: 0 as Usdc };
    const value = spend === undefined ? notional(left, limit, "up") : order.spendLeft;
    const fee =
      spend === undefined
        ? takerFee(left, Math.min(limit, 5_000) as Price, FEE)
        : mulDiv(value, 50_000, 1_000_000, "up");
    return { cash: (value + fee) as Usdc };
  }

  view(marketId: MarketId): RiskView {
    return {
      now: this.now as Nanos,
      market: market({ marketId }),
      fee: FEE,
      book: { ...BOOK, updatedAt: this.now as Nanos },
      trading: { allows: () => true },
      system: ready(),
      venue: { allows: () => true },
      strategy: { id: ME, posture: POSTURE[marketId]!, truthDriven: true },
      truth: { state: truth(), own: truth() },
      capabilities: { orderTypes: ["FAK", "FOK", "GTC", "GTD"], postOnly: true },
      orders: {
        openCount: this.orders.length,
        get: (intentId) => this.orders.find((one) => one.intent.intentId === intentId),
        open: (where) => this.orders.filter((one) => one.intent.marketId === where),
        allOpen: () => this.orders,
        retrying: () => [],
        retryingMarkets: () => [],
      },
      ledger: {
        cash: this.cash as Usdc,
        position: (where, outcome) => ({ ...this.leg(where, outcome), openedAt: undefined }) as never,
        retryingCost: () => 0 as Usdc,
        owed: () => 0 as Usdc,
        markets: () => Object.keys(this.legs) as MarketId[],
      },
      openChain: false,
      matchMarkets: MATCH[marketId]!,
      tournamentMarkets: [A, B, C],
      day: { realized: this.realized as Usdc, unrealized: 0 as Usdc },
      scale: 1,
      sellable: (outcome) => this.leg(marketId, outcome).matched as Shares,
      worstCase: (order) => this.worstCase(order as Open),
    };
  }

  /** Fills a part of an order at a price between the best one and its limit. */
  fill(order: Open, part: number, better: number): void {
    const { side, size, limit, spend, marketId, outcome } = order.intent;
    const leg = this.leg(marketId, outcome);
    order.fills += 1;
    const last = order.fills >= 3;
    if (side === "sell") {
      const amount = (last ? size - order.matched : Math.ceil((size - order.matched) * part)) as Shares;
      const at = Math.min(9_900, limit + better) as Price;
      const released = amount >= leg.matched ? leg.cost : Math.floor((leg.cost * amount) / leg.matched);
      const proceeds = notional(amount, at, "down") - takerFee(amount, at, FEE);
      this.cash += proceeds;
      this.realized += proceeds - released;
      leg.matched -= amount;
      leg.cost -= released;
      order.matched = (order.matched + amount) as Shares;
    } else {
      const best = Math.min(BOOK.ask(outcome), limit);
      const at = Math.max(best, limit - better) as Price;
      const dollars = last ? order.spendLeft : Math.ceil(order.spendLeft * part);
      const amount = (
        spend === undefined
          ? last
            ? size - order.matched
            : Math.ceil((size - order.matched) * part)
          : sharesFor(dollars as Usdc, at)
      ) as Shares;
      const cost = (spend === undefined ? notional(amount, at, "up") : dollars) + takerFee(amount, at, FEE);
      order.spendLeft -= dollars;
      this.cash -= cost;
      leg.matched += amount;
      leg.cost += cost;
      order.matched = (order.matched + amount) as Shares;
    }
    if (last || part === 1) this.drop(order);
  }

  /** Closes a market: every share of both outcomes pays the same. */
  payout(marketId: MarketId, micros: number): void {
    this.orders = this.orders.filter((one) => one.intent.marketId !== marketId);
    for (const outcome of [0, 1] as const) {
      const leg = this.leg(marketId, outcome);
      const proceeds = Math.floor((leg.matched * micros) / 1_000_000);
      this.cash += proceeds;
      this.realized += proceeds - leg.cost;
      Object.assign(leg, { matched: 0, settled: 0, cost: 0 });
    }
  }

  drop(order: Open): void {
    this.orders = this.orders.filter((one) => one !== order);
  }
}

/** Exits may exceed the number of open orders: too many orders must not keep a position from being closed. */
const addsRisk = (order: Open): boolean => order.intent.purpose !== "exit";

/** Every limit, by the account's own books: what was accepted may never break one, whatever fills. */
function violations(account: Account): string[] {
  const found: string[] = [];
  const atMost = (what: string, value: number, limit: number): void => {
    if (!(value <= limit)) found.push(`${what}: ${value} > ${limit}`);
  };
  const sum = (orders: readonly Open[]): number =>
    orders.reduce((cash, one) => cash + account.worstCase(one).cash, 0);
  const exposures: Record<string, number> = {};
  let unsettled = sum(account.orders);
  for (const marketId of [A, B, C]) {
    const open = account.orders.filter((order) => order.intent.marketId === marketId);
    const legs = [account.leg(marketId, 0), account.leg(marketId, 1)] as const;
    exposures[marketId] = legs[0].cost + legs[1].cost + sum(open);
    atMost("market", exposures[marketId], usd(CONFIG.max_market_usdc));
    atMost("orders of a market", open.filter(addsRisk).length, CONFIG.max_open_orders_per_market);
    const recent = account.sent.filter(
      ({ market: where, at }) => where === marketId && at > account.now - 60 * SECOND,
    );
    atMost("orders per minute", recent.length, CONFIG.max_orders_per_minute + CONFIG.exit_orders_per_minute);
    for (const [leg, other] of [legs, [legs[1], legs[0]] as const]) {
      atMost("sold more than held", -leg.matched, 0);
      if (leg.matched > leg.settled) unsettled += (leg.cost * (leg.matched - leg.settled)) / leg.matched;
      const residual = leg.matched - other.matched;
      if (POSTURE[marketId] !== "pair" || residual <= 0) continue;
      atMost("imbalance in shares", residual, sh(CONFIG.max_leg_imbalance_shares));
      atMost("imbalance in dollars", (leg.cost * residual) / leg.matched, usd(CONFIG.max_leg_imbalance_usdc));
    }
  }
  atMost("match", exposures[A]! + exposures[B]!, usd(CONFIG.max_match_usdc));
  atMost("account", exposures[A]! + exposures[B]! + exposures[C]!, usd(CONFIG.max_account_usdc));
  atMost("orders of the account", account.orders.filter(addsRisk).length, CONFIG.max_open_orders);
  atMost("reserved beyond cash", sum(account.orders), account.cash);
  atMost("unsettled", unsettled, usd(CONFIG.max_unsettled_usdc));
  return found;
}

const anyIntent = fc
  .record({
    marketId: fc.constantFrom(A, B, C),
    outcome: fc.constantFrom<Outcome>(0, 1),
    side: fc.constantFrom<Intent["side"]>("buy", "buy", "buy", "buy", "buy", "sell"),
    orderType: fc.constantFrom<Intent["orderType"]>("FAK", "FOK", "GTC", "GTC"),
    cents: fc.integer({ min: 40, max: 62 }),
    whole: fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 5, max: 12 }) },
      { weight: 1, arbitrary: fc.integer({ min: 5, max: 40 }) },
    ),
    hedge: fc.integer({ min: 0, max: 9 }),
  })
  .map(({ cents, whole, hedge, ...rest }) => {
    const limit = px(cents / 100);
    const size = sh(whole);
    const spends = rest.side === "buy" && rest.orderType !== "GTC";
    const purpose: Intent["purpose"] = rest.side === "sell" ? "exit" : hedge === 0 ? "hedge" : "entry";
    const plain = { ...rest, strategyId: ME, limit, size, purpose, postOnly: false, reason: "" };
    return spends ? { ...plain, spend: notional(size, limit, "down") } : plain;
  });

const anyStep = fc.oneof(
  { weight: 12, arbitrary: anyIntent.map((intent) => ({ kind: "submit" as const, intent })) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("fill" as const),
      pick: fc.nat(20),
      part: fc.constantFrom(0.25, 0.5, 1),
      better: fc.integer({ min: 0, max: 3_000 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("cancel" as const), pick: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.constant({ kind: "confirm" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("payout" as const),
      marketId: fc.constantFrom(A, B, C),
      micros: fc.constantFrom(400_000, 500_000, 520_000),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "midnight" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("wait" as const), seconds: fc.integer({ min: 1, max: 30 }) }),
  },
);

it("no sequence of accepted intents and fills exceeds any limit", { timeout: 60_000 }, () => {
  const denied = new Set<string>();
  let accepted = 0;
  fc.assert(
    fc.property(fc.array(anyStep, { minLength: 60, maxLength: 120, size: "max" }), (steps) => {
      const account = new Account();
      const gate = new RiskGate(config(CONFIG));
      steps.forEach((step, i) => {
        const order =
          "pick" in step ? account.orders[step.pick % Math.max(1, account.orders.length)] : undefined;
        if (step.kind === "wait") account.now += step.seconds * SECOND;
        else if (step.kind === "midnight") account.realized = 0;
        else if (step.kind === "payout") account.payout(step.marketId, step.micros);
        else if (step.kind === "confirm") {
          for (const leg of Object.values(account.legs).flat()) leg.settled = leg.matched;
        } else if (step.kind === "cancel") {
          if (order !== undefined) account.drop(order);
        } else if (step.kind === "fill") {
          if (order !== undefined) account.fill(order, step.part, step.better);
        } else {
          const intent: Intent = { ...step.intent, intentId: id<IntentId>(`me-${i}`) };
          const verdict = gate.check(intent, account.view(intent.marketId));
          if (!verdict.allow) denied.add(verdict.code);
          else {
            accepted += 1;
            if (intent.purpose === "entry")
              expect(account.realized).toBeGreaterThan(usd(-CONFIG.max_daily_loss_usdc));
            account.sent.push({ market: intent.marketId, at: account.now });
            account.orders.push({
              intent,
              status: "UNKNOWN",
              matched: 0 as Shares,
              createdAt: account.now as Nanos,
              spendLeft: intent.spend ?? 0,
              fills: 0,
            });
          }
        }
        const found = violations(account);
        if (found.length > 0) expect(found).toEqual([]);
      });
    }),
    { numRuns: 200, seed: 11 },
  );
  // The limits were really met: a property over intents that never come near them would prove nothing.
  expect(accepted).toBeGreaterThan(1_000);
  const limits = [
    ...[
      "MAX_ORDER",
      "MAX_MARKET",
      "MAX_MATCH",
      "MAX_ACCOUNT",
      "MAX_UNSETTLED",
      "MAX_DAILY_LOSS",
      "MAX_OPEN_ORDERS",
    ],
    ...[
      "MAX_MARKET_ORDERS",
      "ORDER_RATE",
      "MAX_LEG_IMBALANCE",
      "INSUFFICIENT_SHARES",
      "INSUFFICIENT_BALANCE",
      "SELF_CROSS",
    ],
  ];
  expect(limits.filter((code) => !denied.has(code))).toEqual([]);
});
