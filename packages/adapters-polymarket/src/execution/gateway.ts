import {
  MatchpointError,
  type Balances,
  type CancelOutcome,
  type Capabilities,
  type Clock,
  type CoreEvent,
  type ExecutionReport,
  type Intent,
  type MarketId,
  type OrderId,
  type PlaceOutcome,
  type PreparedOrder,
  type ReceiveStamp,
  type Sequence,
  type VenuePosition,
} from "@matchpoint/sdk";
import { createAccountRest } from "../account/rest.ts";
import { createL2Auth } from "../auth/l2.ts";
import { readParties, type OrderParties } from "../order/order.ts";
import { measureVenueOffset } from "../time/venueTime.ts";
import { CLOB_VERSION } from "../venue/exchanges.ts";
import { AccountReads } from "./accountReads.ts";
import { AccountWatch } from "./accountWatch.ts";
import { Canceling, NO_ORDER } from "./canceling.ts";
import { ClobHttp, VenueClock } from "./clobHttp.ts";
import { GatewayMarkets, marketVersion } from "./gatewayMarkets.ts";
import {
  newStats,
  settingsOf,
  type DirectGatewayOptions,
  type GatewaySettings,
  type GatewayStats,
  type PolymarketGateway,
  type WarmUp,
} from "./gatewayOptions.ts";
import { Heartbeat } from "./heartbeat.ts";
import { Limiter } from "./limiter.ts";
import { OwnOrders } from "./ownOrders.ts";
import { Placing } from "./placing.ts";
import { GATEWAY_CAPABILITIES } from "./prepare.ts";
import { Preparer } from "./preparer.ts";
import { Redactor } from "./redact.ts";
import { ReportStream } from "./reportStream.ts";
import { TimeInBook } from "./timeInBook.ts";
import { VenueModes } from "./venueModes.ts";

/**
 * Polymarket's CLOB over our own transport.
 *
 * - **Nothing is sent twice.** An order is known by its hash before it is sent; without an answer (time-out, 425, 5xx, HTML, an empty
 *   body) it is `unknown` until evidence tells.
 * - **`prepare` is pure** for a gateway: salt and hash depend on run, sequence and intent, and the time that is signed is that of the
 *   first call (run start + monotonic clock, by the venue's clock), kept with sequence and intent. A replay needs no gateway: hashes are
 *   journaled, and an order that was prepared and not sent before a crash is never made again.
 * - **`reports`** merges the user channel, sweeps of REST and what requests answer; it also repeats the outcomes of `placeOrder` and
 *   the cancels that the venue confirmed. Refused cancels are only answers.
 * - **`fetchOrder`** answers `absent` when the venue has no record of a hash: that proves that nothing rests, not that nothing
 *   matched, since ended orders leave the list. Inside the venue's delay it answers `unknown`.
 *
 * @example
 * ```ts
 * import { createDirectGateway, createOrderSigner, createWalletSigner, createWsTransport } from "@matchpoint/adapters-polymarket";
 * import type { ApiCredentials, SigningLimits } from "@matchpoint/adapters-polymarket";
 * import { id, SystemClock, type MarketDescription } from "@matchpoint/sdk";
 *
 * function gatewayOf(privateKey: string, credentials: ApiCredentials, limits: SigningLimits, markets: MarketDescription[]) {
 *   const clock = new SystemClock();
 *   const signer = createOrderSigner({ signer: createWalletSigner(privateKey), limits, now: () => clock.wall() });
 *   const { parties, chainId } = limits;
 *   const transport = createWsTransport();
 *   return createDirectGateway({ transport, clock, signer, credentials, parties, chainId, markets, runId: id("run-1") });
 * }
 * ```
 * @throws `MatchpointError` `CREDENTIALS_INVALID`, `ORDER_INVALID` when the parties do not go together
 */
export function createDirectGateway(options: DirectGatewayOptions): PolymarketGateway {
  return new DirectGateway(options);
}

class DirectGateway implements PolymarketGateway {
  readonly capabilities: Capabilities;
  readonly stats: GatewayStats = newStats();
  readonly #options: DirectGatewayOptions;
  readonly #settings: GatewaySettings;
  readonly #clock: Clock;
  readonly #time: VenueClock;
  readonly #parties: OrderParties;
  readonly #redactor: Redactor;
  readonly #http: ClobHttp;
  readonly #markets: GatewayMarkets;
  readonly #modes: VenueModes;
  readonly #own: OwnOrders;
  readonly #preparer: Preparer;
  readonly #placing: Placing;
  readonly #canceling: Canceling;
  readonly #reads: AccountReads;
  readonly #watch: AccountWatch;
  readonly #heartbeat: Heartbeat | undefined;
  readonly #timeInBook: TimeInBook;
  readonly #stream = new ReportStream<ExecutionReport>();
  #started = false;
  #closed = false;

  constructor(options: DirectGatewayOptions) {
    this.#options = options;
    const settings = settingsOf(options);
    this.#settings = settings;
    const { transport, clock, credentials, signer, chainId, versionOf, tier } = options;
    this.#clock = clock;
    this.#time = new VenueClock(clock);
    this.#parties = readParties(options.parties);
    const { wallet, funder, signatureType } = this.#parties;
    const auth = createL2Auth(wallet, credentials);
    this.#redactor = new Redactor([credentials.secret, credentials.passphrase]);
    const redactor = this.#redactor;
    const http = new ClobHttp({ transport, clock, time: this.#time, auth, url: settings.url, redactor });
    this.#http = http;
    const markets = new GatewayMarkets(options.markets ?? [], chainId, versionOf ?? marketVersion);
    this.#markets = markets;
    const { runId } = options;
    this.#preparer = new Preparer({ runId, parties: this.#parties, markets, time: this.#time });
    const identity = {
      apiKeys: [credentials.key, ...(options.earlierKeys ?? [])],
      addresses: [wallet, funder],
    };
    const limiter = new Limiter(tier ?? "standard", clock, settings.cancelWaitMs, (stated) => {
      const detail = `the venue states the tier ${stated}`;
      this.#emit({ type: "venue_limits", cancelBurst: limiter.cancelBurst, detail, ...this.#stamp() });
    });
    // What one request cannot cancel at once would rest on while the bucket fills. As configured: what the venue states later is reported.
    this.capabilities = Object.freeze({ ...GATEWAY_CAPABILITIES, cancelBurst: limiter.cancelBurst });
    this.#modes = new VenueModes({
      clock,
      timing: settings,
      probe: () => this.#probe(),
      say: (mode, detail) => {
        this.#emit({ type: "venue_mode", mode, detail, ...this.#stamp() });
      },
      onRecovery: () => {
        this.#watch.sweeper.soon();
      },
    });
    this.#timeInBook = new TimeInBook(clock, options.maxTimeInBookMs, {
      rests: (orderId) => this.#own.get(orderId)?.state === "open",
      cancel: (orderId) => {
        void this.cancelOrder(orderId);
      },
    });
    this.#own = new OwnOrders({
      clock,
      holdMs: settings.holdMs,
      emit: (report) => {
        this.#emit(report);
      },
      soon: () => {
        this.#watch.sweeper.soon();
      },
      wake: () => {
        this.#watch.sweeper.wake();
      },
      onOpen: (order) => {
        this.#timeInBook.opened(order.orderId, order.intent);
      },
    });
    const own = this.#own;
    const { stats } = this;
    const modes = this.#modes;
    this.#placing = new Placing({
      http,
      clock,
      signer,
      owner: credentials.key,
      markets,
      own,
      limiter,
      modes,
      redactor,
      stats,
      placeMs: settings.placeMs,
      hiddenMs: settings.hiddenMs,
      resting: (marketId) => this.#watch.resting(marketId),
      book: options.book,
      maxSlippage: options.maxSlippage,
      onShort: () => {
        // Asked for what it does at the venue. When it fails, the next comparison asks again.
        void this.#reads.balances().catch(() => undefined);
      },
      refuse: (orderId, { code, detail }) => {
        this.#emit({ type: "order_report", orderId, status: "rejected", code, detail, ...this.#stamp() });
      },
    });
    const soon = (): void => {
      this.#watch.sweeper.soon();
    };
    this.#canceling = new Canceling({ http, own, limiter, modes, stats, cancelMs: settings.cancelMs, soon });
    this.#reads = new AccountReads({
      http,
      rest: createAccountRest(identity, markets.tokens),
      markets,
      signatureType,
      timeoutMs: settings.readMs,
      isHidden: (orderId) => (own.get(orderId)?.hiddenUntil ?? 0) > clock.monotonic(),
      learn: (records) => this.#watch.learn(records),
      unsettled: () => this.#watch.unsettled.all(),
    });
    this.#watch = new AccountWatch({
      transport,
      clock,
      time: this.#time,
      http,
      settings,
      credentials,
      identity,
      markets,
      own,
      reads: () => this.#reads,
      redactor,
      stats,
      random: options.random ?? Math.random,
      logger: options.logger,
      onQuarantined: options.onQuarantined,
      onChannel: (state, detail) => {
        this.#emit({ type: "own_channel", state, detail, ...this.#stamp() });
      },
    });
    if (settings.heartbeats) this.#heartbeat = this.#newHeartbeat();
  }

  prepare(intent: Intent, seq: Sequence): PreparedOrder {
    return this.#preparer.prepare(intent, seq);
  }

  observe(event: CoreEvent): void {
    this.#markets.observe(event);
  }

  presign(order: PreparedOrder): void {
    if (!this.#closed) this.#placing.presign(order);
  }

  placeOrder(order: PreparedOrder, how: { readonly again?: boolean } = {}): Promise<PlaceOutcome> {
    return this.#placing.place(order, how.again === true);
  }

  placeOrders(orders: readonly PreparedOrder[]): Promise<readonly PlaceOutcome[]> {
    return this.#placing.placeAll(orders);
  }

  cancelOrder(orderId: OrderId): Promise<CancelOutcome> {
    return this.#canceling.one(orderId);
  }

  cancelOrders(orderIds: readonly OrderId[]): Promise<readonly CancelOutcome[]> {
    return this.#canceling.many(orderIds);
  }

  cancelAll(scope?: MarketId): Promise<readonly CancelOutcome[]> {
    return this.#canceling.all(scope);
  }

  fetchOrder(orderId: OrderId): ReturnType<PolymarketGateway["fetchOrder"]> {
    return this.#reads.order(orderId);
  }

  fetchOpenOrders(): ReturnType<PolymarketGateway["fetchOpenOrders"]> {
    return this.#reads.openOrders();
  }

  fetchTrades(since?: string): ReturnType<PolymarketGateway["fetchTrades"]> {
    return this.#reads.trades(since);
  }

  fetchPositions(): Promise<readonly VenuePosition[]> {
    return this.#reads.positions();
  }

  fetchBalances(): Promise<Balances> {
    return this.#reads.balances();
  }

  tradesFromNow(): string {
    return String(this.#seconds());
  }

  heartbeatTrouble(): string | undefined {
    return this.#heartbeat?.trouble;
  }

  userChannelTrouble(): string | undefined {
    return this.#watch.channelTrouble;
  }

  reports(signal: AbortSignal): AsyncIterable<ExecutionReport> {
    this.start();
    return this.#stream.read(signal);
  }

  async warm(signal?: AbortSignal): Promise<WarmUp> {
    const { transport } = this.#options;
    const { url, readMs } = this.#settings;
    const [measured, version] = await Promise.all([
      measureVenueOffset({
        transport,
        clock: this.#clock,
        url,
        timeoutMs: readMs,
        ...(signal === undefined ? {} : { signal }),
      }),
      this.#http.json("/version", readMs, undefined, true),
    ]);
    const stated = (version as { version?: unknown } | null | undefined)?.version;
    if (stated !== CLOB_VERSION)
      throw new MatchpointError(
        "CAPABILITY_UNSUPPORTED",
        `the venue takes orders of version ${String(stated)}, this gateway makes version ${CLOB_VERSION}`,
        { hint: "update @matchpoint/adapters-polymarket before trading live" },
      );
    this.#time.offsetMs = measured.offsetMs;
    this.#watch.restart();
    return { offsetMs: measured.offsetMs, errorMs: measured.errorMs };
  }

  start(): void {
    if (this.#started || this.#closed) return;
    this.#started = true;
    this.#watch.start();
    this.#heartbeat?.start();
  }

  follow(orders: Iterable<PreparedOrder>, since?: string): void {
    if (since !== undefined && /^\d{1,11}$/.test(since)) this.#watch.restart(Number(since));
    for (const { orderId, intent } of orders)
      if (this.#own.get(orderId) === undefined && !this.#placing.has(orderId))
        this.#own.begin(orderId, intent, "unknown", this.#hiddenMs(intent));
    this.#watch.sweeper.soon();
  }

  /** How long an order that was handed in a moment ago may be hidden by the venue's delay; what never takes has none. */
  #hiddenMs({ marketId, postOnly }: Intent): number {
    if (postOnly) return 0;
    return (this.#markets.get(marketId)?.market.takerDelayMs ?? 0) + this.#settings.hiddenMs;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#watch.close();
    this.#heartbeat?.stop();
    this.#modes.close();
    this.#own.close();
    this.#timeInBook.close();
    this.#http.close();
    this.#stream.end();
  }

  #newHeartbeat(): Heartbeat {
    const { beatMs, lateMs, cancelMs } = this.#settings;
    return new Heartbeat({
      clock: this.#clock,
      timing: { beatMs, lateMs, timeoutMs: Math.min(cancelMs, beatMs) },
      send: (body, timeoutMs) => {
        this.stats.heartbeats++;
        return this.#http.call({ method: "POST", path: "/v1/heartbeats", body, timeoutMs });
      },
      hint: (hint) => {
        this.#modes.hint(hint);
      },
      onLost: (detail) => {
        this.#modes.stop("heartbeat", `${detail}: the venue may cancel all that rests`);
        this.#watch.sweeper.soon();
      },
      onBack: () => {
        this.#modes.go("heartbeat", "heartbeats are acknowledged again");
        this.#watch.sweeper.soon();
      },
    });
  }

  #probe(): ReturnType<ClobHttp["call"]> {
    const body = JSON.stringify({ orderID: NO_ORDER });
    return this.#http.call({ method: "DELETE", path: "/order", body, timeoutMs: this.#settings.cancelMs });
  }

  #seconds(): number {
    return Math.floor(this.#time.now() / 1_000);
  }

  #emit(report: ExecutionReport): void {
    if (report.type === "trade_report") this.#watch.noted(report);
    else if (report.type === "order_report") this.#timeInBook.heard(report);
    this.#stream.push(report);
  }

  #stamp(): ReceiveStamp {
    return { at: this.#clock.monotonic(), receivedAt: this.#clock.wall() };
  }
}
