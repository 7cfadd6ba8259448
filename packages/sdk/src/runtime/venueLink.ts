import { Mailbox } from "../bus/index.ts";
import type { Clock } from "../clock/index.ts";
import type {
  CancelOutcome,
  ExecutionAdapter,
  ExecutionCommand,
  ExecutionFold,
  PlaceOutcome,
  PreparedOrder,
  Sequence,
  SettlementAdapter,
} from "../contracts/index.ts";
import { MatchpointError } from "../errors.ts";
import type {
  Capabilities,
  ChainAction,
  ChainReport,
  CoreEvent,
  ExecutionReport,
  Intent,
  OrderReport,
} from "../events/index.ts";
import type { OrderId } from "../ids.ts";
import type { Nanos } from "../units/index.ts";

/** What a {@link VenueLink} is made of. */
export interface VenueLinkOptions {
  readonly adapter: ExecutionAdapter;
  /** The chain side; without it merges, splits and redemptions are refused. */
  readonly settlement?: SettlementAdapter;
  /** The clock of the run. */
  readonly clock: Clock;
  /**
   * Resolves when everything journaled before the call would survive a power loss, as `JournalWriter.sync` does. No order
   * leaves before; when it rejects, the order is told to be rejected. Cancels never wait for it.
   */
  readonly durable: () => Promise<void>;
}

/**
 * A venue that answers in its own time, behind the synchronous shape that a {@link Session} drives. Commands go out; what
 * comes of them comes back through {@link VenueLink.reports}, as events of the log like any others.
 */
export interface VenueLink extends ExecutionFold {
  /** Everything that the venue says, and what became of each command; a source for `runLive`. Ends when the signal aborts. */
  reports(signal: AbortSignal): AsyncIterable<ExecutionReport>;
  /** Resolves when no command is on its way any more. */
  idle(): Promise<void>;
  /** Resolves when everything journaled before the call would survive a power loss; rejects when it never will. */
  durable(): Promise<void>;
  /** Whether an order was handed to the adapter, and has had no answer that says what became of it. */
  isUnanswered(orderId: OrderId): boolean;
  /** From now on no order leaves, not even one that waits for the journal. Cancels still do. */
  stop(): void;
}

/**
 * Links a run to a real venue.
 *
 * - An order is sent when its hash is journaled and durable, not before, and at most once; one that is cancelled before is not sent.
 * - An answer that does not come, or that nobody can read, is `unknown`: never taken for a refusal.
 * - What an adapter throws is a fault of the adapter, and of no order: it counts as unknown too.
 *
 * @example
 * ```ts
 * import { createVenueLink, SystemClock, type ExecutionAdapter } from "@matchpoint/sdk";
 * declare const adapter: ExecutionAdapter;
 * const link = createVenueLink({ adapter, clock: new SystemClock(), durable: () => Promise.resolve() });
 * // createRuntime({ execution: link, … }) and runLive(runtime, { venue: link, … })
 * ```
 */
export function createVenueLink(options: VenueLinkOptions): VenueLink {
  return new Link(options);
}

type Stamps = "at" | "receivedAt" | "occurredAt" | "publishedAt";

class Link implements VenueLink {
  readonly capabilities: Capabilities;
  readonly #adapter: ExecutionAdapter;
  readonly #settlement: SettlementAdapter | undefined;
  readonly #clock: Clock;
  readonly #durable: () => Promise<void>;
  readonly #own = new Mailbox<ExecutionReport>();
  /** Orders that were handed to the adapter: none is handed over twice. */
  readonly #sent = new Set<OrderId>();
  /** Orders that wait for the journal: cancelled now, they never leave. */
  readonly #waiting = new Set<OrderId>();
  readonly #unanswered = new Set<OrderId>();
  readonly #underWay = new Set<Promise<void>>();
  #stopped = false;

  constructor({ adapter, settlement, clock, durable }: VenueLinkOptions) {
    // Merges and splits are the chain's: an adapter of orders alone has none of its own.
    const chain = settlement !== undefined;
    this.capabilities = { ...adapter.capabilities, merge: chain, split: chain };
    this.#adapter = adapter;
    this.#settlement = settlement;
    this.#clock = clock;
    this.#durable = durable;
  }

  prepare(intent: Intent, seq: Sequence): PreparedOrder {
    return this.#adapter.prepare(intent, seq);
  }

  observe(event: CoreEvent): void {
    this.#adapter.observe?.(event);
  }

  submit(command: ExecutionCommand): void {
    if (command.kind === "place") this.#run(this.#place(command.order));
    else if (command.kind === "cancel") this.#run(this.#cancel(command.orderId));
    else this.#run(this.#act(command.action));
  }

  /** Never: what a real venue does comes as reports, when it comes. */
  nextDue(): Nanos | undefined {
    return undefined;
  }

  advance(): void {
    // Nothing is due by itself.
  }

  async *reports(signal: AbortSignal): AsyncGenerator<ExecutionReport> {
    const merged = new Mailbox<ExecutionReport>();
    const sources: AsyncIterable<ExecutionReport>[] = [this.#own.read(signal), this.#adapter.reports(signal)];
    if (this.#settlement !== undefined) sources.push(this.#settlement.reports(signal));
    const fail = new AbortController();
    let failure: unknown;
    for (const source of sources) {
      pour(source, merged).catch((error: unknown) => {
        failure ??= error;
        fail.abort();
      });
    }
    yield* merged.read(AbortSignal.any([signal, fail.signal]));
    if (failure !== undefined && !signal.aborted) throw asError(failure);
  }

  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  durable(): Promise<void> {
    return this.#durable();
  }

  isUnanswered(orderId: OrderId): boolean {
    return this.#unanswered.has(orderId);
  }

  stop(): void {
    this.#stopped = true;
  }

  #run(work: Promise<void>): void {
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }

  async #place(order: PreparedOrder): Promise<void> {
    const { orderId } = order;
    if (this.#sent.has(orderId)) return;
    this.#sent.add(orderId);
    this.#waiting.add(orderId);
    try {
      const durable = this.#durable();
      // Signing takes as long as the disk: it is done while that is busy.
      this.#presign(order);
      await durable;
    } catch (error) {
      this.#waiting.delete(orderId);
      this.#tell(orderId, {
        status: "rejected",
        code: "OTHER",
        detail: `not sent: it could not be journaled (${textOf(error)})`,
      });
      return;
    }
    if (!this.#waiting.delete(orderId)) return;
    if (this.#stopped) {
      this.#tell(orderId, { status: "rejected", code: "OTHER", detail: "not sent: the run has ended" });
      return;
    }
    this.#tell(orderId, { status: "sent" });
    this.#unanswered.add(orderId);
    let outcome: PlaceOutcome;
    try {
      outcome = await this.#adapter.placeOrder(order);
    } catch (error) {
      outcome = { kind: "unknown", cause: asError(error) };
    }
    if (outcome.kind !== "unknown") this.#unanswered.delete(orderId);
    this.#tell(orderId, placed(outcome));
  }

  #presign(order: PreparedOrder): void {
    try {
      this.#adapter.presign?.(order);
    } catch {
      // Met again, and answered for, when the order is placed.
    }
  }

  async #cancel(orderId: OrderId): Promise<void> {
    if (this.#waiting.delete(orderId)) {
      this.#tell(orderId, { status: "canceled" });
      return;
    }
    let outcome: CancelOutcome;
    try {
      outcome = await this.#adapter.cancelOrder(orderId);
    } catch (error) {
      outcome = { kind: "unknown", orderId, cause: asError(error) };
    }
    this.#tell(orderId, canceled(outcome));
  }

  async #act(action: ChainAction): Promise<void> {
    const { actionId } = action;
    const say = (rest: Omit<ChainReport, Stamps | "type" | "actionId">): void => {
      this.#own.push({ type: "chain_report", actionId, ...rest, ...this.#now() });
    };
    if (this.#settlement === undefined) {
      say({ status: "REVERTED", detail: "this run has no way to the chain" });
      return;
    }
    try {
      await this.#durable();
    } catch (error) {
      say({ status: "REVERTED", detail: `not sent: it could not be journaled (${textOf(error)})` });
      return;
    }
    if (this.#stopped) {
      say({ status: "REVERTED", detail: "not sent: the run has ended" });
      return;
    }
    try {
      const outcome = await this.#settlement.submit(action);
      if (outcome.kind === "refused") say({ status: "REVERTED", detail: outcome.detail });
      else if (outcome.kind === "unknown") say({ status: "UNKNOWN", detail: outcome.cause.message });
      else say({ status: "SENT" });
    } catch (error) {
      say({ status: "UNKNOWN", detail: textOf(error) });
    }
  }

  #tell(orderId: OrderId, rest: Omit<OrderReport, Stamps | "type" | "orderId">): void {
    this.#own.push({ type: "order_report", orderId, ...rest, ...this.#now() });
  }

  #now(): Pick<OrderReport, "at" | "receivedAt"> {
    return { at: this.#clock.monotonic(), receivedAt: this.#clock.wall() };
  }
}

type Said = Omit<OrderReport, Stamps | "type" | "orderId">;

function placed(outcome: PlaceOutcome): Said {
  if (outcome.kind === "unknown") return { status: "unknown", detail: outcome.cause.message };
  if (outcome.kind !== "rejected") return { status: outcome.kind };
  const { code, detail } = outcome;
  return { status: "rejected", code, ...(detail === undefined ? {} : { detail }) };
}

function canceled(outcome: CancelOutcome): Said {
  if (outcome.kind === "canceled") return { status: "canceled" };
  if (outcome.kind === "not_canceled") return { status: "cancel_refused", detail: outcome.reason };
  return { status: "unknown", detail: outcome.cause.message };
}

async function pour(source: AsyncIterable<ExecutionReport>, into: Mailbox<ExecutionReport>): Promise<void> {
  for await (const report of source) into.push(report);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new MatchpointError("INVARIANT", String(error));
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
