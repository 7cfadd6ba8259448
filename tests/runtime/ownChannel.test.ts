import { id, Strategy, type BookContext, type Difference, type MarketId, type Shares } from "@matchpoint/sdk";
import { expect, it } from "vitest";
import { z } from "zod";
import { alarms, expectVerified } from "./reconciling.ts";
import { startRun, type TestRun } from "./start.ts";
import { testMarket } from "./tape.ts";

type Levels = readonly (readonly [number, number])[];
const CHEAP: { readonly bids: Levels; readonly asks: Levels } = { bids: [[40, 100]], asks: [[50, 100]] };
const DEAR: typeof CHEAP = { bids: [[85, 100]], asks: [[90, 100]] };

/** Buys at each book that it is shown, and sells what it holds when the book is dear. */
class Eager extends Strategy<typeof Eager.params> {
  static readonly id = "eager";
  static readonly posture = "directional";
  static readonly params = z.object({});
  override onBook(ctx: BookContext): void {
    const { ask, bid } = ctx.quote(0);
    const size = 5_000_000 as Shares;
    if (ask > 8_000) ctx.sell({ outcome: 0, limit: bid, size });
    else ctx.buy({ outcome: 0, limit: ask, size, edge: 0.05 });
  }
}

function makes(): TestRun {
  const run = startRun([{ use: Eager }], { config: { engine: { sell_gate: "matched" } } });
  run.tape.market(testMarket()).book([[40, 100]], [[50, 100]]);
  return run;
}

/** Whether an order for this leaves at the next book. */
function asks({ tape, effects }: TestRun, purpose: "entry" | "exit"): boolean {
  const before = effects.length;
  const { bids, asks } = purpose === "entry" ? CHEAP : DEAR;
  tape.wait(3_000).book(bids, asks).wait(3_000);
  return effects.slice(before).some((effect) => effect.type === "place" && effect.intent.purpose === purpose);
}
const enters = (run: TestRun): boolean => asks(run, "entry");

const say = ({ tape }: TestRun, state: "lost" | "back"): void => {
  tape.wait(1).offer({ type: "own_channel", state, detail: "closed with 1006" });
};
const compared = ({ tape }: TestRun, agrees: boolean, only = {}): void => {
  const position: Difference = { kind: "position", expected: 1, actual: 2, marketId: id<MarketId>("m9") };
  const differences = agrees ? [] : [position];
  tape.wait(1).offer({ type: "reconciled", agrees, differences, ...only });
};
const denials = ({ effects }: TestRun): readonly string[] => [
  ...new Set(effects.flatMap((effect) => (effect.type === "denied" ? [effect.code] : []))),
];
const moves = ({ effects }: TestRun): readonly string[] =>
  effects.flatMap((effect) =>
    effect.type === "transition" && effect.subject === "own_channel" ? [`${effect.from} ${effect.to}`] : [],
  );

it("entries wait from the loss of the own channel until it is back and two comparisons in a row agree", () => {
  const run = makes();
  expect(enters(run)).toBe(true);
  say(run, "lost");
  expect(alarms(run)).toEqual(["OWN_CHANNEL_LOST"]);
  expect(enters(run)).toBe(false);
  expect(denials(run)).toContain("OWN_CHANNEL_LOST");
  // What only reduces goes on.
  expect(asks(run, "exit")).toBe(true);
  // What was compared before it is back says nothing of what it misses still.
  compared(run, true);
  compared(run, true);
  expect(enters(run)).toBe(false);
  say(run, "back");
  expect(enters(run)).toBe(false);
  compared(run, true);
  // One market's comparison says nothing of the others.
  compared(run, true, { marketId: id("m1") });
  expect(enters(run)).toBe(false);
  expect(run.runtime.core.ownChannel).toMatchObject({ state: "COMPARING", agreements: 1 });
  compared(run, true);
  expect(enters(run)).toBe(true);
  expect(moves(run)).toEqual(["OPEN LOST", "LOST COMPARING", "COMPARING OPEN"]);
  expectVerified(run, { eager: Eager });
});

it("a difference, and another loss, begin the row anew; told twice, nothing changes", () => {
  const run = makes();
  const { core } = run.runtime;
  say(run, "back");
  expect(core.ownChannel).toBeUndefined();
  say(run, "lost");
  say(run, "lost");
  say(run, "back");
  compared(run, true);
  say(run, "back");
  expect(core.ownChannel).toMatchObject({ state: "COMPARING", agreements: 1 });
  compared(run, false);
  expect(core.ownChannel).toMatchObject({ state: "COMPARING", agreements: 0 });
  compared(run, true);
  say(run, "lost");
  compared(run, true);
  expect(core.ownChannel?.state).toBe("LOST");
  say(run, "back");
  compared(run, true);
  compared(run, true);
  expect(core.ownChannel).toBeUndefined();
  expect(alarms(run).filter((code) => code === "OWN_CHANNEL_LOST")).toHaveLength(2);
  expectVerified(run, { eager: Eager });
});
