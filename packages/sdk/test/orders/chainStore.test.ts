import { describe, expect, test } from "vitest";
import {
  id,
  type ActionId,
  type ChainAction,
  type ChainReport,
  type MarketId,
  type Usdc,
} from "../../src/index.ts";
import { ChainStore } from "../../src/orders/index.ts";
import { MARKET, S, SEC, USD } from "./support.ts";

const action = (
  n: number,
  kind: ChainAction["kind"] = "merge",
  amounts = [S(10), S(10)] as const,
): ChainAction => ({
  actionId: id<ActionId>(`chain-${n}`),
  kind,
  marketId: MARKET,
  amounts,
});
const said = (n: number, status: ChainReport["status"], proceeds?: Usdc): ChainReport =>
  ({
    type: "chain_report",
    actionId: id<ActionId>(`chain-${n}`),
    status,
    at: SEC(n),
    receivedAt: 0,
    ...(proceeds === undefined ? {} : { proceeds }),
  }) as ChainReport;

describe("chain actions", () => {
  test("are pending until they are final or reverted, and hold their tokens meanwhile", () => {
    const store = new ChainStore();
    store.create(action(1), SEC(0));
    store.create(action(2, "redeem", [S(3), S(0)]), SEC(0));
    store.create(action(3, "split"), SEC(0));
    expect(store.reserved(MARKET)).toEqual([S(13), S(10)]);
    expect(store.pending(MARKET).map((one) => one.actionId)).toEqual(["chain-1", "chain-2", "chain-3"]);
    store.report(said(1, "SENT"));
    store.report(said(1, "UNKNOWN"));
    expect(store.pending(MARKET)).toHaveLength(3);
    store.report(said(1, "REVERTED"));
    store.report(said(3, "FINAL"));
    expect(store.reserved(MARKET)).toEqual([S(3), 0]);
    expect(store.reserved(id<MarketId>("0xnone"))).toEqual([0, 0]);
  });

  test("FINAL says what moved: as stated, else a pair's face value", () => {
    const store = new ChainStore();
    for (const n of [1, 2]) store.create(action(n), SEC(0));
    store.create(action(3, "split"), SEC(0));
    store.create(action(4, "redeem"), SEC(0));
    expect(store.report(said(1, "FINAL")).proceeds).toBe(USD(10));
    expect(store.report(said(2, "FINAL", USD(9.5))).proceeds).toBe(USD(9.5));
    expect(store.report(said(3, "FINAL")).proceeds).toBe(USD(-10));
    expect(store.report(said(4, "FINAL"))).not.toHaveProperty("proceeds");
  });

  test("duplicates and late news change nothing, contradictions are loud", () => {
    const store = new ChainStore();
    store.create(action(1), SEC(0));
    expect(store.report(said(1, "FINAL")).applied).toBe(true);
    for (const status of ["SENT", "MINED", "UNKNOWN", "FINAL"] as const) {
      expect(store.report(said(1, status)), status).toMatchObject({ applied: false, to: "FINAL" });
    }
    expect(store.report(said(1, "REVERTED")).illegal).toMatch(/reverted/);
    expect(store.report(said(9, "MINED"))).toMatchObject({ action: undefined, illegal: expect.any(String) });
  });

  test("refuses a used id, uneven pairs and amounts that are none", () => {
    const store = new ChainStore();
    store.create(action(1), SEC(0));
    expect(() => store.create(action(1), SEC(0))).toThrow(/exists/);
    expect(() => store.create(action(2, "merge", [S(1), S(2)]), SEC(0))).toThrow(/pairs/);
    expect(() => store.create(action(3, "redeem", [S(-1), S(2)]), SEC(0))).toThrow();
    expect(() => store.report(said(1, "BOGUS" as "SENT"))).toThrow(/unknown status/);
    expect(() => store.report(said(1, "FINAL", NaN as Usdc))).toThrow(/proceeds/);
  });

  test("survives a snapshot, and knows pruned actions", () => {
    const store = new ChainStore();
    for (const n of [1, 2, 3]) store.create(action(n), SEC(0));
    store.report(said(2, "FINAL"));
    expect(store.prune(SEC(2))).toEqual([]);
    expect(store.prune()).toEqual(["chain-2"]);
    store.report(said(1, "MINED"));
    const again = ChainStore.restore(JSON.parse(JSON.stringify(store.snapshot())));
    expect(again.snapshot()).toEqual(store.snapshot());
    expect(again.pending(MARKET)).toEqual(store.pending(MARKET));
    expect(again.report(said(2, "FINAL"))).not.toHaveProperty("illegal");
    expect(() => again.create(action(2), SEC(0))).toThrow(/exists/);
    expect(() => ChainStore.restore({ ...store.snapshot(), version: 2 as 1 })).toThrow(
      expect.objectContaining({ code: "JOURNAL_SCHEMA_NEWER" }),
    );
  });

  test("stand where the last report moved them, and nowhere when they are not kept", () => {
    const store = new ChainStore();
    const one = action(1);
    store.create(one, SEC(0));
    const statuses = (["SENT", "UNKNOWN", "MINED", "FINAL"] as const).map((status, i) => {
      const from = store.status(one.actionId);
      expect(store.report(said(1, status))).toStrictEqual({
        action: one,
        from,
        to: status,
        applied: true,
        ...(status === "FINAL" ? { proceeds: USD(10) } : {}),
      });
      return [i, store.status(one.actionId)];
    });
    expect(statuses.map(([, status]) => status)).toEqual(["SENT", "UNKNOWN", "MINED", "FINAL"]);
    expect(store.report(said(1, "MINED"))).toStrictEqual({
      action: one,
      from: "FINAL",
      to: "FINAL",
      applied: false,
    });
    expect(store.report(said(1, "REVERTED"))).toStrictEqual({
      action: one,
      from: "FINAL",
      to: "FINAL",
      applied: false,
      illegal: "chain action chain-1: an action that was final is reverted",
    });
    const nothing = { action: undefined, from: undefined, to: undefined, applied: false };
    expect(store.report(said(9, "MINED"))).toStrictEqual({
      ...nothing,
      illegal: "chain action chain-9 is none of this run",
    });
    expect(store.status(id<ActionId>("chain-9"))).toBeUndefined();
    store.prune();
    expect(store.report(said(1, "MINED"))).toStrictEqual(nothing);
    expect(store.status(one.actionId)).toBeUndefined();
    expect(store.snapshot()).toEqual({ version: 1, actions: [], retired: [one.actionId] });
  });

  test("that were reverted are dropped like those that are final, and neither is pending after a restart", () => {
    const store = new ChainStore();
    for (const n of [1, 2, 3]) store.create(action(n), SEC(0));
    store.report(said(1, "FINAL"));
    store.report(said(2, "REVERTED"));
    const again = ChainStore.restore(JSON.parse(JSON.stringify(store.snapshot())));
    for (const one of [store, again]) {
      expect(one.pending(MARKET).map(({ actionId }) => actionId)).toEqual(["chain-3"]);
      expect(one.reserved(MARKET)).toEqual([S(10), S(10)]);
      expect(one.prune()).toEqual(["chain-1", "chain-2"]);
    }
  });

  test("need amounts of both outcomes that are shares, and are refused by name", () => {
    const store = new ChainStore();
    expect(() => {
      store.create(action(1, "redeem", [S(1), S(-1)]), SEC(0));
    }).toThrow(expect.objectContaining({ code: "UNIT_INVALID" }));
    expect(() => store.report(said(1, "DONE" as "SENT"))).toThrow(
      'report on chain action chain-1 has the unknown status "DONE"',
    );
    expect(() => ChainStore.restore({ ...store.snapshot(), version: 2 as 1 })).toThrow(
      "chain snapshot has version 2, not 1",
    );
    expect([...store.pending(MARKET)]).toEqual([]);
  });
});
