import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../src/clock/index.ts";
import type { CoreEvent } from "../../src/events/index.ts";
import { id, type RunId } from "../../src/ids.ts";
import { pureCrc32, type JournalEntry } from "../../src/journal/index.ts";
import {
  defaultLogger,
  FileStorage,
  nodeCrc32,
  openJournal,
  readBlocks,
  readJournalFile,
  readLines,
} from "../../src/node/index.ts";
import { temporaryFolder } from "./support.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const note = (at: number): CoreEvent =>
  ({
    type: "operator",
    at,
    receivedAt: at,
    operator: "me",
    command: { kind: "note", text: `n${at}` },
  }) as CoreEvent;
const RUN = { runId: id<RunId>("r"), bootId: "b1" };

describe("file storage", () => {
  it("appends in order and makes its folder; bytes are on disk after sync", async () => {
    const folder = join(temporaryFolder(), "a", "b");
    const storage = new FileStorage(folder);
    const buffer = bytesOf("one\n");
    storage.append("x.log", buffer);
    buffer.fill(0); // the caller may use its buffer again at once
    storage.append("x.log", bytesOf("two\n"));
    storage.append("y.log", bytesOf("other\n"));
    expect(statSync(join(folder, "x.log")).size).toBe(0);
    await storage.sync();
    expect(readFileSync(join(folder, "x.log"), "utf8")).toBe("one\ntwo\n");
    expect(readFileSync(join(folder, "y.log"), "utf8")).toBe("other\n");
    storage.append("x.log", bytesOf("three\n"));
    await storage.close();
    await storage.close();
    expect(readFileSync(join(folder, "x.log"), "utf8")).toBe("one\ntwo\nthree\n");
    const again = new FileStorage(folder);
    again.append("x.log", bytesOf("four\n"));
    again.syncNow();
    expect(readFileSync(join(folder, "x.log"), "utf8")).toBe("one\ntwo\nthree\nfour\n");
    await again.close();
  });

  it("keeps the order around blocks that are larger than its buffer", async () => {
    const folder = temporaryFolder();
    const storage = new FileStorage(folder);
    const sizes = [10, 1_500_000, 7, 1_048_576, 1_048_575, 3, 2_000_000];
    for (const [i, size] of sizes.entries()) storage.append("x", new Uint8Array(size).fill(i));
    await storage.close();
    const found = readFileSync(join(folder, "x"));
    let at = 0;
    for (const [i, size] of sizes.entries()) {
      expect(found.subarray(at, at + size).every((byte) => byte === i)).toBe(true);
      at += size;
    }
    expect(found.length).toBe(at);
  });

  it("syncs what a sync under way has already taken, or came too late for, before it says so", async () => {
    const folder = temporaryFolder();
    const storage = new FileStorage(folder);
    const order: string[] = [];
    const sync = async (name: string): Promise<void> => {
      await storage.sync();
      order.push(name);
    };
    storage.append("x", new Uint8Array(30_000_000));
    const early = [sync("first"), sync("second")];
    storage.append("x", bytesOf("late"));
    const late = sync("late").then(() => {
      expect(order).toEqual(["first", "second", "late", "later"].slice(0, order.length));
      expect(readFileSync(join(folder, "x")).subarray(-9).toString()).toBe("latelater");
    });
    storage.append("x", bytesOf("later"));
    await Promise.all([...early, late, sync("later")]);
    expect(order).toEqual(["first", "second", "late", "later"]);
    await storage.close();
  });

  it("closes when the sync under way has ended, and takes nothing from then on", async () => {
    const storage = new FileStorage(temporaryFolder());
    const order: string[] = [];
    storage.append("x", new Uint8Array(30_000_000));
    const synced = storage.sync().then(() => order.push("synced"));
    const closed = [storage.close(), storage.close()].map((close) => close.then(() => order.push("closed")));
    expect(() => storage.append("x", bytesOf("a"))).toThrow(/it has been closed/);
    await Promise.all([synced, ...closed]);
    expect(order).toEqual(["synced", "closed", "closed"]);
  });

  it("fails for good when it cannot write, and says where", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "file"), "");
    const storage = new FileStorage(join(folder, "file", "sub"));
    expect(() => storage.append("x", bytesOf("a"))).toThrow(
      expect.objectContaining({ code: "JOURNAL_WRITE_FAILED", where: join(folder, "file", "sub", "x") }),
    );
    await expect(storage.sync()).rejects.toMatchObject({ code: "JOURNAL_WRITE_FAILED" });
    const full = new FileStorage("/dev");
    if (process.platform === "linux") {
      full.append("full", bytesOf("a"));
      await expect(full.sync()).rejects.toMatchObject({
        code: "JOURNAL_WRITE_FAILED",
        message: expect.stringContaining("ENOSPC"),
      });
      expect(() => full.append("full", bytesOf("b"))).toThrow(
        expect.objectContaining({ code: "JOURNAL_WRITE_FAILED" }),
      );
    }
    const closed = new FileStorage(folder);
    await closed.close();
    expect(() => closed.append("x", bytesOf("a"))).toThrow(
      expect.objectContaining({ code: "JOURNAL_WRITE_FAILED" }),
    );
  });
});

describe("a journal file", () => {
  it("is written, left behind torn at any byte, opened again and gone on with", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "runs", "journal.jsonl");
    const first = openJournal(path, RUN);
    for (let at = 0; at < 3; at++) first.append(note(at), at === 1 ? "ab" : undefined);
    await first.close();
    const whole = readFileSync(path);
    const lastLine = whole.lastIndexOf(10, whole.length - 2) + 1;
    for (const size of [whole.length, whole.length - 1, lastLine + 5, lastLine + 1, lastLine]) {
      writeFileSync(path, whole);
      truncateSync(path, size);
      const seen: JournalEntry[] = [];
      const again = openJournal(path, { ...RUN, bootId: "b2", onEntry: (entry) => seen.push(entry) });
      const kept = size === whole.length ? 3 : 2;
      expect(seen.map(({ seq }) => seq)).toEqual([1, 2, 3].slice(0, kept));
      expect(again.found.torn?.bytes).toBe(
        size === whole.length || size === lastLine ? undefined : size - lastLine,
      );
      again.append(note(9), undefined);
      await again.sync();
      const entries = [...readJournalFile(path)];
      expect(entries.map(({ seq, event: { at }, bootId }) => [seq, at, bootId])).toEqual([
        ...[
          [1, 0, "b1"],
          [2, 1, "b1"],
          [3, 2, "b1"],
        ].slice(0, kept),
        [kept + 1, 9, "b2"],
      ]);
      await again.close();
    }
  });

  it("that is corrupt is not appended to", () => {
    const path = join(temporaryFolder(), "journal.jsonl");
    writeFileSync(path, "{}\n");
    expect(() => openJournal(path, RUN)).toThrow(
      expect.objectContaining({ code: "JOURNAL_CORRUPT", where: `${path}: line 1, byte 0` }),
    );
    expect(readFileSync(path, "utf8")).toBe("{}\n");
  });

  it("that is not there is said to be missing by whoever reads it", () => {
    expect(() => [...readJournalFile(join(temporaryFolder(), "none"))]).toThrow(
      expect.objectContaining({
        code: "FILE_NOT_FOUND",
        message: expect.stringContaining("there is no journal"),
      }),
    );
  });
});

describe("reading files", () => {
  it("gives every line, the last one with or without its newline", () => {
    const path = join(temporaryFolder(), "x");
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a", "\n", "é", "bcd")),
        fc.integer({ min: 1, max: 9 }),
        (parts, blockBytes) => {
          const text = parts.join("");
          writeFileSync(path, text);
          const lines: string[] = [];
          readLines(
            path,
            (buffer, start, end) => lines.push(new TextDecoder().decode(buffer.subarray(start, end))),
            {
              code: "RECORDING_INVALID",
              blockBytes,
            },
          );
          const expected = text.split("\n");
          if (expected.at(-1) === "") expected.pop();
          expect(lines).toEqual(expected);
        },
      ),
    );
  });

  it("gives blocks that add up to the file, and closes it when the reader stops early", () => {
    const path = join(temporaryFolder(), "x");
    writeFileSync(path, new Uint8Array(2_500_000).fill(7));
    let total = 0;
    for (const block of readBlocks(path)) total += block.length;
    expect(total).toBe(2_500_000);
    for (let i = 0; i < 3_000; i++) {
      for (const block of readBlocks(path, { blockBytes: 16 })) {
        expect(block.length).toBe(16);
        break;
      }
    }
    appendFileSync(path, "still writable");
  });

  it("says why a file cannot be read", () => {
    const folder = temporaryFolder();
    expect(() => [...readBlocks(folder, { what: "recording" })]).toThrow(
      /the recording .* cannot be read \(EISDIR\)/,
    );
    expect(() => [...readBlocks(join(folder, "no"), { what: "recording" })]).toThrow(
      /there is no recording .*no\n/,
    );
    if (process.getuid?.() !== 0) {
      mkdirSync(join(folder, "d"));
      writeFileSync(join(folder, "d", "x"), "");
      chmodSync(join(folder, "d", "x"), 0);
      expect(() => [...readBlocks(join(folder, "d", "x"))]).toThrow(/EACCES/);
    }
  });
});

describe("checksums and logs", () => {
  it("nodeCrc32 gives the same numbers as pureCrc32", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(64), fc.nat(0xffff_ffff), (bytes, cut, before) => {
        const start = Math.min(cut, bytes.length);
        expect(nodeCrc32(bytes, start, bytes.length, before)).toBe(
          pureCrc32(bytes, start, bytes.length, before),
        );
        expect(nodeCrc32(bytes, 0, start)).toBe(pureCrc32(bytes, 0, start));
      }),
    );
  });

  it("the default logger writes text or JSON with the clock's time, from its level on, without secrets", () => {
    const lines: string[] = [];
    const clock = new VirtualClock({ startsAt: Date.UTC(2026, 5, 7) });
    const options = { clock, write: (line: string) => void lines.push(line) };
    const text = defaultLogger(options);
    text.debug("hidden");
    text.warn("late", { ms: 5, api_key: "hunter2" });
    defaultLogger({ ...options, format: "json", level: "debug" }).debug("plain");
    expect(lines).toEqual([
      '2026-06-07T00:00:00.000Z WARN  late {"ms":5,"api_key":"[redacted]"}',
      '{"time":"2026-06-07T00:00:00.000Z","level":"debug","message":"plain"}',
    ]);
  });
});
