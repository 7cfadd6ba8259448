import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MemoryStorage } from "../../src/journal/index.ts";
import { RecordingWriter, type RecordingHeader } from "../../src/recording/index.ts";
import { anyMarket, anyMatch } from "../support/anyEvent.ts";
import { bytesOf, chunksOf, failure, HEADER, headerLine, readBack, record, textOf } from "./support.ts";

const anyBytes = fc.oneof(
  fc.jsonValue().map((value) => bytesOf(JSON.stringify(value))),
  fc.jsonValue().map((value) => bytesOf(JSON.stringify(value, null, 2))),
  fc.string({ unit: "binary", maxLength: 20 }).map(bytesOf),
  fc.uint8Array({ maxLength: 20 }),
  fc.constantFrom(...'PING|{|}|{}}|"|[1,2]|  {"a":1}  |null|\ufeff{}|{"a":"\\n"}'.split("|").map(bytesOf)),
);
const anyFrame = fc.record({
  channel: fc.constantFrom(...Object.keys(HEADER.channels)),
  t: fc.oneof(
    fc.integer({ min: 0, max: 2e12 }),
    fc.double({ min: -1e6, max: 2e12, noNaN: true }).map((t) => t + 0 || 0),
  ),
  bytes: anyBytes,
});

describe("a recording", () => {
  it("gives back every frame byte for byte, with channel and time, however it is cut into chunks", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyFrame, { maxLength: 12 }),
        fc.integer({ min: 1, max: 300 }),
        async (frames, step) => {
          const bytes = await record(frames);
          const back = readBack(chunksOf(bytes, step));
          expect(back.headers).toEqual([HEADER]);
          expect(back.frames).toEqual(frames.map((frame, i) => ({ ...frame, line: i + 2 })));
          expect(back.end).toEqual({ frames: frames.length, bytes: bytes.length, truncated: undefined });
        },
      ),
    );
  });

  it("is lines of JSON that any tool can read, with JSON frames verbatim", async () => {
    const bytes = await record([
      { channel: "market", t: 1_780_000_000_000.25, bytes: bytesOf('{"b": 1.50, "a":"é"}') },
      { channel: "grid:1", t: 2, bytes: bytesOf('{\n"a":1}') },
      { channel: "own", t: 3, bytes: bytesOf("PONG") },
      { channel: "own", t: 4, bytes: new Uint8Array([255, 0, 10]) },
    ]);
    const lines = textOf(bytes).split("\n");
    expect(lines.slice(1)).toEqual([
      '{"t":1780000000000.25,"ch":"market","json":{"b": 1.50, "a":"é"}}',
      '{"t":2,"ch":"grid:1","text":"{\\n\\"a\\":1}"}',
      '{"t":3,"ch":"own","text":"PONG"}',
      '{"t":4,"ch":"own","base64":"/wAK"}',
      '{"end":true,"lines":4}',
      "",
    ]);
    for (const line of lines.slice(0, -1)) JSON.parse(line);
  });

  it("keeps a 5 MB frame", async () => {
    const frame = { channel: "market", t: 1, bytes: bytesOf(JSON.stringify({ a: "x".repeat(5_000_000) })) };
    const after = { channel: "market", t: 2, bytes: bytesOf("{}") };
    const back = readBack(chunksOf(await record([frame, after]), 65_536));
    expect(back.frames.map(({ bytes }) => bytes.length)).toEqual([frame.bytes.length, 2]);
  });

  it("carries any market and match in its header", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyMarket, { maxLength: 3 }),
        fc.array(anyMatch, { maxLength: 3 }),
        async (markets, matches) => {
          const header = { ...HEADER, markets, matches } as unknown as RecordingHeader;
          expect(readBack([await record([], header)]).headers).toEqual([header]);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("may be written by hand, with blanks and Windows line ends", () => {
    const text = [
      headerLine(),
      '{ "t" : 5.5 , "ch" : "market" , "json" : {"a": [1, 2]} }',
      '{"t":6e3,"ch": "own","text": "a\\u0000b"}  ',
      '{"end": true, "lines": 2}',
      "",
    ].join("\r\n");
    const { frames, end } = readBack([bytesOf(text)]);
    expect(frames.map(({ t, channel, bytes }) => [t, channel, textOf(bytes)])).toEqual([
      [5.5, "market", '{"a": [1, 2]}'],
      [6_000, "own", "a\0b"],
    ]);
    expect(end.truncated).toBeUndefined();
  });
});

describe("a recording that is not whole", () => {
  it("is reported at every byte it may break off, with the frames that are usable", async () => {
    const frames = [1, 2, 3].map((t) => ({ channel: "market", t, bytes: bytesOf(`{"n":${t}}`) }));
    const whole = await record(frames);
    const header = textOf(whole).indexOf("\n") + 1;
    for (let length = header; length < whole.length; length++) {
      const { end, frames: usable } = readBack([whole.slice(0, length)]);
      expect(usable).toEqual(frames.slice(0, usable.length).map((frame, i) => ({ ...frame, line: i + 2 })));
      expect(end.frames).toBe(usable.length);
      expect(end.truncated).toContain(`${usable.length} frames are usable`);
    }
    for (let length = 0; length < header; length++) {
      expect(failure(() => readBack([whole.slice(0, length)]))).toMatchObject({
        code: "RECORDING_INVALID",
        message: expect.stringContaining("it has no header"),
      });
    }
  });

  it("is refused when frames are missing from its middle", async () => {
    const frames = [1, 2, 3].map((t) => ({ channel: "market", t, bytes: bytesOf("{}") }));
    const lines = textOf(await record(frames)).split("\n");
    lines.splice(2, 1);
    expect(failure(() => readBack([bytesOf(lines.join("\n"))]))!.message).toContain(
      "the end line counts 3 frames, but there are 2",
    );
  });
});

describe("a bad recording", () => {
  const line = '{"t":1,"ch":"market","json":{}}';
  it.each([
    ["no JSON", 2, "oops"],
    ["a line is", 2, "{}"],
    ["a line is", 2, "5"],
    ["a line is", 2, '{"end":true}'],
    ["a line is", 2, '{"end":true,"lines":"2"}'],
    ["a line is", 2, '{"ch":"market","t":1,"json":{}}'],
    ["no JSON", 2, ""],
    ["t is no number", 2, '{"t":"1","ch":"market","json":{}}'],
    ["t is no number", 2, '{"t":1e309,"ch":"market","json":{}}'],
    ["t is no number", 2, '{"t":NaN,"ch":"market","json":{}}'],
    ["t is no number", 2, '{"t":--1,"ch":"market","json":{}}'],
    ["t is no number", 2, `{"t":${"9".repeat(500)},"ch":"market","json":{}}`],
    ['expected "ch"', 2, '{"t":1,"json":{}}'],
    ['expected "ch"', 2, '{"t":1,"ch":5,"json":{}}'],
    ["the channel name has no end", 2, '{"t":1,"ch":"market'],
    ['no channel "trades"', 2, '{"t":1,"ch":"trades","json":{}}'],
    ['no channel "__proto__"', 2, '{"t":1,"ch":"__proto__","json":{}}'],
    ['expected "json"', 2, '{"t":1,"ch":"market","jsn":{}}'],
    ['expected "json"', 2, '{"t":1,"ch":"market"}'],
    ['expected "json"', 2, '{"t":1,"ch":"market","json":}'],
    ["does not end with }", 2, '{"t":1,"ch":"market","json":{'],
    ["the frame is no text", 2, '{"t":1,"ch":"market","text":5}'],
    ["no JSON", 2, '{"t":1,"ch":"market","text":"a}'],
    ["no base64", 2, '{"t":1,"ch":"market","base64":"*"}'],
    ["there is more after the end line", 4, `${line}\n{"end":true,"lines":1}\n${line}`],
    ["there is more after the end line", 3, `{"end":true,"lines":0}\n${line}`],
  ])("is refused with its line: %s", (message, number, text) => {
    expect(failure(() => readBack([bytesOf(`${headerLine()}\n${text}\n`)]))).toMatchObject({
      code: "RECORDING_INVALID",
      message: expect.stringMatching(new RegExp(`line ${number}, byte \\d+: .*${message}`)),
    });
  });

  it.each([
    ["the first line is no header", { matchpoint_recording: undefined }],
    ["has version 2", { matchpoint_recording: 2 }],
    ["created_by", { created_by: 5 }],
    ["source", { source: undefined }],
    ["started_at", { started_at: "yesterday" }],
    ["header.markets is no list", { markets: {} }],
    ["header.markets[0].title", { markets: [{ marketId: "m" }] }],
    ["header.matches[0].teams", { matches: [{ matchId: "m", title: "lol", teams: ["a"], bestOf: 3 }] }],
    ["header.channels", { channels: [] }],
    ["channel name", { channels: { 'a"b': { decoder: "x" } } }],
    ["decoder", { channels: { a: {} } }],
  ])("is refused for its header: %s", (message, changes) => {
    expect(failure(() => readBack([bytesOf(`${headerLine(changes)}\n`)]))).toMatchObject({
      code: "RECORDING_INVALID",
      message: expect.stringContaining(message),
    });
    expect(
      failure(
        () =>
          new RecordingWriter({ storage: new MemoryStorage(), header: { ...HEADER, ...changes } as never }),
      ),
    ).toMatchObject({ code: "RECORDING_INVALID" });
  });

  it("is not written in the first place", async () => {
    const writer = new RecordingWriter({ storage: new MemoryStorage(), header: HEADER });
    expect(failure(() => writer.frame("nobody", 1 as never, bytesOf("{}")))!.message).toContain(
      'no channel "nobody"',
    );
    expect(failure(() => writer.frame("market", NaN as never, bytesOf("{}")))!.message).toContain(
      "time is NaN",
    );
    await writer.close();
    expect(failure(() => writer.frame("market", 1 as never, bytesOf("{}")))!.message).toContain("ended");
  });
});
