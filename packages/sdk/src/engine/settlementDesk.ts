import type { ChainAction, ChainReport, ChainRequested, MarketResolution, Outcome } from "../events/index.ts";
import { id, type ActionId } from "../ids.ts";
import { mulDiv, SHARES_ONE, USDC_ONE, type Shares, type Usdc } from "../units/index.ts";
import type { Floor } from "./floor.ts";
import type { MarketEntry } from "./marketEntry.ts";
import { comparePayouts } from "./payouts.ts";
import type { TradingDesk } from "./tradingDesk.ts";

/** The wait after a reverted action doubles with each in a row, this often. */
const MOST_DOUBLINGS = 7;

/** Merges complete pairs, waits for the venue's resolution, and redeems. */
export class SettlementDesk {
  readonly #floor: Floor;
  readonly #trading: TradingDesk;
  /** Told when an order or trade may have become terminal because of a settlement. */
  afterOrders: (entry: MarketEntry) => void = () => undefined;
  #actionSeq = 0;
  /** Markets that may have something to settle when all is booked that belongs together; `undefined`: each settles at once. */
  #waiting: Set<MarketEntry> | undefined;

  constructor(floor: Floor, trading: TradingDesk) {
    this.#floor = floor;
    this.#trading = trading;
  }

  /** Books what belongs together, and settles only then: half of it may hold shares that the other half has sold. */
  together(book: () => void): void {
    const waiting = new Set<MarketEntry>();
    this.#waiting = waiting;
    try {
      book();
    } finally {
      this.#waiting = undefined;
    }
    for (const entry of waiting) this.settle(entry);
  }

  /** Sends the next chain action of a market, when there is one to send. */
  settle(entry: MarketEntry): void {
    if (this.#floor.options.bookkeeping === true) return;
    if (this.#waiting !== undefined) {
      this.#waiting.add(entry);
      return;
    }
    const action = this.#next(entry);
    if (action === undefined) return;
    this.#actionSeq += 1;
    const chain: ChainAction = { actionId: id<ActionId>(`chain-${this.#actionSeq}`), ...action };
    entry.chain = chain;
    this.#floor.chains.create(chain, this.#floor.now);
    this.#floor.effect({ type: "chain", action: chain });
  }

  /** A chain action is journaled. One that this core did not ask for is rebuilt from the journal. */
  requested({ action }: ChainRequested): void {
    const { chains, markets, now, options } = this.#floor;
    if (options.bookkeeping !== true || chains.status(action.actionId) !== undefined) return;
    this.#actionSeq += 1;
    chains.create(action, now);
    const entry = markets.get(action.marketId);
    if (entry !== undefined) entry.chain = action;
  }

  /** Counts on from an earlier run of the account. */
  goOn(actions: number): void {
    this.#actionSeq = actions;
  }
  /** What {@link SettlementDesk.goOn} takes. */
  get actions(): number {
    return this.#actionSeq;
  }

  /**
   * Redeem what is held once the market is resolved, else merge complete confirmed pairs. Nothing while an action is under
   * way, and never shares that an open sell order may still deliver.
   */
  #next(entry: MarketEntry): Omit<ChainAction, "actionId"> | undefined {
    const { ledger, orders, options, system, now } = this.#floor;
    if (entry.chain !== undefined || now < entry.chainRetryAt) return undefined;
    const { marketId } = entry.market;
    const settled = (outcome: Outcome): number => ledger.position(marketId, outcome).settled;
    if (entry.trading.status === "RESOLVED") {
      if (system.allows("redeem") !== true) return undefined;
      const amounts = [settled(0), settled(1)] as readonly number[] as readonly [Shares, Shares];
      // What comes in after a redemption is redeemed by another one.
      return amounts[0] + amounts[1] <= 0 ? undefined : { kind: "redeem", marketId, amounts };
    }
    const { engine, risk, capabilities } = options;
    if (!engine.auto_merge || !capabilities.merge || entry.payouts !== undefined) return undefined;
    const free: [number, number] = [settled(0), settled(1)];
    for (const { intent, matched } of orders.open(marketId)) {
      if (intent.side === "sell") free[intent.outcome] -= Math.max(0, intent.size - matched);
    }
    const pairs = Math.min(ledger.mergeable(marketId), free[0], free[1]);
    // A market that holds nothing but a locked pair is closed to everybody until the pair is merged, however small.
    const least = entry.trading.status === "LOCKED_PAIR" ? 0 : engine.min_merge_shares * SHARES_ONE;
    if (pairs <= 0 || pairs < least) return undefined;
    const permissions = {
      finalizingAllowReduce: risk.finalizing.allow_reduce,
      haltAllowReduce: risk.halt.allow_reduce,
    };
    if (entry.trading.allows("merge", undefined, permissions) !== true) return undefined;
    if (system.allows("merge") !== true) return undefined;
    return { kind: "merge", marketId, amounts: [pairs as Shares, pairs as Shares] };
  }

  chainReport(event: ChainReport): void {
    const floor = this.#floor;
    const change = floor.chains.report(event);
    const { action } = change;
    const entry = action === undefined ? undefined : floor.markets.get(action.marketId);
    if (change.illegal !== undefined) {
      floor.alarm("CHAIN_TRANSITION_ILLEGAL", change.illegal, action?.marketId);
      if (entry !== undefined) this.#trading.apply(entry, { kind: "halt", cause: "illegal_transition" });
    }
    if (action === undefined || entry === undefined || !change.applied) return;
    if (change.to === "FINAL") {
      this.#final(entry, action, change.proceeds);
    } else if (change.to === "REVERTED" || change.to === "UNKNOWN") {
      const detail = `${action.kind} ${action.actionId}: ${event.detail ?? "no reason given"}`;
      floor.alarm(`CHAIN_${change.to}`, detail, action.marketId);
      if (change.to === "UNKNOWN") return;
      entry.chain = undefined;
      const wait = floor.options.engine.chain_retry_ms << Math.min(entry.chainReverts, MOST_DOUBLINGS);
      entry.chainReverts += 1;
      entry.chainRetryAt = floor.setTimer(`chain:${action.marketId}`, wait);
      this.#trading.exposure(entry, true);
    }
  }

  #final(entry: MarketEntry, action: ChainAction, stated: Usdc | undefined): void {
    const floor = this.#floor;
    entry.chain = undefined;
    entry.chainReverts = 0;
    const proceeds = stated ?? redemptionValue(action.amounts, entry.payouts);
    floor.ledger.chain(action, proceeds, floor.now, entry.trading.owner);
    if (action.kind === "merge") {
      floor.counts.merges += 1;
      this.#trading.apply(entry, { kind: "merge_final", facts: this.#trading.facts(entry) });
    }
    this.#trading.exposure(entry, false);
    for (const binding of entry.bindings)
      floor.call(binding, () => binding.spec.strategy.onPosition?.(binding.context));
    this.afterOrders(entry);
  }

  /** The venue has said what the market pays. One that is not listed (yet) is booked, and resolved as soon as it is. */
  resolution({ marketId, payouts }: Pick<MarketResolution, "marketId" | "payouts">): void {
    const floor = this.#floor;
    const { ledger } = floor;
    const entry = floor.markets.get(marketId);
    if (!payouts.every((each) => Number.isInteger(each) && each >= 0 && each <= USDC_ONE)) {
      floor.alarm(
        "RESOLUTION_INVALID",
        `the venue pays ${payouts.join("/")}, which nothing can pay`,
        marketId,
      );
      if (entry !== undefined) this.#trading.apply(entry, { kind: "halt", cause: "reconcile" });
      return;
    }
    const before = entry === undefined ? ledger.payouts(marketId) : entry.payouts;
    if (before !== undefined && before[0] === payouts[0] && before[1] === payouts[1]) return;
    ledger.resolution(marketId, payouts, entry?.trading.owner);
    if (entry !== undefined) {
      entry.payouts = payouts;
      entry.agreements = 0; // what was compared before says nothing about what the resolution leaves open
      comparePayouts(floor, entry);
    }
    if (before !== undefined) {
      floor.alarm(
        "RESOLUTION_CHANGED",
        `the venue pays ${payouts.join("/")}, not ${before.join("/")}`,
        marketId,
      );
      return;
    }
    if (entry === undefined) return;
    this.#trading.cancelMarket(entry, "market resolved");
    this.#trading.apply(entry, { kind: "venue_resolution" });
    this.settle(entry);
  }

  /** A market is listed for the first time: what it pays may be known since before. */
  listed(entry: MarketEntry): void {
    const { marketId } = entry.market;
    const payouts = this.#floor.ledger.payouts(marketId);
    if (payouts !== undefined) this.resolution({ marketId, payouts });
  }
}

/** What a redemption brings when the chain's report does not say: each outcome's shares at its payout, rounded down. */
function redemptionValue(
  amounts: readonly [Shares, Shares],
  payouts: readonly [Usdc, Usdc] | undefined,
): Usdc {
  if (payouts === undefined) return 0 as Usdc;
  const [first, second] = amounts.map((amount, outcome) =>
    mulDiv(amount, payouts[outcome as Outcome], SHARES_ONE, "down"),
  );
  return (first! + second!) as Usdc;
}
