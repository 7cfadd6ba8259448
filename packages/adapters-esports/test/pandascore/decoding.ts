import type { CoreEvent, MatchDescription } from "@matchpoint/sdk";
import { createPandascoreDecoder, type PandascoreDecoder } from "../../src/index.ts";
import { CS, decode, stampAt } from "../support.ts";

export function fresh(one: MatchDescription = CS): PandascoreDecoder {
  return createPandascoreDecoder({ matches: [one] });
}

/** Messages two seconds apart. */
export function play(decoder: PandascoreDecoder, messages: readonly object[], fromMs = 0): CoreEvent[] {
  return messages.flatMap((message, index) => decode(decoder, message, stampAt(fromMs + index * 2000)));
}
