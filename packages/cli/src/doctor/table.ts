import { MatchpointError, nearest } from "@matchpoint/sdk";
import { ACCOUNT_CHECKS } from "./account.ts";
import { CHAIN_CHECKS } from "./chain.ts";
import type { Check } from "./check.ts";
import { CLOCK_CHECKS } from "./clocks.ts";
import { DISK_CHECKS } from "./disk.ts";
import { MACHINE_CHECKS } from "./machine.ts";
import { SOCKET_CHECKS } from "./sockets.ts";
import { SOURCE_CHECKS } from "./sources.ts";
import { VENUE_CHECKS } from "./venue.ts";

const [OWNER, ...AT_VENUE] = ACCOUNT_CHECKS;
const [VENUE, ...REST_OF_VENUE] = VENUE_CHECKS;

/** All checks. None needs one that stands below it. */
export const CHECKS: readonly Check[] = [
  ...MACHINE_CHECKS,
  ...DISK_CHECKS,
  VENUE!,
  ...CLOCK_CHECKS,
  ...SOURCE_CHECKS,
  ...REST_OF_VENUE,
  OWNER!,
  ...CHAIN_CHECKS,
  ...AT_VENUE,
  ...SOCKET_CHECKS,
];

/**
 * The checks of these ids, and those that they need.
 * @throws MatchpointError `USAGE` for an id that is none
 */
export function checksOf(ids: readonly string[]): readonly Check[] {
  const wanted = new Set<string>();
  const add = (id: string): void => {
    const check = CHECKS.find((each) => each.id === id);
    if (check === undefined) {
      const all = CHECKS.map((each) => each.id);
      const meant = nearest(id, all);
      throw new MatchpointError("USAGE", `there is no check ${id}`, {
        hint: meant === undefined ? `There are ${all.join(", ")}.` : `Did you mean ${meant}?`,
      });
    }
    if (wanted.has(id)) return;
    wanted.add(id);
    check.needs.forEach(add);
  };
  ids.forEach(add);
  return CHECKS.filter(({ id }) => wanted.has(id));
}
