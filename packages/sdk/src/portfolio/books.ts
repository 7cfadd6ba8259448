import { MatchpointError } from "../errors.ts";
import type { ChainAction, Decision, TradeReport, TradeStatus } from "../events/index.ts";
import { id, type ActionId, type MarketId, type OrderId, type StrategyId, type TradeId } from "../ids.ts";
import { USDC_ONE, usdc, type Nanos, type Usdc } from "../units/index.ts";
import type { TradeEntry } from "./entries.ts";
import { EXTERNAL, MarketAccount } from "./marketAccount.ts";
import { dumpAccount, loadAccount, type LedgerSnapshot } from "./snapshot.ts";
import type { BookableTrade, LedgerChange, TimedFill } from "./types.ts";

const NOTHING: LedgerChange = Object.freeze({ booked: false, realized: 0 as Usdc, short: false });

/** Whose a trade is, and what is known of it beyond the venue's report. */
interface Whose {
  readonly strategyId: StrategyId;
  readonly decision?: Decision | undefined;
  readonly rebate: Usdc;
}

/** The writing side of the ledger: all accounts, and totals kept in step with them. */
export class Books {
  deposits = 0;
  cash = 0;
  realized = 0;
  fees = 0;
  /** Makers' rebates: earned by the fills that stand, and come in. */
  rebates = 0;
  rebatesReceived = 0;
  /** When collateral first came in. */
  openedAt: Nanos | undefined = undefined;
  readonly accounts = new Map<MarketId, MarketAccount>();
  readonly #trades = new Map<string, { readonly account: MarketAccount; readonly entry: TradeEntry }>();
  readonly #actions = new Set<ActionId>();

  deposit(amount: Usdc, at: Nanos): void {
    usdc(amount);
    this.openedAt ??= at;
    this.deposits += amount;
    this.cash += amount;
  }

  trade({ report, kind, to, order }: BookableTrade, at: Nanos, rebate: Usdc): LedgerChange {
    if (kind === "duplicate") return NOTHING;
    const known = this.#trades.get(keyOf(report));
    if (known !== undefined) return this.#advance(known.account, known.entry, to);
    if (kind !== "matched") return NOTHING;
    const { strategyId = EXTERNAL, decision } = order?.intent ?? {};
    return this.#match(report, to, { strategyId, decision, rebate }, at);
  }

  /** Notes what a share of a trade's outcome was worth some time after it. */
  mark(report: Pick<TradeReport, "orderId" | "tradeId">, when: "after5s" | "after30s", fair: Usdc): boolean {
    const entry = this.#trades.get(keyOf(report))?.entry;
    if (entry === undefined) return false;
    entry[when] = usdc(fair);
    if (when === "after5s") delete entry.unseen;
    return true;
  }

  /** The fills booked since a moment that are kept one by one. */
  *since(at: Nanos): Generator<TimedFill> {
    for (const [key, { account, entry }] of this.#trades) {
      if (entry.at < at) continue;
      const blank = key.indexOf(" ");
      const [orderId, tradeId] = [id<OrderId>(key.slice(0, blank)), id<TradeId>(key.slice(blank + 1))];
      yield { at: entry.at, marketId: account.marketId, orderId, tradeId, outcome: entry.outcome };
    }
  }

  /** Rebates have come in. */
  receive(amount: Usdc): void {
    usdc(amount);
    this.rebatesReceived += amount;
    this.cash += amount;
  }

  adopt(report: TradeReport, at: Nanos): LedgerChange {
    const known = this.#trades.get(keyOf(report));
    if (known !== undefined) return this.#advance(known.account, known.entry, report.status);
    return this.#match(report, report.status, { strategyId: EXTERNAL, rebate: 0 as Usdc }, at);
  }

  chain(action: ChainAction, proceeds: Usdc, at: Nanos, owner: StrategyId | undefined): LedgerChange {
    const { actionId, kind, marketId, amounts } = action;
    if (this.#actions.has(actionId)) return NOTHING;
    usdc(proceeds);
    if (kind === "split" ? proceeds > 0 : proceeds < 0) {
      throw new MatchpointError("UNIT_INVALID", `${kind} ${actionId} cannot have proceeds of ${proceeds}`);
    }
    const account = this.#open(marketId);
    const strategyId = owner ?? account.last ?? EXTERNAL;
    return this.#change(account, () => {
      this.#actions.add(actionId);
      account.book({ type: "chain", actionId, kind, amounts, proceeds, strategyId, at });
    });
  }

  resolution(
    marketId: MarketId,
    payouts: readonly [Usdc, Usdc],
    owner: StrategyId | undefined,
  ): LedgerChange {
    for (const payout of payouts) {
      if (!Number.isSafeInteger(payout) || payout < 0 || payout > USDC_ONE) {
        throw new MatchpointError("UNIT_INVALID", `a payout of ${payout} micro-dollars is not from 0 to $1`);
      }
    }
    const account = this.#open(marketId);
    if (account.payouts?.[0] === payouts[0] && account.payouts[1] === payouts[1]) return NOTHING;
    return this.#change(account, () => {
      account.resolve([payouts[0], payouts[1]], owner);
    });
  }

  prune(
    orders: Iterable<{ readonly orderId?: string | undefined; readonly trades: readonly string[] }>,
  ): void {
    const touched = new Set<MarketAccount>();
    for (const { orderId, trades } of orders) {
      for (const tradeId of trades) {
        const known = this.#trades.get(`${orderId ?? ""} ${tradeId}`);
        if (known === undefined) continue;
        known.entry.sealed = true;
        touched.add(known.account);
      }
    }
    for (const account of touched) {
      for (const entry of account.collapse()) if (entry.type === "trade") this.#trades.delete(entry.key);
    }
  }

  snapshot(): LedgerSnapshot {
    return {
      version: 1,
      deposits: this.deposits as Usdc,
      ...(this.openedAt === undefined ? {} : { openedAt: this.openedAt }),
      markets: Array.from(this.accounts.values(), dumpAccount),
      actions: [...this.#actions],
      ...(this.rebatesReceived === 0 ? {} : { rebatesReceived: this.rebatesReceived as Usdc }),
    };
  }

  static restore(snapshot: LedgerSnapshot): Books {
    if ((snapshot.version as number) !== 1) {
      throw new MatchpointError(
        "JOURNAL_SCHEMA_NEWER",
        `ledger snapshot has version ${String(snapshot.version)}, not 1`,
      );
    }
    const books = new Books();
    books.deposits = snapshot.deposits;
    books.openedAt = snapshot.openedAt;
    books.rebatesReceived = snapshot.rebatesReceived ?? 0;
    books.cash = snapshot.deposits + books.rebatesReceived;
    for (const plain of snapshot.markets) {
      const account = loadAccount(plain);
      books.accounts.set(account.marketId, account);
      for (const entry of account.entries) {
        if (entry.type === "trade") books.#trades.set(entry.key, { account, entry });
      }
      books.cash += account.state.cash;
      books.realized += account.state.realized;
      books.fees += account.state.fees;
      books.rebates += account.state.rebates;
    }
    for (const actionId of snapshot.actions) books.#actions.add(actionId);
    return books;
  }

  #open(marketId: MarketId): MarketAccount {
    let account = this.accounts.get(marketId);
    if (account === undefined) {
      account = new MarketAccount(marketId);
      this.accounts.set(marketId, account);
    }
    return account;
  }

  #match(report: TradeReport, status: TradeStatus, whose: Whose, at: Nanos): LedgerChange {
    if (status === "FAILED") return NOTHING;
    const { marketId, outcome, side, size, cost, fee } = report;
    const { strategyId, decision, rebate } = whose;
    for (const amount of [size, cost, fee, rebate]) {
      if (!Number.isSafeInteger(amount) || amount < 0) {
        throw new MatchpointError("UNIT_INVALID", `trade ${report.tradeId} has the amount ${amount}`);
      }
    }
    const key = keyOf(report);
    const sum = { key, strategyId, outcome, side, size, cost, fee, at };
    const entry: TradeEntry = {
      type: "trade",
      ...sum,
      ...(decision === undefined ? {} : { decision }),
      ...(rebate === 0 ? {} : { rebate }),
      status,
      sealed: false,
    };
    const account = this.#open(marketId);
    return this.#change(account, () => {
      this.#trades.set(key, { account, entry });
      account.book(entry);
    });
  }

  #advance(account: MarketAccount, entry: TradeEntry, to: TradeStatus): LedgerChange {
    if (entry.status === to) return NOTHING;
    return this.#change(account, () => {
      if (to === "FAILED") {
        this.#trades.delete(entry.key);
        account.void(entry);
      } else account.advance(entry, to);
    });
  }

  /** Keeps the totals in step with one account's change. */
  #change(account: MarketAccount, book: () => void): LedgerChange {
    const { cash, realized, fees, rebates } = account.state;
    book();
    const after = account.state;
    this.rebates += after.rebates - rebates;
    this.cash += after.cash - cash;
    this.realized += after.realized - realized;
    this.fees += after.fees - fees;
    return { booked: true, realized: (after.realized - realized) as Usdc, short: account.isShort };
  }
}

/** One trade may match several orders, so a trade id alone is no key. */
function keyOf(report: Pick<TradeReport, "orderId" | "tradeId">): string {
  return `${report.orderId} ${report.tradeId}`;
}
