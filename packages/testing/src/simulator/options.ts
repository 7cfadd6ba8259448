import { MatchpointError, type Title } from "@matchpoint/sdk";
import { Prng } from "./prng.ts";

/** Things that go wrong, by name. */
export const FAULTS = {
  rollback:
    "GRID invalidates its data in the middle of a game, takes all of that game back and tells it again under a new id",
  false_win: "GRID says that a game is won while it is still being played, and takes that back",
  wrong_winner: "PandaScore names the wrong winner of a game and corrects it later",
  stall: "one source falls silent for a while with its socket open",
  burst: "GRID sends transactions several times and out of order for some seconds",
  gap: "GRID transactions are lost; the client comes back and has them sent again",
  late_source: "one source is there only from the middle of the first game",
  remake: "a game is broken off and played again (LoL)",
  market_outage: "the market channel's socket is lost for some seconds; fresh books follow",
} as const;

/** Name of a fault script. */
export type FaultName = keyof typeof FAULTS;

/** How well a source's frames arrive. */
export interface SourceTuning {
  /** From the moment something happens to its arrival here, in ms. */
  readonly lagMs?: { readonly min: number; readonly typical: number; readonly max: number };
  /** Share of frames that arrive twice. */
  readonly duplicates?: number;
  /** Share of frames that are held up for up to 2.5 s, so that later ones overtake them. */
  readonly swaps?: number;
  /** Frames that no decoder may accept, per frame sent: broken JSON, wrong types, noise. */
  readonly hostile?: number;
}

/** What to simulate. The same options give the same bytes, on every machine. */
export interface SimulationOptions {
  /** A whole number; everything that is left to chance follows from it. */
  readonly seed: number;
  readonly title: Extract<Title, "lol" | "cs2">;
  readonly bestOf: 1 | 3 | 5;
  /** Wall clock at which the stream begins, Unix ms. Default 2026-11-21 15:00 UTC. */
  readonly startsAt?: number;
  /** From the stream's beginning to the scheduled start of the match. Default five minutes. */
  readonly leadInMs?: number;
  /** Strength of team 0 over team 1 as the public rates it: log-odds of one even map. Default: drawn. */
  readonly rating?: number;
  /** How long the venue holds marketable orders, in ms. Default 1,000. */
  readonly takerDelayMs?: number;
  /** Whether the venue clears the books at the scheduled start. Default true. */
  readonly clearBookOnStart?: boolean;
  /** From the end of the match to each market's resolution, in ms. Default 3,000 to 12,000. */
  readonly resolveAfterMs?: { readonly min: number; readonly max: number };
  /** Multiplies the sizes that are quoted. Default 1. */
  readonly liquidity?: number;
  /** `false` leaves the source out. */
  readonly grid?: SourceTuning | false;
  readonly pandascore?: SourceTuning | false;
  readonly market?: Pick<SourceTuning, "hostile">;
  /** Default `occasional`: each script with one chance in six. */
  readonly faults?: "none" | "occasional" | "all" | Readonly<Partial<Record<FaultName, boolean>>>;
  /**
   * From this moment (ms after the stream's beginning) the match takes another course. What arrived before stays the same
   * byte for byte, since nobody in the simulation knows the future: run a strategy on both to see that it does not either.
   */
  readonly reseed?: { readonly atMs: number; readonly seed: number };
}

/** Options with nothing left open. */
export interface ResolvedOptions {
  readonly seed: number;
  readonly title: "lol" | "cs2";
  readonly bestOf: 1 | 3 | 5;
  readonly startsAt: number;
  readonly leadInMs: number;
  readonly rating: number;
  readonly takerDelayMs: number;
  readonly clearBookOnStart: boolean;
  readonly resolveAfterMs: { readonly min: number; readonly max: number };
  readonly liquidity: number;
  readonly grid: Required<SourceTuning> | undefined;
  readonly pandascore: Required<SourceTuning> | undefined;
  readonly marketHostile: number;
  readonly faults: ReadonlySet<FaultName>;
  readonly reseed: { readonly atMs: number; readonly seed: number } | undefined;
}

const STARTS_AT = 1_795_273_200_000; // 2026-11-21T15:00:00Z
const RATING_SD = 0.6;
const OCCASIONAL = 1 / 6;

const GRID: Required<SourceTuning> = {
  lagMs: { min: 400, typical: 750, max: 1_500 },
  duplicates: 0.004,
  swaps: 0.002,
  hostile: 0.001,
};
const PANDASCORE: Required<SourceTuning> = {
  lagMs: { min: 4_000, typical: 5_500, max: 9_000 },
  duplicates: 0.01,
  swaps: 0.001,
  hostile: 0.001,
};
const MARKET_HOSTILE = 0.0002;

/** Fills in the defaults. @throws `MatchpointError` `CONFIG_INVALID` */
export function resolveOptions(options: SimulationOptions): ResolvedOptions {
  const { seed } = options;
  if (!Number.isSafeInteger(seed)) throw invalid(`seed ${seed} is not a whole number`);
  const resolveAfterMs = options.resolveAfterMs ?? { min: 3_000, max: 12_000 };
  const resolved: ResolvedOptions = {
    seed,
    title: options.title,
    bestOf: options.bestOf,
    startsAt: options.startsAt ?? STARTS_AT,
    leadInMs: options.leadInMs ?? 300_000,
    rating: options.rating ?? new Prng(seed, "rating").normal(0, RATING_SD),
    takerDelayMs: options.takerDelayMs ?? 1_000,
    clearBookOnStart: options.clearBookOnStart ?? true,
    resolveAfterMs,
    liquidity: options.liquidity ?? 1,
    grid: options.grid === false ? undefined : { ...GRID, ...options.grid },
    pandascore: options.pandascore === false ? undefined : { ...PANDASCORE, ...options.pandascore },
    marketHostile: options.market?.hostile ?? MARKET_HOSTILE,
    faults: chooseFaults(options),
    reseed: options.reseed,
  };
  check(resolved);
  return resolved;
}

function chooseFaults(options: SimulationOptions): ReadonlySet<FaultName> {
  const names = Object.keys(FAULTS) as FaultName[];
  const wanted = options.faults ?? "occasional";
  if (wanted === "none") return new Set();
  if (wanted === "all") return new Set(names);
  if (wanted === "occasional") {
    const rng = new Prng(options.seed, "faults");
    return new Set(names.filter(() => rng.chance(OCCASIONAL)));
  }
  for (const name of Object.keys(wanted)) {
    if (!(name in FAULTS)) throw invalid(`there is no fault ${name}; there are ${names.join(", ")}`);
  }
  return new Set(names.filter((name) => wanted[name] === true));
}

function check(options: ResolvedOptions): void {
  if (![1, 3, 5].includes(options.bestOf)) throw invalid(`bestOf ${options.bestOf} is not 1, 3 or 5`);
  const title: string = options.title;
  if (title !== "lol" && title !== "cs2")
    throw invalid(`title ${title} cannot be simulated; lol and cs2 can`);
  const { min, max } = options.resolveAfterMs;
  const times: readonly (readonly [string, number])[] = [
    ["startsAt", options.startsAt],
    ["leadInMs", options.leadInMs],
    ["takerDelayMs", options.takerDelayMs],
    ["resolveAfterMs.min", min],
    ["resolveAfterMs.max", max - min],
    ["liquidity", options.liquidity],
  ];
  for (const [name, value] of times) {
    if (!Number.isFinite(value) || value < 0) throw invalid(`${name} is ${value}: not a number from 0 up`);
  }
  if (!Number.isFinite(options.rating)) throw invalid(`rating ${options.rating} is not a number`);
  for (const [name, tuning] of [
    ["grid", options.grid],
    ["pandascore", options.pandascore],
  ] as const) {
    if (tuning === undefined) continue;
    const { lagMs, duplicates, swaps, hostile } = tuning;
    if (!(lagMs.min >= 0 && lagMs.typical >= lagMs.min && lagMs.max >= lagMs.typical)) {
      throw invalid(`${name}.lagMs wants 0 <= min <= typical <= max`);
    }
    for (const share of [duplicates, swaps, hostile]) {
      if (!(share >= 0 && share <= 1)) throw invalid(`${name}: ${share} is not a share from 0 to 1`);
    }
  }
}

function invalid(message: string): MatchpointError {
  return new MatchpointError("CONFIG_INVALID", message, { where: "simulateMatch" });
}
