import { formatPrice, formatShares, type MarketEntry, type Price, type Runtime, type Shares, type Usdc } from "@matchpoint/sdk";
import { clipMiddle, count, duration, money, table } from "./format.ts";

/** Where a run stands, for the line above the table. */
export interface Progress {
  /** 0 to 1, when the length is known. */
  readonly fraction: number | undefined;
  /** Virtual time since the run began, ms. */
  readonly elapsedMs: number;
  /** Events per second of wall time. */
  readonly rate: number;
  /** Wall milliseconds to go, when the length is known. */
  readonly etaMs: number | undefined;
}

/** The live status of a run: one line of state, one row per market. */
export function statusTable(runtime: Runtime, progress: Progress): string {
  const { core } = runtime;
  const summary = runtime.summary();
  const pnl = new Map(summary.markets.map((market) => [market.marketId, market.pnl]));
  const head =
    `${runtime.mode.toUpperCase()}  ${progressText(progress)}  ` +
    `orders ${count(summary.orders)}  fills ${count(summary.fills)}  P&L ${money(summary.pnl, true)}`;
  const rows = table<MarketEntry>(
    [
      { title: "MARKET", align: "left", max: 34, cell: (entry) => clipMiddle(entry.market.title, 34) },
      { title: "SCORE", align: "right", cell: score },
      { title: "TRUTH", align: "left", cell: (entry) => entry.truth?.own.status ?? "unproven" },
      { title: "MID", align: "right", cell: mid },
      { title: "P", align: "right", cell: (entry) => entry.truth?.pOf(0).toFixed(3) ?? "-" },
      { title: "POSITION", align: "right", cell: (entry) => position(runtime, entry) },
      { title: "P&L", align: "right", cell: (entry) => money(pnl.get(entry.market.marketId) ?? (0 as Usdc), true) },
      { title: "STATE", align: "left", cell: state },
    ],
    core.markets(),
  );
  return [head, ...rows].join("\n");
}

/** Progress in words: share done, rate and time to go. */
export function progressText(progress: Progress): string {
  const done = progress.fraction === undefined ? "" : `${Math.floor(progress.fraction * 100)}%  `;
  const eta = progress.etaMs === undefined ? "" : `  ${duration(progress.etaMs)} to go`;
  return `${done}${duration(progress.elapsedMs)}  ${count(Math.round(progress.rate))} events/s${eta}`;
}

function score(entry: MarketEntry): string {
  const { truth } = entry;
  if (truth === undefined) return "-";
  const subject = entry.market.subject;
  const pair = subject?.kind === "game" ? truth.progress?.score : truth.match.maps;
  if (pair === undefined) return "-";
  const [first, second] = subject!.teamOf;
  return `${pair[first]}-${pair[second]}`;
}

function mid(entry: MarketEntry): string {
  const bid = entry.book.bid(0);
  const ask = entry.book.ask(0);
  if (entry.payouts !== undefined) return `pays ${entry.payouts[0] / 1_000_000}`;
  return bid === 0 || ask === 10_000 ? "-" : formatPrice(Math.round((bid + ask) / 2) as Price);
}

function position(runtime: Runtime, entry: MarketEntry): string {
  const held = ([0, 1] as const).map((outcome) => runtime.core.ledger.position(entry.market.marketId, outcome).matched);
  const [yes, no] = held as [Shares, Shares];
  if (yes === 0 && no === 0) return "-";
  return `${formatShares(yes)}/${formatShares(no)}`;
}

function state(entry: MarketEntry): string {
  const causes = [...entry.trading.causes];
  return causes.length === 0 ? entry.trading.status : `${entry.trading.status} (${causes.join(", ")})`;
}
