import type {
  Attribution,
  Calibration,
  LatencyRow,
  Parts,
  PnlRow,
  PositionRow,
  TablesFrame,
  WhyNotRow,
} from "../../src/frames.ts";
import { FROM, random, SOURCES, type FakeMarket } from "./fakeRun.ts";

const SHARE = 1_000_000;

/** The tables of a made-up run, consistent with each other where the page checks it. */
export function tablesOf(
  markets: readonly FakeMarket[],
  killed: boolean,
  stopped: boolean,
  broken = false,
): TablesFrame {
  const t = Math.max(FROM, ...markets.map((market) => market.t));
  const rows = markets.map((market) => market.row());
  const attribution = attributionOf(markets, broken);
  const pnl = attribution.total.pnl;
  const halted = markets.filter((market) => market.halted).length;
  return {
    type: "tables",
    t,
    header: {
      mode: "paper",
      system: killed ? "HALTED" : stopped ? "STOP_ENTRY" : "READY",
      killed,
      venue: "OPEN",
      feedsOk: SOURCES.length + markets.length - halted,
      feeds: SOURCES.length + markets.length,
      skewMs: 3,
      exposure: 214_370_000,
      today: pnl,
      pnl,
      equity: 1_000_000_000 + pnl,
      cash: 802_114_310,
      drawdown: 2_410_000,
      openOrders: killed ? 0 : rows.reduce((sum, row) => sum + row.openOrders, 0),
      fills: markets.reduce(
        (sum, market) => sum + market.marks.filter(({ kind }) => kind === "fill").length,
        0,
      ),
      orders: 96,
      denied: 31,
      skipped: 18_204,
      alarms: killed ? 1 : 0,
      events: 241_031,
      uptimeMs: t - FROM,
    },
    feeds: [
      ...SOURCES.map((feed, i) => ({
        feed,
        of: "Aurora v Bastion",
        health: i === 0 && halted > 0 ? "stale" : "live",
        ok: !(i === 0 && halted > 0),
        reason: i === 0 && halted > 0 ? "has said nothing for 15 s" : "",
        since: FROM + 4_000,
        last: t - 700 * (i + 1),
      })),
      { feed: "market socket", health: "live", ok: true, reason: "", since: FROM, last: t - 40 },
    ],
    markets: rows,
    positions: positionsOf(markets),
    attribution,
    latency: markets.length === 0 ? [] : latencyOf(),
    race: SOURCES.map((source, i) => ({
      source,
      tier: ["official", "licensed", "scrape"][i]!,
      claims: 412 - i * 61,
      first: [38, 9, 1][i]!,
      races: 48,
      ...(i === 0
        ? { behindP50Ms: 310, behindP90Ms: 900 }
        : { behindP50Ms: 2_400 * i, behindP90Ms: 7_100 * i }),
      ...(i === 2 ? {} : { lagMs: 800 + 3_000 * i }),
      mayTake: i < 2,
    })),
    calibration: markets.length === 0 ? { n: 0, markets: 0, bins: [] } : calibrationOf(),
    whyNot: markets.length === 0 ? [] : whyNotOf(markets),
    stops: [
      ...(killed
        ? [
            {
              what: "kill" as const,
              reason: "typed in the page: losing feed",
              since: t - 4_000,
              clears: "matchpoint resume --reason ... in a terminal",
            },
          ]
        : []),
      ...(stopped
        ? [
            {
              what: "stop_entry" as const,
              reason: "end of the evening",
              since: t - 4_000,
              clears: "matchpoint resume",
            },
          ]
        : []),
    ],
  };
}

function attributionOf(markets: readonly FakeMarket[], broken: boolean): Attribution {
  const rows = markets
    .filter((market) => market.marks.some(({ kind }) => kind === "fill"))
    .map((market) => {
      const edge = Math.abs(market.pnl) + 2_310_000;
      const parts: Parts = {
        edge,
        legLoss: 0,
        slippage: -410_000,
        fees: -320_113,
        after5s: -230_000,
        after30s: 180_001,
        settlement: market.pnl - edge + 410_000 + 320_113 + 230_000 - 180_001 + 90_000 - 1,
        conversion: 0,
        exit: -90_000,
        rounding: 1,
      };
      const fills = market.marks.filter(({ kind }) => kind === "fill").length;
      return {
        market: market.id,
        label: market.label,
        strategy: "temporal-arb",
        trades: fills,
        volume: fills * 21_300_000,
        fees: 320_113,
        realized: Math.round(market.pnl * 0.6),
        unrealized: market.pnl - Math.round(market.pnl * 0.6),
        pnl: market.pnl,
        parts,
      };
    });
  const sum = (of: (row: PnlRow) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const parts = Object.fromEntries(
    Object.keys(rows[0]?.parts ?? {}).map((part) => [part, sum((row) => row.parts[part as keyof Parts])]),
  ) as unknown as Parts;
  const total: PnlRow = {
    trades: sum((row) => row.trades),
    volume: sum((row) => row.volume),
    fees: sum((row) => row.fees),
    realized: sum((row) => row.realized),
    unrealized: sum((row) => row.unrealized),
    pnl: sum((row) => row.pnl),
    parts: rows.length === 0 ? NO_PARTS : parts,
  };
  return { total, rows, ledger: total.pnl + (broken ? 1 : 0), rebatesDue: 410_000 };
}

const NO_PARTS: Parts = {
  edge: 0,
  legLoss: 0,
  slippage: 0,
  fees: 0,
  after5s: 0,
  after30s: 0,
  settlement: 0,
  conversion: 0,
  exit: 0,
  rounding: 0,
};

const RULES =
  "This market will resolve to the team that wins the game. If the game is cancelled, ends in a tie, or is not played within 7 days of its scheduled start, this market will resolve 50-50. The primary resolution source is the tournament's official result.";

function positionsOf(markets: readonly FakeMarket[]): PositionRow[] {
  return markets
    .filter(({ held }) => held !== 0)
    .map((market, i) => {
      const shares = Math.abs(market.held) * SHARE;
      const outcome = market.held > 0 ? 0 : 1;
      const each = outcome === 0 ? market.mid : 1 - market.mid;
      const cost = Math.round(shares * (each - 0.021));
      return {
        market: market.id,
        label: market.label,
        outcome,
        name: market.teams[outcome],
        shares,
        settled: i % 3 === 0 ? Math.round(shares / 2 / SHARE) * SHARE : shares,
        settlement: (["matched", "settled", "redeemable"] as const)[i % 3]!,
        cost,
        mark: Math.round(shares * (each - 0.005)),
        atModel: Math.round(shares * (outcome === 0 ? market.p : 1 - market.p)),
        maxLoss: cost,
        rules: RULES,
        ...(i === 1 ? { clause: "pays 50-50 when not played within 7 days" } : {}),
        startsAt: FROM,
      };
    });
}

function latencyOf(): LatencyRow[] {
  const edges = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000];
  const r = random(9);
  const around = {
    source_to_receive: 9,
    receive_to_decision: 0,
    decision_to_post: 1,
    post_to_ack: 5,
    ack_to_match: 11,
    match_to_confirmed: 12,
  };
  return Object.entries(around).map(([stage, middle], row) => ({
    stage: stage as LatencyRow["stage"],
    n: 4_000 >> row,
    p50Ms: edges[middle]! * 0.7,
    p90Ms: edges[middle]! * 1.8,
    p99Ms: edges[middle]! * 3.1,
    maxMs: edges[middle]! * 5,
    edges,
    counts: Array.from({ length: edges.length + 1 }, (_, i) =>
      Math.round((900 * (0.6 + r())) / (1 + (i - middle) ** 2 * 1.5)),
    ),
  }));
}

function calibrationOf(): Calibration {
  const r = random(5);
  return {
    n: 1_284,
    markets: 14,
    brierModel: 0.1712,
    brierMid: 0.1798,
    advantage: 0.0086,
    interval: [-0.0021, 0.0194],
    bins: Array.from({ length: 10 }, (_, i) => i / 10).flatMap((from) =>
      (["mid", "model"] as const).map((by) => ({
        by,
        from,
        to: from + 0.1,
        n: Math.round(30 + r() * 200),
        said: from + 0.05,
        was: Math.min(1, Math.max(0, from + 0.05 + (r() - 0.5) * (by === "model" ? 0.1 : 0.18))),
      })),
    ),
  };
}

function whyNotOf(markets: readonly FakeMarket[]): WhyNotRow[] {
  const reasons = [
    ["skip", "edge below threshold", "edge 1.2¢ after fee, needs 3.0¢"],
    ["skip", "no fresh news", "the last claim is 41 s old"],
    ["denied", "EXPOSURE_MATCH", "exposure of the match would be $212.40 of $200.00"],
    ["skip", "single source", "only riot-live says so; two are needed to take"],
    ["denied", "MARKET_HALTED", "halted: stale_truth"],
    ["skip", "edge too good", "edge 31¢: a stale book or a wrong mapping"],
    ["denied", "RATE_ORDERS", "10 orders in the last 10 s"],
  ] as const;
  return reasons.map(([kind, reason, last], i) => ({
    strategy: i % 2 === 0 ? "temporal-arb" : "model-maker",
    market: markets[i % markets.length]!.id,
    label: markets[i % markets.length]!.label,
    kind,
    reason,
    count: Math.round(9_400 / (i * i + 1)),
    last,
  }));
}
