import { MatchpointError } from "../errors.ts";
import { PRICE_ONE, type Price, type Shares, type Usdc } from "../units/index.ts";
import type { Walk, WalkAmount } from "./bookView.ts";
import type { PriceLadder } from "./priceLadder.ts";

/** Checks what a walk is asked for. */
function checkAmount(value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new MatchpointError("UNIT_INVALID", `a book cannot be walked for an amount of ${value}`, {
    hint: "pass whole micro-shares or micro-dollars, not negative",
  });
}

/**
 * Takes from a ladder, best level first.
 *
 * @param asks whether the ladder holds asks (a buy takes them) or bids
 * @param worstKey keys below this are out of the limit
 */
export function walkLadder(ladder: PriceLadder, asks: boolean, amount: WalkAmount, worstKey: number): Walk {
  const wanted = "shares" in amount ? checkAmount(amount.shares) : undefined;
  const money = wanted === undefined ? checkAmount((amount as { readonly usdc: Usdc }).usdc) * PRICE_ONE : 0;
  const fast =
    wanted !== undefined
      ? walkShares(ladder, asks, wanted, worstKey)
      : money <= Number.MAX_SAFE_INTEGER
        ? walkMoney(ladder, asks, money, worstKey)
        : undefined;
  return fast ?? walkExact(ladder, asks, amount, worstKey);
}

function walk(
  found: number,
  value: number,
  asks: boolean,
  worst: number,
  levels: number,
  complete: boolean,
): Walk {
  const cost = asks ? Math.ceil(value / PRICE_ONE) : Math.floor(value / PRICE_ONE);
  return {
    shares: found as Shares,
    cost: cost as Usdc,
    worst: worst as Price,
    levels,
    complete,
    average: found === 0 ? 0 : cost / found,
  };
}

/** Counts money in 1e-10 dollars, exact while it fits 2^53 ($900,719); `undefined` when it does not. */
function walkShares(ladder: PriceLadder, asks: boolean, wanted: number, worstKey: number): Walk | undefined {
  const sizes = ladder.sizes;
  const step = ladder.step;
  let left = wanted;
  let value = 0;
  let price = 0;
  let levels = 0;
  for (
    let slot = ladder.best;
    slot >= 0 && left > 0;
    slot = sizes[slot - 1] !== 0 ? slot - 1 : ladder.next(slot)
  ) {
    const key = slot * step;
    if (key < worstKey) break;
    const size = sizes[slot]!;
    const take = size < left ? size : left;
    price = asks ? PRICE_ONE - key : key;
    value += take * price;
    if (value > Number.MAX_SAFE_INTEGER) return undefined;
    left -= take;
    levels++;
  }
  return walk(wanted - left, value, asks, price, levels, left === 0);
}

/** The same for an amount of money, which is given in 1e-10 dollars too. */
function walkMoney(ladder: PriceLadder, asks: boolean, money: number, worstKey: number): Walk | undefined {
  const sizes = ladder.sizes;
  const step = ladder.step;
  let left = money;
  let found = 0;
  let worst = 0;
  let levels = 0;
  for (
    let slot = ladder.best;
    slot >= 0 && left > 0;
    slot = sizes[slot - 1] !== 0 ? slot - 1 : ladder.next(slot)
  ) {
    const key = slot * step;
    if (key < worstKey) break;
    const price = asks ? PRICE_ONE - key : key;
    let take = sizes[slot]!;
    const last = take * price >= left;
    if (last) take = asks ? Math.floor(left / price) : Math.ceil(left / price);
    if (take > 0) {
      found += take;
      worst = price;
      levels++;
      left -= take * price;
      if (found > Number.MAX_SAFE_INTEGER) return undefined;
    }
    if (last) return walk(found, money - left, asks, worst, levels, true);
  }
  return walk(found, money - left, asks, worst, levels, left === 0);
}

/**
 * For amounts beyond that: money as whole micro-dollars plus ten-thousandths of one, so that sums stay exact for every size
 * below 2^53; only the end result is rounded.
 */
function walkExact(ladder: PriceLadder, asks: boolean, amount: WalkAmount, worstKey: number): Walk {
  const byShares = "shares" in amount;
  let sharesLeft: number = byShares ? amount.shares : Infinity;
  let microsLeft: number = byShares ? 0 : amount.usdc;
  let partsLeft = 0;
  let found = 0;
  let micros = 0;
  let parts = 0;
  let worst = 0;
  let levels = 0;
  let complete = byShares ? sharesLeft === 0 : microsLeft === 0;
  const sizes = ladder.sizes;
  const step = ladder.step;
  for (
    let slot = ladder.best;
    slot >= 0 && !complete;
    slot = sizes[slot - 1] !== 0 ? slot - 1 : ladder.next(slot)
  ) {
    const key = slot * step;
    if (key < worstKey) break;
    const price = asks ? PRICE_ONE - key : key;
    let take = sizes[slot]!;
    if (byShares) {
      if (take >= sharesLeft) {
        take = sharesLeft;
        complete = true;
      }
      sharesLeft -= take;
    } else {
      const part = partial(take, price, microsLeft, partsLeft, asks);
      if (part >= 0) {
        take = part;
        complete = true;
        if (take === 0) break;
      } else {
        const whole = Math.floor(take / PRICE_ONE);
        microsLeft -= whole * price;
        partsLeft -= (take - whole * PRICE_ONE) * price;
        if (partsLeft < 0) {
          const borrow = Math.ceil(-partsLeft / PRICE_ONE);
          microsLeft -= borrow;
          partsLeft += borrow * PRICE_ONE;
        }
      }
    }
    if (found + take > Number.MAX_SAFE_INTEGER) {
      complete = false; // more than a unit can hold: what was found so far is the answer
      break;
    }
    const whole = Math.floor(take / PRICE_ONE);
    micros += whole * price;
    parts += (take - whole * PRICE_ONE) * price;
    found += take;
    worst = price;
    levels++;
  }
  const cost = micros + (asks ? Math.ceil(parts / PRICE_ONE) : Math.floor(parts / PRICE_ONE));
  return {
    shares: found as Shares,
    cost: cost as Usdc,
    worst: worst as Price,
    levels,
    complete,
    average: found === 0 ? 0 : cost / found,
  };
}

/**
 * The part of a level that the dollars left pay for (asks; rounded down) or that raises them (bids; rounded up);
 * -1 when the whole level is needed and something is left.
 */
function partial(size: number, price: number, microsLeft: number, partsLeft: number, asks: boolean): number {
  const whole = Math.floor(size / PRICE_ONE);
  const rest = (size - whole * PRICE_ONE) * price;
  const carry = Math.floor(rest / PRICE_ONE);
  const value = whole * price + carry;
  const valueParts = rest - carry * PRICE_ONE;
  if (value < microsLeft || (value === microsLeft && valueParts < partsLeft)) return -1;
  const units = Math.floor(microsLeft / price);
  const over = (microsLeft - units * price) * PRICE_ONE + partsLeft;
  return units * PRICE_ONE + (asks ? Math.floor(over / price) : Math.ceil(over / price));
}
