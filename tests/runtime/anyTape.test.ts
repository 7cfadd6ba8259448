import { createPaperBroker } from "@matchpoint/paper-broker";
import {
  ALLOWED_ACTIONS,
  coreOfRun,
  createRuntime,
  DEFAULT_STRATEGIES,
  EffectsHasher,
  isOutside,
  journaledRun,
  ModelMaker,
  PairArb,
  parseConfig,
  TemporalArb,
  type CoreEvent,
  type Effect,
  type MatchClaim,
  type Price,
  type Runtime,
  type TradingStatus,
} from "@matchpoint/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MATCH, STARTS_AT, Tape, testMarket } from "./tape.ts";
import { leadModel } from "./start.ts";

const SERIES = testMarket({
  subject: { kind: "series", matchId: MATCH.matchId, teamOf: [0, 1] },
  takerDelayMs: 500,
});
const GAME = testMarket({
  marketId: "m2" as never,
  title: "game 1",
  outcomes: [
    { tokenId: "2001" as never, name: "B" },
    { tokenId: "2002" as never, name: "A" },
  ],
  subject: { kind: "game", matchId: MATCH.matchId, game: 1, teamOf: [1, 0] },
});

const team = fc.constantFrom(0 as const, 1 as const);
const game = fc.integer({ min: 1, max: 3 });
const claim: fc.Arbitrary<MatchClaim> = fc.oneof(
  fc.constant<MatchClaim>({ kind: "series_started" }),
  fc.record({ kind: fc.constant("game_started" as const), game }),
  fc.record({ kind: fc.constant("game_won" as const), game, winner: team }),
  fc.record({ kind: fc.constant("series_won" as const), winner: team }),
  fc.record({
    kind: fc.constant("retracted" as const),
    game,
    reason: fc.constantFrom("rollback" as const, "remake" as const),
  }),
  fc.record({
    kind: fc.constant("game_progress" as const),
    game,
    progress: fc.record({
      gold: fc.tuple(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 0, max: 60_000 })),
    }),
  }),
  fc.constant<MatchClaim>({ kind: "source_invalid" }),
  fc.constant<MatchClaim>({ kind: "source_valid" }),
);
const marketId = fc.constantFrom("m1", "m2");
const move = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("book" as const),
      marketId,
      mid: fc.integer({ min: 6, max: 94 }),
      spread: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("trade" as const),
      marketId,
      side: fc.constantFrom("buy" as const, "sell" as const),
      cents: fc.integer({ min: 2, max: 98 }),
      size: fc.integer({ min: 1, max: 900 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("claim" as const),
      source: fc.constantFrom("grid", "pandascore", "other"),
      claim,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 40_000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("gap" as const),
      marketId,
      state: fc.constantFrom("gap" as const, "stale" as const, "disconnected" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("terms" as const),
      marketId,
      stale: fc.option(fc.constantFrom("stale" as const, "read" as const), { nil: undefined }),
      terms: fc.record(
        {
          takerDelayMs: fc.constantFrom(0, 1_000, 3_000),
          fee: fc.constantFrom(0, 50_000).map((ratePpm) => ({ ratePpm, exponent: 1, takerOnly: true })),
          tick: fc.constantFrom(50 as Price, 100 as Price),
          acceptingOrders: fc.boolean(),
          version: fc.constantFrom(2 as const, 3 as const),
        },
        { requiredKeys: [] },
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("operator" as const),
      kind: fc.constantFrom("halt" as const, "resume" as const, "kill" as const, "stop_entries" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("resolve" as const),
      marketId,
      first: fc.constantFrom(0, 0.5, 1),
    }),
  },
);
type Move = typeof move extends fc.Arbitrary<infer T> ? T : never;

interface Run {
  readonly runtime: Runtime;
  readonly log: { readonly event: CoreEvent; readonly effectsHash: string | undefined }[];
  /** Each order that went out, with the state that its market is in after the step that placed it. */
  readonly placed: { readonly status: TradingStatus; readonly effect: Extract<Effect, { type: "place" }> }[];
}

function start(faults: boolean): Run {
  const log: Run["log"] = [];
  const placed: Run["placed"] = [];
  const runtime = createRuntime({
    config: parseConfig({ risk: { max_spread: 0.2 } }),
    strategies: [
      { use: ModelMaker, params: { reference: "microprice", min_rest_ms: 0 } },
      { use: PairArb, params: { average_half_life_ms: 5_000, discount: 0.01, min_liquidity_usdc: 1 } },
      { use: TemporalArb, params: { edge_threshold: 0.01, edge_max: 0.9 } },
    ],
    execution: createPaperBroker({
      // All that a paper venue can be, with restarts every few minutes, or nothing of it.
      realism: faults ? "on" : "off",
      restarts: { every_ms: faults ? 200_000 : 0, down_ms: 5_000, post_only_ms: 5_000 },
      runId: "fuzz",
      seed: 7,
      faults: faults ? { trade_fail: 0.1, trade_retry: 0.2, chain_revert: 0.1, duplicate_report: 0.2 } : {},
    }),
    runId: "fuzz",
    startsAt: STARTS_AT,
    model: leadModel,
    journal: { append: (event, effectsHash) => log.push({ event, effectsHash }) },
  });
  runtime.on("step", (_event, effects) => {
    for (const effect of effects) {
      if (effect.type !== "place") continue;
      const now = runtime.core.market(effect.intent.marketId)!.trading.status;
      placed.push({ status: now, effect });
    }
  });
  return { runtime, log, placed };
}

function play(run: Run, moves: readonly Move[]): void {
  const tape = new Tape(run.runtime);
  tape.match().market(SERIES).market(GAME);
  for (const step of moves) {
    tape.wait(10);
    switch (step.do) {
      case "book":
        tape.book(
          [
            [step.mid - step.spread, 60],
            [step.mid - step.spread - 1, 300],
          ],
          [
            [step.mid, 60],
            [step.mid + 1, 300],
          ],
          step.marketId,
        );
        break;
      case "trade":
        tape.trade(step.side, step.cents, step.size, step.marketId);
        break;
      case "claim":
        tape.claim(step.source, step.claim, step.source === "grid" ? "A" : "B");
        break;
      case "wait":
        tape.wait(step.ms);
        break;
      case "gap":
        tape.offer({
          type: "book_continuity",
          marketId: step.marketId as never,
          state: step.state,
          reason: "fuzz",
        });
        break;
      case "terms": {
        const { marketId: about, stale: state, terms } = step;
        tape.offer({ type: "terms_changed", marketId: about as never, terms, source: "fuzz" });
        if (state !== undefined)
          tape.offer({ type: "terms_continuity", marketId: about as never, state, reason: "fuzz" });
        break;
      }
      case "operator":
        tape.offer({ type: "operator", operator: "fuzz", command: { kind: step.kind } });
        break;
      case "resolve":
        tape.resolve([step.first, 1 - step.first], step.marketId);
        break;
    }
  }
}

describe("any sequence of events", () => {
  it("lets no order out of a state that forbids it, keeps the books balanced, replays and verifies", () => {
    let orders = 0;
    fc.assert(
      fc.property(fc.array(move, { minLength: 20, maxLength: 90 }), fc.boolean(), (moves, faults) => {
        const run = start(faults);
        play(run, moves);
        const summary = run.runtime.finish("end");
        run.runtime.core.ledger.audit();
        expect(summary.markets.reduce((sum, market) => sum + market.pnl, 0)).toBe(summary.pnl);
        for (const { status, effect } of run.placed) {
          orders += 1;
          const permission = ALLOWED_ACTIONS[status][effect.intent.purpose];
          expect(permission, `${effect.intent.purpose} while ${status}`).not.toBe("no");
        }
        const again = start(faults);
        for (const { event } of run.log) if (isOutside(event)) again.runtime.offer(event);
        again.runtime.finish("never used");
        expect(again.runtime.effectsHash).toBe(run.runtime.effectsHash);
        expect(again.log.length).toBe(run.log.length);

        const core = coreOfRun(
          journaledRun(run.log[0]!.event, (use) => DEFAULT_STRATEGIES[use]),
          leadModel,
        );
        const hasher = new EffectsHasher();
        for (const { event, effectsHash } of run.log) {
          const effects = core.step(event);
          expect(effects.length === 0 ? undefined : hasher.add(effects)).toBe(effectsHash);
        }
      }),
      { numRuns: Number(process.env["FC_NUM_RUNS"] ?? 60) },
    );
    expect(orders).toBeGreaterThan(100);
  }, 120_000);
});
