import { Strategy, type TruthContext } from "@matchpoint/sdk";
import { z } from "zod";

const params = z.strictObject({
  /** Smallest edge, in probability, worth an order. */
  min_edge: z.number().min(0).max(1).default(0.04),
  /** The outcome must be this unlikely by its own ask before it counts as written off. */
  written_off: z.number().min(0).max(1).default(0.35),
});

/** Buys the side that the crowd has written off while the match itself says that it is still alive. */
export class FadeTheStomp extends Strategy<typeof params> {
  static readonly id = "fade-the-stomp";
  static readonly posture = "directional";
  static readonly truthDriven = true;
  static readonly params = params;

  override onTruth(ctx: TruthContext): void {
    if (ctx.orders().length > 0) return ctx.skip("an order is under way");
    const outcome = ctx.truth.leader === 0 ? 1 : 0;
    const quote = ctx.quote(outcome);
    if (quote.ask / 10_000 > this.params.written_off) return ctx.skip("nobody has written it off");
    const p = ctx.truth.pOf(outcome);
    const edge = quote.edge(p);
    if (edge < this.params.min_edge) return ctx.skip("edge below minimum", { edge });
    ctx.buy({
      outcome,
      limit: quote.ask,
      size: ctx.kelly({ p, price: quote.ask }),
      orderType: "FAK", // what is offered now, or nothing: an order that rests waits for worse news
      reason: "written off too early",
      edge,
    });
  }
}
