import type { Intent, PreparedOrder, RunId, Sequence } from "@matchpoint/sdk";
import type { OrderParties } from "../order/order.ts";
import type { VenueClock } from "./clobHttp.ts";
import type { GatewayMarkets } from "./gatewayMarkets.ts";
import { prepareOrder } from "./prepare.ts";

/** Prepared orders that are remembered. */
const REMEMBERED = 20_000;

/** What a {@link Preparer} goes by. */
export interface PreparerPorts {
  readonly runId: RunId;
  readonly parties: OrderParties;
  readonly markets: GatewayMarkets;
  readonly time: VenueClock;
}

/** Prepares orders, the same again for the same intent and sequence: the time that is signed is that of the first call. */
export class Preparer {
  readonly #ports: PreparerPorts;
  readonly #prepared = new Map<string, PreparedOrder>();

  constructor(ports: PreparerPorts) {
    this.#ports = ports;
  }

  prepare(intent: Intent, seq: Sequence): PreparedOrder {
    const key = `${seq} ${JSON.stringify(intent)}`;
    const known = this.#prepared.get(key);
    if (known !== undefined) return known;
    const { runId, parties, markets, time } = this.#ports;
    const prepared = prepareOrder(intent, seq, {
      runId,
      parties,
      market: markets.get(intent.marketId),
      timestamp: time.now(),
      wallAt: (at) => time.at(at),
    });
    this.#prepared.set(key, prepared);
    for (const oldest of this.#prepared.keys()) {
      if (this.#prepared.size <= REMEMBERED) break;
      this.#prepared.delete(oldest);
    }
    return prepared;
  }
}
