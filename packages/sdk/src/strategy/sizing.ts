/**
 * The Kelly fraction of a binary bet: `(p - c) / (1 - c)` of the bankroll on a share that costs `c` dollars (price plus
 * fee) and pays 1 with probability `p`; 0 when there is no edge.
 */
export function kellyFraction(p: number, cost: number): number {
  if (!(p > cost) || cost >= 1 || cost <= 0) return 0;
  return (p - cost) / (1 - cost);
}
