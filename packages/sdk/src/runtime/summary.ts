import type { Core, MarketEntry } from "../engine/index.ts";
import type { Mode, Outcome } from "../events/index.ts";
import type { MarketId, StrategyId } from "../ids.ts";
import type { TradingStatus } from "../state/index.ts";
import type { StrategyPnl } from "../portfolio/index.ts";
import type { SourceReport } from "../truth/index.ts";
import { mulDiv, notional, PRICE_ONE, USDC_ONE, type Price, type Shares, type Usdc } from "../units/index.ts";

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
  readonly unrealized: Usdc;
  /** `realized + unrealized`. */
  readonly pnl: Usdc;
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
  readonly pnl: Usdc;
  readonly markets: readonly MarketSummary[];
  /** Realized profit and loss per strategy: adds up to `realized`. */
  readonly strategies: readonly StrategyPnl[];
  readonly whyNot: readonly WhyNot[];
  /** What each source of match facts has sent, and how late it was with it. */
  readonly sources: readonly SourceReport[];
  /** Whether late news was kept from taking liquidity (`truth_engine.signal_lag_guard`). */
  readonly signalGuard: "on" | "off";
  readonly effectsHash: string;
}

/**
 * What a held share is worth: its payout once the market is resolved, else what it could be sold for now (the best bid;
 * nothing when there is none). Never a mid.
 */
export function markPrice(entry: MarketEntry, outcome: Outcome): Price {
  const payout = entry.payouts?.[outcome];
  if (payout !== undefined) return Math.floor((payout * PRICE_ONE) / 1_000_000) as Price;
  return entry.book.bid(outcome);
}

function unrealized(core: Core, entry: MarketEntry): Usdc {
  let value = 0;
  for (const outcome of [0, 1] as const) {
    const { matched, cost } = core.ledger.position(entry.market.marketId, outcome);
    const payout = entry.payouts?.[outcome];
    const size = Math.abs(matched) as Shares;
    const worth =
      payout === undefined
        ? notional(size, markPrice(entry, outcome), "down")
        : mulDiv(size, payout, USDC_ONE, "down"); // exact: a payout may be finer than a price
    value += (matched < 0 ? 0 - worth : worth) - cost;
  }
  return value as Usdc;
}

/** Draws up the account of a run from its core. */
export function summarize(core: Core, mode: Mode, effectsHash: string): RunSummary {
  const markets: MarketSummary[] = [];
  const whyNot: WhyNot[] = [];
  let unrealizedTotal = 0;
  let skipped = 0;
  for (const entry of core.markets()) {
    const { marketId, title } = entry.market;
    const pnl = core.ledger.market(marketId);
    const open = unrealized(core, entry);
    unrealizedTotal += open;
    markets.push({
      marketId,
      title,
      status: entry.trading.status,
      haltCauses: [...entry.trading.causes],
      fills: pnl.trades,
      volume: pnl.volume,
      fees: pnl.fees,
      realized: pnl.realized,
      unrealized: open,
      pnl: (pnl.realized + open) as Usdc,
    });
    for (const binding of entry.bindings) {
      for (const { reason, count, last } of binding.skips.list()) {
        if (!reason.startsWith("denied: ")) skipped += count;
        whyNot.push({ strategyId: binding.spec.id, marketId, title, reason, count, last });
      }
    }
  }
  whyNot.sort((a, b) => b.count - a.count);
  const { counts, ledger } = core;
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
    fees: ledger.feesTotal,
    realized: ledger.realizedTotal,
    unrealized: unrealizedTotal as Usdc,
    pnl: (ledger.realizedTotal + unrealizedTotal) as Usdc,
    markets,
    strategies: ledger.byStrategy(),
    whyNot,
    sources: core.truth.sources(),
    signalGuard: core.truth.config.signal_lag_guard,
    effectsHash,
  };
}
