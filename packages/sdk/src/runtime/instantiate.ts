import { nearest } from "../config/index.ts";
import type { StrategySpec } from "../engine/index.ts";
import { MatchpointError } from "../errors.ts";
import { id, type StrategyId } from "../ids.ts";
import { HOOKS, passesFilter, Strategy, type MarketFilter, type StrategyClass } from "../strategy/index.ts";

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
  demandPlain(use, parsed.data);
  demandState(use);
  const strategy = new use(parsed.data);
  demandHooks(use, strategy);
  const spec: StrategySpec = {
    id: id<StrategyId>(item.name ?? use.id),
    use,
    strategy,
    truthDriven:
      typeof use.truthDriven === "function" ? use.truthDriven(parsed.data) : (use.truthDriven ?? false),
    ...(markets === undefined ? {} : { accepts: (market) => passesFilter(market, markets) }),
  };
  return { spec, params: parsed.data, markets };
}

/** The journal keeps the checked parameters, and a run made from it checks them again: they must come out as they go in. */
function demandPlain(use: StrategyClass, params: unknown): void {
  const text = JSON.stringify(params);
  const again = use.params.safeParse(JSON.parse(text));
  if (again.success && JSON.stringify(again.data) === text) return;
  throw new MatchpointError(
    "STRATEGY_INVALID",
    `parameters of strategy ${use.id} change when they are checked twice`,
    {
      hint: "Let the schema only check and fill in defaults; transform, Date, Map and the like do not survive a journal. Convert in the constructor.",
    },
  );
}

/** Every market begins with the state that the schema makes of nothing. */
function demandState(use: StrategyClass): void {
  const parsed = use.state?.safeParse({});
  if (parsed?.success !== false) return;
  const fields = parsed.error.issues.map((issue) => issue.path.join(".") || "state");
  throw new MatchpointError(
    "STRATEGY_INVALID",
    `the state of strategy ${use.id} has no default for ${fields.join(", ")}`,
    {
      hint: "Give every field of the state schema a default: a market begins with it.",
    },
  );
}

/** A misspelled hook would never be called, and nobody would know. */
function demandHooks(use: StrategyClass, strategy: Strategy): void {
  const names = new Set<string>(Object.keys(strategy));
  let prototype: object = use.prototype as object;
  while (prototype !== Strategy.prototype && prototype !== Object.prototype) {
    for (const name of Object.getOwnPropertyNames(prototype)) names.add(name);
    prototype = Object.getPrototypeOf(prototype) as object;
  }
  for (const name of names) {
    if (!/^on[A-Z]/.test(name) || HOOKS.includes(name)) continue;
    if (typeof (strategy as unknown as Readonly<Record<string, unknown>>)[name] !== "function") continue;
    const meant = nearest(name, HOOKS);
    throw new MatchpointError(
      "STRATEGY_INVALID",
      `strategy ${use.id} has a method ${name}, which is no hook`,
      {
        hint: `${meant === undefined ? "" : `Did you mean ${meant}? `}The hooks are ${HOOKS.join(", ")}; give other methods other names.`,
      },
    );
  }
}
