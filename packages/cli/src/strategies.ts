import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { DEFAULT_STRATEGIES, isMatchpointError, MatchpointError, Strategy, type StrategyClass } from "@matchpoint/sdk";

/** Strategies by name: the defaults and whatever the host program adds. */
export type StrategyRegistry = Readonly<Record<string, StrategyClass>>;

/** A registry keyed by the strategies' own ids, as journals name them. */
export function strategiesById(registry: StrategyRegistry): StrategyRegistry {
  return Object.fromEntries(Object.values(registry).map((use) => [use.id, use]));
}

/**
 * Finds a strategy by name, or loads it from a file or package. A module may export one strategy, or several of which one
 * is the default export.
 *
 * @throws MatchpointError `STRATEGY_NOT_FOUND`, `STRATEGY_INVALID`
 */
export async function loadStrategy(name: string, known: StrategyRegistry, folder: string): Promise<StrategyClass> {
  const all: StrategyRegistry = { ...DEFAULT_STRATEGIES, ...known };
  const found = Object.hasOwn(all, name) ? all[name] : undefined;
  if (found !== undefined) return found;
  const isPath = /^\.{0,2}\/|\.[cm]?[jt]s$/.test(name);
  const path = resolve(folder, name);
  if (isPath && !existsSync(path)) {
    throw new MatchpointError("STRATEGY_NOT_FOUND", `no such strategy file: ${path}`, { hint: "Check the path." });
  }
  let module: Record<string, unknown>;
  try {
    module = (await import(isPath ? pathToFileURL(path).href : name)) as Record<string, unknown>;
  } catch (cause) {
    if (isMatchpointError(cause)) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new MatchpointError(
      "STRATEGY_NOT_FOUND",
      isPath ? `${path} could not be loaded: ${why}` : `no strategy is called ${name}, and no package of that name could be loaded`,
      { hint: `Known names: ${Object.keys(all).join(", ")}. A file is given by its path, such as ./my-strategy.ts.`, cause },
    );
  }
  return pick(module, isPath ? path : name);
}

function pick(module: Record<string, unknown>, where: string): StrategyClass {
  const classes = Object.values(module).filter(isStrategyClass);
  const chosen = isStrategyClass(module["default"]) ? module["default"] : [...new Set(classes)];
  if (!Array.isArray(chosen)) return chosen;
  if (chosen.length === 1) return chosen[0]!;
  throw new MatchpointError(
    "STRATEGY_INVALID",
    chosen.length === 0
      ? `${where} exports no strategy: a class that extends Strategy, with a static id, posture and params`
      : `${where} exports ${chosen.length} strategies (${chosen.map(({ id }) => id).join(", ")})`,
    { hint: chosen.length === 0 ? "See the README for a strategy in fifteen lines." : "Make one of them the default export." },
  );
}

/** Whether a value is a strategy class, also one that was made with another copy of the SDK. */
function isStrategyClass(value: unknown): value is StrategyClass {
  if (typeof value !== "function") return false;
  const candidate = value as Partial<StrategyClass>;
  if (value === Strategy || typeof candidate.id !== "string") return false;
  const posture: unknown = candidate.posture;
  return (posture === "pair" || posture === "directional") && typeof candidate.params?.safeParse === "function";
}
