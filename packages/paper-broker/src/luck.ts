import { hash128 } from "@matchpoint/sdk";

const TWO_52 = 4_503_599_627_370_496;

/**
 * An even draw from [0, 1) that depends on the seed and on what it decides about, and on nothing else: one order more
 * elsewhere does not change the luck of all that follow.
 */
export function luck(seed: number, what: string, key: string): number {
  return Number.parseInt(hash128(`${seed}|${what}|${key}`).slice(0, 13), 16) / TWO_52;
}
