import { resolve } from "node:path";
import {
  DEFAULT_STRATEGIES,
  isMatchpointError,
  MatchpointError,
  nearest,
  problemsOf,
  Strategy,
  type ConfigProblem,
  type StrategyClass,
} from "@matchpoint/sdk";
import { causeText, importFile, isNotInstalled, isPath } from "./loadModule.ts";

/** Strategies by name: the defaults and whatever the host program adds. */
export type StrategyRegistry = Readonly<Record<string, StrategyClass>>;

/** A registry keyed by the strategies' own ids, as journals name them. */
export function strategiesById(registry: StrategyRegistry): StrategyRegistry {
  return Object.fromEntries(Object.values(registry).map((use) => [use.id, use]));
}

/**
 * Everything that is wrong with a strategy's parameters. A key that the schema does not name counts, also where the schema
 * would drop it in silence.
 */
export function paramProblems(use: StrategyClass, params: unknown): readonly ConfigProblem[] {
  const parsed = use.params.safeParse(params);
  const problems = parsed.success ? [] : problemsOf(use.params, params, parsed.error.issues);
  const { shape, def } = use.params as {
    readonly shape?: object;
    readonly def?: { readonly catchall?: unknown };
  };
  if (shape === undefined || def?.catchall !== undefined) return problems;
  for (const key of Object.keys(params as object)) {
    if (Object.hasOwn(shape, key)) continue;
    const known = Object.keys(shape);
    const meant = nearest(key, known);
    const help = meant === undefined ? `there are ${known.join(", ") || "none"}` : `did you mean ${meant}?`;
    problems.push({ path: [key], atKey: true, message: `unknown parameter; ${help}` });
  }
  return problems;
}

/**
 * Finds a strategy by name, or loads it from a file or package. A module may export one strategy, or several of which one
 * is the default export.
 *
 * @throws MatchpointError `STRATEGY_NOT_FOUND`, `STRATEGY_INVALID`
 */
export async function loadStrategy(
  name: string,
  known: StrategyRegistry,
  folder: string,
): Promise<StrategyClass> {
  const all: StrategyRegistry = { ...DEFAULT_STRATEGIES, ...known };
  const found = Object.hasOwn(all, name) ? all[name] : undefined;
  if (found !== undefined) return found;
  return isPath(name) ? fromFile(resolve(folder, name)) : fromPackage(name, Object.keys(all));
}

const STRATEGY = { what: "strategy", notFound: "STRATEGY_NOT_FOUND", invalid: "STRATEGY_INVALID" } as const;

async function fromFile(path: string): Promise<StrategyClass> {
  return pick(await importFile(path, STRATEGY), path);
}

async function fromPackage(name: string, names: readonly string[]): Promise<StrategyClass> {
  let module: Record<string, unknown>;
  try {
    module = (await import(name)) as Record<string, unknown>;
  } catch (cause) {
    if (isMatchpointError(cause)) throw cause;
    const missing = isNotInstalled(cause);
    const meant = nearest(name, names);
    const why = missing
      ? "and no package of that name is installed"
      : `and the package could not be loaded: ${causeText(cause)}`;
    throw new MatchpointError("STRATEGY_NOT_FOUND", `no strategy is called ${name}, ${why}`, {
      hint:
        meant === undefined
          ? `There are ${names.join(", ")}. A file is given by its path, such as ./my-strategy.ts.`
          : `Did you mean ${meant}?`,
      cause,
    });
  }
  return pick(module, name);
}

function pick(module: Record<string, unknown>, where: string): StrategyClass {
  const refuse = (message: string, hint: string): never => {
    throw new MatchpointError("STRATEGY_INVALID", message, { where, hint });
  };
  const standard = module["default"];
  if (isStrategyClass(standard)) return standard;
  if (standard !== undefined) {
    return refuse(
      `the default export is no strategy: ${lacks(standard)}`,
      "Export the strategy's class as the default, or drop the default.",
    );
  }
  const classes = [...new Set(Object.values(module).filter(isStrategyClass))];
  if (classes.length === 1) return classes[0]!;
  if (classes.length > 1) {
    return refuse(
      `exports ${classes.length} strategies (${classes.map(({ id }) => id).join(", ")})`,
      "Make one of them the default export.",
    );
  }
  const almost = Object.entries(module).find(
    ([, value]) => typeof value === "function" && value.prototype instanceof Strategy,
  );
  return refuse(
    almost === undefined ? "exports no strategy" : `${almost[0]} is no strategy yet: ${lacks(almost[1])}`,
    "A strategy is an exported class that extends Strategy and has a static id, posture and params.",
  );
}

/** What a value lacks to be a strategy. */
function lacks(value: unknown): string {
  if (typeof value !== "function")
    return `it is ${value === null ? "null" : Array.isArray(value) ? "a list" : `of type ${typeof value}`}, not a class`;
  const { id, posture, params } = value as Partial<StrategyClass>;
  if (typeof id !== "string" || id === "") return "it has no static id (text)";
  if (posture !== "pair" && posture !== "directional")
    return 'its static posture is neither "pair" nor "directional"';
  if (typeof params?.safeParse !== "function") return "it has no static params (a zod schema)";
  return "it does not extend Strategy";
}

/** Whether a value is a strategy class, also one that was made with another copy of the SDK. */
function isStrategyClass(value: unknown): value is StrategyClass {
  if (typeof value !== "function" || value === Strategy) return false;
  const { id, posture, params } = value as Partial<StrategyClass>;
  const named = typeof id === "string" && id !== "";
  return (
    named && (posture === "pair" || posture === "directional") && typeof params?.safeParse === "function"
  );
}
