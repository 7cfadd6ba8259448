import type fc from "fast-check";
import type { FrameDecoder } from "@matchpoint/sdk";
import { createRiotDecoder } from "../../src/index.ts";
import { hostile } from "../hostile.ts";
import {
  details,
  detailsFrame,
  frame,
  gameId,
  listedGame,
  RIFT,
  schedule,
  listing,
  window,
} from "./messages.ts";

const G1 = gameId(1);
const G2 = gameId(2);

const games = [listedGame(1, "inProgress"), listedGame(2, "unstarted")];

/** Good answers, in an order that makes sense. */
export const SAMPLES: readonly object[] = [
  details([0, 0], games),
  window(G1, [frame(0), frame(500)]),
  window(G1, [
    frame(10_000, { gold: 24_000, kills: 4, dragons: ["ocean"], towers: 1 }, { dead: 2 }),
    frame(11_000),
  ]),
  window(G1, [frame(20_000, { gold: 26_000, kills: 4 }, {}, "paused")]),
  { frames: [detailsFrame(20_000, 26_000, 21_000)] },
  window(G2, [frame(30_000, { gold: 3_000 })]),
  details([1, 0], [listedGame(1, "completed"), listedGame(2, "inProgress")]),
  window(G1, [frame(40_000, { gold: 60_000, kills: 20 }, {}, "finished")]),
  details(
    [1, 1],
    [listedGame(1, "completed"), listedGame(2, "completed"), listedGame(2, "inProgress", "999")],
  ),
  details([2, 1], games, { outcomes: ["win", "loss"] }),
  schedule([listing("1")]),
];

/** What is sent to the decoders. */
export const frames: fc.Arbitrary<string> = hostile(SAMPLES);

/** The decoders that must bear it: fresh, in the middle of a match, and for answers about one game. */
export const decoders: Readonly<Record<string, () => FrameDecoder>> = {
  fresh: () => createRiotDecoder({ matches: [RIFT] }),
  running: () => running(),
  game: () => running().ofGame(G1),
};

function running(): ReturnType<typeof createRiotDecoder> {
  const decoder = createRiotDecoder({ matches: [RIFT] });
  for (const sample of SAMPLES.slice(0, 3)) {
    const bytes = new TextEncoder().encode(JSON.stringify(sample));
    decoder.decode(
      bytes,
      0,
      bytes.length,
      { at: 0 as never, receivedAt: Date.UTC(2026, 4, 1, 10) as never },
      () => undefined,
    );
  }
  return decoder;
}
