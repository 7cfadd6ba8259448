import { DEFAULT_STRATEGIES, journaledRun, type RunStarted, type StrategyClass } from "@matchpoint/sdk";
import { loadStrategy, strategiesById } from "../strategies.ts";
import type { ChosenStrategy } from "../run.ts";
import { checkedParams, overlay, type Host, type Plan, type RunFlags } from "./shared.ts";

/** A journal's plan, with what of its strategies does not trade again. */
export interface JournalPlan extends Plan {
  readonly leftOut: readonly string[];
}

/**
 * The configuration and strategies that a journal's run had. Strategies named on the command line trade instead of the
 * run's: one that was among those keeps the parameters and markets that it had, any other has its defaults.
 */
export async function planOfJournal(started: RunStarted, flags: RunFlags, host: Host): Promise<JournalPlan> {
  const named = await Promise.all(
    (flags.strategy ?? []).map((name) => loadStrategy(name, host.strategies, process.cwd())),
  );
  const known = knownById(host, named);
  const only = new Set(named.map(({ id }) => id));
  const kept =
    named.length === 0 ? started.strategies : started.strategies.filter(({ use }) => only.has(use));
  const run = journaledRun({ ...started, strategies: kept }, (use) =>
    Object.hasOwn(known, use) ? known[use] : undefined,
  );
  const had = new Set(kept.map(({ use }) => use));
  const chosen: readonly ChosenStrategy[] = [
    ...run.strategies.map((item) => ({ ...item, params: { ...(item.params as object) } })),
    ...named.filter(({ id }) => !had.has(id)).map((use) => ({ use, params: {} })),
  ];
  overlay(chosen, flags.set ?? []);
  for (const strategy of chosen) checkedParams(strategy);
  const config = { ...run.config, seed: flags.seed ?? run.config.seed };
  const leftOut = started.strategies.filter((item) => !kept.includes(item)).map(({ id }) => String(id));
  return { config, strategies: chosen, leftOut };
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
