import { Strategy, type BookContext, type Price, type Shares } from "@matchpoint/sdk";
import { z } from "zod";

/** Rests one order, and then does not come back from a hook. */
export class Looping extends Strategy<typeof Looping.params, typeof Looping.state> {
  static readonly id = "looping";
  static readonly posture = "directional";
  static readonly params = z.object({});
  static readonly state = z.object({ asked: z.boolean().default(false) });

  override onBook(ctx: BookContext<{ asked: boolean }>): void {
    const [order] = ctx.orders();
    if (order?.status === "LIVE") this.neverEnds();
    if (ctx.state.asked) return;
    ctx.state.asked = true;
    const size = 10_000_000 as Shares;
    ctx.buy({ outcome: 0, limit: 100 as Price, size, orderType: "GTC", postOnly: true });
  }

  private neverEnds(): void {
    let turns = 0;
    while (turns >= 0) turns = (turns + 1) % 1_000;
  }
}
