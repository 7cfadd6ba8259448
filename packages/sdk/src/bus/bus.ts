import { admitted, gapOf, type CoreEvent, type QueuePressure } from "../events/index.ts";
import type { MarketId, MatchId } from "../ids.ts";
import type { Nanos } from "../units/index.ts";
import { endsSnapshots, marketIdOf, matchIdOf } from "./eventFacts.ts";
import { EventQueue, MarketQueue, type Offered, type StopCause } from "./marketQueue.ts";
import { Repetitions } from "./repetitions.ts";
import { Ring } from "./ring.ts";
import { EVENT_TOPIC, TOPICS, type Topic, type TopicPolicy } from "./topics.ts";

/** How a bus is set up. */
export interface BusOptions {
  /** Other capacities than {@link TOPICS} states. */
  readonly capacities?: Partial<Readonly<Record<Topic, number>>>;
  /**
   * The market of a report that names only an order or action, so that it stays in line with the market's trades. Reports of
   * unknown orders share a queue of their own.
   */
  readonly marketOf?: (event: CoreEvent) => MarketId | undefined;
}

/** What a bus has done with one topic so far. */
export interface TopicPressure {
  readonly topic: Topic;
  readonly queued: number;
  readonly offered: number;
  readonly coalesced: number;
  readonly dropped: number;
  readonly duplicates: number;
}

/** The state of a bus. */
export interface BusPressure {
  readonly size: number;
  readonly topics: readonly TopicPressure[];
  /** Markets whose book deltas are stopped, with the causes; in the order of their ids. */
  readonly stopped: readonly { readonly marketId: MarketId; readonly causes: readonly StopCause[] }[];
}

interface Tally {
  offered: number;
  coalesced: number;
  dropped: number;
  duplicates: number;
}

/**
 * Puts what arrives from everywhere into one order: a queue per market for its book and orders, one per match for its
 * facts, and a control queue that goes first. Within a queue strictly in order of arrival, across queues in turn.
 * Synchronous: nothing waits, and what would not fit is handled as its topic says, never silently.
 *
 * @example
 * ```ts
 * import { Bus } from "@matchpoint/sdk";
 * const bus = new Bus();
 * bus.offer({ type: "run_stopping", at: 0 as never, receivedAt: 0 as never, reason: "done" });
 * for (let event = bus.take(); event !== undefined; event = bus.take()) console.log(event.type);
 * ```
 */
export class Bus {
  readonly #policies: Readonly<Record<Topic, TopicPolicy>>;
  readonly #marketOf: BusOptions["marketOf"];
  readonly #control = new EventQueue("control");
  readonly #markets = new Map<MarketId, MarketQueue>();
  readonly #others = new Map<string, EventQueue>();
  /** Queues that have something, in the order of their turns. */
  readonly #ready = new Ring<EventQueue>();
  readonly #tallies: Readonly<Record<Topic, Tally>>;
  readonly #marketsOfMatch = new Map<MatchId, Set<MarketId>>();
  readonly #repetitions = new Repetitions();
  #size = 0;
  #lastAt = 0 as Nanos;

  constructor(options: BusOptions = {}) {
    const capacities = options.capacities ?? {};
    const policies = {} as Record<Topic, TopicPolicy>;
    const tallies = {} as Record<Topic, Tally>;
    for (const topic of Object.keys(TOPICS) as Topic[]) {
      policies[topic] = { ...TOPICS[topic], capacity: capacities[topic] ?? TOPICS[topic].capacity };
      tallies[topic] = { offered: 0, coalesced: 0, dropped: 0, duplicates: 0 };
    }
    this.#policies = policies;
    this.#tallies = tallies;
    this.#marketOf = options.marketOf;
  }

  /** Events waiting. */
  get size(): number {
    return this.#size;
  }

  /**
   * Takes an event and says what became of it. In place of one that no journal could be read back with, its evidence is
   * queued: a `frame_quarantined`; where it was a book's, after a gap in that book.
   * @throws {@link MatchpointError} `EVENT_INVALID` when not even its times hold
   */
  offer(offered: CoreEvent): Offered {
    const event = admitted(offered);
    if (event !== offered) {
      const gap = gapOf(offered, event);
      if (gap !== undefined) this.#accept(gap);
    }
    return this.#accept(event);
  }

  #accept(event: CoreEvent): Offered {
    const topic = EVENT_TOPIC[event.type];
    const tally = this.#tallies[topic];
    tally.offered += 1;
    if (this.#repetitions.isOne(event, this.#policies[topic].dedup)) {
      tally.duplicates += 1;
      return "duplicate";
    }
    if (event.type === "market_listed" && event.market.subject !== undefined) {
      const { matchId } = event.market.subject;
      const known = this.#marketsOfMatch.get(matchId);
      if (known === undefined) this.#marketsOfMatch.set(matchId, new Set([event.market.marketId]));
      else known.add(event.market.marketId);
    }
    const result = this.#route(event, topic);
    if (result === "coalesced") tally.coalesced += 1;
    else if (result === "dropped") tally.dropped += 1;
    return result;
  }

  /**
   * The next event: control first, then one from each queue in turn. Its `at` is raised to that of the event taken before
   * where queues overtook each other, since time along the log never steps back.
   */
  take(): CoreEvent | undefined {
    const queue = this.#control.items.size > 0 ? this.#control : this.#ready.shift();
    if (queue === undefined) return undefined;
    const event = queue.take()!;
    this.#size -= 1;
    if (queue !== this.#control) {
      if (queue.items.size > 0) this.#ready.push(queue);
      else queue.ready = false;
      this.#drained(queue, event);
    }
    if (event.at >= this.#lastAt) {
      this.#lastAt = event.at;
      return event;
    }
    return { ...event, at: this.#lastAt };
  }

  /** What has piled up, been merged and been dropped so far. */
  pressure(): BusPressure {
    const queued = {} as Record<Topic, number>;
    for (const topic of Object.keys(TOPICS) as Topic[]) queued[topic] = this.#control.counts[topic];
    for (const queue of [...this.#markets.values(), ...this.#others.values()]) {
      for (const topic of Object.keys(TOPICS) as Topic[]) queued[topic] += queue.counts[topic];
    }
    const stopped = [...this.#markets.values()]
      .filter((queue) => queue.stoppedBy.size > 0)
      .map(({ marketId, stoppedBy }) => ({ marketId, causes: [...stoppedBy].sort() }))
      .sort((a, b) => (a.marketId < b.marketId ? -1 : 1));
    const topics = (Object.keys(TOPICS) as Topic[]).map((topic) => ({
      topic,
      queued: queued[topic],
      ...this.#tallies[topic],
    }));
    return { size: this.#size, topics, stopped };
  }

  #route(event: CoreEvent, topic: Topic): Offered {
    switch (topic) {
      case "control":
        this.#push(this.#control, event, topic);
        return "queued";
      case "truth":
        return this.#offerTruth(event);
      case "own":
      case "market":
      case "evidence": {
        const marketId = marketIdOf(event) ?? this.#marketOf?.(event);
        if (marketId === undefined) return this.#offerShared(event, topic);
        return this.#offerMarket(this.#marketQueue(marketId), event, topic);
      }
      case "book":
      case "ticker":
        return this.#offerMarket(this.#marketQueue(marketIdOf(event)!), event, topic);
    }
  }

  #offerTruth(event: CoreEvent): Offered {
    const matchId = matchIdOf(event);
    const queue = this.#otherQueue(`match:${matchId ?? ""}`);
    this.#push(queue, event, "truth");
    if (matchId !== undefined && queue.counts.truth >= this.#policies.truth.capacity) {
      for (const marketId of [...(this.#marketsOfMatch.get(matchId) ?? [])].sort()) {
        this.#stop(this.#marketQueue(marketId), "truth", event);
      }
    }
    return "queued";
  }

  /** Reports that cannot be put to a market, and unreadable frames of nobody's market. */
  #offerShared(event: CoreEvent, topic: "own" | "market" | "evidence"): Offered {
    const queue = this.#otherQueue(topic);
    if (topic === "evidence" && queue.counts.evidence >= this.#policies.evidence.capacity) {
      queue.dropOldest("evidence");
      this.#size -= 1;
      this.#tallies.evidence.dropped += 1;
    }
    this.#push(queue, event, topic);
    return "queued";
  }

  #offerMarket(queue: MarketQueue, event: CoreEvent, topic: Topic): Offered {
    const policy = this.#policies[topic];
    if (topic === "book") {
      if (queue.stoppedBy.size > 0) return this.#offerStopped(queue, event);
      const result = queue.offerBook(event, policy);
      if (result === "queued") {
        this.#queued(queue);
        // Snapshots and trades keep deltas apart, so coalescing alone cannot bound the queue.
        if (queue.counts.book >= 2 * policy.capacity) this.#stop(queue, "book", event);
      }
      return result;
    }
    if (policy.overflow === "drop_oldest" && queue.counts[topic] >= policy.capacity) {
      queue.dropOldest(topic);
      this.#size -= 1;
      this.#tallies[topic].dropped += 1;
      if (topic === "ticker") queue.droppedTrades += 1;
    }
    if (endsSnapshots(event)) {
      const before = queue.dropped;
      queue.forgetHeld();
      this.#tallies.book.dropped += queue.dropped - before;
    }
    this.#push(queue, event, topic);
    if ((topic === "own" || topic === "market") && queue.counts[topic] >= policy.capacity) {
      this.#stop(queue, topic, event);
    }
    return "queued";
  }

  #offerStopped(queue: MarketQueue, event: CoreEvent): Offered {
    const before = queue.dropped;
    const result = queue.offerStopped(event);
    // What was held before may have gone with it; the event itself is counted by `offer`.
    this.#tallies.book.dropped += queue.dropped - before - (result === "dropped" ? 1 : 0);
    return result;
  }

  /** Halts a market until one of its queues has drained: said once, ahead of everything else. */
  #stop(queue: MarketQueue, cause: StopCause, event: CoreEvent): void {
    const first = queue.stoppedBy.size === 0;
    queue.stoppedBy.add(cause);
    if (first) this.#push(this.#control, pressureEvent(event, cause, queue.marketId, 0, true), "control");
  }

  /** After an event was taken: tells dropped trades, and lets deltas flow again where the causes have gone. */
  #drained(queue: EventQueue, event: CoreEvent): void {
    if (queue instanceof MarketQueue) {
      if (queue.droppedTrades > 0 && queue.counts.ticker <= this.#policies.ticker.capacity / 2) {
        const told = pressureEvent(event, "ticker", queue.marketId, queue.droppedTrades, false);
        queue.droppedTrades = 0;
        this.#push(this.#control, told, "control");
      }
      if (queue.stoppedBy.size === 0) return;
      for (const cause of ["own", "market", "book"] as const) {
        if (queue.counts[cause] === 0) this.#release(queue, cause, event);
      }
    } else if (
      event.type === "match_claim" ||
      event.type === "match_listed" ||
      event.type === "source_health"
    ) {
      const matchId = matchIdOf(event);
      if (matchId === undefined || queue.counts.truth > 0) return;
      for (const marketId of [...(this.#marketsOfMatch.get(matchId) ?? [])].sort()) {
        this.#release(this.#marketQueue(marketId), "truth", event);
      }
    }
  }

  /** In the market's own queue, so that what it says comes after everything that waited: the gap, then what closes it. */
  #release(queue: MarketQueue, cause: StopCause, event: CoreEvent): void {
    if (!queue.stoppedBy.delete(cause) || queue.stoppedBy.size > 0) return;
    const { marketId, dropped } = queue;
    if (queue.bookMissed) {
      const { at, receivedAt } = event;
      const reason = `${dropped} book events were dropped while a queue was full`;
      this.#push(
        queue,
        { type: "book_continuity", at, receivedAt, marketId, state: "gap", reason },
        "market",
      );
      for (const snapshot of queue.takeHeld()) this.#push(queue, snapshot, "book");
    }
    queue.dropped = 0;
    queue.items.push(pressureEvent(event, cause, marketId, dropped, false));
    queue.counts.control += 1;
    this.#queued(queue);
  }

  #push(queue: EventQueue, event: CoreEvent, topic: Topic): void {
    queue.push(event, topic);
    this.#queued(queue);
  }

  /** One more event waits in a queue. */
  #queued(queue: EventQueue): void {
    this.#size += 1;
    if (queue === this.#control || queue.ready) return;
    queue.ready = true;
    this.#ready.push(queue);
  }

  #marketQueue(marketId: MarketId): MarketQueue {
    let queue = this.#markets.get(marketId);
    if (queue === undefined) {
      queue = new MarketQueue(marketId);
      this.#markets.set(marketId, queue);
    }
    return queue;
  }

  #otherQueue(key: string): EventQueue {
    let queue = this.#others.get(key);
    if (queue === undefined) {
      queue = new EventQueue(key);
      this.#others.set(key, queue);
    }
    return queue;
  }
}

function pressureEvent(
  event: CoreEvent,
  topic: string,
  marketId: MarketId,
  dropped: number,
  halted: boolean,
): QueuePressure {
  return {
    type: "queue_pressure",
    at: event.at,
    receivedAt: event.receivedAt,
    topic,
    marketId,
    dropped,
    halted,
  };
}
