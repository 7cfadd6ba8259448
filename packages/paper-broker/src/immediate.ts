import { DUST, notional, type Intent } from "@matchpoint/sdk";
import { belowMinimum, MIN_MARKETABLE, type Refusal } from "./checks.ts";
import { spendsDollars } from "./records.ts";
import type { Met } from "./walk.ts";

/** The end of an immediate order that did not fill, in the venue's words. */
export const KILLED: Readonly<Record<"FAK" | "FOK", Refusal>> = {
  FAK: {
    code: "FAK_NO_MATCH",
    detail:
      "no orders found to match with FAK order. FAK orders are partially filled or killed if no match is found.",
  },
  FOK: {
    code: "FOK_NOT_FILLED",
    detail: "order couldn't be fully filled. FOK orders are fully filled or killed.",
  },
};

/**
 * Whether what an immediate order has left is too little to match: less than a hundredth of a share, or dollars that do not buy one at
 * the limit. It is filled then, as its owner counts too.
 */
export function isUsedUp(intent: Intent, met: readonly Met[]): boolean {
  const sum = (of: (level: Met) => number): number => met.reduce((total, level) => total + of(level), 0);
  if (!spendsDollars(intent)) return intent.size - sum(({ size }) => size) < DUST;
  return intent.spend! - sum(({ cost }) => cost) < notional(DUST, intent.limit, "up");
}

/** The venue takes no marketable buy below its minimum; what a buy by dollars spends was checked before. */
export function takesTooLittle(intent: Intent): Refusal | undefined {
  if (intent.side !== "buy" || spendsDollars(intent)) return undefined;
  const worth = notional(intent.size, intent.limit, "up");
  return worth < MIN_MARKETABLE ? belowMinimum(worth) : undefined;
}
