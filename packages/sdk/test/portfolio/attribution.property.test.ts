import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { id, type Decision, type Outcome, type Shares, type Usdc } from "../../src/index.ts";
import { Ledger, PNL_PARTS, profitAndLoss, type Mark } from "../../src/portfolio/index.ts";
import { change, T0 } from "./support.ts";
import { MARKETS, steps, World, markOf, expectSound, prices } from "./attribution.ts";

describe("whatever happens", () => {
  test("the parts add up to the ledger's profit and loss, and each is what its fills say", () => {
    fc.assert(
      fc.property(steps, fc.array(prices, { minLength: 1, maxLength: 4 }), (list, looks) => {
        const world = new World();
        list.forEach((one, n) => {
          world.take(one, n);
          expectSound(world, looks[n % looks.length]!);
        });
        world.ledger.audit();
      }),
      { numRuns: 150 },
    );
  });

  test("a restart changes no sum: what was looked at after fills counts with what came later", () => {
    fc.assert(
      fc.property(steps, fc.nat(), prices, (list, cutAt, at) => {
        const world = new World();
        list.forEach((one, n) => {
          if (n === cutAt % list.length) {
            const before = expectSound(world, at);
            world.ledger = Ledger.restore(JSON.parse(JSON.stringify(world.ledger.snapshot())));
            for (const told of world.told) {
              delete told.after5s;
              delete told.after30s;
            }
            const after = expectSound(world, at);
            expect(after.total.pnl).toBe(before.total.pnl);
            for (const part of ["edge", "legLoss", "slippage", "fees", "conversion", "exit"] as const)
              expect(after.total.parts[part]).toBe(before.total.parts[part]);
          }
          world.take(one, n);
        });
        expectSound(world, at);
        world.ledger.audit();
      }),
    );
  });

  test("each fill adds up by itself, and fills add up to their market", () => {
    fc.assert(
      fc.property(steps, prices, (list, at) => {
        const world = new World();
        list
          .filter(({ kind }) => kind !== "prune")
          .forEach((one, n) => {
            world.take(one, n);
          });
        const marks = markOf(world, at);
        MARKETS.forEach((marketId, where) => {
          const fills = world.ledger.fills(marketId, marks(marketId));
          expect(fills.map(({ key }) => key)).toEqual(
            world.told
              .filter(({ status, step: one }) => status !== "FAILED" && one.market === where)
              .map(({ n }) => `0xo t${n}`),
          );
          for (const fill of fills) {
            expect(PNL_PARTS.reduce((sum, part) => sum + fill.parts[part], 0)).toBe(fill.pnl);
            expect([fill.parts.conversion, fill.parts.exit]).toEqual([0, 0]);
          }
          const cells = world.ledger.cells(marketId, marks(marketId));
          for (const part of ["edge", "legLoss", "slippage", "fees", "after5s", "after30s"] as const) {
            const [ofFills, ofCells] = [fills, cells].map((lines) =>
              lines.reduce((sum, { parts }) => sum + parts[part], 0),
            );
            expect(Math.abs(ofFills! - ofCells!), part).toBeLessThanOrEqual(fills.length + cells.length);
          }
        });
      }),
    );
  });
});

test("shares without any price are held at cost, or at their payout", () => {
  const ledger = new Ledger();
  ledger.deposit(1_000_000_000 as Usdc, T0);
  const decision: Decision = { fair: 550_000 as Usdc, by: "strategy", price: 500_000 as Usdc };
  const bought = change({ name: "a", size: 10_000_000, cost: 5_100_000, fee: 100_000 });
  ledger.trade({ ...bought, order: { intent: { strategyId: id("s"), decision } } }, T0);
  const { total } = profitAndLoss(ledger, () => undefined);
  expect([total.pnl, total.unrealized, total.unrealizedAtModel]).toEqual([0, 0, 300_000]);
  // Worth by the last look that was taken of it, which is the decision's.
  expect(total.parts).toMatchObject({
    edge: 500_000,
    slippage: -100_000,
    fees: -100_000,
    settlement: 0,
    exit: -300_000,
  });
  ledger.mark({ orderId: id("0xo"), tradeId: id("a") }, "after5s", 520_000 as Usdc);
  expect(profitAndLoss(ledger, () => undefined).total.unrealizedAtModel).toBe(0);
  ledger.mark({ orderId: id("0xo"), tradeId: id("a") }, "after30s", 600_000 as Usdc);
  expect(profitAndLoss(ledger, () => undefined).total.unrealizedAtModel).toBe(800_000);
  ledger.resolution(bought.report.marketId, [1_000_000 as Usdc, 0 as Usdc]);
  expect(profitAndLoss(ledger, () => undefined).total.pnl).toBe(4_800_000);
});

test("a share counts at most what its mark allows, by the model too", () => {
  const ledger = new Ledger();
  const bought = change({ name: "a", size: 10_000_000, cost: 5_000_000 });
  ledger.trade(bought, T0);
  const worth = (_: Outcome, shares: Shares): Usdc => (shares / 2) as Usdc;
  const mark: Mark = {
    fair: [900_000, 100_000] as unknown as readonly [Usdc, Usdc],
    most: 500_000 as Usdc,
    worth,
  };
  const { total } = profitAndLoss(ledger, () => mark);
  expect([total.unrealized, total.unrealizedAtModel]).toEqual([0, 0]);
  expect(total.parts).toMatchObject({ settlement: 4_000_000, exit: -4_000_000 });
  expect(profitAndLoss(ledger, () => ({ fair: mark.fair, worth })).total.unrealizedAtModel).toBe(4_000_000);
});
