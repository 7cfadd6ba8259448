import type {
  AdoptedTrade,
  ChainAction,
  ChainReport,
  CoreEvent,
  Intent,
  OperatorCommand,
  TradeReport,
} from "@matchpoint/sdk";
import { Costs } from "./costs.ts";
import { PersonsWord } from "./personsWord.ts";

/** A trade of an order, as it was heard of first, and where it stands. */
export interface HeardTrade {
  readonly size: number;
  readonly cost: number;
  readonly fee: number;
  status: TradeReport["status"];
}

/** An order of the account, and its trades. */
export interface HeardOrder {
  readonly orderId: string;
  readonly intentId: string;
  readonly intent: Intent | undefined;
  readonly trades: Map<string, HeardTrade>;
}

/** Shares of one outcome. */
export interface HeardPosition {
  /** By trades that have not failed, and chain actions that are final. */
  shares: number;
  /** Of them by buys that are not confirmed, and not mined either. */
  unconfirmed: number;
  unmined: number;
}

/** What a report did to the account. */
export type Effect = "booked" | "voided" | "advanced" | "repeated" | "foreign" | "nothing";

type InKind = Extract<
  Extract<CoreEvent, { readonly type: "adopted" }>["what"],
  { readonly kind: "position" }
>;

const ENDED = new Set(["FINAL", "REVERTED"]);

/**
 * The account as anybody can work it out who reads the events in order: double entry over trades, chain actions and deposits, in whole
 * millionths. Written from the venue's rules, not from the core's code.
 */
export class Account {
  cash = 0;
  funded = false;
  /** Of the cash: what was put in by others than the account's own trades. */
  deposited = 0;
  /** Beside it: what shares that were put in as they are have cost their owner, and the dollars that makers were paid back. */
  depositedInKind = 0;
  rebates = 0;
  /** Of all trades that have not failed. */
  fees = 0;
  readonly orders = new Map<string, HeardOrder>();
  readonly intents = new Map<string, string>();
  readonly positions = new Map<string, HeardPosition>();
  readonly actions = new Map<
    string,
    { readonly action: ChainAction; status: ChainReport["status"] | "REQUESTED" }
  >();
  readonly payouts = new Map<string, readonly [number, number]>();
  /** By market: what is held has cost, and what was won or lost. */
  readonly costs = new Map<string, Costs>();
  /** What a person has ordered and not taken back. */
  person = new PersonsWord();

  /** Shares that were put in as they are, by market and outcome. */
  readonly putIn = new Map<string, number>();

  /** Trades and orders that were taken over without an order of ours. */
  readonly #adopted = new Map<string, HeardOrder>();

  /** The same account, to go on from. */
  copy(): Account {
    const next = new Account();
    next.cash = this.cash;
    next.funded = this.funded;
    next.deposited = this.deposited;
    next.depositedInKind = this.depositedInKind;
    next.rebates = this.rebates;
    next.fees = this.fees;
    for (const [key, shares] of this.putIn) next.putIn.set(key, shares);
    next.person = this.person.copy();
    const trades = new Map<HeardTrade, HeardTrade>();
    const known = (trade: HeardTrade): HeardTrade => {
      const other = trades.get(trade) ?? { ...trade };
      trades.set(trade, other);
      return other;
    };
    const take = (from: HeardOrder): HeardOrder => ({
      ...from,
      trades: new Map([...from.trades].map(([id, trade]) => [id, known(trade)])),
    });
    for (const [id, order] of this.orders) next.orders.set(id, take(order));
    for (const [id, order] of this.#adopted) next.#adopted.set(id, take(order));
    for (const [id, orderId] of this.intents) next.intents.set(id, orderId);
    for (const [key, position] of this.positions) next.positions.set(key, { ...position });
    for (const [id, known] of this.actions) next.actions.set(id, { ...known });
    for (const [id, payouts] of this.payouts) next.payouts.set(id, payouts);
    for (const [id, costs] of this.costs) next.costs.set(id, costs.copy(known));
    return next;
  }

  position(marketId: string, outcome: number): HeardPosition {
    const key = `${marketId} ${outcome}`;
    let position = this.positions.get(key);
    if (position === undefined) {
      position = { shares: 0, unconfirmed: 0, unmined: 0 };
      this.positions.set(key, position);
    }
    return position;
  }

  costsOf(marketId: string): Costs {
    let costs = this.costs.get(marketId);
    if (costs === undefined) {
      costs = new Costs();
      this.costs.set(marketId, costs);
    }
    return costs;
  }

  /** What was won or lost, over all markets. */
  get realized(): number {
    let realized = 0;
    for (const costs of this.costs.values()) realized += costs.realized;
    return realized;
  }

  /** What it may cost to bring back shares that were sold and never were, or may never be: a dollar each, or what they pay. */
  owed(marketId: string): number {
    let owed = 0;
    for (const outcome of [0, 1] as const) {
      const short = this.retriedBuys(marketId, outcome) - this.position(marketId, outcome).shares;
      if (short > 0) owed += worthOf(short, this.payouts.get(marketId)?.[outcome] ?? 1_000_000);
    }
    return owed;
  }

  /** More of a market's shares were sold than ever came, and they are worth something. */
  #isShort(marketId: string): boolean {
    return ([0, 1] as const).some(
      (outcome) => this.position(marketId, outcome).shares < 0 && this.payouts.get(marketId)?.[outcome] !== 0,
    );
  }

  /** Micro-dollars of sales that are being retried: they go back if the sales fail. */
  get retriedProceeds(): number {
    let proceeds = 0;
    for (const costs of this.costs.values())
      for (const { trade, side } of costs.retried()) if (side === "sell") proceeds += trade.cost - trade.fee;
    return proceeds;
  }

  /** Shares of buys that are being retried: they may never have been. */
  retriedBuys(marketId: string, of: number): number {
    let shares = 0;
    for (const { trade, side, outcome } of this.costsOf(marketId).retried())
      if (side === "buy" && outcome === of) shares += trade.size;
    return shares;
  }

  /** Whether a trade of no order of ours was taken over. */
  owns({ orderId, tradeId }: TradeReport): boolean {
    return this.#adopted.has(`${orderId} ${tradeId}`);
  }

  /** Trades that were taken over without an order of ours. */
  *adoptedTrades(): IterableIterator<readonly [orderId: string, tradeId: string]> {
    for (const { orderId, trades } of this.#adopted.values())
      for (const tradeId of trades.keys()) yield [orderId, tradeId];
  }

  /** Shares that are confirmed and not sold. */
  settled(marketId: string, outcome: number): number {
    const { shares, unconfirmed } = this.position(marketId, outcome);
    return Math.max(0, shares - unconfirmed);
  }

  /** What is filled of an order by trades that stand: shares, and dollars without fees. */
  filled(orderId: string): { readonly shares: number; readonly dollars: number } {
    let [shares, dollars] = [0, 0];
    for (const trade of this.orders.get(orderId)?.trades.values() ?? []) {
      if (trade.status === "FAILED") continue;
      shares += trade.size;
      dollars += trade.cost;
    }
    return { shares, dollars };
  }

  /** Collateral as the account has it when its first run begins. */
  fund(amount: number): void {
    this.funded = true;
    this.deposited += amount;
    this.cash += amount;
  }

  /**
   * Takes what the program took in, in order.
   * @param refused it is a resume, and was not followed
   */
  take(event: CoreEvent, refused = false): Effect {
    switch (event.type) {
      case "balance_report":
        if (this.funded) return "nothing";
        this.fund(event.collateral);
        return "booked";
      case "order_prepared":
        if (!this.orders.has(event.orderId)) {
          const { orderId, intentId, intent } = event;
          this.orders.set(orderId, { orderId, intentId, intent, trades: new Map() });
          this.intents.set(intentId, orderId);
        }
        return "nothing";
      case "trade_report":
        return this.#traded(event, this.#trade(event));
      case "chain_requested":
        this.asked(event.action);
        return "nothing";
      case "chain_report":
        return this.#chain(event);
      case "market_resolution":
        this.payouts.set(event.marketId, event.payouts);
        this.costsOf(event.marketId).resolve(event.payouts);
        return "nothing";
      case "adopted":
        return this.#takeOver(event.what);
      case "risk_noted":
        if (event.note.kind === "killed") this.person.killed = true;
        if (event.note.kind === "strategy_halted") this.person.haltedStrategies.add(event.note.strategyId);
        return "nothing";
      case "operator":
        return refused ? "nothing" : this.#operator(event.command);
      default:
        return "nothing";
    }
  }

  /** A chain action was asked for. */
  asked(action: ChainAction): void {
    if (!this.actions.has(action.actionId))
      this.actions.set(action.actionId, { action, status: "REQUESTED" });
  }

  /** Shares that chain actions under way will take. */
  reserved(marketId: string, outcome: 0 | 1): number {
    let reserved = 0;
    for (const { action, status } of this.actions.values()) {
      if (action.marketId === marketId && action.kind !== "split" && !ENDED.has(status))
        reserved += action.amounts[outcome];
    }
    return reserved;
  }

  #traded({ marketId }: TradeReport, effect: Effect): Effect {
    const moved = effect === "booked" || effect === "voided" || effect === "advanced";
    if (moved && this.#isShort(marketId)) this.person.short.add(marketId);
    return effect;
  }

  #trade(event: TradeReport): Effect {
    const order = this.orders.get(event.orderId);
    if (order === undefined) {
      const adopted = this.#adopted.get(`${event.orderId} ${event.tradeId}`);
      return adopted === undefined ? "foreign" : this.#reported(adopted, event);
    }
    const { intent } = order;
    if (
      intent !== undefined &&
      (intent.marketId !== event.marketId || intent.outcome !== event.outcome || intent.side !== event.side)
    )
      return "foreign";
    return this.#reported(order, event);
  }

  #reported(order: HeardOrder, event: AdoptedTrade): Effect {
    const { tradeId, size, cost, fee, status } = event;
    const known = order.trades.get(tradeId);
    if (known === undefined) {
      const trade = { size, cost, fee, status };
      order.trades.set(tradeId, trade);
      if (status === "FAILED") return "voided";
      this.#book(event, trade, 1);
      const { outcome, side } = event;
      this.costsOf(event.marketId).add({ kind: "trade", outcome, side, trade });
      return "booked";
    }
    if (!advances(known.status, status)) return "repeated";
    this.#book(event, known, -1);
    known.status = status;
    if (status === "FAILED") {
      this.costsOf(event.marketId).anew();
      return "voided";
    }
    this.#book(event, known, 1);
    return "advanced";
  }

  #book(
    { marketId, outcome, side }: AdoptedTrade,
    { size, cost, fee, status }: HeardTrade,
    sign: 1 | -1,
  ): void {
    const position = this.position(marketId, outcome);
    this.fees += sign * fee;
    if (side === "sell") {
      this.cash += sign * (cost - fee);
      position.shares -= sign * size;
      return;
    }
    this.cash -= sign * (cost + fee);
    position.shares += sign * size;
    if (status === "CONFIRMED") return;
    position.unconfirmed += sign * size;
    if (status !== "MINED") position.unmined += sign * size;
  }

  #chain({ actionId, status, proceeds }: ChainReport): Effect {
    const known = this.actions.get(actionId);
    if (known === undefined || ENDED.has(known.status) || known.status === status) return "nothing";
    if (known.status === "MINED" && status === "SENT") return "nothing";
    known.status = status;
    if (status !== "FINAL") return "nothing";
    const { kind, marketId, amounts } = known.action;
    const sign = kind === "split" ? 1 : -1;
    for (const outcome of [0, 1] as const) this.position(marketId, outcome).shares += sign * amounts[outcome];
    const brought = proceeds ?? this.redemption(known.action);
    this.cash += brought;
    this.costsOf(marketId).add({ kind: "chain", action: known.action, proceeds: brought });
    return "booked";
  }

  /** What a redemption brings by the market's payouts: each outcome rounded down to a micro-dollar. */
  redemption({ marketId, amounts }: ChainAction): number {
    const payouts = this.payouts.get(marketId) ?? [0, 0];
    return worthOf(amounts[0], payouts[0]) + worthOf(amounts[1], payouts[1]);
  }

  #takeOver(what: Extract<CoreEvent, { readonly type: "adopted" }>["what"]): Effect {
    switch (what.kind) {
      case "cash":
        this.deposited += what.amount;
        this.cash += what.amount;
        return "booked";
      case "rebate":
        this.rebates += what.amount;
        this.cash += what.amount;
        return "booked";
      case "position":
        this.position(what.marketId, what.outcome).shares += what.shares;
        this.#inKind(what);
        return "booked";
      case "trade":
        return this.#own(what.trade);
      default:
        return "nothing";
    }
  }

  /** Shares that were put in as they are: they have cost what their owner says. */
  #inKind({ marketId, outcome, shares, cost }: InKind): void {
    const key = `${marketId} ${outcome}`;
    this.putIn.set(key, (this.putIn.get(key) ?? 0) + shares);
    this.depositedInKind += Math.sign(shares) * cost;
    const trade: HeardTrade = { size: Math.abs(shares), cost, fee: 0, status: "CONFIRMED" };
    const side = shares > 0 ? "buy" : "sell";
    if (shares !== 0) this.costsOf(marketId).add({ kind: "trade", outcome, side, trade });
  }

  /** A trade of no order of ours is the account's own by a person's word. */
  #own(trade: AdoptedTrade): Effect {
    const order = this.orders.get(trade.orderId);
    if (order !== undefined) return this.#reported(order, trade);
    const key = `${trade.orderId} ${trade.tradeId}`;
    const known = this.#adopted.get(key) ?? {
      orderId: trade.orderId,
      intentId: "",
      intent: undefined,
      trades: new Map<string, HeardTrade>(),
    };
    this.#adopted.set(key, known);
    return this.#reported(known, trade);
  }

  #operator(command: OperatorCommand): Effect {
    this.person.take(command);
    if (command.kind !== "adopt") return "nothing";
    for (const trade of command.trades) this.#own(trade);
    this.deposited += command.collateral ?? 0;
    this.cash += command.collateral ?? 0;
    return "booked";
  }
}

/** Whether news of a trade is news: the venue may say things late, twice, and out of order. */
export function advances(from: TradeReport["status"], to: TradeReport["status"]): boolean {
  if (from === to || from === "FAILED") return false;
  if (to === "FAILED") return true;
  if (from === "CONFIRMED") return false;
  return from === "MATCHED" || to !== "MATCHED";
}

/** Shares at a payout per whole share, rounded down; both in millionths. */
export function worthOf(shares: number, payout: number): number {
  return Number((BigInt(shares) * BigInt(payout)) / 1_000_000n);
}
