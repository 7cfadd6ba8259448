import {
  hash128,
  Mailbox,
  type CancelOutcome,
  type Capabilities,
  type ExecutionAdapter,
  type ExecutionReport,
  type Intent,
  type OrderEvidence,
  type OrderId,
  type OrderReport,
  type PlaceOutcome,
  type PreparedOrder,
  type RejectCode,
  type TradeStatus,
} from "@matchpoint/sdk";
import type { Ground } from "../kernel/ground.ts";
import { never } from "../kernel/never.ts";
import { TortureError } from "../kernel/tortureError.ts";
import type { AskEntry } from "../history.ts";
import type { Refusal, VenueFront } from "../world/front.ts";
import type { SimVenue } from "../world/venue.ts";
import type { Life } from "./life.ts";
import { OwnChannel } from "./ownChannel.ts";
import { Wire } from "./wire.ts";

const CAPABILITIES: Capabilities = {
  orderTypes: ["FAK", "FOK", "GTC", "GTD"],
  postOnly: true,
  merge: true,
  split: true,
};
const SWEEP_MS = 5_000;
const HEARTBEAT_MS = 3_000;
const MODE_LOOK_MS = 1_000;
/** Orders looked after in one sweep. */
const MOST = 15;
const HALF = 0x5bd1e995;

const OVER: ReadonlySet<string> = new Set(["canceled", "expired", "invalid", "rejected"]);
/** States of an order at the venue as what is told of them. */
const REPORT_OF: Readonly<Record<string, OrderReport["status"]>> = {
  LIVE: "live",
  DELAYED: "delayed",
  FILLED: "matched",
  CANCELED: "canceled",
  EXPIRED: "expired",
  INVALID: "invalid",
  REJECTED: "rejected",
};

/** What a gateway is made of. */
export interface GatewayParts {
  readonly ground: Ground;
  readonly life: Life;
  readonly venue: SimVenue;
  readonly front: VenueFront;
  /** Orders of earlier lives that may not be over. */
  readonly follows: readonly OrderId[];
  readonly heartbeats: boolean;
  /** How many cancels the venue takes at once, where it says so. */
  readonly cancelBurst?: number | undefined;
  /** Durable bytes of the life's journal, for the history. */
  readonly durable: () => number;
}

/**
 * The built-in adapter: a gateway as the real ones are, onto the simulated venue. A request that is not answered in three seconds is unknown;
 * what its socket may have missed it asks for, every five seconds and whenever the socket was lost.
 */
export class SimGateway implements ExecutionAdapter {
  readonly capabilities: Capabilities;
  readonly channel: OwnChannel;
  readonly #parts: GatewayParts;
  readonly #wire: Wire;
  readonly #out = new Mailbox<ExecutionReport>();
  /** Orders that may not be over, with what was told of them last. */
  readonly #orders = new Map<OrderId, OrderReport["status"] | undefined>();
  readonly #trades = new Map<string, TradeStatus>();
  #request = 0;
  #mode = "OPEN";
  #burst: number | undefined;

  constructor(parts: GatewayParts) {
    this.#parts = parts;
    const { ground, life, cancelBurst } = parts;
    this.capabilities = cancelBurst === undefined ? CAPABILITIES : { ...CAPABILITIES, cancelBurst };
    this.#burst = cancelBurst;
    this.#wire = new Wire(ground, life, parts.front, () => {
      this.#noteLimits();
    });
    for (const orderId of parts.follows) this.#orders.set(orderId, undefined);
    // What was over before this program began it has from its journal, or asks for by itself; what becomes of it since is news.
    for (const { tradeId, orderId, status } of parts.venue.trades().trades)
      if (isSettled(status) && !this.#orders.has(orderId)) this.#trades.set(`${tradeId}|${orderId}`, status);
    this.channel = new OwnChannel(
      ground,
      life,
      (report) => this.#tell(report),
      () => void this.#sweep(),
    );
    this.#every(SWEEP_MS, () => this.#sweep());
    if (parts.heartbeats) this.#every(HEARTBEAT_MS, () => this.#beat());
  }

  prepare(intent: Intent, seq: number): PreparedOrder {
    const { marketId, outcome, side, orderType, postOnly, limit, size, spend, expiresAt, intentId } = intent;
    const rest = [
      marketId,
      outcome,
      side,
      orderType,
      postOnly,
      limit,
      size,
      spend ?? null,
      expiresAt ?? null,
    ];
    const text = JSON.stringify([this.#parts.life.runId, seq, intentId, ...rest]);
    return { orderId: `0x${hash128(text)}${hash128(text, HALF)}` as OrderId, intent };
  }

  async placeOrder(order: PreparedOrder): Promise<PlaceOutcome> {
    const { life, venue, ground, durable } = this.#parts;
    if (!life.alive) return never();
    const { orderId, intent } = order;
    const request = this.#request++;
    ground.history.add({
      kind: "post",
      life: life.number,
      epoch: life.epoch,
      request,
      orderId,
      intent,
      durable: durable(),
    });
    this.#orders.set(orderId, undefined);
    const reply = await this.#wire.ask({
      kind: "post",
      what: `order ${orderId.slice(0, 10)}`,
      postOnly: intent.postOnly,
      effect: (copy) => {
        if (venue.phantom && intent.side === "buy") {
          ground.fault("balance_phantom", orderId, life.number);
          return {
            status: "rejected",
            code: "BALANCE" as RejectCode,
            detail: "not enough balance / allowance",
          } as const;
        }
        const answer = venue.place(atVenue(order, life), life, copy);
        if (!ground.dice.strikes("no_order_id")) return answer;
        ground.fault("no_order_id", orderId, life.number);
        return undefined;
      },
      lost: "post_lost",
      answerLost: "post_answer_lost",
      late: "post_late",
      twice: "post_twice",
    });
    const outcome = this.#placed(
      reply.kind === "ok" ? reply.value : undefined,
      reply.kind === "refused" ? reply.why : undefined,
    );
    const code = outcome.kind === "rejected" ? { code: outcome.code } : {};
    ground.history.add({
      kind: "post_reply",
      life: life.number,
      request,
      orderId,
      outcome: outcome.kind,
      ...code,
    });
    if (outcome.kind === "rejected") this.#orders.delete(orderId);
    return outcome;
  }

  #placed(
    answer: Pick<OrderReport, "status" | "code" | "detail"> | undefined,
    why: Refusal | undefined,
  ): PlaceOutcome {
    if (why !== undefined) return this.#refusedBy(why);
    if (answer === undefined)
      return { kind: "unknown", cause: new TortureError("no answer that says what became of it") };
    const { status, code, detail } = answer;
    if (status === "live" || status === "matched" || status === "delayed") return { kind: status };
    if (status !== "rejected") return { kind: "unknown", cause: new TortureError(`the order is ${status}`) };
    return { kind: "rejected", code: code ?? "OTHER", ...(detail === undefined ? {} : { detail }) };
  }

  #refusedBy(why: Refusal): PlaceOutcome {
    if (why === "html") return { kind: "unknown", cause: new TortureError("403 with a page of HTML") };
    if (why === 429) return { kind: "rejected", code: "RATE_LIMITED" };
    this.#noteMode();
    return { kind: "rejected", code: "VENUE_MODE", detail: String(why) };
  }

  async cancelOrder(orderId: OrderId): Promise<CancelOutcome> {
    const { life, venue, ground } = this.#parts;
    if (!life.alive) return never();
    const request = this.#request++;
    ground.history.add({ kind: "cancel", life: life.number, request, orderId });
    const reply = await this.#wire.ask({
      kind: "cancel",
      what: `cancel ${orderId.slice(0, 10)}`,
      effect: () => {
        if (!ground.dice.strikes("cancel_refused")) return venue.cancel(orderId);
        if (venue.resting().some((each) => each.orderId === orderId))
          ground.fault("cancel_refused", orderId, life.number);
        return { status: "cancel_refused", detail: "try again" } as const;
      },
      lost: "cancel_lost",
      answerLost: "cancel_lost",
    });
    const outcome = canceled(
      orderId,
      reply.kind === "ok" ? reply.value : undefined,
      reply.kind === "refused" ? reply.why : undefined,
    );
    ground.history.add({ kind: "cancel_reply", life: life.number, request, orderId, outcome: outcome.kind });
    return outcome;
  }

  async cancelAll(): Promise<readonly CancelOutcome[]> {
    const open = await this.fetchOpenOrders();
    return Promise.all(open.map((order) => this.cancelOrder(order.orderId)));
  }

  async fetchOrder(orderId: OrderId): Promise<OrderEvidence> {
    const { venue } = this.#parts;
    return this.#question("order", () => venue.order(orderId), orderId);
  }

  fetchOpenOrders(): ReturnType<ExecutionAdapter["fetchOpenOrders"]> {
    return this.#question("open_orders", () => this.#parts.venue.openOrders());
  }

  fetchTrades(since?: string): ReturnType<ExecutionAdapter["fetchTrades"]> {
    return this.#question("trades", () => this.#parts.venue.trades(since));
  }

  fetchPositions(): ReturnType<ExecutionAdapter["fetchPositions"]> {
    return this.#question("positions", () => this.#parts.venue.positions());
  }

  fetchBalances(): ReturnType<ExecutionAdapter["fetchBalances"]> {
    return this.#question("balances", () => ({ collateral: this.#parts.venue.cash() as never }));
  }

  reports(signal: AbortSignal): AsyncIterable<ExecutionReport> {
    return this.#out.read(signal);
  }

  /** Its program is gone: nothing more is told. */
  close(): void {
    this.#out.close();
  }

  /** Asks, or throws: an answer that did not come is no answer. */
  async #question<T>(what: AskEntry["what"], effect: () => T, orderId?: OrderId): Promise<T> {
    const { life, ground } = this.#parts;
    if (!life.alive) return never();
    const reply = await this.#wire.ask({ kind: "read", what, effect, lost: "question_lost" });
    const about = orderId === undefined ? {} : { orderId };
    ground.history.add({ kind: "ask", life: life.number, what, ...about, answered: reply.kind === "ok" });
    if (reply.kind === "ok") return reply.value;
    throw new TortureError(reply.kind === "silence" ? "no answer within 3 s" : `refused: ${reply.why}`);
  }

  #tell(report: ExecutionReport): void {
    if (report.type === "trade_report")
      this.#trades.set(`${report.tradeId}|${report.orderId}`, report.status);
    if (report.type === "order_report") {
      if (OVER.has(report.status)) this.#orders.delete(report.orderId);
      else if (this.#orders.has(report.orderId)) this.#orders.set(report.orderId, report.status);
    }
    this.#out.push({ ...report, ...this.#parts.life.stamp() });
  }

  /** What the socket may have missed. */
  async #sweep(): Promise<void> {
    const page = await this.#attempt(() => this.fetchTrades());
    if (page === undefined) return;
    for (const trade of page.trades) {
      if (this.#trades.get(`${trade.tradeId}|${trade.orderId}`) === trade.status) continue;
      this.#tell({ ...trade, type: "trade_report", ...this.#parts.life.stamp() });
    }
    for (const orderId of [...this.#orders.keys()].slice(0, MOST)) {
      const found = await this.#attempt(() => this.fetchOrder(orderId));
      if (found === undefined || !this.#orders.has(orderId)) continue;
      // The longest unseen come first in the next one.
      const told = this.#orders.get(orderId);
      this.#orders.delete(orderId);
      this.#orders.set(orderId, told);
      if (found.kind !== "found") continue;
      const status = REPORT_OF[found.status];
      if (status === undefined || status === told) continue;
      this.#tell({ type: "order_report", orderId, status, ...this.#parts.life.stamp() });
      if (status === "matched") this.#orders.delete(orderId);
    }
  }

  async #beat(): Promise<void> {
    const { front, ground } = this.#parts;
    if (ground.beatsLost && ground.dice.on) return;
    await this.#wire.ask({
      kind: "read",
      what: "heartbeat",
      effect: () => front.heartbeat(),
      lost: "question_lost",
    });
  }

  /** The venue has said that it takes no such orders; looks until it takes all again. */
  #noteMode(): void {
    const { venue, life } = this.#parts;
    const { mode } = venue;
    if (mode === this.#mode) return;
    const watched = this.#mode !== "OPEN";
    this.#sayMode(mode);
    if (watched || mode === "OPEN") return;
    const look = (): void => {
      if (venue.mode !== this.#mode) this.#sayMode(venue.mode);
      if (this.#mode !== "OPEN") life.clock.after(MODE_LOOK_MS, look);
    };
    life.clock.after(MODE_LOOK_MS, look);
  }

  /** An answer says what the venue takes from now on. */
  #noteLimits(): void {
    const { life, front, ground } = this.#parts;
    const { burst } = front;
    if (burst === undefined || burst === this.#burst) return;
    this.#burst = burst;
    ground.injected(
      "venue_limits",
      (entry) =>
        entry.kind === "step" &&
        entry.life === life.number &&
        entry.event.type === "venue_limits" &&
        entry.event.cancelBurst === burst,
    );
    const detail = "as the venue says";
    this.#out.push({ type: "venue_limits", cancelBurst: burst, detail, ...life.stamp() });
  }

  #sayMode(mode: SimVenue["mode"]): void {
    this.#mode = mode;
    this.#out.push({ type: "venue_mode", mode, detail: "as the venue says", ...this.#parts.life.stamp() });
  }

  #every(ms: number, work: () => Promise<void>): void {
    const { life } = this.#parts;
    const again = (): void => {
      life.clock.after(ms, () => void work().then(again));
    };
    again();
  }

  async #attempt<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch {
      return undefined;
    }
  }
}

function isSettled(status: TradeStatus): boolean {
  return status === "CONFIRMED" || status === "FAILED";
}

function canceled(
  orderId: OrderId,
  answer: Pick<OrderReport, "status" | "detail"> | undefined,
  why: Refusal | undefined,
): CancelOutcome {
  if (answer?.status === "canceled") return { kind: "canceled", orderId };
  if (answer !== undefined) return { kind: "not_canceled", orderId, reason: answer.detail ?? "refused" };
  if (why === undefined || why === "html")
    return { kind: "unknown", orderId, cause: new TortureError("no answer that says what became of it") };
  return { kind: "not_canceled", orderId, reason: `refused: ${why}` };
}

/** A program counts time from its own start: an expiry in the venue's time. */
function atVenue(order: PreparedOrder, life: Life): PreparedOrder {
  const { intent } = order;
  if (intent.expiresAt === undefined) return order;
  return { ...order, intent: { ...intent, expiresAt: (intent.expiresAt + life.startedAt) as never } };
}
