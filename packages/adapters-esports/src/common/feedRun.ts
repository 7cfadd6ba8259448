import type {
  Clock,
  CoreEvent,
  FeedHealth,
  FrameQuarantined,
  MatchId,
  ReceiveStamp,
  SourceEvent,
  SourceHealthChanged,
  SourceId,
} from "@matchpoint/sdk";
import { AsyncQueue } from "./asyncQueue.ts";
import type { HealthBoard } from "./health.ts";

/** What a feed yields. */
export type FeedEvent = SourceEvent | SourceHealthChanged | FrameQuarantined;

/** Options of a {@link FeedRun}. */
export interface FeedRunOptions {
  readonly source: SourceId;
  readonly clock: Clock;
  readonly board: HealthBoard;
  /** Waiting events at which the consumer is called slow. Default 10,000. */
  readonly pressureMark?: number | undefined;
}

/** Marks up to which unreadable frames are kept. */
const KEPT = 2;

/**
 * One call of `Feed.events`: the queue between the sockets' callbacks and the `for await` loop, and the health of every
 * match that it follows. Ends when its last match is done.
 */
export class FeedRun {
  readonly #options: FeedRunOptions;
  readonly #queue: AsyncQueue<FeedEvent>;
  readonly #mark: number;
  #open = 0;
  /** Evidence of unreadable frames that was not kept for a slow consumer. */
  #discarded = 0;
  /** The stamp of the last event: what is said in the middle of a frame's events must not be stamped after them. */
  #last: ReceiveStamp | undefined;

  constructor(options: FeedRunOptions) {
    this.#options = options;
    this.#mark = options.pressureMark ?? 10_000;
    this.#queue = new AsyncQueue<FeedEvent>({
      mark: this.#mark,
      onPressure: (over, length) => {
        const reason = over
          ? `${length} events wait: the consumer is too slow (no fact is dropped)`
          : `the consumer has caught up: ${length} events wait${this.#lost()}`;
        this.#queue.push({
          type: "source_health",
          ...(over && this.#last !== undefined ? this.#last : this.stamp()),
          source: options.source,
          health: options.board.worst(),
          reason,
        });
      },
    });
  }

  get events(): AsyncIterable<FeedEvent> {
    return this.#queue;
  }

  stamp(): ReceiveStamp {
    const { clock } = this.#options;
    return { at: clock.monotonic(), receivedAt: clock.wall() };
  }

  /** Hands an event of a decoder on. */
  readonly emit = (event: CoreEvent): void => {
    if (event.type === "source_health") {
      if (event.matchId !== undefined) this.health(event.matchId, event.health, event.reason);
      else this.#push(event);
    } else if (event.type === "match_claim") this.#push(event);
    else if (event.type === "frame_quarantined") {
      // A source that sends nothing but noise must not fill the memory of a consumer that stands still.
      if (this.#queue.length < KEPT * this.#mark) this.#push(event);
      else this.#discarded += 1;
    }
  };

  #lost(): string {
    const count = this.#discarded;
    this.#discarded = 0;
    return count === 0 ? "" : `, and ${count} frames that could not be read are not among them`;
  }

  /** Notes a match's health and says so when it has changed. */
  health(matchId: MatchId, health: FeedHealth, reason: string): void {
    const event = this.#options.board.set(matchId, health, reason, this.stamp());
    if (event !== undefined) this.#push(event);
  }

  #push(event: FeedEvent): void {
    this.#last = { at: event.at, receivedAt: event.receivedAt };
    this.#queue.push(event);
  }

  /** One more needs it. */
  opened(): void {
    this.#open += 1;
  }

  /** A match is done; with `problem`, although it is not over. */
  done(matchId: MatchId, problem?: string): void {
    if (problem === undefined) this.#options.board.forget(matchId);
    else this.health(matchId, "down", problem);
    this.closed();
  }

  /** One of those who opened it needs it no more; after the last the events end. */
  closed(): void {
    this.#open -= 1;
    if (this.#open <= 0) this.end();
  }

  end(): void {
    this.#queue.end();
  }
}
