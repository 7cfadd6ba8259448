import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judge, LEAST_DAYS, LEAST_MATCHES, RULES, type Evidence } from "../../src/htmlReport/index.ts";

const DOLLAR = 1_000_000;
const brought = (n: number): Evidence["matches"] =>
  Array.from({ length: n }, (_, i) => ({ name: `of ${i}`, pnl: DOLLAR }));

/** Evidence that nothing speaks against. */
const SOUND: Evidence = {
  mode: "paper",
  ledgerGap: 0,
  booksOnly: [],
  unended: [],
  killed: [],
  realismOff: [],
  realismWeakened: [],
  pessimistic: 10 * DOLLAR,
  fills: 200,
  pnl: 30 * DOLLAR,
  realized: 30 * DOLLAR,
  matches: brought(LEAST_MATCHES),
  days: brought(LEAST_DAYS),
  pnlInterval: [0.2 * DOLLAR, 2 * DOLLAR],
  brier: { advantage: 0.02, interval: [0.001, 0.04] },
};

/** For each rule evidence that breaks it and no other, at its very threshold, and the nearest that keeps it. */
const CASES: Readonly<
  Record<string, { readonly broken: Partial<Evidence>; readonly kept?: Partial<Evidence> }>
> = {
  ledger_mismatch: { broken: { ledgerGap: 1 } },
  books_only: { broken: { booksOnly: ["run-1"] } },
  not_ended: { broken: { unended: ["run-1", "run-2"] } },
  killed: { broken: { killed: ["run-1"] } },
  realism_off: { broken: { realismOff: ["latency"] } },
  scenarios_unknown: { broken: { scenariosLack: "paper.scenarios is off" } },
  no_fills: { broken: { fills: 0, pnl: 0, realized: 0, matches: [], days: brought(1) } },
  no_profit: { broken: { pnl: 0, realized: 0 }, kept: { pnl: 2 * DOLLAR, realized: 1 } },
  unrealized: { broken: { realized: 0 }, kept: { realized: 1 } },
  sign_flips: { broken: { pessimistic: 0 }, kept: { pessimistic: 1 } },
  too_few_matches: { broken: { matches: brought(LEAST_MATCHES - 1) } },
  too_few_days: { broken: { days: brought(LEAST_DAYS - 1) } },
  one_match: {
    broken: { matches: [...brought(LEAST_MATCHES), { name: "the one", pnl: 30 * DOLLAR }] },
    kept: { matches: [...brought(LEAST_MATCHES), { name: "the one", pnl: 30 * DOLLAR - 1 }] },
  },
  one_day: {
    broken: { days: [...brought(LEAST_DAYS), { name: "the one", pnl: 30 * DOLLAR }] },
    kept: { days: [...brought(LEAST_DAYS), { name: "the one", pnl: 30 * DOLLAR - 1 }] },
  },
  profit_spans_zero: { broken: { pnlInterval: [0, DOLLAR] }, kept: { pnlInterval: [1, DOLLAR] } },
  brier_spans_zero: {
    broken: { brier: { advantage: 0.01, interval: [-0.001, 0.02] } },
    kept: { brier: { advantage: 0.01, interval: [0.000001, 0.02] } },
  },
};

const without = (evidence: Evidence, ...keys: (keyof Evidence)[]): Evidence =>
  Object.fromEntries(
    Object.entries(evidence).filter(([key]) => !keys.includes(key as keyof Evidence)),
  ) as unknown as Evidence;

const broken = (evidence: Evidence): string[] =>
  judge(evidence)
    .findings.filter(({ state }) => state === "broken")
    .map(({ id }) => id);

describe("the verdict", () => {
  it("is DEPLOY where nothing speaks against it, live and on paper", () => {
    expect(judge(SOUND)).toMatchObject({ verdict: "DEPLOY" });
    const live = without(SOUND, "pessimistic", "brier");
    expect(judge({ ...live, mode: "live" }).verdict).toBe("DEPLOY");
  });

  it("has a case here for every rule", () => {
    expect(Object.keys(CASES)).toEqual(RULES.map(({ id }) => id));
  });

  it.each(Object.entries(CASES))("is NO-DEPLOY for %s alone, and says so", (id, { broken: change, kept }) => {
    const evidence = { ...SOUND, ...change };
    const { verdict, binding } = judge(evidence);
    expect(verdict).toBe("NO-DEPLOY");
    expect(binding?.id).toBe(id);
    expect(binding?.found).toMatch(/\.$/);
    expect(broken(evidence)).toEqual([id]);
    if (kept !== undefined) expect(broken({ ...SOUND, ...kept })).toEqual([]);
  });

  it("takes a part that is weaker than its floor for one that is too kind, and tells it apart", () => {
    const weakened = { ...SOUND, realismWeakened: ["latency (cancel 0 ms)"] };
    expect(judge(weakened).binding).toMatchObject({
      id: "realism_off",
      found: "weakened are latency (cancel 0 ms); what they cost is not in the profit.",
    });
    expect(judge({ ...weakened, realismOff: ["queue", "restarts"] }).binding?.found).toBe(
      "off are queue, restarts; weakened are latency (cancel 0 ms); what they cost is not in the profit.",
    );
  });

  it("claims to have asked nothing that had no answer", () => {
    const states = (change: Partial<Evidence>): string[] =>
      judge({ ...SOUND, ...change })
        .findings.filter(({ state }) => state === "moot")
        .map(({ id }) => id);
    expect(states({})).toEqual([]);
    expect(states(CASES["no_profit"]!.broken)).toEqual([
      "unrealized",
      "sign_flips",
      "one_match",
      "one_day",
      "profit_spans_zero",
    ]);
    expect(states(CASES["no_fills"]!.broken)).toContain("no_profit");
  });

  it("holds a missing interval for no evidence", () => {
    expect(broken(without(SOUND, "pnlInterval"))).toEqual(["profit_spans_zero"]);
    expect(broken({ ...SOUND, brier: {} })).toEqual(["brier_spans_zero"]);
  });

  it("binds by the first broken rule in the order of the table, whatever else is broken", () => {
    const ids = Object.keys(CASES).filter((id) => id !== "no_fills" && id !== "no_profit");
    fc.assert(
      fc.property(fc.subarray(ids, { minLength: 1 }), (some) => {
        // Without what replaces the same field twice, each stays broken.
        const all = some.reduce<Evidence>((before, id) => ({ ...before, ...CASES[id]!.broken }), SOUND);
        const found = broken(all);
        expect(judge(all).binding?.id).toBe(found[0]);
        expect(found).toEqual(RULES.map(({ id }) => id).filter((id) => found.includes(id)));
        expect(found.length).toBeGreaterThan(0);
      }),
      { numRuns: 50 },
    );
  });

  it("is documented as it is: every rule, in its order, with its thresholds", () => {
    const page = readFileSync(resolve(import.meta.dirname, "../../../../docs/reference/reports.md"), "utf8");
    const [, section = ""] = page.split("### The verdict");
    const rows = [...section.split("\n## ")[0]!.matchAll(/^\| `(\w+)` +\| ([^|]+?) +\| ([^|]+?) +\|$/gm)].map(
      ([, id, demands, title]) => [id, demands, title],
    );
    expect(rows).toEqual(RULES.map(({ id, demands, title }) => [id, demands, title]));
  });
});
