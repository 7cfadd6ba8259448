import { MatchpointError } from "@matchpoint/sdk";
import type { VenueOptions } from "./contract.ts";
import { TIERS, type TierName } from "./http/rateLimits.ts";

/** Options with every default filled in. */
export interface Settings {
  readonly seed: number;
  readonly chainId: 137 | 80002;
  readonly windowMs: number;
  readonly gtdMinLeadMs: number;
  readonly heartbeatMs: number;
  readonly rateLimits: TierName | "off";
  readonly terminalOrdersMs: number;
  readonly depositWalletsOnly: boolean;
  readonly pageSize: number;
  readonly sportsPeriodMs: number;
  readonly snapshotDelayMs: number;
  readonly tickChanges: boolean;
  readonly settlesOnChain: boolean;
  /** How long a match waits before it is sent to the chain. */
  readonly minedMs: number;
}

type MsOption = Extract<keyof VenueOptions, `${string}Ms`>;

/** Fills in defaults. @throws `MatchpointError` `CONFIG_INVALID` */
export function settle(options: VenueOptions): Settings {
  const { seed, wallStart, chainId = 137, rateLimits = "off", pageSize = 100 } = options;
  if (!Number.isSafeInteger(seed)) refuse("seed", seed, "a whole number");
  if (!(Number.isSafeInteger(wallStart) && wallStart >= 0 && wallStart < 4e12))
    refuse("wallStart", wallStart, "a Unix time in ms");
  if (rateLimits !== "off" && !Object.hasOwn(TIERS, rateLimits))
    refuse("rateLimits", rateLimits, `off or ${Object.keys(TIERS).join(", ")}`);
  if (!(Number.isSafeInteger(pageSize) && pageSize > 0))
    refuse("pageSize", pageSize, "a whole number above 0");
  const ms = (name: MsOption, fallback: number): number => {
    const value = options[name] ?? fallback;
    if (!(Number.isSafeInteger(value) && value >= 0 && value <= 1e10))
      refuse(name, value, "ms from 0 to 1e10");
    return value;
  };
  return {
    seed,
    chainId,
    rateLimits,
    pageSize,
    windowMs: ms("timestampWindowMs", 60_000),
    gtdMinLeadMs: ms("gtdMinLeadMs", 180_000),
    heartbeatMs: ms("heartbeatMs", 10_000),
    terminalOrdersMs: ms("terminalOrdersMs", 60_000),
    sportsPeriodMs: Math.max(1, ms("sportsPeriodMs", 20_000)),
    snapshotDelayMs: ms("snapshotDelayMs", 0),
    depositWalletsOnly: options.depositWalletsOnly ?? false,
    tickChanges: options.tickChanges ?? true,
    settlesOnChain: options.settlesOnChain ?? false,
    minedMs: options.settlement?.mined_ms ?? 2_000,
  };
}

function refuse(name: string, value: unknown, wanted: string): never {
  throw new MatchpointError("CONFIG_INVALID", `paper venue: ${name} is ${String(value)}`, {
    hint: `It must be ${wanted}.`,
  });
}
