import type {
  BookView,
  Clock,
  Intent,
  MarketId,
  OrderId,
  PlaceOutcome,
  PreparedOrder,
  Price,
} from "@matchpoint/sdk";
import { orderBody, ordersBody, type PostOptions, type SignedOrder } from "../order/body.ts";
import type { OrderSigner } from "../signing/orderSigner.ts";
import { BATCH_LIMITS } from "../venue/limits.ts";
import type { HttpExchange } from "./answer.ts";
import type { ClobHttp } from "./clobHttp.ts";
import type { GatewayMarkets } from "./gatewayMarkets.ts";
import type { GatewayStats } from "./gatewayOptions.ts";
import { lastLook, type LocalRefusal, type RestingOrder } from "./lastLine.ts";
import type { Limiter } from "./limiter.ts";
import type { OwnOrders } from "./ownOrders.ts";
import { batchAnswer, placeAnswer, type PlaceAnswer } from "./placeAnswer.ts";
import { payloadOf } from "./prepare.ts";
import type { Redactor } from "./redact.ts";
import type { VenueModes } from "./venueModes.ts";

/** As many as hold the wallet's entries back in the core. */
const MOST_BALANCE_REFUSALS = 4;
/** Hashes that are remembered, so that none is sent twice. A run that makes more orders than this lasts for days. */
const REMEMBERED = 200_000;

/** Signatures that wait for their order to be placed. */
const PRESIGNED = 1_000;

/** What {@link Placing} works with. */
export interface PlacePorts {
  readonly http: ClobHttp;
  readonly clock: Clock;
  readonly signer: OrderSigner;
  readonly owner: string;
  readonly markets: GatewayMarkets;
  readonly own: OwnOrders;
  readonly limiter: Limiter;
  readonly modes: VenueModes;
  readonly redactor: Redactor;
  readonly stats: GatewayStats;
  readonly placeMs: number;
  readonly hiddenMs: number;
  /** Orders of ours in a market that may rest, also of others than this gateway. */
  readonly resting: (marketId: MarketId) => RestingOrder[];
  readonly book: ((marketId: MarketId) => BookView | undefined) | undefined;
  readonly maxSlippage: Price | undefined;
  readonly refuse: (orderId: OrderId, refusal: LocalRefusal) => void;
  /** The venue has refused so many buys in a row for want of balance that what it knows of the balance is in doubt. */
  readonly onShort: () => void;
}

interface Ready {
  readonly order: PreparedOrder;
  readonly signed: SignedOrder;
  readonly options: PostOptions;
}

/** Sends orders: checked, signed, each hash once. */
export class Placing {
  readonly #ports: PlacePorts;
  readonly #placed = new Map<OrderId, Promise<PlaceOutcome>>();
  readonly #signing = new Map<OrderId, Promise<SignedOrder>>();
  /** Buys in a row that the venue has refused for want of balance. */
  #refusals = 0;

  constructor(ports: PlacePorts) {
    this.#ports = ports;
  }

  presign(order: PreparedOrder): void {
    this.#sign(order)?.catch(() => undefined);
  }

  place(order: PreparedOrder, again: boolean): Promise<PlaceOutcome> {
    return this.#once([order], again).then((outcomes) => outcomes[0]!);
  }

  async placeAll(orders: readonly PreparedOrder[]): Promise<readonly PlaceOutcome[]> {
    const outcomes: PlaceOutcome[] = [];
    for (let at = 0; at < orders.length; at += BATCH_LIMITS.orders)
      outcomes.push(...(await this.#once(orders.slice(at, at + BATCH_LIMITS.orders), false)));
    return outcomes;
  }

  /** Whether an order was handed in before. */
  has(orderId: OrderId): boolean {
    return this.#placed.has(orderId);
  }

  #once(orders: readonly PreparedOrder[], again: boolean): Promise<readonly PlaceOutcome[]> {
    const fresh: PreparedOrder[] = [];
    const seen = new Set<OrderId>();
    for (const order of orders) {
      if ((again || !this.#placed.has(order.orderId)) && !seen.has(order.orderId)) fresh.push(order);
      seen.add(order.orderId);
    }
    if (fresh.length > 0) {
      const sent = this.#send(fresh);
      fresh.forEach(({ orderId }, at) => {
        this.#placed.set(
          orderId,
          sent.then((outcomes) => outcomes[at]!),
        );
      });
      for (const oldest of this.#placed.keys()) {
        if (this.#placed.size <= REMEMBERED) break;
        this.#placed.delete(oldest);
      }
    }
    return Promise.all(orders.map(({ orderId }) => this.#placed.get(orderId)!));
  }

  async #send(orders: readonly PreparedOrder[]): Promise<readonly PlaceOutcome[]> {
    const outcomes = new Map<OrderId, PlaceOutcome>();
    const refuse = (order: PreparedOrder, refusal: LocalRefusal): void => {
      outcomes.set(order.orderId, this.#refused(order, refusal));
    };
    // Of a batch, each order is looked at with those before it: they will rest when it comes.
    const batch: RestingOrder[] = [];
    const sound = orders.filter((order) => {
      const refusal = this.#look(order, batch);
      if (refusal === undefined) batch.push(restingOf(order));
      else refuse(order, refusal);
      return refusal === undefined;
    });
    const signed = await Promise.allSettled(sound.map(async (order) => this.#sign(order)));
    const ready: Ready[] = [];
    sound.forEach((order, at) => {
      this.#signing.delete(order.orderId);
      const result = signed[at]!;
      if (result.status === "rejected") refuse(order, this.#unsigned(result.reason));
      else ready.push({ order, signed: result.value!, options: this.#options(order.intent) });
    });
    // Signing took time: what is stopped meanwhile is stopped.
    const allowed = ready.filter((each) => {
      const stale = this.#stale();
      if (stale !== undefined) refuse(each.order, { code: "OTHER", detail: stale });
      const stopped = this.#ports.modes.refusal(each.order.intent.postOnly);
      if (stopped !== undefined) refuse(each.order, { code: "VENUE_MODE", detail: stopped });
      return stopped === undefined && stale === undefined;
    });
    const limited = allowed.length === 0 ? undefined : this.#tokens(allowed.length);
    if (limited !== undefined)
      for (const { order } of allowed) refuse(order, { code: "RATE_LIMITED", detail: limited });
    else if (allowed.length > 0) await this.#post(allowed, outcomes);
    return orders.map(({ orderId }) => outcomes.get(orderId)!);
  }

  /** The last look before orders leave: a process that slept since it signed them may not be the one that trades any more. */
  #stale(): string | undefined {
    try {
      const stale = this.#ports.signer.stale?.();
      return stale === undefined ? undefined : `not sent: ${stale}`;
    } catch (error) {
      return `not sent: ${this.#ports.redactor.error(error).message}`;
    }
  }

  #look(order: PreparedOrder, batch: readonly RestingOrder[]): LocalRefusal | undefined {
    const payload = payloadOf(order);
    if (payload.kind === "refused") return payload;
    const { modes, markets, book, maxSlippage } = this.#ports;
    const { intent } = order;
    const stopped = modes.refusal(intent.postOnly);
    if (stopped !== undefined) return { code: "VENUE_MODE", detail: stopped };
    return lastLook(intent, {
      market: markets.get(intent.marketId),
      resting: this.#around(order, batch),
      book: book?.(intent.marketId),
      maxSlippage,
    });
  }

  /** The other orders of its market. */
  #around({ orderId, intent }: PreparedOrder, batch: readonly RestingOrder[]): readonly RestingOrder[] {
    const resting = this.#ports.resting(intent.marketId);
    return resting.concat(batch).filter((each) => each.orderId !== orderId);
  }

  #tokens(count: number): string | undefined {
    let open = 0;
    this.#ports.own.eachResting(() => open++);
    return this.#ports.limiter.orders(count, open);
  }

  async #post(ready: readonly Ready[], outcomes: Map<OrderId, PlaceOutcome>): Promise<void> {
    const { http, own, limiter, modes, stats, clock, placeMs } = this.#ports;
    const single = ready.length === 1 ? ready[0] : undefined;
    const body = single === undefined ? ordersBody(ready) : orderBody(single.signed, single.options);
    for (const { order } of ready)
      if (own.get(order.orderId) === undefined)
        own.begin(order.orderId, order.intent, "sending", placeMs + this.#hiddenMs(order.intent));
    stats.posts++;
    const sentAt = clock.monotonic();
    const path = single === undefined ? "/orders" : "/order";
    const exchange = await http.call({ method: "POST", path, body, timeoutMs: placeMs });
    limiter.heed("order", exchange);
    const answers = this.#answers(exchange, ready);
    ready.forEach(({ order }, at) => {
      const answer = answers[at]!;
      const { postOnly } = order.intent;
      if (answer.kind === "unknown") {
        stats.unknown++;
        modes.hint(answer.venue);
      } else if (answer.kind === "rejected") {
        const { mode, code } = answer.rejection;
        if (code === "BALANCE" && order.intent.side === "buy") this.#short();
        if (mode !== undefined) modes.hint(answer.venue ?? { mode });
      } else {
        this.#refusals = 0;
        modes.accepted(postOnly, sentAt);
      }
      outcomes.set(order.orderId, own.answered(order.orderId, answer, this.#hiddenMs(order.intent)));
    });
  }

  /** The venue's balance may be an old one: it is asked to look at the chain, once for each row of refusals. */
  #short(): void {
    this.#refusals += 1;
    if (this.#refusals === MOST_BALANCE_REFUSALS) this.#ports.onShort();
  }

  #answers(exchange: HttpExchange, ready: readonly Ready[]): readonly PlaceAnswer[] {
    const ids = ready.map(({ order }) => order.orderId);
    return ids.length === 1 ? [placeAnswer(exchange, ids[0]!)] : batchAnswer(exchange, ids);
  }

  /** How long after its POST an order may be hidden by the venue's delay. */
  #hiddenMs({ marketId }: Intent): number {
    return (this.#ports.markets.get(marketId)?.market.takerDelayMs ?? 0) + this.#ports.hiddenMs;
  }

  #options({ orderType, postOnly }: Intent): PostOptions {
    return { owner: this.#ports.owner, orderType, postOnly };
  }

  /** The signature of an order, begun once. */
  #sign(prepared: PreparedOrder): Promise<SignedOrder> | undefined {
    const begun = this.#signing.get(prepared.orderId);
    if (begun !== undefined) return begun;
    const payload = payloadOf(prepared);
    if (payload.kind !== "order") return undefined;
    const signing = this.#ports.signer.signOrder(payload.order, payload.exchange).then((signed) => {
      this.#ports.redactor.also(signed.signature);
      return signed;
    });
    this.#signing.set(prepared.orderId, signing);
    for (const oldest of this.#signing.keys()) {
      if (this.#signing.size <= PRESIGNED) break;
      this.#signing.delete(oldest);
    }
    return signing;
  }

  /** It was not signed, so it cannot be at the venue. */
  #unsigned(error: unknown): LocalRefusal {
    return { code: "OTHER", detail: `not sent: ${this.#ports.redactor.error(error).message}` };
  }

  #refused({ orderId }: PreparedOrder, refusal: LocalRefusal): PlaceOutcome {
    this.#ports.stats.refusedHere++;
    this.#ports.refuse(orderId, refusal);
    return { kind: "rejected", code: refusal.code, detail: refusal.detail };
  }
}

function restingOf({ orderId, intent }: PreparedOrder): RestingOrder {
  const { marketId, outcome, side, limit: price } = intent;
  return { orderId, marketId, outcome, side, price };
}
