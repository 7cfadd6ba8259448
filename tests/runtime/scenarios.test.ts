import { createPaperBroker } from "@matchpoint/paper-broker";
import {
  createRuntime,
  isOutside,
  ModelMaker,
  PairArb,
  parseConfig,
  type CoreEvent,
  type RunSummary,
} from "@matchpoint/sdk";
import { simulateMatch } from "@matchpoint/testing";
import { expect, it } from "vitest";
import { playSimulation } from "../../packages/cli/src/player/simulation.ts";

const MATCH = simulateMatch({ seed: 4, title: "cs2", bestOf: 1 });
/** Enough for quotes to be filled and trades to fail. */
const UNTIL_MS = 650_000;

function run(
  runId: string,
  events: Iterable<CoreEvent> | undefined,
): { summary: RunSummary; log: CoreEvent[] } {
  const log: CoreEvent[] = [];
  const runtime = createRuntime({
    config: parseConfig({}),
    strategies: [
      { use: ModelMaker, params: { reference: "microprice" } },
      { use: PairArb, params: {} },
    ],
    execution: createPaperBroker({
      runId,
      seed: 9,
      faults: { trade_fail: 0.2 },
      restarts: { every_ms: 400_000, down_ms: 10_000, post_only_ms: 10_000 },
    }),
    journal: { append: (event) => log.push(event) },
    runId,
    startsAt: MATCH.startsAt,
  });
  if (events !== undefined) for (const event of events) runtime.offer(event);
  else
    for (const { virtualMs } of playSimulation(MATCH, (event) => {
      runtime.offer(event);
    }))
      if (virtualMs > UNTIL_MS) break;
  return { summary: runtime.finish("enough"), log };
}

it("a paper run with everything on replays, under another name, to the same orders, money and scenarios", () => {
  const { summary, log } = run("first", undefined);
  const again = run("second", log.filter(isOutside)).summary;
  expect(again).toEqual(summary);
  expect(summary.realism!.map(({ state }) => state)).toEqual(summary.realism!.map(() => "on"));
  const [optimistic, base, pessimistic] = summary.scenarios!.accounts;
  expect([optimistic!.name, base!.name, pessimistic!.name]).toEqual(["optimistic", "base", "pessimistic"]);
  // The base case is the account itself: valued alike, to the micro-dollar.
  expect(base!.pnl).toBe(summary.pnl);
  expect(summary.fills).toBeGreaterThan(0);
  expect(optimistic!.makerFills).toBeGreaterThanOrEqual(base!.makerFills);
});
