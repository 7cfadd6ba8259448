import { createPaperBroker } from "@matchpoint/paper-broker";
import {
  createRuntime,
  ModelMaker,
  PairArb,
  parseConfig,
  SeriesConsistency,
  TemporalArb,
  type Intent,
  type RunSummary,
} from "@matchpoint/sdk";
import { simulateMatch, type SimulationOptions } from "@matchpoint/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { playSimulation } from "../../packages/cli/src/player/simulation.ts";

interface Played {
  readonly summary: RunSummary;
  /** Fills, and merges of markets, per strategy. */
  readonly fills: ReadonlyMap<string, number>;
  readonly merges: ReadonlyMap<string, number>;
  readonly intents: readonly { readonly ms: number; readonly intent: Intent }[];
}

const add = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

/** Plays a simulated match at full speed with one default strategy per kind of market, as the demo does. */
function play(options: SimulationOptions, untilMs = Infinity): Played {
  const match = simulateMatch(options);
  const runtime = createRuntime({
    config: parseConfig({}),
    strategies: [
      { use: TemporalArb, markets: { subjects: ["series"] } },
      { use: PairArb, markets: { games: [1, 3] } },
      { use: ModelMaker, params: { reference: "microprice" }, markets: { games: [2] } },
    ],
    execution: createPaperBroker({ runId: "simulated", seed: options.seed }),
    runId: "simulated",
    startsAt: match.startsAt,
  });
  const fills = new Map<string, number>();
  const merges = new Map<string, number>();
  const intents: { ms: number; intent: Intent }[] = [];
  const strategyOf = new Map<string, string>();
  runtime.on("fill", (fill) => {
    add(fills, runtime.core.orders.byOrderId(fill.orderId)!.intent.strategyId);
  });
  runtime.on("step", (_event, effects) => {
    for (const effect of effects) {
      if (effect.type === "place") {
        strategyOf.set(effect.intent.marketId, effect.intent.strategyId);
        intents.push({ ms: runtime.core.now / 1e6, intent: effect.intent });
      }
      if (effect.type === "chain" && effect.action.kind === "merge")
        add(merges, strategyOf.get(effect.action.marketId)!);
    }
  });
  for (const { virtualMs } of playSimulation(match, (event) => {
    runtime.offer(event);
  })) {
    if (virtualMs >= untilMs) break;
  }
  return { summary: runtime.finish("the match is settled"), fills, merges, intents };
}

describe("the default strategies on simulated matches", () => {
  const played: Played[] = [];
  beforeAll(() => {
    // Short matches.
    for (const seed of [10, 45, 1]) played.push(play({ seed, title: "lol", bestOf: 3 }));
  }, 240_000);

  it("all act", () => {
    for (const id of [TemporalArb.id, PairArb.id, ModelMaker.id]) {
      expect(played.filter(({ fills }) => (fills.get(id) ?? 0) > 0).length, id).toBeGreaterThanOrEqual(2);
    }
  });

  it("lock pairs and merge them", () => {
    expect(played.filter(({ merges }) => (merges.get(PairArb.id) ?? 0) > 0).length).toBeGreaterThanOrEqual(2);
  });

  it("never buy both legs at once: the books are mirrored, so the asks add up to a dollar and the spread", () => {
    const pairs = played.flatMap(({ intents }) =>
      intents.filter(({ intent }) => intent.strategyId === PairArb.id),
    );
    expect(pairs.length).toBeGreaterThan(100);
    expect(pairs.filter(({ intent }) => intent.reason === "both legs at once")).toEqual([]);
  });

  it("do not win every match: a simulation in which nothing loses proves nothing", () => {
    expect(played.some(({ summary }) => summary.pnl < 0)).toBe(true);
  });

  it("account for every micro-dollar", () => {
    for (const { summary } of played) {
      expect(summary.markets.reduce((sum, { pnl }) => sum + pnl, 0)).toBe(summary.pnl);
      expect(summary.strategies.reduce((sum, { realized }) => sum + realized, 0)).toBe(summary.realized);
      expect(summary.markets.every(({ status }) => status === "RESOLVED")).toBe(true);
      expect(summary.cash - summary.deposits).toBe(summary.pnl);
    }
  });

  it("trade seldom: one entry per piece of news, no flood of denials", () => {
    for (const { summary, fills } of played) {
      expect(fills.get(TemporalArb.id) ?? 0).toBeLessThan(25);
      expect(summary.denied).toBeLessThan(50);
    }
  });

  it("know nothing of the future", { timeout: 120_000 }, () => {
    const atMs = 900_000;
    const one = play({ seed: 5, title: "lol", bestOf: 3 }, atMs);
    const other = play({ seed: 5, title: "lol", bestOf: 3, reseed: { atMs, seed: 99 } }, atMs);
    const before = ({ intents }: Played) => intents.filter(({ ms }) => ms < atMs);
    expect(before(one).length).toBeGreaterThan(20);
    expect(before(other)).toEqual(before(one));
  });
});

describe("series-consistency on a simulated match", () => {
  it(
    "trades all its markets under one cap, and accounts for every micro-dollar",
    { timeout: 120_000 },
    () => {
      const match = simulateMatch({ seed: 45, title: "lol", bestOf: 3 });
      const runtime = createRuntime({
        config: parseConfig({}),
        strategies: [{ use: SeriesConsistency }],
        execution: createPaperBroker({ runId: "simulated", seed: 45 }),
        runId: "simulated",
        startsAt: match.startsAt,
      });
      let most = 0;
      runtime.on("fill", () => {
        let cost = 0;
        for (const { market } of runtime.core.markets()) {
          for (const outcome of [0, 1] as const)
            cost += runtime.core.ledger.position(market.marketId, outcome).cost;
        }
        most = Math.max(most, cost);
      });
      const steps = playSimulation(match, (event) => {
        runtime.offer(event);
      });
      while (steps.next().done !== true);
      const summary = runtime.finish("the match is settled");
      expect(summary.fills).toBeGreaterThan(0);
      expect(most).toBeGreaterThan(0);
      expect(most).toBeLessThanOrEqual(60_000_000);
      expect(summary.markets.reduce((sum, { pnl }) => sum + pnl, 0)).toBe(summary.pnl);
      expect(summary.cash - summary.deposits).toBe(summary.pnl);
      expect(summary.whyNot.length).toBeGreaterThan(0);
    },
  );
});
