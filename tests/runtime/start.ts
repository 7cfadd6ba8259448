import { createPaperBroker, type PaperBrokerOptions } from "@matchpoint/paper-broker";
import {
  createRuntime,
  parseConfig,
  type BotConfigInput,
  type CoreEvent,
  type Effect,
  type Runtime,
  type StrategyUse,
} from "@matchpoint/sdk";
import { STARTS_AT, Tape } from "./tape.ts";

/** A line of the log: the event and the hash of what it led to. */
export interface Logged {
  readonly event: CoreEvent;
  readonly effectsHash: string | undefined;
}

/** A paper run on a hand-written tape. */
export interface TestRun {
  readonly runtime: Runtime;
  readonly tape: Tape;
  readonly log: readonly Logged[];
  readonly effects: readonly Effect[];
}

/** Starts a paper run with a paper broker of its own. */
export function startRun(
  strategies: readonly StrategyUse[],
  options: { readonly config?: BotConfigInput; readonly broker?: Partial<PaperBrokerOptions> } = {},
): TestRun {
  const log: Logged[] = [];
  const effects: Effect[] = [];
  const runtime = createRuntime({
    config: parseConfig(options.config ?? {}),
    strategies,
    execution: createPaperBroker({ runId: "test", seed: 1, ...options.broker }),
    runId: "test",
    startsAt: STARTS_AT,
    journal: { append: (event, effectsHash) => log.push({ event, effectsHash }) },
  });
  runtime.on("step", (_event, made) => {
    effects.push(...made);
  });
  return { runtime, tape: new Tape(runtime), log, effects };
}
