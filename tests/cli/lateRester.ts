import { Strategy, type BookContext, type Shares } from "@matchpoint/sdk";
import { z } from "zod";

/** Looks on for a while, then keeps one order resting far below the market. */
export class LateRester extends Strategy<typeof LateRester.params, typeof LateRester.state> {
  static readonly id = "late-rester";
  static readonly posture = "directional";
  static readonly params = z.object({ after: z.number().default(100) });
  static readonly state = z.object({ books: z.number().default(0) });

  override onBook(ctx: BookContext<{ books: number }>): void {
    ctx.state.books += 1;
    if (ctx.state.books < this.params.after || ctx.orders().length > 0) return;
    const { tick } = ctx.market;
    ctx.buy({ outcome: 0, limit: (2 * tick) as never, size: 10_000_000 as Shares, orderType: "GTC" });
  }
}
