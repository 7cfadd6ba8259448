import { pow } from "@matchpoint/sdk";
import type { PaperOrder } from "./records.ts";

/*
 * Where an order stands in the queue of its level, from aggregate sizes alone. Source of both estimates: the models of
 * hftbacktest (`RiskAdverseQueueModel` and `ProbQueueModel` with a power of the sizes), adapted to prints that come before or after
 * the level change that they caused.
 */

/** The pessimist: whoever cancels stood behind us, so that a level that shrinks leaves as much ahead as it shows. */
export function fellWorst(order: PaperOrder, shown: number, window: number, now: number): void {
  if (shown >= order.ahead) return;
  if (now - order.creditAt > window) order.credit = 0;
  order.credit += order.ahead - shown;
  order.creditAt = now;
  order.ahead = shown;
}

/** What is left of a print at an order's price after those ahead of it; level changes that told of it before are credited. */
export function passWorst(order: PaperOrder, printed: number, window: number, now: number): number {
  if (now - order.creditAt > window) order.credit = 0;
  const known = Math.min(printed, order.credit);
  order.credit -= known;
  const eaten = Math.min(printed - known, order.ahead);
  order.ahead -= eaten;
  return printed - known - eaten;
}

/**
 * The base case: of what a level loses without a print, a part stood ahead of us, in expectation. With `behind` and `ahead` the sizes
 * there, a cancelled share stood behind with probability `behind^n / (behind^n + ahead^n)`; what that puts behind beyond what was
 * there stood ahead.
 */
export function fellLikely(
  order: PaperOrder,
  shown: number,
  exponent: number,
  window: number,
  now: number,
): void {
  const before = order.level;
  order.level = shown;
  if (shown >= before) return;
  if (now - order.printedAt > window) order.printed = 0;
  const traded = Math.min(before - shown, order.printed);
  order.printed -= traded;
  const lost = before - shown - traded;
  if (lost > 0) {
    const behind = Math.max(0, before - traded - order.ahead);
    const fromBehind = Math.min(behind, shareBehind(behind, order.ahead, exponent) * lost);
    const off = Math.min(order.ahead, Math.floor(lost - fromBehind));
    if (now - order.creditAt > window) {
      order.lost = 0;
      order.credit = 0;
    }
    const gone = Math.max(off, order.ahead - shown);
    order.lost += lost;
    order.credit += Math.min(gone, lost);
    order.creditAt = now;
    order.ahead -= gone;
  }
  order.ahead = Math.min(order.ahead, shown);
}

/**
 * What is left of a print at an order's price. A level change that came before it turns out to have been this trade: all of it stood
 * ahead, not only the part that was guessed.
 */
export function passLikely(order: PaperOrder, printed: number, window: number, now: number): number {
  if (now - order.creditAt > window) {
    order.lost = 0;
    order.credit = 0;
  }
  const told = Math.min(printed, order.lost);
  // Of that part of the loss, so much came off what was ahead.
  const off =
    told === 0 ? 0 : told === order.lost ? order.credit : Math.floor((order.credit * told) / order.lost);
  order.lost -= told;
  order.credit -= Math.min(order.credit, off);
  if (now - order.printedAt > window) order.printed = 0;
  order.printed += printed - told;
  order.printedAt = now;
  const hits = Math.max(0, printed - off);
  const eaten = Math.min(hits, order.ahead);
  order.ahead -= eaten;
  return hits - eaten;
}

/** A trade beyond the price: nobody is ahead any more. */
export function passedBy(order: PaperOrder): void {
  order.ahead = 0;
  order.lost = 0;
  order.credit = 0;
  order.prior = 0;
}

function shareBehind(behind: number, ahead: number, exponent: number): number {
  if (behind <= 0) return 0;
  if (ahead <= 0) return 1;
  if (exponent === 1) return behind / (behind + ahead);
  return 1 / (1 + pow(ahead / behind, exponent));
}
