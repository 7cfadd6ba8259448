import { createPaperBroker, type PaperBroker, type PaperBrokerOptions } from "@matchpoint/paper-broker";
import {
  createRuntime,
  mapAdvantageModel,
  parseConfig,
  type BotConfigInput,
  type CoreEvent,
  type Effect,
  type ExecutionFold,
  type ProbabilityModel,
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
  readonly broker: PaperBroker;
}

/** A model whose numbers can be told by hand, and that is certain of them: .74 for who is in front in LoL, .5 when level. */
export const leadModel: ProbabilityModel = {
  ...mapAdvantageModel,
  id: "lead",
  card: { ...mapAdvantageModel.card, calibrated: true },
  p: (state, config) => ({ p: mapAdvantageModel.p(state, config).p, sd: 0 }),
};

/** Starts a paper run with a paper broker of its own. */
export function startRun(
  strategies: readonly StrategyUse[],
  options: {
    readonly config?: BotConfigInput;
    readonly broker?: Partial<PaperBrokerOptions>;
    /** Puts something between the runtime and the broker. */
    readonly between?: (broker: PaperBroker) => ExecutionFold;
    /** Default: {@link leadModel}. */
    readonly model?: ProbabilityModel;
  } = {},
): TestRun {
  const log: Logged[] = [];
  const effects: Effect[] = [];
  const broker = createPaperBroker({
    runId: "test",
    seed: 1,
    realism: "off",
    fill_model: "worst_queue",
    ...options.broker,
  });
  const runtime = createRuntime({
    config: parseConfig(options.config ?? {}),
    strategies,
    execution: options.between?.(broker) ?? broker,
    model: options.model ?? leadModel,
    runId: "test",
    startsAt: STARTS_AT,
    journal: { append: (event, effectsHash) => log.push({ event, effectsHash }) },
  });
  runtime.on("step", (_event, made) => {
    effects.push(...made);
  });
  return { runtime, tape: new Tape(runtime), log, effects, broker };
}
