import { told, type Bench } from "../bench.ts";

const PREFIX = "poly-ratelimit-";

/** Whether answers to orders and cancels tell of the signer's rate limits. */
export function tryHeaders(bench: Bench): void {
  const { answers } = bench;
  const telling = answers.filter(({ headers }) =>
    Object.keys(headers).some((name) => name.startsWith(PREFIX)),
  );
  const configured = bench.options.config.execution.rate_tier;
  const headers: Readonly<Record<string, string>> = telling.at(-1)?.headers ?? {};
  const shown = Object.entries(headers).filter(([name]) => name.startsWith(PREFIX));
  const tier = headers[`${PREFIX}tier`]?.toLowerCase();
  const right = tier === undefined || tier === configured;
  bench.note({
    point: "rate limits",
    did: `looked at the headers of ${answers.length} answers to orders and cancels`,
    found:
      telling.length === 0
        ? "no Poly-RateLimit header"
        : `in ${telling.length}; the last: ${shown.map(([name, value]) => `${name.slice(PREFIX.length)} ${value}`).join(", ")}`,
    expected: `Poly-RateLimit headers with tier ${configured}`,
    verdict: telling.length === 0 ? "not shown" : right ? "as assumed" : "differs",
    means:
      telling.length === 0
        ? "The limits per signer are not in force, or are not told: the adapter keeps to those of execution.rate_tier."
        : right
          ? "The adapter counts as the venue does."
          : `Set execution.rate_tier to ${tier}; until then the adapter learns it from the first answer.`,
  });
}

const SKEWS = [15, 30, 60, 120] as const;

/** How far the time of a signed request may be off. Questions only. */
export async function trySkew(bench: Bench): Promise<void> {
  const { probe } = bench.options;
  const right = await probe.ask("/data/orders");
  const seen: string[] = [];
  const taken = new Map<number, boolean>();
  for (const seconds of SKEWS) {
    for (const off of [-seconds, seconds]) {
      bench.check();
      const answer = await probe.ask("/data/orders", {}, off);
      taken.set(off, answer.status === 200);
      seen.push(`${off > 0 ? "+" : "−"}${seconds} s ${answer.status === 200 ? "taken" : told(answer)}`);
    }
  }
  const near = [-15, 15, -30, 30].every((off) => taken.get(off) === true);
  const far = [-120, 120].every((off) => taken.get(off) === false);
  bench.note({
    point: "clock skew",
    did: `signed questions as of ${SKEWS.map((each) => `±${each}`).join(", ")} s`,
    found: right.status === 200 ? seen.join(", ") : `even with the right time: ${told(right)}`,
    expected: "±30 s is taken, ±120 s is not (about a minute is reported)",
    verdict: right.status !== 200 ? "not shown" : near && far ? "as assumed" : "differs",
    means: near
      ? "The checklist's limit for the clock (time.max_skew_ms) is well inside."
      : "Keep the clock closer than this window, or requests fail with 401 at random: lower time.max_skew_ms if it is wider.",
  });
}
