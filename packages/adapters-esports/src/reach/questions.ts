import type { MatchDescription } from "@matchpoint/sdk";
import { GRID_URL } from "../grid/feed.ts";
import { gridStateQuery } from "../grid/state.ts";
import { LIQUIPEDIA_URL, userAgentOf } from "../liquipedia/feed.ts";
import { isMatch2id, matchQuery, wikiOf } from "../liquipedia/query.ts";
import { OPENDOTA_URL } from "../opendota/feed.ts";
import { PANDASCORE_URL } from "../pandascore/feed.ts";
import { GATEWAY_URL, gatewayRequest } from "../riot/gatewayRequest.ts";
import { SPORTS_URL } from "../sports/feed.ts";
import { STEAM_URL } from "../steam/feed.ts";

/** What a question is made of. */
export interface QuestionParts {
  readonly url: string | undefined;
  /** Empty for a source that takes none. */
  readonly key: string;
  /** A match that the source knows, by its own id of it. */
  readonly ref: string | undefined;
  readonly match: MatchDescription | undefined;
  readonly contact: string | undefined;
}

/** One HTTP question, or a socket that has only to open. */
export type Question =
  | {
      readonly kind: "http";
      readonly method: "GET" | "POST";
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body?: string;
      /** Whether it names a match, so that 404 is about that. */
      readonly ofMatch: boolean;
    }
  | { readonly kind: "socket"; readonly url: string };

const JSON_TYPE = "application/json";

/**
 * The cheapest question that tells whether the key is taken, by source. None takes what its feed is short of: GRID's attempts at
 * sockets are few, its questions for states are not.
 */
export const QUESTIONS: Readonly<Record<string, (parts: QuestionParts) => Question>> = {
  grid: ({ url = GRID_URL, key, ref }) => ({
    kind: "http",
    method: "POST",
    url: `${url}/live-data-feed/series-state/graphql`,
    headers: { "content-type": JSON_TYPE, "x-api-key": key },
    body: JSON.stringify({ query: gridStateQuery(ref ?? "1") }),
    ofMatch: ref !== undefined,
  }),
  pandascore: ({ url = PANDASCORE_URL, key, ref }) => ({
    kind: "http",
    method: "GET",
    url: ref === undefined ? `${url}/matches?page[size]=1` : `${url}/matches/${encodeURIComponent(ref)}`,
    headers: { accept: JSON_TYPE, authorization: `Bearer ${key}` },
    ofMatch: ref !== undefined,
  }),
  riot_gateway: ({ url = GATEWAY_URL, key }) => ({
    kind: "http",
    method: "GET",
    ...gatewayRequest(url, "getLive", {}, key),
    ofMatch: false,
  }),
  steam: ({ url = STEAM_URL, key }) => ({
    kind: "http",
    method: "GET",
    url: `${url}/IDOTA2Match_570/GetLiveLeagueGames/v1/?key=${encodeURIComponent(key)}`,
    headers: { accept: JSON_TYPE },
    ofMatch: false,
  }),
  opendota: ({ url = OPENDOTA_URL }) => ({
    kind: "http",
    method: "GET",
    url: `${url}/proMatches`,
    headers: { accept: JSON_TYPE },
    ofMatch: false,
  }),
  polymarket_sports: ({ url = SPORTS_URL }) => ({ kind: "socket", url }),
  liquipedia: ({ url = LIQUIPEDIA_URL, key, ref, match, contact }) => {
    const wiki = match === undefined ? undefined : wikiOf(match.title);
    const path =
      wiki === undefined || ref === undefined || !isMatch2id(ref)
        ? "/api/v3/match?wiki=counterstrike&limit=1"
        : matchQuery(wiki, [ref]);
    return {
      kind: "http",
      method: "GET",
      url: `${url}${path}`,
      headers: {
        accept: JSON_TYPE,
        "accept-encoding": "gzip",
        authorization: `Apikey ${key}`,
        "user-agent": userAgentOf("matchpoint", contact),
      },
      ofMatch: false,
    };
  },
};
