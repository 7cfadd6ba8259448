import type { BotConfig, Clock, CoreEvent, MarketDescription } from "@matchpoint/sdk";
import type { FoundWorld, Growth } from "../feeds/index.ts";
import type { Io } from "../io.ts";
import { plural } from "../report/format.ts";
import type { Secrets } from "../secrets/index.ts";
import { Discovery } from "./discovery.ts";
import { followDiscovery, type FollowPorts } from "./follow.ts";

/** Discovery as a run uses it. */
export interface RunDiscovery {
  /** The configured world, and what there is to find before anything begins. @throws MatchpointError when Gamma cannot be asked */
  withFound(world: FoundWorld, signal: AbortSignal, quiet: boolean): Promise<FoundWorld>;
  /** Tells of markets that the run trades, found or not. */
  trades(markets: readonly MarketDescription[]): void;
  /** What the feeds have to know of it; `undefined` when nothing is looked for. */
  readonly growth: Growth | undefined;
  /** Finds more while the run goes on. */
  sources(ports: Omit<FollowPorts, "say">, quiet: boolean): readonly AsyncIterable<CoreEvent>[];
}

/** What a configuration has a run look for, if anything. */
export function discoveryOf(config: BotConfig, secrets: Secrets, clock: Clock, io: Io): RunDiscovery {
  if (config.discover === undefined)
    return {
      withFound: (world) => Promise.resolve(world),
      trades: () => undefined,
      growth: undefined,
      sources: () => [],
    };
  const discovery = new Discovery(config, config.discover, secrets, clock, (problem) => {
    io.err(problem);
  });
  return {
    async withFound(world, signal, quiet) {
      const { added, matches, others } = await discovery.look(signal);
      if (!quiet)
        io.out(
          `Found ${plural(added.length, "market")} to trade; ${plural(others.length, "other")} listed and not traded: the command \`markets\` says why.`,
        );
      return {
        markets: [...world.markets, ...added.map(({ market }) => market)],
        matches: [...world.matches, ...matches],
      };
    },
    trades: (markets) => {
      discovery.trades(markets);
    },
    growth: {
      registry: discovery.registry,
      onResolved: (marketId) => {
        discovery.resolved(marketId);
      },
    },
    sources: (ports, quiet) => {
      const say = (line: string): void => {
        if (!quiet) io.out(`  ${line}`);
      };
      return [followDiscovery(discovery, { ...ports, say })];
    },
  };
}
