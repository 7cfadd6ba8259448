import {
  id,
  type Clock,
  type Feed,
  type FeedHealth,
  type MatchId,
  type MatchRef,
  type SourceEvent,
  type SourceId,
  type Tier,
} from "@matchpoint/sdk";
import { AsyncQueue } from "../common/asyncQueue.ts";
import type { OperatorFact } from "./facts.ts";

/** Options of {@link createOperatorFeed}. */
export interface OperatorFeedOptions {
  readonly clock: Clock;
  /** Default `operator`. */
  readonly source?: string;
  /** How much the operator's word weighs. Default `B`: `A` makes a stated result final at once. */
  readonly tier?: Tier;
  /** Where the operator has it from; whoever repeats another source shares its vote. Default: the source's name. */
  readonly upstream?: string;
}

/** A feed whose facts a person states. */
export interface OperatorFeed extends Feed {
  /**
   * States a fact. Returns the event that {@link OperatorFeed.events} yields; a fact stated before anybody listens waits for
   * the first who follows its match.
   */
  state(fact: OperatorFact): SourceEvent;
}

interface Listener {
  readonly matches: ReadonlySet<MatchId>;
  readonly queue: AsyncQueue<SourceEvent>;
}

/**
 * A source of match facts that is a person: for matches without a feed, for tests, and to correct a feed that is wrong.
 *
 * @example
 * ```ts
 * import { createOperatorFeed, parseFact } from "@matchpoint/adapters-esports";
 * import { SystemClock, type MatchDescription } from "@matchpoint/sdk";
 * function command(line: string, matches: readonly MatchDescription[]): void {
 *   operator.state(parseFact(line, matches)); // e.g. lol-t1-geng game 2 won by "T1"
 * }
 * const operator = createOperatorFeed({ clock: new SystemClock(), tier: "A" });
 * ```
 */
export function createOperatorFeed(options: OperatorFeedOptions): OperatorFeed {
  const source: SourceId = id(options.source ?? "operator");
  const tier = options.tier ?? "B";
  const upstream = options.upstream ?? source;
  const { clock } = options;
  const listeners = new Set<Listener>();
  let waiting: SourceEvent[] = [];
  let stated = 0;

  function state(fact: OperatorFact): SourceEvent {
    stated += 1;
    const now = clock.wall();
    const event: SourceEvent = {
      type: "match_claim",
      at: clock.monotonic(),
      receivedAt: now,
      occurredAt: now,
      matchId: fact.matchId,
      source,
      tier,
      upstream,
      ref: String(stated),
      claim: fact.claim,
    };
    let heard = false;
    for (const listener of listeners) {
      if (!listener.matches.has(fact.matchId)) continue;
      listener.queue.push(event);
      heard = true;
    }
    if (!heard) waiting.push(event);
    return event;
  }

  async function* events(given: {
    readonly matches: readonly MatchRef[];
    readonly signal: AbortSignal;
  }): AsyncGenerator<SourceEvent, void> {
    if (given.signal.aborted) return;
    const queue = new AsyncQueue<SourceEvent>();
    const listener: Listener = { matches: new Set(given.matches.map((match) => match.matchId)), queue };
    const end = (): void => queue.end();
    given.signal.addEventListener("abort", end, { once: true });
    const early = waiting.filter((event) => listener.matches.has(event.matchId));
    waiting = waiting.filter((event) => !listener.matches.has(event.matchId));
    for (const event of early) queue.push({ ...event, at: clock.monotonic() }); // the log's clock never goes back
    listeners.add(listener);
    try {
      yield* queue;
    } finally {
      listeners.delete(listener);
      given.signal.removeEventListener("abort", end);
    }
  }

  return { id: source, tier, upstream, state, events, health: (): FeedHealth => "live" };
}
