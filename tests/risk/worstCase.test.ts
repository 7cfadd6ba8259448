// Whatever a strategy asks for, the venue does and an operator says: no limit is exceeded in the worst case, which is added up here from
// what the venue and the strategy were told, by nothing of the risk room. More sequences:
//   MATCHPOINT_RISK_RUNS=2000 npx vitest run tests/risk/worstCase.test.ts
import {
  id,
  type CoreEvent,
  type Intent,
  type MarketId,
  type MatchId,
  type OrderId,
  type TradeReport,
} from "@matchpoint/sdk";
import fc from "fast-check";
import { expect, it } from "vitest";
import { MATCH, testMarket } from "../runtime/tape.ts";
import { cents, RiskRun, shares } from "./scripted.ts";

const RUNS = Number(process.env["MATCHPOINT_RISK_RUNS"] ?? "24");
const MARKETS = ["a0", "a1", "b0", "c0"] as const;
/** Two matches of one league, and one of another. */
const MATCH_OF: Readonly<Record<string, string>> = { a0: "A", a1: "A", b0: "B", c0: "C" };
const LEAGUE_OF: Readonly<Record<string, string>> = { A: "L1", B: "L1", C: "L2" };
const LIMITS = {
  max_order_usdc: 9,
  max_market_usdc: 13,
  max_match_usdc: 17,
  max_tournament_usdc: 22,
  max_account_usdc: 27,
  max_unsettled_usdc: 26,
  max_open_orders: 7,
  max_open_orders_per_market: 3,
  max_orders_per_minute: 7,
  exit_orders_per_minute: 2,
} as const;
const BURST = 9;

const market = fc.constantFrom(...MARKETS);
const step = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant("buy" as const),
      market,
      outcome: fc.constantFrom(0 as const, 1 as const),
      size: fc.integer({ min: 5, max: 24 }),
      limit: fc.integer({ min: 20, max: 46 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("sell" as const),
      market,
      outcome: fc.constantFrom(0 as const, 1 as const),
      size: fc.integer({ min: 5, max: 30 }),
      limit: fc.integer({ min: 55, max: 80 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("report" as const),
      pick: fc.nat(),
      status: fc.constantFrom(
        ...([
          "sent",
          "live",
          "delayed",
          "unknown",
          "rejected",
          "canceled",
          "cancel_refused",
          "unmatched",
        ] as const),
      ),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("fill" as const),
      pick: fc.nat(),
      part: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("advance" as const),
      pick: fc.nat(),
      to: fc.constantFrom(...(["MINED", "RETRYING", "RETRYING", "CONFIRMED", "FAILED"] as const)),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("cancel" as const), market }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 25_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const) }) },
);

/** What became of an order, by what the venue has said. */
interface Seen {
  readonly orderId: OrderId;
  readonly intent: Intent;
  readonly at: number;
  over: boolean;
  matched: number;
}
interface SeenTrade {
  readonly order: Seen;
  readonly tradeId: string;
  readonly size: number;
  status: TradeReport["status"];
}

/** The account as an outsider sees it: orders that left, and what the venue has said of them. */
class Outsider {
  readonly orders: Seen[] = [];
  readonly trades: SeenTrade[] = [];
  /** When each order left, in real time of the account. */
  readonly sent: { readonly at: number; readonly marketId: string; readonly exit: boolean }[] = [];
  readonly cost = new Map<string, number[]>();

  /**
   * Most dollars at stake in a market: whatever may still be bought is, whatever a sale being retried has sold comes back. Shares cost
   * what was paid for them, the dearest first to be still there; or, where those that were sold may never come, a dollar each.
   */
  stake(marketId: string): number {
    let open = 0;
    for (const { intent, over, matched } of this.orders)
      if (intent.marketId === (marketId as MarketId) && intent.side === "buy" && !over)
        open += Math.max(0, intent.size - matched) * (intent.limit / 10_000);
    return open + this.#held(marketId, 0) + this.#held(marketId, 1);
  }

  /** Average cost, as the books keep it, of the shares that no sure sale has taken; or what is short without buys being retried. */
  #held(marketId: string, outcome: number): number {
    let [held, cost, short] = [0, 0, 0];
    for (const { order, size, status } of this.trades) {
      const { intent } = order;
      if (intent.marketId !== (marketId as MarketId) || intent.outcome !== outcome || status === "FAILED")
        continue;
      if (intent.side === "sell") short += size;
      else if (status !== "RETRYING") short -= size;
      if (intent.side === "buy") {
        held += size;
        cost += size * (intent.limit / 10_000);
      } else if (status !== "RETRYING") {
        cost -= held === 0 ? 0 : (cost * Math.min(size, held)) / held;
        held -= size;
      }
    }
    return Math.max(cost, short);
  }

  /** Shares of an outcome that are sure to be there: no buy that is being retried. */
  sure(marketId: string, outcome: number): number {
    let held = 0;
    for (const { order, size, status } of this.trades) {
      const { intent } = order;
      if (intent.marketId !== (marketId as MarketId) || intent.outcome !== outcome || status === "FAILED")
        continue;
      if (intent.side === "sell") held -= size;
      else if (status === "MINED" || status === "CONFIRMED") held += size;
    }
    return held;
  }
}

function begin(run: RiskRun): RiskRun {
  for (const name of ["A", "B", "C"])
    run.tape.match({ ...MATCH, matchId: id(name), league: LEAGUE_OF[name]! });
  for (const name of MARKETS) {
    const subject =
      name === "a1"
        ? ({ kind: "game", game: 1, matchId: id<MatchId>(MATCH_OF[name]!), teamOf: [0, 1] } as const)
        : ({ kind: "series", matchId: id<MatchId>(MATCH_OF[name]!), teamOf: [0, 1] } as const);
    run.tape.market(
      testMarket({ marketId: id(name), subject, fee: { ratePpm: 0, exponent: 1, takerOnly: true } }),
    );
  }
  return run;
}

const OPTIONS = {
  risk: { ...LIMITS, resolution_filter: "off", breaker_cooldown_ms: 5_000 },
  capabilities: { cancelBurst: BURST },
} as const;

it(
  "no limit is exceeded in the worst case by any sequence of intents, fills, voids, rejects and restarts",
  { timeout: 600_000 },
  () => {
    const met = new Set<string>();
    const log: CoreEvent[] = [];
    fc.assert(
      fc.property(fc.array(step, { minLength: 40, maxLength: 70, size: "max" }), (steps) => {
        let run = begin(new RiskRun(OPTIONS));
        let began = 0;
        let runs = 1;
        let trades = 0;
        const seen = new Outsider();
        const now = (): number => began + run.ms;
        const pickOf = <T>(list: readonly T[], pick: number): T | undefined =>
          list[pick % Math.max(1, list.length)];
        const hold = (before: ReadonlyMap<string, number>): void => {
          const usd = (value: number): number => Math.round((value / 1e6) * 1e6) / 1e6;
          const stakes = new Map(MARKETS.map((each) => [each as string, seen.stake(each)] as const));
          const sum = (keep: (each: string) => boolean): number =>
            [...stakes].reduce((total, [each, value]) => total + (keep(each) ? value : 0), 0);
          /** Nobody can keep a limit that was exceeded by what the venue did; but nothing may have been sent on top. */
          const within = (what: string, value: number, limit: number): void => {
            const most = Math.max(limit * 1e6, before.get(what) ?? 0) + 50;
            if (value > most) expect.fail(`${what}: $${usd(value / 1e6)} at stake, the limit is $${limit}`);
          };
          for (const each of MARKETS) within(each, stakes.get(each)!, LIMITS.max_market_usdc);
          for (const each of ["A", "B", "C"])
            within(
              each,
              sum((name) => MATCH_OF[name] === each),
              LIMITS.max_match_usdc,
            );
          for (const each of ["L1", "L2"])
            within(
              each,
              sum((name) => LEAGUE_OF[MATCH_OF[name]!] === each),
              LIMITS.max_tournament_usdc,
            );
          within(
            "all",
            sum(() => true),
            LIMITS.max_account_usdc,
          );
          const open = seen.orders.filter(({ over }) => !over);
          expect(open.filter(({ intent }) => intent.purpose !== "exit").length).toBeLessThanOrEqual(
            LIMITS.max_open_orders,
          );
          expect(open.length).toBeLessThanOrEqual(BURST - 1);
          for (const each of MARKETS) {
            const recent = seen.sent.filter(({ at, marketId }) => marketId === each && at > now() - 60_000);
            expect(recent.length).toBeLessThanOrEqual(
              LIMITS.max_orders_per_minute + LIMITS.exit_orders_per_minute,
            );
          }
        };
        const stakesNow = (): ReadonlyMap<string, number> => {
          const each = new Map<string, number>(MARKETS.map((name) => [name, seen.stake(name)]));
          for (const match of ["A", "B", "C"])
            each.set(
              match,
              MARKETS.filter((name) => MATCH_OF[name] === match).reduce(
                (sum, name) => sum + each.get(name)!,
                0,
              ),
            );
          for (const league of ["L1", "L2"])
            each.set(
              league,
              MARKETS.filter((name) => LEAGUE_OF[MATCH_OF[name]!] === league).reduce(
                (sum, name) => sum + each.get(name)!,
                0,
              ),
            );
          each.set(
            "all",
            MARKETS.reduce((sum, name) => sum + each.get(name)!, 0),
          );
          return each;
        };
        /** What the run has sent since the last look. */
        const look = (): void => {
          for (const [orderId, intent] of run.venue.intents) {
            if (seen.orders.some((order) => order.orderId === orderId)) continue;
            const free = seen.sure(intent.marketId, intent.outcome);
            const promised = seen.orders
              .filter(
                (o) =>
                  !o.over &&
                  o.intent.side === "sell" &&
                  o.intent.marketId === intent.marketId &&
                  o.intent.outcome === intent.outcome,
              )
              .reduce((sum, o) => sum + o.intent.size - o.matched, 0);
            if (intent.side === "sell") expect(intent.size).toBeLessThanOrEqual(free - promised);
            else
              expect((intent.size * intent.limit) / 10_000).toBeLessThanOrEqual(LIMITS.max_order_usdc * 1e6);
            seen.orders.push({ orderId, intent, at: now(), over: false, matched: 0 });
            seen.sent.push({ at: now(), marketId: intent.marketId, exit: intent.purpose === "exit" });
          }
          // The run's own word for what is over: a reject, a cancel, two looks; never less than what the venue said.
          for (const order of seen.orders)
            order.over =
              run.core.orders.byOrderId(order.orderId) === undefined ||
              ["FILLED", "CANCELED", "EXPIRED", "REJECTED", "INVALID", "DENIED"].includes(
                run.core.orders.byOrderId(order.orderId)!.status,
              );
        };
        for (const one of steps) {
          const before = stakesNow();
          if (one.do === "buy" || one.do === "sell") {
            run.act((ctx) => {
              const { outcome } = one;
              const how = {
                outcome,
                limit: cents(one.limit),
                size: shares(one.size),
                orderType: "GTC",
              } as const;
              if (one.do === "buy") ctx.buy(how);
              else ctx.sell({ ...how, purpose: "exit" });
            }, one.market);
          } else if (one.do === "cancel") {
            run.act((ctx) => ctx.cancelAll("test"), one.market);
          } else if (one.do === "wait") {
            run.wait(one.ms).book(47, 53, "c0");
          } else if (one.do === "restart") {
            log.length = 0;
            began += run.ms + 1_000;
            runs += 1;
            const markets = (next: RiskRun): void => {
              begin(next);
            };
            run = run.restarted(1_000, { ...OPTIONS, runId: `run${runs}` }, markets);
            for (const order of seen.orders) run.venue.intents.set(order.orderId, order.intent);
          } else if (one.do === "report") {
            const order = pickOf(
              seen.orders.filter(({ over }) => !over),
              one.pick,
            );
            if (order !== undefined)
              run.report(order.orderId, one.status, one.status === "rejected" ? { code: "OTHER" } : {});
          } else if (one.do === "fill") {
            const order = pickOf(seen.orders, one.pick);
            const left = order === undefined ? 0 : order.intent.size - order.matched;
            const known = order !== undefined && run.core.orders.byOrderId(order.orderId) !== undefined;
            if (order !== undefined && known && left > 0 && !order.over) {
              const size =
                one.part === 1 ? left : Math.max(10_000, Math.floor(left / one.part / 10_000) * 10_000);
              trades += 1;
              run.trade(order.orderId, `t${trades}`, "MATCHED", { size: size / 1e6 });
              order.matched += size;
              seen.trades.push({ order, tradeId: `t${trades}`, size, status: "MATCHED" });
            }
          } else {
            const trade = pickOf(
              seen.trades.filter(({ status }) => status !== "FAILED" && status !== "CONFIRMED"),
              one.pick,
            );
            if (trade !== undefined && !(one.to === "MINED" && trade.status === "MINED")) {
              run.trade(trade.order.orderId, trade.tradeId, one.to, { size: trade.size / 1e6 });
              trade.status = one.to;
              if (one.to === "FAILED") trade.order.matched -= trade.size;
            }
          }
          look();
          hold(before);
        }
        for (const code of run.denials()) met.add(code);
      }),
      { numRuns: RUNS, seed: 7 },
    );
    // A property over sequences that never come near a limit would prove nothing.
    const wanted = [
      "MAX_ORDER",
      "MAX_MARKET",
      "MAX_MATCH",
      "MAX_TOURNAMENT",
      "MAX_ACCOUNT",
      "MAX_MARKET_ORDERS",
      "INSUFFICIENT_SHARES",
    ];
    expect(wanted.filter((code) => !met.has(code))).toEqual([]);
  },
);
