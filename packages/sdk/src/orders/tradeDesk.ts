import { MatchpointError } from "../errors.ts";
import type { TradeReport } from "../events/index.ts";
import type { Shares, Usdc } from "../units/index.ts";
import { budget, isComplete, isImmediate, isSpending, type TradeChange } from "./order.ts";
import type { MutableCounts } from "./orderCounts.ts";
import type { OrderIndex } from "./orderIndex.ts";
import { isTerminalStatus, type OrderMachineEvent } from "./orderMachine.ts";
import type { OrderMover } from "./orderMover.ts";
import { addTrade, type OrderRecord, type TradeRecord } from "./orderRecord.ts";
import { tradeChange, type Strangers } from "./strangers.ts";
import { isTerminalTrade, TRADE_MACHINE } from "./tradeMachine.ts";

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

  #take(e: TradeReport): TradeChange {
    const order = this.#index.byHash.get(e.orderId);
    if (order === undefined) return this.#strangers.trade(e);
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
    addTrade(order, { report: e, status: e.status });
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
    const cell = TRADE_MACHINE.table[from][e.status];
    let illegal =
      first.size === e.size && first.cost === e.cost && first.fee === e.fee
        ? undefined
        : `trade ${e.tradeId} is restated with other numbers; the first stand`;
    if (cell.kind !== "move") {
      if (cell.kind !== "stay") illegal = `trade ${e.tradeId}: ${cell.why}`;
      return tradeChange(order, e, from, from, "duplicate", order.status, illegal);
    }
    known.status = cell.to as TradeReport["status"];
    order.updatedAt = e.at;
    if (isTerminalTrade(e.status) && !isTerminalTrade(from)) this.#index.countOpenTrade(order, -1);
    if (e.status !== "FAILED") {
      const kind = e.status === "CONFIRMED" ? "confirmed" : "advanced";
      return tradeChange(order, e, from, e.status, kind, order.status, illegal);
    }
    this.#counts.voided += 1;
    order.matched = (order.matched - first.size) as Shares;
    order.spent = (order.spent - first.cost) as Usdc;
    order.fees = (order.fees - first.fee) as Usdc;
    const before = order.status;
    const step = this.#mover.step(order, "void", e.at);
    return tradeChange(order, e, from, "FAILED", "voided", before, illegal ?? step.illegal);
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
