import { type CoreEvent } from "@matchpoint/sdk";
import { createRiotDecoder, type RiotDecoder } from "../../src/index.ts";
import { decode, stampAt } from "../support.ts";
import { details, gameId, listedGame, RIFT } from "./messages.ts";

export const G1 = gameId(1);

export const G2 = gameId(2);

/** Decodes answers, each so many ms after the epoch. */
export function run(decoder: RiotDecoder, ...answers: readonly (readonly [number, object])[]): CoreEvent[] {
  return answers.flatMap(([ms, answer]) => decode(decoder, answer, stampAt(ms)));
}

export function make(more: Partial<Parameters<typeof createRiotDecoder>[0]> = {}): RiotDecoder {
  return createRiotDecoder({ matches: [RIFT], ...more });
}

export const unstarted = details([0, 0], [listedGame(1, "unstarted"), listedGame(2, "unstarted")]);

export const running = details([0, 0], [listedGame(1, "inProgress"), listedGame(2, "unstarted")]);
