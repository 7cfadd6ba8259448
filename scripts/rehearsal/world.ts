import {
  matchListings,
  startLocalChain,
  startVenue,
  type LocalChain,
  type RunningVenue,
} from "@matchpoint/paper-venue";
import type { Team } from "@matchpoint/sdk";
import { LiveMatch, type LiveMatchOptions, type MatchMarket, type MatchVenue } from "@matchpoint/testing";
import { configOf } from "./config.ts";

/** What is rehearsed. */
export interface RehearsalOptions extends Omit<LiveMatchOptions, "ports"> {
  /** The venue's port; the sources and the chain take the three after it. Default: any ports that are free. */
  readonly port?: number;
  readonly chain: "memory" | "anvil";
  /** How long the venue holds orders that would match, in seconds. Default 1, as most esports markets do. */
  readonly secondsDelay?: number;
  /** How fast trades settle: the time until one is sent to the chain, and between blocks, in ms. */
  readonly settleMs?: { readonly mined: number; readonly block: number };
}

/** A world for a bot to trade in: a match, its sources, a venue that lists it, and a chain. */
export interface Rehearsal {
  readonly match: LiveMatch;
  readonly venue: RunningVenue;
  readonly chain: LocalChain | undefined;
  readonly markets: readonly MatchMarket[];
  /** The reference bot's configuration for it. */
  readonly config: string;
  /** Plays the match to its end. */
  play(): ReturnType<LiveMatch["play"]>;
  close(): Promise<void>;
}

/** Starts everything but the bot and the match. */
export async function openRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
  const { port, seed, title, bestOf, secondsDelay = 1, settleMs = { mined: 500, block: 1_000 } } = options;
  const at = (n: number): number => (port === undefined ? 0 : port + n);
  const match = new LiveMatch({ ...options, ports: { grid: at(1), pandascore: at(2) } });
  const { description } = match;
  const [a, b] = description.teams;
  const listings = matchListings({
    seed,
    title,
    bestOf,
    teams: [a.name, b.name],
    tournament: description.league ?? "",
    slug: `${title}-${(a.aliases?.[0] ?? a.name).toLowerCase()}-${(b.aliases?.[0] ?? b.name).toLowerCase()}`,
    gameId: Number(description.refs?.["polymarket_sports"]?.match),
    // Until it is played.
    startsAt: Math.floor(Date.now() / 1_000) * 1_000 + 3_600_000,
    secondsDelay,
    reversed: [2],
  });
  const chain = options.chain === "anvil" ? await startLocalChain({ port: at(3) }) : undefined;
  let venue: RunningVenue | undefined;
  const close = async (): Promise<void> => {
    await Promise.all([match.stop(), venue?.close()]);
    await chain?.close();
  };
  try {
    venue = await startVenue({
      seed,
      port: at(0),
      markets: listings,
      settlement: { mined_ms: settleMs.mined },
      ...(chain === undefined ? {} : { chain, onChain: { blockMs: settleMs.block, confirmations: 2 } }),
    });
    await match.start();
  } catch (error) {
    await close();
    throw error;
  }
  const running = venue;
  const markets = running.markets.map(({ conditionId, tokens }, game): MatchMarket => {
    const first: Team = tokens[0]?.outcome === a.name ? 0 : 1;
    return { marketId: conditionId, game, first };
  });
  const at2: MatchVenue = { markets, command: (command) => running.command(command) };
  return {
    match,
    venue: running,
    chain,
    markets,
    config: configOf({
      match: description,
      secondsDelay,
      markets: running.markets.map((market, game) => ({ ...market, game })),
      urls: {
        clob: running.clob,
        wsMarket: running.wsMarket,
        wsUser: running.wsUser,
        gamma: running.gamma,
        sports: running.sports,
        grid: match.grid.urls.ws!,
        gridHttp: match.grid.urls.http!,
        pandascore: match.pandascore.urls.http!,
        pandascoreSocket: match.pandascore.urls.ws!,
        ...(chain === undefined ? {} : { rpc: chain.rpc }),
      },
    }),
    play: () => match.play(at2),
    close,
  };
}
