import { describe, expect, it } from "vitest";
import { z } from "zod";
import { TRUTH_CONFIG, TRUTH_DEFAULTS } from "../../src/truth/index.ts";
import { accuracyOf, effectiveTier, staleMs } from "../../src/truth/config.ts";

describe("the configuration", () => {
  it("has safe defaults", () => {
    expect(TRUTH_CONFIG.parse({})).toEqual(TRUTH_DEFAULTS);
    expect(TRUTH_DEFAULTS).toMatchObject({
      confirm_threshold: 0.9,
      max_wait_ms: 10_000,
      required_sources_for_final: 2,
      tier_a_sources: ["grid", "official"],
      stale_ms_by_source: { default: 30_000 },
      source_accuracy: { tier_a: 0.99, tier_b: 0.95, tier_c: 0.9 },
      effectively_final_p: 0.99,
    });
  });

  it("keeps the defaults of what a table leaves out", () => {
    const config = TRUTH_CONFIG.parse({
      stale_ms_by_source: { grid: 5_000 },
      source_accuracy: { panda: 0.97 },
    });
    expect(staleMs(config, "grid")).toBe(5_000);
    expect(staleMs(config, "panda")).toBe(30_000);
    expect(accuracyOf(config, "panda", "B")).toBe(0.97);
    expect(accuracyOf(config, "steam", "B")).toBe(0.95);
    expect(accuracyOf(config, "constructor", "C")).toBe(0.9);
    expect(staleMs(config, "__proto__")).toBe(30_000);
  });

  it("decides the tier, whatever a feed claims", () => {
    expect(effectiveTier(TRUTH_DEFAULTS, "grid", "C")).toBe("A");
    expect(effectiveTier(TRUTH_DEFAULTS, "panda", "A")).toBe("B");
    expect(effectiveTier(TRUTH_DEFAULTS, "panda", "C")).toBe("C");
  });

  it.each([
    { unknown_key: 1 },
    { map_advantage: { chess: 0.6 } },
    { confirm_threshold: 0.5 },
    { confirm_threshold: 1 },
    { confirm_threshold: Number.NaN },
    { confirm_threshold: "0.9" },
    { max_wait_ms: -1 },
    { max_wait_ms: 1.5 },
    { max_wait_ms: Infinity },
    { required_sources_for_final: 0 },
    { source_accuracy: { panda: 0.5 } },
    { source_accuracy: { panda: 1 } },
    { stale_ms_by_source: { grid: 0 } },
    { tier_a_sources: [""] },
    { map_advantage: { lol: 0.49 } },
  ])("refuses %j", (bad) => {
    expect(TRUTH_CONFIG.safeParse(bad).success).toBe(false);
  });

  it("can be written as a JSON schema, for editors", () => {
    const schema = z.toJSONSchema(TRUTH_CONFIG, { io: "input" });
    expect(schema).toMatchObject({ type: "object", additionalProperties: false });
  });
});
