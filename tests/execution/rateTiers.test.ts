import { RATE_TIERS } from "@matchpoint/adapters-polymarket";
import { createPaperBroker, PAPER_RATE_TIERS, type PaperRateLimit } from "@matchpoint/paper-broker";
import { PAPER_CONFIG } from "../../packages/sdk/src/config/paper.ts";
import { LATENCY_TABLES } from "@matchpoint/paper-broker";
import { expect, it } from "vitest";

// The paper broker imports no adapter, and the configuration neither: what they repeat is held together here.
it("on paper are those of the adapter, and the configuration names them all", () => {
  expect(PAPER_RATE_TIERS).toEqual(RATE_TIERS);
  for (const rate_limit of ["off", ...Object.keys(RATE_TIERS)])
    expect(PAPER_CONFIG.safeParse({ rate_limit }).success).toBe(true);
});

it("bound what rests on paper as they do at the venue: by what can be cancelled at once", () => {
  const burst = (rate_limit?: PaperRateLimit): number | undefined => {
    const options = { runId: "r", seed: 1, ...(rate_limit === undefined ? {} : { rate_limit }) };
    return createPaperBroker(options).capabilities.cancelBurst;
  };
  expect(burst()).toBe(120);
  expect(burst("gold")).toBe(1_200);
  expect(burst("off")).toBeUndefined();
});

it("of latencies are named by the configuration as they are in the broker", () => {
  for (const table of Object.keys(LATENCY_TABLES))
    expect(PAPER_CONFIG.safeParse({ latency: { table } }).success).toBe(true);
  expect(PAPER_CONFIG.safeParse({ latency: { table: "constant-2" } }).success).toBe(false);
});
