import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { CoreEvent } from "../../src/events/index.ts";
import {
  JournalReader,
  JournalWriter,
  MemoryStorage,
  pureCrc32,
  readJournal,
  type JournalEnd,
} from "../../src/journal/index.ts";
import { nodeSha256 } from "../../src/node/index.ts";
import { bytesOf, failure, journalOf, note, RUN, textOf } from "./support.ts";

const sha256 = nodeSha256;
const stop = (at: number): CoreEvent =>
  ({ type: "run_stopped", at, receivedAt: at, clean: true, openOrders: 0 }) as never;
const notes = (count: number, length = 200): CoreEvent[] =>
  Array.from({ length: count }, (_, i) => note(i, String(i).padEnd(length, "x")));
const LONG: readonly CoreEvent[] = [...notes(900), stop(1_000)];

/** What somebody writes who changes a journal and knows how its checksums are made. */
function forged(bytes: Uint8Array, change: (line: string, number: number) => string): Uint8Array {
  let prev = "00000000";
  const lines = textOf(bytes)
    .trimEnd()
    .split("\n")
    .map((line, i) => {
      const body = change(line.slice(0, line.lastIndexOf(',"crc":"')), i + 1);
      const bare = bytesOf(`${body},"prev":"${prev}"}`);
      const crc = pureCrc32(bare, 0, bare.length).toString(16).padStart(8, "0");
      const whole = `${body},"crc":"${crc}","prev":"${prev}"}`;
      prev = crc;
      return whole;
    });
  return bytesOf(`${lines.join("\n")}\n`);
}

const read = (bytes: Uint8Array, chunk = bytes.length): JournalEnd => {
  const reader = new JournalReader({ sha256 });
  for (let at = 0; at < bytes.length; at += chunk) reader.push(bytes.slice(at, at + chunk), () => undefined);
  return reader.end();
};
const stated = (bytes: Uint8Array): number[] =>
  textOf(bytes)
    .split("\n")
    .flatMap((line, i) => (line.includes(',"sha256":"') ? [i + 1] : []));

test("states a hash of all lines since the last that stated one: after so many bytes, and at the end of a run", () => {
  const bytes = journalOf(LONG, { sha256 });
  const [first, second, ...more] = stated(bytes);
  expect(first).toBeGreaterThan(100);
  expect(second).toBeGreaterThan(first!);
  expect(more.at(-1)).toBe(901);
  const lines = textOf(bytes).split("\n");
  const covered = lines.slice(first! - 1, second! - 1).map((line) => `${line}\n`);
  expect(lines[second! - 1]).toContain(
    `"sha256":"${createHash("sha256").update(covered.join("")).digest("hex")}"`,
  );
  expect(read(bytes).lines).toBe(901);
  expect(stated(journalOf(LONG))).toEqual([]);
});

test("finds a change by somebody who makes the checksums right again", () => {
  const bytes = journalOf(LONG, { sha256 });
  const changed = forged(bytes, (line, number) => (number === 7 ? line.replace("6xx", "5xx") : line));
  expect([...readJournal(changed)]).toHaveLength(901);
  const [first] = stated(bytes);
  const found = failure(() => read(changed));
  expect(found?.code).toBe("JOURNAL_CORRUPT");
  expect(found?.message).toMatch(
    new RegExp(`lines 1 to ${first! - 1} have the hash .* the journal was changed`),
  );
});

test("finds each line that is changed, left out or doubled before the end of a run", () => {
  const bytes = journalOf([...notes(40, 5), stop(50)], { sha256 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.constantFrom("change", "drop", "double"), (at, how) => {
      const lines = textOf(bytes).trimEnd().split("\n");
      if (how === "drop") lines.splice(at - 1, 1);
      if (how === "double") lines.splice(at, 0, lines[at - 1]!);
      const renumbered = forged(bytesOf(`${lines.join("\n")}\n`), (line, number) => {
        const body = how === "change" && number === at ? line.replace(/xx*"/, 'y"') : line;
        return body.replace(/"seq":\d+/, `"seq":${number}`);
      });
      expect([...readJournal(renumbered)].length).toBeGreaterThan(0);
      expect(failure(() => read(renumbered))?.code).toBe("JOURNAL_CORRUPT");
    }),
    { numRuns: 60 },
  );
});

test("reads them from chunks of any size, and with lines longer than the buffer", () => {
  const bytes = journalOf([...notes(300), note(301, "long ".repeat(20_000)), ...notes(300), stop(999)], {
    sha256,
  });
  expect(stated(bytes).length).toBeGreaterThan(2);
  for (const chunk of [1_000, 4_099, 65_536, bytes.length]) expect(read(bytes, chunk).lines).toBe(602);
  const half = journalOf([...notes(30, 5), stop(40)], { sha256 });
  for (let chunk = 1; chunk < 300; chunk += 7) expect(read(half, chunk).lines).toBe(31);
});

test("goes on with the hash of a journal that is appended to", () => {
  const before = journalOf(notes(400), { sha256 });
  const reader = new JournalReader({ sha256 });
  reader.push(before, () => undefined);
  const storage = new MemoryStorage();
  const writer = new JournalWriter({
    storage,
    runId: RUN,
    bootId: "boot-2",
    sha256,
    resume: { ...reader.end(), hash: reader.hash },
  });
  for (const event of LONG) writer.append(event, undefined);
  writer.flush();
  const all = Buffer.concat([before, storage.bytes()]);
  expect(read(all).lines).toBe(1_301);
  expect(
    failure(() => read(forged(all, (line, n) => (n === 395 ? line.replace("x", "y") : line))))?.code,
  ).toBe("JOURNAL_CORRUPT");
});

test("begins in the middle with the first hash that it meets", () => {
  const bytes = journalOf(LONG, { sha256 });
  const lines = textOf(bytes).split("\n");
  const offset = bytesOf(`${lines.slice(0, 10).join("\n")}\n`).length;
  const prev = Number.parseInt(/"crc":"(\w{8})"/.exec(lines[9]!)![1]!, 16);
  const from = { line: 11, offset, nextSeq: 11, prev };
  const reader = new JournalReader({ sha256, from });
  reader.push(bytes.slice(offset), () => undefined);
  expect(reader.end().lines).toBe(901);
});
