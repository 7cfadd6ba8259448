import type { Core } from "@matchpoint/sdk";
import { plural } from "../report/format.ts";
import type { LiveSession } from "./openLive.ts";

/** What is said when a live run's checks are over: what the system does next, and from where it goes on. */
export function startLines({ carried }: Pick<LiveSession, "carried">): readonly string[] {
  if (carried === undefined)
    return [
      "CHECKLIST → RECOVERING: every check passed.",
      "RECOVERING → READY: the account begins anew, there is nothing to recover.",
    ];
  return [`CHECKLIST → RECOVERING: every check passed. Recovering from the ${carried.evidence} …`];
}

/** Why it is not certain at the end of a live run that none of its orders is open; `undefined`: it is. */
export function endDoubt({ orders, system }: Pick<Core, "orders" | "system">): string | undefined {
  if (system.status === "STOPPED") return undefined;
  const open = orders.openCount;
  if (open === 0) return "the venue did not say, twice in a row, that no order is open: some may be.";
  return `${plural(open, "order")} may still be open at the venue: it did not say that they are gone.`;
}
