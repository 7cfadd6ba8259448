import { expect, it } from "vitest";
import { Account } from "../../src/torture/judge/account.ts";
import { judgeConservation } from "../../src/torture/judge/endChecks.ts";
import type { AtEnd } from "../../src/torture/judge/seen.ts";
import { TruthOfVenue } from "../../src/torture/judge/truthOfVenue.ts";
import { Verdicts } from "../../src/torture/judge/verdicts.ts";

/** What is said of books that end so, when a person has adopted somebody else's purchase of 10 shares for 5.01 dollars. */
function ended(cash: number, matched: number): readonly string[] {
  const trade = {
    ...{ orderId: "x", tradeId: "t", marketId: "m", outcome: 0, side: "buy", status: "CONFIRMED" },
    ...{ size: 10_000_000, cost: 5_000_000, fee: 10_000 },
  };
  const truth = new TruthOfVenue(100_000_000);
  truth.take({ seq: 0, at: 0, kind: "venue_trade", ...trade } as never, (life) => life);
  const account = new Account();
  account.fund(100_000_000);
  const command = { kind: "adopt", trades: [trade] };
  account.take({ type: "operator", at: 1, receivedAt: 1, operator: "a", command } as never);
  const verdicts = new Verdicts();
  const ledger = { cash, position: () => ({ matched }), markets: () => [] };
  const life = { start: { life: 0 }, lineage: 0, account, ended: "stopped", runtime: { core: { ledger } } };
  const positions = [{ marketId: "m", outcome: 0, matched: 10_000_000 }];
  const world = { holdings: () => ({ cash: 94_990_000, positions }), lives: () => [] };
  judgeConservation({ history: { world }, verdicts, truth, lives: new Map([[0, life]]) } as unknown as AtEnd);
  return (verdicts.take() ?? []).map(({ invariant, message }) => `${invariant} ${message}`);
}

it("the books at the end of a run are compared after an adoption, too", () => {
  expect(ended(94_990_000, 10_000_000)).toEqual([]);
  expect(ended(94_990_001, 0)).toEqual([
    "I7 life 0 has 94990001 micro-dollars in its books; the venue's history of it adds up to 94990000",
    "I7 life 0 holds 0 micro-shares of m 0; the history of the venue and the chain adds up to 10000000",
  ]);
});
