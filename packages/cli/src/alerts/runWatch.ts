import {
  DUST,
  FINAL_WITHIN_MS,
  type AlarmEffect,
  type AlertKind,
  type ChainLook,
  type CoreEvent,
  type Effect,
  type MarketId,
  type OrderReport,
  type Runtime,
  type TradeReport,
  type TransitionEffect,
} from "@matchpoint/sdk";
import { money } from "../report/format.ts";
import { listMarkets } from "../report/labels.ts";
import { feedState } from "../report/runLog.ts";
import type { Conditions } from "./conditions.ts";

/** Which kind of alert an alarm of the core is; the others show in another way, or are for the report. */
const OF_ALARM: Readonly<Record<string, AlertKind>> = {
  KILLED: "kill",
  STRATEGY_HALTED: "strategy_halted",
  DAILY_LOSS: "drawdown",
  LOOP_STALLED: "stalled",
  BALANCE_REFUSED: "balance_refused",
  RECONCILE_MISMATCH: "reconcile_mismatch",
  FOREIGN_ORDER: "reconcile_mismatch",
  FOREIGN_TRADE: "reconcile_mismatch",
  POSITION_SHORT: "reconcile_mismatch",
  ALLOWANCE_SHORT: "allowance_short",
  ORDERS_MAY_BE_OPEN: "order_unknown",
  RESOLUTION_UNCLEAR: "settlement_mismatch",
  RESOLUTION_INVALID: "settlement_mismatch",
  RESOLUTION_CHANGED: "settlement_mismatch",
  PAYOUT_DIFFERS_FROM_TRUTH: "settlement_mismatch",
  FILL_VOIDED: "fill_voided",
  TRADE_UNSETTLED: "settlement_late",
  CHAIN_REVERTED: "settlement_mismatch",
  CHAIN_UNKNOWN: "settlement_mismatch",
};

/** Those that last until a look at the chain says otherwise. */
const LASTS_WITH: Readonly<Record<string, AlertKind>> = {
  CHAIN_SILENT: "chain_silent",
  CHAIN_NOT_FINAL: "chain_not_final",
};

/** So often the account is valued for the steps of its drawdown, in ms. */
const VALUE_EVERY_MS = 5_000;
const BOOKS = "books";

/** Sees in a run's events what people are told of. */
export class RunWatch {
  readonly #runtime: Runtime;
  readonly #conditions: Conditions;
  readonly #drawdownStep: number;
  readonly #unsoundBooks = new Set<MarketId>();
  #peak = 0;
  #steps = 0;
  #valuedAt = -Infinity;

  /** @param onFault told what goes wrong in here: it is none of the run's business */
  constructor(
    runtime: Runtime,
    conditions: Conditions,
    drawdownStep: number,
    onFault: (error: unknown) => void,
  ) {
    this.#runtime = runtime;
    this.#conditions = conditions;
    this.#drawdownStep = drawdownStep;
    runtime.on("step", (event, effects) => {
      try {
        this.#step(event, effects);
      } catch (error) {
        onFault(error);
      }
    });
  }

  /** Looks at what no event tells. `nowMs`: any clock that goes on. */
  look(nowMs: number): void {
    this.#conditions.look();
    if (nowMs - this.#valuedAt < VALUE_EVERY_MS) return;
    this.#valuedAt = nowMs;
    this.#drawdown();
  }

  #step(event: CoreEvent, effects: readonly Effect[]): void {
    switch (event.type) {
      case "order_report":
        this.#order(event);
        break;
      case "trade_report":
        this.#trade(event);
        break;
      case "source_health":
      case "book_continuity":
        this.#feed(event);
        break;
      case "reconciled":
        if (event.chain !== undefined) this.#chain(event.chain, effects);
        break;
      case "operator":
        if (event.command.kind === "kill")
          this.#conditions.raise({
            kind: "kill",
            subject: "",
            text: `killed by ${event.operator}: ${event.command.reason ?? "no reason given"}`,
          });
        if (event.command.kind === "stop_entries")
          this.#conditions.raise({
            kind: "entries_stopped",
            subject: "",
            text: `stopped by ${event.operator}: ${event.command.reason ?? "no reason given"}`,
          });
        break;
      default:
        break;
    }
    for (const effect of effects) {
      if (effect.type === "alarm") this.#alarm(effect);
      else if (effect.type === "transition" && effect.machine === "trading") this.#trading(effect);
      else if (effect.type === "transition" && effect.machine === "system") this.#system(effect);
    }
  }

  #alarm({ code, message, marketId, strategyId }: AlarmEffect): void {
    const kind = OF_ALARM[code];
    // An operator's stop is told with who gave it.
    if (kind === undefined || (code === "STOPPED" && this.#runtime.core.system.restriction !== "none"))
      return;
    const at = marketId === undefined ? "" : `${this.#label(marketId)}: `;
    this.#conditions.raise({
      kind,
      subject: `${code} ${marketId ?? strategyId ?? ""}`,
      text: `${at}${message}`,
      ...(marketId === undefined ? {} : { marketId }),
    });
  }

  #trading({ marketId, from, to, reason }: TransitionEffect): void {
    if (marketId === undefined) return;
    if (to === "HALT") {
      const causes = [...(this.#runtime.core.market(marketId)?.trading.causes ?? [])].join(", ");
      const text = `${this.#label(marketId)}: ${reason}${causes === "" ? "" : ` (${causes})`}`;
      this.#conditions.begin({ kind: "halted_market", subject: marketId, text, marketId });
    } else if (from === "HALT") this.#conditions.end("halted_market", marketId);
    if (to !== "RESOLVED") return;
    this.#conditions.end("one_leg_fill", marketId);
    this.#book(marketId, true, "");
  }

  #system({ subject, to, reason }: TransitionEffect): void {
    if (subject === "own_channel") {
      this.#ownChannel(to, reason);
      return;
    }
    if (subject !== "venue") return;
    if (to === "OPEN") this.#conditions.end("venue_down", "");
    else this.#conditions.begin({ kind: "venue_down", subject: "", text: `the venue is ${to}: ${reason}` });
  }

  /** Entries wait until what was missed is compared; a person is called only while nothing is heard. */
  #ownChannel(to: string, reason: string): void {
    if (to === "LOST") {
      const text = `own orders and trades are not heard of at once, entries wait: ${reason}`;
      this.#conditions.begin({ kind: "own_channel_lost", subject: "", text });
      this.#conditions.begin({ kind: "own_channel_down", subject: "", text });
      return;
    }
    this.#conditions.end("own_channel_down", "");
    if (to === "OPEN") this.#conditions.end("own_channel_lost", "");
  }

  #feed(event: Extract<CoreEvent, { type: "source_health" | "book_continuity" }>): void {
    const { feed, matchId, marketId, health, reason, sound } = feedState(event);
    if (marketId !== undefined) {
      this.#book(marketId, sound, `${health}: ${reason}`);
      return;
    }
    const subject = matchId === undefined ? feed : `${feed} ${matchId}`;
    if (sound) this.#conditions.end("feed_stale", subject);
    else
      this.#conditions.begin({
        kind: "feed_stale",
        subject,
        text: `${subject}: ${health} (${reason})`,
        ...(matchId === undefined ? {} : { matchId }),
      });
  }

  /** One socket carries many books: they are told of together. */
  #book(marketId: MarketId, sound: boolean, why: string): void {
    if (sound) {
      this.#unsoundBooks.delete(marketId);
      if (this.#unsoundBooks.size === 0) this.#conditions.end("feed_stale", BOOKS);
      return;
    }
    this.#unsoundBooks.add(marketId);
    this.#conditions.begin({
      kind: "feed_stale",
      subject: BOOKS,
      text: `books: ${this.#label(marketId)} ${why}`,
    });
  }

  /** The core tells that it has begun; a look says that it is over. */
  #chain({ silent, finalAgeMs }: ChainLook, effects: readonly Effect[]): void {
    for (const effect of effects) {
      const kind = effect.type === "alarm" ? LASTS_WITH[effect.code] : undefined;
      if (kind !== undefined && effect.type === "alarm")
        this.#conditions.begin({ kind, subject: "", text: effect.message });
    }
    if (silent === undefined) this.#conditions.end("chain_silent", "");
    if (finalAgeMs !== undefined && finalAgeMs <= FINAL_WITHIN_MS)
      this.#conditions.end("chain_not_final", "");
  }

  #order({ orderId }: OrderReport): void {
    const order = this.#runtime.core.orders.byOrderId(orderId);
    if (order?.status !== "UNKNOWN") {
      this.#conditions.end("order_unknown", orderId);
      return;
    }
    const { marketId, intentId, side, size } = order.intent;
    this.#conditions.begin({
      kind: "order_unknown",
      subject: orderId,
      text: `${this.#label(marketId)}: nobody knows what became of a ${side} of ${size / 1_000_000} shares; it counts at its worst`,
      marketId,
      orderId,
      intentId,
    });
  }

  #trade({ marketId, orderId }: TradeReport): void {
    const { core } = this.#runtime;
    if (core.orders.byOrderId(orderId)?.status !== "UNKNOWN") this.#conditions.end("order_unknown", orderId);
    const { residual, residualOutcome } = core.ledger.pairCost(marketId);
    const entry = core.market(marketId);
    if (entry?.trading.posture !== "pair" || residual <= DUST || residualOutcome === undefined) {
      this.#conditions.end("one_leg_fill", marketId);
      return;
    }
    const name = entry.market.outcomes[residualOutcome].name;
    this.#conditions.begin({
      kind: "one_leg_fill",
      subject: marketId,
      text: `${this.#label(marketId)}: ${residual / 1_000_000} shares of ${name} have no other leg`,
      marketId,
      orderId,
    });
  }

  /** Told at each further step below the highest value; what was put in counts as value from the start. */
  #drawdown(): void {
    const { equity } = this.#runtime.core.pnl;
    this.#peak = Math.max(this.#peak, equity);
    if (this.#peak <= 0) return;
    const part = (this.#peak - equity) / this.#peak;
    const steps = Math.floor(part / this.#drawdownStep + 1e-9);
    if (steps > this.#steps)
      this.#conditions.raise({
        kind: "drawdown",
        subject: `step ${steps}`,
        text: `the account is worth ${money(equity)}, ${(part * 100).toFixed(1)} % below its highest`,
      });
    this.#steps = steps;
  }

  #label(marketId: MarketId): string {
    return listMarkets(this.#runtime.core).label(marketId);
  }
}
