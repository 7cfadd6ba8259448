/** Checks that several kinds of events share. @module */
import { finite, int, name, oneOf, type Check } from "./checks.ts";
import { CLAIM_LIMITS } from "./limits.ts";

/** The member of a union of kinds. */
export type Of<T extends { readonly kind: string }, K extends T["kind"]> = Extract<T, { readonly kind: K }>;

/** What names the member. */
export const kind: Check = name;
/** Of shares or dollars, in millionths. */
export const amount: Check = int(0);
/** The same, also below zero. */
export const anyAmount: Check = int();
export const priceLevel: Check = int(0, 10_000);
export const outcome: Check = oneOf(0, 1);
export const team: Check = oneOf(0, 1);
export const side: Check = oneOf("buy", "sell");
export const game: Check = int(1, CLAIM_LIMITS.game);
export const millis: Check = finite;

/** One of a table's keys. */
export function keyOf(table: Readonly<Record<string, true>>): Check {
  return oneOf(...Object.keys(table));
}

/** Flat triples `ladder, price, size`. */
export const levels: Check = (value, path) => {
  if (!Array.isArray(value) || value.length % 3 !== 0)
    return `${path}: expected a list of ladder, price, size triples`;
  for (let i = 0; i < value.length; i += 3) {
    const ladder: unknown = value[i];
    const price: unknown = value[i + 1];
    const size: unknown = value[i + 2];
    if (ladder !== 0 && ladder !== 1 && ladder !== 2 && ladder !== 3) return `${path}[${i}]: no ladder`;
    if (!Number.isInteger(price) || (price as number) < 0 || (price as number) > 10_000) {
      return `${path}[${i + 1}]: no price`;
    }
    if (!Number.isSafeInteger(size) || (size as number) < 0) return `${path}[${i + 2}]: no size`;
  }
  return undefined;
};
