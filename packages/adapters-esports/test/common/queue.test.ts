import { SystemClock, VirtualClock } from "@matchpoint/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AsyncQueue } from "../../src/common/asyncQueue.ts";
import { AttemptBudget, Backoff } from "../../src/common/attempts.ts";
import { HealthBoard } from "../../src/common/health.ts";
import { sharedBudget } from "../../src/common/sharedBudget.ts";
import { redact, redactedMessage } from "../../src/common/redact.ts";
import { Tally } from "../../src/common/frame.ts";
import { Watchdog } from "../../src/common/watchdog.ts";
import { stampAt } from "../support.ts";

describe("the queue", () => {
  it("hands over everything in order, whoever waits for whom", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 60 }), async (bursts) => {
        const queue = new AsyncQueue<number>();
        const seen: number[] = [];
        const reader = (async () => {
          for await (const item of queue) seen.push(item);
        })();
        let next = 0;
        for (const burst of bursts) {
          for (let i = 0; i < burst; i++) queue.push(next++);
          await Promise.resolve();
        }
        queue.end();
        await reader;
        expect(seen).toEqual(Array.from({ length: next }, (_, index) => index));
      }),
    );
  });

  it("grows beyond its mark, says so once, and again when it is half empty", async () => {
    const said: string[] = [];
    const queue = new AsyncQueue<number>({
      mark: 4,
      onPressure: (over, length) => said.push(`${over} ${length}`),
    });
    for (let i = 0; i < 5000; i++) queue.push(i);
    expect(said).toEqual(["true 4"]);
    queue.end();
    const seen: number[] = [];
    for await (const item of queue) seen.push(item);
    expect(seen).toHaveLength(5000);
    expect(said).toEqual(["true 4", "false 2"]);
  });

  it("does not tell of the words that tell of it, however low its mark", async () => {
    let told = 0;
    const queue: AsyncQueue<string> = new AsyncQueue<string>({
      mark: 2,
      onPressure: (over) => {
        told += 1;
        if (told > 50) throw new Error("it tells for ever");
        queue.push(over ? "slow" : "caught up");
      },
    });
    queue.push("a");
    queue.push("b");
    const iterator = queue[Symbol.asyncIterator]();
    const seen: unknown[] = [];
    while (queue.length > 0) seen.push((await iterator.next()).value);
    expect(seen).toEqual(["a", "b", "slow", "caught up"]);
  });

  it("takes nothing after its end", async () => {
    const queue = new AsyncQueue<number>();
    queue.push(1);
    queue.end();
    queue.push(2);
    const seen: number[] = [];
    for await (const item of queue) seen.push(item);
    expect(seen).toEqual([1]);
  });
});

describe("the watchdog", () => {
  it("barks once for one silence, counted from the last touch", () => {
    const clock = new VirtualClock();
    const barks: number[] = [];
    const dog = new Watchdog(clock, 1000, (ms) => barks.push(ms));
    dog.start();
    for (let i = 0; i < 10; i++) {
      clock.advance(900);
      dog.touch();
    }
    expect(barks).toEqual([]);
    clock.advance(5000);
    expect(barks).toEqual([1000]);
    dog.touch();
    clock.advance(1000);
    expect(barks).toEqual([1000, 1000]);
    dog.stop();
    dog.touch();
    clock.advance(5000);
    expect(barks).toHaveLength(2);
  });

  it("takes a new limit at once", () => {
    const clock = new VirtualClock();
    let barks = 0;
    const dog = new Watchdog(clock, 60_000, () => (barks += 1));
    dog.start();
    clock.advance(3000);
    dog.limit(5000);
    clock.advance(1999);
    expect(barks).toBe(0);
    clock.advance(1);
    expect(barks).toBe(1);
  });
});

describe("attempts", () => {
  it("are at most so many in any window", () => {
    const waits = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(waits, (pauses) => {
        const clock = new VirtualClock();
        const budget = new AttemptBudget(clock, 5, 60_000);
        const times = pauses.map((pause) => {
          clock.advance(pause);
          const wait = budget.book();
          expect(wait).toBeGreaterThanOrEqual(0);
          return clock.monotonic() / 1e6 + wait;
        });
        for (let i = 5; i < times.length; i++)
          expect(times[i]! - times[i - 5]!).toBeGreaterThanOrEqual(60_000 - 1e-6);
      }),
    );
  });

  it("rest while the provider sends somebody away, and are narrowed without forgetting what was spent", () => {
    const clock = new VirtualClock();
    const budget = new AttemptBudget(clock, 3, 60_000);
    expect([budget.book(), budget.book()]).toEqual([0, 0]);
    budget.rest(10_000);
    expect(budget.book()).toBe(10_000);
    budget.narrow(2); // spent: 0 and 10,000 ms
    expect(budget.book()).toBe(60_000);
    expect(budget.book()).toBe(70_000);
    budget.narrow(9);
    expect(budget.book()).toBe(120_000);
  });

  it("are shared by all feeds of a process that ask one address, whatever clock object they have", () => {
    const [one, two] = [new SystemClock(), new SystemClock()];
    const url = "https://shared.test";
    expect(sharedBudget(one, url, 1, 60_000).book()).toBe(0);
    expect(sharedBudget(two, url, 1, 60_000).book()).toBeGreaterThan(59_000);
    expect(sharedBudget(two, "https://other.test", 1, 60_000).book()).toBe(0);
    const own = new VirtualClock();
    expect(sharedBudget(own, url, 1, 60_000).book()).toBe(0); // a time of its own
    expect(sharedBudget(own, url, 5, 60_000).book()).toBe(60_000); // the smaller limit holds
  });

  it("are lengthened by chance, by a quarter at most, and never shortened", () => {
    const least = new Backoff(12_000, 60_000, () => 0);
    const most = new Backoff(12_000, 60_000, () => 1);
    expect([least.next(), most.next()]).toEqual([12_000, 15_000]);
    const waits = new Set(Array.from({ length: 20 }, () => new Backoff(12_000, 60_000).next()));
    expect(waits.size).toBeGreaterThan(1);
    for (const wait of waits) expect(wait >= 12_000 && wait <= 15_000).toBe(true);
  });

  it("wait longer after each failure, up to a limit, and not after a success", () => {
    const backoff = new Backoff(12_000, 60_000, () => 0);
    expect([1, 2, 3, 4, 5].map(() => backoff.next())).toEqual([12_000, 24_000, 48_000, 60_000, 60_000]);
    backoff.reset();
    expect(backoff.next()).toBe(12_000);
  });
});

describe("redaction", () => {
  it("hides keys in URLs and the secret wherever it stands", () => {
    expect(redact("wss://h/series/1?key=abc&useConfig=true")).toBe(
      "wss://h/series/1?key=<redacted>&useConfig=true",
    );
    expect(redact("GET https://h/x?a=1&TOKEN=abc.def failed")).toBe(
      "GET https://h/x?a=1&TOKEN=<redacted> failed",
    );
    expect(redact("said s3cr+t and s3cr%2Bt", "s3cr+t")).toBe("said <redacted> and <redacted>");
    expect(redact("nothing", "")).toBe("nothing");
    expect(redactedMessage(new TypeError("Invalid URL: ws://h?token=abc"))).toBe(
      "Invalid URL: ws://h?token=<redacted>",
    );
    expect(redactedMessage("plain")).toBe("plain");
  });
});

describe("the health board", () => {
  it("says what changed, and the worst for the whole", () => {
    const board = new HealthBoard("grid" as never);
    expect(board.worst()).toBe("down");
    expect(board.set("a" as never, "live", "x", stampAt(0))).toMatchObject({
      source: "grid",
      matchId: "a",
      health: "live",
    });
    expect(board.set("a" as never, "live", "again", stampAt(0))).toBeUndefined();
    board.set("b" as never, "stale", "x", stampAt(0));
    expect(board.worst()).toBe("stale");
    board.set("a" as never, "invalid", "x", stampAt(0));
    expect(board.worst()).toBe("invalid");
    board.forget("a" as never);
    expect(board.worst()).toBe("stale");
  });
});

describe("a tally", () => {
  it("cannot be grown without bound by names that a feed invents", () => {
    const tally = new Tally(10);
    for (let i = 0; i < 1000; i++) tally.add(`name ${i} ${"x".repeat(1000)}`);
    expect([...tally.entries()].length).toBeLessThanOrEqual(11);
    expect(tally.total).toBe(1000);
    expect(tally.get("(others)")).toBe(990);
  });
});
