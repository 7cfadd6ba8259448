import {
  id,
  MatchpointError,
  type ChainReport,
  type CoreEvent,
  type MarketId,
  type OrderId,
  type OrderReport,
  type OrderStatus,
  type RebuiltAccount,
  type TradeReport,
  type Usdc,
} from "@matchpoint/sdk";
import { cents, request, RiskRun, shares } from "../../risk/scripted.ts";
import { MATCH, testMarket } from "../tape.ts";
import { generator } from "../venue/hostileAdapter.ts";

const MARKETS = ["m1", "m2", "m3"] as const;
const REPORTS: readonly OrderReport["status"][] = [
  "sent",
  "live",
  "live",
  "live",
  "delayed",
  "unmatched",
  "matched",
  "canceled",
  "expired",
  "rejected",
  "unknown",
  "absent",
  "cancel_refused",
];
const TRADES: readonly TradeReport["status"][] = [
  "MATCHED",
  "MATCHED",
  "MINED",
  "CONFIRMED",
  "RETRYING",
  "FAILED",
];
/** What is likely to be said next; anything may be. */
const NEXT: Partial<Record<OrderStatus, readonly OrderReport["status"][]>> = {
  PREPARED: ["sent"],
  SENT: ["live", "live", "live", "delayed", "rejected", "unknown"],
  DELAYED: ["live", "matched", "canceled"],
  LIVE: ["canceled", "expired", "unknown", "live"],
  PENDING_CANCEL: ["canceled", "canceled", "cancel_refused"],
  UNKNOWN: ["live", "absent", "canceled"],
};
const FIRST: readonly TradeReport["status"][] = ["MATCHED", "MATCHED", "MATCHED", "MINED", "FAILED"];
const AFTER: Record<TradeReport["status"], readonly TradeReport["status"][]> = {
  MATCHED: ["MINED", "MINED", "MINED", "RETRYING", "FAILED"],
  RETRYING: ["MINED", "MATCHED", "FAILED"],
  MINED: ["CONFIRMED", "CONFIRMED", "CONFIRMED", "RETRYING"],
  CONFIRMED: ["CONFIRMED", "FAILED"],
  FAILED: ["FAILED"],
};
const CHAIN: readonly ChainReport["status"][] = ["SENT", "MINED", "FINAL", "REVERTED", "UNKNOWN"];
/** Limits out of the way: whatever is asked for is sent. */
const RISK = {
  max_order_usdc: 1_000,
  max_market_usdc: 1e8,
  max_match_usdc: 1e8,
  max_account_usdc: 1e8,
  max_unsettled_usdc: 1e8,
  max_open_orders: 100_000,
  max_open_orders_per_market: 10_000,
  max_orders_per_minute: 100_000,
  duplicate_window_ms: 0,
  drawdown: { curve: "grossman_zhou" },
} as const;

/** The journal of a live run in which anything happens, drawn from a seed; of one that went on from another, now and then. */
export function anyRun(seed: number, steps: number): readonly CoreEvent[] {
  const draw = generator(seed);
  const first = new Drawn(draw, undefined, 0);
  const split = draw() < 0.5 ? Math.floor(draw() * steps) : steps;
  for (let n = 0; n < split; n++) first.act();
  if (split === steps) return first.run.log;
  const laterMs = Math.floor(draw() * 120_000);
  const next = new Drawn(draw, first.run.rebuilt(laterMs), first.run.ms + laterMs);
  for (let n = split; n < steps; n++) next.act();
  return next.run.log;
}

class Drawn {
  readonly run: RiskRun;
  readonly #draw: () => number;
  readonly #trades = new Map<string, { readonly orderId: OrderId; readonly status: TradeReport["status"] }>();

  constructor(draw: () => number, carried: RebuiltAccount | undefined, startsAtMs: number) {
    this.#draw = draw;
    this.run = new RiskRun({
      risk: { ...RISK, max_daily_loss_usdc: draw() < 0.3 ? 0.5 : 1_000 },
      runId: carried === undefined ? "first" : "next",
      capabilities: { merge: true, split: true },
      ...(carried === undefined ? {} : { carried, startsAt: 1_780_000_000_000 + startsAtMs }),
    });
    for (const marketId of ["m1", "m2"]) this.run.tape.market(testMarket({ marketId: id(marketId) }));
  }

  act(): void {
    const acts = [
      () => this.#place(),
      () => this.#place(),
      () => this.#place(),
      () => this.#place(),
      () => this.#report(),
      () => this.#report(),
      () => this.#report(),
      () => this.#trade(),
      () => this.#trade(),
      () => this.#trade(),
      () => this.#chain(),
      () => this.#chain(),
      () => this.run.wait(this.#upTo(3_000)),
      () => this.run.wait(this.#upTo(900_000)),
      () => this.#operator(),
      () => this.#market(),
      () => this.#venue(),
      () => this.#adopted(),
      () => this.#stranger(),
    ];
    try {
      this.#one(acts)();
    } catch (error) {
      // Numbers drawn at random are refused now and then; the event stands in the journal all the same, unless it broke the core.
      if (!(error instanceof MatchpointError) || error.code === "INVARIANT") throw error;
    }
  }

  #upTo(most: number): number {
    return Math.floor(this.#draw() * most);
  }
  #one<T>(among: readonly T[]): T {
    return among[this.#upTo(among.length)]!;
  }

  #place(): void {
    // What holds a market is waved away as often as not: a run that stands still tries nothing.
    if (this.#draw() < 0.4) this.run.operate({ kind: "resume", reason: "seen" });
    const outcome = this.#one([0, 1] as const);
    const limit = cents(30 + this.#upTo(30));
    const orderType = this.#one(["GTC", "GTC", "FAK"] as const);
    const market = this.#one(["m1", "m1", "m2", "m3"]);
    this.run.act((ctx) => {
      if (this.#draw() < 0.02) throw new RangeError("a strategy's mistake");
      const over = request({ outcome, limit, size: shares(5 + this.#upTo(20)), orderType });
      if (this.#draw() < 0.85) ctx.buy(over);
      else ctx.sell({ ...over, size: shares(5) });
    }, market);
  }

  #report(): void {
    const orders = [...this.run.venue.intents.keys()];
    const known = orders.at(-1 - this.#upTo(6)) ?? orders[0];
    const orderId = this.#draw() < 0.003 ? id<OrderId>("0xforeign") : known;
    if (orderId === undefined) return;
    const code = this.#one(["OTHER", "FAK_NO_MATCH", undefined] as const);
    const status = this.run.core.orders.byOrderId(orderId)?.status;
    const expected = status === undefined ? undefined : NEXT[status];
    if (expected === undefined && this.#draw() < 0.9) return;
    const next = this.#one(expected === undefined || this.#draw() < 0.05 ? REPORTS : expected);
    this.run.report(orderId, next, code === undefined ? {} : { code });
  }

  #trade(): void {
    const orders = [...this.run.venue.intents.keys()];
    const known = this.#one([...this.#trades.keys(), undefined, undefined, undefined]);
    const tradeId = known ?? `t${this.#trades.size}`;
    const before = this.#trades.get(tradeId);
    const orderId = before?.orderId ?? orders.at(-1 - this.#upTo(4)) ?? orders[0];
    if (orderId === undefined) return;
    const expected = before === undefined ? FIRST : AFTER[before.status];
    const status = this.#one(this.#draw() < 0.97 ? expected : TRADES);
    this.#trades.set(tradeId, { orderId, status });
    this.run.trade(orderId, tradeId, status, { size: 1 + (this.#trades.size % 5) });
  }

  #chain(): void {
    const actions = this.run.venue.sent.flatMap((command) =>
      command.kind === "chain" ? [command.action] : [],
    );
    const action = actions.at(-1 - this.#upTo(2));
    if (action === undefined) return;
    this.run.wait(1);
    const { actionId } = action;
    this.run.venue.say(
      { type: "chain_report", actionId, status: this.#one(CHAIN) } as never,
      this.run.ms * 1e6,
    );
    this.run.wait(0);
  }

  #operator(): void {
    const marketId = id<MarketId>(this.#one([...MARKETS, "m9"]));
    const commands = [
      () => ({ kind: "halt", marketId }) as const,
      () => ({ kind: "resume", marketId, reason: "seen" }) as const,
      () => ({ kind: "resume", reason: "seen" }) as const,
      () => ({ kind: "resume", strategyId: id<never>("s0"), reason: "seen" }) as const,
      () => (this.#draw() < 0.3 ? ({ kind: "kill" } as const) : ({ kind: "note", text: "nothing" } as const)),
      () => (this.#draw() < 0.1 ? ({ kind: "stop_entries" } as const) : ({ kind: "resume" } as const)),
    ];
    this.run.operate(this.#one(commands)());
  }

  #market(): void {
    const marketId = id<MarketId>(this.#one(MARKETS));
    const subject = { matchId: MATCH.matchId, kind: "series", teamOf: [0, 1] } as const;
    const acts = [
      () => this.run.tape.market(testMarket({ marketId })),
      () =>
        this.run.tape.market(testMarket({ marketId, subject: subject as never, makerRebatePpm: 200_000 })),
      () => this.run.tape.market(testMarket({ marketId, tick: cents(0.1), mirrored: false })),
      () =>
        this.run.tape.offer({
          type: "terms_changed",
          marketId,
          terms: { rules: `rules ${this.#upTo(3)}` },
          source: "test",
        }),
      () => {
        if (this.#draw() < 0.2)
          this.run.tape.resolve(
            this.#one([
              [1, 0],
              [0, 1],
              [0.5, 0.5],
            ] as const),
            marketId,
          );
      },
    ];
    this.#one(acts)();
  }

  #venue(): void {
    const marketId = id<MarketId>(this.#one(MARKETS));
    const kind = this.#one(["position", "cash", "missing_order", "foreign_trade"] as const);
    const agrees = this.#draw() < 0.9;
    const differences = agrees ? [] : [{ kind, marketId, expected: 1, actual: 2 }];
    this.run.wait(1).tape.offer({ type: "reconciled", agrees, differences });
  }

  /** A trade of an order that nobody here has made; an operator may take it for the account's own. */
  #stranger(): void {
    const { venue, log } = this.run;
    const orderId = id<OrderId>("0xstranger");
    const [intent] = venue.intents.values();
    if (intent === undefined || this.#draw() < 0.85) return;
    venue.intents.set(orderId, intent);
    this.run.trade(orderId, `s${this.#upTo(3)}`, this.#one(TRADES), { size: 2 });
    venue.intents.delete(orderId);
    const told = log.findLast((event) => event.type === "trade_report");
    if (told === undefined || this.#draw() < 0.3) return;
    const stamps = new Set(["type", "at", "receivedAt"]);
    const trade = Object.fromEntries(Object.entries(told).filter(([key]) => !stamps.has(key)));
    this.run.operate({ kind: "adopt", trades: [trade as never], collateral: 1 as Usdc });
  }

  #adopted(): void {
    const marketId = id<MarketId>(this.#one(MARKETS));
    const whats = [
      () => ({ kind: "cash", amount: this.#upTo(100) - 50 }) as const,
      () => ({ kind: "rebate", amount: this.#upTo(100) }) as const,
      () => ({ kind: "position", marketId, outcome: 0, shares: shares(1), cost: 400_000 }) as const,
      () => ({ kind: "complete" }) as const,
      () =>
        ({
          kind: "order",
          orderId: id<never>(`0xadopted${this.#upTo(3)}`),
          marketId,
          outcome: 1,
          side: "buy",
          price: cents(40),
          size: shares(5),
          matched: shares(0),
        }) as const,
    ];
    const what = this.#one(whats)() as never;
    this.run.wait(1).tape.offer({ type: "adopted", reason: "operator", evidence: "test", what });
  }
}
