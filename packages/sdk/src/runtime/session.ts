import type { ClockOffsets } from "../clock/index.ts";
import type { ExecutionFold } from "../contracts/index.ts";
import type { Core } from "../engine/index.ts";
import { MatchpointError } from "../errors.ts";
import {
  EffectsHasher,
  isOutside,
  type CoreEvent,
  type Effect,
  type ExecutionReport,
  type Intent,
  type LoopStalled,
  type OrderPrepared,
} from "../events/index.ts";
import type { IntentId, OrderId } from "../ids.ts";
import { NANOS_PER_MS, type Millis, type Nanos } from "../units/index.ts";
import { TimerQueue } from "./timers.ts";

/** Where the session writes what it took, in order, with the hash of what it led to. */
export interface EventSink {
  append(event: CoreEvent, effectsHash: string | undefined): void;
}

/** What a session is made of. */
export interface SessionOptions {
  readonly core: Core;
  readonly execution: ExecutionFold;
  readonly journal?: EventSink;
  /** Whether the journal says what each order and chain action is, so that the account can be rebuilt from it. Default: false. */
  readonly recoverable?: boolean;
  /** Called after each step with the event and what came of it; must not offer events itself. */
  readonly onStep?: (event: CoreEvent, effects: readonly Effect[]) => void;
}

/**
 * Drives the core and a folded venue along one log. Whatever the run itself brings about (timers, reports of its own
 * orders) takes its place in the log by its own due time: before every outside event that is not earlier. That is why a
 * paper run's journal, stripped to the outside world, replays to the same orders at any speed.
 */
export class Session {
  readonly #core: Core;
  readonly #execution: ExecutionFold;
  readonly #journal: EventSink | undefined;
  readonly #onStep: SessionOptions["onStep"];
  readonly #recoverable: boolean;
  readonly #timers = new TimerQueue();
  readonly #hasher = new EffectsHasher();
  /** Hashes of the orders made in this take: a cancel in the same breath does not know them yet. */
  readonly #orderIds = new Map<IntentId, OrderId>();
  readonly #queue: Effect[] = [];
  #orderSeq = 0;
  #at = 0 as Nanos;
  #reached = 0 as Nanos;
  #wall = 0 as Millis;
  #offsets: ClockOffsets = {};
  #notes = 0;

  constructor(options: SessionOptions) {
    this.#core = options.core;
    this.#execution = options.execution;
    this.#journal = options.journal;
    this.#onStep = options.onStep;
    this.#recoverable = options.recoverable ?? false;
  }

  /** How far monotonic time has come: the last event, or the last moment that was waited for. */
  get at(): Nanos {
    return this.#reached > this.#at ? this.#reached : this.#at;
  }

  /** Wall clock of a monotonic time not before the last event. */
  wallAt(at: Nanos): Millis {
    return (this.#wall + Math.floor((at - this.#at) / NANOS_PER_MS)) as Millis;
  }

  /** The chained hash of all effects so far. */
  get effectsHash(): string {
    return this.#hasher.chain;
  }

  /** How many times the journal was told of something that is latched, and that a restart must not forget. */
  get notes(): number {
    return this.#notes;
  }

  /** When the run next does something by itself. */
  nextDue(): Nanos | undefined {
    const timer = this.#timers.nextDue();
    const report = this.#execution.nextDue();
    if (timer === undefined) return report;
    return report === undefined || timer < report ? timer : report;
  }

  /**
   * Takes an outside event. Everything internal that is due by its time comes first; but for timers that came due while the process did
   * nothing: what they decide has to know of that.
   * @throws {@link MatchpointError} `INVARIANT` when the event lies before one already taken
   */
  offer(event: CoreEvent): void {
    const after = event.type === "loop_stalled" ? Math.max(this.at, event.reachedAt ?? 0) : this.at;
    if (event.at < after) {
      throw new MatchpointError(
        "INVARIANT",
        `event ${event.type} at ${event.at} ns offered after ${after} ns`,
      );
    }
    if (event.type === "loop_stalled") this.#takeStall(event);
    else {
      this.advanceTo(event.at);
      this.#take(event);
    }
  }

  /** Timers that it kept waiting come after it; a replay knows them apart from those that had run by how far the run had come. */
  #takeStall(event: LoopStalled): void {
    const { reachedAt = this.at } = event;
    this.advanceTo(reachedAt);
    this.#reportsTo(event.at);
    this.#take(event.reachedAt === undefined ? { ...event, reachedAt } : event);
  }

  /** What the venue has to say up to a moment, and no timer. */
  #reportsTo(to: Nanos): void {
    for (
      let due = this.#execution.nextDue();
      due !== undefined && due <= to;
      due = this.#execution.nextDue()
    ) {
      const reports: ExecutionReport[] = [];
      this.#execution.advance(due, (each) => reports.push(each));
      for (const each of reports) this.#take(each);
    }
  }

  /** Does everything internal that is due up to and at `to`. */
  advanceTo(to: Nanos): void {
    for (;;) {
      const report = this.#execution.nextDue();
      const timer = this.#timers.nextDue();
      if (report !== undefined && report <= to && (timer === undefined || report <= timer)) {
        const reports: ExecutionReport[] = [];
        this.#execution.advance(report, (each) => reports.push(each));
        for (const each of reports) this.#take(each);
      } else if (timer !== undefined && timer <= to) {
        const { timerId, due } = this.#timers.take()!;
        const at = due > this.#at ? due : this.#at;
        this.#take({ type: "timer", timerId, at, receivedAt: this.wallAt(at) });
      } else {
        if (to > this.#reached) this.#reached = to;
        return;
      }
    }
  }

  /** Lets the venue finish what is under way, at most `horizonMs` beyond the last event. */
  settle(horizonMs: number): void {
    const until = this.#at + horizonMs * NANOS_PER_MS;
    for (;;) {
      const report = this.#execution.nextDue();
      if (report === undefined || report > until) return;
      this.advanceTo(report);
    }
  }

  #take(event: CoreEvent): void {
    this.#step(event);
    const queue = this.#queue;
    if (queue.length === 0) return;
    for (let i = 0; i < queue.length; i++) this.#perform(queue[i]!);
    queue.length = 0;
    this.#orderIds.clear();
  }

  /** What from now on every event is stamped with that does not carry offsets already (as recorded ones do). */
  setOffsets(offsets: ClockOffsets): void {
    this.#offsets = offsets;
  }

  #step(given: CoreEvent): void {
    const event = this.#stamped(given);
    const effects = this.#decide(event);
    this.#at = event.at;
    this.#wall = event.receivedAt;
    const hash = effects.length === 0 ? undefined : this.#hasher.add(effects);
    this.#journal?.append(event, hash);
    if (isOutside(event)) this.#execution.observe(event);
    if (this.#onStep !== undefined) this.#onStep(event, effects);
    for (let i = 0; i < effects.length; i++) this.#queue.push(effects[i]!);
  }

  #stamped(event: CoreEvent): CoreEvent {
    const { ntpOffsetMs, venueOffsetMs } = this.#offsets;
    if (ntpOffsetMs === undefined && venueOffsetMs === undefined) return event;
    if (event.ntpOffsetMs !== undefined || event.venueOffsetMs !== undefined) return event;
    return { ...event, ...this.#offsets };
  }

  /** An event that the core breaks on is journaled too: it is what a person will want to see. */
  #decide(event: CoreEvent): readonly Effect[] {
    try {
      return this.#core.step(event);
    } catch (error) {
      this.#journal?.append(event, undefined);
      throw error;
    }
  }

  #facts(intent: Intent): Pick<OrderPrepared, "intent" | "posture"> {
    const posture = this.#core.market(intent.marketId)?.trading.posture;
    return { intent, ...(posture === undefined ? {} : { posture }) };
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case "place": {
        const order = this.#execution.prepare(effect.intent, this.#orderSeq++);
        this.#orderIds.set(effect.intent.intentId, order.orderId);
        this.#step({
          type: "order_prepared",
          at: this.#at,
          receivedAt: this.#wall,
          intentId: effect.intent.intentId,
          orderId: order.orderId,
          ...(this.#recoverable ? this.#facts(effect.intent) : {}),
        });
        this.#execution.submit({ kind: "place", order }, this.#at);
        return;
      }
      case "cancel": {
        const orderId = effect.orderId ?? this.#orderIds.get(effect.intentId);
        if (orderId !== undefined) {
          this.#execution.submit({ kind: "cancel", intentId: effect.intentId, orderId }, this.#at);
        }
        return;
      }
      case "chain":
        if (this.#recoverable)
          this.#step({
            type: "chain_requested",
            at: this.#at,
            receivedAt: this.#wall,
            action: effect.action,
          });
        this.#execution.submit({ kind: "chain", action: effect.action }, this.#at);
        return;
      case "set_timer":
        this.#timers.set(effect.timerId, effect.due);
        return;
      case "clear_timer":
        this.#timers.clear(effect.timerId);
        return;
      case "risk":
        if (!this.#recoverable) return;
        this.#notes += 1;
        this.#step({ type: "risk_noted", at: this.#at, receivedAt: this.#wall, note: effect.note });
        return;
      case "denied":
      case "transition":
      case "alarm":
        return;
    }
  }
}
