import type { RealismPart } from "../contracts/index.ts";
import type { Core } from "../engine/index.ts";
import { matchOf, type Mode } from "../events/index.ts";
import type { MarketId, MatchId, StrategyId } from "../ids.ts";
import type { TradingStatus } from "../state/index.ts";
import {
  groupLines,
  sumLines,
  type Pnl,
  type PnlLine,
  type PnlParts,
  type RebateBalance,
} from "../portfolio/index.ts";
import type { SourceReport } from "../truth/index.ts";
import type { ScenarioReport } from "./scenarios.ts";
import type { Usdc } from "../units/index.ts";

/** One market's line of the final account. Money in micro-dollars. */
export interface MarketSummary {
  readonly marketId: MarketId;
  readonly title: string;
  readonly status: TradingStatus;
  readonly haltCauses: readonly string[];
  readonly fills: number;
  readonly volume: Usdc;
  readonly fees: Usdc;
  readonly realized: Usdc;
  /** What is held, at what its sale into the book's bids would bring now, less what it cost. */
  readonly unrealized: Usdc;
  /** The same at its worth by the model. */
  readonly unrealizedAtModel: Usdc;
  /** `realized + unrealized`. */
  readonly pnl: Usdc;
  /** Makers' rebates earned by the venue's schedule; no part of `pnl` before they are received. */
  readonly rebates: Usdc;
  /** Fills of earlier processes that were not looked at afterwards; see {@link PnlLine}. */
  readonly unseen: number;
  /** Where `pnl` came from: adds up to it. */
  readonly parts: PnlParts;
}

/** What one strategy brought in; all of them together are the account. Money in micro-dollars. */
export interface StrategySummary extends PnlLine {
  readonly strategyId: StrategyId;
}

/** What all markets of one match brought in, those related to it too. */
export interface MatchSummary extends PnlLine {
  readonly matchId: MatchId;
}

/** Why something was not traded. */
export interface WhyNot {
  readonly strategyId: StrategyId;
  readonly marketId: MarketId;
  readonly title: string;
  readonly reason: string;
  readonly count: number;
  readonly last: Readonly<Record<string, unknown>> | undefined;
}

/** The account of a run. Money in micro-dollars; `pnl` is the sum over the markets and what the ledger says. */
export interface RunSummary {
  readonly mode: Mode;
  readonly events: number;
  readonly intents: number;
  readonly orders: number;
  readonly fills: number;
  readonly fillsVoided: number;
  readonly merges: number;
  readonly denied: number;
  readonly skipped: number;
  readonly quarantined: number;
  readonly alarms: number;
  readonly deposits: Usdc;
  readonly cash: Usdc;
  readonly fees: Usdc;
  readonly realized: Usdc;
  readonly unrealized: Usdc;
  readonly unrealizedAtModel: Usdc;
  readonly pnl: Usdc;
  readonly rebates: RebateBalance;
  /** Cash and what is held: `deposits + pnl + rebates.received`. */
  readonly equity: Usdc;
  /** Fills of earlier processes that were not looked at afterwards; see {@link PnlLine}. */
  readonly unseen: number;
  /** Where `pnl` came from: adds up to it. */
  readonly parts: PnlParts;
  /** The markets of the run, then those of earlier runs of the account that are not listed any more. */
  readonly markets: readonly MarketSummary[];
  /** By match, in the order of their markets; markets without one are in none. */
  readonly matches: readonly MatchSummary[];
  /** By strategy: adds up to `pnl`. */
  readonly strategies: readonly StrategySummary[];
  readonly whyNot: readonly WhyNot[];
  /** What each source of match facts has sent, and how late it was with it. */
  readonly sources: readonly SourceReport[];
  /** Whether late news was kept from taking liquidity (`truth_engine.signal_lag_guard`). */
  readonly signalGuard: "on" | "off";
  readonly effectsHash: string;
  /** On paper: how real the venue was, part by part. */
  readonly realism?: readonly RealismPart[];
  /** On paper: the same orders with resting orders filled by an optimist and by a pessimist. */
  readonly scenarios?: ScenarioReport;
}

/** Draws up the account of a run from its core. */
export function summarize(core: Core, mode: Mode, effectsHash: string): RunSummary {
  const markets: MarketSummary[] = [];
  const whyNot: WhyNot[] = [];
  const { counts, ledger, pnl } = core;
  const { total, rebates, equity } = pnl;
  const unlisted = new Map(pnl.markets);
  let skipped = 0;
  for (const entry of core.markets()) {
    const { marketId, title } = entry.market;
    const line = pnl.markets.get(marketId) ?? NOTHING;
    unlisted.delete(marketId);
    const { status, causes } = entry.trading;
    markets.push(marketLine({ marketId, title, status, haltCauses: [...causes] }, line));
    for (const binding of entry.bindings) {
      for (const { reason, count, last } of binding.skips.list()) {
        if (!reason.startsWith("denied: ")) skipped += count;
        whyNot.push({ strategyId: binding.spec.id, marketId, title, reason, count, last });
      }
    }
  }
  for (const [marketId, line] of unlisted) {
    const status = ledger.payouts(marketId) === undefined ? "IDLE" : "RESOLVED";
    markets.push(marketLine({ marketId, title: marketId, status, haltCauses: [] }, line));
  }
  whyNot.sort((a, b) => b.count - a.count);
  return {
    mode,
    events: counts.events,
    intents: counts.intents,
    orders: counts.orders,
    fills: counts.fills,
    fillsVoided: counts.fillsVoided,
    merges: counts.merges,
    denied: counts.denied,
    skipped,
    quarantined: counts.quarantined,
    alarms: counts.alarms,
    deposits: ledger.deposits,
    cash: ledger.cash,
    fees: total.fees,
    realized: total.realized,
    unrealized: total.unrealized,
    unrealizedAtModel: total.unrealizedAtModel,
    pnl: total.pnl,
    rebates,
    equity,
    unseen: total.unseen,
    parts: total.parts,
    markets,
    matches: matchLines(core, pnl),
    strategies: Array.from(pnl.strategies, ([strategyId, line]) => ({ strategyId, ...line })),
    whyNot,
    sources: core.truth.sources(),
    signalGuard: core.truth.config.signal_lag_guard,
    effectsHash,
  };
}

const NOTHING: PnlLine = Object.freeze(sumLines([]));

function marketLine(
  own: Pick<MarketSummary, "marketId" | "title" | "status" | "haltCauses">,
  { trades, ...line }: PnlLine,
): MarketSummary {
  return { ...own, fills: trades, ...line };
}

function matchLines(core: Core, { cells }: Pnl): MatchSummary[] {
  const groups = groupLines(cells, ({ marketId }) => {
    const entry = core.market(marketId);
    return entry === undefined ? undefined : matchOf(entry.market);
  });
  return Array.from(groups).flatMap(([matchId, line]) =>
    matchId === undefined ? [] : [{ matchId, ...line }],
  );
}
