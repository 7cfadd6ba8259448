import type {
  BookContinuity,
  CancelTimer,
  CoreEvent,
  MarketDescription,
  MarketId,
  Outcome,
  TokenId,
} from "@matchpoint/sdk";
import type { Connection } from "./connection.ts";
import type { Change, Cover } from "./cover.ts";
import type { MarketDecoder } from "./decoder.ts";
import type { MarketMerge, Side } from "./marketMerge.ts";

/** A state of a market that only a fresh book ends. */
export type Broken = Exclude<BookContinuity["state"], "resynced">;

/** A market that is being mended: its changes wait until it is known which of them the new books include. */
export interface Resync {
  readonly held: Change[];
  /** Per cover: how many of those held are older than a book that the socket gave meanwhile. */
  readonly outdated: number[];
  /** Per cover: the venue's time of the last change that was told or given up. A book must include it. */
  readonly known: number[];
  /** Monotonic time of the last loss that the books must make good. */
  lostAt: number;
  /** Something was lost while a book was under way: it may not include that. */
  overtaken: boolean;
  /** The call under way, or the wait for the next one. */
  call: AbortController | undefined;
  wait: CancelTimer | undefined;
}

/** A market with the tokens whose books are its own: any one of a mirrored market, each of another. */
export interface PlannedMarket {
  readonly marketId: MarketId;
  readonly covers: readonly Pick<Cover, "tokenId" | "outcome">[];
  /** How many of its tokens are subscribed: of each comes a book when a socket is opened. */
  readonly tokens: number;
}

/** The subscribed tokens of whole markets on one socket. */
export interface ShardPlan {
  readonly tokens: readonly TokenId[];
  readonly markets: readonly PlannedMarket[];
}

/** One socket, or a pair of them, and its markets. */
export interface Shard {
  readonly tokens: readonly TokenId[];
  readonly markets: Tracked[];
  readonly lines: Line[];
  sweeping: boolean;
  /** REST is being asked whether its silence is quiet. */
  asking: boolean;
}

/** One socket of a shard. */
export interface Line {
  readonly shard: Shard;
  readonly side: Side;
  readonly connection: Connection;
  /** A decoder of its own when there are two: each has seen other ticks. */
  readonly decoder: MarketDecoder;
  readonly take: (event: CoreEvent) => void;
  deadline: CancelTimer | undefined;
}

/** A socket of a shard that is open. */
export function openLine({ lines }: Shard): Line | undefined {
  for (const line of lines) if (line.connection.state === "open") return line;
  return undefined;
}

/** One market as a session follows it. */
export interface Tracked {
  readonly marketId: MarketId;
  readonly shard: Shard;
  readonly covers: readonly Cover[];
  /** Makes one of two sockets' events; `undefined` with one socket. */
  merge: MarketMerge | undefined;
  /** Indexes of covers without a book since the market was subscribed or last broken. */
  readonly missing: Set<number>;
  /** What the reader was told last. */
  broken: Broken | undefined;
  resync: Resync | undefined;
  /** Resyncs in a row that failed. */
  failures: number;
  /** Monotonic time before which REST is not asked again. */
  notBefore: number;
  /** Monotonic time of the last event. */
  heardAt: number;
  /** The venue's time of the last change of its tick. */
  tickAt: number;
  /** Whether the full queue made us drop events of it. */
  lost: boolean;
}

/** A market that nothing was heard of yet. */
export function track({ marketId, covers }: PlannedMarket, shard: Shard): Tracked {
  return {
    marketId,
    shard,
    covers: covers.map((cover) => ({ ...cover, changedAt: 0, floor: 0 })),
    merge: undefined,
    missing: new Set(covers.keys()),
    broken: undefined,
    resync: undefined,
    failures: 0,
    notBefore: 0,
    heardAt: 0,
    tickAt: 0,
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
  let open: { tokens: TokenId[]; markets: PlannedMarket[] } = { tokens: [], markets: [] };
  for (const market of markets) {
    const { marketId, mirrored } = market;
    const own = market.outcomes.map((outcome) => outcome.tokenId).filter((tokenId) => tokens.has(tokenId));
    if (own.length === 0) continue;
    if (open.tokens.length > 0 && open.tokens.length + own.length > size) {
      plans.push(open);
      open = { tokens: [], markets: [] };
    }
    open.tokens.push(...own);
    const covers = (mirrored ? own.slice(0, 1) : own).map((tokenId) => {
      const outcome: Outcome = mirrored || tokenId === market.outcomes[0].tokenId ? 0 : 1;
      return { tokenId, outcome };
    });
    open.markets.push({ marketId, covers, tokens: own.length });
  }
  if (open.tokens.length > 0) plans.push(open);
  return plans;
}
