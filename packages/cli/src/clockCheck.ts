import { createWsTransport, measureVenueOffset } from "@matchpoint/adapters-polymarket";
import {
  judgeSkew,
  MatchpointError,
  type BotConfig,
  type CancelTimer,
  type Clock,
  type ClockOffsets,
  type OffsetMeasurement,
  type Runtime,
  type SkewCheck,
} from "@matchpoint/sdk";
import { measureNtpOffset } from "@matchpoint/sdk/node";

/** The machine's clock against NTP and the venue: the offsets for events, and what a checklist says of them. */
export interface ClockCheck {
  readonly offsets: ClockOffsets;
  readonly checks: readonly SkewCheck[];
}

interface Measured {
  readonly measured: OffsetMeasurement | undefined;
  readonly problem?: string;
}

/** Compares the clock with NTP and, when the configuration trades Polymarket, with the venue. Never throws but `ABORTED`. */
export async function checkClock(config: BotConfig, clock: Clock, signal: AbortSignal): Promise<ClockCheck> {
  const { ntp_servers: servers, max_skew_ms: maxSkewMs } = config.time;
  const venue = venueUrl(config);
  const [ntp, theirs] = await Promise.all([
    attempt(signal, () => measureNtpOffset({ clock, servers, signal })),
    venue === undefined
      ? undefined
      : attempt(signal, () =>
          measureVenueOffset({
            clock,
            transport: createWsTransport(),
            signal,
            ...(venue === "" ? {} : { url: venue }),
          }),
        ),
  ]);
  const checks = [judgeSkew("clock-ntp", { name: "NTP", ...ntp }, maxSkewMs)];
  if (theirs !== undefined)
    checks.push(judgeSkew("clock-venue", { name: "the venue", ...theirs }, maxSkewMs));
  return {
    checks,
    offsets: {
      ...(ntp.measured === undefined ? {} : { ntpOffsetMs: ntp.measured.offsetMs }),
      ...(theirs?.measured === undefined ? {} : { venueOffsetMs: theirs.measured.offsetMs }),
    },
  };
}

/**
 * Refuses live trading on a clock that is off, or not known not to be.
 * @throws `MatchpointError` `CLOCK_SKEWED`
 */
export function demandClock(config: BotConfig, { checks }: ClockCheck): void {
  if (!config.time.enabled) {
    throw new MatchpointError("CLOCK_SKEWED", "time.enabled is false: the clock was not compared", {
      hint: "Live trading needs a clock that is known to be right.",
    });
  }
  const bad = checks.filter(({ status }) => status === "fail");
  if (bad.length === 0) return;
  throw new MatchpointError("CLOCK_SKEWED", bad.map(({ found }) => found).join("; "), {
    hint: [...new Set(bad.map(({ fix }) => fix))].join(" "),
  });
}

/**
 * The checks as live trading takes them: what could not be compared is not right either. A rehearsal on this machine needs no NTP, and
 * its venue answers at once.
 */
export function clockForLive({ checks, offsets }: ClockCheck, local: boolean): ClockCheck {
  return {
    offsets,
    checks: local
      ? checks
      : checks.map((check) => (check.status === "warn" ? { ...check, status: "fail" } : check)),
  };
}

/** Measures the clock now and every so often while a run lasts: every event then carries the last offsets. */
export function watchClock(
  config: BotConfig,
  around: { readonly clock: Clock; readonly signal: AbortSignal; readonly say: (check: SkewCheck) => void },
  runtime: Pick<Runtime, "setClockOffsets">,
): void {
  if (!config.time.enabled) return;
  const { clock, signal, say } = around;
  const told = new Map<string, string>();
  let cancel: CancelTimer | undefined;
  const measure = (): void => {
    checkClock(config, clock, signal).then(
      ({ offsets, checks }) => {
        if (signal.aborted) return;
        runtime.setClockOffsets(offsets);
        for (const check of checks) {
          if (told.get(check.id) !== check.status) say(check);
          told.set(check.id, check.status);
        }
        cancel = clock.after(config.time.measure_every_s * 1000, measure);
      },
      () => undefined, // aborted: the run is over
    );
  };
  signal.addEventListener("abort", () => cancel?.(), { once: true });
  measure();
}

async function attempt(signal: AbortSignal, measure: () => Promise<OffsetMeasurement>): Promise<Measured> {
  try {
    const measured = await measure();
    if (measured.answers > 0) return { measured };
    return { measured: undefined, problem: measured.problems[0] ?? "nobody answered" };
  } catch (error) {
    if (signal.aborted) throw error;
    return { measured: undefined, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Where the venue's time is asked for; empty: its own address; `undefined`: the run does not trade there. */
function venueUrl(config: BotConfig): string | undefined {
  const feed = config.feeds["polymarket"];
  if (feed === undefined || !feed.enabled)
    return config.mode === "live" ? (config.execution.clob_url ?? "") : undefined;
  const { rest_url: url } = feed as { readonly rest_url?: unknown };
  return typeof url === "string" ? url.replace(/\/+$/, "") : "";
}
