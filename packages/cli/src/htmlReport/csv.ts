import { PNL_PARTS, type MarketId, type Outcome, type StrategyId } from "@matchpoint/sdk";
import { matchName, type Gathered } from "./gather.ts";
import type { ReadRun } from "./readRun.ts";

/** A file of the report: its name's end, and what is in it. */
export interface CsvFile {
  readonly name: "fills" | "orders" | "equity" | "attribution";
  readonly text: string;
}

type Value = string | number | boolean | null | undefined;

/** What a spreadsheet takes for a formula; names of teams and markets come from anybody. */
const FORMULA = /^[\t\r ]*[=+\-@]/;
const MONEY = 1_000_000;

/** The tables beside the report, whole (the curve as it was kept: of each stretch of time its extremes). */
export function csvFiles({ runs, accounts }: Gathered): readonly CsvFile[] {
  return [
    { name: "fills", text: csv(FILLS, runs.flatMap(fillLines)) },
    { name: "orders", text: csv(ORDERS, runs.flatMap(orderLines)) },
    { name: "equity", text: csv(EQUITY, runs.flatMap(equityLines)) },
    {
      name: "attribution",
      text: csv(
        ATTRIBUTION,
        runs.flatMap((run, i) =>
          accounts[i]!.rows.map((row): Value[] => [
            run.view.started.runId,
            row.strategy,
            row.market,
            row.label,
            matchName(run, row.market).id,
            row.trades,
            ...[row.volume, row.fees, row.realized, row.unrealized, row.pnl].map(micros),
            ...PNL_PARTS.map((part) => micros(row.parts[part])),
          ]),
        ),
      ),
    },
  ];
}

const FILLS =
  "run,time,trade_id,order_id,intent_id,strategy,market_id,market,outcome,outcome_name,side,liquidity,price,shares,cost_usdc,fee_usdc,status";
const ORDERS =
  "run,time,intent_id,order_id,strategy,market_id,market,outcome,outcome_name,side,type,post_only,purpose,limit,shares,matched,status,code,detail,reason,last_time";
const EQUITY = "run,time,equity_usdc,drawdown_usdc,realized_usdc,exposure_usdc";
const ATTRIBUTION = `run,strategy,market_id,market,match,fills,volume_usdc,fees_usdc,realized_usdc,unrealized_usdc,pnl_usdc,${PNL_PARTS.map((part) => `part_${part.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_usdc`).join(",")}`;

function fillLines(run: ReadRun): Value[][] {
  return run.fills.map(({ t, trade, intent }) => [
    run.view.started.runId,
    time(t),
    trade.tradeId,
    trade.orderId,
    intent?.intentId,
    intent?.strategyId,
    ...place(run, trade.marketId, trade.outcome),
    trade.side,
    trade.liquidity,
    price(trade.price),
    micros(trade.size),
    micros(trade.cost),
    micros(trade.fee),
    trade.status,
  ]);
}

function orderLines(run: ReadRun): Value[][] {
  return run.orders.map(({ intent, t, orderId, status, matched, code, detail, lastT }) => [
    run.view.started.runId,
    time(t),
    intent.intentId,
    orderId,
    intent.strategyId satisfies StrategyId,
    ...place(run, intent.marketId, intent.outcome),
    intent.side,
    intent.orderType,
    intent.postOnly,
    intent.purpose,
    price(intent.limit),
    micros(intent.size),
    micros(matched),
    status,
    code,
    detail,
    intent.reason,
    time(lastT),
  ]);
}

function equityLines(run: ReadRun): Value[][] {
  const { t, equity, drawdown, realized, exposure } = run.view.equity().frame.points;
  const value = (column: readonly (number | null)[], i: number): Value => {
    const each = column[i];
    return each === null || each === undefined ? null : micros(each);
  };
  return t.map((at, i) => [
    run.view.started.runId,
    time(at),
    value(equity, i),
    value(drawdown, i),
    value(realized, i),
    value(exposure, i),
  ]);
}

function place(run: ReadRun, marketId: MarketId, outcome: Outcome): readonly Value[] {
  const { core, markets } = run.view;
  const name = core.market(marketId)?.market.outcomes[outcome].name;
  return [marketId, markets.label(marketId), outcome, name];
}

function time(at: number): string {
  return new Date(at).toISOString();
}

/** Millionths, exactly: a number of its own that no formula can hide in. */
function micros(value: number): number {
  return value / MONEY;
}

function price(ticks: number): number {
  return ticks / 10_000;
}

function csv(head: string, rows: readonly (readonly Value[])[]): string {
  return `${[head, ...rows.map((row) => row.map(cell).join(","))].join("\r\n")}\r\n`;
}

/** A cell by RFC 4180; a text that a spreadsheet would run gets an apostrophe before it. */
export function cell(value: Value): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return decimal(value);
  if (typeof value === "boolean") return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Never with an exponent: 0.000001 is a micro-dollar. */
function decimal(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(6).replace(/0+$/, "");
}
