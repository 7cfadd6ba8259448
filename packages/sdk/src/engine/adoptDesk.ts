import type { Adopted, Adoption, Intent, RunStarted } from "../events/index.ts";
import { id, type IntentId, type RunId, type TradeId } from "../ids.ts";
import { EXTERNAL } from "../portfolio/index.ts";
import type { HaltCause } from "../state/index.ts";
import { HALT_CAUSES, type Halt } from "../trading/index.ts";
import {
  mulDiv,
  NANOS_PER_MS,
  PRICE_ONE,
  type Millis,
  type Nanos,
  type Price,
  type Shares,
  type Usdc,
} from "../units/index.ts";
import { restoreAccount, type CarriedAccount, type CarriedHold, type CarriedMarket } from "./carried.ts";
import type { Floor } from "./floor.ts";
import type { MarketEntry } from "./marketEntry.ts";
import type { OrderDesk } from "./orderDesk.ts";
import type { RiskDesk } from "./riskDesk.ts";
import type { SettlementDesk } from "./settlementDesk.ts";
import type { TradingDesk } from "./tradingDesk.ts";

type Of<K extends Adoption["kind"]> = Extract<Adoption, { readonly kind: K }>;

/** How many pruned orders are remembered across restarts, so that nothing old is taken for new. */
const REMEMBERED = 20_000;
/** How many earlier runs are named. */
const LINEAGE = 20;
/** What changed this long before the end may still get a late fill, in ns. */
const RECENT = 3_600_000 * NANOS_PER_MS;

/** What is known of earlier runs, as plain JSON. */
export interface SavedAdoption extends Pick<CarriedAccount, "startedAt" | "runs"> {
  readonly carried: readonly CarriedMarket[];
  readonly recovers: boolean;
  readonly seq: number;
}

/** Takes over what this run did not do itself: an earlier run's account, and what explains the rest of it. */
export class AdoptDesk {
  readonly #floor: Floor;
  readonly #trading: TradingDesk;
  readonly #orders: OrderDesk;
  readonly #settlement: SettlementDesk;
  readonly #risk: RiskDesk;
  #carried = new Map<string, CarriedMarket>();
  /** Something was carried: a market that is listed has holdings that are explained. */
  #recovers = false;
  #seq = 0;
  #startedAt = 0 as Millis;
  #runs: readonly RunId[] = [];

  constructor(
    floor: Floor,
    desks: {
      readonly trading: TradingDesk;
      readonly orders: OrderDesk;
      readonly settlement: SettlementDesk;
      readonly risk: RiskDesk;
    },
  ) {
    this.#floor = floor;
    this.#trading = desks.trading;
    this.#orders = desks.orders;
    this.#settlement = desks.settlement;
    this.#risk = desks.risk;
  }

  started({ runId, receivedAt }: RunStarted): void {
    this.#startedAt = receivedAt;
    this.#runs = [runId];
  }

  /** Since when, and by which runs, this account is traded. */
  get lineage(): Pick<CarriedAccount, "startedAt" | "runs"> {
    return { startedAt: this.#startedAt, runs: this.#runs };
  }

  save(): SavedAdoption {
    return {
      ...this.lineage,
      carried: [...this.#carried.values()],
      recovers: this.#recovers,
      seq: this.#seq,
    };
  }
  /** Takes up what {@link AdoptDesk.save} gave. */
  load({ startedAt, runs, carried, recovers, seq }: SavedAdoption): void {
    this.#startedAt = startedAt;
    this.#runs = runs;
    this.#carried = new Map(carried.map((market) => [market.marketId, market]));
    this.#recovers = recovers;
    this.#seq = seq;
  }

  /** What was carried of markets that this run has not listed, where a person's halt or something of ours is left. */
  get unlisted(): readonly CarriedMarket[] {
    const { markets, ledger, orders, chains } = this.#floor;
    return [...this.#carried.values()].filter(({ marketId, causes, holds, breaker }) => {
      if (markets.has(marketId)) return false;
      if (holds !== undefined || breaker !== undefined) return true;
      const held = [0, 1].some((outcome) => ledger.position(marketId, outcome as 0 | 1).matched !== 0);
      return causes.length > 0 || held || orders.hasOpen(marketId) || chains.pending(marketId).length > 0;
    });
  }

  adopted(event: Adopted): void {
    const { what } = event;
    switch (what.kind) {
      case "account":
        this.#account(what);
        return;
      case "order":
        this.#order(what);
        return;
      case "trade":
        this.#orders.adopt({
          ...what.trade,
          type: "trade_report",
          at: event.at,
          receivedAt: event.receivedAt,
        });
        return;
      case "position":
        this.#position(what, event);
        return;
      case "cash":
        this.#floor.ledger.deposit(what.amount, this.#floor.now);
        return;
      case "rebate":
        this.#floor.ledger.receiveRebate(what.amount);
        return;
      case "complete":
        this.#floor.recovering = false;
        this.#floor.moveSystem("recovered", "journal and venue agree");
        if (this.#floor.system.restriction !== "none" || this.#risk.loss.stopped !== undefined)
          this.#orders.cancels.demandEntries("entries were ended in the earlier run");
        for (const entry of this.#floor.allMarkets()) {
          this.#trading.exposure(entry, false);
          this.#settlement.settle(entry);
        }
        return;
    }
  }

  #account({ state }: Of<"account">): void {
    const floor = this.#floor;
    if (floor.markets.size > 0 || floor.ledger.openedAt !== undefined) {
      floor.alarm("ADOPT_REFUSED", "an account can only be taken over before anything else has happened");
      return;
    }
    const { plain, stores } = restoreAccount(state);
    floor.orders = stores.orders;
    floor.chains = stores.chains;
    floor.ledger = stores.ledger;
    this.#orders.goOn(plain.intents);
    this.#settlement.goOn(plain.actions);
    this.#carried = new Map(plain.markets.map((market) => [market.marketId, market]));
    this.#recovers = true;
    floor.recovering = true;
    this.#startedAt = plain.startedAt;
    this.#runs = [...plain.runs, ...this.#runs].slice(-LINEAGE);
    floor.haltedByOperator = plain.halted;
    if (plain.foreign === true) floor.foreign.raise();
    if (plain.restriction === "stop_entry") floor.moveSystem("stop_entries", "stopped in the earlier run");
    if (plain.restriction === "reduce_only") floor.moveSystem("reduce_only", "restricted in the earlier run");
    if (plain.killed) floor.moveSystem("kill", "killed in the earlier run");
    this.#risk.goOn(plain);
  }

  /** A market is listed for the first time: what the earlier run had there is taken up, and its orders go. */
  listed(entry: MarketEntry): void {
    if (!this.#recovers) return;
    const floor = this.#floor;
    const { marketId } = entry.market;
    const carried = this.#carried.get(marketId);
    entry.trading.explain(carried?.owner);
    entry.chain = floor.chains.pending(marketId)[0];
    for (const cause of carried?.causes ?? []) this.#trading.apply(entry, { kind: "halt", cause });
    for (const hold of carried?.holds ?? []) this.#trading.holdOn(entry, hold);
    if (carried?.breaker !== undefined) this.#risk.breakers.goOn(marketId, carried.breaker);
    this.#orders.takeBack(entry);
    this.#trading.exposure(entry, false);
    if (entry.chain !== undefined) floor.effect({ type: "chain", action: entry.chain });
  }

  #order({ orderId, marketId, outcome, side, price: limit, size }: Of<"order">): void {
    const { orders, now, wall } = this.#floor;
    if (orders.ownership(orderId) !== "foreign") return;
    this.#seq += 1;
    const intent: Intent = {
      intentId: id<IntentId>(`${EXTERNAL}-${orderId}`),
      strategyId: EXTERNAL,
      marketId,
      outcome,
      side,
      orderType: "GTC",
      postOnly: false,
      limit,
      size,
      purpose: "entry",
      reason: "adopted",
    };
    const stamp = { at: now, receivedAt: wall };
    orders.create(intent, now);
    orders.prepared({ type: "order_prepared", intentId: intent.intentId, orderId, ...stamp });
    orders.report({ type: "order_report", orderId, status: "live", ...stamp });
  }

  /** Shares in kind: what they count as is put in beside them, so that the cash stays what it is. */
  #position({ marketId, outcome, shares, cost }: Of<"position">, { at, receivedAt }: Adopted): void {
    const { ledger, now } = this.#floor;
    const size = Math.abs(shares) as Shares;
    if (size === 0) return;
    this.#seq += 1;
    const buys = shares > 0;
    ledger.deposit((buys ? cost : 0 - cost) as Usdc, now);
    ledger.adopt(
      {
        type: "trade_report",
        at,
        receivedAt,
        tradeId: id<TradeId>(`adopted-${receivedAt}-${this.#seq}`),
        orderId: id(`adopted-${marketId}`),
        marketId,
        outcome,
        side: buys ? "buy" : "sell",
        price: Math.min(PRICE_ONE, mulDiv(cost, PRICE_ONE, size, "down")) as Price,
        size,
        cost,
        fee: 0 as Usdc,
        liquidity: "taker",
        status: "CONFIRMED",
      },
      now,
    );
  }
}

/** What of a core the next run of the account begins with. Its own times. */
export function accountOf(
  floor: Floor,
  {
    orders,
    settlement,
    risk,
    adopt,
  }: {
    readonly orders: OrderDesk;
    readonly settlement: SettlementDesk;
    readonly risk: RiskDesk;
    readonly adopt: AdoptDesk;
  },
): CarriedAccount {
  const before = (floor.now - RECENT) as Nanos;
  floor.ledger.prune(floor.orders.prune(before));
  floor.chains.prune(before);
  const kept = floor.orders.snapshot();
  const chains = floor.chains.snapshot();
  return {
    version: 1,
    orders: { ...kept, retired: kept.retired.slice(-REMEMBERED) },
    chains: { ...chains, retired: chains.retired.slice(-REMEMBERED) },
    ledger: floor.ledger.snapshot(),
    markets: [
      ...floor
        .allMarkets()
        .map((entry) => marketOf(entry, risk))
        .filter(
          ({ owner, causes, holds, breaker }) =>
            owner !== undefined || causes.length > 0 || holds !== undefined || breaker !== undefined,
        ),
      ...adopt.unlisted,
    ],
    ...adopt.lineage,
    intents: orders.intents,
    ...risk.goingOn,
    actions: settlement.actions,
    killed: floor.system.latched,
    halted: floor.haltedByOperator,
    ...(floor.foreign.held ? { foreign: true } : {}),
    restriction: floor.system.restriction,
  };
}

function marketOf({ market: { marketId }, trading }: MarketEntry, risk: RiskDesk): CarriedMarket {
  const causes = [...trading.causes].filter(needsPerson);
  const { claimant } = trading;
  const holds = trading.halts.filter(({ cause }) => HOLDS.has(cause)).map(holdOf);
  const breaker = risk.breakers.counts(marketId);
  return {
    marketId,
    causes,
    ...(claimant === undefined ? {} : { owner: claimant }),
    ...(holds.length === 0 ? {} : { holds }),
    ...(breaker === undefined ? {} : { breaker }),
  };
}

/** What the core raises by itself: a restart ends it no sooner than its cool-down, or the operator, does. */
const HOLDS: ReadonlySet<HaltCause> = new Set<HaltCause>(["breaker", "strategy_fault"]);

function holdOf({ cause, reason, since, until }: Halt): CarriedHold {
  return { cause, reason, since, ...(until === undefined ? {} : { until }) };
}

/** What comes from books and feeds ends with the process; what a person has to end does not. */
function needsPerson(cause: HaltCause): boolean {
  const { clearedBy } = HALT_CAUSES[cause];
  return clearedBy === "operator" || clearedBy === "evidence_and_operator";
}
