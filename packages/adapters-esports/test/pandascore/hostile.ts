import type fc from "fast-check";
import type { FrameDecoder, MatchDescription } from "@matchpoint/sdk";
import { createPandascoreDecoder } from "../../src/index.ts";
import { hostile } from "../hostile.ts";
import { CS, decode, LOL } from "../support.ts";
import { csFrame, dotaFrame, game, hello, lolFrame, match, results, roundEvent } from "./messages.ts";

const running = match("running", [game(1, "running"), game(2, "not_started")]);
const living = { players: [1, 2, 3, 4, 5].map((id) => ({ id, hp: 100 })) };

/** Good messages, in an order that makes sense. */
export const SAMPLES: readonly object[] = [
  hello("31"),
  running,
  csFrame(31, 3, 1, 1, { bomb_planted: true, terrorists: { id: 1, round_score: 1, score: 0, ...living } }),
  lolFrame(31, 900, { kills: 3, drakes: 1, gold: 20_000 }, { kills: 2, drakes: 0, gold: 19_000 }),
  dotaFrame(31, 1_500, 18, 11),
  {
    match: { id: 1616952 },
    game: { id: 31, finished: false, winner_id: null },
    round: { number: 12, status: "live" },
    attackers: { id: 1, score: 7 },
    defenders: { id: 2, score: 4 },
  },
  roundEvent("round_end", 4, 2, 1),
  {
    type: "kill",
    payload: { killer: { id: 1 }, killed: { id: 2 } },
    round_number: 3,
    ingame_timestamp: 61_200,
  },
  csFrame(31, 22, 13, 9, { game: { id: 31, finished: true, winner_id: 1 } }),
  { change_type: "update", type: "match", id: 1616952, object: running },
  match("finished", [game(1, "finished", 1), game(2, "finished", 1)], { ...results(2, 0), winner_id: 1 }),
  match("postponed"),
  match("finished", [game(1, "not_played")], { forfeit: true, winner_id: 1 }),
];

/** What is sent to the decoders. */
export const frames: fc.Arbitrary<string> = hostile(SAMPLES);

const of = (one: MatchDescription) => (): FrameDecoder => {
  const decoder = createPandascoreDecoder({ matches: [one] });
  decode(decoder, running);
  return decoder;
};

/** The decoders that must bear it: fresh, and in the middle of a match of each title. */
export const decoders: Readonly<Record<string, () => FrameDecoder>> = {
  fresh: () => createPandascoreDecoder({ matches: [CS] }),
  cs2: of(CS),
  lol: of(LOL),
  dota2: of({ ...CS, title: "dota2" }),
  valorant: of({ ...CS, title: "valorant" }),
};
