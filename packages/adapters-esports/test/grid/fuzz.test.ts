import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createGridDecoder,
  createGridStateDecoder,
  GRID_STATE_RESPONSE,
  GRID_TRANSACTION,
} from "../../src/index.ts";
import { ordeal } from "../ordeal.ts";
import { CS, decode, problemsOf, told } from "../support.ts";
import * as ordeals from "./hostile.ts";
import { gameState, roundWon, seriesState, sweep, transaction, event } from "./transactions.ts";

const frames = sweep();
const whole = seriesState(
  [gameState("g1", 1, [3, 4], { clock: { currentSeconds: 5, ticksBackwards: false } })],
  [1, 0],
);
const samples: readonly object[] = [
  ...frames.slice(0, 12),
  ...frames.slice(-6),
  transaction(1, [event("grid:GRID", "sampled", "series:2700001", { series: whole })]),
  transaction(1, [event("player:1", "killed", "player:2", { targetState: { game: { alive: false } } })]),
  transaction(1, [
    event("game:g1", "set", "clock:clock", {
      targetState: { currentSeconds: 95 },
      actorState: gameState("g1", 1, [0, 0]),
    }),
  ]),
];

/** Values that a feed must not be able to do harm with. */
const nasty = fc
  .constantFrom<unknown>(
    null,
    true,
    -1,
    0,
    1.5,
    99,
    100,
    1_001,
    1_000_000,
    1_000_001,
    1e308,
    9_007_199_254_740_993,
    "",
    "x",
    "96",
    [],
    {},
    [null],
    [[]],
    { id: null },
    { constructor: 1 },
    "y".repeat(50_000),
  )
  .map((value) => structuredClone(value)); // it is changed by later hits

interface Site {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function sites(value: unknown, found: Site[] = []): Site[] {
  if (typeof value !== "object" || value === null) return found;
  for (const key of Object.keys(value)) {
    found.push({ holder: value as Record<string, unknown>, key });
    sites((value as Record<string, unknown>)[key], found);
  }
  return found;
}

/** A good frame with some of its fields replaced or removed. */
const damaged = fc
  .record({
    sample: fc.nat({ max: samples.length - 1 }),
    hits: fc.array(fc.tuple(fc.nat(), fc.option(nasty, { nil: undefined })), { minLength: 1, maxLength: 3 }),
  })
  .map(({ sample, hits }) => {
    const frame = structuredClone(samples[sample]!);
    for (const [where, value] of hits) {
      const all = sites(frame);
      const site = all[where % Math.max(1, all.length)];
      if (site === undefined) continue;
      if (value === undefined) Reflect.deleteProperty(site.holder, site.key);
      else site.holder[site.key] = value;
    }
    return frame;
  });

describe("hostile frames", () => {
  const decoders = {
    events: () => createGridDecoder({ matches: [CS] }),
    state: () => createGridStateDecoder({ matches: [CS] }),
  };

  for (const [name, make] of Object.entries(decoders)) {
    it(`never make the ${name} decoder throw or say what no journal takes, and lead to one quarantine at most`, () => {
      const anything = fc.oneof(
        damaged,
        fc.json(),
        fc.string(),
        fc.anything().map((value) => JSON.stringify(value)),
      );
      fc.assert(
        fc.property(fc.array(anything, { maxLength: 6 }), (list) => {
          const decoder = make();
          for (const frame of list) {
            const told = decode(decoder, frame);
            expect(problemsOf(told)).toEqual([]);
            expect(told.filter((one) => one.type === "frame_quarantined").length).toBeLessThanOrEqual(1);
          }
        }),
        { numRuns: 300 },
      );
    });
  }

  for (const [name, make] of Object.entries(ordeals.decoders)) {
    it(`are borne by the decoder that is ${name}`, () => {
      const { quarantined, claims } = ordeal(make, ordeals.frames, 400, 7);
      expect(quarantined).toBeGreaterThan(30);
      expect(claims).toBeGreaterThan(10);
    });
  }

  it("among good ones lead to nothing that no journal takes", () => {
    fc.assert(
      fc.property(fc.nat({ max: frames.length - 1 }), fc.nat(), nasty, (which, where, value) => {
        const list = structuredClone(frames);
        const all = sites(list[which]);
        const site = all[where % all.length]!;
        site.holder[site.key] = value;
        const decoder = createGridDecoder({ matches: [CS] });
        const events = list.flatMap((frame) => decode(decoder, frame));
        expect(problemsOf(events)).toEqual([]);
        expect(events.length).toBeGreaterThan(0);
      }),
    );
  });

  it.each([
    ["nothing", ""],
    ["no JSON", "<html>502</html>"],
    ["half a frame", JSON.stringify(frames[4]).slice(0, 200)],
    ["two frames", `${JSON.stringify(frames[4])}${JSON.stringify(frames[5])}`],
    ["null", "null"],
    ["a list", "[]"],
    ["a number", "7"],
    ["an empty object", "{}"],
    ["deep nesting", "[".repeat(100_000)],
    ["deep nesting that closes", `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`],
    ["five megabytes of text", JSON.stringify({ seriesId: "z".repeat(5_000_000) })],
    ["a prototype", '{"__proto__":{"seriesId":"2700001","sequenceNumber":1,"events":[]}}'],
    [
      "a hundred maps won",
      JSON.stringify(
        transaction(1, [
          event("tournament:9", "started", "series:2700001", {
            delta: { teams: [{ id: "96", score: 100 }] },
          }),
        ]),
      ),
    ],
    [
      "two million kills",
      JSON.stringify(
        transaction(1, [
          event("tournament:9", "started", "series:2700001", {
            delta: { games: [{ id: "g1", teams: [{ id: "96", kills: 2_000_000 }] }] },
          }),
        ]),
      ),
    ],
    ["a negative sequence", JSON.stringify(transaction(-4, []))],
    [
      "an infinite increment",
      JSON.stringify(transaction(1, [roundWon("g1", 1, "96")])).replace('"score":1', '"score":1e309'),
    ],
    [
      "a fraction for a number",
      JSON.stringify(frames[4]).replace('"sequenceNumber":5', '"sequenceNumber":5.5'),
    ],
  ])("%s is quarantined with a short sample", (_, frame) => {
    const events = decode(createGridDecoder({ matches: [CS] }), frame);
    expect(told(events)).toEqual(["frame_quarantined"]);
    const [one] = events as unknown as [{ sample: string; reason: string; feed: string }];
    expect(one.feed).toBe("grid");
    expect(one.sample).toBe(frame.slice(0, 200));
    expect(one.reason.length).toBeGreaterThan(5);
    expect(one.reason.length).toBeLessThan(200);
  });

  it("bytes that are no text are quarantined", () => {
    const decoder = createGridDecoder({ matches: [CS] });
    const events: string[] = [];
    const bytes = new Uint8Array(900).fill(0xfe);
    decoder.decode(bytes, 0, bytes.length, { at: 0 as never, receivedAt: 0 as never }, (one) =>
      events.push(one.type),
    );
    expect(events).toEqual(["frame_quarantined"]);
  });

  it("do not hide what their consumer throws", () => {
    const bytes = new TextEncoder().encode(JSON.stringify(frames[0]));
    const good = new TextEncoder().encode(
      JSON.stringify(transaction(1, [event("tournament:9", "started", "series:2700001")])),
    );
    const decoder = createGridDecoder({ matches: [CS] });
    const fail = (): never => {
      throw new RangeError("the consumer's own");
    };
    const stamp = { at: 0 as never, receivedAt: 0 as never };
    expect(() => decoder.decode(good, 0, good.length, stamp, fail)).toThrow("the consumer's own");
    expect(() => decoder.decode(bytes, 0, 5, stamp, fail)).toThrow("the consumer's own");
  });

  it("reads only its part of a buffer that holds more", () => {
    const text = JSON.stringify(transaction(1, [event("tournament:9", "started", "series:2700001")]));
    const bytes = new TextEncoder().encode(`garbage${text}garbage`);
    const events: string[] = [];
    createGridDecoder({ matches: [CS] }).decode(
      bytes,
      7,
      7 + text.length,
      { at: 0 as never, receivedAt: 0 as never },
      (one) => events.push(one.type),
    );
    expect(events).toEqual(["match_claim"]);
  });
});

/** Why a frame was quarantined. */
function says(frame: unknown): string {
  const events = decode(createGridDecoder({ matches: [CS] }), frame);
  return events.map((one) => (one.type === "frame_quarantined" ? one.reason : "")).join();
}

describe("the schemas", () => {
  it("accept exactly the transactions that the decoder accepts", () => {
    let refused = 0;
    let taken = 0;
    fc.assert(
      fc.property(damaged, (frame) => {
        const json: unknown = JSON.parse(JSON.stringify(frame));
        const quarantined = told(decode(createGridDecoder({ matches: [CS] }), frame)).includes(
          "frame_quarantined",
        );
        const valid = GRID_TRANSACTION.safeParse(json).success;
        if (valid) taken += 1;
        else refused += 1;
        // A frame may also be quarantined for what it says: a jump, a winner of another match.
        if (!valid) expect(quarantined, JSON.stringify(json).slice(0, 3000)).toBe(true);
        else if (quarantined) expect(says(frame)).toMatch(/too far|neither team/);
      }),
      { numRuns: 600 },
    );
    expect(refused).toBeGreaterThan(50);
    expect(taken).toBeGreaterThan(50);
  });

  it("accept exactly the states that the decoder accepts", () => {
    const base = { data: { seriesState: { id: "2700001", updatedAt: "2026-05-01T10:00:00Z", ...whole } } };
    const broken = fc.tuple(fc.nat(), fc.option(nasty, { nil: undefined })).map(([where, value]) => {
      const frame = structuredClone(base);
      const all = sites(frame);
      const site = all[where % all.length]!;
      if (value === undefined) Reflect.deleteProperty(site.holder, site.key);
      else site.holder[site.key] = value;
      return frame;
    });
    fc.assert(
      fc.property(broken, (frame) => {
        const json: unknown = JSON.parse(JSON.stringify(frame));
        const quarantined = told(decode(createGridStateDecoder({ matches: [CS] }), frame)).includes(
          "frame_quarantined",
        );
        const parsed = GRID_STATE_RESPONSE.safeParse(json);
        const named = parsed.data?.data?.seriesState;
        const valid =
          parsed.success &&
          (named === undefined || named === null || (typeof named.id === "string" && named.id !== ""));
        expect(quarantined, JSON.stringify(json).slice(0, 2000)).toBe(!valid);
      }),
      { numRuns: 300 },
    );
  });
});
