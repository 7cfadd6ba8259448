import {
  MatchpointError,
  type MarketDescription,
  type MarketId,
  type Outcome,
  type Price,
  type TokenId,
} from "@matchpoint/sdk";

/** What the index keeps of a market. */
export interface IndexedMarket {
  readonly marketId: MarketId;
  readonly mirrored: boolean;
  /** The tick as last seen: listed, or read from the market channel since. */
  tick: Price;
}

/** What a token id stands for. */
export interface IndexedToken {
  readonly tokenId: TokenId;
  readonly outcome: Outcome;
  readonly market: IndexedMarket;
  /** The id's bytes and a closing quote, in words of four; the rest that fills no word in `tail`. */
  readonly words: Int32Array;
  readonly tail: Uint8Array;
}

/** Ids shorter than this are found by their text alone. */
export const HASHED = 7;
/** What an id may look like: bytes and characters are the same then, and JSON never escapes any. */
const PLAIN = /^[\w.:-]{1,128}$/;

/**
 * Finds markets by token id: by text, and by the bytes of a frame without making text of them. Real ids have 76 to 78 digits,
 * as good as random, so that their first eight spread well.
 *
 * @example
 * ```ts
 * import { TokenIndex } from "@matchpoint/adapters-polymarket";
 * const index = new TokenIndex([]);
 * index.size; // 0: add(market) for each market to follow
 * ```
 */
export class TokenIndex {
  readonly #byText = new Map<string, IndexedToken>();
  readonly #byMarket = new Map<MarketId, readonly IndexedToken[]>();
  private slots: (IndexedToken | undefined)[] = new Array<IndexedToken | undefined>(16).fill(undefined);

  constructor(markets: Iterable<MarketDescription> = []) {
    for (const market of markets) this.add(market);
  }

  /** Number of tokens. */
  get size(): number {
    return this.#byText.size;
  }

  /**
   * Adds a market, or replaces what was known of it.
   * @throws `MatchpointError` `EVENT_INVALID` when a token id is empty, not plain ASCII, or another market's
   */
  add(market: MarketDescription): void {
    this.remove(market.marketId);
    const indexed: IndexedMarket = {
      marketId: market.marketId,
      mirrored: market.mirrored,
      tick: market.tick,
    };
    const tokens = [
      token(market.outcomes[0].tokenId, 0, indexed),
      token(market.outcomes[1].tokenId, 1, indexed),
    ] as const;
    for (const { tokenId } of tokens) {
      if (PLAIN.test(tokenId) && !this.#byText.has(tokenId) && tokens[0].tokenId !== tokens[1].tokenId)
        continue;
      throw new MatchpointError(
        "EVENT_INVALID",
        `token id ${JSON.stringify(tokenId)} is not plain or not unique`,
        {
          where: `market ${market.marketId}`,
          hint: "each outcome of each market needs a token id of its own, as the venue writes it",
        },
      );
    }
    this.#byMarket.set(market.marketId, tokens);
    for (const each of tokens) this.#byText.set(each.tokenId, each);
    this.#rebuild();
  }

  /** Forgets a market; its frames are foreign from now on. */
  remove(marketId: MarketId): void {
    const tokens = this.#byMarket.get(marketId);
    if (tokens === undefined) return;
    this.#byMarket.delete(marketId);
    for (const each of tokens) this.#byText.delete(each.tokenId);
    this.#rebuild();
  }

  /** The token of an id. */
  get(tokenId: string): IndexedToken | undefined {
    return this.#byText.get(tokenId);
  }

  /** Both tokens of a market. */
  tokensOf(marketId: MarketId): readonly IndexedToken[] {
    return this.#byMarket.get(marketId) ?? [];
  }

  /** The tick of a market as last seen. */
  tickOf(marketId: MarketId): Price | undefined {
    return this.#byMarket.get(marketId)?.[0]?.market.tick;
  }

  /** Sets the tick of a market that is in the index. */
  setTick(marketId: MarketId, tick: Price): void {
    const market = this.#byMarket.get(marketId)?.[0]?.market;
    if (market !== undefined) market.tick = tick;
  }

  /** The ids of all markets. */
  marketIds(): MapIterator<MarketId> {
    return this.#byMarket.keys();
  }

  /**
   * The token whose id and closing quote stand at `at`, of ids that are long enough to be hashed. At least eight bytes must
   * be readable there; `end` is where the frame ends.
   */
  match(view: DataView, at: number, end: number): IndexedToken | undefined {
    const slots = this.slots;
    const mask = slots.length - 1;
    const first = view.getInt32(at, true);
    const second = view.getInt32(at + 4, true);
    for (let slot = spread(first, second) & mask; ; slot = (slot + 1) & mask) {
      const found = slots[slot];
      if (found === undefined) return undefined;
      const words = found.words;
      if (words[0] === first && words[1] === second && same(found, view, at, end)) return found;
    }
  }

  #rebuild(): void {
    let capacity = 16;
    while (capacity < this.#byText.size * 4) capacity *= 2;
    const slots = new Array<IndexedToken | undefined>(capacity).fill(undefined);
    for (const each of this.#byText.values()) {
      if (each.tokenId.length < HASHED) continue;
      let slot = spread(each.words[0]!, each.words[1]!) & (capacity - 1);
      while (slots[slot] !== undefined) slot = (slot + 1) & (capacity - 1);
      slots[slot] = each;
    }
    this.slots = slots;
  }
}

function token(tokenId: TokenId, outcome: Outcome, market: IndexedMarket): IndexedToken {
  const bytes = new TextEncoder().encode(`${tokenId}"`);
  const words = new Int32Array(bytes.length >>> 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < words.length; i++) words[i] = view.getInt32(i * 4, true);
  return { tokenId, outcome, market, words, tail: bytes.slice(words.length * 4) };
}

function spread(first: number, second: number): number {
  const mixed = Math.imul(first ^ Math.imul(second, 0x9e3779b1), 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

function same(token: IndexedToken, view: DataView, at: number, end: number): boolean {
  const words = token.words;
  const tail = token.tail;
  const rest = at + words.length * 4;
  if (rest + tail.length > end) return false;
  for (let i = 2, from = at + 8; i < words.length; i++, from += 4)
    if (view.getInt32(from, true) !== words[i]) return false;
  for (let i = 0; i < tail.length; i++) if (view.getUint8(rest + i) !== tail[i]) return false;
  return true;
}
