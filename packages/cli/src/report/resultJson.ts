import { PNL_PARTS, type PnlLine, type PnlParts, type RunSummary } from "@matchpoint/sdk";
import { dollars } from "./format.ts";
import type { RunLog } from "./runLog.ts";

/** What the shell around a run adds to its account. */
export interface RunExtras {
  readonly journal: string | null;
  readonly wallMs: number;
  /** Whether it was ended before its time. */
  readonly interrupted: boolean;
  /** What was kept of the run beside its account. */
  readonly log: RunLog;
  /** What a person has to know of a run that was interrupted. */
  readonly unfinished?: string;
  /** Lines on what was played. */
  readonly notes?: readonly string[];
  /** What was counted on the way in, such as frames and level updates of a recording. */
  readonly input?: Readonly<Record<string, unknown>>;
}

/** The one JSON object that `--json` prints as the last line. Money in dollars, exact to the micro-dollar. */
export function resultJson(summary: RunSummary, extras: RunExtras): string {
  const denials: Record<string, number> = {};
  for (const { reason, count } of summary.whyNot) {
    if (!reason.startsWith("denied: ")) continue;
    const code = reason.slice("denied: ".length);
    denials[code] = (denials[code] ?? 0) + count;
  }
  return JSON.stringify({
    mode: summary.mode,
    events: summary.events,
    intents: summary.intents,
    orders: summary.orders,
    fills: summary.fills,
    denied: summary.denied,
    skipped: summary.skipped,
    feesUsdc: dollars(summary.fees),
    pnlUsdc: dollars(summary.pnl),
    states: Object.fromEntries(summary.markets.map(({ marketId, status }) => [marketId, status])),
    journal: extras.journal,
    effectsHash: summary.effectsHash,
    wallMs: Math.round(extras.wallMs),
    interrupted: extras.interrupted,
    fillsVoided: summary.fillsVoided,
    merges: summary.merges,
    quarantined: summary.quarantined,
    alarms: summary.alarms,
    realizedUsdc: dollars(summary.realized),
    unrealizedUsdc: dollars(summary.unrealized),
    unrealizedAtModelUsdc: dollars(summary.unrealizedAtModel),
    cashUsdc: dollars(summary.cash),
    depositsUsdc: dollars(summary.deposits),
    equityUsdc: dollars(summary.equity),
    partsUsdc: inDollars(summary.parts),
    rebatesUsdc: dollars(summary.rebates.accrued),
    rebatesReceivedUsdc: dollars(summary.rebates.received),
    ...(summary.unseen === 0 ? {} : { unseenFills: summary.unseen }),
    denials,
    markets: summary.markets.map((market) => ({
      marketId: market.marketId,
      title: market.title,
      state: market.status,
      haltCauses: market.haltCauses,
      ...moneyOf({ ...market, trades: market.fills }),
    })),
    matches: summary.matches.map((match) => ({ matchId: match.matchId, ...moneyOf(match) })),
    strategies: summary.strategies.map((line) => ({ strategy: line.strategyId, ...moneyOf(line) })),
    sources: summary.sources,
    signalGuard: summary.signalGuard,
    ...(summary.realism === undefined ? {} : { realism: summary.realism }),
    ...(summary.scenarios === undefined
      ? {}
      : {
          scenarios: {
            verdict: summary.scenarios.verdict,
            accounts: summary.scenarios.accounts.map(({ pnl, ...rest }) => ({
              ...rest,
              pnlUsdc: dollars(pnl),
            })),
          },
        }),
    whyNot: summary.whyNot.slice(0, 100),
    ...(extras.input === undefined ? {} : { input: extras.input }),
  });
}

/** A line of the account in dollars; `partsUsdc` adds up to `pnlUsdc`. */
function moneyOf(line: PnlLine): Readonly<Record<string, unknown>> {
  return {
    fills: line.trades,
    volumeUsdc: dollars(line.volume),
    feesUsdc: dollars(line.fees),
    realizedUsdc: dollars(line.realized),
    unrealizedUsdc: dollars(line.unrealized),
    unrealizedAtModelUsdc: dollars(line.unrealizedAtModel),
    pnlUsdc: dollars(line.pnl),
    rebatesUsdc: dollars(line.rebates),
    ...(line.unseen === 0 ? {} : { unseenFills: line.unseen }),
    partsUsdc: inDollars(line.parts),
  };
}

function inDollars(parts: PnlParts): Readonly<Record<string, number>> {
  return Object.fromEntries(PNL_PARTS.map((part) => [part, dollars(parts[part])]));
}
