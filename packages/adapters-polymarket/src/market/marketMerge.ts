import { NANOS_PER_MS, type Nanos, type Outcome } from "@matchpoint/sdk";
import { BookContent } from "./bookContent.ts";
import { keyOf, looseKey, overlap, timeOf, type Loose, type Ordered } from "./mergeKeys.ts";

/** One of the two sockets of a pair. */
export type Side = 0 | 1;
/** What is told of a market, and what is wrong with it. */
export interface MergeSink {
  tell(event: Ordered | Loose): void;
  /** The two sockets cannot both be right: what was told may be wrong. */
  disagree(reason: string): void;
  /** A socket is too far behind to be compared. */
  behind(side: Side, reason: string): void;
  /** Whether the book that was told is whole. */
  whole(): boolean;
}

/**
 * What becomes of a market when a socket is lost: the other one carries it; it is lost; or the other one had not caught up, and its own
 * book is the market's from now on (`tail`: that book and what followed, where it has one).
 */
export type Loss =
  | { readonly kind: "carried" | "lost" }
  | { readonly kind: "adopt"; readonly tail: readonly Ordered[] | undefined };

interface Entry {
  readonly key: number;
  /** The venue's time. */
  readonly ts: number;
  /** When it was told first. */
  readonly at: Nanos;
  /** Bit 0 and 1: which socket has told it. */
  seen: number;
  readonly event: Ordered | undefined;
}

interface Follower {
  /** `joining`: open, but it is not known yet where in the sequence of the other it is. */
  state: "out" | "joining" | "joined";
  /** While joining: its books and changes since. `undefined`: too many, or none of use. */
  tail: Ordered[] | undefined;
  /** Outcomes of which it gave a whole book since it was opened. */
  readonly fresh: Set<Outcome>;
  /** When its first book came, while it has not joined. */
  freshAt: Nanos | undefined;
  disagreements: number;
  /** So many books are its own, sent because it was opened; the other never tells them. */
  dumps: number;
  openedAt: number;
}

/** Entries that are kept for comparison, and by how many they may become more before the older half goes. */
const KEPT = 512;
const LONGEST_TAIL = 2_000;
/** So often a socket may contradict the other in one market before it is replaced. */
const PATIENCE = 3;
/** The books of a subscription come at once: the venue took about 155 ms. */
const DUMPS_WITHIN_MS = 5_000;
const MISSED = "one of the two sockets tells what the other has missed";

/**
 * Merges two copies of one market's events into one: what is told first counts, and its copy is known again by time and content. Each
 * socket tells things in the venue's order; so what a socket tells that the other has not is new when it has told everything
 * else that the other has, or when it is later than all of it. What is neither was missed by the other: then the two
 * disagree, and only a fresh book helps.
 *
 * A socket that is opened while the other carries on is compared first: it counts from where its book is the book that was told, or
 * from the first change that both tell.
 */
export class MarketMerge {
  readonly #sink: MergeSink;
  readonly #outcomes: readonly Outcome[];
  readonly #tokens: number;
  readonly #sides: readonly [Follower, Follower] = [newFollower(), newFollower()];
  readonly #content = new BookContent();
  #log: Entry[] = [];
  #loose: Entry[] = [];
  /** Per side: before this index of the log it has told everything. */
  readonly #low: [number, number] = [0, 0];
  /** Per side: the last entry that it told, as an index of the log. */
  readonly #last: [number, number] = [-1, -1];
  #newest = 0;
  /** Loose events up to this time are not known any more. */
  #forgotten = 0;

  /** `outcomes`: those whose books are the market's; `tokens`: how many tokens are subscribed, each with a book at first. */
  constructor(outcomes: readonly Outcome[], tokens: number, sink: MergeSink) {
    this.#outcomes = outcomes;
    this.#tokens = tokens;
    this.#sink = sink;
  }

  stateOf(side: Side): Follower["state"] {
    return this.#sides[side].state;
  }

  /** A socket was opened. */
  open(side: Side, now: Nanos): void {
    const own = this.#sides[side];
    own.dumps = this.#tokens;
    own.openedAt = now;
    own.tail = [];
    own.fresh.clear();
    own.freshAt = undefined;
    own.disagreements = 0;
    for (const each of this.#loose) each.seen |= bit(side);
    if (this.#sides[other(side)].state === "joined") own.state = "joining";
    else this.#lead(side);
  }

  /** A socket was lost. */
  close(side: Side): Loss {
    const own = this.#sides[side];
    const rest = this.#sides[other(side)];
    const led = own.state === "joined";
    own.state = "out";
    own.tail = undefined;
    if (rest.state === "joined") return { kind: "carried" };
    if (!led || rest.state === "out") return { kind: "lost" };
    const { tail } = rest;
    const whole = this.#isWhole(other(side));
    this.#lead(other(side));
    if (!whole || tail === undefined) return { kind: "adopt", tail: undefined };
    for (const event of tail) this.#append(other(side), event, keyOf(event), event.type === "book_snapshot");
    return { kind: "adopt", tail };
  }

  /** A socket does not tell what the other has told: where it stands is not known any more, until both tell the same change. */
  doubt(side: Side): void {
    const own = this.#sides[side];
    if (own.state !== "joined" || this.#sides[other(side)].state !== "joined") return;
    own.state = "joining";
    own.tail = undefined;
    own.freshAt = undefined;
  }

  /** The reader was told of a book or a change, by whatever way. */
  told(event: Ordered): void {
    this.#content.apply(event);
  }

  /** A socket tells of a book or a change. */
  ordered(side: Side, event: Ordered): void {
    const own = this.#sides[side];
    const dump =
      event.type === "book_snapshot" &&
      own.dumps > 0 &&
      event.at - own.openedAt < DUMPS_WITHIN_MS * NANOS_PER_MS;
    if (dump) own.dumps--;
    if (own.state === "joined") this.#merge(side, event, dump);
    else if (own.state === "joining") this.#join(side, event);
  }

  /** A socket tells of something whose order does not matter. */
  loose(side: Side, event: Loose): void {
    const { state } = this.#sides[side];
    const key = looseKey(event);
    const known = this.#loose.find((entry) => entry.key === key && (entry.seen & bit(side)) === 0);
    if (known !== undefined) {
      known.seen |= bit(side);
      return;
    }
    const ts = event.occurredAt ?? 0;
    if (state === "out" || (ts !== 0 && ts <= this.#forgotten)) return;
    // Best prices are of a moment: those of a socket that is behind are past.
    if (event.type === "best_quote" && (state !== "joined" || this.#behind(side))) return;
    this.#loose.push({ key, ts, at: event.at, seen: this.#mask(side), event: undefined });
    if (this.#loose.length > 2 * KEPT) {
      const gone = this.#loose.splice(0, KEPT);
      this.#forgotten = gone.reduce((latest, entry) => Math.max(latest, entry.ts), this.#forgotten);
    }
    this.#sink.tell(event);
  }

  /** How long something is known that a socket has not told, in ns; for one that has not joined, how long it has not. */
  lag(side: Side, now: Nanos): number {
    const own = this.#sides[side];
    if (own.state === "joining") return own.freshAt === undefined ? 0 : now - own.freshAt;
    const entry = own.state === "joined" && this.#behind(side) ? this.#log[this.#low[side]] : undefined;
    return entry === undefined ? 0 : now - entry.at;
  }

  /** Whether something was told since a socket that has not joined gave its book. */
  moved(side: Side): boolean {
    const { freshAt } = this.#sides[side];
    const last = this.#log.at(-1);
    return freshAt !== undefined && last !== undefined && last.at > freshAt;
  }

  /** Whether the books of a socket that has not joined, as they are, say what was told. */
  agrees(side: Side): boolean {
    const { tail } = this.#sides[side];
    return tail?.every((event) => event.type === "book_snapshot" && this.#content.equals(event)) === true;
  }

  /** A side is right whatever it says: there is nobody to compare it with. */
  #lead(side: Side): void {
    const own = this.#sides[side];
    own.state = "joined";
    own.tail = undefined;
    this.#log = [];
    this.#low[0] = this.#low[1] = 0;
    this.#last[0] = this.#last[1] = -1;
    this.#newest = 0;
  }

  #merge(side: Side, event: Ordered, dump = false): void {
    const key = keyOf(event);
    const behind = this.#behind(side);
    if (behind) {
      const log = this.#log;
      for (let i = this.#low[side]; i < log.length; i++) {
        const entry = log[i]!;
        if (entry.key !== key || (entry.seen & bit(side)) !== 0) continue;
        entry.seen |= bit(side);
        if (i > this.#last[side]) this.#last[side] = i;
        else if (!this.#commutes(event, i, this.#last[side]))
          this.#contradicted(side, "the two sockets tell two changes in two orders");
        return;
      }
    }
    // The second book of a mirrored market, after the first has shown where the socket is: its changes tell the same.
    if (dump && this.#sides[other(side)].state === "joined") return;
    if (!behind || timeOf(event) > this.#newest) {
      this.#append(side, event, key, dump);
      this.#sink.tell(event);
      this.#find(other(side), key);
      return;
    }
    this.#contradicted(side, MISSED);
  }

  #contradicted(side: Side, reason: string): void {
    this.#sink.disagree(reason);
    if (++this.#sides[side].disagreements > PATIENCE)
      this.#sink.behind(side, "it contradicts the other socket again and again");
  }

  /** Whether it makes no difference that an event comes after those of the log behind `from`, up to `to`. */
  #commutes(event: Ordered, from: number, to: number): boolean {
    if (event.type === "book_snapshot") return false;
    for (let i = from + 1; i <= to; i++) {
      const between = this.#log[i]!.event!;
      if (between.type === "book_snapshot" || overlap(event.levels, between.levels)) return false;
    }
    return true;
  }

  #append(side: Side, event: Ordered, key: number, dump: boolean): void {
    const ts = timeOf(event);
    this.#log.push({ key, ts, at: event.at, seen: dump ? 3 : this.#mask(side), event });
    this.#last[side] = this.#log.length - 1;
    // A book may be stamped with the time at which it was sent.
    if (!dump) this.#newest = Math.max(this.#newest, ts);
    if (this.#log.length <= 2 * KEPT) return;
    for (const each of [0, 1] as const)
      if (this.#sides[each].state === "joined" && this.#behind(each) && this.#low[each] < KEPT)
        this.#sink.behind(each, `it is ${KEPT} changes behind the other socket`);
    this.#log.splice(0, KEPT);
    for (const each of [0, 1] as const) {
      this.#low[each] = Math.max(0, this.#low[each] - KEPT);
      this.#last[each] = Math.max(-1, this.#last[each] - KEPT);
    }
  }

  /** What is told now by one socket counts as told by the other as well when that one is not there to tell it. */
  #mask(side: Side): number {
    return bit(side) | (this.#sides[other(side)].state === "out" ? bit(other(side)) : 0);
  }

  /** Whether something was told that a side has not told. */
  #behind(side: Side): boolean {
    const log = this.#log;
    let low = this.#low[side];
    while (low < log.length && (log[low]!.seen & bit(side)) !== 0) low++;
    this.#low[side] = low;
    return low < log.length;
  }

  #join(side: Side, event: Ordered): void {
    const own = this.#sides[side];
    const book = event.type === "book_snapshot";
    if (book) {
      own.fresh.add(event.outcome);
      own.freshAt ??= event.at;
    }
    if (own.tail !== undefined && own.tail.push(event) > LONGEST_TAIL) own.tail = undefined;
    const key = keyOf(event);
    const at = this.#log.findIndex((entry) => entry.key === key);
    if (at >= 0) this.#meet(side, own.tail, at);
    else if (book) this.#compare(side);
  }

  /** Something was told by the one that leads: is it among what the other has told already? */
  #find(side: Side, key: number): void {
    const own = this.#sides[side];
    if (own.state !== "joining") return;
    const at = own.tail?.findIndex((event) => keyOf(event) === key) ?? -1;
    if (at < 0) {
      this.#compare(side);
      return;
    }
    const ahead = own.tail!.slice(at + 1);
    this.#meet(side, own.tail!.slice(0, at + 1), this.#log.length - 1);
    for (const event of ahead) this.#merge(side, event);
  }

  /** Compares the books of a side with what was told: whether they are the same, at the same time. */
  #compare(side: Side): void {
    const { tail } = this.#sides[side];
    if (tail === undefined || !this.#isWhole(side) || !this.#sink.whole()) return;
    let ts = Infinity;
    for (const event of tail) ts = Math.min(ts, timeOf(event));
    // An older book may be as the newest by chance; and of two changes at one time it is not clear which it has.
    if (ts < this.#newest || this.#log.filter((entry) => entry.ts === ts).length > 1) return;
    if (this.agrees(side)) this.#joinAt(side, this.#log.length - 1);
  }

  /** A side tells the same change as the other: its book and what followed must have led to the same. */
  #meet(side: Side, tail: readonly Ordered[] | undefined, at: number): void {
    const comparable = tail !== undefined && this.#isWhole(side) && this.#sink.whole();
    this.#joinAt(side, at);
    if (!comparable) return;
    const own = new BookContent();
    const begun = new Set<Outcome>();
    let missed = 0;
    for (const event of tail) {
      const book = event.type === "book_snapshot";
      const news = book ? begun.has(event.outcome) && !own.equals(event) : true;
      // Had the one that leads told it, they would have met there.
      if (news && event !== tail.at(-1)) missed++;
      if (book) begun.add(event.outcome);
      own.apply(event);
    }
    for (const { event } of this.#log.slice(at + 1)) own.apply(event!);
    if (missed > 0) this.#contradicted(side, MISSED);
    else if (!own.same(this.#content)) this.#contradicted(side, "the books of the two sockets differ");
  }

  #isWhole(side: Side): boolean {
    return this.#outcomes.every((outcome) => this.#sides[side].fresh.has(outcome));
  }

  /** A side is known to stand right after an entry of the log. */
  #joinAt(side: Side, at: number): void {
    const own = this.#sides[side];
    own.state = "joined";
    own.tail = undefined;
    own.freshAt = undefined;
    for (let i = 0; i < this.#log.length; i++) {
      if (i <= at) this.#log[i]!.seen |= bit(side);
      else this.#log[i]!.seen &= ~bit(side);
    }
    this.#low[side] = at + 1;
    this.#last[side] = at;
  }
}

function newFollower(): Follower {
  return {
    state: "out",
    tail: undefined,
    fresh: new Set(),
    freshAt: undefined,
    disagreements: 0,
    dumps: 0,
    openedAt: 0,
  };
}

function other(side: Side): Side {
  return side === 0 ? 1 : 0;
}

function bit(side: Side): number {
  return side + 1;
}
