import { ModelMaker, id, type OperatorCommand } from "@matchpoint/sdk";
import { stoppedFor } from "@matchpoint/sdk/node";
import { expect, it } from "vitest";
import { startRun } from "./start.ts";
import { testMarket } from "./tape.ts";

it("a run counts as stopped for its disk only when what is listed later is stopped too", () => {
  const run = startRun([{ use: ModelMaker, params: { reference: "microprice" } }]);
  const { core } = run.runtime;
  const isStopped = stoppedFor(core);
  const say = (command: OperatorCommand): void => {
    run.tape.offer({ type: "operator", operator: "disk", command } as never);
  };
  const both = (): readonly boolean[] => [isStopped("stop_entries"), isStopped("halt")];
  // Nothing is listed, so nothing is halted, and that is no stop.
  expect(both()).toEqual([false, false]);
  run.tape
    .market(testMarket())
    .book([[49, 100]], [[51, 100]])
    .resolve([1, 0])
    .wait(30_000);
  expect(core.markets()[0]!.trading.status).toBe("RESOLVED");
  expect(both()).toEqual([false, false]);
  say({ kind: "halt" });
  expect(both()).toEqual([false, true]);
  run.tape.market(testMarket({ marketId: id("m2") }));
  expect(isStopped("halt")).toBe(true);
  expect([...core.market(id("m2"))!.trading.causes]).toContain("manual");
  say({ kind: "resume", marketId: id("m2") });
  expect(isStopped("halt")).toBe(false);
  say({ kind: "stop_entries" });
  expect(both()).toEqual([true, false]);
});
