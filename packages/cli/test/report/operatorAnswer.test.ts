import type { Core, Effect, OperatorCommand } from "@matchpoint/sdk";
import { expect, it } from "vitest";
import { operatorAnswer } from "../../src/report/operatorAnswer.ts";

const core = { markets: () => [], system: { status: "READY" } } as unknown as Core;
const answer = (command: OperatorCommand, effects: readonly Effect[]): string | undefined =>
  operatorAnswer({ command } as never, effects, core, String);
const refused: Effect = { type: "alarm", code: "RESUME_REFUSED", message: "another 20 s" };
const moved = (subject: string, to: string): Effect => ({
  type: "transition",
  machine: "system",
  subject,
  from: "HALTED",
  to,
  reason: "",
});

it("says why a resume is not followed", () => {
  expect(answer({ kind: "resume" }, [refused])).toBe("not resumed: another 20 s");
});

it("says what a resume leaves halted", () => {
  expect(answer({ kind: "resume" }, [moved("", "RECOVERING"), moved("", "READY"), refused])).toBe(
    "resumed; another 20 s",
  );
});

it("names a strategy that goes on", () => {
  const command = { kind: "resume", strategyId: "maker", reason: "mended" } as never;
  expect(answer(command, [moved("strategy:maker", "STRATEGY_RUNNING")])).toBe("resumed: strategy maker");
});
