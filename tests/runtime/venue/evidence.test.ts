import { id, pause, seekEvidence, VirtualClock, type OrderId } from "@matchpoint/sdk";
import { expect, it } from "vitest";

const ORDER = id<OrderId>("0x01");

/** Seeks evidence of one order of unknown fate for some time, and gives what was asked and told. */
async function sought(options: {
  readonly since?: string;
  readonly trades: (since: string | undefined) => Promise<never>;
}): Promise<{ readonly asked: readonly string[]; readonly told: readonly string[] }> {
  const clock = new VirtualClock();
  const stop = new AbortController();
  const asked: string[] = [];
  const told: string[] = [];
  const orders = {
    allOpen: () => [{ orderId: ORDER, status: "UNKNOWN", updatedAt: 0 }],
    ownership: () => "ours",
    tradeStatus: () => undefined,
  };
  const source = seekEvidence({
    core: { orders } as never,
    clock,
    signal: stop.signal,
    ...(options.since === undefined ? {} : { since: options.since }),
    adapter: {
      fetchTrades: (since) => {
        asked.push(`trades ${since ?? "from the start"}`);
        return options.trades(since);
      },
      cancelOrder: async (orderId) => {
        asked.push("cancel");
        return { kind: "not_canceled", orderId, reason: "not found" };
      },
      fetchOrder: async () => ({ kind: "absent" }),
    },
  });
  const run = (async () => {
    for await (const report of source) told.push(report.type === "order_report" ? report.status : "trade");
  })();
  for (let i = 0; i < 45; i++) {
    clock.advance(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
  stop.abort();
  await run;
  await pause(clock, 0, stop.signal);
  return { asked, told };
}

it("looks only at trades since the run began: an account's whole history may be long, and unreadable", async () => {
  const { asked, told } = await sought({
    since: "1800000000",
    trades: async () => ({ trades: [], cursor: "1800000060" }) as never,
  });
  expect(asked.filter((each) => each.startsWith("trades"))).toEqual([
    "trades 1800000000",
    "trades 1800000060",
  ]);
  expect(told).toEqual(["absent", "absent"]);
});

it("cancels an order of unknown fate also while the trades cannot be listed, and takes nothing for its end", async () => {
  const { asked, told } = await sought({ trades: () => Promise.reject(new RangeError("503")) });
  expect(asked).toContain("cancel");
  expect(told).toEqual([]);
});
