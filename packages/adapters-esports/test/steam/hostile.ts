import type fc from "fast-check";
import type { FrameDecoder } from "@matchpoint/sdk";
import { createSteamDecoder } from "../../src/index.ts";
import { hostile } from "../hostile.ts";
import { decode } from "../support.ts";
import { answer, DOTA, game, OTTERS, result, WOLVES } from "./messages.ts";

const [G1, G2] = [8_930_000_001, 8_930_000_002];
/** As text, which is how a whole number beyond 2^53 is read. */
const exact = { lobby_id: "29999999999999999" };

const list = (...games: readonly object[]): object => ({ result: { games, status: 200 } });

/** Good answers, in an order that makes sense. */
export const SAMPLES: readonly object[] = [
  list(game({ id: G1, more: exact }), game({ id: 5, radiant: undefined, more: exact })),
  list(game({ id: G1, seconds: 900, kills: [4, 2], towers: [2047, 1982], more: exact })),
  list(game({ id: G1, seconds: 0, towers: [0, 0], more: { ...exact, scoreboard: undefined } })),
  list(),
  result(G1, true),
  list(game({ id: G2, radiant: OTTERS, dire: WOLVES, wins: [0, 1], more: exact })),
  result(G2, false),
  result(G2, null),
];

/** What is sent to the decoders. */
export const frames: fc.Arbitrary<string> = hostile(SAMPLES);

/** The decoders that must bear it: fresh, and in the middle of a match. */
export const decoders: Readonly<Record<string, () => FrameDecoder>> = {
  fresh: () => createSteamDecoder({ matches: [DOTA] }),
  running: () => {
    const decoder = createSteamDecoder({ matches: [DOTA] });
    decode(decoder, answer(game({ id: G1, kills: [1, 1] })));
    return decoder;
  },
};
