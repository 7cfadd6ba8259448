import { Strategy, type BookContext, type Outcome, type Price, type Shares } from "@matchpoint/sdk";
import { z } from "zod";

/** Takes fifteen shares of one outcome and ten of the other, once: a pair of ten to merge, and five to redeem. */
export class TakeBoth extends Strategy<typeof TakeBoth.params, typeof TakeBoth.state> {
  static readonly id = "take-both";
  static readonly posture = "directional";
  static readonly params = z.object({});
  static readonly state = z.object({ taken: z.number().default(0) });

  override onBook(ctx: BookContext<{ taken: number }>): void {
    const outcome = ctx.state.taken;
    if (outcome > 1 || ctx.orders.length > 0 || (outcome === 1 && ctx.position(0).matched === 0)) return;
    const { ask } = ctx.quote(outcome as Outcome);
    if (ask > 9_000) return;
    ctx.state.taken += 1;
    const size = (outcome === 0 ? 15_000_000 : 10_000_000) as Shares;
    ctx.buy({ outcome: outcome as Outcome, limit: (ask + 100) as Price, size, orderType: "GTC" });
  }
}
