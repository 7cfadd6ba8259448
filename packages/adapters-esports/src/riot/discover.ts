import { MatchpointError, type HttpResponse, type Millis, type Transport } from "@matchpoint/sdk";
import { isJson, parseFrame } from "../common/frame.ts";
import { parseLossless } from "../common/losslessJson.ts";
import { readTime } from "../common/read.ts";
import { GATEWAY_URL, gatewayRequest } from "./gatewayRequest.ts";
import { RIOT_EVENT, RIOT_LISTED, type RiotTeam } from "./schema.ts";

/** A team as Riot lists it. `id` is the `esportsTeamId`; the schedule alone does not give it. */
export interface RiotListedTeam {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly code: string | undefined;
}

/** A match as Riot lists it: what the join of identities needs. Teams are in Riot's order, which means nothing. */
export interface RiotListing {
  readonly id: string;
  readonly league: { readonly name: string | undefined; readonly slug: string | undefined };
  readonly startsAt: Millis | undefined;
  /** `unstarted`, `inProgress` or `completed`. */
  readonly state: string | undefined;
  readonly bestOf: number | undefined;
  readonly teams: readonly RiotListedTeam[];
}

/** What {@link discoverRiotMatches} found. */
export interface RiotListings {
  readonly matches: readonly RiotListing[];
  /** Entries that could not be read. */
  readonly skipped: number;
  /** Names the page with what is scheduled later, if there is one. */
  readonly newer?: string;
}

/** Options of {@link discoverRiotMatches}. */
export interface DiscoverRiotOptions {
  readonly transport: Transport;
  /** Gives the gateway's `x-api-key`; appears in no error. */
  readonly apiKey: () => Promise<{ reveal(): string }>;
  /** Origin of the gateway. Default `https://esports-api.lolesports.com`. */
  readonly gatewayUrl?: string;
  /** Only this league, by Riot's id of it. */
  readonly leagueId?: string;
  /** Pages of the schedule that are read after the first, for matches that are further off. Default 2. */
  readonly laterPages?: number;
  /** Ask for each match that is not over and whose teams came without ids: one request each. Default true. */
  readonly teamIds?: boolean;
  readonly signal?: AbortSignal;
}

const LATER_PAGES = 2;

/**
 * Lists the matches that Riot schedules and those that are live, each once.
 *
 * @throws `FEED_UNAUTHORIZED` when the key is refused, `HTTP_FAILED` when there is no answer, `HTTP_RESPONSE_INVALID` when
 *   it is no list
 * @example
 * ```ts
 * import { createWsTransport, discoverRiotMatches } from "@matchpoint/adapters-esports";
 * import type { SecretProvider } from "@matchpoint/sdk";
 * async function show(secrets: SecretProvider): Promise<void> {
 *   const found = await discoverRiotMatches({
 *     transport: createWsTransport(),
 *     apiKey: () => secrets.get("riot.api_key"),
 *   });
 *   for (const { id, league, teams } of found.matches) console.log(id, league.slug, teams.map((team) => team.code));
 * }
 * ```
 */
export async function discoverRiotMatches(options: DiscoverRiotOptions): Promise<RiotListings> {
  const found = new Map<string, RiotListing>();
  const league = options.leagueId === undefined ? {} : { leagueId: options.leagueId };
  let skipped = 0;
  const take = (list: RiotListings, onlyKnown: boolean): void => {
    skipped += list.skipped;
    for (const match of list.matches) {
      const known = found.get(match.id);
      if (known !== undefined || !onlyKnown) found.set(match.id, merged(known, match));
    }
  };
  let token: string | undefined;
  for (let page = 0; page <= (options.laterPages ?? LATER_PAGES); page++) {
    const place = token === undefined ? {} : { pageToken: token };
    const list = readRiotSchedule(await ask(options, "getSchedule", { ...league, ...place }));
    take(list, false);
    if (list.newer === undefined || list.newer === token) break;
    token = list.newer;
  }
  // Live entries are of all leagues, and know the teams' ids.
  take(readRiotSchedule(await ask(options, "getLive", {})), options.leagueId !== undefined);
  if (options.teamIds === false) return { matches: [...found.values()], skipped };
  const matches: RiotListing[] = [];
  for (const match of found.values()) matches.push(await withTeamIds(match, options));
  return { matches, skipped };
}

/**
 * Reads an answer of `getSchedule` or `getLive`: its matches, without shows.
 * @throws `HTTP_RESPONSE_INVALID` when it is no list of events
 */
export function readRiotSchedule(json: unknown): RiotListings {
  const data = isJson(json) ? json["data"] : undefined;
  const schedule = isJson(data) ? data["schedule"] : undefined;
  const events = isJson(schedule) ? schedule["events"] : undefined;
  if (!isJson(schedule) || !Array.isArray(events)) {
    throw new MatchpointError("HTTP_RESPONSE_INVALID", "data.schedule.events is not an array", {
      where: "Riot's schedule",
    });
  }
  const matches: RiotListing[] = [];
  let skipped = 0;
  for (const event of events as readonly unknown[]) {
    if (isJson(event) && event["type"] === "show") continue;
    const entry = RIOT_LISTED.safeParse(event);
    const match = entry.data?.match;
    const id = match?.id ?? entry.data?.id;
    if (entry.data === undefined || match === undefined || id === undefined) {
      skipped += 1;
      continue;
    }
    matches.push({
      id,
      league: { name: entry.data.league?.name, slug: entry.data.league?.slug },
      startsAt: readTime(entry.data.startTime),
      state: entry.data.state,
      bestOf: match.strategy?.count,
      teams: (match.teams ?? []).map(listed),
    });
  }
  const pages = schedule["pages"];
  const newer = isJson(pages) ? pages["newer"] : undefined;
  return typeof newer === "string" && newer !== "" ? { matches, skipped, newer } : { matches, skipped };
}

function listed({ id, name, code }: RiotTeam): RiotListedTeam {
  return { id, name, code };
}

function merged(known: RiotListing | undefined, match: RiotListing): RiotListing {
  if (known === undefined) return match;
  const teams = match.teams.some(({ id }) => id !== undefined) ? match.teams : known.teams;
  return { ...known, state: match.state ?? known.state, bestOf: known.bestOf ?? match.bestOf, teams };
}

async function withTeamIds(match: RiotListing, options: DiscoverRiotOptions): Promise<RiotListing> {
  const known = match.teams.length > 0 && match.teams.every(({ id }) => id !== undefined);
  if (known || match.state === "completed") return match;
  const answer = await ask(options, "getEventDetails", { id: match.id });
  const data = isJson(answer) ? answer["data"] : undefined;
  const event = RIOT_EVENT.safeParse(isJson(data) ? data["event"] : undefined);
  const teams = event.data?.match.teams ?? [];
  return teams.length === 0 ? match : { ...match, teams: teams.map(listed) };
}

async function ask(
  options: DiscoverRiotOptions,
  operation: Parameters<typeof gatewayRequest>[1],
  parameters: Readonly<Record<string, string>>,
): Promise<unknown> {
  const key = (await options.apiKey()).reveal();
  const request = gatewayRequest(options.gatewayUrl ?? GATEWAY_URL, operation, parameters, key);
  const { signal } = options;
  const answer = await options.transport.request({
    ...request,
    method: "GET",
    timeoutMs: 10_000,
    ...(signal === undefined ? {} : { signal }),
  });
  const where = `Riot's ${operation}`;
  refuse(answer, where);
  try {
    return parseFrame(answer.body, 0, answer.body.length, parseLossless);
  } catch (cause) {
    throw new MatchpointError("HTTP_RESPONSE_INVALID", "the answer is no JSON", { where, cause });
  }
}

function refuse({ status }: HttpResponse, where: string): void {
  if (status === 200) return;
  if (status === 401 || status === 403) {
    throw new MatchpointError("FEED_UNAUTHORIZED", `HTTP ${status}`, {
      where,
      hint: "Set the key that the gateway's own web client sends as x-api-key.",
    });
  }
  throw new MatchpointError("HTTP_FAILED", `HTTP ${status}`, { where });
}
