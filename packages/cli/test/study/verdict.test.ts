import { describe, expect, it } from "vitest";
import type { JobFacts } from "../../src/study/facts.ts";
import type { JobAccount } from "../../src/study/job.ts";
import type { Row } from "../../src/study/sums.ts";
import { studyVerdict, verdictLine } from "../../src/study/verdict.ts";

const DOLLAR = 1_000_000;
const on = { part: "latency", state: "on", detail: "" } as const;

/** A recording of one match with a profit, on a day of its own. */
function recording(n: number, facts: Partial<JobFacts> = {}, pessimistic = DOLLAR): Row {
  const account = {
    ...{ events: 9, orders: 2, fills: 2, denied: 0, skipped: 0, fees: 0, pnl: DOLLAR, effectsHash: "" },
    ...{ optimistic: DOLLAR, pessimistic },
  };
  const known: JobFacts = {
    realism: [on],
    strategies: "pair-arb",
    realized: DOLLAR,
    ledgerGap: 0,
    killed: false,
    matches: [{ id: `match ${n}`, pnl: DOLLAR, fills: 2 }],
    days: [n],
    ...facts,
  };
  return { config: "a.yaml", file: `${n}.jsonl`, result: { ok: true, account, facts: known } };
}

const many = (facts: Partial<JobFacts> = {}, pessimistic?: number): readonly Row[] =>
  Array.from({ length: 30 }, (_, n) => recording(n, facts, pessimistic));

describe("the verdict on recordings traded together", () => {
  it("is none where no rule is broken that can be asked, and says which cannot", () => {
    expect(verdictLine(studyVerdict(many()))).toMatch(
      /^Verdict: none: no rule is broken .* one_day and brier_spans_zero take journals/,
    );
  });

  it.each<[string, readonly Row[]]>([
    ["ledger_mismatch", many({ ledgerGap: 1 })],
    ["killed", many({ killed: true })],
    ["realism_off", many({ realism: [{ ...on, state: "off" }] })],
    [
      "realism_off",
      [...many().slice(1), recording(0, { realism: [{ ...on, state: "weakened", why: "0 ms" }] })],
    ],
    ["no_fills", many({ matches: [] })],
    ["unrealized", many({ realized: 0 })],
    ["sign_flips", many({}, -DOLLAR)],
    ["too_few_matches", many().slice(1)],
    ["too_few_matches", many({ matches: [{ id: "the same", pnl: DOLLAR, fills: 2 }] })],
    ["too_few_days", many({ days: [1] })],
    [
      "one_match",
      [recording(0, { matches: [{ id: "best", pnl: 40 * DOLLAR, fills: 1 }] }), ...many().slice(1)],
    ],
  ])("is NO-DEPLOY for %s, as the report's is", (id, rows) => {
    expect(studyVerdict(rows)).toMatchObject({ verdict: "NO-DEPLOY", binding: id });
  });

  it("is NO-DEPLOY where one recording has no pessimist", () => {
    const { result, ...row } = recording(0);
    if (!result.ok) throw new Error("it ended");
    const account: JobAccount = { ...result.account };
    delete (account as { pessimistic?: number }).pessimistic;
    const blind: Row = { ...row, result: { ...result, account } };
    expect(studyVerdict([blind, ...many().slice(1)])).toMatchObject({ binding: "scenarios_unknown" });
  });

  it("is none of runs that failed, nor of other strategies together", () => {
    const failed: Row = { ...recording(1), result: { ok: false, code: "X", message: "broken" } };
    expect(studyVerdict([failed, recording(0)])).toEqual({ verdict: null, why: "1 of 2 runs failed" });
    expect(studyVerdict([recording(0), recording(1, { strategies: "other" })])).toMatchObject({
      verdict: null,
    });
  });
});
