import fc from "fast-check";
import { expect } from "vitest";
import {
  id,
  type Decision,
  type MarketId,
  type OrderId,
  type Outcome,
  type Side,
  type StrategyId,
  type TradeId,
  type TradeStatus,
  type Usdc,
} from "../../src/index.ts";
import {
  EXTERNAL,
  Ledger,
  PNL_PARTS,
  profitAndLoss,
  type Mark,
  type Pnl,
  type PnlLine,
} from "../../src/portfolio/index.ts";
import { action, change, T0 } from "./support.ts";

/** What happens to an account. `pick` chooses among the trades so far; all numbers are micro-units. */
type Step =
  | {
      kind: "trade";
      market: number;
      outcome: Outcome;
      side: Side;
      size: number;
      cost: number;
      fee: number;
      rebate: number;
      /** 2: nobody of the account: adopted. */
      strategy: number;
      decision: { fair: number; price: number; breakEven?: number } | undefined;
    }
  | { kind: "status"; pick: number; to: TradeStatus }
  | { kind: "look"; pick: number; when: "after5s" | "after30s"; fair: number }
  | { kind: "merge" | "split"; market: number; size: number; owner: number }
  | { kind: "redeem"; market: number; sizes: [number, number]; proceeds: number }
  | { kind: "resolve"; market: number; payouts: [number, number] }
  | { kind: "receive"; amount: number }
  | { kind: "prune"; picks: number[] };

export const MARKETS = ["0xa", "0xb"].map((name) => id<MarketId>(name));

const WHO = [id<StrategyId>("p"), id<StrategyId>("q"), EXTERNAL];

export const market = fc.nat({ max: 1 });

/** Small sizes meet every rounding; large ones leave what a double holds exactly as soon as they are multiplied. */
const amount = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 2 ** 40 }));

const perShare = fc.nat({ max: 1_000_000 });

const only = <T extends string>(value: T) => fc.constant(value);

export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: only("trade"),
      market,
      outcome: fc.constantFrom<Outcome>(0, 1),
      side: fc.constantFrom<Side>("buy", "buy", "sell"),
      size: amount,
      cost: fc.oneof(fc.nat({ max: 30 }), fc.nat({ max: 2 ** 40 })),
      fee: fc.nat({ max: 9 }),
      rebate: fc.constantFrom(0, 0, 3, 1_000),
      strategy: fc.nat({ max: 2 }),
      decision: fc.option(
        fc.record(
          { fair: perShare, price: perShare, breakEven: fc.integer({ min: -100_000, max: 1_100_000 }) },
          { requiredKeys: ["fair", "price"] },
        ),
        { nil: undefined },
      ),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: only("status"),
      pick: fc.nat(),
      to: fc.constantFrom<TradeStatus>("MINED", "RETRYING", "CONFIRMED", "FAILED"),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: only("look"),
      pick: fc.nat(),
      when: fc.constantFrom("after5s" as const, "after30s" as const),
      fair: perShare,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom("merge" as const, "split" as const),
      market,
      size: amount,
      owner: fc.nat({ max: 1 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: only("redeem"),
      market,
      sizes: fc.tuple(amount, amount),
      proceeds: fc.nat({ max: 2 ** 40 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: only("resolve"),
      market,
      payouts: fc.constantFrom<[number, number]>(
        [1_000_000, 0],
        [0, 1_000_000],
        [500_000, 500_000],
        [333_333, 0],
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: only("receive"), amount: fc.nat({ max: 5_000 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: only("prune"), picks: fc.array(fc.nat(), { maxLength: 5 }) }) },
);

export const steps = fc.array(step, { maxLength: 40 });

type Trade = Extract<Step, { kind: "trade" }>;

interface Told {
  readonly n: number;
  readonly step: Trade;
  status: TradeStatus;
  sealed: boolean;
  after5s?: number;
  after30s?: number;
}

/** An account and a plain list of what it was told. */
export class World {
  ledger = new Ledger();
  readonly told: Told[] = [];
  readonly chain: { market: number; owner: number; shares: [number, number]; proceeds: number }[] = [];
  readonly payouts = new Map<number, [number, number]>();
  received = 0;

  constructor() {
    this.ledger.deposit(1_000_000_000 as Usdc, T0);
  }

  take(one: Step, n: number): void {
    const { ledger } = this;
    switch (one.kind) {
      case "trade": {
        const told: Told = { n, step: one, status: "MATCHED", sealed: false };
        this.told.push(told);
        if (one.strategy === 2) ledger.adopt(report(told).report, T0);
        else ledger.trade(report(told), T0, one.rebate as Usdc);
        return;
      }
      case "status": {
        const told = this.#pick(one.pick);
        if (told === undefined || told.status === "FAILED" || told.sealed) return;
        if (told.status === "CONFIRMED" && one.to !== "FAILED") return;
        told.status = one.to;
        const kind = one.to === "FAILED" ? "voided" : one.to === "CONFIRMED" ? "confirmed" : "advanced";
        ledger.trade({ ...report(told), kind, to: one.to }, T0);
        return;
      }
      case "look": {
        const told = this.#pick(one.pick);
        if (told === undefined || told.sealed) return;
        const noted = ledger.mark(names(told), one.when, one.fair as Usdc);
        expect(noted).toBe(told.status !== "FAILED");
        if (noted) told[one.when] = one.fair;
        return;
      }
      case "merge":
      case "split": {
        const sign = one.kind === "merge" ? -1 : 1;
        const { market: where, owner } = one;
        const size = one.size;
        this.chain.push({
          market: where,
          owner,
          shares: [sign * size, sign * size],
          proceeds: 0 - sign * size,
        });
        const asked = action(`c${n}`, one.kind, [size, size], MARKETS[where]);
        ledger.chain(asked, (0 - sign * size) as Usdc, T0, WHO[owner]);
        return;
      }
      case "redeem": {
        const [first, second] = one.sizes;
        this.chain.push({ market: one.market, owner: 0, shares: [-first, -second], proceeds: one.proceeds });
        const asked = action(`c${n}`, "redeem", one.sizes, MARKETS[one.market]);
        ledger.chain(asked, one.proceeds as Usdc, T0, WHO[0]);
        return;
      }
      case "resolve":
        this.payouts.set(one.market, one.payouts);
        ledger.resolution(MARKETS[one.market]!, one.payouts as [Usdc, Usdc], WHO[1]);
        return;
      case "receive":
        this.received += one.amount;
        ledger.receiveRebate(one.amount as Usdc);
        return;
      case "prune": {
        const done = one.picks
          .flatMap((pick) => this.#pick(pick) ?? [])
          .filter(({ status }) => status === "CONFIRMED");
        for (const told of done) told.sealed = true;
        ledger.prune([{ orderId: "0xo", trades: done.map((told) => names(told).tradeId) }]);
      }
    }
  }

  #pick(pick: number): Told | undefined {
    return this.told[pick % Math.max(1, this.told.length)];
  }
}

function names({ n }: Told) {
  return { orderId: id<OrderId>("0xo"), tradeId: id<TradeId>(`t${n}`) };
}

export function report(told: Told) {
  const { outcome, side, size, cost, fee, strategy, market: where, decision } = told.step;
  const made = change({
    ...{ name: `t${told.n}`, outcome, side, size, cost, fee },
    strategy: WHO[strategy]!,
    market: MARKETS[where]!,
  });
  const whole = decision === undefined ? {} : { decision: { by: "mid", ...decision } as Decision };
  return { ...made, order: { intent: { ...made.order!.intent, ...whole } } };
}

/** Prices that may change between two looks at an account. */
interface Prices {
  readonly fair: number;
  /** What the bids take of each share, as a part of a million; the rest is not bid for. */
  readonly bid: number;
}

export function markOf(world: World, prices: Prices): (marketId: MarketId) => Mark | undefined {
  return (marketId) => {
    const payouts = world.payouts.get(MARKETS.indexOf(marketId));
    if (payouts !== undefined) return undefined;
    return {
      fair: [prices.fair, 1_000_000 - prices.fair] as unknown as readonly [Usdc, Usdc],
      worth: (_, shares) => floored(BigInt(shares) * BigInt(prices.bid)) as Usdc,
    };
  };
}

function floored(trillionths: bigint): number {
  const whole = trillionths / 1_000_000n;
  return Number(trillionths % 1_000_000n < 0n ? whole - 1n : whole);
}

function cut(trillionths: bigint): number {
  return Number(trillionths / 1_000_000n);
}

/** The parts of one strategy in one market from the plain list, each worked out on its own. */
function oracle(world: World, where: number, who: number, prices: Prices) {
  const fair = world.payouts.get(where) ?? [prices.fair, 1_000_000 - prices.fair];
  const parts = { edge: 0n, legLoss: 0n, slippage: 0n, fees: 0n, after5s: 0n, after30s: 0n, settlement: 0n };
  const held = [0n, 0n];
  let [cash, rebates, conversion] = [0n, 0n, 0n];
  for (const { step: one, status, after5s, after30s } of world.told) {
    if (status === "FAILED" || one.market !== where || one.strategy !== who) continue;
    const sign = one.side === "buy" ? 1n : -1n;
    const shares = sign * BigInt(one.size);
    const paid = sign * BigInt(one.cost) * 1_000_000n;
    const adopted = one.strategy === 2;
    const decision = adopted ? undefined : one.decision;
    const value = (each: number): bigint => shares * BigInt(each);
    const seen = decision === undefined ? paid : value(decision.fair);
    const asked = decision === undefined ? paid : value(decision.price);
    const beyond = decision?.breakEven === undefined ? 0n : asked - value(decision.breakEven);
    parts.legLoss -= beyond > 0n ? beyond : 0n;
    parts.edge += seen - asked + (beyond > 0n ? beyond : 0n);
    parts.slippage += asked - paid;
    parts.fees -= BigInt(one.fee) * 1_000_000n;
    let last = seen;
    if (after5s !== undefined) {
      parts.after5s += value(after5s) - last;
      last = value(after5s);
    }
    if (after30s !== undefined) {
      parts.after30s += value(after30s) - last;
      last = value(after30s);
    }
    parts.settlement += value(fair[one.outcome]) - last;
    held[one.outcome]! += shares;
    cash -= sign * BigInt(one.cost) + BigInt(one.fee);
    if (!adopted) rebates += BigInt(one.rebate);
  }
  for (const { market: at, owner, shares, proceeds } of world.chain) {
    if (at !== where || owner !== who) continue;
    conversion += BigInt(proceeds) * 1_000_000n;
    shares.forEach((count, outcome) => {
      conversion += BigInt(count) * BigInt(fair[outcome]!);
      held[outcome]! += BigInt(count);
    });
    cash += BigInt(proceeds);
  }
  const booked = world.told.some(
    ({ step: one, status }) => status !== "FAILED" && one.market === where && one.strategy === who,
  );
  const moved = world.chain.some(({ market: at, owner }) => at === where && owner === who);
  return { parts: { ...parts, conversion }, held, cash, rebates, exists: booked || moved };
}

function sums(line: PnlLine): number {
  return PNL_PARTS.reduce((sum, part) => sum + line.parts[part], 0);
}

export function expectSound(world: World, prices: Prices): Pnl {
  const { ledger } = world;
  ledger.check();
  let balance = 0;
  for (const account of ledger.accounts()) balance += account.balance;
  expect(balance).toBe(0);
  const pnl = profitAndLoss(ledger, markOf(world, prices));
  let worthOfAll = 0;
  let rebates = 0n;
  MARKETS.forEach((marketId, where) => {
    const payouts = world.payouts.get(where);
    const cells = pnl.cells.filter((cell) => cell.marketId === marketId);
    for (const [who, strategyId] of WHO.entries()) {
      const truth = oracle(world, where, who, prices);
      const cell = cells.find((each) => each.strategyId === strategyId);
      rebates += truth.rebates;
      if (!truth.exists) {
        // A write-off may be booked to somebody who did nothing else.
        expect(cell?.trades ?? 0).toBe(0);
        continue;
      }
      for (const [part, exact] of Object.entries(truth.parts))
        expect(cell!.parts[part as keyof typeof truth.parts], part).toBe(cut(exact));
      expect(BigInt(cell!.rebates)).toBe(truth.rebates);
    }
    let worth = 0;
    for (const outcome of [0, 1] as const) {
      const shares = ledger.position(marketId, outcome).matched;
      worth += floored(BigInt(shares) * BigInt(payouts?.[outcome] ?? prices.bid));
    }
    worthOfAll += worth;
    const { realized, cost } = ledger.market(marketId);
    const line = pnl.markets.get(marketId);
    expect(line?.pnl ?? 0).toBe(realized + worth - cost);
    expect(line?.realized ?? 0).toBe(realized);
  });
  for (const line of [...pnl.cells, ...pnl.markets.values(), ...pnl.strategies.values(), pnl.total])
    expect(sums(line)).toBe(line.pnl);
  for (const cell of pnl.cells) {
    expect(Math.abs(cell.parts.rounding)).toBeLessThan(10);
    expect(cell.realized + cell.unrealized).toBe(cell.pnl);
    expect(cell.parts.legLoss).toBeLessThanOrEqual(0);
  }
  expect(pnl.total.pnl).toBe(ledger.cash - ledger.deposits - world.received + worthOfAll);
  expect(pnl.total.realized).toBe(ledger.realizedTotal);
  expect(pnl.total.fees).toBe(ledger.feesTotal);
  expect(pnl.equity).toBe(ledger.cash + worthOfAll);
  expect(ledger.equity(markOf(world, prices))).toBe(pnl.equity);
  expect(BigInt(ledger.rebates.accrued)).toBe(rebates);
  expect(ledger.rebates.due).toBe(ledger.rebates.accrued - world.received);
  return pnl;
}

export const prices = fc.record({ fair: perShare, bid: perShare });
