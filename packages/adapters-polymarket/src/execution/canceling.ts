import { MatchpointError, type CancelOutcome, type MarketId, type OrderId } from "@matchpoint/sdk";
import { BATCH_LIMITS } from "../venue/limits.ts";
import type { RateUse } from "./buckets.ts";
import { cancelAnswer } from "./cancelAnswer.ts";
import type { ClobHttp } from "./clobHttp.ts";
import type { GatewayStats } from "./gatewayOptions.ts";
import type { Limiter } from "./limiter.ts";
import type { OwnOrders } from "./ownOrders.ts";
import type { VenueModes } from "./venueModes.ts";

/** What {@link Canceling} works with. */
export interface CancelPorts {
  readonly http: ClobHttp;
  readonly own: OwnOrders;
  readonly limiter: Limiter;
  readonly modes: VenueModes;
  readonly stats: GatewayStats;
  readonly cancelMs: number;
  /** Asks for a sweep: what a cancel leaves open is found out. */
  readonly soon: () => void;
}

/** An order id that no order has: the right form, and no hash of anything. */
export const NO_ORDER = `0x${"0".repeat(64)}` as OrderId;

/** Cancels orders. A cancel is never refused here for the venue's mode: the way out is tried whatever it says. */
export class Canceling {
  readonly #ports: CancelPorts;

  constructor(ports: CancelPorts) {
    this.#ports = ports;
  }

  async one(orderId: OrderId): Promise<CancelOutcome> {
    const body = JSON.stringify({ orderID: orderId });
    const outcomes = await this.#delete("/order", body, { kind: "cancel", count: 1 }, [orderId]);
    return outcomes[0]!;
  }

  async many(orderIds: readonly OrderId[]): Promise<readonly CancelOutcome[]> {
    const ids = [...new Set(orderIds)];
    const outcomes = new Map<OrderId, CancelOutcome>();
    for (let at = 0; at < ids.length; at += BATCH_LIMITS.cancels) {
      // No more at a time than the bucket ever holds: a batch is all or nothing.
      for (const part of parts(ids.slice(at, at + BATCH_LIMITS.cancels), this.#ports.limiter.cancelBurst)) {
        const use: RateUse = { kind: "cancel", count: part.length };
        for (const outcome of await this.#delete("/orders", JSON.stringify(part), use, part))
          outcomes.set(outcome.orderId, outcome);
      }
    }
    return orderIds.map((orderId) => outcomes.get(orderId)!);
  }

  /** All orders of the account, or of a market, also those that this gateway did not send. */
  async all(scope: MarketId | undefined): Promise<readonly CancelOutcome[]> {
    const known: OrderId[] = [];
    for (const { orderId, intent } of this.#ports.own.resting())
      if (scope === undefined || intent.marketId === scope) known.push(orderId);
    const use: RateUse = { kind: "cancel_all", open: known.length };
    const outcomes =
      scope === undefined
        ? await this.#delete("/cancel-all", undefined, use, known)
        : await this.#delete("/cancel-market-orders", JSON.stringify({ market: scope }), use, known);
    this.#ports.soon();
    return outcomes;
  }

  async #delete(
    path: string,
    body: string | undefined,
    use: Exclude<RateUse, { kind: "order" }>,
    asked: readonly OrderId[],
  ): Promise<readonly CancelOutcome[]> {
    const { http, own, limiter, modes, stats, cancelMs } = this.#ports;
    const waited = await limiter.cancels(use);
    if (waited !== undefined)
      return asked.map((orderId) => ({ kind: "not_canceled", orderId, reason: `RATE_LIMITED: ${waited}` }));
    stats.cancels++;
    const call = { method: "DELETE", path, timeoutMs: cancelMs } as const;
    const exchange = await http.call(body === undefined ? call : { ...call, body });
    limiter.heed("cancel", exchange);
    const { outcomes, venue } = cancelAnswer(exchange, asked);
    modes.hint(venue);
    for (const outcome of outcomes) {
      if (outcome.kind === "canceled") own.canceled(outcome.orderId);
      else this.#ports.soon();
    }
    return outcomes;
  }
}

function parts(ids: readonly OrderId[], most: number): readonly (readonly OrderId[])[] {
  if (!(most > 0)) throw new MatchpointError("INVARIANT", "a bucket without room");
  const found: OrderId[][] = [];
  for (let at = 0; at < ids.length; at += most) found.push(ids.slice(at, at + most));
  return found;
}
