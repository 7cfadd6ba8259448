import type { CoreEvent, MatchDescription, SourceEvent } from "@matchpoint/sdk";
import { createGridDecoder, type GridDecoder } from "../../src/index.ts";
import { CS, decode, isClaim, stampAt } from "../support.ts";
import { transaction } from "./transactions.ts";

/** Decodes the events, one transaction each, as they happen. */
export function play(decoder: GridDecoder, events: readonly (object | object[])[], from = 1): CoreEvent[] {
  return events.flatMap((one, index) => {
    const sequence = from + index;
    return decode(
      decoder,
      transaction(sequence, Array.isArray(one) ? one : [one]),
      stampAt(sequence * 1000 + 200),
    );
  });
}

export function fresh(match: MatchDescription = CS): GridDecoder {
  return createGridDecoder({ matches: [match] });
}

export function claims(events: readonly CoreEvent[]): SourceEvent[] {
  return events.filter(isClaim);
}
