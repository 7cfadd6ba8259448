import { Strategy, type BookContext, type OrderStatus, type Price, type Shares } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { startRun } from "./start.ts";
import { testMarket } from "./tape.ts";

/** Spends five dollars at up to 50 cents, once: ten shares are asked for. */
class Spender extends Strategy<typeof Spender.params, typeof Spender.state> {
  static readonly id = "spender";
  static readonly posture = "directional";
  static readonly params = z.object({});
  static readonly state = z.object({ done: z.boolean().default(false) });

  override onBook(ctx: BookContext<{ done: boolean }>): void {
    if (ctx.state.done) return;
    ctx.state.done = true;
    ctx.buy({ outcome: 0, limit: 5_000 as Price, size: 10_000_000 as Shares, orderType: "FAK" });
  }
}

/** How the order ended, by the venue and by the SDK, and what it got. */
function ends(asks: readonly (readonly [number, number])[]): {
  readonly venue: OrderStatus | undefined;
  readonly sdk: OrderStatus | undefined;
  readonly shares: number;
  readonly dollars: number;
} {
  const run = startRun([{ use: Spender }], { config: { risk: { resolution_filter: "off" } } });
  run.tape.market(testMarket()).book([[30, 100]], asks);
  run.tape.wait(60_000);
  const prepared = run.log.map(({ event }) => event).find((event) => event.type === "order_prepared");
  if (prepared?.type !== "order_prepared") throw new Error("no order was made");
  const there = run.broker.view.order(prepared.orderId);
  const here = run.runtime.core.orders.byOrderId(prepared.orderId);
  return {
    venue: there.kind === "found" ? there.status : undefined,
    sdk: here?.status,
    shares: (here?.matched ?? 0) / 1e6,
    dollars: (here?.spent ?? 0) / 1e6,
  };
}

describe("a FAK buy of dollars", () => {
  it("is filled when its dollars are spent, whatever shares they brought", () => {
    expect(ends([[40, 50]])).toEqual({ venue: "FILLED", sdk: "FILLED", shares: 12.5, dollars: 5 });
  });

  it("is cancelled with its fills when dollars are left, though it has all the shares that were asked for", () => {
    expect(ends([[40, 10]])).toEqual({ venue: "CANCELED", sdk: "CANCELED", shares: 10, dollars: 4 });
  });

  it("is filled when what is left buys no hundredth of a share, by the venue's word too", () => {
    const end = ends([
      [40, 10],
      [50, 1.995],
    ]);
    expect(end).toEqual({ venue: "FILLED", sdk: "FILLED", shares: 11.995, dollars: 4.9975 });
  });
});
