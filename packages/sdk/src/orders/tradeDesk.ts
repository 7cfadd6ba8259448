import { MatchpointError } from "../errors.ts";
import type { TradeReport } from "../events/index.ts";
import type { Shares, Usdc } from "../units/index.ts";
import { budget, isComplete, isImmediate, isSpending, type TradeChange } from "./order.ts";
import type { MutableCounts } from "./orderCounts.ts";
import type { OrderIndex } from "./orderIndex.ts";
import { isTerminalStatus, type OrderMachineEvent } from "./orderMachine.ts";
import type { OrderMover } from "./orderMover.ts";
import { addTrade, type OrderRecord, type TradeRecord } from "./orderRecord.ts";
import { nextReport, tradeChange, type Strangers } from "./strangers.ts";
import { isTerminalTrade } from "./tradeMachine.ts";

/** Counts trades on their orders: each once, whatever the order of its reports. */
export class TradeDesk {
  readonly #index: OrderIndex;
  readonly #mover: OrderMover;
  readonly #strangers: Strangers;
  readonly #counts: MutableCounts;

  constructor(index: OrderIndex, mover: OrderMover, strangers: Strangers, counts: MutableCounts) {
    this.#index = index;
    this.#mover = mover;
    this.#strangers = strangers;
    this.#counts = counts;
  }

  take(e: TradeReport): TradeChange {
    const change = this.#take(e);
    if (change.kind === "foreign") this.#counts.foreign += 1;
    if (change.illegal !== undefined) this.#counts.illegal += 1;
    else if (change.kind === "duplicate") this.#counts.duplicates += 1;
    return change;
  }

  /** Takes a trade of no order of ours for the account's own; one of ours is taken as if it had been reported. */
  adopt(e: TradeReport): TradeChange {
    if (this.#index.byHash.has(e.orderId)) return this.take(e);
    const change = this.#strangers.adopt(e);
    this.#countOpen(change);
    return change;
  }

  /** Adopted trades hold their market open until they are terminal, as those of our orders do. */
  #countOpen({ report, from, to, kind }: TradeChange): void {
    if (kind === "foreign" || kind === "duplicate") return;
    const before = from !== undefined && !isTerminalTrade(from);
    const after = !isTerminalTrade(to);
    if (before !== after) this.#index.countOpenIn(report.marketId, after ? 1 : -1);
    const record = this.#strangers.record(report);
    if (record !== undefined) this.#index.noteTrade(record);
  }

  #take(e: TradeReport): TradeChange {
    const order = this.#index.byHash.get(e.orderId);
    if (order === undefined) {
      const change = this.#strangers.trade(e);
      this.#countOpen(change);
      return change;
    }
    const { intent } = order;
    if (e.marketId !== intent.marketId || e.outcome !== intent.outcome || e.side !== intent.side) {
      const why = `trade ${e.tradeId} is not of its order's market, outcome and side`;
      return tradeChange(order, e, undefined, e.status, "foreign", order.status, why);
    }
    const known = order.records?.get(e.tradeId);
    return known === undefined ? this.#first(order, e) : this.#next(order, known, e);
  }

  /**
   * The first report of a trade. One that has failed already was matched too: it is off the order, only not held, just
   * as if its MATCHED had come before.
   */
  #first(order: OrderRecord, e: TradeReport): TradeChange {
    const from = order.status;
    if (
      !Number.isSafeInteger(order.grossMatched + e.size) ||
      !Number.isSafeInteger(order.grossSpent + e.cost + order.fees + e.fee)
    ) {
      throw new MatchpointError("UNIT_OVERFLOW", `trade ${e.tradeId} makes its order too large to count`);
    }
    const trade: TradeRecord = { report: e, status: e.status };
    addTrade(order, trade);
    this.#index.noteTrade(trade);
    order.updatedAt = e.at;
    if (!isTerminalTrade(e.status)) this.#index.countOpenTrade(order, 1);
    this.#counts.trades += 1;
    const failed = e.status === "FAILED";
    if (failed) this.#counts.voided += 1;
    else if (isTerminalStatus(from)) this.#counts.lateFills += 1;
    this.#flagOverfill(order);
    const { illegal } = this.#mover.step(order, fillEvent(order), e.at);
    return tradeChange(order, e, undefined, e.status, failed ? "voided" : "matched", from, illegal);
  }

  #next(order: OrderRecord, known: TradeRecord, e: TradeReport): TradeChange {
    const { status: from, report: first } = known;
    const change = nextReport(known, e, order);
    if (change.kind === "duplicate") return change;
    this.#index.noteTrade(known);
    order.updatedAt = e.at;
    if (isTerminalTrade(e.status) && !isTerminalTrade(from)) this.#index.countOpenTrade(order, -1);
    if (change.kind !== "voided") return change;
    this.#counts.voided += 1;
    order.matched = (order.matched - first.size) as Shares;
    order.spent = (order.spent - first.cost) as Usdc;
    order.fees = (order.fees - first.fee) as Usdc;
    const before = order.status;
    const step = this.#mover.step(order, "void", e.at);
    return tradeChange(order, e, from, "FAILED", "voided", before, change.illegal ?? step.illegal);
  }

  #flagOverfill(order: OrderRecord): void {
    if (order.overfilled) return;
    const { intent } = order;
    const over = isSpending(intent) ? order.grossSpent > budget(intent) : order.grossMatched > intent.size;
    if (!over) return;
    order.overfilled = true;
    this.#counts.overfills += 1;
  }
}

function fillEvent(order: OrderRecord): OrderMachineEvent {
  const settled = order.status === "MATCHED";
  if (isComplete(order.intent, order.grossMatched, order.grossSpent, settled)) return "complete";
  return isImmediate(order.intent) ? "fill_immediate" : "fill_resting";
}
