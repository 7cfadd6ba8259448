/** Requests that a gateway never makes, for finding out how the venue really behaves. @module */
import {
  id,
  MatchpointError,
  formatUsdc,
  notional,
  takerFee,
  type Clock,
  type MarketDescription,
  type Nanos,
  type OrderId,
  type Outcome,
  type Price,
  type RunId,
  type Shares,
  type Transport,
  type Usdc,
} from "@matchpoint/sdk";
import { createL2Auth, type ApiCredentials } from "../auth/l2.ts";
import { asFields, errorText, type HttpExchange } from "../execution/answer.ts";
import { ClobHttp, VenueClock, type ClobCall } from "../execution/clobHttp.ts";
import { GATEWAY_DEFAULTS } from "../execution/gatewayOptions.ts";
import { Redactor } from "../execution/redact.ts";
import { orderAmounts } from "../order/amounts.ts";
import { orderBody, type PostOptions, type SignedOrder } from "../order/body.ts";
import { buildOrder, readParties, type OrderParties } from "../order/order.ts";
import { orderSalt } from "../order/salt.ts";
import type { OrderSigner } from "../signing/orderSigner.ts";
import type { ChainId } from "../venue/contracts.ts";
import { EXCHANGES } from "../venue/exchanges.ts";
import { GTD_LEAD_S } from "../venue/limits.ts";
import { UserEar, type HeardEvent } from "./userEar.ts";

/** What {@link createSmokeProbe} needs. */
export interface SmokeProbeOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Its limits are the last gate: give it ones for this purpose alone. */
  readonly signer: OrderSigner;
  readonly credentials: ApiCredentials;
  readonly parties: OrderParties;
  readonly chainId: ChainId;
  /** The one market that orders are made for. */
  readonly market: MarketDescription;
  /** Salts are made of it. */
  readonly runId: RunId;
  /** Every order that is posted counts against it, for good: what all of them together could cost. */
  readonly maxUsdc: Usdc;
  /** How far the venue's clock is ahead of ours, in ms. */
  readonly offsetMs: number;
  readonly url?: string;
  readonly userUrl?: string;
}

/** An answer as it came. */
export interface ProbeAnswer {
  /** As `placeAnswer`, `cancelAnswer` and `heartbeatAnswer` read it. */
  readonly exchange: HttpExchange;
  /** Absent without an answer. */
  readonly status: number | undefined;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly value: unknown;
  /** The venue's words, or why there are none; short, and without secrets. */
  readonly text: string;
  readonly sentAt: Nanos;
  readonly answeredAt: Nanos;
}

/** An order that is signed and not sent yet. */
export interface ProbeOrder {
  readonly orderId: OrderId;
  /** What it costs when all of it is filled, with a taker's fee where it may take. */
  readonly cost: Usdc;
}

/** Sends single requests to the venue and keeps count of what they could cost. */
export interface SmokeProbe {
  /** Dollars of all orders that were posted, whatever became of them. */
  readonly committed: Usdc;
  /** What of `maxUsdc` is left. */
  readonly left: Usdc;
  /** What the user channel said. */
  readonly heard: readonly HeardEvent[];
  readonly isListening: boolean;
  /** Opens the user channel. */
  listen(): void;
  /** Resolves with what `found` finds in what was heard, at the latest after `ms`. */
  until<T>(found: () => T | undefined, ms: number): Promise<T | undefined>;
  /** Signs a post-only buy: GTC, or GTD that is to end `leadS` seconds from now; any lead, also one that the adapter would not take. */
  restingBuy(terms: {
    readonly outcome: Outcome;
    readonly price: Price;
    readonly size: Shares;
    readonly leadS?: number;
  }): Promise<ProbeOrder>;
  /** Signs a FAK buy. */
  takingBuy(terms: {
    readonly outcome: Outcome;
    readonly price: Price;
    readonly spend: Usdc;
  }): Promise<ProbeOrder>;
  /**
   * Posts an order, also one that was posted before.
   * @throws `MatchpointError` `ORDER_INVALID` when it would put more than `maxUsdc` at stake; then nothing is sent
   */
  post(order: ProbeOrder): Promise<ProbeAnswer>;
  cancel(orderId: OrderId): Promise<ProbeAnswer>;
  cancelAll(): Promise<ProbeAnswer>;
  heartbeat(heartbeatId: string): Promise<ProbeAnswer>;
  /** A question that is signed as of `offS` seconds from now. */
  ask(path: string, query?: Readonly<Record<string, string>>, offS?: number): Promise<ProbeAnswer>;
  /** A question without a signature. */
  look(path: string, query?: Readonly<Record<string, string>>): Promise<ProbeAnswer>;
  close(): void;
}

interface Kept {
  readonly signed: SignedOrder;
  readonly options: PostOptions;
  readonly cost: Usdc;
}

const LONGEST = 200;

/**
 * Opens a probe.
 *
 * @example
 * ```ts
 * import { createSmokeProbe, type SmokeProbeOptions } from "@matchpoint/adapters-polymarket";
 * import { price, shares } from "@matchpoint/sdk";
 *
 * async function tryIt(options: SmokeProbeOptions) {
 *   const probe = createSmokeProbe(options);
 *   const order = await probe.restingBuy({ outcome: 0, price: price(100), size: shares(5_000_000) });
 *   const { status, text } = await probe.post(order); // five shares at one cent: five cents at stake
 *   await probe.cancel(order.orderId);
 *   probe.close();
 *   return { status, text };
 * }
 * ```
 * @throws `MatchpointError` `CREDENTIALS_INVALID`, `ORDER_INVALID` when the parties do not go together
 */
export function createSmokeProbe(options: SmokeProbeOptions): SmokeProbe {
  return new Probe(options);
}

class Probe implements SmokeProbe {
  readonly #options: SmokeProbeOptions;
  readonly #parties: OrderParties;
  readonly #redactor: Redactor;
  readonly #time: VenueClock;
  readonly #ear: UserEar;
  readonly #http: ClobHttp;
  readonly #orders = new Map<OrderId, Kept>();
  readonly #made: ClobHttp[] = [];
  #committed = 0;
  #seq = 0;

  constructor(options: SmokeProbeOptions) {
    this.#options = options;
    this.#parties = readParties(options.parties);
    const { transport, clock, credentials, userUrl } = options;
    this.#redactor = new Redactor([credentials.secret, credentials.passphrase]);
    this.#time = new VenueClock(clock);
    this.#time.offsetMs = options.offsetMs;
    this.#ear = new UserEar({ transport, clock, credentials }, userUrl ?? GATEWAY_DEFAULTS.userUrl);
    this.#http = this.#newHttp(this.#time);
  }

  get committed(): Usdc {
    return this.#committed as Usdc;
  }

  get left(): Usdc {
    return (this.#options.maxUsdc - this.#committed) as Usdc;
  }

  get heard(): readonly HeardEvent[] {
    return this.#ear.heard;
  }

  get isListening(): boolean {
    return this.#ear.isOpen;
  }

  listen(): void {
    this.#ear.start();
  }

  until<T>(found: () => T | undefined, ms: number): Promise<T | undefined> {
    return this.#ear.until(found, ms);
  }

  restingBuy(terms: Parameters<SmokeProbe["restingBuy"]>[0]): Promise<ProbeOrder> {
    const { outcome, price, size, leadS } = terms;
    return this.#sign(
      {
        outcome,
        price,
        size,
        orderType: leadS === undefined ? "GTC" : "GTD",
        postOnly: true,
        cost: notional(size, price, "up"),
      },
      leadS,
    );
  }

  takingBuy(terms: Parameters<SmokeProbe["takingBuy"]>[0]): Promise<ProbeOrder> {
    const { outcome, price, spend } = terms;
    const { fee } = this.#options.market;
    const size = Math.ceil((spend * 10_000) / price) as Shares;
    const cost = (spend + (fee === undefined ? 0 : takerFee(size, price, fee))) as Usdc;
    return this.#sign({ outcome, price, size, spend, orderType: "FAK", postOnly: false, cost }, undefined);
  }

  async post({ orderId }: ProbeOrder): Promise<ProbeAnswer> {
    const kept = this.#orders.get(orderId);
    if (kept === undefined)
      throw new MatchpointError("ORDER_INVALID", `order ${orderId} was not made by this probe`);
    const { cost } = kept;
    if (cost > this.left)
      throw new MatchpointError(
        "ORDER_INVALID",
        `an order of $${formatUsdc(cost)} is more than the $${formatUsdc(this.left)} that may still be at stake`,
      );
    // Before it is sent, and for good: what was refused or is gone could only be known afterwards.
    this.#committed += cost;
    return this.#call({ method: "POST", path: "/order", body: orderBody(kept.signed, kept.options) });
  }

  cancel(orderId: OrderId): Promise<ProbeAnswer> {
    return this.#call({ method: "DELETE", path: "/order", body: JSON.stringify({ orderID: orderId }) });
  }

  cancelAll(): Promise<ProbeAnswer> {
    return this.#call({ method: "DELETE", path: "/cancel-all" });
  }

  heartbeat(heartbeatId: string): Promise<ProbeAnswer> {
    const body = JSON.stringify({ heartbeat_id: heartbeatId });
    return this.#call({ method: "POST", path: "/v1/heartbeats", body });
  }

  ask(path: string, query: Readonly<Record<string, string>> = {}, offS = 0): Promise<ProbeAnswer> {
    if (offS === 0) return this.#call({ method: "GET", path, query });
    const time = new VenueClock(this.#options.clock);
    time.offsetMs = this.#options.offsetMs + offS * 1_000;
    return this.#call({ method: "GET", path, query }, this.#newHttp(time));
  }

  look(path: string, query: Readonly<Record<string, string>> = {}): Promise<ProbeAnswer> {
    return this.#call({ method: "GET", path, query, open: true });
  }

  close(): void {
    this.#ear.stop();
    for (const http of this.#made) http.close();
  }

  async #sign(
    terms: {
      readonly outcome: Outcome;
      readonly price: Price;
      readonly size: Shares;
      readonly spend?: Usdc;
      readonly orderType: "GTC" | "GTD" | "FAK";
      readonly postOnly: boolean;
      readonly cost: Usdc;
    },
    leadS: number | undefined,
  ): Promise<ProbeOrder> {
    const { market, chainId, runId, signer, credentials } = this.#options;
    const { outcome, price, size, spend, orderType, postOnly, cost } = terms;
    const pair = EXCHANGES[chainId].v1;
    const exchange = market.negRisk ? pair.negRisk : pair.standard;
    const timestamp = this.#time.now();
    const nowS = Math.ceil(timestamp / 1_000);
    const amounts = orderAmounts(
      { side: "buy", orderType, limit: price, size, ...(spend === undefined ? {} : { spend }) },
      { tick: market.tick, minSize: market.minSize },
    );
    const built = buildOrder({
      parties: this.#parties,
      tokenId: market.outcomes[outcome].tokenId,
      side: "buy",
      orderType,
      amounts,
      salt: orderSalt(runId, ++this.#seq),
      timestamp,
      ...(leadS === undefined ? {} : { expiration: nowS + GTD_LEAD_S + 1 }),
    });
    // Not signed, so the hash stays: the builder would refuse the leads that are to be tried.
    const order = leadS === undefined ? built : { ...built, expiration: String(nowS + leadS + 1) };
    const { hash, ...signed } = await signer.signOrder(order, exchange);
    this.#redactor.also(signed.signature);
    const orderId = id<OrderId>(hash);
    this.#orders.set(orderId, { signed, options: { owner: credentials.key, orderType, postOnly }, cost });
    return { orderId, cost };
  }

  #newHttp(time: VenueClock): ClobHttp {
    const { transport, clock, credentials, url = GATEWAY_DEFAULTS.url } = this.#options;
    const auth = createL2Auth(this.#parties.wallet, credentials);
    const http = new ClobHttp({ transport, clock, time, auth, url, redactor: this.#redactor });
    this.#made.push(http);
    return http;
  }

  async #call(call: Omit<ClobCall, "timeoutMs">, http = this.#http): Promise<ProbeAnswer> {
    const { clock } = this.#options;
    const sentAt = clock.monotonic();
    const exchange = await http.call({ ...call, timeoutMs: GATEWAY_DEFAULTS.readMs });
    const answeredAt = clock.monotonic();
    if ("failed" in exchange) {
      const { failed } = exchange;
      const text = (failed instanceof Error ? failed.message.split("\n")[0]! : "no answer").slice(0, LONGEST);
      return { exchange, status: undefined, headers: {}, value: undefined, text, sentAt, answeredAt };
    }
    const { status, body } = exchange;
    const raw = new TextDecoder().decode(body);
    let value: unknown;
    try {
      value = JSON.parse(raw);
    } catch {
      value = undefined;
    }
    const said = errorText(asFields(value) ?? {}) ?? raw;
    const headers = Object.fromEntries(
      Object.entries(exchange.headers).map(([name, text]) => [name.toLowerCase(), text]),
    );
    const text = this.#redactor.text(said).slice(0, LONGEST);
    return { exchange, status, headers, value, text, sentAt, answeredAt };
  }
}
