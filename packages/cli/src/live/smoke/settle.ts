import type { PolymarketGateway } from "@matchpoint/adapters-polymarket";
import { formatUsdc, NANOS_PER_MS, pause, type Usdc } from "@matchpoint/sdk";
import { plural } from "../../report/format.ts";
import type { Bench } from "./bench.ts";
import type { Finding } from "./finding.ts";

/** How the account was before anything was sent. */
export interface Before {
  readonly collateral: Usdc;
  /** From where on trades are this test's. */
  readonly since: string;
}

/** What was proven at the end. */
export interface Proof {
  readonly finding: Finding;
  /** Nothing rests and nothing was traded, by the venue's own word. */
  readonly clean: boolean;
}

/** Cancels everything and asks the venue, until it says that nothing rests, that nothing was traded, and what is on the account. */
export async function settle(bench: Bench, before: Before): Promise<Proof> {
  const { clock, waits, gateway } = bench.options;
  const deadline = clock.monotonic() + waits.goneMs * NANOS_PER_MS;
  for (;;) {
    // Also where orders are thought to be gone: thinking proves nothing.
    const canceled = await bench.options.probe.cancelAll();
    bench.answers.push(canceled);
    const proof = await prove(gateway, before);
    // An order that was never answered might still arrive: then it is looked for until the end.
    const done = proof.clean && !bench.uncertain;
    if (done || clock.monotonic() >= deadline) return proof;
    await pause(clock, waits.lookMs);
  }
}

async function prove(gateway: PolymarketGateway, before: Before): Promise<Proof> {
  const said = {
    point: "left behind",
    did: "cancelled everything and asked the venue",
    expected: "no open order, no trade, the same balance",
  };
  try {
    const [orders, trades, { collateral }] = await Promise.all([
      gateway.fetchOpenOrders(),
      gateway.fetchTrades(before.since),
      gateway.fetchBalances(),
    ]);
    const moved = collateral - before.collateral;
    const clean = orders.length === 0 && trades.trades.length === 0 && moved === 0;
    return {
      clean,
      finding: {
        ...said,
        found: `${plural(orders.length, "open order")}, ${plural(trades.trades.length, "trade")}, $${formatUsdc(collateral)} (before: $${formatUsdc(before.collateral)})`,
        verdict: clean ? "as assumed" : "differs",
        means: clean
          ? "Nothing is left behind."
          : "Look at Open orders and Positions on polymarket.com with this account before anything else is started.",
      },
    };
  } catch (error) {
    return {
      clean: false,
      finding: {
        ...said,
        found: `the venue does not answer: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`,
        verdict: "not shown",
        means: "Look at Open orders and Positions on polymarket.com with this account now.",
      },
    };
  }
}
