import { PNL_PARTS } from "@matchpoint/sdk";
import type { PnlRow } from "@matchpoint/dashboard";
import { gapOf, matchName, type Gathered } from "./gather.ts";

/** The report as one JSON object; money in dollars, in keys that end with `Usdc`. */
export function reportJson(gathered: Gathered, files: Readonly<Record<string, string>>): string {
  const { runs, accounts, total, verdict, evidence, byMatch, days, earlier, curve, calibration } = gathered;
  const { scenarios, realism } = gathered;
  const [low, high] = evidence.pnlInterval ?? [];
  return JSON.stringify({
    verdict: verdict.verdict,
    binding: verdict.binding?.id ?? null,
    rules: verdict.findings,
    mode: evidence.mode,
    ...moneyOf(total),
    ledgerUsdc: usdc(accounts.reduce((sum, { ledger }) => sum + ledger, 0)),
    ledgerGapUsdc: usdc(evidence.ledgerGap),
    maxDrawdownUsdc: usdc(curve.most),
    matches: byMatch.map(({ name, pnl, trades }) => ({ match: name, fills: trades, pnlUsdc: usdc(pnl) })),
    days: days.map(({ day, pnl }) => ({ day, pnlUsdc: usdc(pnl) })),
    ...(earlier === 0 ? {} : { earlierRunsPnlUsdc: usdc(earlier) }),
    pnlPerMatchIntervalUsdc: low === undefined || high === undefined ? null : [usdc(low), usdc(high)],
    calibration,
    scenarios: scenarios.map(({ pnl, ...rest }) => ({ ...rest, pnlUsdc: usdc(pnl) })),
    scenariosLack: evidence.scenariosLack ?? null,
    realism,
    realismOff: evidence.realismOff,
    realismWeakened: evidence.realismWeakened,
    runs: runs.map((run, i) => ({
      run: run.view.started.runId,
      journal: run.file,
      ended: run.reason ?? null,
      torn: run.torn !== undefined,
      lacks: run.view.lacks,
      hashes: run.hashes,
      ...moneyOf(accounts[i]!.total),
      ledgerGapUsdc: usdc(gapOf(accounts[i]!)),
      rows: accounts[i]!.rows.map((row) => ({
        market: row.market,
        label: row.label,
        match: matchName(run, row.market).id,
        strategy: row.strategy,
        ...moneyOf(row),
      })),
      latency: run.view.tables().latency,
      whyNot: run.view.tables().whyNot,
    })),
    files,
  });
}

function moneyOf({
  trades,
  volume,
  fees,
  realized,
  unrealized,
  pnl,
  parts,
}: PnlRow): Record<string, unknown> {
  return {
    fills: trades,
    volumeUsdc: usdc(volume),
    feesUsdc: usdc(fees),
    realizedUsdc: usdc(realized),
    unrealizedUsdc: usdc(unrealized),
    pnlUsdc: usdc(pnl),
    partsUsdc: Object.fromEntries(PNL_PARTS.map((part) => [part, usdc(parts[part])])),
  };
}

function usdc(micros: number): number {
  return Math.round(micros) / 1_000_000;
}
