import {
  MatchpointError,
  type Capabilities,
  type CoreEvent,
  type ExecutionCommand,
  type MarketDescription,
  type MarketId,
  type Nanos,
  type OrderId,
  type OrderReport,
  type Outcome,
  type PreparedOrder,
  type Shares,
  type TradeId,
  type TradeStatus,
  type Usdc,
} from "@matchpoint/sdk";
import type { Action } from "./agenda.ts";
import type {
  AccountId,
  Asset,
  ExchangeNews,
  ExchangeOrder,
  ExchangeTrade,
  PaperExchange,
  PublicBook,
} from "./exchange.ts";
import { Matching } from "./matching.ts";
import type { PaperExchangeOptions } from "./options.ts";
import { Outside } from "./outside.ts";
import { bookChanged, publicBook } from "./publicBook.ts";
import { newOrder, publicTrade } from "./records.ts";
import { PAPER_RATE_TIERS } from "./realism/buckets.ts";
import { Resting } from "./resting.ts";
import { Settlement } from "./settlement.ts";
import { settleExchange, type Settings } from "./settings.ts";
import { restoreVenue, saveVenue, type PaperSnapshot } from "./snapshot.ts";
import { Venue } from "./venue.ts";
import { viewOf, type PaperView } from "./view.ts";

/** What it supports: everything that the venue does. */
const CAPABILITIES: Capabilities = {
  orderTypes: ["FAK", "FOK", "GTC", "GTD"],
  postOnly: true,
  merge: true,
  split: true,
};

/** What a paper broker's own orders carry. */
interface Numbered {
  readonly seq?: number;
}

const NO_BOOK: PublicBook = { bids: [], asks: [] };

/**
 * Makes an exchange without accounts and markets.
 *
 * A market is opened by a `market_listed` event. Accounts can trade in it at once, with each other; book events and prints add
 * what the outside world shows.
 *
 * @throws `MatchpointError` `CONFIG_INVALID` when an option is out of its range or unknown
 * @example
 * ```ts
 * import { createPaperExchange } from "@matchpoint/paper-broker";
 * import { parseUsdc } from "@matchpoint/sdk";
 *
 * const exchange = createPaperExchange({ runId: "example", seed: 1 });
 * exchange.deposit("alice", parseUsdc("100"));
 * exchange.view("alice").balances(); // { collateral: 100_000_000 }: $100
 * ```
 */
export function createPaperExchange(options: PaperExchangeOptions): PaperExchange {
  return new FoldedExchange(settleExchange(options));
}

/** The fold behind both the exchange and the paper broker. */
export class FoldedExchange implements PaperExchange {
  readonly capabilities: Capabilities;
  readonly #venue: Venue;
  readonly #keeper: Venue | undefined;
  readonly #matching: Matching;
  readonly #outside: Outside;
  readonly #settlement: Settlement;

  /** @param keeper an exchange that hears of everything before this one, and keeps the books for both */
  constructor(settings: Settings, keeper?: FoldedExchange) {
    this.#venue = new Venue(settings);
    const { rateLimit } = settings;
    this.capabilities =
      rateLimit === "off"
        ? CAPABILITIES
        : { ...CAPABILITIES, cancelBurst: PAPER_RATE_TIERS[rateLimit].cancel.burst };
    this.#keeper = keeper === undefined ? undefined : keeper.#venue;
    this.#matching = new Matching(this.#venue);
    const resting = new Resting(this.#venue, this.#matching);
    const reach = (at: number): void => {
      this.reach(at);
    };
    this.#outside = new Outside(this.#venue, this.#matching, resting, reach, this.#keeper);
    this.#settlement = new Settlement(this.#venue, this.#matching);
  }

  /** How far it has come. */
  get now(): Nanos {
    return this.#venue.now as Nanos;
  }

  deposit(account: AccountId, collateral: Usdc): Usdc {
    if (!Number.isSafeInteger(collateral)) {
      throw new MatchpointError(
        "UNIT_INVALID",
        `a deposit of ${collateral} is no whole number of micro-dollars`,
      );
    }
    const to = this.#venue.account(account);
    const moved = collateral >= 0 ? collateral : Math.max(collateral, Math.min(0, 0 - to.free()));
    if (!Number.isSafeInteger(to.cash + moved)) {
      throw new MatchpointError("UNIT_OVERFLOW", `account ${account} would hold too many dollars to count`);
    }
    to.cash += moved;
    return moved as Usdc;
  }

  observe(event: CoreEvent): void {
    this.#outside.observe(event);
  }

  submit(account: AccountId, command: ExecutionCommand, at: Nanos): void {
    this.#commanded(`a ${command.kind} command`, at);
    if (command.kind === "place") this.#place(account, command.order);
    else if (command.kind === "chain") this.#settlement.request(account, command.action, at);
    else {
      const { orderId } = command;
      const venue = this.#venue;
      const order = venue.order(orderId);
      const key = order === undefined ? orderId : `${order.lot}|${order.cancels++}`;
      venue.agenda.plan(venue.reaches("cancel", key), { kind: "cancel", account, orderId });
    }
  }

  nextDue(): Nanos | undefined {
    return this.#venue.agenda.next() as Nanos | undefined;
  }

  advance(to: Nanos, emit: (news: ExchangeNews) => void): void {
    const venue = this.#venue;
    const { agenda } = venue;
    for (;;) {
      const due = agenda.next();
      if (due === undefined || !(due <= to)) break;
      if (due > venue.now) venue.now = due;
      const turn = agenda.turn();
      if (turn === "action") this.#perform(agenda.actions.pop()!.item, due);
      else if (turn === "report") emit(agenda.reports.pop()!.item);
      else if (turn === "trade") emit(agenda.trades.shift()!.item);
      else this.#tellBook(emit);
    }
    if (to > venue.now) venue.now = to;
  }

  view(account: AccountId): PaperView {
    return viewOf(this.#venue, account);
  }

  market(marketId: MarketId): MarketDescription | undefined {
    return this.#venue.markets.get(marketId)?.description;
  }

  order(orderId: OrderId): ExchangeOrder | undefined {
    const found = this.#venue.order(orderId);
    if (found === undefined) return undefined;
    const { account, intent, status, stage, matched, since, trades } = found;
    return {
      account,
      order: { orderId, intent },
      status,
      stage,
      matched: matched as Shares,
      since: since as Nanos,
      trades: [...trades],
    };
  }

  trade(tradeId: TradeId): ExchangeTrade | undefined {
    const found = this.#venue.trade(tradeId);
    return found === undefined ? undefined : publicTrade(found);
  }

  book(marketId: MarketId, outcome: Outcome): PublicBook {
    const market = this.#venue.markets.get(marketId);
    return market === undefined ? NO_BOOK : publicBook(market, outcome);
  }

  failTrade(tradeId: TradeId): boolean {
    if (this.#venue.settings.settlement === "told") return false;
    const match = this.#venue.pending.get(tradeId);
    if (match?.status !== "MATCHED" && match?.status !== "RETRYING") return false;
    match.doomed = true;
    return true;
  }

  settleTrade(tradeId: TradeId, status: TradeStatus, at: Nanos): boolean {
    this.#commanded("word of a trade", at);
    return this.#venue.settings.settlement === "told" && this.#settlement.told(tradeId, status, at);
  }

  transfer(account: AccountId, asset: Asset, amount: number, at: Nanos): void {
    this.#commanded("a transfer", at);
    if (this.#venue.settings.settlement !== "told")
      throw new MatchpointError(
        "INVARIANT",
        "transfers are told by a chain, and this exchange settles by itself",
      );
    if (!Number.isSafeInteger(amount))
      throw new MatchpointError("UNIT_INVALID", `a transfer of ${amount} is no whole number of millionths`);
    this.#settlement.transfer(account, asset, amount, at);
  }

  expireAll(account: AccountId, detail: string, at: Nanos): number {
    this.#commanded("an expiry", at);
    const { open } = this.#venue;
    const orders = [...open.values()].filter((each) => each.account === account && each.stage === "resting");
    this.#matching.cancelResting(orders, detail, at);
    return orders.length;
  }

  snapshot(): PaperSnapshot {
    return saveVenue(this.#venue);
  }

  restore(snapshot: PaperSnapshot): void {
    const { now, wallOffset, agenda, settings, accounts } = this.#venue;
    const used = now > 0 || wallOffset !== undefined || agenda.next() !== undefined;
    if (used || (settings.shared && accounts.size > 0)) {
      throw new MatchpointError("INVARIANT", "a snapshot can only be restored into a new paper venue");
    }
    restoreVenue(this.#venue, snapshot, this.#keeper);
  }

  /** Moves on to the time of something that is asked for. */
  #commanded(what: string, at: Nanos): void {
    const { now } = this.#venue;
    if (!(at >= now)) throw new MatchpointError("INVARIANT", `${what} at ${at} ns comes after ${now} ns`);
    this.reach(at);
  }

  /** Tells the book that was touched longest ago, if it is not what it was. */
  #tellBook(emit: (news: ExchangeNews) => void): void {
    const { agenda, markets } = this.#venue;
    for (const [marketId, at] of agenda.books) {
      agenda.books.delete(marketId);
      const market = markets.get(marketId);
      if (market !== undefined && bookChanged(market)) emit({ kind: "book", marketId, at: at as Nanos });
      return;
    }
  }

  /** Moves on to a time: what the engine had to do before then is done first, whoever drives it. */
  reach(at: number): void {
    const venue = this.#venue;
    const { actions } = venue.agenda;
    for (;;) {
      const next = actions.peek();
      if (next === undefined || next.due > at) break;
      if (next.due > venue.now) venue.now = next.due;
      actions.pop();
      this.#perform(next.item, next.due);
    }
    if (at > venue.now) venue.now = at;
  }

  #perform(action: Action, now: number): void {
    switch (action.kind) {
      case "arrive":
        this.#matching.arrive(action.orderId, now);
        return;
      case "duplicate":
        this.#matching.refuseDuplicate(action.account, action.orderId, now);
        return;
      case "delay_over":
        this.#matching.delayOver(action.orderId, now);
        return;
      case "cancel":
        this.#matching.cancel(action.account, action.orderId, now);
        return;
      case "expire":
        this.#matching.expire(action.orderId, now);
        return;
      case "clear":
        this.#matching.clear(action.marketId, action.startsAt, now);
        return;
      case "mine":
        this.#settlement.mine(action.tradeId, action.attempt, now);
        return;
      case "confirm":
        this.#settlement.confirm(action.tradeId, now);
        return;
      case "chain":
        this.#settlement.complete(action.account, action.actionId, now);
        return;
    }
  }

  #place(account: AccountId, { orderId, intent, payload }: PreparedOrder): void {
    const venue = this.#venue;
    const { agenda, now } = venue;
    venue.stats.orders++;
    const known = venue.order(orderId) !== undefined;
    // Not the order's hash, which is another one in a replay under another name.
    const lot = venue.settings.shared
      ? orderId
      : `${intent.intentId}#${String((payload as Numbered | undefined)?.seq)}`;
    const arrival = venue.reaches("place", known ? `${lot}|${agenda.seq}` : lot);
    if (known) {
      agenda.plan(arrival, { kind: "duplicate", account, orderId });
      return;
    }
    venue.say<OrderReport>(account, now, now, { type: "order_report", orderId, status: "sent" });
    venue.open.set(orderId, newOrder(account, orderId, intent, lot, agenda.seq, now));
    agenda.plan(arrival, { kind: "arrive", orderId });
  }
}
