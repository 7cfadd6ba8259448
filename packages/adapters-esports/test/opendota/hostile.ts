import type fc from "fast-check";
import type { FrameDecoder, Millis } from "@matchpoint/sdk";
import { createOpendotaDecoder } from "../../src/index.ts";
import { hostile } from "../hostile.ts";
import { DOTA } from "../steam/messages.ts";
import { decode, EPOCH } from "../support.ts";
import { entry, OTTERS, WOLVES } from "./messages.ts";

const swapped = { radiant_team_id: OTTERS, dire_team_id: WOLVES };

/** Good answers, in an order that makes sense. */
export const SAMPLES: readonly object[] = [
  [entry(0, true), entry(-1, false, { radiant_team_id: 7 })],
  [entry(1, null, swapped), entry(0, true)],
  entry(1, false, { ...swapped, radiant_gold_adv: null, objectives: [] }),
  [entry(2, true), entry(1, false, swapped), entry(0, true)],
  [],
];

/** What is sent to the decoders. */
export const frames: fc.Arbitrary<string> = hostile(SAMPLES);

const fresh = (): FrameDecoder =>
  createOpendotaDecoder({ matches: [{ ...DOTA, startsAt: EPOCH as Millis }] });

/** The decoders that must bear it: fresh, and in the middle of a match. */
export const decoders: Readonly<Record<string, () => FrameDecoder>> = {
  fresh,
  running: () => {
    const decoder = fresh();
    decode(decoder, [entry(0, true)]);
    return decoder;
  },
};
