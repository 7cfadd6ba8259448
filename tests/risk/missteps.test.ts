// What no sound strategy does is counted over restarts: a bot that is started again and again does not let it go on.
import { AccountRebuilder, id, type MarketId, type SavedAccount } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { testMarket } from "../runtime/tape.ts";
import { request, RiskRun, shares, type Act } from "./scripted.ts";

const MARKETS = ["m1", "m2", "m3", "m4"] as const;
const risk = { runaway: { strategy_malformed_per_minute: 3, strategy_faults: 3 } };
const options = { risk, engine: { fault_cooldown_ms: 1_000 } };
const listed = (run: RiskRun): RiskRun => {
  for (const marketId of MARKETS) run.tape.market(testMarket({ marketId: id<MarketId>(marketId) }));
  return run;
};
const begun = (): RiskRun => listed(new RiskRun(options));
const again = (run: RiskRun, laterMs = 1_000): RiskRun => run.restarted(laterMs, options, listed);
const halted = (run: RiskRun): readonly string[] => run.core.risk.strategies.map(({ reason }) => reason);

const malformed: Act = (ctx) => {
  ctx.buy(request({ size: NaN as never }));
};
const failing: Act = () => {
  throw new Error("it fails");
};
const KINDS = [
  { what: "malformed orders", act: malformed, windowMs: 61_000, words: /^3 orders within a minute/ },
  { what: "failed hooks", act: failing, windowMs: 610_000, words: /^3 of its hooks failed within ten/ },
];

describe.each(KINDS)("$what", ({ act, windowMs, words }) => {
  const failIn = (run: RiskRun, ...markets: readonly string[]): RiskRun => {
    for (const marketId of markets) run.act(act, marketId);
    return run;
  };

  it("of a run and of the one before it add up, as long as they would in one run", () => {
    const run = failIn(begun(), "m1", "m2");
    expect(halted(run)).toEqual([]);
    expect(halted(failIn(again(run), "m3"))).toEqual([expect.stringMatching(words)]);
    expect(halted(failIn(again(run, windowMs), "m3"))).toEqual([]);
  });

  it("add up over as many restarts as there are", () => {
    let run = begun();
    for (const marketId of ["m1", "m2", "m3"]) {
      expect(halted(run)).toEqual([]);
      run = again(failIn(run, marketId), 2_000);
    }
    expect(halted(run)).toEqual([expect.stringMatching(words)]);
    run.act((ctx) => ctx.buy(request()), "m4");
    expect(run.venue.sent).toEqual([]);
  });

  it("count no more once a person lets the strategy go on", () => {
    const run = failIn(begun(), "m1", "m2", "m3");
    expect(halted(run)).toHaveLength(1);
    run.wait(2_000).operate({ kind: "resume", strategyId: id("s0"), reason: "mended" });
    expect(halted(run)).toEqual([]);
    const next = again(failIn(run, "m1", "m2"));
    expect(halted(next)).toEqual([]);
    expect(halted(failIn(next, "m3"))).toHaveLength(1);
  });

  it("are known to what is saved of an account, wherever it is cut", () => {
    const run = failIn(begun(), "m1", "m2");
    const cuts = run.log.map((_event, i) => i + 1);
    const whole = run.rebuilt();
    for (const cut of cuts) {
      const first = new AccountRebuilder();
      for (const event of run.log.slice(0, cut)) first.take(event);
      const saved = JSON.parse(JSON.stringify(first.save())) as SavedAccount;
      const rest = AccountRebuilder.restore(run.log[0]!, saved);
      for (const event of run.log.slice(cut)) rest.take(event);
      expect(rest.account(whole.endedAt + 1_000).adoption).toEqual(whole.adoption);
    }
  });
});

it("a strategy that is halted fills no journal with what it asks for after that", () => {
  const run = begun();
  run.act((ctx) => {
    for (let i = 0; i < 100; i++) ctx.buy(request({ size: shares(-i) }));
  });
  const notes = run.log.flatMap((event) => (event.type === "risk_noted" ? [event.note.kind] : []));
  expect(notes).toEqual(["misstep", "misstep", "misstep", "strategy_halted"]);
});

it("what has no limit is not written down", () => {
  const none = { runaway: { strategy_malformed_per_minute: 0, strategy_faults: 0 } };
  const run = listed(new RiskRun({ ...options, risk: none }));
  for (const marketId of MARKETS) run.act(malformed, marketId).act(failing, marketId);
  expect(run.log.filter((event) => event.type === "risk_noted" && event.note.kind === "misstep")).toEqual([]);
});
