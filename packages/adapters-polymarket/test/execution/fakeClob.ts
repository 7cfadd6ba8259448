import {
  id,
  VirtualClock,
  type ExecutionReport,
  type HttpResponse,
  type Intent,
  type IntentId,
  type Nanos,
  type OrderId,
  type Price,
  type RunId,
  type Shares,
  type Socket,
  type SocketHandlers,
  type StrategyId,
  type Transport,
  type Usdc,
} from "@matchpoint/sdk";
import {
  createDirectGateway,
  createOrderSigner,
  createWalletSigner,
  EXCHANGES,
  orderHash,
  type DirectGatewayOptions,
  type OrderSigner,
  type PolymarketGateway,
  type VenueOrder,
} from "../../src/index.ts";
import { market, MARKET } from "../support/markets.ts";
import { API_KEY, LIMITS, OWNER, parties, TEST_KEY } from "../support/trading.ts";
import { answer } from "./answers.ts";

export const SECRET = "Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5LWNhbmE=";
export const PASSPHRASE = "canary-passphrase-5f2c";
export const CREDENTIALS = { key: API_KEY, secret: SECRET, passphrase: PASSPHRASE };
export const STARTS_AT = 1_790_000_000_000;

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer, an answer that takes its time, a failure, or nothing ever. */
export type Reply = HttpResponse | { readonly late: HttpResponse; readonly ms: number } | Error | "hang";

/** An order as the venue has it. */
export interface VenueRecord {
  readonly wire: VenueOrder;
  readonly orderType: string;
  readonly orderId: OrderId;
  status: string;
  matched: number;
}

type Frame = Record<string, unknown>;

/** The CLOB without a network: its endpoints over records that a test moves, and its user channel. Speaks what the venue speaks. */
export class FakeClob implements Transport {
  readonly asked: Asked[] = [];
  readonly orders = new Map<string, VenueRecord>();
  /** Records of trades as `/data/trades` lists them, by id. */
  readonly trades = new Map<string, Frame>();
  readonly balances = new Map<string, string>([["COLLATERAL", "100000000"]]);
  /** Answers instead of the venue, by `METHOD /path`; `undefined` falls through. */
  readonly scripts = new Map<string, (asked: Asked) => Reply | undefined>();
  readonly sockets: { handlers: SocketHandlers; sent: string[]; open: boolean }[] = [];
  latencyMs = 5;
  pongs = true;
  refusesSockets = false;
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  count(method: string, path: string): number {
    return this.asked.filter((each) => each.method === method && each.path === path).length;
  }

  connect(_url: string, handlers: SocketHandlers): Socket {
    const socket = { handlers, sent: [] as string[], open: false };
    this.sockets.push(socket);
    this.#clock.after(this.latencyMs, () => {
      if (this.refusesSockets) {
        handlers.close(1006, "refused");
        return;
      }
      socket.open = true;
      handlers.open();
    });
    return {
      send: (text) => {
        socket.sent.push(text);
        if (text === "PING" && this.pongs) this.#clock.after(1, () => this.#deliver(socket, "PONG"));
      },
      close: () => {
        socket.open = false;
      },
    };
  }

  /** Sends a frame to every open socket. */
  push(frame: unknown): void {
    const text = typeof frame === "string" ? frame : JSON.stringify(frame);
    for (const socket of this.sockets) this.#deliver(socket, text);
  }

  /** Closes every socket. */
  drop(): void {
    for (const socket of this.sockets) {
      if (!socket.open) continue;
      socket.open = false;
      socket.handlers.close(1006, "gone");
    }
  }

  request(options: Parameters<Transport["request"]>[0]): Promise<HttpResponse> {
    const url = new URL(options.url);
    const asked: Asked = {
      method: options.method,
      path: url.pathname,
      query: url.searchParams,
      headers: options.headers ?? {},
      body: options.body ?? "",
    };
    this.asked.push(asked);
    const script = this.scripts.get(`${asked.method} ${asked.path}`);
    const reply = script?.(asked) ?? this.serve(asked);
    return new Promise((resolve, reject) => {
      if (reply === "hang") return;
      const late = "late" in reply;
      this.#clock.after(late ? reply.ms : this.latencyMs, () => {
        if (reply instanceof Error) reject(reply);
        else resolve(late ? reply.late : reply);
      });
    });
  }

  /** What the venue does and answers by itself. */
  serve({ method, path, query, body }: Asked): HttpResponse {
    const data = (records: readonly unknown[]) =>
      answer(200, { limit: 100, count: records.length, next_cursor: "LTE=", data: records });
    if (path === "/version") return answer(200, { version: 2 });
    if (path === "/time") return answer(200, String(Math.floor(this.#clock.wall() / 1_000)));
    if (path === "/v1/heartbeats") return answer(200, { heartbeat_id: `hb-${this.count(method, path)}` });
    if (path === "/balance-allowance/update") return answer(200, "");
    if (path === "/balance-allowance") {
      const key = query.get("token_id") ?? query.get("asset_type") ?? "";
      return answer(200, { balance: this.balances.get(key) ?? "0", allowances: {} });
    }
    if (path === "/data/orders")
      return data([...this.orders.values()].filter((each) => each.status === "LIVE").map(recordOf));
    if (path.startsWith("/data/order/")) {
      const found = this.orders.get(path.slice("/data/order/".length));
      return answer(200, found === undefined ? "null" : recordOf(found));
    }
    if (path === "/data/trades") {
      const after = Number(query.get("after") ?? "0");
      return data([...this.trades.values()].filter((each) => Number(each["match_time"]) >= after));
    }
    if (method === "POST" && path === "/order") return answer(200, this.take(JSON.parse(body) as Posted));
    if (method === "POST" && path === "/orders")
      return answer(
        200,
        (JSON.parse(body) as Posted[]).map((each) => this.take(each)),
      );
    if (method === "DELETE") return answer(200, this.#cancel(body));
    return answer(404, { error: "not found" });
  }

  /** Takes an order in, as live. */
  take({ order, orderType }: Posted): Frame {
    const orderId = hashOf(order);
    if (!this.orders.has(orderId))
      this.orders.set(orderId, { wire: order, orderType, orderId, status: "LIVE", matched: 0 });
    return {
      success: true,
      errorMsg: "",
      orderID: orderId,
      status: "live",
      makingAmount: "",
      takingAmount: "",
      tradeIDs: [],
    };
  }

  /** Records a trade of an order as its taker. Its frame is the record with a `type`. */
  trade(tradeId: string, orderId: OrderId, shares: number, price: string, status = "MATCHED"): Frame {
    const order = this.orders.get(orderId)!;
    if (!this.trades.has(tradeId)) order.matched += shares;
    const record: Frame = {
      id: tradeId,
      taker_order_id: orderId,
      market: MARKET,
      asset_id: order.wire.tokenId,
      side: order.wire.side,
      size: String(shares / 1e6),
      price,
      fee_rate_bps: "0",
      status,
      match_time: String(Math.floor(this.#clock.wall() / 1_000)),
      last_update: String(Math.floor(this.#clock.wall() / 1_000)),
      outcome: "A",
      owner: API_KEY,
      maker_address: OWNER,
      trader_side: "TAKER",
      transaction_hash: "",
      maker_orders: [],
    };
    const old = this.trades.get(tradeId);
    this.trades.set(
      tradeId,
      old === undefined ? record : { ...old, status, last_update: record["last_update"] },
    );
    return { event_type: "trade", type: "TRADE", ...this.trades.get(tradeId) };
  }

  /** The frame of an order as it stands. */
  frame(orderId: OrderId, type: "PLACEMENT" | "UPDATE" | "CANCELLATION"): Frame {
    const record = recordOf(this.orders.get(orderId)!);
    return {
      event_type: "order",
      type,
      ...record,
      order_owner: API_KEY,
      timestamp: String(this.#clock.wall()),
    };
  }

  #cancel(body: string): Frame {
    const parsed = body === "" ? {} : (JSON.parse(body) as { orderID?: string; market?: string } | string[]);
    const asked = Array.isArray(parsed)
      ? parsed
      : parsed.orderID === undefined
        ? [...this.orders.values()].filter(({ status }) => status === "LIVE").map(({ orderId }) => orderId)
        : [parsed.orderID];
    const canceled: string[] = [];
    const kept: Record<string, string> = {};
    for (const orderId of asked) {
      const found = this.orders.get(orderId);
      if (found?.status === "LIVE") {
        found.status = "CANCELED";
        canceled.push(orderId);
      } else {
        kept[orderId] =
          found === undefined ? "Order not found or already canceled" : "already canceled or matched";
      }
    }
    return { canceled, not_canceled: kept };
  }

  #deliver(socket: (typeof this.sockets)[number], text: string): void {
    if (socket.open) socket.handlers.frame(new TextEncoder().encode(text));
  }
}

export interface Posted {
  readonly order: VenueOrder & { readonly signature: string };
  readonly owner: string;
  readonly orderType: string;
}

/** The venue's own computation of an order's id from its bytes. */
export function hashOf(order: VenueOrder): OrderId {
  return id<OrderId>(orderHash(order, EXCHANGES[137].v1.standard));
}

export function recordOf({ wire, orderId, status, matched, orderType }: VenueRecord): Frame {
  const buys = wire.side === "BUY";
  const shares = Number(buys ? wire.takerAmount : wire.makerAmount);
  const dollars = Number(buys ? wire.makerAmount : wire.takerAmount);
  return {
    id: orderId,
    status,
    owner: API_KEY,
    maker_address: OWNER,
    market: MARKET,
    asset_id: wire.tokenId,
    side: wire.side,
    original_size: String(shares / 1e6),
    size_matched: String(matched / 1e6),
    price: (dollars / shares).toFixed(4),
    associate_trades: [],
    outcome: "A",
    created_at: Math.floor(Number(wire.timestamp) / 1_000),
    expiration: wire.expiration,
    order_type: orderType,
  };
}

let serial = 0;

export function intent(changes: Partial<Intent> = {}): Intent {
  serial++;
  return {
    intentId: id<IntentId>(`s-${serial}`),
    strategyId: id<StrategyId>("s"),
    marketId: MARKET,
    outcome: 0,
    side: "buy",
    orderType: "GTC",
    postOnly: false,
    limit: 5_000 as Price,
    size: 20_000_000 as Shares,
    purpose: "entry",
    reason: "test",
    ...changes,
  };
}

/** A FAK buy that spends whole dollars at a limit. */
export function fak(dollars: number, limit: number, changes: Partial<Intent> = {}): Intent {
  const spend = dollars * 1e6;
  const size = Math.floor((spend * 10_000) / limit) as Shares;
  return intent({ orderType: "FAK", limit: limit as Price, spend: spend as Usdc, size, ...changes });
}

/** Signs with nothing, for tests that are not about signatures. */
export const UNSIGNED: OrderSigner = {
  signOrder: (order, exchange) =>
    Promise.resolve({ order, hash: orderHash(order, exchange), signature: `0x${"5a".repeat(65)}` }),
  signClaim: () => Promise.reject(new TypeError("not asked for")),
};

export interface Rig {
  readonly clock: VirtualClock;
  readonly venue: FakeClob;
  readonly gateway: PolymarketGateway;
  readonly reports: ExecutionReport[];
  readonly stop: () => void;
  /** Moves the clock on, with everything that happens meanwhile. */
  readonly pass: (ms: number, stepMs?: number) => Promise<void>;
  /** Waits for an answer while time passes. */
  readonly wait: <T>(answer: Promise<T>, ms?: number) => Promise<T>;
}

/** A gateway at a fake venue, under virtual time. */
export function rig(options: Partial<DirectGatewayOptions> & { readonly silent?: boolean } = {}): Rig {
  const clock = new VirtualClock({ startsAt: STARTS_AT });
  const venue = new FakeClob(clock);
  const { silent, ...given } = options;
  const gateway = createDirectGateway({
    transport: venue,
    clock,
    signer: UNSIGNED,
    credentials: CREDENTIALS,
    parties: parties(0),
    chainId: 137,
    runId: id<RunId>("run-1"),
    markets: [market()],
    heartbeats: false,
    random: () => 0.5,
    ...given,
  });
  const reports: ExecutionReport[] = [];
  const stopper = new AbortController();
  if (silent !== true) {
    void (async () => {
      for await (const report of gateway.reports(stopper.signal)) reports.push(report);
    })();
  }
  const pass = async (ms: number, stepMs = 5): Promise<void> => {
    for (let gone = 0; gone < ms; gone += stepMs) {
      clock.advance(Math.min(stepMs, ms - gone));
      await settle();
    }
  };
  return {
    clock,
    venue,
    gateway,
    reports,
    pass,
    stop: () => {
      stopper.abort();
      gateway.close();
    },
    async wait<T>(promise: Promise<T>, ms = 30_000): Promise<T> {
      const seen = { done: false };
      const end = (): void => {
        seen.done = true;
      };
      void promise.then(end, end);
      for (let gone = 0; gone < ms; gone += 5) {
        await settle();
        if (seen.done) return promise;
        clock.advance(5);
      }
      throw new TypeError(`no answer within ${ms} ms`);
    },
  };
}

/** Lets promises run until none moves. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** A signer with a key, as in production. */
export function realSigner(clock: VirtualClock): OrderSigner {
  return createOrderSigner({
    signer: createWalletSigner(TEST_KEY),
    limits: LIMITS,
    now: () => clock.wall(),
    verify: false,
  });
}

export const statuses = (reports: readonly ExecutionReport[], orderId?: OrderId): string[] =>
  reports.flatMap((report) =>
    report.type === "order_report" && (orderId === undefined || report.orderId === orderId)
      ? [report.status]
      : [],
  );

export { answer, API_KEY, market, MARKET, OWNER };
export const at = (ms: number): Nanos => (ms * 1e6) as Nanos;
