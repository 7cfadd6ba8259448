import { parseConfig, type BotConfigInput } from "../config/index.ts";
import { Core, isolated } from "../engine/index.ts";
import { MatchpointError } from "../errors.ts";
import type { CoreEvent, RunStarted } from "../events/index.ts";
import { MARKET_FILTER, type StrategyClass } from "../strategy/index.ts";
import { defaultModel, type ProbabilityModel } from "../truth/index.ts";
import { instantiate, type StrategyUse } from "./instantiate.ts";

/** What the first event of a journal says that its run was made of. */
export interface JournaledRun {
  readonly started: RunStarted;
  readonly config: ReturnType<typeof parseConfig>;
  readonly strategies: readonly StrategyUse[];
}

/**
 * Reads what a run was made of from its first event. `find` gives the class for a strategy's id.
 * @throws {@link MatchpointError} `JOURNAL_CORRUPT` when the first event is not the start of a run, `STRATEGY_NOT_FOUND`,
 * `CONFIG_INVALID`
 */
export function journaledRun(
  first: CoreEvent,
  find: (use: string) => StrategyClass | undefined,
): JournaledRun {
  if (first.type !== "run_started") {
    throw new MatchpointError(
      "JOURNAL_CORRUPT",
      `the journal begins with ${first.type}, not with run_started`,
    );
  }
  const strategies = first.strategies.map(({ id: name, use, params, markets, isolation }): StrategyUse => {
    const found = find(use);
    if (found === undefined) {
      throw new MatchpointError("STRATEGY_NOT_FOUND", `the journal's strategy ${use} is not known here`, {
        hint: "Name the file that it is in with --strategy.",
      });
    }
    return {
      // What it asked for is in the journal: nobody has to be asked again.
      use: isolation === undefined ? found : isolated(found),
      name,
      params,
      ...(markets === undefined ? {} : { markets: MARKET_FILTER.parse(markets) }),
    };
  });
  return { started: first, config: parseConfig(first.config as BotConfigInput), strategies };
}

/** Makes the core that a journal's run had: what `verify` feeds the recorded events to. */
export function coreOfRun(run: JournaledRun, model: ProbabilityModel = defaultModel): Core {
  return new Core({
    engine: run.config.engine,
    truth: run.config.truth_engine,
    risk: run.config.risk,
    model,
    strategies: run.strategies.map((item) => instantiate(item).spec),
    capabilities: run.started.capabilities,
  });
}
