import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTerminal, type OrderId, type Price } from "@matchpoint/sdk";
import { market, MARKET, SPORTS, usd } from "../harness.ts";
import { Witness } from "../witness.ts";
import { act, inWorld, PEOPLE } from "./crowd.ts";
import { Floor, INSTANT } from "./floor.ts";

const FAULTS = { trade_fail: 0.2, trade_retry: 0.2, chain_revert: 0.3, duplicate_report: 0.3 };

describe("the SDK's own machines and ledger", () => {
  it.each([0, 700])("agree with what every account is told, taker delay %i ms", (takerDelayMs) => {
    const ends = new Set<string>();
    let together = 0;
    fc.assert(
      fc.property(inWorld, fc.integer(), fc.constantFrom(0, 60), (steps, seed, jitter_ms) => {
        const floor = new Floor(
          {
            gtd_min_lead_ms: 0,
            faults: FAULTS,
            seed,
            latency: { ...INSTANT, place_ms: 30, ack_ms: 20, jitter_ms },
          },
          market({ tick: 10 as Price, fee: SPORTS, takerDelayMs }),
        ).open(PEOPLE, 200);
        const witnesses = PEOPLE.map((account) => [account, new Witness(usd(1_200))] as const);
        const read = (): void => {
          const commands = floor.commands.splice(0);
          for (const [account, witness] of witnesses)
            witness.read(
              commands.filter((each) => each.account === account),
              floor.reports(account),
            );
        };
        const orders: [string, OrderId][] = [];
        for (const step of steps) {
          if (step.do === "pay") continue;
          act(floor, step, orders);
          read();
        }
        floor.wait(1_000);
        for (let i = 0; i < 2; i++) {
          for (const each of PEOPLE) floor.expire(each);
          floor.wait(60_000);
          read();
        }
        for (const [account, witness] of witnesses) {
          const view = floor.exchange.view(account);
          expect(witness.illegal).toEqual([]);
          expect(witness.orders.counts).toMatchObject({ illegal: 0, foreign: 0 });
          witness.ledger.check();
          expect(witness.ledger.cash).toBe(view.balances().collateral);
          for (const outcome of [0, 1] as const) {
            const held = view.positions().find((each) => each.outcome === outcome);
            const own = witness.ledger.position(MARKET, outcome);
            expect([own.matched, own.settled]).toEqual([held?.matched ?? 0, held?.settled ?? 0]);
          }
        }
        for (const [account, id] of orders) {
          const order = witnesses.find(([each]) => each === account)![1].orders.byOrderId(id)!;
          expect(isTerminal(order)).toBe(true);
          expect(floor.exchange.view(account).order(id)).toMatchObject({
            kind: "found",
            status: order.status,
          });
          ends.add(order.status);
        }
        together += floor.trades().filter(({ makers }) => makers.length > 1).length;
      }),
      { numRuns: 100 },
    );
    expect([...ends]).toEqual(expect.arrayContaining(["CANCELED", "EXPIRED", "FILLED", "REJECTED"]));
    expect(together).toBeGreaterThan(5);
  });
});
