import { plural } from "../report/format.ts";
import type { KillReport } from "./killProof.ts";

/** What came of a kill, in a line. */
export function killedWords({ proven, openBefore, open, zeroMs, ms, trouble }: KillReport): string {
  const before =
    openBefore === 0 ? "none was" : `${plural(openBefore, "order")} ${openBefore === 1 ? "was" : "were"}`;
  if (proven)
    return `no order is open: ${before} when the kill came, the venue listed none ${zeroMs ?? ms} ms later, and none again after ${ms} ms`;
  const now =
    open === undefined
      ? "it is not known how many orders are open"
      : `${plural(open, "order")} may still be open`;
  return `${now}, ${ms} ms after the kill${trouble === undefined ? "" : ` (${trouble})`}`;
}

/** What is said when a stop could not be written down. */
export function unkept(path: string, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return `${path}: what is stopped cannot be kept: ${why}. A run that goes on is told all the same; after a restart it would not know.`;
}
