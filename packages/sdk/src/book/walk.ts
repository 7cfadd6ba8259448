import { MatchpointError } from "../errors.ts";
import { PRICE_ONE, type Price, type Shares, type Usdc } from "../units/index.ts";
import type { Walk, WalkAmount } from "./bookView.ts";
import type { PriceLadder } from "./priceLadder.ts";

/** Checks what a walk is asked for. */
export function checkAmount(value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new MatchpointError("UNIT_INVALID", `a book cannot be walked for an amount of ${value}`, {
    hint: "pass whole micro-shares or micro-dollars, not negative",
  });
}

/**
 * Takes from a ladder, best level first. Money is kept as whole micro-dollars plus ten-thousandths of one, so that sums
 * stay exact for every size below 2^53; only the end result is rounded.
 *
 * @param asks whether the ladder holds asks (a buy takes them) or bids
 * @param worstKey keys below this are out of the limit
 */
export function walkLadder(ladder: PriceLadder, asks: boolean, amount: WalkAmount, worstKey: number): Walk {
  const byShares = "shares" in amount;
  let sharesLeft = byShares ? checkAmount(amount.shares) : Infinity;
  let microsLeft = byShares ? 0 : checkAmount(amount.usdc);
  let partsLeft = 0;
  let found = 0;
  let micros = 0;
  let parts = 0;
  let worst = 0;
  let levels = 0;
  let complete = byShares ? sharesLeft === 0 : microsLeft === 0;
  const step = ladder.step;
  for (let slot = ladder.best; slot >= 0 && !complete; slot = ladder.next(slot)) {
    const key = slot * step;
    if (key < worstKey) break;
    const price = asks ? PRICE_ONE - key : key;
    let take = ladder.sizeIn(slot);
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
