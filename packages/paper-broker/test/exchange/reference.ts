// A slow exchange of one market, written to be read and to share nothing with the fast one: whole numbers as bigints, every
// order on one ladder of outcome 0, everything sorted anew at every step. Prices in 1e-4, shares and dollars in 1e-6.

export interface Ask {
  readonly id: string;
  readonly account: string;
  readonly outcome: 0 | 1;
  readonly side: "buy" | "sell";
  readonly limit: number;
  readonly type: "GTC" | "FAK" | "FOK";
  /** Shares, or of a FAK or FOK buy dollars. */
  readonly amount: number;
}

export interface Part {
  readonly maker: string;
  readonly size: number;
  readonly cost: number;
}

export interface Match {
  readonly taker: string;
  readonly price: number;
  readonly size: number;
  readonly cost: number;
  readonly parts: readonly Part[];
}

interface Resting {
  readonly ask: Ask;
  left: bigint;
  filled: bigint;
  cost: bigint;
}

const ONE = 10_000n;
const GRAIN = 100n;

/** Whether an order wants outcome 0 to be worth more: buying it, or selling the other one. */
const isBid = ({ outcome, side }: Ask): boolean => (outcome === 0) === (side === "buy");
const onZero = ({ outcome, limit }: Ask): bigint => (outcome === 0 ? BigInt(limit) : ONE - BigInt(limit));
const up = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

export class Reference {
  readonly mirrored: boolean;
  #resting: Resting[] = [];

  constructor(mirrored: boolean) {
    this.mirrored = mirrored;
  }

  /** Takes an order; `undefined` when it would meet one of its own account. */
  place(ask: Ask): { readonly status: string; readonly matches: readonly Match[] } | undefined {
    const met = this.#resting.filter((each) => this.#meet(each.ask, ask));
    if (met.some((each) => each.ask.account === ask.account)) return undefined;
    // Best price for the taker, then the one that came first (`sort` keeps the order of equals).
    met.sort((a, b) => Number(isBid(ask) ? onZero(a.ask) - onZero(b.ask) : onZero(b.ask) - onZero(a.ask)));
    const dollars = ask.side === "buy" && ask.type !== "GTC";
    let want = BigInt(ask.amount);
    let enough = false;
    const plan: {
      readonly maker: Resting;
      readonly size: bigint;
      readonly price: bigint;
      readonly cost: bigint;
    }[] = [];
    for (const maker of met) {
      const seen = ask.outcome === 0 ? onZero(maker.ask) : ONE - onZero(maker.ask);
      const most = dollars ? ((want * ONE) / seen / GRAIN) * GRAIN : want;
      const size = most < maker.left ? most : maker.left;
      const own = this.#costOf(maker, size);
      const cost = maker.ask.outcome === ask.outcome ? own : size - own;
      if (size > 0n) plan.push({ maker, size, price: seen, cost });
      want -= dollars ? cost : size;
      if (most <= maker.left) {
        enough = true;
        break;
      }
    }
    if (ask.type === "FOK" && !enough) return { status: "FOK_NOT_FILLED", matches: [] };
    if (ask.type === "FAK" && plan.length === 0) return { status: "FAK_NO_MATCH", matches: [] };
    const matches = new Map<bigint, { size: bigint; cost: bigint; parts: Part[] }>();
    for (const { maker, size, price, cost } of plan) {
      const match = matches.get(price) ?? { size: 0n, cost: 0n, parts: [] };
      matches.set(price, match);
      const own = this.#costOf(maker, size);
      match.parts.push({ maker: maker.ask.id, size: Number(size), cost: Number(own) });
      match.size += size;
      match.cost += cost;
      maker.left -= size;
      maker.filled += size;
      maker.cost += own;
    }
    this.#resting = this.#resting.filter(({ left }) => left > 0n);
    const rests = ask.type === "GTC" && !enough;
    if (rests) this.#resting.push({ ask, left: want, filled: 0n, cost: 0n });
    return {
      status: rests ? "live" : "matched",
      matches: [...matches].map(([price, { size, cost, parts }]) => ({
        taker: ask.id,
        price: Number(price),
        size: Number(size),
        cost: Number(cost),
        parts,
      })),
    };
  }

  /** Whether the order was there and is gone. */
  cancel(id: string, account: string): boolean {
    const before = this.#resting.length;
    this.#resting = this.#resting.filter(({ ask }) => ask.id !== id || ask.account !== account);
    return this.#resting.length < before;
  }

  /** The bids of an outcome in its own prices, best first; its asks are the other's bids at the complement, where it is mirrored. */
  bids(outcome: 0 | 1): (readonly [number, number])[] {
    const levels = new Map<bigint, bigint>();
    for (const { ask, left } of this.#resting) {
      if (this.mirrored ? isBid(ask) !== (outcome === 0) : ask.outcome !== outcome || ask.side !== "buy")
        continue;
      const price = outcome === 0 ? onZero(ask) : ONE - onZero(ask);
      levels.set(price, (levels.get(price) ?? 0n) + left);
    }
    return [...levels]
      .sort(([a], [b]) => Number(b - a))
      .map(([price, size]) => [Number(price), Number(size)]);
  }

  #meet(a: Ask, b: Ask): boolean {
    if (!this.mirrored && a.outcome !== b.outcome) return false;
    if (isBid(a) === isBid(b)) return false;
    return isBid(a) ? onZero(a) >= onZero(b) : onZero(b) >= onZero(a);
  }

  /** A maker's dollars for one more fill: all its fills together are exact, rounded up for a buy, down for a sell. */
  #costOf({ ask, filled, cost }: Resting, size: bigint): bigint {
    const exact = (filled + size) * BigInt(ask.limit);
    return (ask.side === "buy" ? up(exact, ONE) : exact / ONE) - cost;
  }
}
