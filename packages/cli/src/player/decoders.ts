import {
  createGridDecoder,
  createGridStateDecoder,
  createLiquipediaDecoder,
  createOpendotaDecoder,
  createPandascoreDecoder,
  createRiotDecoder,
  createSportsDecoder,
  createSteamDecoder,
} from "@matchpoint/adapters-esports";
import { createMarketDecoder, TokenIndex } from "@matchpoint/adapters-polymarket";
import type { DecoderFactory } from "@matchpoint/sdk";

/** Makes the decoder of a recording's channel: the same that runs behind the live socket. */
export const channelDecoder: DecoderFactory = (channel, header) => {
  switch (channel.decoder) {
    case "polymarket-market":
      return createMarketDecoder(new TokenIndex(header.markets));
    case "grid-series-events":
      return createGridDecoder({ matches: header.matches });
    case "grid-series-state":
      return createGridStateDecoder({ matches: header.matches });
    case "pandascore":
      return createPandascoreDecoder({ matches: header.matches });
    case "riot":
      return createRiotDecoder({ matches: header.matches });
    case "steam":
      return createSteamDecoder({ matches: header.matches });
    case "opendota":
      return createOpendotaDecoder({ matches: header.matches });
    case "polymarket-sports":
      return createSportsDecoder({ matches: header.matches });
    case "liquipedia":
      return createLiquipediaDecoder({ matches: header.matches });
    default:
      return undefined;
  }
};
