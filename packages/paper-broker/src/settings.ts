import {
  feeSchedule,
  MatchpointError,
  NANOS_PER_MS,
  USDC_ONE,
  type FeeSchedule,
  type Shares,
  type Usdc,
} from "@matchpoint/sdk";
import type {
  FillModel,
  PaperBrokerOptions,
  PaperExchangeOptions,
  PaperFaults,
  PaperLatency,
  PaperLeg,
  UseGate,
} from "./options.ts";
import { PAPER_RATE_TIERS, type PaperRateLimit } from "./realism/buckets.ts";
import {
  LATENCY_TABLES,
  type LatencyLeg,
  type LatencyTable,
  type LatencyTableName,
} from "./realism/latencyTables.ts";
import { atShare, quantilesProblem, type Quantiles } from "./realism/quantiles.ts";
import { DEFAULT_RESTARTS, type PaperRestarts } from "./realism/restarts.ts";

/** Options with every default filled in. */
export interface Settings {
  /**
   * Whether this is the venue itself, where everybody sees what was taken and whoever entered the book first is first; or one
   * account's guess at a venue that knows nothing of it.
   */
  readonly shared: boolean;
  /** Whether it only keeps an account, and tells nobody. */
  readonly mute: boolean;
  readonly selfCross: "refuse" | "allow";
  readonly unseenBook: "nothing" | "unknown";
  readonly settlement: "timed" | "told";
  readonly runId: string;
  readonly seed: number;
  readonly collateral: Usdc;
  readonly fallbackFee: FeeSchedule;
  readonly table: LatencyTableName;
  /** Legs of which the options say something else than the table. */
  readonly ownLegs: readonly LatencyLeg[];
  /** In nanoseconds. */
  readonly legs: Readonly<Record<LatencyLeg, Quantiles>>;
  readonly jitter: number;
  readonly faults: PaperFaults;
  readonly fillModel: FillModel;
  readonly queueExponent: number;
  readonly gate: UseGate;
  readonly gtdLead: number;
  readonly printMatch: number;
  /** Infinity: no book is too old. */
  readonly staleBook: number;
  readonly rateLimit: PaperRateLimit;
  readonly restarts: PaperRestarts;
  readonly scenarios: boolean;
  readonly syntheticSize: Shares | undefined;
  readonly retain: number;
}

/**
 * What goes wrong unless something else is asked for, as said by {@link PaperBrokerOptions}. Sources: one public report counts 12 failed
 * of 34 market buys, 10 of which would have won (Polymarket/py-clob-client-v2 issue 338): that share is a dependence of 2/3. Its rate was
 * that of the exchange's worst weeks; 2 % is an assumption for ordinary ones, as are the other three.
 */
export const DEFAULT_FAULTS: PaperFaults = {
  trade_fail: 0.02,
  trade_fail_adverse: 0.67,
  trade_retry: 0.05,
  chain_revert: 0.01,
  duplicate_report: 0.01,
};

const NO_FAULTS: PaperFaults = {
  trade_fail: 0,
  trade_fail_adverse: 0,
  trade_retry: 0,
  chain_revert: 0,
  duplicate_report: 0,
};
/** What holds of these unless something else is asked for. */
export const DEFAULT_STALE_BOOK_MS = 300_000;
export const DEFAULT_PRINT_MATCH_MS = 1_000;

const NO_RESTARTS: PaperRestarts = { ...DEFAULT_RESTARTS, every_ms: 0 };
const MAX_MS = 30 * 86_400_000;
const SPORTS_FEE = feeSchedule(50_000, 1, true);
const LEGS: readonly LatencyLeg[] = [
  "feed",
  "place",
  "cancel",
  "ack",
  "fill_report",
  "mined",
  "confirmed",
  "chain",
];

/** Fills in defaults of an exchange's options. @throws `MatchpointError` `CONFIG_INVALID` */
export function settleExchange(options: PaperExchangeOptions): Settings {
  const { selfCross = "refuse", unseenBook = "nothing", settlement = "timed" } = options;
  return {
    ...settle({
      fill_model: "worst_queue",
      ...options,
      collateral: 0 as Usdc,
      realism: "off",
      scenarios: "off",
    }),
    shared: true,
    selfCross: oneOf("selfCross", selfCross, ["refuse", "allow"]),
    unseenBook: oneOf("unseenBook", unseenBook, ["nothing", "unknown"]),
    settlement: oneOf("settlement", settlement, ["timed", "told"]),
  };
}

/** Fills in defaults. @throws `MatchpointError` `CONFIG_INVALID` */
export function settle(options: PaperBrokerOptions): Settings {
  const real = oneOf("realism", options.realism ?? "on", ["on", "off"]) === "on";
  const faults = known("faults", real ? DEFAULT_FAULTS : NO_FAULTS, options.faults);
  const restarts = known("restarts", real ? DEFAULT_RESTARTS : NO_RESTARTS, options.restarts);
  for (const [name, value] of Object.entries(faults)) {
    if (!(value >= 0 && value <= 1)) refuse(`faults.${name}`, value, "a probability from 0 to 1");
  }
  for (const [name, value] of Object.entries(restarts)) ms(`restarts.${name}`, value as number);
  if (restarts.every_ms > 0 && restarts.down_ms + restarts.post_only_ms >= restarts.every_ms)
    refuse("restarts.every_ms", restarts.every_ms, "0, or longer than a restart with its post-only mode");
  if (!Number.isSafeInteger(options.seed)) refuse("seed", options.seed, "an integer");
  const collateral = options.collateral ?? ((1_000 * USDC_ONE) as Usdc);
  if (!Number.isSafeInteger(collateral) || collateral < 0)
    refuse("collateral", collateral, "micro-dollars, not negative");
  const retain = options.retain ?? 10_000;
  if (!Number.isSafeInteger(retain) || retain < 1) refuse("retain", retain, "a positive integer");
  const size = options.synthetic_size;
  if (size !== undefined && !(Number.isSafeInteger(size) && size > 0))
    refuse("synthetic_size", size, "micro-shares above 0");
  const exponent = options.queue_exponent ?? 1;
  if (!(exponent >= 0 && exponent <= 10)) refuse("queue_exponent", exponent, "a number from 0 to 10");
  const stale = ms("stale_book_ms", options.stale_book_ms ?? (real ? DEFAULT_STALE_BOOK_MS : 0));
  return {
    shared: false,
    mute: false,
    selfCross: "refuse",
    unseenBook: "unknown",
    settlement: "timed",
    runId: options.runId,
    seed: options.seed,
    collateral,
    fallbackFee: options.fallbackFee ?? SPORTS_FEE,
    ...latencyOf(options.latency, real),
    faults,
    fillModel: oneOf("fill_model", options.fill_model ?? "queue", [
      "queue",
      "touch",
      "worst_queue",
      "through",
    ]),
    queueExponent: exponent,
    gate: oneOf("sell_gate", options.sell_gate ?? "mined", ["matched", "mined", "confirmed"]),
    gtdLead: ms("gtd_min_lead_ms", options.gtd_min_lead_ms ?? 120_000),
    printMatch: ms("print_match_ms", options.print_match_ms ?? DEFAULT_PRINT_MATCH_MS),
    staleBook: stale === 0 ? Infinity : stale,
    rateLimit: oneOf("rate_limit", options.rate_limit ?? (real ? "standard" : "off"), [
      "off",
      ...(Object.keys(PAPER_RATE_TIERS) as (keyof typeof PAPER_RATE_TIERS)[]),
    ]),
    restarts,
    scenarios: oneOf("scenarios", options.scenarios ?? "on", ["on", "off"]) === "on",
    syntheticSize: size,
    retain,
  };
}

function latencyOf(
  given: Partial<PaperLatency> = {},
  real: boolean,
): Pick<Settings, "table" | "ownLegs" | "legs" | "jitter"> {
  const table = oneOf(
    "latency.table",
    given.table ?? (real ? "uncalibrated-1" : "constant-1"),
    Object.keys(LATENCY_TABLES) as LatencyTableName[],
  );
  const names = ["table", "jitter_ms", ...LEGS.map((leg) => `${leg}_ms`)];
  for (const key of Object.keys(given)) {
    if (!names.includes(key)) refuse(`latency.${key}`, "given", `one of ${names.join(", ")}`);
  }
  const defaults: LatencyTable["legs"] = LATENCY_TABLES[table].legs;
  const ownLegs = LEGS.filter((leg) => given[`${leg}_ms`] !== undefined);
  const legs = Object.fromEntries(
    LEGS.map((leg) => [leg, legOf(`latency.${leg}_ms`, given[`${leg}_ms`] ?? defaults[leg])]),
  ) as unknown as Settings["legs"];
  for (const share of [0, 1]) {
    const confirmed = atShare(legs.confirmed, share) / NANOS_PER_MS;
    if (confirmed < atShare(legs.mined, share) / NANOS_PER_MS)
      refuse("latency.confirmed_ms", confirmed, "at least latency.mined_ms");
  }
  return { table, ownLegs, legs, jitter: ms("latency.jitter_ms", given.jitter_ms ?? 0) };
}

/** A leg in nanoseconds. */
function legOf(name: string, leg: PaperLeg): Quantiles {
  if (typeof leg === "number") return [[0.5, ms(name, leg)]];
  const problem = quantilesProblem(leg, MAX_MS);
  if (problem !== undefined) refuse(name, JSON.stringify(leg).slice(0, 100), problem);
  return leg.map(([share, value]) => [share, Math.round(value * NANOS_PER_MS)] as const);
}

function ms(name: string, value: number): number {
  if (!(value >= 0 && value <= MAX_MS)) refuse(name, value, `a number of milliseconds from 0 to ${MAX_MS}`);
  return Math.round(value * NANOS_PER_MS);
}

/** Defaults overlaid with what was given; a key that does not exist is an error, not ignored. */
function known<T extends object>(group: string, defaults: T, given: Partial<T> | undefined): T {
  for (const key of Object.keys(given ?? {})) {
    if (!Object.hasOwn(defaults, key))
      refuse(`${group}.${key}`, "given", `one of ${Object.keys(defaults).join(", ")}`);
  }
  return { ...defaults, ...given };
}

function oneOf<T extends string>(name: string, value: T, allowed: readonly T[]): T {
  if (!allowed.includes(value)) refuse(name, value, allowed.join(", "));
  return value;
}

function refuse(name: string, value: unknown, wanted: string): never {
  throw new MatchpointError("CONFIG_INVALID", `paper broker: ${name} is ${String(value)}`, {
    hint: `It must be ${wanted}.`,
  });
}
