import { describe, expect, it } from "vitest";
import { parseSnapshot, snapshotBytes } from "../../src/node/snapshotFile.ts";
import type { SavedAccount } from "../../src/runtime/index.ts";

const POSITION = { line: 41, offset: 9_000, nextSeq: 41, prev: 0xdeadbeef };
const SAVED = {
  kinds: "a b",
  lines: 40,
  books: { note: "a line\nand \u2028 € more" },
} as unknown as SavedAccount;
const SOUND = snapshotBytes(SAVED, POSITION);

describe("a snapshot's bytes", () => {
  it("say what was written", () => {
    const found = parseSnapshot(SOUND);
    if (typeof found === "string") expect.unreachable(found);
    expect(found.position).toEqual(POSITION);
    expect(found.saved()).toEqual(SAVED);
    expect(found.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it("say nothing when they break off, at whatever byte", () => {
    for (let length = 0; length < SOUND.length; length++)
      expect(parseSnapshot(SOUND.subarray(0, length)), `${length} bytes`).toBeTypeOf("string");
  });

  it("have another digest when any of them is another, or are none of a snapshot", () => {
    const found = parseSnapshot(SOUND);
    if (typeof found === "string") expect.unreachable(found);
    for (let at = 0; at < SOUND.length; at++)
      for (const flip of [1, 32, 128, 255]) {
        const bytes = SOUND.slice();
        bytes[at]! ^= flip;
        const other = parseSnapshot(bytes);
        if (typeof other !== "string") expect(other.digest, `byte ${at}`).not.toBe(found.digest);
      }
  });

  it.each([
    ["", /does not begin/],
    ["null\n", /does not begin/],
    ["{}\n{}\n", /of version undefined/],
    ['{"matchpoint_snapshot":2,"bytes":3}\n{}\n', /what it stands for/],
    [
      '{"matchpoint_snapshot":2,"line":-1,"offset":0,"nextSeq":1,"prev":0,"bytes":3}\n{}\n',
      /what it stands for/,
    ],
    ['{"matchpoint_snapshot":2,"line":1,"offset":0,"nextSeq":1,"prev":0,"bytes":4}\n{}\n', /not whole/],
  ])("are refused when they are %j", (text, why) => {
    expect(parseSnapshot(Buffer.from(text))).toMatch(why);
  });
});
