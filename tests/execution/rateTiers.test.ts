import { RATE_TIERS } from "@matchpoint/adapters-polymarket";
import { PAPER_RATE_TIERS } from "@matchpoint/paper-broker";
import { PAPER_CONFIG } from "../../packages/sdk/src/config/paper.ts";
import { LATENCY_TABLES } from "@matchpoint/paper-broker";
import { expect, it } from "vitest";

// The paper broker imports no adapter, and the configuration neither: what they repeat is held together here.
it("on paper are those of the adapter, and the configuration names them all", () => {
  expect(PAPER_RATE_TIERS).toEqual(RATE_TIERS);
  for (const rate_limit of ["off", ...Object.keys(RATE_TIERS)])
    expect(PAPER_CONFIG.safeParse({ rate_limit }).success).toBe(true);
});

it("of latencies are named by the configuration as they are in the broker", () => {
  for (const table of Object.keys(LATENCY_TABLES))
    expect(PAPER_CONFIG.safeParse({ latency: { table } }).success).toBe(true);
  expect(PAPER_CONFIG.safeParse({ latency: { table: "constant-2" } }).success).toBe(false);
});
