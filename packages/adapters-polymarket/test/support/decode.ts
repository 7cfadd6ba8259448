import type { CoreEvent, MarketDescription } from "@matchpoint/sdk";
import {
  createMarketDecoder,
  TokenIndex,
  type MarketDecoder,
  type MarketDecoderOptions,
} from "../../src/index.ts";
import { STAMP } from "./markets.ts";

/** Decodes frames one after another with a decoder of its own. */
export function decodeAll(
  frames: readonly (string | Uint8Array)[],
  markets: readonly MarketDescription[],
  options: MarketDecoderOptions = {},
): { readonly events: CoreEvent[]; readonly decoder: MarketDecoder } {
  const decoder = createMarketDecoder(new TokenIndex(markets), options);
  const events: CoreEvent[] = [];
  for (const frame of frames) {
    const bytes = typeof frame === "string" ? new TextEncoder().encode(frame) : frame;
    decoder.decode(bytes, 0, bytes.length, STAMP, (event) => events.push(event));
  }
  return { events, decoder };
}
