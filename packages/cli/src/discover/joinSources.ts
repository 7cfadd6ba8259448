import { createWsTransport, discoverRiotMatches, type RiotListing } from "@matchpoint/adapters-esports";
import { isMatchpointError, type BotConfig, type MatchRegistry, type ProviderMatch } from "@matchpoint/sdk";
import { secretOf } from "../feeds/keys.ts";
import type { Secrets } from "../secrets/index.ts";

/**
 * Asks the sources that have a schedule (Riot's, of those there are) for their ids of our matches, so that their feeds can follow them.
 * What cannot be asked or joined is told; the matches stay without that source.
 */
export async function joinSources(
  config: BotConfig,
  registry: MatchRegistry,
  secrets: Secrets,
  signal: AbortSignal,
  say: (problem: string) => void,
): Promise<void> {
  const riot = config.feeds["riot_gateway"];
  if (riot?.enabled !== true || !registry.matches().some(({ title }) => title === "lol")) return;
  const gatewayUrl = riot["gateway_url"];
  try {
    const { matches } = await discoverRiotMatches({
      transport: createWsTransport(),
      apiKey: secretOf(secrets)("riot_gateway"),
      signal,
      ...(typeof gatewayUrl === "string" ? { gatewayUrl } : {}),
    });
    registry.join(matches.flatMap((each) => provided(each) ?? []));
  } catch (error) {
    if (!isMatchpointError(error)) throw error;
    say(
      `riot_gateway: its schedule cannot be had, no match is joined to it: ${error.message.split("\n")[0]!}`,
    );
  }
}

/** Riot's listing as the registry wants it; `undefined` while it lacks a team. */
function provided({ id, league, startsAt, bestOf, teams }: RiotListing): ProviderMatch | undefined {
  const [first, second] = teams;
  if (first?.id === undefined || first.name === undefined) return undefined;
  if (second?.id === undefined || second.name === undefined) return undefined;
  return {
    source: "riot_gateway",
    id,
    title: "lol",
    teams: [
      { id: first.id, name: first.name },
      { id: second.id, name: second.name },
    ],
    ...(startsAt === undefined ? {} : { startsAt }),
    ...(bestOf === undefined ? {} : { bestOf }),
    ...(league.name === undefined ? {} : { league: league.name }),
  };
}
