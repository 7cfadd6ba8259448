import type { Core, IntentId, Logger, LogLevel, MarketId, Order, OrderId } from "@matchpoint/sdk";

type Data = Readonly<Record<string, unknown>>;

/** What lines are about, by the ids that a run knows of it. */
export class Ids {
  #core: Core | undefined;

  /** From now on the run's books say which match a market is about and which intent an order is of. */
  follow(core: Core): void {
    this.#core = core;
  }

  ofMarket(marketId: MarketId | undefined): Data {
    if (marketId === undefined) return {};
    const matchId = this.#core?.market(marketId)?.market.subject?.matchId;
    return { market_id: marketId, ...(matchId === undefined ? {} : { match_id: matchId }) };
  }

  ofOrder(orderId: OrderId): Data {
    return { ...this.#ofIntent(this.#core?.orders.byOrderId(orderId)), order_id: orderId };
  }

  /** Data as whoever logs it spells them, with every id that goes with one that they have. */
  complete(data: Data): Data {
    const given = Object.fromEntries(Object.entries(data).map(([key, value]) => [snake(key), value]));
    const { market_id: market, intent_id: intent, order_id: order } = given;
    return {
      ...(typeof market === "string" ? this.ofMarket(market as MarketId) : {}),
      ...(typeof intent === "string" ? this.#ofIntent(this.#core?.orders.get(intent as IntentId)) : {}),
      ...(typeof order === "string" ? this.ofOrder(order as OrderId) : {}),
      ...given,
    };
  }

  #ofIntent(order: Order | undefined): Data {
    if (order === undefined) return {};
    const { intentId, marketId, strategyId } = order.intent;
    return { ...this.ofMarket(marketId), intent_id: intentId, strategy_id: strategyId };
  }
}

/** A logger for parts of a run that know little of it: their lines have the run's ids all the same. Never throws. */
export function withIds(logger: Logger, ids: Ids): Logger {
  const write =
    (level: LogLevel) =>
    (message: string, data: Data = {}): void => {
      try {
        logger[level](message, ids.complete(data));
      } catch {
        // What goes wrong in writing is none of the run's business.
      }
    };
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

/** `marketId` and `market_id` are one. */
function snake(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
