import {
  formatPrice,
  formatShares,
  formatUsdc,
  NANOS_PER_MS,
  notional,
  PRICE_ONE,
  type Price,
  type Shares,
} from "../../units/index.ts";
import { takes } from "../amounts.ts";
import { ENTRY_AND_HEDGE, ENTRY_ONLY, type RiskCheck } from "../check.ts";

export const bookUntrusted: RiskCheck = {
  code: "BOOK_UNTRUSTED",
  purposes: ENTRY_AND_HEDGE,
  check(_intent, { book: { status } }, { allowSyntheticBook }) {
    if (status === "live" || (status === "synthetic" && allowSyntheticBook)) return undefined;
    return `the book is ${status}`;
  },
};

export const bookStale: RiskCheck = {
  code: "BOOK_STALE",
  purposes: ENTRY_ONLY,
  check(_intent, { book, now }, { maxBookAge }) {
    const age = now - book.updatedAt;
    if (maxBookAge === 0 || age <= maxBookAge) return undefined;
    return `no update for ${Math.round(age / NANOS_PER_MS)} ms, at most ${maxBookAge / NANOS_PER_MS}`;
  },
};

export const loopStalled: RiskCheck = {
  code: "LOOP_STALLED",
  purposes: ENTRY_ONLY,
  check(_intent, { stall, now }) {
    if (stall === undefined || now >= stall.until) return undefined;
    const left = Math.ceil((stall.until - now) / NANOS_PER_MS);
    return `the process did nothing for ${stall.ms} ms; books count again in ${left} ms`;
  },
};

export const priceBand: RiskCheck = {
  code: "PRICE_BAND",
  purposes: ENTRY_ONLY,
  check({ limit }, _view, { minPrice, maxPrice }) {
    if (limit >= minPrice && limit <= maxPrice) return undefined;
    return `limit ${formatPrice(limit)} is not from ${formatPrice(minPrice)} to ${formatPrice(maxPrice)}`;
  },
};

export const spreadTooWide: RiskCheck = {
  code: "SPREAD_TOO_WIDE",
  purposes: ENTRY_ONLY,
  check(intent, { book }, { maxSpread }) {
    if (!takes(intent, book)) return undefined;
    const spread = book.ask(intent.outcome) - book.bid(intent.outcome);
    if (spread <= maxSpread) return undefined;
    return `spread ${formatPrice(spread as Price)} is wider than ${formatPrice(maxSpread)}`;
  },
};

export const slippage: RiskCheck = {
  code: "SLIPPAGE",
  purposes: ENTRY_AND_HEDGE,
  check(intent, { book }, { maxSlippage }) {
    if (!takes(intent, book)) return undefined;
    const buys = intent.side === "buy";
    const best = buys ? book.ask(intent.outcome) : book.bid(intent.outcome);
    if (buys ? best >= PRICE_ONE : best <= 0) return undefined; // nothing to be beyond of; see LIQUIDITY_TOO_THIN
    const beyond = buys ? intent.limit - best : best - intent.limit;
    if (beyond <= maxSlippage) return undefined;
    return `limit ${formatPrice(intent.limit)} is ${formatPrice(beyond as Price)} beyond the best price ${formatPrice(best)}, at most ${formatPrice(maxSlippage)}`;
  },
};

export const fillSlippage: RiskCheck = {
  code: "FILL_SLIPPAGE",
  purposes: ENTRY_AND_HEDGE,
  check(intent, { book }, { maxFillSlippage }) {
    // A synthetic book knows prices, not sizes.
    if (maxFillSlippage === undefined || book.status !== "live" || !takes(intent, book)) return undefined;
    const { outcome, side, limit, size, spend } = intent;
    const buys = side === "buy";
    const { shares, cost } = book.walk(
      outcome,
      side,
      spend === undefined ? { shares: size } : { usdc: spend },
      limit,
    );
    if (shares === 0) return undefined; // see LIQUIDITY_TOO_THIN
    const best = buys ? book.ask(outcome) : book.bid(outcome);
    const average = (cost * PRICE_ONE) / shares;
    const slipped = buys ? average - best : best - average;
    if (slipped <= maxFillSlippage) return undefined;
    return `${formatShares(shares)} shares are $${(slipped / PRICE_ONE).toFixed(6)} a share worse than the best price ${formatPrice(best)}, at most $${formatPrice(maxFillSlippage)}`;
  },
};

export const liquidityTooThin: RiskCheck = {
  code: "LIQUIDITY_TOO_THIN",
  purposes: ENTRY_ONLY,
  check(intent, { book }, { minLiquidity, maxDepthFraction }) {
    // A synthetic book knows prices, not sizes.
    if (book.status !== "live" || !takes(intent, book)) return undefined;
    const depth = book.depth(intent.outcome, intent.side, intent.limit);
    const value = notional(depth, intent.limit, "down");
    if (value < minLiquidity) {
      return `$${formatUsdc(value)} on offer within the limit, at least $${formatUsdc(minLiquidity)}`;
    }
    if (maxDepthFraction >= 1) return undefined;
    const most = Math.floor(depth * maxDepthFraction) as Shares;
    return intent.size <= most
      ? undefined
      : `${formatShares(intent.size)} shares are more than ${formatShares(most)}, the allowed part of ${formatShares(depth)} on offer`;
  },
};
