import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  PNL_PARTS,
  Strategy,
  type BookContext,
  type OrderRequest,
  type RunSummary,
  type Shares,
} from "@matchpoint/sdk";
import { expect, it } from "vitest";
import { z } from "zod";
import { startRun } from "./start.ts";
import { testMarket } from "./tape.ts";

const PAGE = readFileSync(resolve(import.meta.dirname, "../../docs/concepts/money.md"), "utf8");

/** Buys 100 shares at what they are asked for, and holds one to be worth 56 cents. */
class Sure extends Strategy<typeof Sure.params> {
  static readonly id = "sure";
  static readonly posture = "directional";
  static readonly params = z.object({});

  override onBook(ctx: BookContext): void {
    if (ctx.position(0).matched > 0 || ctx.orders().length > 0) return;
    ctx.buy({
      outcome: 0,
      limit: 5_200 as OrderRequest["limit"],
      size: 100e6 as Shares,
      orderType: "GTC",
      fair: 0.56,
    });
  }
}

const dollars = (micros: number): string => {
  const text = (Math.abs(micros) / 1e6).toFixed(6).replace(/0{1,4}$/, "");
  return `${micros < 0 ? "-" : ""}$${text}`;
};

/** The rows of the page's example: what stands in its two columns. */
function example(): Map<string, readonly string[]> {
  const rows = PAGE.slice(PAGE.indexOf("## An example")).matchAll(
    /^\| `?([^|`]+?)`? +\|([^|]+)\|([^|]+)\|$/gm,
  );
  return new Map([...rows].map(([, name, now, later]) => [name!, [now!.trim(), later!.trim()]]));
}

it("the example on the page about money is what the books say", () => {
  const wide = { max_order_usdc: 500, max_market_usdc: 500, max_match_usdc: 500, max_unsettled_usdc: 500 };
  const run = startRun([{ use: Sure }], { config: { risk: wide } });
  run.tape.market(testMarket()).book([[48, 500]], [[52, 500]]);
  run.tape.at(4_000).book([[50, 500]], [[54, 500]]);
  run.tape.at(20_000).book([[58, 500]], [[62, 500]]);
  run.tape.at(40_000).book(
    [
      [66, 40],
      [60, 500],
    ],
    [[70, 500]],
  );
  const now = run.runtime.summary();
  run.tape.resolve([1, 0]).wait(20_000);
  const later = run.runtime.summary();
  const rows = example();
  for (const part of PNL_PARTS)
    expect(rows.get(part), part).toEqual([now, later].map(({ parts }) => dollars(parts[part])));
  expect(rows.get("P&L")).toEqual([now, later].map((summary: RunSummary) => dollars(summary.pnl)));
});

it("the page about money explains every part", () => {
  for (const part of PNL_PARTS) expect(PAGE).toContain(`| \`${part}\` \``);
});
