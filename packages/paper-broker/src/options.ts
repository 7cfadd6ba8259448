import {
  feeSchedule,
  MatchpointError,
  NANOS_PER_MS,
  USDC_ONE,
  type FeeSchedule,
  type Shares,
  type Usdc,
} from "@matchpoint/sdk";

/**
 * How long things take, in ms. The defaults are uncalibrated round figures for a bot near the venue; measure your own and
 * put them here.
 */
export interface PaperLatency {
  /** From handing over an order until the matching engine has it. */
  readonly place_ms: number;
  /** From handing over a cancel until the matching engine has it. */
  readonly cancel_ms: number;
  /** From the engine's decision about an order or cancel until its answer is here. */
  readonly ack_ms: number;
  /** From something happening to an order by itself (a fill, an expiry, the end of its delay) until word of it is here. */
  readonly fill_report_ms: number;
  /** From a match until it is mined. */
  readonly mined_ms: number;
  /** From a match until it is confirmed; at least `mined_ms`. */
  readonly confirmed_ms: number;
  /** From sending a merge, split or redeem until it is final. */
  readonly chain_ms: number;
  /** Each of the above takes up to this much longer, drawn evenly from the seed. 0: always the same. */
  readonly jitter_ms: number;
}

/** Probabilities, from 0 to 1, of things going wrong. All 0 unless asked for. */
export interface PaperFaults {
  /** A matched trade fails on the chain and is voided (drawn at each attempt to mine it). */
  readonly trade_fail: number;
  /** A trade is not mined at the first attempt and retried after another `mined_ms`; at most three times. */
  readonly trade_retry: number;
  /** A merge, split or redeem reverts. */
  readonly chain_revert: number;
  /** A trade report arrives twice. */
  readonly duplicate_report: number;
}

/**
 * When a resting order is taken to be filled: `queue` is the base case, `touch` the optimistic and `through` the
 * pessimistic one. A strategy that only earns under `touch` does not earn.
 */
export type FillModel = "queue" | "touch" | "through";

/** From which state of a trade on what it brought in (shares of a buy, dollars of a sell) can be used again. */
export type UseGate = "matched" | "mined" | "confirmed";

/** What a paper broker is made of. Keys in snake case are those of the configuration file. */
export interface PaperBrokerOptions {
  /** Goes into order hashes and trade ids. */
  readonly runId: string;
  /** Seed of all jitter and faults. */
  readonly seed: number;
  /** Dollars on the account; default $1,000. */
  readonly collateral?: Usdc;
  /** Fees of markets that state none; default Polymarket's sports schedule (5 %, takers only). Each use is counted. */
  readonly fallbackFee?: FeeSchedule;
  readonly latency?: Partial<PaperLatency>;
  readonly faults?: Partial<PaperFaults>;
  readonly fill_model?: FillModel;
  /** Default `mined`: as on the venue, tokens and proceeds are there when the chain has moved them. */
  readonly sell_gate?: UseGate;
  /** Least time from arrival to `expiresAt` of a GTD order, in ms. Default 120,000: the venue demands three minutes and ends the order one minute early. */
  readonly gtd_min_lead_ms?: number;
  /** How long a print may trail the level change that it caused, in ms; default 1,000. */
  readonly print_match_ms?: number;
  /** Size assumed at the stated best price of a book that was never seen whole; default the market's smallest order. */
  readonly synthetic_size?: Shares;
  /**
   * How many finished orders, and how many trades, are remembered for look-ups and for refusing duplicates, those of all
   * accounts together; default 10,000.
   */
  readonly retain?: number;
}

/** What a paper exchange is made of: the options of a paper broker, but for the dollars, which `deposit` brings. */
export interface PaperExchangeOptions extends Omit<PaperBrokerOptions, "collateral"> {
  /**
   * What becomes of an order that would trade with one of its own account. Default `refuse`. What Polymarket does is not
   * documented.
   */
  readonly selfCross?: "refuse" | "allow";
  /**
   * What the outside world shows in a market of which no book event came yet. Default `nothing`: the accounts trade with each
   * other. `unknown` makes orders wait for the first book event, as a paper broker does.
   */
  readonly unseenBook?: "nothing" | "unknown";
  /**
   * How matches become final: by the latencies and faults above (`timed`, the default), or only by what `settleTrade` tells,
   * for a venue that settles on a chain of its own.
   */
  readonly settlement?: "timed" | "told";
}

/** Options with every default filled in and every latency in nanoseconds. */
export interface Settings {
  /**
   * Whether this is the venue itself, where everybody sees what was taken and whoever entered the book first is first; or one
   * account's guess at a venue that knows nothing of it.
   */
  readonly shared: boolean;
  readonly selfCross: "refuse" | "allow";
  readonly unseenBook: "nothing" | "unknown";
  readonly settlement: "timed" | "told";
  readonly runId: string;
  readonly seed: number;
  readonly collateral: Usdc;
  readonly fallbackFee: FeeSchedule;
  readonly nanos: { readonly [K in keyof PaperLatency as K extends `${infer N}_ms` ? N : never]: number };
  readonly faults: PaperFaults;
  readonly fillModel: FillModel;
  readonly gate: UseGate;
  readonly gtdLead: number;
  readonly printMatch: number;
  readonly syntheticSize: Shares | undefined;
  readonly retain: number;
}

/** The latencies used where {@link PaperBrokerOptions.latency} says nothing. */
export const DEFAULT_LATENCY: PaperLatency = {
  place_ms: 58,
  cancel_ms: 45,
  ack_ms: 58,
  fill_report_ms: 58,
  mined_ms: 2_000,
  confirmed_ms: 10_000,
  chain_ms: 4_000,
  jitter_ms: 0,
};

const NO_FAULTS: PaperFaults = { trade_fail: 0, trade_retry: 0, chain_revert: 0, duplicate_report: 0 };
const MAX_MS = 30 * 86_400_000;
const SPORTS_FEE = feeSchedule(50_000, 1, true);

/** Fills in defaults of an exchange's options. @throws `MatchpointError` `CONFIG_INVALID` */
export function settleExchange(options: PaperExchangeOptions): Settings {
  const { selfCross = "refuse", unseenBook = "nothing", settlement = "timed" } = options;
  return {
    ...settle({ ...options, collateral: 0 as Usdc }),
    shared: true,
    selfCross: oneOf("selfCross", selfCross, ["refuse", "allow"]),
    unseenBook: oneOf("unseenBook", unseenBook, ["nothing", "unknown"]),
    settlement: oneOf("settlement", settlement, ["timed", "told"]),
  };
}

/** Fills in defaults. @throws `MatchpointError` `CONFIG_INVALID` */
export function settle(options: PaperBrokerOptions): Settings {
  const latency = known("latency", DEFAULT_LATENCY, options.latency);
  const faults = known("faults", NO_FAULTS, options.faults);
  const ms = (name: string, value: number): number => {
    if (!(value >= 0 && value <= MAX_MS)) refuse(name, value, `a number of milliseconds from 0 to ${MAX_MS}`);
    return Math.round(value * NANOS_PER_MS);
  };
  for (const [name, value] of Object.entries(faults)) {
    if (!(value >= 0 && value <= 1)) refuse(`faults.${name}`, value, "a probability from 0 to 1");
  }
  if (latency.confirmed_ms < latency.mined_ms) {
    refuse("latency.confirmed_ms", latency.confirmed_ms, "at least latency.mined_ms");
  }
  if (!Number.isSafeInteger(options.seed)) refuse("seed", options.seed, "an integer");
  const collateral = options.collateral ?? ((1_000 * USDC_ONE) as Usdc);
  if (!Number.isSafeInteger(collateral) || collateral < 0)
    refuse("collateral", collateral, "micro-dollars, not negative");
  const retain = options.retain ?? 10_000;
  if (!Number.isSafeInteger(retain) || retain < 1) refuse("retain", retain, "a positive integer");
  const size = options.synthetic_size;
  if (size !== undefined && !(Number.isSafeInteger(size) && size > 0))
    refuse("synthetic_size", size, "micro-shares above 0");
  return {
    shared: false,
    selfCross: "refuse",
    unseenBook: "unknown",
    settlement: "timed",
    runId: options.runId,
    seed: options.seed,
    collateral,
    fallbackFee: options.fallbackFee ?? SPORTS_FEE,
    nanos: {
      place: ms("latency.place_ms", latency.place_ms),
      cancel: ms("latency.cancel_ms", latency.cancel_ms),
      ack: ms("latency.ack_ms", latency.ack_ms),
      fill_report: ms("latency.fill_report_ms", latency.fill_report_ms),
      mined: ms("latency.mined_ms", latency.mined_ms),
      confirmed: ms("latency.confirmed_ms", latency.confirmed_ms),
      chain: ms("latency.chain_ms", latency.chain_ms),
      jitter: ms("latency.jitter_ms", latency.jitter_ms),
    },
    faults,
    fillModel: oneOf("fill_model", options.fill_model ?? "queue", ["queue", "touch", "through"]),
    gate: oneOf("sell_gate", options.sell_gate ?? "mined", ["matched", "mined", "confirmed"]),
    gtdLead: ms("gtd_min_lead_ms", options.gtd_min_lead_ms ?? 120_000),
    printMatch: ms("print_match_ms", options.print_match_ms ?? 1_000),
    syntheticSize: size,
    retain,
  };
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
