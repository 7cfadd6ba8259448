import { createGridDecoder, createPandascoreDecoder } from "@matchpoint/adapters-esports";
import { createMarketDecoder, TokenIndex } from "@matchpoint/adapters-polymarket";
import type { DecoderFactory } from "@matchpoint/sdk";

/** Makes the decoder of a recording's channel: the same that runs behind the live socket. */
export const channelDecoder: DecoderFactory = (channel, header) => {
  switch (channel.decoder) {
    case "polymarket-market":
      return createMarketDecoder(new TokenIndex(header.markets));
    case "grid-series-events":
      return createGridDecoder({ matches: header.matches });
    case "pandascore":
      return createPandascoreDecoder({ matches: header.matches });
    default:
      return undefined;
  }
};
