import {
  id,
  type MarketDescription,
  type MarketId,
  type Price,
  type Shares,
  type TokenId,
} from "@matchpoint/sdk";

/** Traffic of the venue's market channel: the same seed gives the same bytes. */
export interface Traffic {
  readonly markets: readonly MarketDescription[];
  readonly frames: readonly Buffer[];
  readonly meanBytes: number;
}

const MARKETS = 10;
/** Prices in ticks of 0.001: 1 to 999. */
const TOP = 999;
const LEVELS = 60;
export const STARTS_AT = 1_790_000_000_000;
/** Milliseconds between two frames: 200 frames a second, a busy evening's rate. */
export const FRAME_MS = 5;

/** 32 bits per call (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One mirrored market: the bids and asks of its first token, sizes in hundredths by price in ticks. */
class World {
  readonly market: MarketDescription;
  readonly condition: string;
  readonly tokens: readonly [string, string];
  readonly bids = new Int32Array(TOP + 1);
  readonly asks = new Int32Array(TOP + 1);
  bid = 0;
  ask = 0;
  readonly #random: () => number;

  constructor(index: number, next: () => number) {
    this.#random = next;
    const digits = (length: number, base: number): string => {
      let text = "";
      for (let i = 0; i < length; i++)
        text += Math.floor(next() * (i === 0 ? base - 1 : base) + (i === 0 ? 1 : 0)).toString(16);
      return text;
    };
    this.condition = `0x${digits(64, 16)}`;
    this.tokens = [digits(77, 10), digits(77, 10)];
    this.market = {
      marketId: id<MarketId>(this.condition),
      title: `Market ${index}`,
      outcomes: [
        { tokenId: id<TokenId>(this.tokens[0]), name: "Yes" },
        { tokenId: id<TokenId>(this.tokens[1]), name: "No" },
      ],
      tick: 10 as Price,
      minSize: 5_000_000 as Shares,
      fee: { ratePpm: 30_000, exponent: 1, takerOnly: true },
      takerDelayMs: 0,
      mirrored: true,
      negRisk: false,
      acceptingOrders: true,
      clearBookOnStart: false,
    };
    this.bid = 300 + Math.floor(next() * 400);
    this.ask = this.bid + 2;
    for (let i = 0; i < LEVELS; i++) {
      this.bids[this.bid - i] = this.size();
      this.asks[this.ask + i] = this.size();
    }
  }

  size(): number {
    return 100 + Math.floor(this.#random() * this.#random() * 500_000);
  }

  book(outcome: 0 | 1, at: number): string {
    const [own, other] = outcome === 0 ? [this.bids, this.asks] : [this.asks, this.bids];
    const bids: string[] = [];
    const asks: string[] = [];
    // As the venue sends them: bids rise, asks fall, so that the best come last.
    for (let i = 1; i <= TOP; i++) {
      const price = outcome === 0 ? i : 1_000 - i;
      if (outcome === 0 ? own[i]! > 0 : other[i]! > 0) {
        const size = outcome === 0 ? own[i]! : other[i]!;
        (outcome === 0 ? bids : asks).push(
          `{"price":"${decimal(price, 1_000)}","size":"${decimal(size, 100)}"}`,
        );
      }
    }
    for (let i = TOP; i >= 1; i--) {
      const price = outcome === 0 ? i : 1_000 - i;
      const size = this.asks[i]!;
      if (size > 0)
        (outcome === 0 ? asks : bids).push(
          `{"price":"${decimal(price, 1_000)}","size":"${decimal(size, 100)}"}`,
        );
    }
    return (
      `[{"market":"${this.condition}","asset_id":"${this.tokens[outcome]}","timestamp":"${at}","hash":"${this.#hash()}",` +
      `"bids":[${bids.join(",")}],"asks":[${asks.join(",")}],"event_type":"book","tick_size":"0.001","last_trade_price":"0.5"}]`
    );
  }

  /** Changes one level, now and then the best one, and says so for both tokens. */
  change(at: number): string {
    const next = this.#random;
    const buy = next() < 0.5;
    const levels = buy ? this.bids : this.asks;
    const down = buy ? -1 : 1;
    const best = buy ? this.bid : this.ask;
    let price = best + down * Math.floor(-8 * Math.log(1 - next()));
    let size = next() < 0.3 ? 0 : this.size();
    const worst = buy ? best - LEVELS : best + LEVELS;
    if (buy ? price < worst : price > worst) price = worst;
    // A quote inside the spread; pushed back to the middle where the price would leave the range.
    const inside = best - down;
    if (next() < 0.06 && inside !== (buy ? this.ask : this.bid) && (buy ? inside < 900 : inside > 100)) {
      price = inside;
      size = this.size();
    }
    if (price === best && size === 0 && (next() < 0.5 || (buy ? best < 200 : best > 800))) size = this.size();
    if (levels[price] === 0 && size === 0) size = this.size();
    levels[price] = size;
    while (this.bids[this.bid] === 0) this.bid--;
    while (this.asks[this.ask] === 0) this.ask++;
    if (buy && price > this.bid) this.bid = size > 0 ? price : this.bid;
    if (!buy && price < this.ask) this.ask = size > 0 ? price : this.ask;
    const text = decimal(size, 100);
    const [bid, ask] = [this.bid, this.ask];
    return (
      `[{"market":"${this.condition}","price_changes":[` +
      `{"asset_id":"${this.tokens[0]}","price":"${decimal(price, 1_000)}","size":"${text}","side":"${buy ? "BUY" : "SELL"}",` +
      `"hash":"${this.#hash()}","best_bid":"${decimal(bid, 1_000)}","best_ask":"${decimal(ask, 1_000)}"},` +
      `{"asset_id":"${this.tokens[1]}","price":"${decimal(1_000 - price, 1_000)}","size":"${text}","side":"${buy ? "SELL" : "BUY"}",` +
      `"hash":"${this.#hash()}","best_bid":"${decimal(1_000 - ask, 1_000)}","best_ask":"${decimal(1_000 - bid, 1_000)}"}` +
      `],"timestamp":"${at}","event_type":"price_change"}]`
    );
  }

  trade(at: number): string {
    const buy = this.#random() < 0.5;
    return (
      `[{"market":"${this.condition}","asset_id":"${this.tokens[0]}","price":"${decimal(buy ? this.ask : this.bid, 1_000)}",` +
      `"size":"${decimal(this.size(), 100)}","fee_rate_bps":"0","side":"${buy ? "BUY" : "SELL"}","timestamp":"${at}",` +
      `"event_type":"last_trade_price","transaction_hash":"0x${this.#hash()}${this.#hash().slice(0, 24)}"}]`
    );
  }

  #hash(): string {
    let text = "";
    for (let i = 0; i < 5; i++)
      text += Math.floor(this.#random() * 4_294_967_296)
        .toString(16)
        .padStart(8, "0");
    return text;
  }
}

/** As the venue writes decimals: no zeros at the end. */
function decimal(value: number, unit: number): string {
  return String(value / unit);
}

/**
 * Frames as the venue sends them: first a book of each token, then 90 % price changes (one level, told for both tokens), 7 % books
 * and 3 % trades.
 */
export function makeTraffic(count: number, seed = 7): Traffic {
  const next = random(seed);
  const worlds = Array.from({ length: MARKETS }, (_, i) => new World(i, next));
  const frames: Buffer[] = [];
  let bytes = 0;
  const put = (text: string): void => {
    const frame = Buffer.from(text);
    bytes += frame.length;
    frames.push(frame);
  };
  const now = (): number => STARTS_AT + frames.length * FRAME_MS;
  for (const world of worlds) {
    put(world.book(0, now()));
    put(world.book(1, now()));
  }
  while (frames.length < count) {
    const world = worlds[Math.floor(next() * worlds.length)]!;
    const kind = next();
    if (kind < 0.9) put(world.change(now()));
    else if (kind < 0.97) put(world.book(next() < 0.5 ? 0 : 1, now()));
    else put(world.trade(now()));
  }
  return { markets: worlds.map(({ market }) => market), frames, meanBytes: bytes / frames.length };
}
