import { paperExecution } from "@matchpoint/paper-broker";
import {
  id,
  ModelMaker,
  reconciliations,
  VirtualClock,
  type ChainBooks,
  type MarketId,
  type Shares,
} from "@matchpoint/sdk";
import { expect, it } from "vitest";
import { startRun } from "./start.ts";
import { STARTS_AT, testMarket } from "./tape.ts";

const M1 = id<MarketId>("m1");

it("halts a market whose shares the chain does not have, and goes on when it has them and a person resumes", async () => {
  const run = startRun([{ use: ModelMaker, params: { reference: "microprice", min_rest_ms: 0 } }]);
  const { runtime, tape, broker } = run;
  tape.market(testMarket()).book([[47, 500]], [[53, 500]]);
  tape.wait(500).trade("sell", 47, 500);
  tape.wait(60_000);
  const held = broker.view.positions().find(({ marketId, outcome }) => marketId === M1 && outcome === 0)!;
  expect(held.settled).toBeGreaterThan(0);
  let taken = 5_000_000;
  let dead = false;
  let finalAgeMs: number | Error = 4_000;
  const chain: ChainBooks = {
    fetchFinalAgeMs: () =>
      typeof finalAgeMs === "number" ? Promise.resolve(finalAgeMs) : Promise.reject(finalAgeMs),
    fetchHoldings: (markets) => {
      if (dead) return Promise.reject(new RangeError("no node answers"));
      expect(markets).toContain(M1);
      return Promise.resolve({
        collateral: broker.view.balances().collateral,
        positions: [{ marketId: M1, outcome: 0, shares: (held.settled - taken) as Shares }],
      });
    },
  };
  const clock = new VirtualClock({ startsAt: STARTS_AT });
  const stop = new AbortController();
  const looks = reconciliations({
    adapter: paperExecution(broker, new VirtualClock()),
    core: runtime.core,
    chain,
    clock,
    everyMs: 1_000,
    signal: stop.signal,
  });
  const look = async (): Promise<readonly string[]> => {
    const next = looks.next();
    for (let i = 0; i < 20; i++) await Promise.resolve();
    clock.advance(1_000);
    const event = (await next).value!;
    tape.wait(1_000).offer(event);
    return event.type === "reconciled" ? event.differences.map(({ kind }) => kind) : [event.tradeId];
  };
  const causes = (): readonly string[] => [...runtime.core.market(M1)!.trading.causes];

  // A node may lag behind what the venue has just confirmed: once.
  expect(await look()).toEqual([]);
  expect(await look()).toEqual(["chain_position"]);
  expect(causes()).toEqual(["reconcile"]);
  expect(
    run.effects.some((effect) => effect.type === "alarm" && effect.message.endsWith("on the chain")),
  ).toBe(true);
  taken = 0;
  expect(await look()).toEqual([]);
  expect(await look()).toEqual([]);
  expect(causes()).toEqual(["reconcile"]);
  tape.offer({ type: "operator", operator: "test", command: { kind: "resume" } });
  expect(causes()).toEqual([]);

  const told = (): readonly string[] =>
    run.effects.flatMap((effect) =>
      effect.type === "alarm" && effect.code.startsWith("CHAIN_")
        ? [`${effect.code}: ${effect.message}`]
        : [],
    );
  // Nodes that do not answer halt nothing: the venue's side is compared all the same, and somebody is told once.
  const SILENT = "CHAIN_SILENT: the chain cannot be compared with: no node answers";
  dead = true;
  for (let i = 0; i < 2; i++) expect(await look()).toEqual([]);
  expect(told()).toEqual([]);
  for (let i = 0; i < 3; i++) expect(await look()).toEqual([]);
  expect(told()).toEqual([SILENT]);
  dead = false;
  await look();
  dead = true;
  for (let i = 0; i < 4; i++) await look();
  expect(told()).toEqual([SILENT, SILENT]);
  dead = false;

  // Blocks that are not final for long: told once, until they are again.
  const LATE = "CHAIN_NOT_FINAL: the last final block of the chain is 61 s old: nothing newer is settled";
  finalAgeMs = 60_000;
  await look();
  expect(told()).toHaveLength(2);
  for (finalAgeMs = 61_400; finalAgeMs < 65_000; finalAgeMs += 1_000) expect(await look()).toEqual([]);
  expect(told().slice(2)).toEqual([LATE]);
  // A look without an answer ends nothing.
  dead = true;
  await look();
  dead = false;
  await look();
  expect(told()).toHaveLength(3);
  finalAgeMs = 5_000;
  await look();
  finalAgeMs = 61_000;
  await look();
  expect(told().slice(2)).toEqual([LATE, LATE]);
  // Nodes that do not agree about what is final.
  finalAgeMs = new RangeError("they differ");
  for (let i = 0; i < 3; i++) expect(await look()).toEqual([]);
  expect(told().slice(4)).toEqual(["CHAIN_SILENT: the chain cannot be compared with: they differ"]);
  expect(causes()).toEqual([]);
  stop.abort();
});
