import { paperExecution, type PaperBroker } from "@matchpoint/paper-broker";
import {
  compare,
  coreOfRun,
  DEFAULT_STRATEGIES,
  EffectsHasher,
  expectedAccount,
  id,
  journaledRun,
  ModelMaker,
  Reconciler,
  VirtualClock,
  type Comparison,
  type CoreEvent,
  type Dust,
  type ExecutionFold,
  type ExecutionReport,
  type OperatorCommand,
  type Runtime,
  type Shares,
  type StrategyUse,
  type Usdc,
} from "@matchpoint/sdk";
import { expect } from "vitest";
import { leadModel, type TestRun } from "./start.ts";
import { MATCH, testMarket } from "./tape.ts";

export const MAKER: StrategyUse = { use: ModelMaker, params: { reference: "microprice", min_rest_ms: 0 } };

const SERIES = testMarket({ subject: { kind: "series", matchId: MATCH.matchId, teamOf: [0, 1] } });

export const OTHER = testMarket({
  marketId: id("m2"),
  outcomes: [
    { tokenId: id("3"), name: "C" },
    { tokenId: id("4"), name: "D" },
  ],
});

/** Paper agrees to the last micro-dollar. */
export const EXACT: Dust = { shares: 0 as Shares, cash: 0 as Usdc };

/** Lets through what a filter allows of the venue's reports. */
export function between(broker: PaperBroker, passes: (report: ExecutionReport) => boolean): ExecutionFold {
  return {
    capabilities: broker.capabilities,
    prepare: (intent, seq) => broker.prepare(intent, seq),
    observe: (event) => {
      broker.observe(event);
    },
    submit: (command, at) => {
      broker.submit(command, at);
    },
    nextDue: () => broker.nextDue(),
    advance: (to, emit) => {
      broker.advance(to, (report) => {
        if (passes(report)) emit(report);
      });
    },
  };
}

/** Compares at this very moment, with what has been in flight before. */
export function compareNow({ runtime, broker }: TestRun, overdue?: ReadonlySet<string>): Comparison {
  const { view } = broker;
  const venue = {
    positions: view.positions(),
    balances: view.balances(),
    openOrders: view.openOrders(),
    trades: view.trades().trades,
  };
  return compare(expectedAccount(runtime.core, venue), venue, EXACT, overdue);
}

export function reconcilerOf({ runtime, broker }: TestRun): Reconciler {
  return new Reconciler({
    adapter: paperExecution(broker, new VirtualClock()),
    core: runtime.core,
    dust: EXACT,
  });
}

/** Takes a look and tells the run. */
export async function look(run: TestRun, reconciler: Reconciler): Promise<Comparison> {
  const seen = await reconciler.look();
  if (seen.kind === "missed") throw new Error(seen.reason);
  const { agrees, differences } = seen.comparison;
  run.tape.offer({ type: "reconciled", agrees, differences });
  return seen.comparison;
}

export function operate(run: TestRun, command: OperatorCommand): void {
  run.tape.offer({ type: "operator", operator: "test", command });
}

export function causesIn(runtime: Runtime, marketId = "m1"): readonly string[] {
  return [...runtime.core.market(id(marketId))!.trading.causes];
}

export function alarms({ effects }: TestRun): readonly string[] {
  return effects.flatMap((effect) => (effect.type === "alarm" ? [effect.code] : []));
}

/** The journal, fed to a fresh core without any venue, leads to the same. */
export function expectVerified(
  run: TestRun,
  strategies: Readonly<Record<string, StrategyUse["use"]>> = DEFAULT_STRATEGIES,
): void {
  const lines = run.log.map(({ event, effectsHash }) => ({
    event: JSON.parse(JSON.stringify(event)) as CoreEvent,
    effectsHash,
  }));
  const core = coreOfRun(
    journaledRun(lines[0]!.event, (use) => strategies[use]),
    leadModel,
  );
  const hasher = new EffectsHasher();
  for (const { event, effectsHash } of lines) {
    const effects = core.step(event);
    expect(effects.length === 0 ? undefined : hasher.add(effects)).toBe(effectsHash);
  }
  expect(core.ledger.snapshot()).toEqual(run.runtime.core.ledger.snapshot());
}

/** Fills on both sides, pairs, news, a resolution. */
export function trade({ tape }: TestRun): void {
  tape
    .match()
    .market(SERIES)
    .book(
      [
        [49, 100],
        [48, 300],
      ],
      [
        [51, 100],
        [52, 300],
      ],
    );
  tape.wait(500).trade("sell", 47, 500);
  tape.wait(200).trade("buy", 53, 500);
  tape.wait(15_000).claim("grid", { kind: "series_started" }, "A");
  tape.wait(5_000).book([[55, 100]], [[57, 400]]);
  tape.wait(5_000).claim("grid", { kind: "game_won", game: 1, winner: 0 }, "A");
  tape.wait(60_000).book([[70, 500]], [[72, 500]]);
  tape.wait(60_000).claim("grid", { kind: "game_won", game: 2, winner: 0 }, "A");
  tape.wait(30_000).resolve([1, 0]);
  tape.wait(30_000);
}
