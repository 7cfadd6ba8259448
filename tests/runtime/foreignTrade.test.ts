import { createPaperBroker } from "@matchpoint/paper-broker";
import { createRuntime, defaultConfig, id, ModelMaker, type TradeReport } from "@matchpoint/sdk";
import { expect, it } from "vitest";
import { STARTS_AT, testMarket } from "./tape.ts";

it.each(["m9", "m1"])(
  "a trade on our account that is none of ours, in %s, halts all markets: it is the same money",
  (there) => {
    const runtime = createRuntime({
      config: defaultConfig(),
      strategies: [{ use: ModelMaker, params: { reference: "microprice" } }],
      execution: createPaperBroker({ runId: "foreign", seed: 1, realism: "off" }),
      runId: "foreign",
      startsAt: STARTS_AT,
    });
    const stamp = { at: 1_000_000 as never, receivedAt: STARTS_AT as never };
    for (const marketId of ["m1", "m2"])
      runtime.offer({ type: "market_listed", market: testMarket({ marketId: id(marketId) }), ...stamp });
    const where = { marketId: id(there), outcome: 0, side: "buy", price: 5_000, size: 1_000_000 } as const;
    const paid = { cost: 500_000, fee: 0, liquidity: "taker", status: "MATCHED" } as const;
    const trade = {
      type: "trade_report",
      orderId: id("0x99"),
      tradeId: id("t-9"),
      ...where,
      ...paid,
      ...stamp,
    };
    runtime.offer(trade as unknown as TradeReport);
    for (const marketId of ["m1", "m2"])
      expect([...runtime.core.market(id(marketId))!.trading.causes]).toContain("foreign_order");
  },
);
