import { ARRIVES_MS, NANOS_PER_MS, type Core, type Nanos } from "@matchpoint/sdk";
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
export function endDoubt({
  orders,
  system,
  now,
}: Pick<Core, "orders" | "system" | "now">): string | undefined {
  if (system.status === "STOPPED") return undefined;
  const open = orders.openCount;
  const coming = orders.goneUnseen((now - ARRIVES_MS * NANOS_PER_MS) as Nanos).length;
  if (open === 0 && coming > 0)
    return `${plural(coming, "order")} never had an answer and may still come to the venue until ${ARRIVES_MS / 1_000} s after being made.`;
  if (open === 0) return "the venue did not say, twice in a row, that no order is open: some may be.";
  return `${plural(open, "order")} may still be open at the venue: it did not say that they are gone.`;
}
