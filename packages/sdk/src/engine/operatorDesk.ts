import type { OperatorCommand, OperatorEvent } from "../events/index.ts";
import { id, type SourceId } from "../ids.ts";
import type { Floor } from "./floor.ts";
import type { OrderDesk } from "./orderDesk.ts";
import type { ReconcileDesk } from "./reconcileDesk.ts";
import type { RiskDesk } from "./riskDesk.ts";
import type { SettlementDesk } from "./settlementDesk.ts";
import type { TradingDesk } from "./tradingDesk.ts";
import type { TruthDesk } from "./truthDesk.ts";

/** Whom a person's word may concern. */
interface OperatedDesks {
  readonly trading: TradingDesk;
  readonly truth: TruthDesk;
  readonly orders: OrderDesk;
  readonly settlement: SettlementDesk;
  readonly reconcile: ReconcileDesk;
  readonly risk: RiskDesk;
}

/** Does what a person says: halts, kills, resumes, stops entries, states facts, adopts. */
export class OperatorDesk {
  readonly #floor: Floor;
  readonly #desks: OperatedDesks;

  constructor(floor: Floor, desks: OperatedDesks) {
    this.#floor = floor;
    this.#desks = desks;
  }

  /** A person has said something, here or from afar. */
  said(event: OperatorEvent): void {
    const floor = this.#floor;
    const { command } = event;
    const stops = command.kind === "halt" || command.kind === "kill" || command.kind === "stop_entries";
    if (stops && command.reason !== undefined) floor.alarm("STOPPED", `${event.operator}: ${command.reason}`);
    switch (command.kind) {
      case "halt":
        if (command.marketId === undefined) floor.haltedByOperator = true;
        else if (!floor.markets.has(command.marketId)) floor.haltedUnlisted.add(command.marketId);
        this.#desks.trading.haltWhere(command.marketId, "manual");
        return;
      case "kill":
        this.#desks.risk.stops.kill("operator", command.reason ?? "an operator's kill", command.givenAt);
        return;
      case "resume":
        this.#resume(command);
        return;
      case "stop_entries":
        floor.moveSystem("stop_entries", command.reason ?? "an operator's word");
        this.#desks.orders.cancels.demandEntries("entries are stopped");
        return;
      case "fact": {
        const { at, receivedAt } = event;
        const { matchId, claim } = command;
        const source = id<SourceId>("operator");
        const told = {
          type: "match_claim",
          at,
          receivedAt,
          matchId,
          source,
          tier: "B",
          upstream: source,
          claim,
        } as const;
        this.#desks.truth.changed(floor.truth.apply(told));
        return;
      }
      case "adopt":
        this.#desks.reconcile.adopt(command, event.receivedAt);
        return;
      case "note":
        return;
    }
  }

  /** A person's word ends what it may end; too soon after a kill, or without a reason where one is needed, it ends nothing. */
  #resume(command: Extract<OperatorCommand, { readonly kind: "resume" }>): void {
    const floor = this.#floor;
    const { marketId, strategyId } = command;
    const refusal = this.#desks.risk.stops.refuses(command);
    if (refusal !== undefined) {
      floor.alarm("RESUME_REFUSED", refusal, marketId);
      return;
    }
    if (strategyId === undefined) {
      if (marketId === undefined) {
        floor.haltedUnlisted.clear();
        floor.haltedByOperator = false;
        floor.foreign.resumed();
        this.#desks.risk.breakers.wallet.clear();
        floor.moveSystem("operator_resume", command.reason ?? "an operator's resume");
        this.#recoverAgain();
      } else floor.haltedUnlisted.delete(marketId);
      for (const entry of floor.allMarkets()) {
        if (marketId !== undefined && entry.market.marketId !== marketId) continue;
        const except = this.#desks.risk.breakers.outlasts(entry) ? "breaker" : undefined;
        this.#desks.trading.apply(entry, { kind: "operator_resume", except });
        this.#desks.settlement.settle(entry);
      }
    }
    this.#desks.risk.stops.resume(command);
  }

  /** A person's word does not make books agree: a live run trades again after a comparison that does. */
  #recoverAgain(): void {
    const floor = this.#floor;
    if (floor.recovering || floor.system.status !== "RECOVERING") return;
    if (floor.live) floor.resuming = true;
    else floor.moveSystem("recovered", "nothing is left to recover");
  }
}
