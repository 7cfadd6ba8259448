import { Strategy, type BookContext, type Price, type Shares } from "@matchpoint/sdk";
import { z } from "zod";

// What a strategy's module finds in the environment of a live run; read by the test of it.
const SEEN = Object.keys(process.env).filter((name) => /PRIVATE_KEY/.test(name));

/** Rests one bid, and leaves a timer behind that throws where nobody catches it. */
export class Straying extends Strategy<typeof Straying.params, typeof Straying.state> {
  static readonly id = "straying";
  static readonly posture = "directional";
  static readonly params = z.object({});
  static readonly state = z.object({ bid: z.boolean().default(false) });

  override onBook(ctx: BookContext<{ bid: boolean }>): void {
    if (ctx.state.bid) return;
    ctx.state.bid = true;
    ctx.buy({ outcome: 0, limit: 500 as Price, size: 20_000_000 as Shares, orderType: "GTC" });
  }

  override onOrder(): void {
    setTimeout(() => {
      throw new TypeError(`a timer of the strategy${SEEN.join(" ")}`);
    }, 500);
  }
}
