import type {
  BookView,
  CancelOutcome,
  Clock,
  CoreEvent,
  ExecutionAdapter,
  FrameQuarantined,
  Intent,
  Logger,
  MarketDescription,
  MarketId,
  OrderId,
  PlaceOutcome,
  PreparedOrder,
  Price,
  RunId,
  Transport,
} from "@matchpoint/sdk";
import type { ApiCredentials } from "../auth/l2.ts";
import type { ConnectionTiming } from "../market/connection.ts";
import type { OrderParties } from "../order/order.ts";
import type { OrderSigner } from "../signing/orderSigner.ts";
import type { ChainId } from "../venue/contracts.ts";
import type { MarketVersion } from "../venue/exchanges.ts";
import type { RateTier } from "./buckets.ts";
import type { HeartbeatTiming } from "./heartbeat.ts";
import type { SweepTiming } from "./sweeper.ts";
import type { ModeTiming } from "./venueModes.ts";

/** How a gateway behaves. Times in ms. */
export interface GatewaySettings
  extends ConnectionTiming, SweepTiming, ModeTiming, Omit<HeartbeatTiming, "timeoutMs"> {
  /** The CLOB's address. */
  readonly url: string;
  /** The user channel's. */
  readonly userUrl: string;
  /** Deadline of a POST of orders; afterwards their fate is unknown. */
  readonly placeMs: number;
  /** Deadline of a cancel, and of a heartbeat. */
  readonly cancelMs: number;
  /** Deadline of a question. */
  readonly readMs: number;
  /** How long a cancel waits for a token of the rate limits. */
  readonly cancelWaitMs: number;
  /** How long the word that an order is over waits for the fills that the venue states. */
  readonly holdMs: number;
  /** An answer that does not know an order proves nothing for so long after its POST and its delay. */
  readonly hiddenMs: number;
  /**
   * The user channel may be closed for so long before entries wait (`own_channel`): a socket that is lost is mostly back within a second,
   * and every 3 s a sweep tells what it missed. After a start too.
   */
  readonly ownLostMs: number;
  /** Whether the venue's dead-man switch is used. */
  readonly heartbeats: boolean;
}

/** The defaults of {@link GatewaySettings}. */
export const GATEWAY_DEFAULTS: GatewaySettings = {
  url: "https://clob.polymarket.com",
  userUrl: "wss://ws-subscriptions-clob.polymarket.com/ws/user",
  placeMs: 3_000,
  cancelMs: 3_000,
  readMs: 5_000,
  cancelWaitMs: 2_000,
  holdMs: 5_000,
  hiddenMs: 3_000,
  ownLostMs: 2_000,
  heartbeats: true,
  beatMs: 5_000,
  lateMs: 6_000,
  sweepMs: 3_000,
  settleMs: 10_000,
  idleMs: 30_000,
  postOnlyMs: 120_000,
  assumeOpenMs: 30_000,
  minProbeMs: 1_000,
  maxProbeMs: 30_000,
  connectMs: 10_000,
  pingMs: 10_000,
  pongMs: 10_000,
  silenceMs: 30_000,
  minBackoffMs: 250,
  maxBackoffMs: 30_000,
};

/** Options of `createDirectGateway`. */
export interface DirectGatewayOptions extends Partial<GatewaySettings> {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Signs orders, with its policy in front. */
  readonly signer: OrderSigner;
  readonly credentials: ApiCredentials;
  /** Whose orders they are and how they are signed. */
  readonly parties: OrderParties;
  /** Ids of earlier API keys whose orders are ours too. */
  readonly earlierKeys?: readonly string[];
  readonly chainId: ChainId;
  /** Salts are made of it: two runs never make the same order. */
  readonly runId: RunId;
  /** Markets that orders may be made for; more come by `observe`. */
  readonly markets?: Iterable<MarketDescription>;
  /** A market's generation, which decides the exchange that is signed for. Default: by `version` of its description. */
  readonly versionOf?: (market: MarketDescription) => MarketVersion;
  /** The venue's answers correct it. Default `standard`. */
  readonly tier?: RateTier;
  /** Books for the last look before an order is sent. Default: none, then the book is not looked at. */
  readonly book?: (marketId: MarketId) => BookView | undefined;
  /** The most that the average price of a taker's whole size may be worse than the best price. Default: no such limit. */
  readonly maxSlippage?: Price;
  /** How long a resting order may stand, in ms, before the gateway cancels it; `undefined`: for as long as it will. */
  readonly maxTimeInBookMs?: (intent: Intent) => number | undefined;
  /** Jitter of reconnects, from 0 to 1. Default `Math.random`. */
  readonly random?: () => number;
  readonly logger?: Logger;
  /** Told of each frame and record that could not be read. */
  readonly onQuarantined?: (event: FrameQuarantined) => void;
}

/** Counters of a gateway. */
export interface GatewayStats {
  posts: number;
  /** Orders that were refused here, without a POST. */
  refusedHere: number;
  unknown: number;
  cancels: number;
  frames: number;
  quarantined: number;
  reconnects: number;
  sweeps: number;
  failedSweeps: number;
  /** Trades that the user channel had not told before a sweep did. */
  foundBySweeps: number;
  /** Heartbeats sent. */
  heartbeats: number;
}

/** What a gateway found when it was warmed up. */
export interface WarmUp {
  /** How far the venue's clock is ahead of ours, and by how much that may be wrong, in ms. */
  readonly offsetMs: number;
  readonly errorMs: number;
}

/** Polymarket's CLOB as an execution adapter. */
export interface PolymarketGateway extends ExecutionAdapter {
  observe(event: CoreEvent): void;
  /** Begins to sign, while the journal is synced. The order is kept, with its signature, until it is placed. */
  presign(order: PreparedOrder): void;
  /**
   * Sends an order once. A hash that was handed in before is not sent again: its outcome is given again, unless `again` says to
   * send the same signed bytes once more.
   */
  placeOrder(order: PreparedOrder, how?: { readonly again?: boolean }): Promise<PlaceOutcome>;
  /** At most 15 in one request; outcomes in the order given. */
  placeOrders(orders: readonly PreparedOrder[]): Promise<readonly PlaceOutcome[]>;
  /** Cancels by hash, a thousand in one request. */
  cancelOrders(orderIds: readonly OrderId[]): Promise<readonly CancelOutcome[]>;
  /**
   * Measures the venue's clock and asks which orders it takes, before the first order is sent; connections are open afterwards.
   * @throws `MatchpointError` `HTTP_FAILED`, and `CAPABILITY_UNSUPPORTED` when the venue takes orders of another version
   */
  warm(signal?: AbortSignal): Promise<WarmUp>;
  /** Opens the user channel, begins to sweep and to beat. `reports` does so by itself. */
  start(): void;
  /**
   * Follows orders of an earlier run, by the hashes of its journal, until their fate is known. Trades are swept from `since` on (a
   * cursor of `fetchTrades`); without it those from before this gateway was made are left to `fetchTrades`.
   */
  follow(orders: Iterable<PreparedOrder>, since?: string): void;
  /** A cursor for `fetchTrades` from which on trades are this run's: now, by the venue's clock. */
  tradesFromNow(): string;
  /**
   * Why the venue is not known to keep our orders alive: no heartbeat was acknowledged in time. `undefined` while one was, and where
   * heartbeats are not used.
   */
  heartbeatTrouble(): string | undefined;
  /**
   * Why our own orders and trades are only heard of by sweeps, seconds late: the user channel is not open. `undefined` while it is.
   */
  userChannelTrouble(): string | undefined;
  /** Stops everything. Orders stay as they are; without heartbeats the venue cancels them soon. */
  close(): void;
  readonly stats: Readonly<GatewayStats>;
}

/** Counters at zero. */
export function newStats(): GatewayStats {
  return {
    posts: 0,
    refusedHere: 0,
    unknown: 0,
    cancels: 0,
    frames: 0,
    quarantined: 0,
    reconnects: 0,
    sweeps: 0,
    failedSweeps: 0,
    foundBySweeps: 0,
    heartbeats: 0,
  };
}

/** The settings among options; one that is left out or `undefined` has its default. */
export function settingsOf(options: Partial<GatewaySettings>): GatewaySettings {
  const given = Object.entries(options as Record<string, unknown>);
  const known = given.filter(([key, value]) => value !== undefined && key in GATEWAY_DEFAULTS);
  return { ...GATEWAY_DEFAULTS, ...(Object.fromEntries(known) as Partial<GatewaySettings>) };
}
