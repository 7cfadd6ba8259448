import type fc from "fast-check";
import type { FrameDecoder } from "@matchpoint/sdk";
import { createLiquipediaDecoder } from "../../src/index.ts";
import { hostile } from "../hostile.ts";
import { answer, givenUp, leading, opponents, record, SERIES, won } from "./records.ts";

/** Good answers. */
export const SAMPLES: readonly object[] = [
  answer(record()),
  answer(leading, record({ match2id: "other" })),
  answer(won),
  answer(givenUp),
  answer({ ...givenUp, match2games: [] }),
  answer(record({ finished: 1, status: "notplayed", resulttype: "np" })),
  answer(
    record({ finished: 1, winner: "0", resulttype: "draw", match2opponents: opponents([1, "S"], [1, "S"]) }),
  ),
  { result: [], warning: ["slow"], error: [] },
];

/** What is sent to the decoders. */
export const frames: fc.Arbitrary<string> = hostile(SAMPLES);

/** The decoders that must bear it. */
export const decoders: Readonly<Record<string, () => FrameDecoder>> = {
  answers: () => createLiquipediaDecoder({ matches: [SERIES] }),
};
