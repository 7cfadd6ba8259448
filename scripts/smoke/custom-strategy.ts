// A strategy as somebody writes it who has installed the packages: type-checked, then traded with on a recording.
import { Strategy, type BookContext } from "@matchpoint/sdk";
import { z } from "zod";

const params = z.strictObject({ below: z.number().min(0).max(1).default(0.6) });

export class BuyBelow extends Strategy<typeof params> {
  static readonly id = "buy-below";
  static readonly posture = "directional";
  static readonly params = params;

  override onBook(ctx: BookContext) {
    const quote = ctx.quote(0);
    if (quote.ask / 10_000 > this.params.below) return ctx.skip("too dear", { ask: quote.ask });
    if (ctx.position(0).matched > 0 || ctx.orders().length > 0) return ctx.skip("bought already");
    ctx.buy({ outcome: 0, limit: quote.ask, size: ctx.market.minSize, reason: "cheap enough" });
  }
}

export class Wrong extends Strategy<typeof params> {
  override onBook(ctx: BookContext) {
    // @ts-expect-error a book context has no trade
    return void ctx.trade;
  }
}
