import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineSplitter } from "../../src/events/index.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

function split(chunks: readonly Uint8Array[]) {
  const lines: { text: string; line: number; offset: number }[] = [];
  const splitter = new LineSplitter(
    (buffer, start, end, line, offset) =>
      lines.push({ text: new TextDecoder().decode(buffer.subarray(start, end)), line, offset }),
    { code: "RECORDING_INVALID" },
  );
  for (const chunk of chunks) splitter.push(chunk);
  return { lines, rest: new TextDecoder().decode(splitter.rest), splitter };
}

describe("cutting bytes into lines", () => {
  it("finds the same lines however the bytes are cut into chunks", () => {
    const text = fc
      .array(fc.constantFrom("\n", "a", "bc", "é", "x".repeat(50), ""))
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, fc.array(fc.nat(20), { maxLength: 30 }), (whole, cuts) => {
        const bytes = bytesOf(whole);
        const chunks: Uint8Array[] = [];
        let at = 0;
        for (const cut of cuts) {
          chunks.push(bytes.slice(at, at + cut));
          at += cut;
        }
        chunks.push(bytes.slice(at));
        const expected = whole.split("\n");
        const rest = expected.pop();
        const found = split(chunks);
        expect(found.lines.map((line) => line.text)).toEqual(expected);
        expect(found.rest).toBe(rest);
        let offset = 0;
        for (const [i, line] of found.lines.entries()) {
          expect(line).toMatchObject({ line: i + 1, offset });
          offset += bytesOf(line.text).length + 1;
        }
        expect(found.splitter.offset).toBe(offset);
      }),
    );
  });

  it("refuses a line without end before it takes all memory", () => {
    const splitter = new LineSplitter(() => undefined, { code: "RECORDING_INVALID", maxLine: 1_000 });
    splitter.push(bytesOf("ok\n"));
    splitter.push(new Uint8Array(900));
    expect(() => splitter.push(new Uint8Array(200))).toThrow(
      expect.objectContaining({ code: "RECORDING_INVALID", message: expect.stringContaining("line 2") }),
    );
  });

  it("does not look at bytes beyond the chunk that it was given", () => {
    const backing = bytesOf("abc\nSECRET\n");
    expect(split([backing.subarray(0, 5)]).rest).toBe("S");
  });
});
