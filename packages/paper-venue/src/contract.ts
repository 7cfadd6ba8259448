import type {
  CoreEvent,
  MarketDescription,
  MarketId,
  Millis,
  Nanos,
  TradeStatus,
  Usdc,
} from "@matchpoint/sdk";
import type { PaperExchange, PaperFaults } from "@matchpoint/paper-broker";
import type { ChainMatch } from "./chain/settleTrade.ts";
import type { AdminAnswer } from "./http/admin.ts";
import type { FaultReport } from "./faults/faults.ts";
import type { TierName } from "./http/rateLimits.ts";
import type { VenueListing } from "./world/listing.ts";

/** An HTTP request as data. */
export interface VenueRequest {
  /** Names the request in the effects that answer it. */
  readonly id: string;
  readonly method: string;
  /** Such as `/order`; Gamma's begin with `/gamma`, without a query. */
  readonly path: string;
  /** What stands after the question mark, without it; empty when there is none. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The exact text that was sent; what the signature of a request covers. */
  readonly body: string;
}

/** Which of the venue's sockets. */
export type Channel = "market" | "user" | "sports";

/** What the venue does to the outside world. */
export type VenueEffect =
  | {
      readonly kind: "response";
      readonly id: string;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  /** The request is never answered, and its connection stays open. */
  | { readonly kind: "hang"; readonly id: string }
  /** The connection of the request is cut without an answer. */
  | { readonly kind: "drop"; readonly id: string }
  | { readonly kind: "frame"; readonly socketId: string; readonly text: string }
  | { readonly kind: "close"; readonly socketId: string; readonly code: number; readonly reason: string }
  | ChainEffect;

/** What a venue with `settlesOnChain` asks of its chain. */
export type ChainEffect =
  /** A match is to be settled; {@link PaperVenue.settled} tells what came of it. */
  | {
      readonly kind: "settle";
      readonly tradeId: string;
      readonly match: ChainMatch;
      /** It is to revert. */
      readonly doomed: boolean;
    }
  /** An account is to get dollars (USDC.e that it wraps by itself, when `raw`); one of the venue's own makers also needs its approvals. */
  | {
      readonly kind: "fund";
      readonly address: string;
      readonly dollars: Usdc;
      readonly own: boolean;
      readonly raw: boolean;
    }
  /** What an address has is of interest from now on; {@link PaperVenue.holds} tells it whenever it is another. */
  | { readonly kind: "watch"; readonly address: string }
  /** An address approves all that trading, splitting and merging need. */
  | { readonly kind: "approve"; readonly address: string }
  /** A contract wallet and whose signatures count for it. */
  | {
      readonly kind: "adopt";
      readonly wallet: string;
      readonly owner: string;
      readonly signatureType: 1 | 2 | 3;
    }
  /** The latest blocks are to be replaced by empty ones; matches in them are sent again, or not. */
  | { readonly kind: "reorg"; readonly depth: number; readonly resend: boolean }
  | { readonly kind: "resolve"; readonly conditionId: string; readonly payouts: readonly [Usdc, Usdc] };

/** What a chain says of a match. */
export interface Settled {
  readonly status: Exclude<TradeStatus, "MATCHED">;
  readonly transactionHash?: string;
  /** Why it failed, in the contract's word. */
  readonly reason?: string;
}

/** What an address has on the chain, in millionths, at a time when every match that the chain has mined was told. */
export interface ChainHoldings {
  readonly address: string;
  readonly dollars: number;
  /** By token id. */
  readonly shares: ReadonlyMap<string, number>;
  /** How many dollars a spender may take, and whether it may take shares. By spender, in lower case. */
  readonly allowances: ReadonlyMap<string, bigint>;
  readonly operators: ReadonlyMap<string, boolean>;
}

/** A venue that speaks Polymarket's protocol, as one synchronous, deterministic fold: the same inputs give the same effects. */
export interface PaperVenue {
  readonly chainId: number;
  /** The matching core, for looking at money and books from outside. */
  readonly exchange: PaperExchange;
  /** A request arrives at a monotonic time that is not before any seen so far. */
  request(request: VenueRequest, at: Nanos): void;
  /** A socket opens; its id is the caller's. */
  open(socketId: string, channel: Channel, at: Nanos): void;
  /** A socket's text frame arrives. */
  receive(socketId: string, text: string, at: Nanos): void;
  /** A socket is gone. */
  closed(socketId: string, at: Nanos): void;
  /** What happens in the outside world: book events of a recording, resolutions. Its `at` is not before any time seen so far. */
  observe(event: CoreEvent): void;
  /** When something is due next; `undefined` when nothing is. */
  nextDue(): Nanos | undefined;
  /** Does everything that is due up to and at `to`, and tells its effects in order. */
  advance(to: Nanos, emit: (effect: VenueEffect) => void): void;
  /** What `POST /admin` does, without HTTP. `command` is its body. */
  admin(command: unknown, at: Nanos): AdminAnswer;
  /** Adds dollars to an address's account; with `settlesOnChain` the chain is asked to. */
  fund(address: string, dollars: Usdc, at: Nanos): void;
  /** What became of a match on the chain. Returns whether it could become that. */
  settled(tradeId: string, outcome: Settled, at: Nanos): boolean;
  /** What an address has on the chain: what it did there by itself becomes a deposit or a withdrawal of its account. */
  holds(holdings: ChainHoldings, at: Nanos): void;
  markets(): readonly MarketSummary[];
  market(marketId: MarketId): MarketDescription | undefined;
  /** Every fault that was ever armed, and how often each took effect. */
  faults(): readonly FaultReport[];
}

/** A market as the venue's start line lists it. */
export interface MarketSummary {
  readonly conditionId: string;
  readonly question: string;
  readonly tokens: readonly { readonly tokenId: string; readonly outcome: string }[];
}

/** What a venue is made of. Only `seed` and `wallStart` are needed. */
export interface VenueOptions {
  /** Derives API keys, ids, luck and the default world. */
  readonly seed: number;
  /** Wall clock at monotonic time 0, Unix ms. */
  readonly wallStart: Millis;
  /** 137 (default) or 80002: goes into every signature. */
  readonly chainId?: 137 | 80002;
  /** What is traded; default a LoL and a CS2 match with their games, see {@link defaultWorld}. */
  readonly markets?: readonly VenueListing[];
  /** Whether seeded makers quote every market; default `agents`. */
  readonly liquidity?: "agents" | "none";
  /** Dollars by address. */
  readonly funds?: Readonly<Record<string, Usdc>>;
  /** How long settlement takes; everything else about time is the network's. Default mined after 2 s, confirmed after 10 s. */
  readonly settlement?: Partial<Readonly<Record<"mined_ms" | "confirmed_ms" | "chain_ms", number>>>;
  /** Whether matches are settled by a chain of their own, which `settled` speaks for, and not after the times above. Default false. */
  readonly settlesOnChain?: boolean;
  /** Probabilities of what settlement does by itself: trades failing or retried, chain actions reverting. All 0. */
  readonly settlementFaults?: Partial<Pick<PaperFaults, "trade_fail" | "trade_retry" | "chain_revert">>;
  /** Whether an account may trade with itself; what production does is not documented. Default `allow`. */
  readonly selfCross?: "refuse" | "allow";
  /** How far a request's timestamp may be off, in ms. Default 60,000. */
  readonly timestampWindowMs?: number;
  /** Least time from now to the stated expiration of a GTD order, in ms. Default 180,000. */
  readonly gtdMinLeadMs?: number;
  /** How long a heartbeat lasts, in ms. Default 10,000; looked at every 5 s. */
  readonly heartbeatMs?: number;
  /** The tier of the per-signer token buckets; default `off`. */
  readonly rateLimits?: TierName | "off";
  /** How long an order that is over can still be read, in ms. Default 60,000. */
  readonly terminalOrdersMs?: number;
  /** Refuses makers that are not deposit wallets, as production does with new accounts. Default false. */
  readonly depositWalletsOnly?: boolean;
  /** Records per page of `/data/orders`, `/data/trades` and the market lists. Default 100. */
  readonly pageSize?: number;
  /** How often the sports channel repeats its games, in ms. Default 20,000. */
  readonly sportsPeriodMs?: number;
  /** How long after a subscription the books follow, in ms. Default 0. */
  readonly snapshotDelayMs?: number;
  /** Moves the grid to 0.001 when the price passes 0.96 or 0.04. Default true. */
  readonly tickChanges?: boolean;
}
