import { createPaperBroker } from "@matchpoint/paper-broker";
import {
  AccountRebuilder,
  checkEvent,
  createRuntime,
  id,
  ModelMaker,
  parseConfig,
  type CoreEvent,
  type MarketId,
  type MarketTerms,
  type RebuiltAccount,
  type Runtime,
  type Usdc,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { STARTS_AT, Tape, testMarket } from "./tape.ts";

const M1 = id<MarketId>("m1");
const NEXT = STARTS_AT + 3_600_000;

interface Run {
  readonly runtime: Runtime;
  readonly tape: Tape;
  readonly log: CoreEvent[];
}

function start(runId: string, carried?: RebuiltAccount): Run {
  const log: CoreEvent[] = [];
  const runtime = createRuntime({
    config: parseConfig({ risk: { resolution_filter: "off" } }),
    strategies: [{ use: ModelMaker, params: { reference: "microprice", min_rest_ms: 0 } }],
    execution: createPaperBroker({ runId, seed: 1, realism: "off" }),
    runId,
    mode: "live",
    collateral: 1_000_000_000 as Usdc,
    startsAt: carried === undefined ? STARTS_AT : NEXT,
    ...(carried === undefined ? {} : { carried }),
    journal: { append: (event) => log.push(checkEvent(JSON.parse(JSON.stringify(event)))) },
  });
  return { runtime, tape: new Tape(runtime), log };
}

/** A run that holds shares and has an order open. */
function first(): Run {
  const run = start("first");
  run.tape.market(testMarket({ rules: "Pays the winner." })).book([[47, 500]], [[53, 500]]);
  run.tape.wait(500).trade("sell", 47, 500);
  run.tape.wait(60_000).book([[46, 500]], [[54, 500]]);
  return run;
}

function rebuilt({ log }: Run): RebuiltAccount {
  const rebuilder = new AccountRebuilder();
  for (const event of log) rebuilder.take(event);
  return rebuilder.account(NEXT);
}

function next(before: Run, rules = "Pays the winner."): Run {
  const run = start("next", rebuilt(before));
  run.tape.market(testMarket({ rules }));
  return run;
}

const causes = ({ runtime }: Run): unknown[] => [...runtime.core.market(M1)!.trading.causes];

describe("a halt that only a person ends outlives a restart", () => {
  it("also when it is for terms that the venue changed", () => {
    const before = first();
    const terms: MarketTerms = { rules: "Pays the loser." };
    before.tape.wait(10).offer({ type: "terms_changed", marketId: M1, terms, source: "gamma" });
    expect(causes(before)).toEqual(["terms_changed"]);
    const after = next(before, "Pays the loser.");
    expect(causes(after)).toEqual(["terms_changed"]);
    expect(rebuilt(before).markets[0]!.rules).toBe("Pays the loser.");
  });

  it("also when the run in between ended before it had listed its markets, or does not list that one", () => {
    const before = first();
    before.tape.offer({ type: "operator", operator: "test", command: { kind: "halt", marketId: M1 } });
    expect(causes(before)).toEqual(["manual"]);
    const between = start("between", rebuilt(before));
    const after = next(between);
    expect(causes(after)).toEqual(["manual"]);
  });

  it("and what is held or open stays known to be, market by market", () => {
    const before = first();
    expect(before.runtime.core.ledger.position(M1, 0).matched).toBeGreaterThan(0);
    expect(rebuilt(before).held).toEqual([M1]);
    const between = start("between", rebuilt(before));
    expect(rebuilt(between).held).toEqual([M1]);
  });

  it("and a person's resume ends no recovery: neither of a run that was killed, nor of any other", () => {
    for (const kill of [true, false]) {
      const before = first();
      if (kill) before.tape.offer({ type: "operator", operator: "test", command: { kind: "kill" } });
      const after = next(before);
      after.tape.offer({ type: "operator", operator: "test", command: { kind: "resume" } });
      expect(after.runtime.core.system.status).toBe("RECOVERING");
      after.tape.offer({ type: "adopted", reason: "restart", evidence: "test", what: { kind: "complete" } });
      expect(after.runtime.core.system.status).toBe("READY");
    }
  });
});
