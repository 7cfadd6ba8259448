import {
  formatShares,
  type MarketEntry,
  type Price,
  type RunSummary,
  type Runtime,
  type Shares,
} from "@matchpoint/sdk";
import { cents, clipMiddle, plain, plural } from "./format.ts";
import { listMarkets } from "./labels.ts";
import { progressText, type Progress } from "./progressLine.ts";
import type { FeedState } from "./runLog.ts";
import { sourceLine } from "./sourceLines.ts";
import { table, type Column } from "./table.ts";
import { priceText, stateWord } from "./words.ts";

/** Feeds in trouble that are shown above the markets. */
const TROUBLED = 3;

/** The live status of a run: two lines on the whole, one for each feed in trouble, one row per market. */
export function statusTable(
  runtime: Runtime,
  progress: Progress,
  width: number,
  troubled: readonly FeedState[],
): string[] {
  const summary = runtime.summary();
  const markets = listMarkets(runtime.core);
  const { match } = markets;
  const lags = sourceLine(summary);
  const system = runtime.core.system.status;
  const facts = [
    `${runtime.mode.toUpperCase()}${system === "READY" ? "" : ` ${system}`}`,
    ...(match === undefined ? [] : [`${match.teams[0].name} v ${match.teams[1].name}`]),
    plural(summary.orders, "order"),
    plural(summary.fills, "fill"),
    `P&L ${cents(summary.pnl, true)}`,
  ];
  return [
    progressText(progress, true),
    facts.join("  "),
    ...(lags === undefined ? [] : [clipMiddle(plain(lags), width)]),
    ...troubleLines(troubled, width),
    "",
    ...table(
      columns(runtime, summary, (entry) => markets.label(entry)),
      markets.entries,
      width,
    ),
  ];
}

/** One line for each feed that is not sound, with its reason; the same said of many markets is one line. */
function troubleLines(troubled: readonly FeedState[], width: number): string[] {
  const lines = new Set(
    troubled.map(({ feed, health, reason }) => clipMiddle(plain(`${feed} ${health}: ${reason}`), width)),
  );
  return [...lines].slice(0, TROUBLED);
}

function columns(
  runtime: Runtime,
  summary: RunSummary,
  label: (marketId: MarketEntry["market"]["marketId"]) => string,
): readonly Column<MarketEntry>[] {
  const pnl = new Map(summary.markets.map((market) => [market.marketId, market.pnl]));
  return [
    { title: "MARKET", align: "left", least: 8, middle: true, cell: ({ market }) => label(market.marketId) },
    { title: "SCORE", align: "right", cell: score },
    { title: "TRUTH", align: "left", least: 9, cell: ({ truth }) => truth?.own.status ?? "unproven" },
    { title: "MID", align: "right", cell: mid },
    { title: "IMPLIED", align: "right", cell: ({ truth }) => truth?.pOf(0).toFixed(3) ?? "-" },
    { title: "POSITION", align: "right", cell: (entry) => position(runtime, entry) },
    { title: "P&L", align: "right", cell: ({ market }) => cents(pnl.get(market.marketId)!, true) },
    { title: "STATE", align: "left", least: 8, cell: state },
  ];
}

function score(entry: MarketEntry): string {
  const { truth } = entry;
  const { subject } = entry.market;
  if (truth === undefined || subject === undefined) return "-";
  const pair = subject.kind === "game" ? truth.progress?.score : truth.match.maps;
  if (pair === undefined) return "-";
  const [first, second] = subject.teamOf;
  return `${pair[first]}-${pair[second]}`;
}

function mid({ payouts, book }: MarketEntry): string {
  if (payouts !== undefined) return `pays ${payouts[0] / 1_000_000}`;
  const bid = book.bid(0);
  const ask = book.ask(0);
  // The middle may lie between two ticks.
  const finer = (book.tick / 10) as Price;
  return bid === 0 || ask === 10_000 ? "-" : priceText(Math.round((bid + ask) / 2) as Price, finer);
}

/** Shares of the first and of the second outcome, to a tenth. */
function position(runtime: Runtime, { market }: MarketEntry): string {
  const [first, second] = ([0, 1] as const).map(
    (outcome) => runtime.core.ledger.position(market.marketId, outcome).matched,
  );
  return first === 0 && second === 0 ? "-" : `${shares(first!)}/${shares(second!)}`;
}

function shares(size: Shares): string {
  return formatShares((Math.round(size / 100_000) * 100_000) as Shares);
}

/** A market's trading state with what halts it. */
export function state({ trading }: MarketEntry): string {
  const causes = [...trading.causes];
  return causes.length === 0 ? stateWord(trading.status) : `${trading.status}: ${causes.join(", ")}`;
}
