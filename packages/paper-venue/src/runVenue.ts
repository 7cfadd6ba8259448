import { MatchpointError, parseUsdc, type Usdc } from "@matchpoint/sdk";
import { getAddress } from "ethers";
import { TIERS, type TierName } from "./http/rateLimits.ts";
import { startVenue, type RunningVenue, type StartOptions } from "./shell/server.ts";

/** What a command line says of a venue, as it was typed. What is absent has the default that is named. */
export interface VenueFlags {
  /** Everything random is drawn from it; default 1. */
  readonly seed?: string;
  /** Default 0: any that is free. */
  readonly port?: string;
  /** Accounts and their dollars, each `0xADDRESS=USD`. */
  readonly fund?: readonly string[];
  /** `memory` (default) or `anvil`. */
  readonly chain?: string;
  /** A journal or a recording whose markets and books there are in place of makers. */
  readonly recording?: string;
  /** False: no makers; default true. */
  readonly liquidity?: boolean;
  /** A name of `TIERS`; absent: nothing is limited. */
  readonly rateLimits?: string;
}

/** Who runs a venue from a command line. */
export interface VenueOperator {
  /** The venue ends when it aborts. */
  readonly signal: AbortSignal;
  /** Told once, when it serves. */
  started(venue: RunningVenue): void;
  /** Told of what must not happen: the venue failed to carry something out, and answered 500. */
  failed(error: unknown): void;
}

/**
 * Serves a venue as a command line wants it, until the operator's signal. Every program that is a door to a venue stands on it.
 *
 * @throws `MatchpointError` `USAGE` naming the flag that is wrong, and what `startVenue` throws
 * @example
 * ```ts
 * import { runVenue } from "@matchpoint/paper-venue";
 *
 * async function serveForAnHour() {
 *   await runVenue(
 *     { seed: "7", fund: ["0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266=1000"] },
 *     {
 *       signal: AbortSignal.timeout(3_600_000),
 *       started: ({ clob }) => console.log(clob),
 *       failed: (error) => console.error(error),
 *     },
 *   );
 * }
 * ```
 */
export async function runVenue(flags: VenueFlags, operator: VenueOperator): Promise<void> {
  const { signal } = operator;
  const venue = await startVenue({
    ...optionsOf(flags),
    onError: (error) => {
      operator.failed(error);
    },
  });
  try {
    operator.started(venue);
    if (!signal.aborted)
      await new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
  } finally {
    await venue.close();
  }
}

/** Everything that a client has to be told to trade there, as one line of JSON. */
export function venueLine(venue: RunningVenue): string {
  const { clob, wsMarket, wsUser, gamma, sports, geoblock, rpc, relayer, chainId, admin, markets } = venue;
  return JSON.stringify({
    clob,
    wsMarket,
    wsUser,
    gamma,
    sports,
    geoblock,
    rpc,
    relayer,
    chainId,
    admin,
    markets,
  });
}

/** What the flags ask for. @throws `MatchpointError` `USAGE` */
export function optionsOf(flags: VenueFlags): StartOptions {
  const { chain = "memory", rateLimits: tier, recording } = flags;
  if (chain !== "memory" && chain !== "anvil") throw usage(`--chain ${chain}: memory or anvil`);
  if (tier !== undefined && !Object.hasOwn(TIERS, tier))
    throw usage(`--rate-limits ${tier}: no such tier; there are ${Object.keys(TIERS).join(", ")}`);
  const port = whole("port", flags.port ?? "0");
  if (port > 65_535) throw usage(`--port ${port}: at most 65535`);
  return {
    seed: whole("seed", flags.seed ?? "1"),
    port,
    ...(chain === "anvil" ? { chain } : {}),
    funds: Object.fromEntries((flags.fund ?? []).map(readFund)),
    liquidity: flags.liquidity === false ? "none" : "agents",
    ...(tier === undefined ? {} : { rateLimits: tier as TierName }),
    ...(recording === undefined ? {} : { recording }),
  };
}

function whole(name: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw usage(`--${name} ${text}: a whole number is needed`);
  return Number(text);
}

function readFund(text: string): readonly [string, Usdc] {
  const [address = "", dollars = ""] = text.split("=");
  try {
    return [getAddress(address), parseUsdc(dollars)];
  } catch {
    throw usage(
      `--fund ${text}: write it as 0xADDRESS=USD, such as --fund 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266=1000`,
    );
  }
}

/** A command line that is wrong. */
export function usage(message: string): MatchpointError {
  return new MatchpointError("USAGE", message, { hint: "--help lists what there is." });
}
