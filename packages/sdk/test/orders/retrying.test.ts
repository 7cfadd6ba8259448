import { describe, expect, it } from "vitest";
import { id, type MarketId, type TradeStatus } from "../../src/index.ts";
import { OrderStore } from "../../src/orders/index.ts";
import { hashOf, intent, MARKET, prepared, report, SEC, trade } from "./support.ts";

const OTHER = id<MarketId>("0xother");
/** A store with an order that rests in each market. */
function resting(): OrderStore {
  const store = new OrderStore();
  for (const [i, market] of [MARKET, OTHER].entries()) {
    store.create(intent({ name: `s-${i}`, market }), SEC(0));
    store.prepared(prepared(`s-${i}`));
    store.report(report("live", SEC(2), { orderId: hashOf(`s-${i}`) }));
  }
  return store;
}
const say = (store: OrderStore, name: string, status: TradeStatus, order = "s-0"): void => {
  store.trade({ ...trade({ name, status, order }), marketId: order === "s-0" ? MARKET : OTHER });
};
const ids = (store: OrderStore, market = MARKET): readonly string[] =>
  store.retrying(market).map(({ tradeId }) => tradeId);

describe("trades that are being retried", () => {
  it.each<TradeStatus>(["MINED", "CONFIRMED", "FAILED"])("are listed by market until they are %s", (end) => {
    const store = resting();
    say(store, "t1", "MATCHED");
    expect(ids(store)).toEqual([]);
    say(store, "t1", "RETRYING");
    say(store, "t2", "RETRYING", "s-1");
    expect([ids(store), ids(store, OTHER)]).toEqual([["t1"], ["t2"]]);
    expect([...store.retryingMarkets()]).toEqual([MARKET, OTHER]);
    say(store, "t1", "RETRYING");
    expect(ids(store)).toEqual(["t1"]);
    say(store, "t1", end);
    expect(ids(store)).toEqual([]);
    expect([...store.retryingMarkets()]).toEqual([OTHER]);
  });

  it("are listed when that is the first that is heard of them, several at once", () => {
    const store = resting();
    for (const name of ["t1", "t2", "t3"]) say(store, name, "RETRYING");
    say(store, "t2", "MINED");
    expect(ids(store)).toEqual(["t1", "t3"]);
    say(store, "t2", "RETRYING");
    expect(ids(store)).toEqual(["t1", "t3", "t2"]);
  });

  it("are known to a store that goes on from a snapshot", () => {
    const store = resting();
    say(store, "t1", "RETRYING");
    say(store, "t2", "MINED");
    const next = OrderStore.restore(JSON.parse(JSON.stringify(store.snapshot())));
    expect(ids(next)).toEqual(["t1"]);
    say(next, "t1", "CONFIRMED");
    expect(ids(next)).toEqual([]);
  });

  it("are also those that were adopted, and no stranger's", () => {
    const store = new OrderStore();
    const foreign = (name: string, status: TradeStatus) => trade({ name, status, order: "f" });
    store.trade(foreign("t1", "RETRYING"));
    expect(ids(store)).toEqual([]);
    store.adopt(foreign("t1", "RETRYING"));
    store.adopt(foreign("t2", "MINED"));
    expect(ids(store)).toEqual(["t1"]);
    const next = OrderStore.restore(JSON.parse(JSON.stringify(store.snapshot())));
    expect(ids(next)).toEqual(["t1"]);
    next.trade(foreign("t1", "CONFIRMED"));
    expect(ids(next)).toEqual([]);
    store.trade(foreign("t1", "FAILED"));
    expect(ids(store)).toEqual([]);
  });
});
