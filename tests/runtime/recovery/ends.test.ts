import {
  AccountRebuilder,
  Core,
  defaultConfig,
  defaultModel,
  id,
  type CoreEvent,
  type Effect,
  type RunStarted,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { bigJournal } from "./bigJournal.ts";

function liveCore({ capabilities }: RunStarted): Core {
  const { engine, truth_engine: truth, risk } = defaultConfig();
  return new Core({ engine, truth, risk, model: defaultModel, strategies: [], capabilities });
}

const started = (over: Partial<RunStarted> = {}): RunStarted => ({
  ...([...bigJournal({ lines: 1, own: 0 })][0] as RunStarted),
  ...over,
});
const moves = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((effect) =>
    effect.type === "transition" && effect.machine === "system" ? [`${effect.from} ${effect.to}`] : [],
  );

describe("the start and the end of a live run", () => {
  it("are told as moves of the system, step by step", () => {
    const first = started();
    expect(moves(liveCore(first).step(first))).toEqual([
      "BOOT CHECKLIST",
      "CHECKLIST RECOVERING",
      "RECOVERING READY",
    ]);
    const next = started({ recovers: id("run-before") });
    const core = liveCore(next);
    expect(moves(core.step(next))).toEqual(["BOOT CHECKLIST", "CHECKLIST RECOVERING"]);
    const stamp = { at: next.at, receivedAt: next.receivedAt };
    const complete = {
      type: "adopted",
      ...stamp,
      reason: "restart",
      evidence: "",
      what: { kind: "complete" },
    } as const;
    expect(moves(core.step(complete))).toEqual(["RECOVERING READY"]);
    expect(moves(core.step({ type: "run_stopping", reason: "stopped", ...stamp }))).toEqual([
      "READY DRAINING",
    ]);
    // What may be open keeps it from being called stopped, and a person hears of it.
    const open = core.step({ type: "run_stopped", clean: false, openOrders: 2, ...stamp });
    expect(moves(open)).toEqual([]);
    expect(open).toContainEqual(expect.objectContaining({ type: "alarm", code: "ORDERS_MAY_BE_OPEN" }));
    expect(moves(core.step({ type: "run_stopped", clean: true, openOrders: 0, ...stamp }))).toEqual([
      "DRAINING STOPPED",
    ]);
    // On paper there is nothing to be looked at: what such a run decides is what it always was.
    const paper = started({ mode: "paper" });
    expect(liveCore(paper).step(paper)).toEqual([]);
  });

  it("are read by the next start, in words", () => {
    const whole = [...bigJournal({ lines: 60, own: 0.2, markets: 1, ended: true })];
    const rebuilt = (events: readonly CoreEvent[]) => {
      const rebuilder = new AccountRebuilder();
      for (const event of events) rebuilder.take(event);
      const { end, ended, evidence } = rebuilder.account(Date.now());
      return [end, ended, evidence.replace(/^.*lines, /, "")];
    };
    expect(rebuilt(whole)).toEqual(["clean", true, "ended in good order"]);
    expect(rebuilt(whole.slice(0, -1))).toEqual(["cut", true, "without a clean shutdown"]);
    expect(rebuilt(whole.slice(0, -2))).toEqual(["cut", false, "without a clean shutdown"]);
    const last = whole.at(-1)!;
    const open = { ...last, type: "run_stopped", clean: false, openOrders: 1 } as CoreEvent;
    expect(rebuilt([...whole.slice(0, -1), open])).toEqual([
      "open",
      true,
      "ended with orders that may be open",
    ]);
    // A record that is not the last one is no clean end: something was done after it.
    expect(rebuilt([...whole, { ...last, type: "balance_report", collateral: 1 as never }])[0]).toBe("cut");
  });
});
