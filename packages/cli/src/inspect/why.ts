import type {
  FeedRow,
  Header,
  LogLine,
  MarketRow,
  PositionRow,
  StopRow,
  WhyNotRow,
} from "@matchpoint/dashboard";
import { formatShares, type Price, type Shares, type Usdc } from "@matchpoint/sdk";
import { cents, count, duration, plain, plural, wrap } from "../report/format.ts";
import { table, type Column } from "../report/table.ts";
import { priceText, readable, stateWord } from "../report/words.ts";
import type { RunView } from "../view/index.ts";

/** Why a market is traded or is not, as a run knew it at one moment. */
export interface Why {
  readonly run: string;
  readonly mode: "paper" | "live";
  /** Unix ms of the run's own time. */
  readonly t: number;
  readonly ended: boolean;
  readonly market: MarketRow;
  readonly title: string;
  /** The strategies that trade it. */
  readonly strategies: readonly string[];
  /** In one sentence each: what keeps it from being traded. */
  readonly because: readonly string[];
  readonly stops: readonly StopRow[];
  readonly feeds: readonly FeedRow[];
  readonly whyNot: readonly WhyNotRow[];
  readonly positions: readonly PositionRow[];
  /** What happened with it last, oldest first. */
  readonly log: readonly LogLine[];
  readonly lacks: readonly string[];
}

const LAST = 12;

/** What a run's view says of a market that it has. */
export function whyOf(view: RunView, marketId: string): Why {
  const tables = view.tables();
  const { run, mode, markets, lacks } = view.hello();
  const market = tables.markets.find(({ id }) => id === marketId)!;
  const { title, match, label } = markets.find(({ id }) => id === marketId)!;
  const of = match === undefined ? label : view.markets.subject(match);
  // Its book is told with its price.
  const feeds = tables.feeds.filter(
    (each) => each.feed !== "book" && (each.of === undefined || each.of === of),
  );
  const stops = tables.stops.filter(({ what, of: whom }) => what !== "market" || whom === market.label);
  const strategies = view.core
    .markets()
    .filter(({ market: each }) => each.marketId === marketId)
    .flatMap(({ bindings }) => bindings.map(({ spec }) => String(spec.id)));
  const whyNot = tables.whyNot.filter((row) => row.market === marketId);
  return {
    run,
    mode,
    t: view.t,
    ended: view.end !== "open",
    market,
    title,
    strategies,
    because: because(market, tables.header, stops, strategies, view.end !== "open"),
    stops,
    feeds: feeds.filter(({ ok }) => !ok),
    whyNot,
    positions: tables.positions.filter((row) => row.market === marketId),
    log: view
      .log()
      .lines.filter((line) => line.market === marketId)
      .slice(-LAST),
    lacks,
  };
}

/** What keeps a market from being traded whatever a strategy wants, the widest first. */
function because(
  market: MarketRow,
  { system, venue }: Header,
  stops: readonly StopRow[],
  strategies: readonly string[],
  ended: boolean,
): readonly string[] {
  const lines: string[] = [];
  if (market.payouts !== undefined) return ["it is resolved: there is nothing left to trade"];
  if (ended) lines.push("the run has ended");
  else if (system !== "READY") lines.push(`the system is ${system}`);
  if (venue !== "OPEN") lines.push(`the venue is ${venue}`);
  for (const { what, of, reason, clears } of stops)
    if (what !== "market")
      lines.push(
        `${what.replace("_", " ")}${of === undefined ? "" : ` of ${of}`}: ${reason}; cleared by ${clears}`,
      );
  for (const { cause, reason, clears } of market.halts)
    lines.push(`halted, ${cause}: ${reason}; cleared by ${clears}`);
  if (market.unproven !== undefined) lines.push(`not traded on match facts: ${market.unproven}`);
  if (market.book !== "live" && market.book !== "synthetic") lines.push(`its book is ${market.book}`);
  if (market.warning !== undefined) lines.push(market.warning);
  if (strategies.length === 0) lines.push("no strategy takes it");
  return lines;
}

/** The same for people. */
export function whyText(why: Why, width: number): readonly string[] {
  const { market, because: reasons, whyNot, log, lacks } = why;
  const at = new Date(why.t).toISOString().replace("T", " ").slice(0, 19);
  const lines = [
    plain(`${market.label}: ${stateWord(market.state)}${sinceText(market.stateSince, why.t)}`),
    ...wrap(plain(`${why.title} · ${market.id}`), width),
    `${why.run} (${why.mode}) at ${at} UTC${why.ended ? ", when it ended" : ""}`,
    "",
    `Traded by: ${why.strategies.join(", ") || "nobody"}`,
    plain(quoteText(market)),
    plain(truthText(market)),
    ...why.positions.map(({ name, shares, cost, mark }) =>
      plain(
        `Holds ${formatShares(shares as Shares)} ${name} for ${cents(cost as Usdc)}, worth ${cents(mark as Usdc)} now`,
      ),
    ),
    "",
    ...(reasons.length === 0
      ? ["Nothing keeps it from being traded but what strategies and limits say:"]
      : ["What keeps it from being traded:", ...reasons.flatMap((each) => item(each, width))]),
    ...why.feeds.flatMap(({ feed, of, health, reason }) =>
      item(`feed ${feed}${of === undefined ? "" : ` (${of})`} is ${health}: ${reason}`, width),
    ),
    "",
  ];
  if (whyNot.length === 0) lines.push("No strategy gave a reason not to trade it, and nothing was denied.");
  else lines.push("What was passed over (skip) and what was denied", ...table(COLUMNS, whyNot, width));
  if (log.length > 0) {
    lines.push("", "What happened last");
    for (const { t, kind, text } of log)
      lines.push(...item(`${new Date(t).toISOString().slice(11, 19)} ${kind}: ${text}`, width));
  }
  for (const lack of lacks) lines.push("", ...wrap(`Not known: ${plain(lack)}`, width));
  return lines;
}

const COLUMNS: readonly Column<WhyNotRow>[] = [
  { title: "TIMES", align: "right", cell: ({ count: times }) => count(times) },
  { title: "KIND", align: "left", cell: ({ kind }) => kind },
  { title: "STRATEGY", align: "left", least: 10, cell: ({ strategy }) => strategy },
  {
    title: "REASON (LAST TIME)",
    align: "left",
    least: 24,
    wrap: true,
    cell: ({ reason, last }) => readable(last === "" ? reason : `${reason} (${last})`),
  },
];

function item(text: string, width: number): string[] {
  return wrap(plain(readable(text)), width - 2).map((line, i) => `${i === 0 ? "- " : "  "}${line}`);
}

function sinceText(since: number | undefined, t: number): string {
  return since === undefined ? "" : ` for ${duration(t - since)}`;
}

function quoteText({ bid, ask, book, bookAgeMs, p, sd, edge }: MarketRow): string {
  const price = (ticks: number | undefined): string =>
    ticks === undefined ? "-" : priceText(ticks as Price);
  const parts = [
    `Book ${book}: ${price(bid)} / ${price(ask)}${bookAgeMs === undefined ? "" : `, changed ${duration(bookAgeMs)} ago`}`,
    ...(p === undefined ? [] : [`model ${p.toFixed(3)}${sd === undefined ? "" : ` ± ${sd.toFixed(3)}`}`]),
    ...(edge === undefined
      ? []
      : [`edge after the fee ${edge >= 0 ? "+" : ""}${(edge * 100).toFixed(1)} cents`]),
  ];
  return parts.join(" · ");
}

function truthText({ truth, series, score, progress, confidence, openOrders }: MarketRow): string {
  const parts = [
    truth === undefined ? "Facts: none" : `Facts: ${truth}`,
    ...(series === undefined ? [] : [`series ${series}`]),
    ...(score === undefined ? [] : [`score ${score}`]),
    ...(progress === undefined ? [] : [progress]),
    ...(confidence === undefined || confidence === 0
      ? []
      : [`believed to be over: ${confidence.toFixed(2)}`]),
    plural(openOrders, "open order"),
  ];
  return parts.join(" · ");
}
