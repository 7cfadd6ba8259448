import type { FeedRow, Header, LogLine, MarketRow, StopRow, TablesFrame } from "@matchpoint/dashboard";
import { formatShares, type Price, type Shares, type Usdc } from "@matchpoint/sdk";
import type { Io } from "../io.ts";
import { coloured } from "../report/colour.ts";
import { cents, clip, clipMiddle, count, duration, plain, plural } from "../report/format.ts";
import { table, type Column } from "../report/table.ts";
import { priceText, stateWord } from "../report/words.ts";
import type { RunView } from "../view/index.ts";

/** A run at one moment, for a terminal. */
export interface Board {
  readonly run: string;
  readonly t: number;
  readonly end: RunView["end"];
  /** Whether the run's process is there; absent: not known. */
  readonly alive?: boolean;
  readonly tables: TablesFrame;
  readonly log: readonly LogLine[];
  readonly lacks: readonly string[];
}

const FEEDS = 4;
const LINES = 8;

/** What a view shows now. */
export function boardOf(view: RunView, alive: boolean | undefined): Board {
  return {
    run: view.started.runId,
    t: view.t,
    end: view.end,
    ...(alive === undefined ? {} : { alive }),
    tables: view.tables(),
    log: view.log().lines.slice(-LINES),
    lacks: view.lacks,
  };
}

/** The board's lines. `behindMs`: how long ago the run last wrote anything. */
export function boardLines(board: Board, behindMs: number | undefined, io: Io): readonly string[] {
  const { tables, log, lacks } = board;
  const { header, markets, feeds, stops } = tables;
  const width = io.columns;
  const [titles = "", ...rows] = table(COLUMNS, markets, width);
  return [
    ...headerLines(board, behindMs).map((line) =>
      coloured(io, header.killed || header.mode === "live" ? "bad" : "good", clip(line, width)),
    ),
    clip(moneyLine(header), width),
    ...stopLines(stops).map((line) => coloured(io, "bad", clip(line, width))),
    ...feedLines(feeds).map((line) => coloured(io, "warn", clipMiddle(line, width))),
    "",
    ...(markets.length === 0
      ? ["No market yet"]
      : [coloured(io, "title", titles), ...rows.map((row, i) => coloured(io, toneOf(markets[i]), row))]),
    "",
    ...log.map((line) => coloured(io, LEVELS[line.level], clip(logLine(line), width))),
    ...lacks.map((lack) => coloured(io, "faint", clip(`Not known: ${plain(lack)}`, width))),
  ];
}

const LEVELS = { info: "faint", warn: "warn", error: "bad" } as const;

function toneOf(market: MarketRow | undefined): "faint" | "warn" | "good" {
  if (market?.payouts !== undefined) return "faint";
  return (market?.halts.length ?? 0) > 0 ? "warn" : "good";
}

function headerLines({ run, end, alive, tables: { header } }: Board, behindMs: number | undefined): string[] {
  const gone = end === "open" && alive === false;
  const state = end !== "open" ? "ENDED" : gone ? "ITS PROCESS IS GONE" : header.system;
  const parts = [
    header.mode.toUpperCase(),
    ...(header.killed ? ["KILLED"] : []),
    state,
    `venue ${header.venue}`,
    `feeds ok ${header.feedsOk}/${header.feeds}`,
    ...(header.skewMs === undefined
      ? []
      : [`clock ${header.skewMs >= 0 ? "+" : ""}${Math.round(header.skewMs)} ms`]),
    `up ${duration(header.uptimeMs)}`,
    ...(behindMs === undefined || end !== "open" ? [] : [`last event ${duration(behindMs)} ago`]),
    run,
  ];
  return [parts.join("  ")];
}

function moneyLine(header: Header): string {
  const { pnl, today, exposure, equity, drawdown, openOrders, orders, fills, denied } = header;
  return [
    `P&L ${cents(pnl as Usdc, true)} (today ${cents(today as Usdc, true)})`,
    `equity ${cents(equity as Usdc)}`,
    `drawdown ${cents(drawdown as Usdc)}`,
    `exposure ${cents(exposure as Usdc)}`,
    `${plural(openOrders, "open order")} of ${count(orders)}`,
    plural(fills, "fill"),
    `${count(denied)} denied`,
  ].join("  ");
}

function stopLines(stops: readonly StopRow[]): string[] {
  return stops
    .filter(({ what }) => what !== "market")
    .map(({ what, of, reason, clears }) =>
      plain(
        `STOPPED ${what.replace("_", " ")}${of === undefined ? "" : ` ${of}`}: ${reason}; cleared by ${clears}`,
      ),
    );
}

function feedLines(feeds: readonly FeedRow[]): string[] {
  const bad = feeds.filter(({ ok }) => !ok);
  const lines = bad
    .slice(0, FEEDS)
    .map(({ feed, of, health, reason }) =>
      plain(`${feed}${of === undefined ? "" : ` ${of}`} ${health}${reason === "" ? "" : `: ${reason}`}`),
    );
  return bad.length > FEEDS ? [...lines, `and ${plural(bad.length - FEEDS, "more feed")}`] : lines;
}

const COLUMNS: readonly Column<MarketRow>[] = [
  { title: "MARKET", align: "left", least: 8, middle: true, cell: ({ label }) => label },
  { title: "SCORE", align: "right", cell: ({ score, series }) => score ?? series ?? "-" },
  { title: "TRUTH", align: "left", least: 8, cell: ({ truth }) => truth ?? "unproven" },
  { title: "BID", align: "right", cell: ({ bid }) => price(bid) },
  { title: "ASK", align: "right", cell: ({ ask }) => price(ask) },
  { title: "MODEL", align: "right", cell: ({ p }) => p?.toFixed(3) ?? "-" },
  {
    title: "EDGE",
    align: "right",
    cell: ({ edge }) => (edge === undefined ? "-" : `${edge >= 0 ? "+" : ""}${(edge * 100).toFixed(1)}c`),
  },
  { title: "HELD", align: "right", cell: ({ held }) => heldText(held) },
  { title: "ORDERS", align: "right", cell: ({ openOrders }) => (openOrders === 0 ? "-" : count(openOrders)) },
  { title: "P&L", align: "right", cell: ({ pnl }) => cents(pnl as Usdc, true) },
  { title: "STATE", align: "left", least: 8, cell: stateText },
];

function stateText({ state, halts, payouts }: MarketRow): string {
  if (payouts !== undefined) return `pays ${payouts[0] / 1_000_000}`;
  return halts.length === 0 ? stateWord(state) : `${state}: ${halts.map(({ cause }) => cause).join(", ")}`;
}

function price(ticks: number | undefined): string {
  return ticks === undefined ? "-" : priceText(ticks as Price);
}

function heldText([first, second]: MarketRow["held"]): string {
  const text = (shares: number): string => formatShares((Math.round(shares / 100_000) * 100_000) as Shares);
  return first === 0 && second === 0 ? "-" : `${text(first)}/${text(second)}`;
}

function logLine({ t, kind, text }: LogLine): string {
  return plain(`${new Date(t).toISOString().slice(11, 19)} ${kind}: ${text}`);
}
