import {
  Strategy,
  type OrderType,
  type Outcome,
  type Price,
  type Shares,
  type StrategyContext,
} from "@matchpoint/sdk";
import { z } from "zod";

const LOOK_MS = 25;
const TICK = 100;

/** Never leaves its market alone: takes, rests, sells what it holds and cancels, so that a kill finds something under way. */
export class Prober extends Strategy<typeof Prober.params, typeof Prober.state> {
  static readonly id = "prober";
  static readonly posture = "directional";
  static readonly params = z.object({});
  static readonly state = z.object({ n: z.number().default(0) });

  override onStart(ctx: StrategyContext<{ n: number }>): void {
    ctx.after(LOOK_MS, "look");
  }

  override onTimer(ctx: StrategyContext<{ n: number }>): void {
    ctx.after(LOOK_MS, "look");
    const n = ctx.state.n++;
    const outcome = (n % 2) as Outcome;
    const { bid, ask } = ctx.quote(outcome);
    if (bid < 2 * TICK || ask > 10_000 - 2 * TICK) return;
    const open = ctx.orders();
    if (open.length > 6) {
      ctx.cancel(open[n % open.length]!.intentId);
      return;
    }
    const held = ctx.position(outcome).settled as number;
    if (n % 3 === 2 && held >= 5_000_000) {
      ctx.sell({ outcome, limit: bid, size: (held - (held % 10_000)) as Shares, orderType: "FAK" });
      return;
    }
    const orderType: OrderType = n % 4 === 1 ? "FAK" : "GTC";
    const limit = (n % 5 === 0 ? bid - TICK : ask) as Price;
    ctx.buy({ outcome, limit, size: ((5 + (n % 4)) * 1_000_000) as Shares, orderType });
  }
}
