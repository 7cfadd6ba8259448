import type { StrategySpec } from "../engine/index.ts";
import { MatchpointError } from "../errors.ts";
import { id, type StrategyId } from "../ids.ts";
import { passesFilter, type MarketFilter, type StrategyClass } from "../strategy/index.ts";

/** A strategy to run: its class, and what the configuration says about it. */
export interface StrategyUse {
  readonly use: StrategyClass;
  /** Id of this instance; default the class's `id`. */
  readonly name?: string;
  /** Checked against the class's schema; default `{}`. */
  readonly params?: unknown;
  /** Which markets it is given; default all. */
  readonly markets?: MarketFilter;
}

/** A strategy that was made, with its parameters resolved. */
export interface Instance {
  readonly spec: StrategySpec;
  readonly params: unknown;
  readonly markets: MarketFilter | undefined;
}

/** Checks a strategy's parameters and makes it. @throws {@link MatchpointError} `STRATEGY_INVALID` */
export function instantiate(item: StrategyUse): Instance {
  const { use, markets } = item;
  const parsed = use.params.safeParse(item.params ?? {});
  if (!parsed.success) {
    const issues = parsed.error.issues.map(
      (issue) => `${issue.path.join(".") || "params"}: ${issue.message}`,
    );
    throw new MatchpointError(
      "STRATEGY_INVALID",
      `parameters of strategy ${use.id} are refused: ${issues.join("; ")}`,
    );
  }
  const spec: StrategySpec = {
    id: id<StrategyId>(item.name ?? use.id),
    use,
    strategy: new use(parsed.data),
    ...(markets === undefined ? {} : { accepts: (market) => passesFilter(market, markets) }),
  };
  return { spec, params: parsed.data, markets };
}
