import type fc from "fast-check";
import type { FrameDecoder } from "@matchpoint/sdk";
import { createSportsDecoder } from "../../src/index.ts";
import { hostile } from "../hostile.ts";
import { decode } from "../support.ts";
import { frame, MATCH, over } from "./messages.ts";

/** Good frames, in an order that makes sense. */
export const SAMPLES: readonly object[] = [
  frame("0-0|0-0|Bo3", { status: "not_started", live: false }),
  frame("3-5|0-0|Bo3"),
  frame("000-000|1-0|Bo3", { period: "2/3", homeTeam: "WLV", awayTeam: "Sea Otters" }),
  frame("000-000|1-1|Bo3", { period: "3/3" }),
  over("000-000|1-2|Bo3"),
  frame("0-0|0-0|Bo3", { status: "postponed", live: false }),
  [frame("000-000|1-1|Bo3"), { gameId: "nba-1", score: "88-90" }],
];

/** What is sent to the decoders. */
export const frames: fc.Arbitrary<string> = hostile(SAMPLES);

/** The decoders that must bear it: fresh, and in the middle of a match. */
export const decoders: Readonly<Record<string, () => FrameDecoder>> = {
  fresh: () => createSportsDecoder({ matches: [MATCH] }),
  running: () => {
    const decoder = createSportsDecoder({ matches: [MATCH] });
    decode(decoder, frame("5-3|1-0|Bo3", { period: "2/3" }));
    return decoder;
  },
};
