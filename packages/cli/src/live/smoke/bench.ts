import {
  cancelAnswer,
  placeAnswer,
  type PlaceAnswer,
  type PolymarketGateway,
  type ProbeAnswer,
  type ProbeOrder,
  type SmokeProbe,
} from "@matchpoint/adapters-polymarket";
import {
  NANOS_PER_MS,
  pause,
  type BotConfig,
  type OrderId,
  type Shares,
  type SystemClock,
} from "@matchpoint/sdk";
import { Surprise, type Finding } from "./finding.ts";
import type { ChosenMarket, MarketPorts } from "./market.ts";
import type { SmokeWaits } from "./settings.ts";

/** What an order's record at the venue says. */
export interface OrderRecord {
  /** `absent`: the venue has no such record; `unreadable`: it did not say. */
  readonly status: string;
  readonly matched: number;
}

/** What the points are tried with. */
export interface BenchOptions extends ChosenMarket {
  readonly config: BotConfig;
  readonly clock: SystemClock;
  readonly signal: AbortSignal;
  readonly waits: SmokeWaits;
  readonly probe: SmokeProbe;
  readonly gateway: PolymarketGateway;
  readonly ports: MarketPorts;
  /** Gamma's address; absent on a local venue whose Gamma is not named. */
  readonly gammaUrl: string | undefined;
  readonly note: (finding: Finding) => void;
}

const BY_HAND =
  "Open polymarket.com with this account, cancel everything under Portfolio, Open orders, and look at Positions. Start nothing until both are as you want them.";

/** Places and removes orders for the points, and stops everything when one of them does what it must not. */
export class Bench {
  readonly options: BenchOptions;
  /** Answers to orders and cancels. */
  readonly answers: ProbeAnswer[] = [];
  /** Whether an order was posted of which the venue said nothing: it might still arrive. */
  uncertain = false;
  /** Orders that were posted. */
  readonly #posted = new Set<string>();
  #next = "";

  constructor(options: BenchOptions) {
    this.options = options;
  }

  get size(): Shares {
    return this.options.market.minSize;
  }

  note(finding: Finding): void {
    this.options.note(finding);
  }

  /** Waits, and stops when the test is interrupted meanwhile. */
  async wait(ms: number): Promise<void> {
    await pause(this.options.clock, ms, this.options.signal);
    this.check();
  }

  /** @throws Surprise when somebody interrupts, or a trade of ours was heard of */
  check(): void {
    if (this.options.signal.aborted)
      throw new Surprise("interrupted", "Nothing, if what follows says that no order rests.");
    const trade = this.options.probe.heard.find(
      ({ event, orderIds }) => event === "trade" && orderIds.some((each) => this.#posted.has(each)),
    );
    if (trade !== undefined) throw filled(`the user channel tells of trade ${trade.id}`);
  }

  /** Posts an order, once. */
  async post(order: ProbeOrder): Promise<{ readonly answer: ProbeAnswer; readonly placed: PlaceAnswer }> {
    this.check();
    this.#posted.add(order.orderId);
    const answer = await this.options.probe.post(order);
    this.answers.push(answer);
    const placed = placeAnswer(answer.exchange, order.orderId);
    if (placed.kind === "unknown") this.uncertain = true;
    return { answer, placed };
  }

  /** Posts an order that is to rest. What is neither resting nor refused with a reason stops everything. */
  async rest(order: ProbeOrder): Promise<{ readonly answer: ProbeAnswer; readonly placed: PlaceAnswer }> {
    const { answer, placed } = await this.post(order);
    switch (placed.kind) {
      case "live":
      case "rejected":
      case "no_fill":
        break;
      case "matched":
        throw filled(`post-only order ${order.orderId} was matched`);
      case "delayed":
      case "unmatched":
        throw new Surprise(
          `post-only order ${order.orderId} is ${placed.kind}, as only orders that cross should be`,
          BY_HAND,
        );
      case "unknown":
        await this.remove(order.orderId);
        throw new Surprise(
          `the venue did not say what became of order ${order.orderId}: ${answer.text}. It is gone now.`,
          "Look at the venue's status and at your network, and at Open orders on polymarket.com in a minute. Then start again.",
        );
    }
    return { answer, placed };
  }

  /** Cancels an order and makes sure that it is gone, unfilled. @throws Surprise when it is not */
  async remove(orderId: OrderId): Promise<ProbeAnswer> {
    const { probe, clock, waits } = this.options;
    const deadline = clock.monotonic() + waits.goneMs * NANOS_PER_MS;
    let last: string;
    let absent = 0;
    do {
      const answer = await probe.cancel(orderId);
      this.answers.push(answer);
      const [outcome] = cancelAnswer(answer.exchange, [orderId]).outcomes;
      const record = await this.read(orderId);
      if (record.matched > 0 || record.status.startsWith("MATCHED"))
        throw filled(`order ${orderId} is ${record.status}`);
      if (outcome?.kind === "canceled" || /^(CANCELED|INVALID|EXPIRED)/.test(record.status)) return answer;
      // One that ended by itself may have left the venue's records; its trades, if any, are found at the end.
      absent = record.status === "absent" ? absent + 1 : 0;
      if (absent >= 2 && !(await this.#isOpen(orderId))) return answer;
      last = `${answer.status === undefined ? "no answer" : `status ${answer.status}`}: ${answer.text}; its record says ${record.status}`;
      // Also when it is interrupted: an order that rests is removed first.
      await pause(clock, Math.min(waits.lookMs, 500));
    } while (clock.monotonic() < deadline);
    throw new Surprise(`order ${orderId} cannot be cancelled (${last})`, BY_HAND);
  }

  /** Whether the venue lists an order as open; one that cannot be told is. */
  async #isOpen(orderId: OrderId): Promise<boolean> {
    try {
      return (await this.options.gateway.fetchOpenOrders()).some((each) => each.orderId === orderId);
    } catch {
      return true;
    }
  }

  /** What the venue's record of an order says. */
  async read(orderId: OrderId): Promise<OrderRecord> {
    const answer = await this.options.probe.ask(`/data/order/${orderId}`);
    if (answer.status === 404 || (answer.status === 200 && isNothing(answer.value)))
      return { status: "absent", matched: 0 };
    const { status, size_matched: matched } = (answer.value ?? {}) as {
      [key in "status" | "size_matched"]?: unknown;
    };
    if (answer.status !== 200 || typeof status !== "string") return { status: "unreadable", matched: 0 };
    return { status: status.replace(/^ORDER_STATUS_/, ""), matched: Number(matched ?? 0) || 0 };
  }

  /** Beats once with the id that the venue gave last. Answers whether it was acknowledged. */
  async beat(given?: string): Promise<{ readonly answer: ProbeAnswer; readonly acknowledged: boolean }> {
    const answer = await this.options.probe.heartbeat(given ?? this.#next);
    const stated = (answer.value as { heartbeat_id?: unknown } | null | undefined)?.heartbeat_id;
    if (typeof stated === "string") this.#next = stated;
    return { answer, acknowledged: answer.status === 200 && typeof stated === "string" };
  }
}

/** The stop of a fill. */
export function filled(how: string): Surprise {
  return new Surprise(
    `${how}: an order far from the market was filled`,
    "Look at Positions on polymarket.com: what was bought is yours, and cost no more than was said at the start. Sell it there, or keep it until the market is resolved. Then find out why somebody sold so low before you trust this market.",
  );
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === "";
}

/** Milliseconds from one monotonic time to another. */
export function msBetween(from: number, to: number): number {
  return Math.round((to - from) / NANOS_PER_MS);
}

/** An answer as it is told: its status and the venue's words. */
export function told({ status, text }: ProbeAnswer): string {
  return status === undefined ? `no answer: ${text}` : `HTTP ${status}${text === "" ? "" : ` ${text}`}`;
}
