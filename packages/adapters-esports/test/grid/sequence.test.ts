import type { CoreEvent } from "@matchpoint/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGridDecoder, type GridDecoder, type GridGap } from "../../src/index.ts";
import { bytesOf, CS, decode, stampAt, told } from "../support.ts";
import {
  event,
  gameStarted,
  gameState,
  roundStarted,
  roundWon,
  seriesState,
  started,
  sweep,
  transaction,
} from "./transactions.ts";

function decoderWithGaps(): { decoder: GridDecoder; gaps: GridGap[] } {
  const gaps: GridGap[] = [];
  return { decoder: createGridDecoder({ matches: [CS], onGap: (gap) => gaps.push(gap) }), gaps };
}

const frames = sweep();

function run(order: readonly number[]): { decoder: GridDecoder; events: CoreEvent[] } {
  const { decoder } = decoderWithGaps();
  const events = order.flatMap((index) => decode(decoder, frames[index], stampAt(100_000)));
  return { decoder, events };
}

const inOrder = run(frames.map((_, index) => index));
const straight = told(inOrder.events);

describe("the sequence", () => {
  it("knows duplicates by their number", () => {
    const { decoder } = decoderWithGaps();
    decode(decoder, frames[0]);
    decode(decoder, frames[1]);
    expect(decode(decoder, frames[1])).toEqual([]);
    expect(decode(decoder, frames[0])).toEqual([]);
    expect(decoder.stats).toMatchObject({ transactions: 2, duplicates: 2, gaps: 0 });
  });

  it("counts an event once that a transaction holds twice", () => {
    const { decoder } = decoderWithGaps();
    const round = { ...roundWon("g1", 1, "96"), id: "e1" };
    const events = decode(decoder, transaction(1, [gameStarted("g1"), round, round]));
    expect(told(events).at(-1)).toBe("progress 1 1-0 r1");
  });

  it("keeps what comes after a gap until the gap is closed, and says so", () => {
    const { decoder, gaps } = decoderWithGaps();
    decode(decoder, frames[0]);
    expect(decode(decoder, frames[3], stampAt(5000))).toEqual([]); // it may only have overtaken another
    const open = decode(decoder, frames[4], stampAt(5000));
    expect(open).toMatchObject([
      {
        type: "source_health",
        health: "invalid",
        matchId: CS.matchId,
        reason: "gap: expected 2, received 4",
      },
    ]);
    expect(gaps).toEqual([{ matchId: CS.matchId, expected: 2, received: 4 }]);
    expect(decoder.status(CS.matchId)).toMatchObject({ sequence: 1, gapped: true });
    expect(told(decode(decoder, frames[1], stampAt(5000)))).toEqual(["series_started"]);
    expect(told(decode(decoder, frames[2], stampAt(5000)))).toEqual([
      "game_started 1 g1",
      "progress 1 0-0",
      "progress 1 0-0 r1",
      "progress 1 0-1 r1",
      "health live",
    ]);
    expect(decoder.status(CS.matchId)).toMatchObject({ sequence: 5, gapped: false });
  });

  it("joined late has a gap from the beginning", () => {
    const { decoder, gaps } = decoderWithGaps();
    decode(decoder, frames[10]);
    expect(told(decode(decoder, frames[11]))).toEqual(["health invalid"]);
    expect(gaps).toMatchObject([{ expected: 1, received: 11 }]);
  });

  it("is closed by a whole state, which says what was missed", () => {
    const { decoder } = decoderWithGaps();
    decode(decoder, frames[0]);
    decode(decoder, frames[5], stampAt(8000));
    const whole = seriesState([gameState("g1", 1, [6, 2])]);
    const sampled = transaction(9, [event("grid:GRID", "sampled", "series:2700001", { series: whole })]);
    // The missing ones may still come: for two seconds nothing is concluded.
    expect(told(decode(decoder, sampled, stampAt(9500)))).toEqual(["health invalid"]);
    expect(told(decode(decoder, transaction(10, []), stampAt(10_000)))).toEqual([
      "series_started",
      "game_started 1 g1",
      "progress 1 6-2",
      "health live",
    ]);
    expect(told(decode(decoder, transaction(11, [roundWon("g1", 9, "97")]), stampAt(11_500)))).toEqual([
      "progress 1 6-3 r9",
    ]);
  });

  it("goes on without the missing when too much waits for them, and says no score that it cannot know", () => {
    const { decoder } = decoderWithGaps();
    decode(decoder, transaction(1, [started()]));
    decode(decoder, transaction(2, [gameStarted("g1")]));
    let events: CoreEvent[] = [];
    for (let sequence = 4; sequence < 4 + 256; sequence++) {
      events = decode(decoder, transaction(sequence, [roundWon("g1", 1, "96")]), stampAt(300_000));
    }
    expect(told(events)).toEqual(["progress 1 r1"]);
    expect(decoder.status(CS.matchId)).toMatchObject({ sequence: 259, gapped: true, needsState: true });
    const whole = seriesState([gameState("g1", 1, [9, 9])]);
    const sampled = transaction(260, [event("grid:GRID", "sampled", "series:2700001", { series: whole })]);
    expect(told(decode(decoder, sampled, stampAt(300_000)))).toEqual(["progress 1 9-9", "health replaying"]);
    expect(decoder.status(CS.matchId)).toMatchObject({ gapped: false, needsState: false });
  });

  it("refuses a jump that no series can make", () => {
    const { decoder, gaps } = decoderWithGaps();
    expect(told(decode(decoder, transaction(900_000_000, [started()])))).toEqual(["frame_quarantined"]);
    expect(gaps).toEqual([]);
    expect(told(decode(decoder, transaction(1, [started()])))).toEqual(["series_started"]);
  });

  it("does not mistake a transaction that cannot be read for one that is missing", () => {
    const { decoder, gaps } = decoderWithGaps();
    decode(decoder, transaction(1, [started(), gameStarted("g1"), roundWon("g1", 1, "96")]));
    const broken = transaction(2, [{ ...roundWon("g1", 2, "96"), seriesStateDelta: { games: "none" } }]);
    expect(told(decode(decoder, broken))).toEqual(["frame_quarantined"]);
    expect(gaps).toEqual([]);
    expect(decoder.status(CS.matchId)).toMatchObject({ sequence: 2, needsState: true, gapped: false });
    // The score can no longer be known; that a round has begun can.
    expect(told(decode(decoder, transaction(3, [roundStarted("g1", 3)])))).toEqual(["progress 1 r3"]);
  });

  it("leads to the same claims whatever the network does to the order", () => {
    const disorder = fc
      .record({
        jitter: fc.array(fc.integer({ min: 0, max: 12 }), {
          minLength: frames.length,
          maxLength: frames.length,
        }),
        twice: fc.uniqueArray(fc.integer({ min: 0, max: frames.length - 1 }), { maxLength: 15 }),
      })
      .map(({ jitter, twice }) =>
        [...frames.keys(), ...twice]
          .map((index, n) => ({ index, at: index + (n < frames.length ? jitter[index]! : 20 + (index % 7)) }))
          .sort((a, b) => a.at - b.at)
          .map(({ index }) => index),
      );
    fc.assert(
      fc.property(disorder, (order) => {
        const { decoder, events } = run(order);
        expect(told(events).filter((each) => !each.startsWith("health"))).toEqual(straight);
        expect(decoder.status(CS.matchId)).toMatchObject({
          sequence: frames.length,
          gapped: false,
          over: true,
        });
      }),
    );
  });
});

describe("adopting a series state", () => {
  const body = (state: object | null): Uint8Array =>
    bytesOf({ data: { seriesState: state === null ? null : { id: "2700001", ...state } } });
  const at = (seconds: number): string => new Date(stampAt(seconds * 1000).receivedAt).toISOString();

  function gapped(): GridDecoder {
    const { decoder } = decoderWithGaps();
    decode(decoder, transaction(1, [started(), gameStarted("g1")]));
    decode(decoder, transaction(5, [roundStarted("g1", 4)]));
    decode(decoder, transaction(6, []));
    return decoder;
  }

  it("closes a gap with what the state says, as history", () => {
    const decoder = gapped();
    const events: CoreEvent[] = [];
    const state = seriesState([gameState("g1", 1, [2, 1])], [0, 0], { updatedAt: at(6) });
    expect(decoder.adopt(body(state), stampAt(7000), (each) => events.push(each))).toBe("adopted");
    expect(told(events)).toEqual(["progress 1 2-1", "progress 1 r4", "health live"]);
    expect(events[0]).toMatchObject({ replayed: true, ref: `state-${stampAt(6000).receivedAt}` });
    // Whether the state had counted a later increment nobody can say: no score until the next whole state.
    expect(told(decode(decoder, transaction(7, [roundWon("g1", 4, "96")])))).toEqual([]);
    const segments = [{ id: "round-7", type: "round", sequenceNumber: 7, started: true }];
    const next = event("game:g1", "started", "round:round-7", {
      actorState: gameState("g1", 1, [4, 2], { segments }),
    });
    expect(told(decode(decoder, transaction(8, [next])))).toEqual(["progress 1 4-2 r7"]);
  });

  it("does not let older transactions take back what the state knows", () => {
    const decoder = gapped();
    const emit = (): void => undefined;
    const state = seriesState(
      [
        gameState("g1", 1, [13, 1], {
          finished: true,
          teams: [
            { id: "96", won: true, score: 13 },
            { id: "97", won: false, score: 1 },
          ],
        }),
      ],
      [1, 0],
      { updatedAt: at(60) },
    );
    expect(decoder.adopt(body(state), stampAt(61_000), emit)).toBe("adopted");
    const older = event("grid:GRID", "sampled", "series:2700001", {
      series: seriesState([gameState("g1", 1, [8, 1])]),
    });
    expect(decode(decoder, transaction(7, [older]), stampAt(61_000))).toEqual([]);
  });

  it("is not kept from it by a transaction whose time is of the future, nor kept from states by such a state", () => {
    const decoder = gapped();
    const emit = (): void => undefined;
    const future = "2062-05-01T10:00:00.000Z";
    const late = transaction(2, [], { occurredAt: future, publishedAt: future });
    decode(decoder, late, stampAt(7_000));
    const state = (updatedAt: string) => seriesState([gameState("g1", 1, [2, 1])], [0, 0], { updatedAt });
    expect(decoder.adopt(body(state(at(6))), stampAt(7_000), emit)).toBe("adopted");
    expect(decoder.adopt(body(state(future)), stampAt(8_000), emit)).toBe("adopted");
    const next = event("game:g1", "started", "round:round-7", { actorState: gameState("g1", 1, [4, 2]) });
    expect(told(decode(decoder, transaction(7, [next], { occurredAt: at(9) }), stampAt(9_500)))).toEqual([
      "progress 1 4-2",
    ]);
  });

  it("refuses what is older than what is known, absent, or an error", () => {
    const decoder = gapped();
    const events: CoreEvent[] = [];
    const emit = (each: CoreEvent): number => events.push(each);
    const old = seriesState([], [0, 0], { updatedAt: at(-60) });
    expect(decoder.adopt(body(old), stampAt(7000), emit)).toBe("stale");
    expect(decoder.adopt(body(null), stampAt(7000), emit)).toBe("absent");
    const denied = bytesOf({ errors: [{ message: "no", extensions: { errorType: "PERMISSION_DENIED" } }] });
    expect(decoder.adopt(denied, stampAt(7000), emit)).toBe("refused");
    expect(events).toEqual([]);
    expect(decoder.adopt(bytesOf("<html>"), stampAt(7000), emit)).toBe("refused");
    expect(told(events)).toEqual(["frame_quarantined"]);
    expect(decoder.status(CS.matchId)).toMatchObject({ gapped: true });
  });
});
