import {
  parseConfig,
  Strategy,
  type BookContext,
  type BotConfigInput,
  type OrderRequest,
  type Price,
  type Shares,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { startRun } from "./start.ts";
import { testMarket } from "./tape.ts";

const TAKEN: Partial<OrderRequest> = { orderType: "FAK" };

/** Asks once for what it is told to; to sell, it buys first. */
class Asker extends Strategy<typeof Asker.params, typeof Asker.state> {
  static readonly id = "asker";
  static readonly posture = "directional";
  static readonly params = z.object({
    request: z.custom<Partial<OrderRequest>>(() => true),
    side: z.enum(["buy", "sell"]),
  });
  static readonly state = z.object({ asked: z.number().default(0) });
  override onBook(ctx: BookContext<z.output<typeof Asker.state>>): void {
    ctx.state.asked += 1;
    const { side, request } = this.params;
    const base = { outcome: 0, limit: 5_500 as Price, size: 15_000_000 as Shares } as const;
    if (ctx.state.asked === 1) ctx.buy({ ...base, ...(side === "buy" ? request : TAKEN) });
    else if (side === "sell") ctx.sell({ ...base, limit: 4_500 as Price, ...request });
  }
}

const DEPTH = { engine: { order_choice: { by: "depth" } } } as const;

/** Asks of ten shares at 0.50 and a hundred at 0.55, a bid at 0.45. */
function asked(request: Partial<OrderRequest>, config: BotConfigInput = DEPTH, side = "buy") {
  const run = startRun([{ use: Asker, params: { request, side } }], { config });
  run.tape.market(testMarket({ takerDelayMs: 0 })).wait(10);
  const book = (size: number) =>
    run.tape.book(
      [[45, size]],
      [
        [50, 10],
        [55, 100],
      ],
    );
  book(100);
  run.tape.wait(2_000);
  if (side === "sell") {
    run.tape.wait(10_000);
    book(99);
    run.tape.wait(10);
  }
  const cancels = () => run.effects.filter(({ type }) => type === "cancel");
  const last = run.effects.findLast(({ type }) => type === "place" || type === "denied");
  return { ...run, cancels, last };
}

describe("an order whose strategy names no type", () => {
  it("is FAK, unless the configuration says otherwise", () => {
    expect(asked({}, {}).last).toMatchObject({ type: "place", intent: { orderType: "FAK" } });
  });

  it("rests when it begins something", () => {
    const { last, runtime, tape } = asked({ limit: 4_900 as Price });
    expect(last).toMatchObject({ type: "place", intent: { orderType: "GTC", postOnly: false } });
    tape.wait(60_000);
    expect(runtime.core.orders.openCount).toBe(1);
  });

  it("takes what is there when it gets out", () => {
    const { last } = asked({}, DEPTH, "sell");
    expect(last).toMatchObject({ type: "place", intent: { side: "sell", orderType: "FAK" } });
  });

  it("goes by itself when its time is too short for the venue's GTD", () => {
    const { last, cancels, tape, runtime } = asked({ limit: 4_900 as Price, expiresInMs: 4_000 });
    expect(last).toMatchObject({ type: "place", intent: { orderType: "GTC" } });
    expect(cancels()).toEqual([]);
    tape.wait(2_500);
    expect(cancels()).toMatchObject([{ reason: "it has stood for as long as it may" }]);
    tape.wait(2_000);
    expect(runtime.core.orders.openCount).toBe(0);
  });

  it("is GTD when it may stand for as long as the venue asks of one", () => {
    const { last } = asked({ limit: 4_900 as Price, expiresInMs: 200_000 });
    expect(last).toMatchObject({ type: "place", intent: { orderType: "GTD" } });
  });

  it("is post-only where it rests, and nothing where it would cross", () => {
    expect(asked({ limit: 4_900 as Price, postOnly: true }).last).toMatchObject({
      intent: { orderType: "GTC", postOnly: true },
    });
    expect(asked({ postOnly: true }).last).toMatchObject({
      type: "denied",
      code: "NO_ORDER_TYPE",
      detail: "it would cross the book",
    });
  });

  it("is refused for what is wrong with it, as ever", () => {
    expect(asked({ size: NaN as Shares }).last).toMatchObject({ type: "denied", code: "INTENT_INVALID" });
  });
});

it("an order whose strategy names a type has that type", () => {
  expect(asked({ orderType: "FOK" }).last).toMatchObject({ type: "place", intent: { orderType: "FOK" } });
});

describe("the most that a fill may slip", () => {
  const most = (usdc: number): BotConfigInput => ({ risk: { max_fill_slippage_usdc: usdc } });

  it("is held against the whole size, level by level", () => {
    // Fifteen shares for $8.25: at 0.50 there are ten, the rest of the money buys at 0.55.
    expect(asked(TAKEN, most(0.02)).last).toMatchObject({ type: "place" });
    expect(asked(TAKEN, most(0.01)).last).toMatchObject({
      type: "denied",
      code: "FILL_SLIPPAGE",
      detail: "15.90909 shares are $0.018571 a share worse than the best price 0.5, at most $0.01",
    });
    // Ten of them are there at the best price.
    expect(asked({ ...TAKEN, size: 9_000_000 as Shares }, most(0.01)).last).toMatchObject({ type: "place" });
  });

  it("keeps nobody in", () => {
    expect(asked(TAKEN, most(0.02), "sell").last).toMatchObject({ type: "place", intent: { side: "sell" } });
  });

  it.each([[-0.01], [1.5], ["2 cents"]])("is refused as %s", (wrong) => {
    const risk = { max_fill_slippage_usdc: wrong as number };
    expect(() => parseConfig({ risk })).toThrow(/max_fill_slippage_usdc/);
  });
});

it.each([
  [{ by: "book" }, /order_choice\.by/],
  [{ brief_ms: 500 }, /brief_ms/],
  [{ brief: 5_000 }, /brief/],
])("a choice of %j is refused", (wrong, says) => {
  expect(() => parseConfig({ engine: { order_choice: wrong as never } })).toThrow(says);
});
