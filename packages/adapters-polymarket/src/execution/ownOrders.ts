import {
  NANOS_PER_MS,
  type Clock,
  type ExecutionReport,
  type Intent,
  type OrderId,
  type OrderReport,
  type PlaceOutcome,
  type TradeReport,
} from "@matchpoint/sdk";
import type { OrderFacts } from "../account/userDecoder.ts";
import { DUST, isComplete, isFilled, isFinal, newOwn, type Own, type OwnOrder } from "./ownOrder.ts";
import { placeOutcome, type PlaceAnswer } from "./placeAnswer.ts";
import { isImmediate } from "./prepare.ts";
import { Strangers } from "./strangers.ts";

/** So long an order is looked for that nobody can find, and its fills that are stated and not listed. */
const LOOK_MS = 600_000;
/** After an answer that was lost, what is known of the order is said again for so long: some sweeps. */
const DOUBT_MS = 5_000;
/** How many of our own are remembered after their end. */
const KEPT = 20_000;

/** What {@link OwnOrders} needs. */
export interface OwnOrdersPorts {
  readonly clock: Clock;
  readonly emit: (report: ExecutionReport) => void;
  /** Asks for a sweep of REST as soon as may be. */
  readonly soon: () => void;
  /** There is something to sweep for again: the slow rhythm of an idle account is over. */
  readonly wake: () => void;
  /** An order came to rest. */
  readonly onOpen: (order: OwnOrder) => void;
  /** How long the word that an order is over waits for its fills, in ms. */
  readonly holdMs: number;
}

/**
 * Merges what HTTP answers, the user channel and REST say about our orders into one stream of reports:
 *
 * - What was said is not said again; what comes late, of a state that is past, is left out.
 * - That an order is over waits for the fills that the venue itself states, so that nobody counts its money as free meanwhile.
 * - The rest of a FAK order that matched in part is reported `canceled` once its fills are here: the venue never says so.
 */
export class OwnOrders {
  readonly #ports: OwnOrdersPorts;
  readonly #orders = new Map<OrderId, Own>();
  /** Those that are not over, or whose trades are not settled. */
  readonly #active = new Map<OrderId, Own>();
  readonly #strangers = new Strangers();

  constructor(ports: OwnOrdersPorts) {
    this.#ports = ports;
  }

  get(orderId: OrderId): OwnOrder | undefined {
    return this.#orders.get(orderId);
  }

  /** Orders of which not all is known. */
  *unfinished(): IterableIterator<OwnOrder> {
    for (const own of this.#active.values()) if (own.state !== "over") yield own;
  }

  /** Orders that may rest at the venue. */
  *resting(): IterableIterator<OwnOrder> {
    for (const own of this.#active.values()) if (own.state !== "over" && own.state !== "ended") yield own;
  }

  /** Sees every order that may rest at the venue: before each new one, so without the cost of an iterator. */
  eachResting(see: (order: OwnOrder) => void): void {
    for (const own of this.#active.values()) if (own.state !== "over" && own.state !== "ended") see(own);
  }

  /** Whether trades of ours are neither confirmed nor failed. */
  get settling(): boolean {
    for (const own of this.#active.values()) if (own.pending > 0) return true;
    return false;
  }

  /** An order is being sent, or was by an earlier run (`unknown`). */
  begin(orderId: OrderId, intent: Intent, state: "sending" | "unknown", hiddenMs: number): void {
    const own = newOwn(orderId, intent, state, this.#ports.clock.monotonic(), hiddenMs);
    this.#orders.set(orderId, own);
    this.#active.set(orderId, own);
    if (state === "sending") this.#say(own, "sent");
    this.#ports.wake();
    this.#forget();
  }

  /**
   * The answer to an order's POST. One that is lost is unknown also when the channel has shown the order meanwhile: what is known of
   * it comes as reports.
   */
  answered(orderId: OrderId, answer: PlaceAnswer, delayMs: number): PlaceOutcome {
    const own = this.#orders.get(orderId)!;
    const { intent } = own;
    const { orderType } = intent;
    const immediate = isImmediate(intent);
    let outcome = placeOutcome(answer, orderType);
    if (answer.kind === "matched") {
      const shares = intent.side === "buy" ? answer.taking : answer.making;
      if (shares !== undefined) own.stated = Math.max(own.stated ?? 0, shares);
      own.exact = immediate && shares !== undefined;
      const rests = !immediate && shares !== undefined && intent.size - shares >= DUST;
      if (rests) outcome = { kind: "live" };
    }
    const past = own.state === "ended" || own.state === "over";
    switch (outcome.kind) {
      case "live":
        if (!past && !immediate) this.#opened(own);
        // A FAK or FOK order never rests: it was taken in, no more is known.
        if (!past && immediate) own.state = "unknown";
        if (immediate) this.#ports.soon();
        break;
      case "matched":
        if (!past) this.#end(own, "matched");
        break;
      case "delayed":
        if (!past && own.state !== "open") this.#delayed(own, delayMs);
        break;
      case "rejected":
        this.#say(own, "rejected", outcome.detail, outcome.code);
        // One that is refused as known to the venue exists.
        if (outcome.code === "DUPLICATE") own.state = past ? own.state : "unknown";
        else if (own.matched === 0) this.#over(own);
        this.#ports.soon();
        break;
      case "unknown":
        // What the channel has told meanwhile is told again by the sweep, after this.
        if (own.state === "sending") own.state = "unknown";
        // Who asked may take this in later than the next report: what is found meanwhile is said more than once.
        own.doubtedUntil = this.#ports.clock.monotonic() + DOUBT_MS * NANOS_PER_MS;
        if (!past) this.#say(own, "unknown", outcome.cause.message);
        this.#ports.soon();
        break;
    }
    this.#settle(own);
    return outcome;
  }

  /**
   * A report of the user channel or, with `sweptAt`, of a sweep of REST that began then.
   * What a sweep says is newer than any end that came before it.
   */
  take(event: OrderReport | TradeReport, facts?: OrderFacts, sweptAt?: number): void {
    const own = this.#orders.get(event.orderId);
    if (own === undefined) this.#stranger(event);
    else if (event.type === "trade_report") this.#trade(own, event);
    else this.#report(own, event, facts, sweptAt);
  }

  /** The venue confirmed a cancel. Its own frame and its fills may follow. */
  canceled(orderId: OrderId): void {
    const own = this.#orders.get(orderId);
    if (own === undefined || own.state === "over") return;
    if (own.state !== "ended") {
      own.state = "ended";
      own.endedAt = this.#ports.clock.monotonic();
      own.sweeps = 0;
    }
    this.#say(own, "canceled");
    this.#ports.soon();
  }

  /** A look by hash found nothing, after the venue's trades were listed. */
  absent(orderId: OrderId): void {
    const own = this.#orders.get(orderId);
    if (own === undefined || own.state === "over" || own.state === "ended" || own.state === "sending") return;
    const now = this.#ports.clock.monotonic();
    if (now < own.hiddenUntil) return;
    if (own.absences++ === 0) own.absentSince = now;
    if (own.matched > 0 && isImmediate(own.intent)) {
      // It has matched, and what has not is not there any more.
      this.#end(own, "matched");
      return;
    }
    // A list may lag behind a fresh order: one look is not enough to doubt one that is known to rest.
    if (own.state === "open" && own.absences < 2) return;
    own.state = "unknown";
    this.#say(own, "absent", "neither listed nor found by its hash");
    if (now - own.absentSince > LOOK_MS * NANOS_PER_MS) this.#over(own);
  }

  /** A whole sweep is done that began at a monotonic time. */
  swept(startedAt: number): void {
    for (const own of [...this.#active.values()]) {
      if (own.state === "ended" && own.endedAt <= startedAt) own.sweeps++;
      this.#settle(own);
    }
  }

  close(): void {
    for (const own of this.#active.values()) own.timer?.();
  }

  #report(own: Own, report: OrderReport, facts: OrderFacts | undefined, sweptAt: number | undefined): void {
    const { status } = report;
    if (facts?.matched !== undefined) own.stated = Math.max(own.stated ?? 0, facts.matched);
    own.absences = 0;
    const past = own.state === "ended" || own.state === "over";
    // REST may lag: it takes back no end but that of a match, which says nothing of a rest.
    const newer = sweptAt !== undefined && sweptAt > own.endedAt;
    const late = past && !(newer && own.state === "ended" && own.said === "matched");
    const immediate = isImmediate(own.intent);
    switch (status) {
      case "live":
        if (!late && !immediate) this.#opened(own, report);
        break;
      case "unmatched":
        if (immediate) this.#finish(own, { ...report, status: "canceled" });
        else if (!late) this.#opened(own, report);
        break;
      case "delayed":
        if (!past && own.state !== "open") this.#delayed(own, 0, report);
        break;
      case "matched":
        if (!past) this.#end(own, "matched", report);
        break;
      default:
        this.#finish(own, report);
    }
    this.#settle(own);
  }

  #trade(own: Own, report: TradeReport): void {
    const { tradeId, status, size, cost } = report;
    const before = own.trades.get(tradeId);
    if (before === undefined) {
      own.matched += size;
      own.spent += cost;
    }
    if (before === undefined || !isFinal(before) || status === "FAILED") {
      own.trades.set(tradeId, status);
      own.pending += (isFinal(status) ? 0 : 1) - (before === undefined || isFinal(before) ? 0 : 1);
      if (own.pending > 0) {
        this.#active.set(own.orderId, own);
        this.#ports.wake();
      }
    }
    this.#ports.emit(report);
    if (own.state === "over" && own.pending === 0) this.#active.delete(own.orderId);
    if ((own.state === "unknown" || own.state === "delayed") && !isImmediate(own.intent)) own.state = "open";
    this.#settle(own);
  }

  #opened(own: Own, report?: OrderReport): void {
    const first = own.state !== "open";
    own.state = "open";
    this.#say(own, "live", report?.detail, undefined, report);
    if (first) this.#ports.onOpen(own);
  }

  #delayed(own: Own, delayMs: number, report?: OrderReport): void {
    own.state = "delayed";
    const until = this.#ports.clock.monotonic() + delayMs * NANOS_PER_MS;
    own.hiddenUntil = Math.max(own.hiddenUntil, until);
    this.#say(own, "delayed", report?.detail, undefined, report);
  }

  #end(own: Own, status: "matched", report?: OrderReport): void {
    own.state = "ended";
    own.endedAt = this.#ports.clock.monotonic();
    own.sweeps = 0;
    this.#say(own, status, report?.detail, undefined, report);
    this.#ports.soon();
  }

  /** The venue says that an order is over: told at once when its fills are here, else as soon as they are. */
  #finish(own: Own, report: OrderReport): void {
    if (own.state === "over" || own.held !== undefined) return;
    if (own.state !== "ended") {
      own.state = "ended";
      own.endedAt = this.#ports.clock.monotonic();
      own.sweeps = 0;
    }
    own.held = report;
    if (isFilled(own)) return;
    this.#ports.soon();
    own.timer = this.#ports.clock.after(this.#ports.holdMs, () => {
      own.timer = undefined;
      this.#release(own);
    });
  }

  #release(own: Own): void {
    const { held } = own;
    own.timer?.();
    own.timer = undefined;
    own.held = undefined;
    if (held !== undefined) this.#say(own, held.status, held.detail, held.code, held);
  }

  #settle(own: Own): void {
    if (own.state !== "ended") {
      if (own.state === "open" && own.intent.size - own.matched < DUST) this.#over(own);
      return;
    }
    const filled = isFilled(own);
    if (own.held !== undefined) {
      if (!filled) return;
      this.#release(own);
    }
    if (isComplete(own)) {
      this.#over(own);
      return;
    }
    const waited = this.#ports.clock.monotonic() - own.endedAt;
    const tired = own.sweeps > 0 && waited > LOOK_MS * NANOS_PER_MS;
    if (own.said !== "matched") {
      if (own.sweeps > 0 && (filled || tired)) this.#over(own);
      return;
    }
    const allHere = own.matched > 0 && filled && (own.exact || own.sweeps > 0);
    if (isImmediate(own.intent) && (allHere || tired)) {
      this.#say(own, "canceled", allHere ? "the rest was killed" : "fills that it states are missing");
      this.#over(own);
    } else if (tired) this.#over(own);
  }

  #over(own: Own): void {
    own.state = "over";
    if (own.pending === 0) this.#active.delete(own.orderId);
  }

  #stranger(event: OrderReport | TradeReport): void {
    if (event.type === "trade_report" || this.#strangers.isNews(event)) this.#ports.emit(event);
  }

  #say(
    own: Own,
    status: OrderReport["status"],
    detail?: string,
    code?: OrderReport["code"],
    report?: OrderReport,
  ): void {
    const { clock } = this.#ports;
    const repeats = own.said === status && status !== "absent" && status !== "rejected";
    if (repeats && clock.monotonic() >= own.doubtedUntil) return;
    own.said = status;
    this.#ports.emit({
      type: "order_report",
      orderId: own.orderId,
      status,
      ...(code === undefined ? {} : { code }),
      ...(detail === undefined ? {} : { detail }),
      at: clock.monotonic(),
      receivedAt: clock.wall(),
      ...(report?.publishedAt === undefined ? {} : { publishedAt: report.publishedAt }),
    });
  }

  #forget(): void {
    if (this.#orders.size <= KEPT) return;
    for (const [orderId, own] of this.#orders) {
      if (own.state === "over" && own.pending === 0) this.#orders.delete(orderId);
      if (this.#orders.size <= KEPT) return;
    }
  }
}
