import { createWsTransport, measureVenueOffset } from "@matchpoint/adapters-polymarket";
import {
  judgeSkew,
  MatchpointError,
  NANOS_PER_MS,
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

/** How many periods of measuring real money is traded on a clock that is not known to be right. */
const UNPROVEN_PERIODS = 3;

/** Whether the clock is in order, by the last comparisons. Times are monotonic, in ns. */
export class ClockStanding {
  readonly #everyMs: number;
  readonly #demanded: boolean;
  #checks: readonly SkewCheck[] = [];
  #rightAt: number;

  /** `demanded`: real money is traded by it; then it was in order at `startsAt`, and has to be shown to be so again and again. */
  constructor(given: { readonly everyMs: number; readonly demanded: boolean; readonly startsAt: number }) {
    this.#everyMs = given.everyMs;
    this.#demanded = given.demanded;
    this.#rightAt = given.startsAt;
  }

  take(checks: readonly SkewCheck[], now: number): void {
    this.#checks = checks;
    if (checks.every(({ status }) => status === "ok")) this.#rightAt = now;
  }

  /** What is wrong with it; `undefined`: nothing that is known. */
  trouble(now: number): string | undefined {
    const found = (unlike: readonly SkewCheck["status"][]): string =>
      this.#checks.flatMap((check) => (unlike.includes(check.status) ? [check.found] : [])).join("; ");
    const off = found(["fail"]);
    if (off !== "") return off;
    const unprovenMs = (now - this.#rightAt) / NANOS_PER_MS;
    if (!this.#demanded || unprovenMs <= UNPROVEN_PERIODS * this.#everyMs) return undefined;
    const open = found(["warn"]);
    return `not proven right for ${Math.round(unprovenMs / 60_000)} min${open === "" ? "" : `: ${open}`}`;
  }
}

/** A clock that is measured while a run lasts. */
export interface WatchedClock {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly say: (check: SkewCheck) => void;
  /** Whether real money is traded by it. */
  readonly demanded: boolean;
}

/**
 * Measures the clock now and every so often while a run lasts: every event then carries the last offsets. Gives what is wrong with it at
 * any time; `undefined`: nothing that is known.
 */
export function watchClock(
  config: BotConfig,
  { clock, signal, say, demanded }: WatchedClock,
  runtime: Pick<Runtime, "setClockOffsets">,
): () => string | undefined {
  if (!config.time.enabled) return () => undefined;
  const everyMs = config.time.measure_every_s * 1_000;
  const standing = new ClockStanding({ everyMs, demanded, startsAt: clock.monotonic() });
  const told = new Map<string, string>();
  let cancel: CancelTimer | undefined;
  const measure = (): void => {
    checkClock(config, clock, signal).then(
      ({ offsets, checks }) => {
        if (signal.aborted) return;
        runtime.setClockOffsets(offsets);
        standing.take(checks, clock.monotonic());
        for (const check of checks) {
          if (told.get(check.id) !== check.status) say(check);
          told.set(check.id, check.status);
        }
        cancel = clock.after(everyMs, measure);
      },
      () => undefined, // aborted: the run is over
    );
  };
  signal.addEventListener("abort", () => cancel?.(), { once: true });
  measure();
  return () => standing.trouble(clock.monotonic());
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
