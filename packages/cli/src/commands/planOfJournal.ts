import { DEFAULT_STRATEGIES, journaledRun, type RunStarted, type StrategyClass } from "@matchpoint/sdk";
import { loadStrategy, strategiesById } from "../strategies.ts";
import type { ChosenStrategy } from "../run.ts";
import { checkedParams, overlay, type Host, type Plan, type RunFlags } from "./shared.ts";

/**
 * The configuration and strategies that a journal's run had. Strategies named on the command line say where those of the run
 * are found; when they are others, they take the place of the run's.
 */
export async function planOfJournal(started: RunStarted, flags: RunFlags, host: Host): Promise<Plan> {
  const named = await Promise.all(
    (flags.strategy ?? []).map((name) => loadStrategy(name, host.strategies, process.cwd())),
  );
  const known = knownById(host, named);
  const used = new Set(started.strategies.map(({ use }) => use));
  const others = named.filter((use) => !used.has(use.id));
  const run = journaledRun(others.length === 0 ? started : { ...started, strategies: [] }, (use) =>
    Object.hasOwn(known, use) ? known[use] : undefined,
  );
  const chosen: readonly ChosenStrategy[] =
    others.length === 0
      ? run.strategies.map((item) => ({ ...item, params: { ...(item.params as object) } }))
      : named.map((use) => ({ use, params: {} }));
  overlay(chosen, flags.set ?? []);
  for (const strategy of chosen) checkedParams(strategy);
  const config = { ...run.config, seed: flags.seed ?? run.config.seed };
  return { config, strategies: chosen };
}

/** Strategies by their own ids, as journals name them. */
export function knownById(
  host: Host,
  named: readonly StrategyClass[],
): Readonly<Record<string, StrategyClass>> {
  return {
    ...DEFAULT_STRATEGIES,
    ...strategiesById(host.strategies),
    ...Object.fromEntries(named.map((use) => [use.id, use])),
  };
}
