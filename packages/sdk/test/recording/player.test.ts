import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FrameDecoder } from "../../src/contracts/index.ts";
import type { CoreEvent } from "../../src/events/index.ts";
import { RecordingPlayer, requireWhole, type RecordingHeader } from "../../src/recording/index.ts";
import { anyEvent } from "../support/anyEvent.ts";
import { bytesOf, failure, HEADER, record, textOf, type Frame } from "./support.ts";

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
const match = { matchId: "m", title: "cs2", teams: [{ name: "a" }, { name: "b" }], bestOf: 3 };
const OWN = { ...HEADER, channels: { own: { decoder: "events" }, facts: { decoder: "claims" } } };

async function play(frames: readonly Frame[], header: RecordingHeader = OWN, decoder?: FrameDecoder) {
  const events: CoreEvent[] = [];
  const player = new RecordingPlayer({ decoders: () => decoder, emit: (event) => events.push(event) });
  player.push(await record(frames, header));
  return { events, end: player.end(), player };
}

const json = (channel: string, t: number, value: unknown): Frame => ({
  channel,
  t,
  bytes: bytesOf(JSON.stringify(value)),
});

describe("playing a recording", () => {
  it("lists matches, then markets, before the first frame", async () => {
    const header = { ...OWN, markets: [market], matches: [match] } as unknown as RecordingHeader;
    const { events, player } = await play([json("own", 5_000, { type: "timer", timerId: "x" })], header);
    const stamp = { at: 0, receivedAt: 5_000 };
    expect(events).toEqual([
      { type: "match_listed", ...stamp, match },
      { type: "market_listed", ...stamp, market },
      { type: "timer", ...stamp, timerId: "x" },
    ]);
    expect(player.startsAt).toBe(5_000);
  });

  it("lists them also when no frame follows, at the time that the header states", async () => {
    const header = { ...OWN, matches: [match] } as unknown as RecordingHeader;
    const { events } = await play([], header);
    expect(events).toEqual([
      { type: "match_listed", at: 0, receivedAt: Date.parse(String(OWN.started_at)), match },
    ]);
  });

  it("gives our own events back with the frame's stamp", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent, { maxLength: 5 }), async (recorded) => {
        const { events } = await play(recorded.map((event, i) => json("own", 1_000 + i, event)));
        expect(events).toEqual(
          recorded.map((event, i) => ({ ...event, at: i * 1_000_000, receivedAt: 1_000 + i })),
        );
      }),
      { numRuns: 50 },
    );
  });

  it("takes claims without their type, also several in one frame", async () => {
    const claim = {
      matchId: "m",
      source: "hand",
      tier: "B",
      upstream: "stream",
      claim: { kind: "game_won", game: 1, winner: 0 },
    };
    const { events } = await play([json("facts", 10, [claim, { ...claim, occurredAt: 7 }])]);
    const stamped = { type: "match_claim", at: 0, receivedAt: 10, ...claim };
    expect(events).toEqual([stamped, { ...stamped, occurredAt: 7 }]);
  });

  it("quarantines what is no event, and goes on", async () => {
    const good = { type: "timer", timerId: "x" };
    const frames = [
      { channel: "own", t: 1, bytes: bytesOf("PONG") },
      json("own", 2, { type: "timer" }),
      json("own", 3, null),
      json("facts", 4, { matchId: "m" }),
      json("own", 5, good),
    ];
    const { events } = await play(frames);
    expect(events.map(({ type }) => type)).toEqual([...Array<string>(4).fill("frame_quarantined"), "timer"]);
    expect(events[0]).toMatchObject({ feed: "events", reason: "no JSON", sample: "PONG" });
    expect(events[1]).toMatchObject({ reason: expect.stringContaining("event.timerId") });
  });

  it("hands other channels to the adapters' decoders, with the bytes as they came", async () => {
    const seen: unknown[] = [];
    const decoder: FrameDecoder = {
      decode: (frame, start, end, { at, receivedAt }) =>
        seen.push([textOf(frame.subarray(start, end)), at, receivedAt]),
    };
    const header = { ...HEADER, channels: { m: { decoder: "polymarket-market" } } };
    const { player } = await play(
      [
        { channel: "m", t: 1_000.5, bytes: bytesOf('{"a": 1}') },
        { channel: "m", t: 1_000.75, bytes: bytesOf("PONG") },
        { channel: "m", t: 900, bytes: bytesOf("[]") },
        { channel: "m", t: 1_001.5, bytes: bytesOf("{}") },
      ],
      header,
      decoder,
    );
    expect(seen).toEqual([
      ['{"a": 1}', 0, 1_000.5],
      ["PONG", 250_000, 1_000.75],
      ["[]", 250_000, 900],
      ["{}", 1_000_000, 1_001.5],
    ]);
    expect(player.steppedBack).toBe(1);
  });

  it("plays the evidence in place of an event that no journal could be read back with", async () => {
    const decoder: FrameDecoder = {
      decode: (_frame, _start, _end, stamp, emit) => {
        emit({ type: "market_resolution", ...stamp, marketId: "m", payouts: [2e6, 0], source: "s" } as never);
      },
    };
    const header = { ...HEADER, channels: { m: { decoder: "polymarket-market" } } };
    const { events } = await play([json("m", 5, {})], header, decoder);
    expect(events).toMatchObject([
      { type: "frame_quarantined", marketId: "m", feed: "s", reason: expect.stringContaining("payouts[0]") },
    ]);
  });

  it("refuses a frame so far from the first that its time has no exact nanoseconds", async () => {
    const frames = [json("own", 0, {}), json("own", 1, {}), json("own", 1_780_000_000_000, {})];
    const found = await play(frames).catch((error: unknown) => error);
    expect(found).toMatchObject({
      code: "RECORDING_INVALID",
      message: expect.stringContaining("20602 days away from the first"),
      where: "recording: line 4",
    });
  });

  it("says which decoder is missing", async () => {
    const found = await play([], HEADER).catch(
      (error: unknown) => error as { code: string; message: string },
    );
    expect(found).toMatchObject({
      code: "RECORDING_INVALID",
      message: expect.stringContaining('"polymarket-market"'),
    });
  });

  it("goes on with a truncated recording only when that is allowed", async () => {
    const { end } = await play([]);
    expect(requireWhole(end, false)).toBe(end);
    const cut = { ...end, truncated: "recording is truncated" };
    expect(requireWhole(cut, true)).toBe(cut);
    expect(failure(() => requireWhole(cut, false))).toMatchObject({ code: "RECORDING_INVALID" });
  });
});
