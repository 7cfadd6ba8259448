import fc from "fast-check";
import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { CoreEvent } from "../../src/events/index.ts";
import { JournalReader, readJournal, type JournalEntry } from "../../src/journal/index.ts";
import { anyEvent } from "../support/anyEvent.ts";
import { bytesOf, delta, failure, journalOf, note, read, textOf } from "./support.ts";

const EVENTS: readonly CoreEvent[] = [
  note(1, "first"),
  delta(2, [0, 5_000, 12_340_000, 1, 5_200, 0]),
  note(3, "é"),
  delta(4, []),
  note(5, "last"),
];

/** Lines with right checksums around any text. */
function sealed(bodies: readonly string[]): string {
  let prev = "00000000";
  return bodies
    .map((body) => {
      const crc = crc32(`${body},"prev":"${prev}"}`).toString(16).padStart(8, "0");
      const line = `${body},"crc":"${crc}","prev":"${prev}"}\n`;
      prev = crc;
      return line;
    })
    .join("");
}

const body = (fields: Record<string, unknown>): string =>
  JSON.stringify({
    schema_version: 2,
    seq: 1,
    run_id: "r",
    received_at: 0,
    mono_ns: 0,
    boot_id: "b",
    kind: "timer",
    payload: { timerId: "t" },
    ...fields,
  }).slice(0, -1);

describe("a changed journal", () => {
  it("is found out by any single byte, and the line is named", () => {
    const good = journalOf(EVENTS, {}, (i) => (i === 1 ? "f".repeat(32) : undefined));
    const lineOf = (position: number) => textOf(good.slice(0, position)).split("\n").length;
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (position, flip) => {
        const bad = good.slice();
        bad[position] = bad[position]! ^ flip;
        const line = lineOf(position);
        const found = failure(() => read(bad));
        if (found === undefined) {
          // Only the newline that ends the file: its line now looks torn, and is cut and reported.
          expect(position).toBe(good.length - 1);
          expect(read(bad).end.torn).toMatchObject({ line });
          return;
        }
        expect(found.code).toBe("JOURNAL_CORRUPT");
        expect(found.message).toContain(`line ${line}, byte `);
      }),
      { numRuns: 1_000 },
    );
  });

  it("is found out when a line is dropped, doubled, moved or brought in from elsewhere", () => {
    const lines = textOf(journalOf(EVENTS)).trimEnd().split("\n");
    const other = textOf(journalOf([note(1, "other"), note(2, "other")]))
      .trimEnd()
      .split("\n");
    const [a, b, c, d, e] = lines as [string, string, string, string, string];
    for (const [changed, line] of [
      [[a, c, d, e], 2],
      [[b, c, d, e], 1],
      [[a, b, b, c, d, e], 3],
      [[a, c, b, d, e], 2],
      [[a, other[1]!, c, d, e], 2],
      [[a, "", b, c, d, e], 2],
    ] as const) {
      expect(failure(() => read(bytesOf(`${changed.join("\n")}\n`)))).toMatchObject({
        code: "JOURNAL_CORRUPT",
        message: expect.stringContaining(`line ${line}, byte `),
      });
    }
  });

  it("says what differs", () => {
    const text = textOf(journalOf(EVENTS));
    expect(failure(() => read(bytesOf(text.replace("12340000", "12340001"))))!.message).toMatch(
      /^journal: line 2, byte \d+: its checksum is [0-9a-f]{8}, but it states [0-9a-f]{8}/,
    );
    const lines = text.split("\n");
    lines.splice(2, 1);
    expect(failure(() => read(bytesOf(lines.join("\n"))))!.message).toMatch(
      /line 3, byte \d+: it follows a line with checksum [0-9a-f]{8}, but the line before has [0-9a-f]{8}/,
    );
  });

  it("gives what is sound before it throws", () => {
    const text = textOf(journalOf(EVENTS)).replace("last", "lost");
    const entries: JournalEntry[] = [];
    expect(
      failure(() => {
        for (const entry of readJournal(bytesOf(text))) entries.push(entry);
      }),
    ).toMatchObject({ code: "JOURNAL_CORRUPT" });
    expect(entries.map((entry) => entry.event)).toEqual(EVENTS.slice(0, 4));
  });
});

describe("a journal whose last line was being written", () => {
  it("is cut there, at every byte of the line, and the rest stands", () => {
    const whole = journalOf(EVENTS);
    const before = journalOf(EVENTS.slice(0, -1));
    for (let length = before.length; length < whole.length; length++) {
      const { entries, end } = read(whole.slice(0, length));
      expect(entries.map((entry) => entry.event)).toEqual(EVENTS.slice(0, -1));
      expect(end).toMatchObject({ lines: 4, bytes: before.length, nextSeq: 5 });
      const bytes = length - before.length;
      expect(end.torn).toEqual(bytes === 0 ? undefined : { line: 5, offset: before.length, bytes });
    }
  });

  it("is cut also where the file was lengthened with zeros before the power went", () => {
    const { entries, end } = read(new Uint8Array([...journalOf(EVENTS), ...new Uint8Array(512)]));
    expect(entries).toHaveLength(5);
    expect(end.torn).toMatchObject({ line: 6, bytes: 512 });
  });

  it("is not forgiven a broken line that is ended", () => {
    const torn = textOf(journalOf(EVENTS)).slice(0, -20);
    expect(failure(() => read(bytesOf(`${torn}\n`)))).toMatchObject({
      code: "JOURNAL_CORRUPT",
      message: expect.stringContaining("line 5, byte "),
    });
  });
});

/** Resealed, so that only the decoders can object. */
const market = (kind: string, payload: string, rest = ""): string =>
  `{"schema_version":2,"seq":1,"run_id":"r","market_id":"m","received_at":5,"mono_ns":7,"boot_id":"b","kind":"${kind}","payload":{${payload}}${rest}`;

const HOT_LINES = [
  market("book_delta", '"levels":[0,5000,12345678901,1,10,0],"bestBid":-1,"bestAsk":5200,"publishedAt":9'),
  market("book_snapshot", '"outcome":1,"levels":[],"synthetic":true', `,"effects_hash":"${"0a".repeat(16)}"`),
  market("market_trade", '"outcome":0,"side":"sell","price":9999,"size":1'),
  market("best_quote", '"bestBid":0,"bestAsk":10000'),
];

describe("reading a journal", () => {
  it("reads market data the fast way exactly as the general way does, faults included", () => {
    const pieces = fc.constantFrom(
      ...'0|1|9|-|.|,|[|]|{|}|"|e5|00| |null|1e309|99999999999999999|_'.split("|"),
    );
    const outcome = (lines: readonly string[], index: number) => {
      const bytes = bytesOf(sealed(lines));
      const fault = failure(() => read(bytes));
      if (fault !== undefined) return fault.message.replace(/^.*?byte \d+: /, "");
      const { event, effectsHash, runId, bootId } = read(bytes).entries[index]!;
      return { event, effectsHash, runId, bootId };
    };
    let faults = 0;
    let readable = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...HOT_LINES),
        fc.nat(300),
        fc.nat(2),
        pieces,
        (line, place, cut, piece) => {
          const at = place % line.length;
          const changed = line.slice(0, at) + piece + line.slice(at + cut);
          // The first line teaches the fast way; alone, a line is read the general way.
          const second = changed.replace('"seq":1', '"seq":2');
          const slow = outcome([changed], 0);
          const fast = outcome([line, second], 1);
          if (typeof slow === "string") faults += 1;
          else readable += 1;
          if (changed.includes('"seq":1,')) expect(fast).toEqual(slow);
        },
      ),
      { numRuns: 2_000 },
    );
    expect(Math.min(faults, readable)).toBeGreaterThan(50);
  });

  it("gives the same entries however the bytes are cut into chunks", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEvent, { maxLength: 6 }),
        fc.integer({ min: 1, max: 400 }),
        async (events, step) => {
          const bytes = journalOf(events);
          const chunks: Uint8Array[] = [];
          for (let at = 0; at < bytes.length; at += step) chunks.push(bytes.slice(at, at + step));
          const whole = [...readJournal(bytes)];
          expect([...readJournal(chunks)]).toEqual(whole);
          const async: JournalEntry[] = [];
          const source = (async function* () {
            for (const chunk of chunks) yield await Promise.resolve(chunk);
          })();
          for await (const entry of readJournal(source)) async.push(entry);
          expect(async).toEqual(whole);
          expect(whole.map((entry) => entry.event)).toEqual(events);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("can be fed from a buffer that is used again", () => {
    const bytes = journalOf(EVENTS);
    const reader = new JournalReader();
    const entries: JournalEntry[] = [];
    const buffer = new Uint8Array(64);
    for (let at = 0; at < bytes.length; at += 64) {
      buffer.set(bytes.subarray(at, at + 64));
      reader.push(buffer.subarray(0, Math.min(64, bytes.length - at)), (entry) => entries.push(entry));
    }
    expect(entries.map((entry) => entry.event)).toEqual(EVENTS);
  });

  it("takes an empty file for an empty journal", () => {
    expect(read(new Uint8Array())).toEqual({
      entries: [],
      end: { lines: 0, bytes: 0, nextSeq: 1, prev: 0, torn: undefined },
    });
  });

  it("refuses a newer schema, whatever else is in the line", () => {
    const text = sealed([body({}), JSON.stringify({ schema_version: 3, everything: "else" }).slice(0, -1)]);
    const found = failure(() => read(bytesOf(text)));
    expect(found).toMatchObject({ code: "JOURNAL_SCHEMA_NEWER" });
    expect(found!.message).toContain("line 2");
    expect(found!.message).toContain("schema version 3");
  });

  it("reads version 1: monotonic milliseconds and kinds under their old names", () => {
    const v1 = (fields: Record<string, unknown>): string =>
      body({ schema_version: 1, mono_ns: undefined, ...fields });
    const levels = [0, 5_000, 1_000_000];
    const claim = { source: "grid", tier: "A", upstream: "grid", claim: { kind: "series_started" } };
    const text = sealed([
      v1({ seq: 1, mono_ms: 1.5 }),
      v1({
        seq: 2,
        mono_ms: 2,
        kind: "price_change",
        market_id: "m",
        payload: { levels, bestBid: 5_000, bestAsk: -1 },
      }),
      v1({
        seq: 3,
        mono_ms: 3.000001,
        kind: "source_event",
        match_id: "x",
        payload: claim,
        effects_hash: "ab",
      }),
      body({ seq: 4, mono_ns: 4_000_000 }),
    ]);
    const { entries } = read(bytesOf(text));
    expect(entries.map(({ event }) => event)).toEqual([
      { type: "timer", at: 1_500_000, receivedAt: 0, timerId: "t" },
      {
        type: "book_delta",
        at: 2_000_000,
        receivedAt: 0,
        marketId: "m",
        levels,
        bestBid: 5_000,
        bestAsk: -1,
      },
      { type: "match_claim", at: 3_000_001, receivedAt: 0, matchId: "x", ...claim },
      { type: "timer", at: 4_000_000, receivedAt: 0, timerId: "t" },
    ]);
    expect(entries[2]!.effectsHash).toBe("ab");
  });

  it.each([
    [body({ schema_version: 0 }), "there is no schema version 0"],
    [body({ schema_version: "2" }), 'there is no schema version "2"'],
    [body({ seq: 1.5 }), "seq is no whole number"],
    [body({ run_id: 5 }), "run_id or boot_id is no text"],
    [body({ effects_hash: 5 }), "effects_hash is no text"],
    [body({ kind: "toString" }), 'there is no event "toString"'],
    [body({ kind: undefined }), "there is no event nothing"],
    [body({ payload: [1] }), "payload is no object"],
    [body({ payload: {} }), "event.timerId: expected text that is not empty, got nothing"],
    [body({ payload: { timerId: "t", at: 7 } }), "payload.at is also in the envelope"],
    [body({ mono_ns: -1 }), "event.at: expected an integer"],
    [
      body({ payload: { timerId: "t", ["__proto__x"]: 1 } }).replace("__proto__x", "__proto__"),
      "unknown field __proto__",
    ],
    ["[1", "no JSON"],
    ['{"a":', "no JSON"],
    ["[".repeat(50_000), "no JSON"],
  ])("does not believe a line because its checksum holds: %.60s", (line, message) => {
    const found = failure(() => read(bytesOf(sealed([line]))));
    expect(found).toMatchObject({ code: "JOURNAL_CORRUPT", message: expect.stringContaining(message) });
    expect(found!.message).toContain("line 1, byte 0");
  });

  it("tells a file that is no journal from a journal whose first line is damaged", () => {
    const whole = sealed([body({ seq: 1 })]);
    for (const text of ["# Title\n", "\n", `{"matchpoint_recording":1}\n`])
      expect(failure(() => read(bytesOf(text)))!.message).toMatch(/this is no journal/);
    expect(failure(() => read(bytesOf(whole.replace(/....\n$/, "\n"))))!.message).toMatch(
      /end with crc and prev/,
    );
  });

  it("refuses a gap in seq although the chain holds", () => {
    expect(failure(() => read(bytesOf(sealed([body({ seq: 7 }), body({ seq: 9 })]))))).toMatchObject({
      code: "JOURNAL_CORRUPT",
      message: expect.stringContaining("its seq is 9, expected 8"),
    });
  });

  it("ignores the copy of a listing's id, and keeps the listing", () => {
    const market = {
      marketId: "0xm",
      title: "t",
      outcomes: [
        { tokenId: "1", name: "a" },
        { tokenId: "2", name: "b" },
      ],
      tick: 100,
      minSize: 5_000_000,
      takerDelayMs: 0,
      mirrored: true,
      negRisk: false,
      acceptingOrders: true,
      clearBookOnStart: false,
    };
    const listed = { type: "market_listed", at: 0, receivedAt: 0, market } as unknown as CoreEvent;
    const bytes = journalOf([listed]);
    expect(textOf(bytes)).toContain('"market_id":"0xm"');
    expect(read(bytes).entries[0]!.event).toEqual(listed);
  });
});
