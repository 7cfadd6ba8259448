import {
  matchListings,
  startLocalChain,
  startVenue,
  type LocalChain,
  type RunningVenue,
  type VenueListing,
} from "@matchpoint/paper-venue";
import type { Team } from "@matchpoint/sdk";
import {
  LiveMatch,
  type LiveMatchOptions,
  type MatchMarket,
  type MatchVenue,
  type StoryStep,
} from "@matchpoint/testing";
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
  play(onStep?: (step: StoryStep) => void): ReturnType<LiveMatch["play"]>;
  close(): Promise<void>;
}

/** The match and its markets: what they are follows from the options alone. */
function planned(options: RehearsalOptions): {
  readonly match: LiveMatch;
  readonly listings: readonly VenueListing[];
} {
  const { seed, title, bestOf, port, secondsDelay = 1 } = options;
  const at = (n: number): number => (port === undefined ? 0 : port + n);
  const match = new LiveMatch({ ...options, ports: { grid: at(1), pandascore: at(2) } });
  const { teams, league = "", matchId, refs } = match.description;
  const listings = matchListings({
    seed,
    title,
    bestOf,
    teams: [teams[0].name, teams[1].name],
    tournament: league,
    slug: matchId,
    gameId: Number(refs?.["polymarket_sports"]?.match),
    // Until it is played.
    startsAt: Math.floor(Date.now() / 1_000) * 1_000 + 3_600_000,
    secondsDelay,
    reversed: [2],
  });
  return { match, listings };
}

/** The configuration for a world that is at fixed ports, without starting it. */
export function configAt(options: RehearsalOptions & { readonly port: number }): string {
  const { match, listings } = planned(options);
  const host = (n: number): string => `127.0.0.1:${options.port + n}`;
  return configOf(match.description, listings, {
    venue: host(0),
    grid: host(1),
    pandascore: host(2),
    ...(options.chain === "anvil" ? { rpc: `http://${host(3)}` } : {}),
  });
}

/** Starts everything but the bot and the match. */
export async function openRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
  const { port, seed, settleMs = { mined: 500, block: 1_000 } } = options;
  const { match, listings } = planned(options);
  const chain =
    options.chain === "anvil"
      ? await startLocalChain(port === undefined ? {} : { port: port + 3 })
      : undefined;
  let venue: RunningVenue | undefined;
  const close = async (): Promise<void> => {
    await Promise.all([match.stop(), venue?.close()]);
    await chain?.close();
  };
  try {
    venue = await startVenue({
      seed,
      port: port ?? 0,
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
    const first: Team = tokens[0]?.outcome === match.description.teams[0].name ? 0 : 1;
    return { marketId: conditionId, game, first };
  });
  const listed: MatchVenue = { markets, command: (command) => running.command(command) };
  return {
    match,
    venue: running,
    chain,
    markets,
    config: configOf(match.description, listings, {
      venue: new URL(running.clob).host,
      grid: new URL(match.grid.urls.http!).host,
      pandascore: new URL(match.pandascore.urls.http!).host,
      ...(chain === undefined ? {} : { rpc: chain.rpc }),
    }),
    play: (onStep) => match.play(listed, onStep),
    close,
  };
}
