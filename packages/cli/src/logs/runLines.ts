import type {
  CoreEvent,
  Effect,
  Logger,
  LogLevel,
  MarketId,
  OrderId,
  Runtime,
  TransitionEffect,
} from "@matchpoint/sdk";
import { plain } from "../report/format.ts";
import { feedState } from "../report/runLog.ts";

type Data = Readonly<Record<string, unknown>>;

/** Reports of an order that a person may have to look at. */
const WARNED: ReadonlySet<string> = new Set(["rejected", "unknown", "invalid", "cancel_refused", "absent"]);

/**
 * Writes what a run does, one line each, with the ids of what it is about: `run_id` is the logger's own, `market_id`, `match_id`,
 * `intent_id` and `order_id` are on every line that has them. Book events have no lines: they are in the journal.
 */
export class RunLines {
  readonly #runtime: Runtime;
  readonly #logger: Logger;

  constructor(runtime: Runtime, logger: Logger) {
    this.#runtime = runtime;
    this.#logger = logger;
    runtime.on("step", (event, effects) => {
      // What goes wrong in writing is none of the run's business.
      try {
        this.#event(event);
        for (const effect of effects) this.#effect(effect);
      } catch (error) {
        logger.error("a line could not be written", { error });
      }
    });
    logger.info("run started", { mode: runtime.mode });
  }

  /** The run's last line. */
  ended(how: string): void {
    this.#logger.info("run ended", { reason: plain(how) });
  }

  #event(event: CoreEvent): void {
    switch (event.type) {
      case "order_prepared":
        this.#say("debug", "order prepared", this.#ofOrder(event.orderId));
        return;
      case "order_report": {
        const { orderId, status, code, detail } = event;
        const level = WARNED.has(status) ? "warn" : "info";
        this.#say(level, `order ${status}`, {
          ...this.#ofOrder(orderId),
          status,
          ...(code === undefined ? {} : { code }),
          ...(detail === undefined ? {} : { reason: plain(detail) }),
        });
        return;
      }
      case "trade_report": {
        const { orderId, tradeId, status, side, price, size, cost, fee, outcome, liquidity } = event;
        this.#say(status === "FAILED" ? "warn" : "info", `trade ${status}`, {
          ...this.#ofOrder(orderId),
          ...this.#ofMarket(event.marketId),
          ...{ trade_id: tradeId, status, side, outcome, kind: liquidity },
          ...{ price, size, usdc: cost, fee },
        });
        return;
      }
      case "chain_report": {
        const { actionId, status, detail } = event;
        this.#say(status === "REVERTED" || status === "UNKNOWN" ? "warn" : "info", `chain action ${status}`, {
          ...{ id: actionId, status },
          ...(detail === undefined ? {} : { reason: plain(detail) }),
        });
        return;
      }
      case "source_health":
      case "book_continuity": {
        const { feed, matchId, marketId, health, reason, sound } = feedState(event);
        this.#say(sound ? "info" : "warn", `feed ${health}`, {
          ...{ feed, status: health, reason: plain(reason) },
          ...(matchId === undefined ? {} : { match_id: matchId }),
          ...this.#ofMarket(marketId),
        });
        return;
      }
      case "market_resolution":
        this.#say("info", "market resolved", { ...this.#ofMarket(event.marketId), source: event.source });
        return;
      case "reconciled":
        this.#say(event.agrees ? "debug" : "warn", event.agrees ? "books agree" : "books differ", {
          ...this.#ofMarket(event.marketId),
          what: event.differences.map(({ kind }) => kind).join(","),
          count: event.differences.length,
        });
        return;
      case "operator": {
        const { operator, command } = event;
        this.#say("warn", `operator: ${command.kind}`, {
          ...{ name: plain(operator), verb: command.kind },
          ...("reason" in command ? { reason: plain(command.reason) } : {}),
          ...("marketId" in command ? this.#ofMarket(command.marketId) : {}),
          ...("strategyId" in command ? { strategy_id: command.strategyId } : {}),
          ...("matchId" in command ? { match_id: command.matchId } : {}),
        });
        return;
      }
      default:
        return;
    }
  }

  #effect(effect: Effect): void {
    switch (effect.type) {
      case "place": {
        const { intentId, strategyId, marketId, outcome, side, limit, size, orderType, reason } =
          effect.intent;
        this.#say("info", "order intended", {
          ...this.#ofMarket(marketId),
          ...{ intent_id: intentId, strategy_id: strategyId, outcome, side, kind: orderType },
          ...{ price: limit, size, reason: plain(reason) },
        });
        return;
      }
      case "cancel":
        this.#say("info", "cancel asked for", {
          ...this.#ofMarket(effect.marketId),
          intent_id: effect.intentId,
          ...(effect.orderId === undefined ? {} : { order_id: effect.orderId }),
          reason: plain(effect.reason),
        });
        return;
      case "denied": {
        const { intentId, strategyId, marketId } = effect.intent;
        this.#say("debug", "order denied", {
          ...this.#ofMarket(marketId),
          ...{ intent_id: intentId, strategy_id: strategyId },
          ...{ code: effect.code, reason: plain(effect.detail) },
        });
        return;
      }
      case "alarm":
        this.#say("warn", plain(effect.message), {
          code: effect.code,
          ...this.#ofMarket(effect.marketId),
          ...(effect.strategyId === undefined ? {} : { strategy_id: effect.strategyId }),
        });
        return;
      case "transition":
        this.#moved(effect);
        return;
      default:
        return;
    }
  }

  #moved({ machine, subject, marketId, matchId, from, to, reason }: TransitionEffect): void {
    const calm = machine === "truth" || (machine === "trading" && to !== "HALT");
    this.#say(calm ? "info" : "warn", `${machine} ${from} > ${to}`, {
      ...this.#ofMarket(marketId),
      ...(matchId === undefined ? {} : { match_id: matchId }),
      ...{ kind: machine, from, to, reason: plain(reason) },
      ...(subject === "" ? {} : { what: subject }),
    });
  }

  #ofMarket(marketId: MarketId | undefined): Data {
    if (marketId === undefined) return {};
    const matchId = this.#runtime.core.market(marketId)?.market.subject?.matchId;
    return { market_id: marketId, ...(matchId === undefined ? {} : { match_id: matchId }) };
  }

  #ofOrder(orderId: OrderId): Data {
    const intent = this.#runtime.core.orders.byOrderId(orderId)?.intent;
    if (intent === undefined) return { order_id: orderId };
    const { intentId, marketId, strategyId } = intent;
    return {
      ...this.#ofMarket(marketId),
      ...{ intent_id: intentId, order_id: orderId, strategy_id: strategyId },
    };
  }

  #say(level: LogLevel, message: string, data: Data): void {
    this.#logger[level](message, data);
  }
}
