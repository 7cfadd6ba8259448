import { Strategy, type BookContext, type Price, type Shares } from "@matchpoint/sdk";
import { z } from "zod";

type Try = (ctx: BookContext) => void;

const held: Uint8Array[] = [];

function ask(ctx: BookContext, times: number): void {
  for (let n = 0; n < times; n += 1)
    ctx.buy({ outcome: 0, limit: 4_000 as Price, size: 10_000_000 as Shares });
}

const harmful: Readonly<Record<string, Try>> = {
  loop: () => {
    let turns = 0;
    while (turns >= 0) turns = (turns + 1) % 1_000;
  },
  exit: () => process.exit(0),
  memory: () => {
    const kept: number[][] = [];
    for (;;) kept.push(new Array<number>(1_000_000).fill(kept.length));
  },
  buffers: () => {
    held.push(new Uint8Array(300_000_000));
  },
  throws: () => {
    throw new RangeError("on purpose");
  },
  strays: () => {
    setTimeout(() => {
      throw new RangeError("left behind");
    }, 20);
  },
  rejects: () => {
    void Promise.reject(new RangeError("left behind"));
  },
  million: (ctx) => {
    ask(ctx, 1_000_000);
  },
  thousand: (ctx) => {
    ask(ctx, 1_001);
  },
};

/** Does one thing that no strategy should do; `tampers` does many that must be of no use, asks for an order, and hangs at the next book. */
export default class Hostile extends Strategy<typeof Hostile.params, typeof Hostile.state> {
  static readonly id = "hostile";
  static readonly posture = "directional";
  static readonly params = z.object({ how: z.string() });

  static readonly state = z.object({ books: z.number().default(0) });

  override onBook(ctx: BookContext<{ books: number }>): void {
    ctx.state.books += 1;
    const { how } = this.params as { readonly how: string };
    harmful[how]?.(ctx);
    if (how !== "tampers") return;
    if (ctx.state.books > 1) harmful["loop"]!(ctx);
    const refused: string[] = [];
    const attempt = (name: string, work: () => unknown): void => {
      try {
        work();
      } catch {
        refused.push(name);
      }
    };
    attempt("fs", () => process.getBuiltinModule("node:fs"));
    attempt("kill", () => process.kill(process.pid, "SIGKILL"));
    const secret = process.env["MATCHPOINT_PRIVATE_KEY"] ?? "no secret";
    Object.assign(Object.prototype, { polluted: true });
    JSON.stringify = () => '"nonsense"';
    ctx.buy({ outcome: 0, limit: Number.NaN as Price, size: Infinity as Shares });
    ctx.buy({
      outcome: 0,
      limit: 4_000 as Price,
      size: 10_000_000 as Shares,
      orderType: "GTC",
      reason: `${refused.join(" and ")} refused, ${secret}`,
    });
  }
}
