import {
  id,
  type Intent,
  type MarketDescription,
  type OrderStatus,
  type TradingStatus,
} from "@matchpoint/sdk";
import type { TestRun } from "../runtime/start.ts";
import { MATCH, testMarket } from "../runtime/tape.ts";

/** No fees: prices add up by hand. */
export const FREE: Partial<MarketDescription> = { fee: { ratePpm: 0, exponent: 1, takerOnly: true } };
/** The market on game 1 of the test match, without fees. */
export const GAME_1: MarketDescription = testMarket({
  ...FREE,
  subject: { kind: "game", matchId: MATCH.matchId, game: 1, teamOf: [0, 1] },
});

/** The intents that became orders, in order. */
export function placed(run: TestRun): readonly Intent[] {
  return run.effects.flatMap((effect) => (effect.type === "place" ? [effect.intent] : []));
}

/** The latest of them. */
export function last(run: TestRun): Intent {
  return placed(run).at(-1)!;
}

/** Codes of the denials, in order. */
export function denials(run: TestRun): readonly string[] {
  return run.effects.flatMap((effect) => (effect.type === "denied" ? [effect.code] : []));
}

/** Open orders of the run, as `side outcome @ cents x shares status`. */
export function open(run: TestRun): readonly { intent: Intent; status: OrderStatus }[] {
  return [...run.runtime.core.orders.allOpen()].map(({ intent, status }) => ({ intent, status }));
}

/** How often a reason was given for doing nothing. */
export function skipped(run: TestRun, reason: string): number {
  return run.runtime.summary().whyNot.reduce((sum, why) => sum + (why.reason === reason ? why.count : 0), 0);
}

/** Shares held of both outcomes. */
export function held(run: TestRun, marketId = "m1"): readonly [number, number] {
  const { ledger } = run.runtime.core;
  return [ledger.position(id(marketId), 0).matched / 1e6, ledger.position(id(marketId), 1).matched / 1e6];
}

/** The trading state of a market. */
export function status(run: TestRun, marketId = "m1"): TradingStatus {
  return run.runtime.core.market(id(marketId))!.trading.status;
}

/** Every trading state that a market has been in. */
export function path(run: TestRun): readonly string[] {
  return run.effects.flatMap((effect) =>
    effect.type === "transition" && effect.machine === "trading" ? [effect.to] : [],
  );
}

/** Merges asked for. */
export function merges(run: TestRun): number {
  return run.effects.filter((effect) => effect.type === "chain" && effect.action.kind === "merge").length;
}

/** The memory of the first strategy in a market. */
export function memory(run: TestRun, marketId = "m1"): unknown {
  return run.runtime.core.market(id(marketId))!.bindings[0]!.state;
}
