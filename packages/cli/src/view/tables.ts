import type {
  Attribution,
  FeedRow,
  Header,
  MarketRow,
  PnlRow,
  PositionRow,
  StopRow,
  WhyNotRow,
} from "@matchpoint/dashboard";
import {
  PRICE_ONE,
  type Core,
  type MarketEntry,
  type Mode,
  type Nanos,
  type Outcome,
  type Pnl,
  type PnlLine,
  type Price,
  type Shares,
} from "@matchpoint/sdk";
import type { MarketList } from "../report/labels.ts";
import { edgeOf } from "./track.ts";
import { exposureOf } from "./exposure.ts";

/** What tables are made of. */
export interface TableSource {
  readonly core: Core;
  readonly mode: Mode;
  readonly markets: MarketList;
  readonly pnl: Pnl;
  /** The run's time of a monotonic one. */
  readonly at: (nanos: Nanos) => number;
  readonly t: number;
}

const DENIED = "denied: ";
const CENT = 100;
const WHY_NOT = 300;
/** Clauses on what happens when it does not come as everybody expects. */
const UNUSUAL: ReadonlySet<string> = new Set([
  "not_held",
  "forfeit_after_start",
  "walkover_before_start",
  "incomplete_game",
  "fallback_source",
]);

export function marketRows({ core, markets, pnl, at, t }: TableSource): readonly MarketRow[] {
  return markets.entries.map((entry): MarketRow => {
    const { market, book, truth, trading, payouts, fee, resolution } = entry;
    const { marketId } = market;
    const [bid, ask] = [book.bid(0), book.ask(0)];
    const both = bid > 0 && ask < PRICE_ONE;
    const [edge, edgeOutcome] = bestEdge(entry);
    const held = [0, 1].map((outcome) => core.ledger.position(marketId, outcome as Outcome).matched);
    const flaw = resolution?.ok === false ? resolution.findings.map(({ why }) => why).join("; ") : undefined;
    const warning = market.disputed === true ? "the outcome that was proposed is disputed" : flaw;
    return {
      id: marketId,
      label: markets.label(marketId),
      ...(truth === undefined ? {} : scores(entry)),
      ...(truth === undefined
        ? { unproven: market.unproven ?? "nobody has stated what it is about" }
        : {
            truth: truth.own.status,
            confidence: truth.own.posterior,
            singleSource: truth.own.singleSource,
            p: truth.pOf(0),
            sd: truth.sd,
          }),
      ...(bid > 0 ? { bid } : {}),
      ...(ask < PRICE_ONE ? { ask } : {}),
      ...(both ? { mid: (bid + ask) / 2 / PRICE_ONE } : {}),
      ...(edge === undefined ? {} : { edge, edgeOutcome }),
      liquidity: liquidityOf(entry),
      takerDelayMs: market.takerDelayMs,
      feePpm: fee.ratePpm,
      book: book.status,
      ...(book.updatedAt === 0 ? {} : { bookAgeMs: Math.max(0, t - at(book.updatedAt)) }),
      state: trading.status,
      stateSince: at(trading.since),
      halts: trading.halts.map(({ cause, since, reason, clears, until }) => ({
        cause,
        since: at(since),
        reason,
        clears,
        ...(until === undefined ? {} : { until: at(until) }),
      })),
      ...(payouts === undefined ? {} : { payouts }),
      ...(warning === undefined ? {} : { warning }),
      held: [held[0]!, held[1]!],
      openOrders: core.orders.open(marketId).length,
      pnl: pnl.markets.get(marketId)?.pnl ?? 0,
    };
  });
}

function bestEdge(entry: MarketEntry): readonly [number, Outcome] | readonly [undefined, undefined] {
  const [first, second] = [edgeOf(entry, 0), edgeOf(entry, 1)];
  if (first === undefined && second === undefined) return [undefined, undefined];
  return (first ?? -Infinity) >= (second ?? -Infinity) ? [first!, 0] : [second!, 1];
}

/** Scores in the order of the market's outcomes, and where the game stands. */
function scores({
  market: { subject },
  truth,
}: MarketEntry): Pick<MarketRow, "series" | "score" | "progress"> {
  if (truth === undefined || subject === undefined) return {};
  const [first, second] = subject.teamOf;
  const pair = (of: readonly [number, number]): string => `${of[first]}-${of[second]}`;
  const { progress, match } = truth;
  const minutes = progress?.clockMs === undefined ? [] : [`${Math.floor(progress.clockMs / 60_000)}'`];
  const lead = progress?.gold === undefined ? 0 : progress.gold[first] - progress.gold[second];
  const gold =
    progress?.gold === undefined ? [] : [`gold ${lead >= 0 ? "+" : ""}${(lead / 1_000).toFixed(1)}k`];
  const round = progress?.round === undefined ? [] : [`round ${progress.round}`];
  const words = [...minutes, ...round, ...gold].join(" ");
  return {
    series: pair(match.maps),
    ...(progress?.score === undefined ? {} : { score: pair(progress.score) }),
    ...(words === "" ? {} : { progress: words }),
  };
}

/** Shares of both sides within a cent of the best prices. */
function liquidityOf({ book }: MarketEntry): Shares {
  const [bid, ask] = [book.bid(0), book.ask(0)];
  const sells = bid > 0 ? book.depth(0, "sell", Math.max(1, bid - CENT) as Price) : 0;
  const buys = ask < PRICE_ONE ? book.depth(0, "buy", Math.min(PRICE_ONE - 1, ask + CENT) as Price) : 0;
  return (sells + buys) as Shares;
}

export function positionRows({ core, markets }: TableSource): readonly PositionRow[] {
  return markets.entries.flatMap((entry) => {
    const { market, payouts, chain, truth, resolution } = entry;
    const mark = core.mark(market.marketId);
    return ([0, 1] as const).flatMap((outcome): PositionRow[] => {
      const { matched, settled, cost } = core.ledger.position(market.marketId, outcome);
      if (matched === 0 && settled === 0) return [];
      const worth = mark?.worth(outcome, matched) ?? cost;
      const fair = truth === undefined || mark === undefined ? undefined : mark.fair[outcome];
      const clauses =
        resolution?.ok === true
          ? resolution.clauses.filter(({ kind }) => UNUSUAL.has(kind)).map(({ sentence }) => sentence)
          : [];
      const flaws = resolution?.ok === false ? resolution.findings.map(({ why }) => why) : [];
      const clause = [...clauses, ...flaws].join("; ");
      return [
        {
          market: market.marketId,
          label: markets.label(market.marketId),
          outcome,
          name: market.outcomes[outcome].name,
          shares: matched,
          settled,
          settlement: settlementOf(
            market.disputed === true,
            chain?.kind,
            payouts !== undefined,
            settled < matched,
          ),
          cost,
          mark: worth,
          ...(fair === undefined ? {} : { atModel: Math.floor((matched * fair) / 1_000_000) }),
          maxLoss: Math.max(0, cost),
          ...(market.rules === undefined ? {} : { rules: market.rules }),
          ...(clause === "" ? {} : { clause }),
          ...(market.startsAt === undefined ? {} : { startsAt: market.startsAt }),
        },
      ];
    });
  });
}

function settlementOf(
  disputed: boolean,
  chain: "merge" | "split" | "redeem" | undefined,
  known: boolean,
  waits: boolean,
): PositionRow["settlement"] {
  if (disputed) return "disputed";
  if (chain === "redeem") return "redeeming";
  if (chain === "merge") return "merging";
  if (waits) return "matched";
  return known ? "redeemable" : "settled";
}

export function attributionOf({ core, markets, pnl }: TableSource): Attribution {
  const { ledger } = core;
  return {
    total: pnlRow(pnl.total),
    rows: pnl.cells.map((cell) => ({
      market: cell.marketId,
      label: markets.label(cell.marketId),
      strategy: cell.strategyId,
      ...pnlRow(cell),
    })),
    // Another way to the same sum: the account's own value, by the ledger's cash and marks.
    ledger: ledger.equity((marketId) => core.mark(marketId)) - ledger.deposits - pnl.rebates.received,
    rebatesDue: pnl.rebates.due,
  };
}

function pnlRow({ trades, volume, fees, realized, unrealized, pnl, parts }: PnlLine): PnlRow {
  return { trades, volume, fees, realized, unrealized, pnl, parts };
}

export function whyNotRows({ core, markets }: TableSource): readonly WhyNotRow[] {
  const rows = core.markets().flatMap(({ market, bindings }) =>
    bindings.flatMap(({ spec, skips }) =>
      skips.list().map(({ reason, count, last }): WhyNotRow => {
        const denied = reason.startsWith(DENIED);
        return {
          strategy: spec.id,
          market: market.marketId,
          label: markets.label(market.marketId),
          kind: denied ? "denied" : "skip",
          reason: denied ? reason.slice(DENIED.length) : reason,
          count,
          last: words(last),
        };
      }),
    ),
  );
  return rows.sort((a, b) => b.count - a.count).slice(0, WHY_NOT);
}

/** What was said with a reason the last time, in short. */
function words(last: Readonly<Record<string, unknown>> | undefined): string {
  return Object.entries(last ?? {})
    .flatMap(([key, value]) => {
      if (typeof value === "string") return [key === "detail" ? value : `${key} ${value}`];
      if (typeof value !== "number") return [];
      return [`${key} ${Number.isInteger(value) ? value : value.toFixed(4)}`];
    })
    .join(", ");
}

export function stopRows({ core, markets, at }: TableSource): readonly StopRow[] {
  const { killed, strategies, halts, loss } = core.risk;
  const resume = "an operator's resume, on the machine itself";
  const entries = core.system.restriction === "stop_entry";
  return [
    ...(killed === undefined
      ? []
      : [
          {
            what: "kill" as const,
            reason: killed.reason,
            since: at(killed.at),
            clears: `${resume}, not before its cool-down`,
          },
        ]),
    ...(entries ? [{ what: "stop_entry" as const, reason: "entries are stopped", clears: resume }] : []),
    ...(loss.stopped === undefined
      ? []
      : [{ what: "day_loss" as const, reason: loss.stopped, clears: "the end of the day (UTC)" }]),
    ...strategies.map(({ strategyId, at: since, reason }) => ({
      what: "strategy" as const,
      of: strategyId,
      reason,
      since: at(since),
      clears: resume,
    })),
    ...halts.map(({ marketId, causes }) => ({
      what: "market" as const,
      of: markets.label(marketId),
      reason: causes.map(({ cause }) => cause).join(", "),
      ...(causes[0] === undefined ? {} : { since: at(causes[0].since) }),
      clears: causes.map(({ clears }) => clears).join("; "),
    })),
  ];
}

/** What the header says beside what is asked of the feeds and of time. */
export function headerOf(
  { core, mode, pnl }: TableSource,
  feeds: readonly FeedRow[],
  drawdown: number,
  around: Pick<Header, "uptimeMs"> & { readonly skewMs: number | undefined },
): Header {
  const { counts, ledger, risk } = core;
  const { skewMs, uptimeMs } = around;
  let skipped = 0;
  for (const { bindings } of core.markets()) for (const { skips } of bindings) skipped += skips.total;
  return {
    mode,
    system: core.system.status,
    killed: core.system.latched,
    venue: core.venueMode,
    feedsOk: feeds.filter(({ ok }) => ok).length,
    feeds: feeds.length,
    ...(skewMs === undefined ? {} : { skewMs }),
    exposure: exposureOf(core),
    today: risk.loss.realizedToday + pnl.total.unrealized,
    pnl: pnl.total.pnl,
    equity: pnl.equity,
    cash: ledger.cash,
    drawdown,
    openOrders: core.orders.openCount,
    fills: counts.fills,
    orders: counts.orders,
    denied: counts.denied,
    skipped: Math.max(0, skipped - counts.denied),
    alarms: counts.alarms,
    events: counts.events,
    uptimeMs,
  };
}
