import { MatchpointError, type Clock, type Feed, type Transport } from "@matchpoint/sdk";
import { sharedBudget } from "../common/sharedBudget.ts";
import { createSharedFeed } from "../common/sharedFeed.ts";
import { LiquipediaConnection } from "./connection.ts";
import { createLiquipediaDecoder } from "./decoder.ts";

/** Options of {@link createLiquipediaFeed}. */
export interface LiquipediaFeedOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Gives the LPDB key when it is needed: `() => secrets.get("liquipedia.api_key")`. Appears in no event, message or error. */
  readonly apiKey: () => Promise<{ reveal(): string }>;
  /** How Liquipedia reaches you, an e-mail address or a URL: its terms demand it in the User-Agent of every request. */
  readonly contact: string;
  /** What the User-Agent calls the program. Default `matchpoint`. */
  readonly product?: string;
  /** Id of the source, and the key of the matches' `refs`. Default `liquipedia`. */
  readonly source?: string;
  /** Default `https://api.liquipedia.net`. */
  readonly httpUrl?: string;
  /**
   * Requests an hour that the key allows, for all matches and all feeds of the process together. Default 60, which is what
   * LPDB grants. Of two feeds with different numbers the smaller one holds.
   */
  readonly requestsPerHour?: number;
  /** Between two reads of a match whose result is awaited. Default 240,000. */
  readonly pollMs?: number;
  /** How long after its start a match is not read, because it cannot be over. Default 1,200,000. */
  readonly quietMs?: number;
  /** Waits after a result was entered, after which it is read again for corrections. Default two hours and a day. */
  readonly rereadMs?: readonly number[];
  /** How long an answer may take. Default 30,000. */
  readonly timeoutMs?: number;
  /** Events waiting for the consumer at which it is called slow. Default 10,000. */
  readonly pressureMark?: number;
}

/** Liquipedia's API, unless another address is given. */
export const LIQUIPEDIA_URL = "https://api.liquipedia.net";
const HOUR_MS = 3_600_000;
/** Between two questions, whatever the hour allows. */
const SPACING_MS = 2_000;
/** An address or a URL, in one line. */
const CONTACT = /^[\x21-\x7e][\x20-\x7e]{2,199}$/;

/**
 * Liquipedia's match database as a source of tier C: people enter results minutes after the end and correct them for a day.
 * It confirms what others say. Alone it decides nothing, and none of its claims is news.
 *
 * @throws `CONFIG_INVALID` without a contact: Liquipedia bans clients that give none
 */
export function createLiquipediaFeed(options: LiquipediaFeedOptions): Feed {
  const source = options.source ?? "liquipedia";
  const { clock, transport, apiKey } = options;
  const userAgent = userAgentOf(options.product ?? "matchpoint", options.contact);
  const requests = options.requestsPerHour ?? 60;
  if (!Number.isInteger(requests) || requests < 1 || requests > 10_000) {
    throw new MatchpointError("CONFIG_INVALID", `requestsPerHour is ${requests}`, {
      where: "Liquipedia feed",
      hint: "Give the number of requests an hour that your key allows; 60 unless Liquipedia granted more.",
    });
  }
  const httpUrl = options.httpUrl ?? LIQUIPEDIA_URL;
  const budget = sharedBudget(clock, httpUrl, requests, HOUR_MS);
  const spacing = sharedBudget(clock, httpUrl, 1, SPACING_MS);
  return createSharedFeed({
    source,
    tier: "C",
    upstream: "liquipedia",
    clock,
    pressureMark: options.pressureMark,
    connect: (matches, run) =>
      new LiquipediaConnection({
        matches,
        decoder: createLiquipediaDecoder({ matches: matches.map(({ match }) => match), source }),
        transport,
        clock,
        run,
        budget,
        spacing,
        apiKey,
        httpUrl,
        userAgent,
        timeoutMs: options.timeoutMs ?? 30_000,
        pollMs: options.pollMs ?? 240_000,
        quietMs: options.quietMs ?? 1_200_000,
        rereadMs: options.rereadMs ?? [2 * HOUR_MS, 24 * HOUR_MS],
      }),
  });
}

/** How a client says who it is. @throws MatchpointError `CONFIG_INVALID` without a contact */
export function userAgentOf(product: string, contact: unknown): string {
  const given = typeof contact === "string" ? contact.trim() : "";
  const reachable = given.includes("@") || /^https?:\/\/./.test(given);
  if (!reachable || !CONTACT.test(given) || !CONTACT.test(product)) {
    throw new MatchpointError(
      "CONFIG_INVALID",
      given === "" ? "no contact is given" : "the contact is no e-mail address or URL",
      {
        where: "Liquipedia feed, contact",
        hint: "Liquipedia's terms demand a User-Agent that says how to reach you: set contact to your e-mail address or a URL.",
      },
    );
  }
  return `${product} (${given})`;
}
