import type { FillScenario } from "../contracts/index.ts";
import type { Core } from "../engine/index.ts";
import type { Usdc } from "../units/index.ts";

/** One line of the side-by-side account. Money in micro-dollars. */
export interface ScenarioSummary extends Pick<FillScenario, "name" | "model" | "fills" | "makerFills"> {
  /** Cash and what is held, valued as in the account of the run, less what was paid in. */
  readonly pnl: Usdc;
}

/**
 * The same orders with resting orders filled as an optimist, the run itself and a pessimist have them filled, and what follows:
 * `no-deploy` when the profit of the base case is not one of the pessimist's too (its sign changes), `same-sign` when it does not,
 * `no-fills` when nobody filled anything.
 */
export interface ScenarioReport {
  readonly accounts: readonly ScenarioSummary[];
  readonly verdict: "no-deploy" | "same-sign" | "no-fills";
}

/** Values the accounts of a paper venue's scenarios; `undefined` where it keeps none. */
export function compareScenarios(core: Core, scenarios: readonly FillScenario[]): ScenarioReport | undefined {
  if (scenarios.length === 0) return undefined;
  const accounts = scenarios.map((scenario): ScenarioSummary => {
    const { name, model, fills, makerFills } = scenario;
    return { name, model, fills, makerFills, pnl: profitOf(core, scenario) };
  });
  const sign = (of: FillScenario["name"]): number =>
    Math.sign(accounts.find(({ name }) => name === of)?.pnl ?? 0);
  const verdict = accounts.every(({ fills }) => fills === 0)
    ? "no-fills"
    : sign("base") === sign("pessimistic")
      ? "same-sign"
      : "no-deploy";
  return { accounts, verdict };
}

function profitOf(core: Core, { deposits, cash, positions }: FillScenario): Usdc {
  let value = cash - deposits;
  for (const { marketId, outcome, shares } of positions) {
    value += core.mark(marketId)?.worth(outcome, shares) ?? 0;
  }
  return value as Usdc;
}
