import type fc from "fast-check";
import type { FrameDecoder } from "@matchpoint/sdk";
import { createGridDecoder, createGridStateDecoder } from "../../src/index.ts";
import { hostile } from "../hostile.ts";
import { CS, decode, EPOCH } from "../support.ts";
import { event, gameState, seriesState, sweep, transaction } from "./transactions.ts";

const story = sweep();
const whole = seriesState(
  [gameState("g1", 1, [3, 4], { clock: { currentSeconds: 5, ticksBackwards: false } })],
  [1, 0],
);

/** Good frames, in an order that makes sense: transactions of a series, its rollback, and states of it. */
export const SAMPLES: readonly object[] = [
  ...story.slice(0, 12),
  ...story.slice(-6),
  transaction(1, [event("grid:GRID", "sampled", "series:2700001", { series: whole })]),
  transaction(1, [event("player:1", "killed", "player:2", { targetState: { game: { alive: false } } })]),
  transaction(7, [event("grid:GRID", "invalidated", "series:2700001", { delta: { valid: false } })]),
  transaction(8, [
    event("series:2700001", "!started", "game:g1", { delta: { games: [{ id: "g1", started: false }] } }),
  ]),
  transaction(9, [
    event("grid:GRID", "validated", "series:2700001", { delta: { valid: true }, series: whole }),
  ]),
  { data: { seriesState: { id: "2700001", updatedAt: new Date(EPOCH + 5_000).toISOString(), ...whole } } },
  { data: { seriesState: null }, errors: [{ message: "no", extensions: { errorType: "NOT_FOUND" } }] },
];

/** What is sent to the decoders. */
export const frames: fc.Arbitrary<string> = hostile(SAMPLES);

const bytesOf = (frame: Uint8Array, start: number, end: number): Uint8Array => frame.subarray(start, end);

/** The decoders that must bear it: fresh, in the middle of a series, as an answer for a gap, and polled. */
export const decoders: Readonly<Record<string, () => FrameDecoder>> = {
  fresh: () => createGridDecoder({ matches: [CS] }),
  running: () => {
    const decoder = createGridDecoder({ matches: [CS] });
    for (const frame of story.slice(0, 6)) decode(decoder, frame);
    return decoder;
  },
  adopting: () => {
    const decoder = createGridDecoder({ matches: [CS] });
    decode(decoder, story[0]);
    return {
      decode: (frame, start, end, stamp, emit) => {
        decoder.adopt(bytesOf(frame, start, end), stamp, emit);
      },
    };
  },
  state: () => createGridStateDecoder({ matches: [CS] }),
};
