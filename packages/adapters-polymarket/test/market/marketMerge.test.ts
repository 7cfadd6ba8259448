import fc from "fast-check";
import {
  id,
  type BookDelta,
  type BookSnapshot,
  type MarketId,
  type MarketTrade,
  type Millis,
  type Nanos,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { BookContent } from "../../src/market/bookContent.ts";
import { MarketMerge, type Side } from "../../src/market/marketMerge.ts";
import type { Ordered } from "../../src/market/mergeKeys.ts";

const MARKET = { marketId: id<MarketId>("0xm") };
let clock = 0;
const stamp = (ts: number) => ({
  ...MARKET,
  at: ++clock as Nanos,
  receivedAt: ts as Millis,
  occurredAt: ts as Millis,
});
const delta = (ts: number, ...levels: number[]): BookDelta => ({
  type: "book_delta",
  levels,
  bestBid: -1,
  bestAsk: -1,
  ...stamp(ts),
});
const book = (ts: number, levels: readonly number[]): BookSnapshot => ({
  type: "book_snapshot",
  outcome: 0,
  levels,
  synthetic: false,
  ...stamp(ts),
});
const trade = (ts: number, size: number): MarketTrade =>
  ({ type: "market_trade", outcome: 0, side: "buy", price: 5_000, size, ...stamp(ts) }) as MarketTrade;

/** A book as text, and as the levels of a snapshot. */
class Truth {
  readonly #levels = new Map<string, number>();

  apply({ type, levels }: Ordered): void {
    if (type === "book_snapshot") this.#levels.clear();
    for (let i = 0; i < levels.length; i += 3) {
      const key = `${levels[i]},${levels[i + 1]}`;
      if (levels[i + 2] === 0) this.#levels.delete(key);
      else this.#levels.set(key, levels[i + 2]!);
    }
  }

  get levels(): number[] {
    return [...this.#levels].sort().flatMap(([key, size]) => [...key.split(",").map(Number), size]);
  }
}

interface Step {
  readonly wait: number;
  readonly whole: boolean;
  readonly changes: readonly { readonly level: number; readonly size: number }[];
}

const step = fc.record({
  wait: fc.constantFrom(0, 0, 1, 5),
  whole: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
  changes: fc.array(fc.record({ level: fc.nat(3), size: fc.nat(3) }), { minLength: 1, maxLength: 3 }),
});

/** A tape on which every change changes something, and the book after each of its frames; `distinct`: no two frames are alike. */
function tapeOf(steps: readonly Step[], distinct = false) {
  const truth = new Truth();
  const sizes = [1, 2, 3, 0];
  let ts = 100;
  const first = book(ts, [0, 4_000, 1, 0, 4_100, 2, 0, 4_200, 3]);
  truth.apply(first);
  const tape: Ordered[] = [first];
  const states = [truth.levels.join()];
  for (const { wait, whole, changes } of steps) {
    ts += wait;
    const levels: number[] = [];
    for (const { level, size } of changes) {
      if (levels.includes(4_000 + level * 100)) continue;
      if (distinct) sizes[level] = size === 0 && wait > 0 && sizes[level] !== 0 ? 0 : 10 + ++clock;
      else sizes[level] = sizes[level] === size ? size + 1 : size;
      levels.push(0, 4_000 + level * 100, sizes[level]);
    }
    const event = delta(ts, ...levels);
    truth.apply(event);
    tape.push(whole ? book(ts, truth.levels) : event);
    states.push(truth.levels.join());
  }
  return { tape, states };
}

/** A merge, the books that it told one after the other, and whether it said that something may be wrong. */
function merging() {
  const said: string[] = [];
  const told: string[] = [];
  const behind: Side[] = [];
  const truth = new Truth();
  const tell = (event: Ordered) => {
    truth.apply(event);
    told.push(truth.levels.join());
    merge.told(event);
  };
  const merge: MarketMerge = new MarketMerge([0], 1, {
    tell: (event) => {
      if (event.type === "book_snapshot" || event.type === "book_delta") tell(event);
      else told.push(event.type);
    },
    disagree: (reason) => said.push(reason),
    behind: (side) => behind.push(side),
    whole: () => told.length > 0,
  });
  return { merge, said, told, behind, tell };
}

const fresh = (event: Ordered): Ordered => ({ ...event, at: ++clock as Nanos });

describe("two copies of one tape", () => {
  it("give exactly its books, in its order, however they are delayed against each other", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.array(fc.boolean()), (steps, order) => {
        const { tape, states } = tapeOf(steps);
        const { merge, said, told } = merging();
        merge.open(0, clock as Nanos);
        merge.open(1, clock as Nanos);
        const at = [0, 0];
        const turns = order[Symbol.iterator]();
        while (at[0]! < tape.length || at[1]! < tape.length) {
          const turn = turns.next().value === true ? 1 : 0;
          const side = at[turn]! < tape.length ? turn : 1 - turn;
          merge.ordered(side as Side, fresh(tape[at[side]!++]!));
        }
        expect(said).toEqual([]);
        expect(told).toEqual(states);
      }),
      { numRuns: 300 },
    );
  });

  it("give its books or an explicit gap when either loses frames and is opened anew, and never a wrong book in silence", () => {
    const turn = fc.record({
      side: fc.constantFrom<Side>(0, 1),
      frames: fc.integer({ min: 1, max: 6 }),
      lose: fc.integer({ min: 0, max: 9 }),
    });
    let whole = 0;
    let gaps = 0;
    let reopened = 0;
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 5, maxLength: 60 }),
        fc.array(turn, { maxLength: 60 }),
        (steps, turns) => {
          const { tape, states } = tapeOf(steps, true);
          const { merge, said, told } = merging();
          merge.open(0, clock as Nanos);
          merge.open(1, clock as Nanos);
          const at: [number, number] = [0, 0];
          const lost = [new Set<number>(), new Set<number>()] as const;
          const truth = tape.map((_, i) => {
            const book = new Truth();
            for (const event of tape.slice(0, i + 1)) book.apply(event);
            return book.levels;
          });
          const adopted: string[] = [];
          const run = ({ side, frames, lose }: (typeof turns)[number]) => {
            // A frame that both lose leaves no trace: that is for the stated best prices to find.
            if (lose === 0 && at[side] > 0 && at[side] < tape.length && !lost[1 - side]!.has(at[side]))
              lost[side].add(at[side]++);
            else if (lose === 1 && merge.stateOf(0) === "joined" && merge.stateOf(1) === "joined") {
              // Lost for some frames; what comes back begins with the whole book.
              const back = Math.min(tape.length - 1, at[side] + frames);
              const { kind } = merge.close(side);
              if (kind !== "carried") adopted.push(kind);
              for (let i = at[side]; i <= back; i++) lost[side].add(i);
              merge.open(side, clock as Nanos);
              const last = Math.max(at[side], back);
              if (at[side] < tape.length && last >= 0) {
                merge.ordered(side, book(tape[last]!.occurredAt!, truth[last]!));
                at[side] = last + 1;
                reopened++;
              }
            } else
              for (let i = 0; i < frames && at[side] < tape.length; i++)
                merge.ordered(side, fresh(tape[at[side]++]!));
          };
          for (const each of turns) {
            run(each);
            if (said.length + adopted.length > 0) break;
          }
          for (const side of [0, 1] as const)
            while (at[side] < tape.length && said.length === 0) run({ side, frames: 1, lose: 9 });
          if (said.length + adopted.length > 0) {
            gaps++;
            return;
          }
          // Whatever one socket did not tell while it was away, the other told.
          if ([...lost[0]].some((frame) => lost[1].has(frame))) return;
          if (merge.stateOf(0) === "joining" || merge.stateOf(1) === "joining") {
            // One that has not caught up is not heard: the other told all that it had.
            const leader = merge.stateOf(0) === "joined" ? 0 : 1;
            if (lost[leader].size > 0) return;
          }
          whole++;
          expect(dedupe(told)).toEqual(dedupe(states));
        },
      ),
      { numRuns: 500 },
    );
    expect(Math.min(whole, gaps, reopened)).toBeGreaterThan(20);
  });
});

/** Without repetitions: a book that is told twice is one book. */
function dedupe(states: readonly string[]): string[] {
  return states.filter((state, i) => state !== states[i - 1]);
}

describe("a market's two sockets", () => {
  const FIRST = [0, 4_000, 1, 0, 4_100, 2];

  it("tell changes of one time apart, also when they are the same", () => {
    const { merge, told } = merging();
    merge.open(0, clock as Nanos);
    merge.open(1, clock as Nanos);
    const tape = [book(1, FIRST), delta(2, 0, 4_000, 5), delta(2, 0, 4_000, 1), delta(2, 0, 4_000, 5)];
    for (const event of tape) merge.ordered(0, event);
    for (const event of tape) merge.ordered(1, fresh(event));
    expect(told).toHaveLength(4);
  });

  it("say so when the leader missed a change that the other tells", () => {
    const { merge, said } = merging();
    merge.open(0, clock as Nanos);
    merge.open(1, clock as Nanos);
    const [a, b, c] = [book(1, FIRST), delta(2, 0, 4_000, 5), delta(2, 0, 4_100, 6)];
    for (const event of [a, c]) merge.ordered(0, event);
    merge.ordered(1, fresh(a));
    expect(said).toEqual([]);
    merge.ordered(1, fresh(b));
    expect(said).toEqual(["one of the two sockets tells what the other has missed"]);
  });

  it("may tell changes of different levels in two orders, but not of the same level", () => {
    const { merge, said, told } = merging();
    merge.open(0, clock as Nanos);
    merge.open(1, clock as Nanos);
    const tape = [book(1, FIRST), delta(2, 0, 4_000, 5), delta(2, 0, 4_100, 6), delta(2, 0, 4_000, 7)];
    for (const event of tape) merge.ordered(0, event);
    merge.ordered(1, fresh(tape[0]!));
    merge.ordered(1, fresh(tape[2]!));
    merge.ordered(1, fresh(tape[1]!));
    expect(said).toEqual([]);
    merge.ordered(1, fresh(tape[3]!));
    expect([said.length, told.length]).toEqual([0, 4]);
    const [one, two] = [delta(3, 0, 4_000, 1), delta(3, 0, 4_000, 2)];
    for (const event of [one, two]) merge.ordered(0, event);
    for (const event of [two, one]) merge.ordered(1, fresh(event));
    expect(said).toEqual(["the two sockets tell two changes in two orders"]);
  });

  it("whose book is the one that was told joins at once; another is found out by the first change that both tell", () => {
    const equal = merging();
    equal.merge.open(0, clock as Nanos);
    equal.merge.ordered(0, book(1, FIRST));
    equal.merge.ordered(0, delta(2, 0, 4_000, 0));
    equal.merge.open(1, clock as Nanos);
    expect(equal.merge.stateOf(1)).toBe("joining");
    equal.merge.ordered(1, book(2, [0, 4_100, 2]));
    expect([equal.merge.stateOf(1), equal.told.length, equal.said.length]).toEqual(["joined", 2, 0]);
    expect(equal.merge.close(0)).toEqual({ kind: "carried" });

    const other = merging();
    other.merge.open(0, clock as Nanos);
    other.merge.ordered(0, book(1, FIRST));
    other.merge.ordered(0, delta(2, 0, 4_000, 0));
    other.merge.open(1, clock as Nanos);
    other.merge.ordered(1, book(2, FIRST));
    expect([other.merge.stateOf(1), other.merge.agrees(1), other.merge.moved(1)]).toEqual([
      "joining",
      false,
      false,
    ]);
    const change = delta(3, 0, 4_100, 7);
    other.merge.ordered(0, change);
    other.merge.ordered(1, fresh(change));
    expect([other.merge.stateOf(1), other.said]).toEqual(["joined", ["the books of the two sockets differ"]]);
  });

  it("say so when the leader missed a change that the other told before it joined", () => {
    const { merge, said } = merging();
    merge.open(0, clock as Nanos);
    merge.ordered(0, book(1, FIRST));
    merge.ordered(0, delta(2, 0, 4_000, 5));
    merge.open(1, clock as Nanos);
    // Its book is older, and the change after it never came to the leader.
    merge.ordered(1, book(1, [...FIRST, 0, 4_300, 9]));
    merge.ordered(1, delta(3, 0, 4_100, 8));
    const both = book(4, [0, 4_000, 5, 0, 4_100, 8, 0, 4_300, 9]);
    merge.ordered(0, both);
    merge.ordered(1, fresh(both));
    expect(said).toEqual(["one of the two sockets tells what the other has missed"]);
  });

  it("may each have a book of either token first, stamped when it was sent, and are not behind for it", () => {
    const told: string[] = [];
    const merge = new MarketMerge([0], 2, {
      tell: (event) => {
        told.push(event.type);
        if (event.type === "book_snapshot" || event.type === "book_delta") merge.told(event);
      },
      disagree: (reason) => told.push(reason),
      behind: () => told.push("behind"),
      whole: () => told.length > 1,
    });
    merge.open(0, clock as Nanos);
    for (const ts of [10, 10]) merge.ordered(0, book(ts, FIRST));
    merge.open(1, clock as Nanos);
    for (const ts of [20, 20]) merge.ordered(1, book(ts, FIRST));
    expect([merge.stateOf(1), merge.lag(0, clock as Nanos), merge.lag(1, clock as Nanos)]).toEqual([
      "joined",
      0,
      0,
    ]);
    const change = delta(15, 0, 4_000, 3);
    merge.ordered(1, change);
    merge.ordered(0, fresh(change));
    // Books that both tell are none of these.
    const later = book(30, [0, 4_000, 3]);
    merge.ordered(0, later);
    merge.ordered(1, fresh(later));
    expect(told).toEqual(["book_snapshot", "book_snapshot", "book_delta", "book_snapshot"]);
    expect(merge.lag(1, clock as Nanos)).toBe(0);
  });

  it("that has not caught up gives its own book when the other is lost", () => {
    const { merge } = merging();
    merge.open(0, clock as Nanos);
    merge.ordered(0, book(1, FIRST));
    merge.open(1, clock as Nanos);
    const tail = [book(5, [0, 4_000, 9]), delta(6, 0, 4_000, 8)];
    for (const event of tail) merge.ordered(1, event);
    expect(merge.close(0)).toEqual({ kind: "adopt", tail });
    expect(merge.stateOf(1)).toBe("joined");
    expect(merge.close(1)).toEqual({ kind: "lost" });
  });

  it("that is too far behind to be compared is said to be, and its lag is known before", () => {
    const { merge, behind } = merging();
    merge.open(0, clock as Nanos);
    merge.open(1, clock as Nanos);
    const first = book(1, FIRST);
    merge.ordered(0, first);
    merge.ordered(1, fresh(first));
    const since = clock;
    for (let i = 0; i < 1_100; i++) merge.ordered(0, delta(2 + i, 0, 4_000, 1 + (i % 2)));
    expect(behind).toContain(1);
    expect(merge.lag(0, clock as Nanos)).toBe(0);
    expect(merge.lag(1, clock as Nanos)).toBeGreaterThan(clock - since - 1_100);
  });

  it("tell each trade once, however many are alike", () => {
    const { merge, told } = merging();
    merge.open(0, clock as Nanos);
    merge.open(1, clock as Nanos);
    const trades = [trade(5, 1), trade(5, 1), trade(6, 1)];
    for (const each of trades.slice(0, 2)) merge.loose(0, each);
    for (const each of trades) merge.loose(1, each);
    merge.loose(0, trades[2]!);
    expect(told).toHaveLength(3);
  });
});

it("a book's content is equal to its own snapshot and to no other", () => {
  const content = new BookContent();
  content.apply(book(1, [0, 10, 1, 1, 20, 2]));
  content.apply(delta(2, 0, 10, 0, 1, 30, 5));
  expect(content.equals(book(2, [1, 30, 5, 1, 20, 2]))).toBe(true);
  for (const levels of [
    [],
    [1, 30, 5],
    [1, 30, 5, 1, 20, 3],
    [1, 30, 5, 1, 20, 2, 0, 10, 1],
    [0, 30, 5, 1, 20, 2],
  ])
    expect(content.equals(book(2, levels))).toBe(false);
});
