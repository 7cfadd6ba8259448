import type { CoreEvent, Effect, Logger, LogLevel, Runtime, TransitionEffect } from "@matchpoint/sdk";
import { plain } from "../report/format.ts";
import { feedState } from "../report/runLog.ts";
import type { Ids } from "./ids.ts";

type Data = Readonly<Record<string, unknown>>;

/** Reports of an order that a person may have to look at. */
const WARNED: ReadonlySet<string> = new Set(["rejected", "unknown", "invalid", "cancel_refused", "absent"]);

/** Kinds of broken frames that are told once each. */
const MOST_BROKEN = 256;

/**
 * Writes what a run does, one line each, with the ids of what it is about: `run_id` is the logger's own, `market_id`, `match_id`,
 * `intent_id` and `order_id` are on every line that has them. Book events have no lines: they are in the journal.
 */
export function followRun(runtime: Runtime, logger: Logger, ids: Ids): void {
  const lines = new RunLines(logger, ids);
  runtime.on("step", (event, effects) => {
    // What goes wrong in writing is none of the run's business.
    try {
      lines.take(event, effects);
    } catch (error) {
      logger.error("a line could not be written", { error });
    }
  });
  logger.info("run started", { mode: runtime.mode });
}

class RunLines {
  readonly #logger: Logger;
  readonly #ids: Ids;
  readonly #broken = new Set<string>();

  constructor(logger: Logger, ids: Ids) {
    this.#logger = logger;
    this.#ids = ids;
  }

  take(event: CoreEvent, effects: readonly Effect[]): void {
    this.#event(event);
    for (const effect of effects) this.#effect(effect);
  }

  #event(event: CoreEvent): void {
    switch (event.type) {
      case "order_prepared":
        this.#say("debug", "order prepared", this.#ids.ofOrder(event.orderId));
        return;
      case "order_report": {
        const { orderId, status, code, detail } = event;
        const level = WARNED.has(status) ? "warn" : "info";
        this.#say(level, `order ${status}`, {
          ...this.#ids.ofOrder(orderId),
          status,
          ...(code === undefined ? {} : { code }),
          ...(detail === undefined ? {} : { reason: plain(detail) }),
        });
        return;
      }
      case "trade_report": {
        const { orderId, tradeId, status, side, price, size, cost, fee, outcome, liquidity } = event;
        this.#say(status === "FAILED" ? "warn" : "info", `trade ${status}`, {
          ...this.#ids.ofOrder(orderId),
          ...this.#ids.ofMarket(event.marketId),
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
          ...this.#ids.ofMarket(marketId),
        });
        return;
      }
      case "frame_quarantined": {
        const { feed, reason, marketId } = event;
        this.#say(this.#isNews(`${feed} ${reason}`) ? "warn" : "debug", "a frame could not be read", {
          ...{ feed, reason: plain(reason) },
          ...this.#ids.ofMarket(marketId),
        });
        return;
      }
      case "market_resolution":
        this.#say("info", "market resolved", { ...this.#ids.ofMarket(event.marketId), source: event.source });
        return;
      case "reconciled":
        this.#say(event.agrees ? "debug" : "warn", event.agrees ? "books agree" : "books differ", {
          ...this.#ids.ofMarket(event.marketId),
          what: event.differences.map(({ kind }) => kind).join(","),
          count: event.differences.length,
        });
        return;
      case "operator": {
        const { operator, command } = event;
        this.#say("warn", `operator: ${command.kind}`, {
          ...{ name: plain(operator), verb: command.kind },
          ...("reason" in command ? { reason: plain(command.reason) } : {}),
          ...("marketId" in command ? this.#ids.ofMarket(command.marketId) : {}),
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
          ...this.#ids.ofMarket(marketId),
          ...{ intent_id: intentId, strategy_id: strategyId, outcome, side, kind: orderType },
          ...{ price: limit, size, reason: plain(reason) },
        });
        return;
      }
      case "cancel":
        this.#say("info", "cancel asked for", {
          ...this.#ids.ofMarket(effect.marketId),
          intent_id: effect.intentId,
          ...(effect.orderId === undefined ? {} : { order_id: effect.orderId }),
          reason: plain(effect.reason),
        });
        return;
      case "denied": {
        const { intentId, strategyId, marketId } = effect.intent;
        this.#say("debug", "order denied", {
          ...this.#ids.ofMarket(marketId),
          ...{ intent_id: intentId, strategy_id: strategyId },
          ...{ code: effect.code, reason: plain(effect.detail) },
        });
        return;
      }
      case "alarm":
        this.#say("warn", plain(effect.message), {
          code: effect.code,
          ...this.#ids.ofMarket(effect.marketId),
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
      ...this.#ids.ofMarket(marketId),
      ...(matchId === undefined ? {} : { match_id: matchId }),
      ...{ kind: machine, from, to, reason: plain(reason) },
      ...(subject === "" ? {} : { what: subject }),
    });
  }

  /** A source that has changed its words breaks every frame in the same way. */
  #isNews(kind: string): boolean {
    if (this.#broken.has(kind) || this.#broken.size >= MOST_BROKEN) return false;
    this.#broken.add(kind);
    return true;
  }

  #say(level: LogLevel, message: string, data: Data): void {
    this.#logger[level](message, data);
  }
}
