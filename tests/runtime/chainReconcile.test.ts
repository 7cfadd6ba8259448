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
  const chain: ChainBooks = {
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
  const silent: string[] = [];
  const looks = reconciliations({
    adapter: paperExecution(broker, new VirtualClock()),
    core: runtime.core,
    chain,
    clock,
    everyMs: 1_000,
    signal: stop.signal,
    onChainSilent: (reason) => silent.push(reason),
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

  // Nodes that do not answer halt nothing: the venue's side is compared all the same, and somebody is told.
  dead = true;
  for (let i = 0; i < 5; i++) expect(await look()).toEqual([]);
  expect(silent).toEqual(["no node answers"]);
  expect(causes()).toEqual([]);
  stop.abort();
});
