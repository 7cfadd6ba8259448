import { id } from "../../../src/ids.ts";
import type { Nanos, Price, Usdc } from "../../../src/units/index.ts";
import { book, held, intent, MARKET, order, px, resting, SECOND, sh, usd } from "../support.ts";
import { sell, holding, type Cases } from "./cases.ts";

export const FORM_CASES = {
  INTENT_INVALID: [
    { intent: intent({ limit: NaN as Price }), detail: "limit NaN" },
    { intent: intent({ limit: 5_000.5 as Price, spend: usd(5) }), detail: "limit 5000.5" },
    { intent: intent({ size: 0 as never }), detail: "size 0" },
    { intent: intent({ size: -5 as never, spend: usd(5) }), detail: "size -5" },
    { intent: intent({ size: 1e309 as never, spend: usd(5) }), detail: "size Infinity" },
    { intent: intent({ outcome: 2 as never }), detail: "outcome 2" },
    { intent: intent({ side: "short" as never }), detail: 'side "short"' },
    { intent: intent({ orderType: "IOC" as never }), detail: 'order type "IOC"' },
    { intent: intent({ purpose: "__proto__" as never }), detail: 'purpose "__proto__"' },
    { intent: intent({ postOnly: 1 as never }), detail: "postOnly" },
    { intent: intent({ edge: NaN }), detail: "edge NaN" },
    { intent: intent({ marketId: id("0xb") }), detail: "market 0xb" },
    { intent: intent({ strategyId: id("you") }), detail: "strategy you" },
    { intent: intent({ postOnly: true }), detail: "cannot be post-only" },
    { intent: intent({ spend: NaN as Usdc }), detail: "whole spend" },
    { intent: { ...resting(), orderType: "FOK" }, detail: "whole spend" },
    { intent: resting({ spend: usd(5) }), detail: "only a FAK or FOK buy" },
    { intent: sell({ spend: usd(5) }), detail: "only a FAK or FOK buy" },
    { intent: intent({ spend: usd(5.01) }), detail: "more than size * limit" },
    { intent: resting({ orderType: "GTD" }), detail: "needs expiresAt" },
    { intent: resting({ orderType: "GTD", expiresAt: SECOND as Nanos }), detail: "has passed" },
    { intent: resting({ expiresAt: (2 * SECOND) as Nanos }), detail: "only a GTD order" },
  ],
  CAPABILITY_UNSUPPORTED: [
    { world: { capabilities: { orderTypes: ["GTC"], postOnly: true } }, detail: "FAK" },
    {
      intent: resting({ postOnly: true, limit: px(0.49) }),
      world: { capabilities: { orderTypes: ["GTC"], postOnly: false } },
      detail: "post-only",
    },
  ],
  PRICE_OUT_OF_RANGE: [
    { intent: intent({ limit: 0 as Price }), detail: "limit 0 " },
    { intent: intent({ limit: 10_000 as Price }), detail: "limit 1 " },
    { intent: intent({ limit: -100 as Price, spend: usd(1) }), detail: "limit -0.01" },
    { intent: intent({ limit: px(0.995) }), world: { market: { tick: px(0.01) } }, detail: "0.01 to 0.99" },
  ],
  OFF_GRID: [
    { intent: intent({ limit: px(0.505) }), detail: "0.505 is not a multiple of 0.01" },
    {
      intent: sell({ limit: px(0.4825) }),
      world: { positions: holding, market: { tick: px(0.005) } },
      detail: "0.005",
    },
  ],
  BELOW_MIN_SIZE: [
    { intent: intent({ size: sh(4.99) }), detail: "4.99 shares" },
    { intent: sell({ size: sh(1) }), world: { positions: holding }, detail: "1 shares" },
  ],
  SIZE_PRECISION: [
    { intent: resting({ size: sh(10.001) }), detail: "hundredth" },
    { intent: sell({ size: sh(5.005) }), world: { positions: holding }, detail: "hundredth" },
    { intent: intent({ spend: usd(4.999) }), detail: "cent" },
  ],
  BELOW_MARKETABLE_MINIMUM: [
    {
      intent: intent({ limit: px(0.1), size: sh(9), orderType: "FOK" }),
      world: { book: book({ bid0: 0.08, ask0: 0.1 }) },
      detail: "$0.9",
    },
    {
      intent: resting({ limit: px(0.1), size: sh(9) }),
      world: { book: book({ bid0: 0.08, ask0: 0.1 }) },
      detail: "$0.9",
    },
  ],
  POST_ONLY_CROSSES: [
    { intent: resting({ postOnly: true }), detail: "reaches 0.5" },
    {
      intent: resting({ postOnly: true, side: "sell", limit: px(0.48) }),
      world: { positions: holding },
      detail: "reaches 0.48",
    },
  ],
  PURPOSE_MISMATCH: [
    {
      name: "a hedge whose dollars buy far more than its size at what is asked",
      intent: intent({ purpose: "hedge", outcome: 1, limit: px(0.12), size: sh(30), spend: usd(3.6) }),
      world: {
        positions: { [MARKET]: [held(20, 18), held(0, 0)] },
        book: book({ bid0: 0.98, ask0: 0.99, size: 100_000 }),
      },
      detail: "residual of 20",
    },
    {
      name: "a hedge that an open buy makes already",
      intent: intent({ purpose: "hedge", outcome: 1, limit: px(0.52), size: sh(20) }),
      world: { positions: holding, orders: [order({ outcome: 1, limit: px(0.52), size: sh(19) })] },
      detail: "residual of 1",
    },
    { intent: intent({ purpose: "exit" }), detail: "an exit sells" },
    { intent: intent({ purpose: "hedge" }), detail: "residual of 0" },
    {
      intent: intent({ purpose: "hedge", outcome: 1, size: sh(40), limit: px(0.52) }),
      world: { positions: holding },
      detail: "residual of 20",
    },
    { intent: intent({ purpose: "hedge" }), world: { positions: holding }, detail: "residual of 0" },
    {
      intent: sell({ purpose: "hedge", outcome: 0, size: sh(20) }),
      world: { positions: { [MARKET]: [held(20, 10), held(10, 5)] } },
      detail: "selling 20 shares",
    },
  ],
  DUPLICATE_INTENT: [
    { world: { orders: [order({ intentId: id("me-1") })] }, detail: "me-1 exists" },
    { world: { orders: [order({}, "DELAYED")] }, detail: "old-1, DELAYED since 1000 ms" },
  ],
  SELF_CROSS: [
    { world: { orders: [order({ orderType: "GTC", side: "sell", limit: px(0.5) })] }, detail: "sell at 0.5" },
    { world: { orders: [order({ orderType: "GTC", outcome: 1, limit: px(0.5) })] }, detail: "buy at 0.5" },
    {
      intent: sell(),
      world: { positions: holding, orders: [order({ orderType: "GTC", limit: px(0.48) }, "PENDING_CANCEL")] },
      detail: "buy at 0.48",
    },
    {
      intent: sell(),
      world: {
        positions: holding,
        orders: [order({ orderType: "GTC", side: "sell", outcome: 1, limit: px(0.52) })],
      },
      detail: "sell at 0.52",
    },
    {
      intent: resting({ limit: px(0.49) }),
      world: { orders: [order({ side: "sell", limit: px(0.49) }, "SENT")] },
      detail: "sell at 0.49",
    },
  ],
} satisfies Cases<"form">;
