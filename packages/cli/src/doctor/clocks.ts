import type { SkewCheck } from "@matchpoint/sdk";
import type { Bench } from "./bench.ts";
import type { Check } from "./check.ts";
import { fail, idle, type Outcome } from "./finding.ts";

/** The machine's clock. */
export const CLOCK_CHECKS: readonly Check[] = [
  {
    id: "clock-ntp",
    title: "Clock against NTP",
    looksAt: "the machine's clock against time.ntp_servers",
    needs: ["config"],
    modes: "any",
    run: (bench) => clock(bench, "clock-ntp"),
  },
  {
    id: "clock-venue",
    title: "Clock against the venue",
    looksAt: "the machine's clock against the venue's",
    needs: ["venue"],
    modes: "any",
    // Six questions of at most three seconds, and pauses between them.
    deadlineMs: 20_000,
    run: (bench) => clock(bench, "clock-venue"),
  },
];

async function clock(bench: Bench, id: SkewCheck["id"]): Promise<Outcome> {
  if (!bench.config.time.enabled)
    return bench.live
      ? fail(
          "time.enabled is false: the clock was not compared",
          "Live trading needs a clock that is known to be right.",
        )
      : idle("time.enabled is false");
  const found = (await bench.clocks()).checks.find((each) => each.id === id);
  if (found === undefined) return idle("the venue's books are not followed");
  return { status: found.status, found: found.found, fix: found.fix };
}
