import fc from "fast-check";
import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Storage } from "../../src/contracts/index.ts";
import type { CoreEvent } from "../../src/events/index.ts";
import { JournalWriter, MemoryStorage, pureCrc32 } from "../../src/journal/index.ts";
import { anyEvent, anyEventOf, EVENT_TYPES } from "../support/anyEvent.ts";
import { bytesOf, delta, failure, journalOf, note, read, RUN, textOf } from "./support.ts";

const times = { at: 1, receivedAt: 1_780_000_000_000 };
const started = {
  type: "run_started",
  ...times,
  runId: "r",
  mode: "paper",
  seed: 1,
  capabilities: { orderTypes: [], postOnly: true, merge: true, split: true },
  strategies: [],
};
/** The event with another value in place of one of its numbers, wherever that is. */
function withNumber(event: CoreEvent, place: number, value: number): CoreEvent {
  let left = place % Math.max(1, numbersIn(event));
  const replaced = (item: unknown): unknown => {
    if (typeof item === "number") return left-- === 0 ? value : item;
    if (Array.isArray(item)) return item.map(replaced);
    if (typeof item !== "object" || item === null) return item;
    return Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, replaced(inner)]));
  };
  return replaced(event) as CoreEvent;
}

function numbersIn(item: unknown): number {
  if (typeof item === "number") return 1;
  if (typeof item !== "object" || item === null) return 0;
  return Object.values(item).reduce<number>((sum, inner) => sum + numbersIn(inner), 0);
}

const claimed = (progress: object) => ({
  type: "match_claim",
  ...times,
  matchId: "m",
  source: "s",
  tier: "A",
  upstream: "u",
  claim: { kind: "game_progress", game: 1, progress },
});

describe("the journal's lines", () => {
  it("have exactly the stated fields in the stated order", () => {
    const report = {
      type: "trade_report",
      at: 12,
      receivedAt: 1_780_000_000_000.5,
      occurredAt: 1_779_999_999_999,
      publishedAt: 5,
      tradeId: "t",
      orderId: "0xo",
      marketId: "0xm",
      outcome: 1,
      side: "buy",
      price: 5_000,
      size: 1,
      cost: 1,
      fee: 0,
      liquidity: "taker",
      status: "MATCHED",
    } as unknown as CoreEvent;
    const line = textOf(journalOf([report], {}, () => "ab".repeat(16)));
    expect(line).toMatchInlineSnapshot(`
      "{"schema_version":2,"seq":1,"run_id":"run-1","market_id":"0xm","order_id":"0xo","occurred_at":1779999999999,"received_at":1780000000000.5,"mono_ns":12,"boot_id":"boot-1","kind":"trade_report","payload":{"publishedAt":5,"tradeId":"t","outcome":1,"side":"buy","price":5000,"size":1,"cost":1,"fee":0,"liquidity":"taker","status":"MATCHED"},"effects_hash":"abababababababababababababababab","crc":"07dd6bd5","prev":"00000000"}
      "
    `);
    const claim = {
      type: "match_claim",
      at: 0,
      receivedAt: 0,
      matchId: "m",
      source: "s",
      tier: "A",
      upstream: "u",
      claim: { kind: "series_started" },
    };
    expect(Object.keys(JSON.parse(textOf(journalOf([claim as unknown as CoreEvent]))))).toEqual([
      ...[
        "schema_version",
        "seq",
        "run_id",
        "match_id",
        "received_at",
        "mono_ns",
        "boot_id",
        "kind",
        "payload",
        "crc",
        "prev",
      ],
    ]);
    const prepared = { type: "order_prepared", at: 0, receivedAt: 0, intentId: "i", orderId: "o" };
    const parsed = JSON.parse(textOf(journalOf([prepared as unknown as CoreEvent])));
    expect(parsed).toMatchObject({ intent_id: "i", order_id: "o", payload: {} });
  });

  it("carry a checksum that anyone can compute: CRC-32 of the line without its crc field", () => {
    const lines = textOf(journalOf([note(1, "é"), delta(2, [0, 5_000, 7]), note(3, "z")]))
      .trimEnd()
      .split("\n");
    let prev = "00000000";
    for (const line of lines) {
      const crc = crc32(line.replace(/,"crc":"[0-9a-f]{8}"/, ""))
        .toString(16)
        .padStart(8, "0");
      expect(JSON.parse(line)).toMatchObject({ crc, prev });
      prev = crc;
    }
    expect(lines).toHaveLength(3);
  });

  it.each(EVENT_TYPES)("give back every %s as it was", (type) => {
    fc.assert(
      fc.property(
        fc.array(anyEventOf(type), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (events, hashed) => {
          const hash = hashed ? "0123456789abcdef0123456789abcdef" : undefined;
          const { entries, end } = read(journalOf(events, {}, () => hash));
          expect(entries.map((entry) => entry.event)).toEqual(events);
          expect(entries.map((entry) => entry.seq)).toEqual(events.map((_, i) => i + 1));
          for (const entry of entries)
            expect(entry).toMatchObject({ effectsHash: hash, runId: RUN, bootId: "boot-1" });
          expect(end).toMatchObject({ lines: events.length, torn: undefined });
        },
      ),
    );
  });

  it("are the same whether market data takes the fast path or not", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { minLength: 1, maxLength: 12 }), (events) => {
        // In a buffer of one byte no line has room for the fast path.
        expect(textOf(journalOf(events, { bufferBytes: 1 }))).toBe(textOf(journalOf(events)));
      }),
    );
  });

  it("are the same whichever CRC-32 seals the long ones, Node's included, which takes unsigned words only", () => {
    const nodes = (bytes: Uint8Array, start: number, end: number, before = 0): number =>
      crc32(bytes.subarray(start, end), before);
    const events = Array.from({ length: 50 }, (_, i) =>
      delta(
        i,
        Array.from({ length: 300 }, (_unused, k) => (k % 3 === 0 ? 0 : (k * (i + 1)) % 10_000)),
      ),
    );
    expect(textOf(journalOf(events, { crc32: nodes }))).toBe(textOf(journalOf(events)));
  });

  it("write every number as JSON does", () => {
    const edges = [0, 9, 10, 99, 100, 999, 1_000, 9_999, 10_000, 99_999_999, 100_000_000];
    const whole = fc.oneof(
      fc.constantFrom(...edges, 2 ** 31, 2 ** 32, 2 ** 53 - 1),
      fc.nat(Number.MAX_SAFE_INTEGER),
    );
    const any = fc.oneof(
      whole,
      fc.constantFrom(2 ** 53, 1e21, 0.1, -1, -0.5, 1e-7, 5e-324),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    const triple = fc.tuple(fc.nat(3), fc.nat(10_000), whole);
    fc.assert(
      fc.property(whole, any, fc.array(triple, { maxLength: 3 }), (at, receivedAt, triples) => {
        const event = { ...delta(at, triples.flat()), receivedAt } as CoreEvent;
        const line = JSON.parse(textOf(journalOf([event])));
        expect([line.mono_ns, line.received_at]).toEqual([at, receivedAt + 0]);
        expect(line.payload.levels).toEqual(triples.flat());
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ["levels", delta(1, [0, 5_000, NaN])],
    ["levels", delta(1, [0, 5_000])],
    ["levels[0]", delta(1, [4, 5_000, 1])],
    ["levels[1]", delta(1, [0, 10_001, 1])],
    ["levels[1]", delta(1, [0, 0.5, 1])],
    ["levels[5]", delta(1, [0, 5_000, 1, 1, 5_100, -1])],
    ["levels[2]", delta(1, [0, 5_000, 2 ** 53])],
    ["bestBid", { ...delta(1, []), bestBid: -2 }],
    ["bestAsk", { ...delta(1, []), bestAsk: 10_001 }],
    ["marketId", { ...delta(1, []), marketId: "" }],
    ["receivedAt", { ...delta(1, []), receivedAt: Infinity }],
    ["publishedAt", { ...delta(1, []), publishedAt: NaN }],
    ["at", { ...delta(1, []), at: 2 ** 53 }],
    ["at", { ...delta(1, []), at: 0.5 }],
    ["at", { ...note(1, "x"), at: NaN }],
    ["occurredAt", { ...note(1, "x"), occurredAt: -Infinity }],
    ["command.text", { ...note(1, "x"), command: { kind: "note", text: NaN } }],
    ["command.text", { ...note(1, "x"), command: { kind: "note", text: 1n } }],
    ["unknown field extra", { ...note(1, "x"), extra: 1 }],
    ["config.a", { ...started, config: { a: [NaN] } }],
    ["side", { ...times, type: "market_trade", marketId: "m", outcome: 0, side: "bye", price: 1, size: 1 }],
    ["price", { ...times, type: "market_trade", marketId: "m", outcome: 0, side: "buy", price: -1, size: 1 }],
    ["outcome", { ...times, type: "book_snapshot", marketId: "m", outcome: 2, levels: [], synthetic: false }],
    ["synthetic", { ...times, type: "book_snapshot", marketId: "m", outcome: 0, levels: [], synthetic: 1 }],
    ["JSON", { ...started, config: { a: 1n } }],
    ["payouts[0]", { type: "market_resolution", ...times, marketId: "m", payouts: [2e6, 0], source: "s" }],
    ["score", claimed({ score: [-1, 0] })],
    ["round", claimed({ round: 1_001 })],
  ])("refuse what could not be read back, and name it: %s", (path, event) => {
    const before = [note(1, "before")];
    const storage = new MemoryStorage();
    const writer = new JournalWriter({ storage, runId: RUN, bootId: "b" });
    writer.append(before[0]!, undefined);
    expect(failure(() => writer.append(event as unknown as CoreEvent, undefined))).toMatchObject({
      code: "EVENT_INVALID",
      message: expect.stringContaining(path),
    });
    // What was refused leaves no trace, and the journal goes on.
    writer.append(note(2, "after"), undefined);
    writer.flush();
    expect(read(storage.bytes()).entries.map(({ seq, event: { at } }) => [seq, at])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it("are read back whenever they were taken, whatever becomes of an event's numbers", () => {
    const number = fc.oneof(
      fc.constantFrom(-1, 0, 0.5, 1, 3, 4, 10_000, 10_001, 1e9, 2 ** 53 - 1, 2 ** 53, NaN, -0, Infinity),
      fc.double(),
    );
    let kept = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(anyEvent, fc.nat(), number), { maxLength: 12 }), (made) => {
        const storage = new MemoryStorage();
        const writer = new JournalWriter({ storage, runId: RUN, bootId: "b" });
        const taken: CoreEvent[] = [];
        for (const [event, place, value] of made) {
          const changed = withNumber(event, place, value);
          if (failure(() => writer.append(changed, undefined)) === undefined) taken.push(changed);
        }
        writer.flush();
        kept += taken.length;
        // A journal has no negative zero.
        expect(read(storage.bytes()).entries.map((entry) => entry.event)).toEqual(
          taken.map((event) => JSON.parse(JSON.stringify(event)) as CoreEvent),
        );
      }),
      { numRuns: 500 },
    );
    expect(kept).toBeGreaterThan(100);
  });

  it("keep a 5 MB text, and lines around it", () => {
    const events = [note(1, "a"), note(2, "€".repeat(1_700_000)), delta(3, [1, 2, 3])];
    expect(read(journalOf(events)).entries.map((entry) => entry.event)).toEqual(events);
  });

  it("keep a snapshot that is larger than the buffer", () => {
    const levels = Array.from({ length: 60_000 }, (_, i) => [
      i % 2,
      i % 10_000,
      9_007_199_254_740_991 - i,
    ]).flat();
    const stamp = { at: 1, receivedAt: 1 };
    const snapshot = {
      type: "book_snapshot",
      ...stamp,
      marketId: "0xaa",
      outcome: 0,
      levels,
      synthetic: false,
    };
    const events = [snapshot as unknown as CoreEvent];
    expect(read(journalOf(events)).entries.map((entry) => entry.event)).toEqual(events);
  });
});

describe("writing a journal", () => {
  it("gathers lines, and hands them over when the buffer is full or on sync", async () => {
    const storage = new MemoryStorage();
    const writer = new JournalWriter({ storage, runId: RUN, bootId: "b", bufferBytes: 4_096 });
    for (let i = 0; i < 10; i++) writer.append(note(i, "x".repeat(100)), undefined);
    expect(storage.bytes().length).toBe(0);
    for (let i = 10; i < 40; i++) writer.append(note(i, "x".repeat(100)), undefined);
    expect(storage.bytes().length).toBeGreaterThan(0);
    expect(storage.bytes().length).toBeLessThan(writer.bytes);
    expect(storage.syncs).toBe(0);
    await writer.sync();
    expect(storage.bytes().length).toBe(writer.bytes);
    expect(storage.syncs).toBe(1);
    expect(read(storage.bytes()).entries).toHaveLength(40);
  });

  it("goes on from where a journal ended, and the chain holds across", () => {
    fc.assert(
      fc.property(
        fc.array(anyEvent, { maxLength: 6 }),
        fc.array(anyEvent, { maxLength: 6 }),
        (first, second) => {
          const storage = new MemoryStorage();
          const one = new JournalWriter({ storage, runId: RUN, bootId: "b1", bufferBytes: 8_192 });
          for (const event of first) one.append(event, undefined);
          one.flush();
          const resume = read(storage.bytes()).end;
          expect(resume.nextSeq).toBe(one.nextSeq);
          const two = new JournalWriter({ storage, runId: RUN, bootId: "b2", bufferBytes: 8_192, resume });
          for (const event of second) two.append(event, undefined);
          two.flush();
          const { entries } = read(storage.bytes());
          expect(entries.map((entry) => entry.event)).toEqual([...first, ...second]);
          expect(entries.map((entry) => entry.bootId)).toEqual([
            ...first.map(() => "b1"),
            ...second.map(() => "b2"),
          ]);
        },
      ),
    );
  });

  it("fails for good once the storage has failed", async () => {
    let full = false;
    const storage: Storage = {
      append: () => {
        if (full) throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
      },
      sync: async () => undefined,
      close: async () => undefined,
    };
    const writer = new JournalWriter({ storage, runId: RUN, bootId: "b" });
    writer.append(note(1, "a"), undefined);
    full = true;
    await expect(writer.sync()).rejects.toMatchObject({
      code: "JOURNAL_WRITE_FAILED",
      retryable: false,
      message: expect.stringContaining("ENOSPC"),
    });
    full = false;
    expect(failure(() => writer.append(note(2, "b"), undefined))).toMatchObject({
      code: "JOURNAL_WRITE_FAILED",
    });
    await expect(writer.sync()).rejects.toMatchObject({ code: "JOURNAL_WRITE_FAILED" });
  });

  it("reports a sync that the storage refuses", async () => {
    const storage: Storage = {
      append: () => undefined,
      sync: async () => Promise.reject(new Error("EIO")),
      close: async () => undefined,
    };
    const writer = new JournalWriter({ storage, runId: RUN, bootId: "b" });
    await expect(writer.sync()).rejects.toMatchObject({ code: "JOURNAL_WRITE_FAILED" });
    expect(failure(() => writer.append(note(2, "b"), undefined))).toMatchObject({
      code: "JOURNAL_WRITE_FAILED",
    });
  });
});

describe("CRC-32", () => {
  it("has the published check value and agrees with zlib on any bytes, in parts too", () => {
    expect(pureCrc32(bytesOf("123456789"), 0, 9)).toBe(0xcbf43926);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), fc.nat(100), (bytes, a, b) => {
        const start = Math.min(a, bytes.length);
        const end = Math.max(start, Math.min(b, bytes.length));
        const whole = crc32(bytes.subarray(start, end));
        expect(pureCrc32(bytes, start, end)).toBe(whole);
        const middle = (start + end) >> 1;
        expect(pureCrc32(bytes, middle, end, pureCrc32(bytes, start, middle))).toBe(whole);
      }),
    );
  });
});
