import type { Nanos } from "@matchpoint/sdk";
import type { Agenda } from "./agenda.ts";
import type { Accounts } from "./auth/accounts.ts";
import type { ApiKey, Keys } from "./auth/keys.ts";
import type { MarketChannel } from "./channels/market.ts";
import type { SportsChannel } from "./channels/sports.ts";
import type { UserChannel } from "./channels/user.ts";
import type { VenueEffect, VenueRequest } from "./contract.ts";
import type { ChainSettling } from "./engine/chainSettling.ts";
import type { Engine } from "./engine/engine.ts";
import type { Faults } from "./faults/faults.ts";
import type { Balances } from "./http/balances.ts";
import type { Heartbeats } from "./http/heartbeats.ts";
import type { RateLimits } from "./http/rateLimits.ts";
import type { Settings } from "./settings.ts";
import type { WallTime } from "./time.ts";
import type { Agents } from "./world/agents.ts";
import type { Life } from "./world/life.ts";
import type { Market, Markets } from "./world/listing.ts";

/** Everything that the venue consists of, for the parts that answer requests. */
export interface Core {
  readonly settings: Settings;
  readonly wall: WallTime;
  readonly markets: Markets;
  readonly keys: Keys;
  readonly accounts: Accounts;
  readonly engine: Engine;
  readonly balances: Balances;
  readonly heartbeats: Heartbeats;
  readonly limits: RateLimits;
  readonly faults: Faults;
  readonly agenda: Agenda;
  readonly life: Life;
  readonly settling: ChainSettling;
  /** Those who quote every market; without liquidity there are none. */
  readonly makers: Agents | undefined;
  readonly channels: {
    readonly market: MarketChannel;
    readonly user: UserChannel;
    readonly sports: SportsChannel;
  };
  /** What `/api/geoblock` answers. */
  geoblock: {
    readonly blocked: boolean;
    readonly ip: string;
    readonly country: string;
    readonly region: string;
  };
  effect(effect: VenueEffect): void;
}

/** A request on its way to its handler. */
export interface Call {
  readonly request: VenueRequest;
  readonly query: URLSearchParams;
  /** What stood in the path's variable parts. */
  readonly params: readonly string[];
  readonly at: Nanos;
  /** The key of L2 headers, on routes that demand them. */
  readonly key: ApiKey;
}

/** A market that a call is about, by token. */
export function tokenOf(
  core: Core,
  tokenId: string | null,
): { readonly market: Market; readonly outcome: 0 | 1 } | undefined {
  return tokenId === null ? undefined : core.markets.ofToken(tokenId);
}
