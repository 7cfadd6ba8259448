import type { ChainAction } from "@matchpoint/sdk";
import type { HeardTrade } from "./account.ts";

/** What a market's holdings have cost, and what they have won or lost: the judge's own average cost. @module */

interface TradeMove {
  readonly kind: "trade";
  readonly outcome: 0 | 1;
  readonly side: "buy" | "sell";
  /** One that has failed moves nothing. */
  readonly trade: HeardTrade;
}

/** Something that moved shares, in the order in which it was booked. */
export type Move =
  TradeMove | { readonly kind: "chain"; readonly action: ChainAction; readonly proceeds: number };

/** One outcome's shares and what they cost, and what has been realized in the market. */
interface Sums {
  readonly shares: [number, number];
  readonly cost: [number, number];
  realized: number;
}

/** `value * part / whole` for whole numbers, rounded toward zero. */
function share(value: number, part: number, whole: number): number {
  const product = value * part;
  if (Number.isSafeInteger(product)) return Math.trunc(product / whole);
  return Number((BigInt(value) * BigInt(part)) / BigInt(whole));
}

/**
 * A market's costs by the average-cost method: a buy with its fee is what its shares cost; whatever leaves takes its part of the cost
 * with it, rounded toward zero, and the difference to what it brought is profit or loss. A trade that fails has never been.
 */
export class Costs {
  #payouts: readonly [number, number] | undefined;
  readonly #moves: Move[] = [];
  #sums: Sums | undefined;

  add(move: Move): void {
    this.#moves.push(move);
    if (this.#sums !== undefined && this.#payouts === undefined) take(this.#sums, move, undefined);
    else this.#sums = undefined;
  }

  resolve(payouts: readonly [number, number]): void {
    this.#payouts = payouts;
    this.anew();
  }

  /** A trade has failed: everything is added up anew. */
  anew(): void {
    this.#sums = undefined;
  }

  get cost(): readonly [number, number] {
    return this.#standing.cost;
  }

  get realized(): number {
    return this.#standing.realized;
  }

  /** Trades that were not mined at the first attempt, and wait for another one. */
  *retried(): IterableIterator<TradeMove> {
    for (const move of this.#moves) if (move.kind === "trade" && move.trade.status === "RETRYING") yield move;
  }

  /** What would be held at what cost if every sale that is being retried failed; `undefined`: there is none. */
  withoutRetried(): readonly [number, number] | undefined {
    if (!this.#moves.some(isRetriedSale)) return undefined;
    return this.#added((move) => !isRetriedSale(move)).cost;
  }

  /** The same costs, of other trades' objects. */
  copy(known: (trade: HeardTrade) => HeardTrade): Costs {
    const next = new Costs();
    next.#payouts = this.#payouts;
    for (const move of this.#moves)
      next.#moves.push(move.kind === "trade" ? { ...move, trade: known(move.trade) } : move);
    return next;
  }

  get #standing(): Sums {
    this.#sums ??= this.#added(() => true);
    return this.#sums;
  }

  #added(counts: (move: Move) => boolean): Sums {
    const sums: Sums = { shares: [0, 0], cost: [0, 0], realized: 0 };
    for (const move of this.#moves) if (counts(move)) take(sums, move, this.#payouts);
    // Shares that pay nothing have lost what they cost, whether they are redeemed or not.
    for (const outcome of [0, 1] as const) {
      if (this.#payouts?.[outcome] !== 0) continue;
      sums.realized -= sums.cost[outcome];
      sums.cost[outcome] = 0;
    }
    return sums;
  }
}

function isRetriedSale(move: Move): boolean {
  return move.kind === "trade" && move.side === "sell" && move.trade.status === "RETRYING";
}

function take(sums: Sums, move: Move, payouts: readonly [number, number] | undefined): void {
  if (move.kind === "trade") {
    const { outcome, side, trade } = move;
    if (trade.status === "FAILED") return;
    const { size, cost, fee } = trade;
    if (side === "buy") pass(sums, outcome, size, cost + fee);
    else pass(sums, outcome, 0 - size, fee - cost);
    return;
  }
  const { action, proceeds } = move;
  const { kind, amounts } = action;
  const sign = kind === "split" ? 1 : -1;
  const first = kind === "redeem" ? ofFirst(action, proceeds, payouts) : Math.floor(proceeds / 2);
  for (const [outcome, dollars] of [
    [0, first],
    [1, proceeds - first],
  ] as const) {
    if (amounts[outcome] === 0) sums.realized += dollars;
    else pass(sums, outcome, sign * amounts[outcome], 0 - dollars);
  }
}

/** The part of a redemption that the first outcome's shares have brought. */
function ofFirst(
  { amounts }: ChainAction,
  proceeds: number,
  payouts: readonly [number, number] | undefined,
): number {
  const pays = ([0, 1] as const).map((outcome) =>
    share(amounts[outcome], payouts?.[outcome] ?? 0, 1_000_000),
  );
  const [first = 0, second = 0] = pays.some((each) => each > 0) ? pays : amounts;
  return first + second === 0 ? 0 : share(proceeds, first, first + second);
}

/** Shares come in (for `dollars`) or go out (for minus what they bring). What goes beyond zero begins a position the other way. */
function pass(sums: Sums, outcome: 0 | 1, size: number, dollars: number): void {
  const held = sums.shares[outcome];
  sums.shares[outcome] = held + size;
  if (held * size >= 0) {
    sums.cost[outcome] += dollars;
    return;
  }
  const closed = Math.min(Math.abs(held), Math.abs(size));
  const paid = share(dollars, closed, Math.abs(size));
  const left = share(sums.cost[outcome], closed, Math.abs(held));
  sums.realized -= left + paid;
  sums.cost[outcome] += dollars - paid - left;
}
