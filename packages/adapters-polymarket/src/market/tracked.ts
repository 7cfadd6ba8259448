import type {
  BookContinuity,
  CancelTimer,
  CoreEvent,
  MarketDescription,
  MarketId,
  TokenId,
} from "@matchpoint/sdk";
import type { Connection } from "./connection.ts";

/** A state of a market that only a fresh book ends. */
export type Broken = Exclude<BookContinuity["state"], "resynced">;
/** Events that a book from REST may already include. */
export type Held = Extract<CoreEvent, { readonly type: "book_delta" | "best_quote" }>;

/** A resync under way: changes that arrive meanwhile wait until it is known which of them the book includes. */
export interface Resync {
  readonly abort: AbortController;
  readonly held: Held[];
  /** Something else was missed while the book was under way: it may not include that. */
  overtaken: boolean;
}

/** The subscribed tokens of one market on one socket. */
export interface ShardPlan {
  readonly tokens: readonly TokenId[];
  readonly markets: readonly { readonly marketId: MarketId; readonly covers: readonly TokenId[] }[];
}

/** One socket and its markets. */
export interface Shard {
  readonly tokens: readonly TokenId[];
  readonly markets: Tracked[];
  readonly connection: Connection;
  deadline: CancelTimer | undefined;
  sweeping: boolean;
}

/** One market as a session follows it. */
export interface Tracked {
  readonly marketId: MarketId;
  readonly shard: Shard;
  /** The subscribed tokens whose books make up the market's, by outcome: any one of a mirrored market, each of another. */
  readonly covers: readonly TokenId[];
  /** Covers without a book since the market was subscribed or last broken. */
  readonly missing: Set<number>;
  /** What the reader was told last. */
  broken: Broken | undefined;
  resync: Resync | undefined;
  retry: CancelTimer | undefined;
  /** Resyncs in a row that failed. */
  failures: number;
  /** Monotonic time before which no other resync begins. */
  notBefore: number;
  /** Monotonic time of the last event. */
  heardAt: number;
  /** The venue's time of the last event. */
  occurredAt: number;
  /** Changes older than this are part of a book that REST gave. */
  floor: number;
  /** Whether the full queue made us drop events of it. */
  lost: boolean;
}

/** A market that nothing was heard of yet. */
export function track(marketId: MarketId, covers: readonly TokenId[], shard: Shard): Tracked {
  return {
    marketId,
    shard,
    covers,
    missing: new Set(covers.keys()),
    broken: undefined,
    resync: undefined,
    retry: undefined,
    failures: 0,
    notBefore: 0,
    heardAt: 0,
    occurredAt: 0,
    floor: 0,
    lost: false,
  };
}

/** Splits tokens over sockets of at most `size` assets, never a market's own. */
export function planShards(
  tokens: ReadonlySet<TokenId>,
  markets: readonly MarketDescription[],
  size: number,
): ShardPlan[] {
  const plans: ShardPlan[] = [];
  let open: { tokens: TokenId[]; markets: { marketId: MarketId; covers: readonly TokenId[] }[] } = {
    tokens: [],
    markets: [],
  };
  for (const market of markets) {
    const own = market.outcomes.map((outcome) => outcome.tokenId).filter((tokenId) => tokens.has(tokenId));
    if (own.length === 0) continue;
    if (open.tokens.length > 0 && open.tokens.length + own.length > size) {
      plans.push(open);
      open = { tokens: [], markets: [] };
    }
    open.tokens.push(...own);
    open.markets.push({ marketId: market.marketId, covers: market.mirrored ? own.slice(0, 1) : own });
  }
  if (open.tokens.length > 0) plans.push(open);
  return plans;
}
