import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  id,
  type MarketId,
  type Outcome,
  type Side,
  type StrategyId,
  type TradeStatus,
  type Usdc,
} from "../../src/index.ts";
import { Ledger } from "../../src/portfolio/index.ts";
import { action, change, T0 } from "./support.ts";

/** What happens to an account. `pick` chooses among the trades so far, the rest are micro-units. */
type Step =
  | {
      kind: "trade";
      market: number;
      outcome: Outcome;
      side: Side;
      size: number;
      cost: number;
      fee: number;
      strategy: number;
    }
  | { kind: "status"; pick: number; to: TradeStatus }
  | { kind: "merge" | "split"; market: number; size: number }
  | { kind: "redeem"; market: number; sizes: [number, number] }
  | { kind: "resolve"; market: number; payouts: [number, number] };

const MARKETS = ["0xa", "0xb"].map((name) => id<MarketId>(name));
const STRATEGIES = ["p", "q"];
const market = fc.nat({ max: 1 });
/** Small sizes meet every rounding and crossing of zero; large ones leave exact doubles in products. */
const amount = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 2 ** 40 }));

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("trade" as const),
      market,
      outcome: fc.constantFrom<Outcome>(0, 1),
      side: fc.constantFrom<Side>("buy", "buy", "sell"),
      size: amount,
      cost: fc.oneof(fc.nat({ max: 30 }), fc.nat({ max: 2 ** 40 })),
      fee: fc.nat({ max: 9 }),
      strategy: fc.nat({ max: 1 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("status" as const),
      pick: fc.nat(),
      to: fc.constantFrom<TradeStatus>("MINED", "RETRYING", "CONFIRMED", "FAILED"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom("merge" as const, "split" as const), market, size: amount }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("redeem" as const), market, sizes: fc.tuple(amount, amount) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("resolve" as const),
      market,
      payouts: fc.constantFrom<[number, number]>([1_000_000, 0], [0, 1_000_000], [500_000, 500_000]),
    }),
  },
);
const steps = fc.array(step, { maxLength: 50 });

interface Told {
  at: number;
  step: Step;
  status: TradeStatus;
}

/** Feeds a ledger one step as an engine would, and keeps what was told for the oracle. */
function apply(ledger: Ledger, told: Told[], one: Step, n: number): void {
  const cash = (value: number): Usdc => value as Usdc;
  switch (one.kind) {
    case "trade": {
      told.push({ at: n, step: one, status: "MATCHED" });
      ledger.trade(tradeChange(one, n), T0);
      return;
    }
    case "status": {
      const trades = told.filter(({ step }) => step.kind === "trade");
      const known = trades[one.pick % Math.max(1, trades.length)];
      if (known?.step.kind !== "trade" || known.status === "FAILED") return;
      if (known.status === "CONFIRMED" && one.to !== "FAILED") return;
      known.status = one.to;
      const kind = one.to === "FAILED" ? "voided" : one.to === "CONFIRMED" ? "confirmed" : "advanced";
      ledger.trade({ ...tradeChange(known.step, known.at), kind, to: one.to }, T0);
      return;
    }
    case "merge":
    case "split": {
      told.push({ at: n, step: one, status: "CONFIRMED" });
      const pairs = [one.size, one.size] as const;
      const proceeds = cash(one.kind === "merge" ? one.size : -one.size);
      ledger.chain(
        action(`c${n}`, one.kind, pairs, MARKETS[one.market]),
        proceeds,
        T0,
        id<StrategyId>("owner"),
      );
      return;
    }
    case "redeem": {
      told.push({ at: n, step: one, status: "CONFIRMED" });
      ledger.chain(
        action(`c${n}`, "redeem", one.sizes, MARKETS[one.market]),
        cash(one.sizes[0]),
        T0,
        id<StrategyId>("owner"),
      );
      return;
    }
    case "resolve":
      told.push({ at: n, step: one, status: "CONFIRMED" });
      ledger.resolution(MARKETS[one.market]!, one.payouts as [Usdc, Usdc], id<StrategyId>("owner"));
  }
}

function tradeChange(one: Extract<Step, { kind: "trade" }>, n: number) {
  const { outcome, side, size, cost, fee } = one;
  return change({
    ...{ name: `t${n}`, outcome, side, size, cost, fee },
    strategy: STRATEGIES[one.strategy]!,
    market: MARKETS[one.market]!,
  });
}

/**
 * An independent account in BigInt. Long and short shares are two stocks, and every step is worked out from the whole
 * list anew.
 */
function oracle(told: readonly Told[], which: number) {
  const long = [0n, 0n];
  const longCost = [0n, 0n];
  const short = [0n, 0n];
  const shortProceeds = [0n, 0n];
  const realized = new Map<string, bigint>();
  let [cash, fees, volume, trades] = [0n, 0n, 0n, 0];
  const gain = (who: string, by: bigint): void => void realized.set(who, (realized.get(who) ?? 0n) + by);

  const put = (o: number, size: bigint, cost: bigint, who: string): void => {
    cash -= cost;
    const cover = size < short[o]! ? size : short[o]!;
    if (cover > 0n) {
      const paid = (cost * cover) / size;
      // A short's proceeds may be negative (a fee beyond them); BigInt division rounds toward zero as the books do.
      const freed = (shortProceeds[o]! * cover) / short[o]!;
      gain(who, freed - paid);
      short[o]! -= cover;
      shortProceeds[o]! -= freed;
      long[o]! += size - cover;
      longCost[o]! += cost - paid;
    } else {
      long[o]! += size;
      longCost[o]! += cost;
    }
  };
  const take = (o: number, size: bigint, proceeds: bigint, who: string): void => {
    cash += proceeds;
    const out = size < long[o]! ? size : long[o]!;
    if (out > 0n) {
      const got = (proceeds * out) / size;
      const released = (longCost[o]! * out) / long[o]!;
      gain(who, got - released);
      long[o]! -= out;
      longCost[o]! -= released;
      short[o]! += size - out;
      shortProceeds[o]! += proceeds - got;
    } else {
      short[o]! += size;
      shortProceeds[o]! += proceeds;
    }
  };

  const mine = told.filter(
    ({ step, status }) => status !== "FAILED" && "market" in step && step.market === which,
  );
  const last = mine.findLast(({ step }) => step.kind === "resolve")?.step;
  const payouts = last?.kind === "resolve" ? last.payouts : undefined;
  for (const { step: one } of mine) {
    if (one.kind === "trade") {
      const [size, cost, fee] = [BigInt(one.size), BigInt(one.cost), BigInt(one.fee)];
      if (one.side === "buy") put(one.outcome, size, cost + fee, STRATEGIES[one.strategy]!);
      else take(one.outcome, size, cost - fee, STRATEGIES[one.strategy]!);
      fees += fee;
      volume += cost;
      trades += 1;
    } else if (one.kind === "merge" || one.kind === "split") {
      const size = BigInt(one.size);
      const half = size / 2n;
      if (one.kind === "merge") {
        take(0, size, half, "owner");
        take(1, size, size - half, "owner");
      } else {
        put(0, size, size - half, "owner");
        put(1, size, half, "owner");
      }
    } else if (one.kind === "redeem") {
      const [a, b] = [BigInt(one.sizes[0]), BigInt(one.sizes[1])];
      let [va, vb] = [0n, 0n];
      if (payouts !== undefined)
        [va, vb] = [(a * BigInt(payouts[0])) / 1_000_000n, (b * BigInt(payouts[1])) / 1_000_000n];
      if (va + vb === 0n) [va, vb] = [a, b];
      const first = (a * va) / (va + vb);
      take(0, a, first, "owner");
      take(1, b, a - first, "owner");
    }
  }
  for (const o of [0, 1]) {
    if (payouts?.[o] !== 0) continue;
    gain("owner", shortProceeds[o]! - longCost[o]!);
    longCost[o] = 0n;
    shortProceeds[o] = 0n;
  }
  return { long, longCost, short, shortProceeds, realized, cash, fees, volume, trades };
}

const DEPOSIT = 1_000_000_000;
function fresh(): Ledger {
  const ledger = new Ledger();
  ledger.deposit(DEPOSIT as Usdc, T0);
  return ledger;
}

describe("whatever happens", () => {
  test("the books balance and agree with exact arithmetic to the micro-dollar", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const ledger = fresh();
        const told: Told[] = [];
        list.forEach((one, n) => {
          apply(ledger, told, one, n);
          ledger.check();
          let [cash, cost, realized, fees] = [BigInt(DEPOSIT), 0n, 0n, 0n];
          const byStrategy = new Map<string, bigint>();
          MARKETS.forEach((marketId, which) => {
            const truth = oracle(told, which);
            for (const o of [0, 1] as const) {
              const position = ledger.position(marketId, o);
              expect(BigInt(position.matched)).toBe(truth.long[o]! - truth.short[o]!);
              expect(BigInt(position.cost)).toBe(truth.longCost[o]! - truth.shortProceeds[o]!);
              cost += BigInt(position.cost);
            }
            const pnl = ledger.market(marketId);
            expect([BigInt(pnl.fees), BigInt(pnl.volume), pnl.trades]).toEqual([
              truth.fees,
              truth.volume,
              truth.trades,
            ]);
            expect(BigInt(pnl.realized)).toBe(
              [...truth.realized.values()].reduce((sum, one) => sum + one, 0n),
            );
            for (const [who, gained] of truth.realized)
              byStrategy.set(who, (byStrategy.get(who) ?? 0n) + gained);
            cash += truth.cash;
            realized += BigInt(pnl.realized);
            fees += truth.fees;
          });
          expect(BigInt(ledger.cash)).toBe(cash);
          expect(BigInt(ledger.realizedTotal)).toBe(realized);
          expect(BigInt(ledger.feesTotal)).toBe(fees);
          expect(BigInt(ledger.cash) + cost - BigInt(DEPOSIT)).toBe(realized);
          for (const { strategyId, realized: gained } of ledger.byStrategy()) {
            expect(BigInt(gained), strategyId).toBe(byStrategy.get(strategyId) ?? 0n);
          }
        });
        ledger.audit();
      }),
      { numRuns: 200 },
    );
  });

  test("failing every trade, in any order, gives everything back", () => {
    const trades = step.filter((one) => one.kind === "trade");
    fc.assert(
      fc.property(
        fc.array(trades, { maxLength: 20 }),
        fc.array(fc.nat(), { minLength: 20, maxLength: 20 }),
        (list, keys) => {
          const ledger = fresh();
          const told: Told[] = [];
          list.forEach((one, n) => {
            apply(ledger, told, one, n);
          });
          const order = told.map((_, n) => n).sort((a, b) => keys[a]! - keys[b]! || a - b);
          for (const n of order) {
            const { step: one, at } = told[n]!;
            if (one.kind !== "trade") continue;
            ledger.trade({ ...tradeChange(one, at), kind: "voided", to: "FAILED" }, T0);
            ledger.check();
          }
          expect([ledger.cash, ledger.realizedTotal, ledger.feesTotal]).toEqual([DEPOSIT, 0, 0]);
          for (const marketId of MARKETS) {
            for (const o of [0, 1] as const) {
              expect(ledger.position(marketId, o)).toEqual({
                matched: 0,
                settled: 0,
                cost: 0,
                openedAt: undefined,
              });
            }
          }
          expect(ledger.byStrategy()).toEqual([]);
        },
      ),
    );
  });

  test("a ledger restored from JSON goes on as the one it came from", () => {
    fc.assert(
      fc.property(steps, fc.nat(), (list, cut) => {
        const at = list.length === 0 ? 0 : cut % list.length;
        const ledger = fresh();
        const told: Told[] = [];
        list.slice(0, at).forEach((one, n) => {
          apply(ledger, told, one, n);
        });
        const other = Ledger.restore(JSON.parse(JSON.stringify(ledger.snapshot())));
        const toldOther = structuredClone(told);
        list.slice(at).forEach((one, n) => {
          apply(ledger, told, one, at + n);
          apply(other, toldOther, one, at + n);
          expect(other.snapshot()).toEqual(ledger.snapshot());
          expect(other.byStrategy()).toEqual(ledger.byStrategy());
          for (const marketId of MARKETS) {
            expect(other.market(marketId)).toEqual(ledger.market(marketId));
            expect(other.position(marketId, 0)).toEqual(ledger.position(marketId, 0));
          }
        });
        other.audit();
      }),
    );
  });

  test("pruning changes no sum, now or later", () => {
    fc.assert(
      fc.property(steps, fc.nat(), fc.array(fc.nat({ max: 49 })), (list, cut, sealed) => {
        const [ledger, pruned] = [fresh(), fresh()];
        const [told, toldPruned]: [Told[], Told[]] = [[], []];
        list.forEach((one, n) => {
          apply(ledger, told, one, n);
          apply(pruned, toldPruned, one, n);
          if (n === cut % list.length) {
            const done = ({ status, at }: Told): boolean => status === "CONFIRMED" && sealed.includes(at);
            pruned.prune([{ orderId: "0xo", trades: told.filter(done).map(({ at }) => `t${at}`) }]);
            // Nothing more is reported of them.
            for (const entries of [told, toldPruned]) {
              entries.splice(0, entries.length, ...entries.filter((entry) => !done(entry)));
            }
          }
          pruned.audit();
          for (const marketId of MARKETS) {
            expect(pruned.market(marketId)).toEqual(ledger.market(marketId));
            for (const o of [0, 1] as const)
              expect(pruned.position(marketId, o)).toEqual(ledger.position(marketId, o));
          }
          expect(pruned.byStrategy()).toEqual(ledger.byStrategy());
        });
      }),
    );
  });
});
