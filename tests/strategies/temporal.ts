import { TemporalArb, type MarketDescription } from "@matchpoint/sdk";
import { expect } from "vitest";
import { startRun, type TestRun } from "../runtime/start.ts";
import { type Levels } from "../runtime/tape.ts";
import { GAME_1, held } from "./support.ts";

/** Trading on nothing but the level of the edge, as long as a test likes. */
export const PARAMS = {
  model_trust: 1,
  cooldown_ms: 0,
  max_hold_ms: 86_400_000,
  target_gap: -1,
  reversal: 1,
};

interface Setting {
  readonly params?: Record<string, unknown>;
  readonly market?: Partial<MarketDescription>;
  readonly engine?: Record<string, unknown>;
  readonly risk?: Record<string, unknown>;
  readonly book?: readonly [Levels, Levels];
}

export const BOOK: readonly [Levels, Levels] = [[[63, 500]], [[65, 500]]];

/** Game 1 is level, and the book is what it is. */
export function level({ params, market, engine, risk, book = BOOK }: Setting = {}): TestRun {
  const run = startRun([{ use: TemporalArb, params: { ...PARAMS, ...params } }], {
    config: { ...(engine === undefined ? {} : { engine }), ...(risk === undefined ? {} : { risk }) },
  });
  run.tape.match().market({ ...GAME_1, ...market });
  run.tape.book(...book).wait(100);
  run.tape
    .claim("grid", { kind: "series_started" }, "A")
    .claim("grid", { kind: "game_started", game: 1 }, "A");
  run.tape.wait(1_000);
  return run;
}

/** Somebody takes the lead: the implied probability of team 0 moves. */
export function lead(run: TestRun, score: readonly [number, number], replayed = false): TestRun {
  run.tape.claim("grid", { kind: "game_progress", game: 1, progress: { score } }, "A", replayed);
  return run;
}

/** The same, and the entry that it leads to is filled. */
export function holding(setting: Setting = {}): TestRun {
  const run = lead(level(setting), [3, 0]);
  run.tape.wait(300 + (setting.market?.takerDelayMs ?? 0));
  expect(held(run)[0]).toBeGreaterThan(5);
  expect(held(run)[1]).toBe(0);
  return run;
}
