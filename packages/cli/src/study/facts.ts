import { matchOf, type RealismPart, type RunSummary } from "@matchpoint/sdk";
import type { BotRun, ChosenStrategy } from "../run.ts";

/** What a run's result rests on, beside its account: plain data, so that a thread can hand it over. Money in micro-dollars. */
export interface JobFacts {
  readonly realism: readonly RealismPart[];
  /** Its strategies with their parameters, as one text. */
  readonly strategies: string;
  readonly realized: number;
  /** By how much the markets' lines differ from the ledger. */
  readonly ledgerGap: number;
  readonly killed: boolean;
  /** By match, or by market where nobody knows the match. */
  readonly matches: readonly { readonly id: string; readonly pnl: number; readonly fills: number }[];
  /** Days (UTC) on which anything happened, since 1970. */
  readonly days: readonly number[];
}

const DAY_MS = 86_400_000;

/** Counts the days of what is played. */
export class DaysSeen {
  readonly #days = new Set<number>();
  #last = -1;

  see(wall: number): void {
    const day = Math.floor(wall / DAY_MS);
    if (day === this.#last) return;
    this.#last = day;
    this.#days.add(day);
  }

  get all(): readonly number[] {
    return [...this.#days];
  }
}

/** What is known of a run that has ended. */
export function factsOf(
  { runtime: { core } }: BotRun,
  summary: RunSummary,
  days: DaysSeen,
  strategies: readonly ChosenStrategy[],
): JobFacts {
  const matches = new Map<string, { id: string; pnl: number; fills: number }>();
  for (const { marketId, pnl, fills } of summary.markets) {
    const market = core.market(marketId)?.market;
    const key = (market === undefined ? undefined : matchOf(market)) ?? marketId;
    const before = matches.get(key) ?? { id: key, pnl: 0, fills: 0 };
    matches.set(key, { id: key, pnl: before.pnl + pnl, fills: before.fills + fills });
  }
  return {
    realism: summary.realism ?? [],
    strategies: JSON.stringify(
      strategies.map(({ use, name, params, markets }) => [use.id, name, params, markets]),
    ),
    realized: summary.realized,
    ledgerGap: Math.abs(summary.markets.reduce((sum, { pnl }) => sum + pnl, 0) - summary.pnl),
    killed: core.system.latched,
    matches: [...matches.values()],
    days: days.all,
  };
}
