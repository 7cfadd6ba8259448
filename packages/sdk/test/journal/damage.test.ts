// Every truncation and three changes of every byte of a journal; a sample of them, or with the variable all of 1,000 lines:
//   MATCHPOINT_DAMAGE=1000 npx vitest run packages/sdk/test/journal/damage.test.ts
import { crc32 } from "node:zlib";
import { expect, it } from "vitest";
import type { CoreEvent } from "../../src/events/index.ts";
import { JournalReader, type Crc32, type JournalEnd, type JournalPosition } from "../../src/journal/index.ts";
import { delta, journalOf, note } from "./support.ts";

const LINES = Number(process.env["MATCHPOINT_DAMAGE"] ?? "0");
/** Without the variable every so manieth byte of fewer lines. */
const STEP = 41;
/** Every so manieth damage is also read from the journal's start. */
const WHOLE = 499;
/** A byte becomes another in one bit, in all, and as an arbitrary one. */
const FLIPS = (at: number): readonly number[] => [1 << (at % 8), 0xff, 1 + ((at * 151) % 254)];
const HASH = "0123456789abcdef0123456789abcdef";

const fast: Crc32 = (bytes, start, end, before = 0) => crc32(bytes.subarray(start, end), before);

/** What a run writes: mostly books, and what tells of its own orders. */
function events(lines: number): readonly CoreEvent[] {
  return Array.from({ length: lines }, (_unused, i) => {
    const stamp = { at: i, receivedAt: 1_780_000_000_000 + i };
    if (i % 10 === 3) return note(i, `é${i}`);
    if (i % 10 === 6)
      return { type: "order_report", orderId: `0x${i}`, status: "live", ...stamp } as unknown as CoreEvent;
    if (i % 10 === 9)
      return {
        type: "order_prepared",
        intentId: `m-${i}`,
        orderId: `0x${i}`,
        ...stamp,
      } as unknown as CoreEvent;
    return delta(i, [0, 5_000 + (i % 50), 12_340_000 + i]);
  });
}

interface Outcome {
  readonly lines: number;
  readonly end: JournalEnd | undefined;
  readonly refusal: string | undefined;
}

/** Reads what a damaged file holds, from where it is sound to its end or to where it is refused. */
function outcome(bytes: Uint8Array, from?: JournalPosition): Outcome {
  const reader = new JournalReader({ crc32: fast, ...(from === undefined ? {} : { from }) });
  let lines = (from?.line ?? 1) - 1;
  try {
    reader.push(bytes.subarray(from?.offset ?? 0), (entry) => {
      lines += 1;
      // What is handed over is what was written, line by line.
      if (entry.seq !== lines || entry.event.at !== lines - 1) throw new RangeError(`not line ${lines}`);
    });
    return { lines, end: reader.end(), refusal: undefined };
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message: string };
    return { lines, end: undefined, refusal: `${code ?? "?"} ${message}` };
  }
}

/** Where the reader stands before each line of a sound journal, and after the last. */
function positions(whole: Uint8Array): readonly JournalPosition[] {
  const found: JournalPosition[] = [{ line: 1, offset: 0, nextSeq: 1, prev: 0 }];
  const reader = new JournalReader({ crc32: fast });
  let start = 0;
  for (let at = 0; at < whole.length; at++) {
    if (whole[at] !== 10) continue;
    reader.push(whole.subarray(start, at + 1), () => undefined);
    start = at + 1;
    const { lines, bytes: offset, nextSeq, prev } = reader.end();
    found.push({ line: lines + 1, offset, nextSeq, prev });
  }
  return found;
}

const damaged = "is recovered exactly or refused with the line named, however a journal is damaged";
it(damaged, { timeout: 3_600_000 }, () => {
  const count = LINES === 0 ? 120 : LINES;
  const whole = journalOf(events(count), { crc32: fast }, (i) => (i % 3 === 0 ? HASH : undefined));
  const before = positions(whole);
  const began = performance.now();
  let [cuts, flips, recovered, index] = [0, 0, 0, 0];
  const judge = (bytes: Uint8Array, from: JournalPosition): Outcome => {
    const found = outcome(bytes, from);
    if ((cuts + flips) % WHOLE === 0) expect(outcome(bytes)).toEqual(found);
    return found;
  };
  const bytes = Array.from(whole.keys()).filter(
    (at) => LINES > 0 || at % STEP === 0 || at === whole.length - 1,
  );
  for (const at of bytes) {
    while (before[index + 1]!.offset <= at) index += 1;
    const from = before[index]!;
    const { line, offset, nextSeq, prev } = from;
    const torn = at === offset ? undefined : { line, offset, bytes: at - offset };
    const cut = judge(whole.subarray(0, at), from);
    const end = { lines: line - 1, bytes: offset, nextSeq, prev, torn };
    if (JSON.stringify(cut.end) !== JSON.stringify(end)) expect({ at, cut }).toEqual({ at, cut: { end } });
    cuts += 1;
    for (const flip of FLIPS(at)) {
      whole[at]! ^= flip;
      const found = judge(whole, from);
      whole[at]! ^= flip;
      flips += 1;
      if (found.refusal === undefined) {
        // The newline that ends the file: its line now looks torn, and is cut.
        const seen = { at, lines: found.lines, torn: found.end!.torn?.line };
        expect(seen).toEqual({ at: whole.length - 1, lines: count - 1, torn: count });
        recovered += 1;
        continue;
      }
      const named = found.refusal.startsWith(`JOURNAL_CORRUPT journal: line ${line}, byte ${offset}: `);
      if (!named || found.lines !== line - 1)
        expect({ at, flip, found }).toEqual({ at, flip, found: `refused at line ${line}` });
    }
  }
  expect(recovered).toBe(FLIPS(0).length);
  expect(cuts).toBe(bytes.length);
  const seconds = ((performance.now() - began) / 1e3).toFixed(0);
  if (LINES > 0)
    console.log(
      `${count} lines, ${whole.length} bytes: ${cuts} truncations recovered exactly; of ${flips} changed bytes ${flips - recovered} refused by line, ${recovered} recovered; ${seconds} s`,
    );
});
