import { MatchpointError } from "@matchpoint/sdk";

/**
 * A distribution as quantiles: pairs of a share from 0 to 1 and the value below which that share lies, both growing. What lies
 * between two of them is drawn on the straight line between them; below the first and above the last nothing lies.
 */
export type Quantiles = readonly (readonly [share: number, value: number])[];

/** Longest table: a measured one has a dozen. */
const MOST = 200;

/**
 * Why a value is no table of quantiles, in words that follow "It must be"; `undefined` when it is one.
 *
 * @param max the largest value allowed
 */
export function quantilesProblem(table: unknown, max: number): string | undefined {
  if (!Array.isArray(table) || table.length === 0 || table.length > MOST)
    return `1 to ${MOST} pairs [share, value]`;
  let share = -1;
  let value = 0;
  for (const pair of table as readonly unknown[]) {
    if (!Array.isArray(pair) || pair.length !== 2) return "pairs [share, value]";
    const [nextShare, nextValue] = pair as readonly unknown[];
    if (typeof nextShare !== "number" || !(nextShare >= 0 && nextShare <= 1)) return "shares from 0 to 1";
    if (typeof nextValue !== "number" || !(nextValue >= 0 && nextValue <= max))
      return `values from 0 to ${max}`;
    if (nextShare <= share) return "shares that grow";
    if (nextValue < value) return "values that do not fall";
    share = nextShare;
    value = nextValue;
  }
  return undefined;
}

/**
 * The value at a share.
 *
 * @throws `MatchpointError` `CONFIG_INVALID` when the table is empty
 * @example
 * ```ts
 * import { atShare } from "@matchpoint/paper-broker";
 *
 * atShare([[0.05, 42], [0.5, 58], [0.95, 94]], 0.5); // 58
 * atShare([[0.05, 42], [0.5, 58], [0.95, 94]], 0.725); // 76: halfway from 58 to 94
 * ```
 */
export function atShare(table: Quantiles, share: number): number {
  const first = table[0];
  if (first === undefined) throw new MatchpointError("CONFIG_INVALID", "a table of quantiles is empty");
  let [beforeShare, before] = first;
  for (const [nextShare, next] of table) {
    if (share <= nextShare) {
      if (nextShare === beforeShare) return next;
      return before + ((next - before) * (share - beforeShare)) / (nextShare - beforeShare);
    }
    beforeShare = nextShare;
    before = next;
  }
  return before;
}

/**
 * The quantiles of measured values, at the shares that the tables of this package have; `undefined` when nothing was measured.
 *
 * @example
 * ```ts
 * import { quantilesOf } from "@matchpoint/paper-broker";
 *
 * quantilesOf([40, 60, 50]); // [[0, 40], [0.05, 41], [0.25, 45], [0.5, 50], …, [1, 60]]
 * ```
 */
export function quantilesOf(values: readonly number[]): Quantiles | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  return SHARES.map((share) => {
    const place = share * (sorted.length - 1);
    const below = sorted[Math.floor(place)]!;
    const above = sorted[Math.ceil(place)]!;
    return [
      share,
      Math.round((below + (above - below) * (place - Math.floor(place))) * 1_000) / 1_000,
    ] as const;
  });
}

const SHARES = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1] as const;
