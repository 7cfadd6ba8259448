import { NANOS_PER_MS } from "../units/index.ts";

/** What is remembered of a mid: its slow average, and where it has kept still. */
export interface CalmMemory {
  average: number;
  averagedAt: number;
  calmMid: number;
}

/**
 * Follows a mid, and says whether it has just left where it was.
 * @param halfLifeMs time over which the average forgets half
 * @param move how far is away
 */
export function watchMid(
  memory: CalmMemory,
  mid: number,
  now: number,
  halfLifeMs: number,
  move: number,
): boolean {
  if (memory.average === 0) {
    memory.average = mid;
  } else {
    // 1 - 2^(-age / halfLife) to second order is enough for an average, and needs no exponential.
    const x = Math.min(1, (0.6931471805599453 * (now - memory.averagedAt)) / (halfLifeMs * NANOS_PER_MS));
    memory.average += (mid - memory.average) * (x - (x * x) / 2);
  }
  memory.averagedAt = now;
  const left = Math.abs(mid - memory.calmMid) > move;
  if (left) memory.calmMid = mid;
  return left;
}
