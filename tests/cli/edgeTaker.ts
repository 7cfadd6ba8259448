import { Strategy, type Shares, type StrategyContext } from "@matchpoint/sdk";
import { z } from "zod";

const LOOK_MS = 50;

/** Takes five shares of the first outcome, again and again, while its edge over the ask, fee included, is at least what is asked for. */
export class EdgeTaker extends Strategy<typeof EdgeTaker.params> {
  static readonly id = "edge-taker";
  static readonly posture = "directional";
  static readonly params = z.object({ value: z.number(), minEdge: z.number().default(0) });

  override onStart(ctx: StrategyContext): void {
    ctx.after(LOOK_MS, "look");
  }

  override onTimer(ctx: StrategyContext): void {
    ctx.after(LOOK_MS, "look");
    const quote = ctx.quote(0);
    if (ctx.orders().length > 0 || quote.ask >= 10_000) return;
    if (quote.edge(this.params.value) < this.params.minEdge) {
      ctx.skip("edge below minimum");
      return;
    }
    ctx.buy({ outcome: 0, limit: quote.ask, size: 5_000_000 as Shares });
  }
}
