import { parseArgs } from "node:util";
import { isMatchpointError } from "@matchpoint/sdk";
import { TIERS } from "./http/rateLimits.ts";
import { runVenue, usage, venueLine, type VenueFlags } from "./runVenue.ts";

/** What `matchpoint-venue --help` prints. */
export const USAGE = `matchpoint-venue: a local venue that speaks Polymarket's protocol

  --seed N               everything random is drawn from it (default 1)
  --port P               default 0: any that is free
  --fund 0xADDRESS=USD   dollars for an account; may be repeated
  --chain memory|anvil   where trades settle: a ledger in memory, or a local Ethereum node (its rpc is printed)
  --recording PATH       markets and books of a journal (or a recording of events) in place of makers
  --no-liquidity         without the makers that quote every market
  --rate-limits TIER     enforces the token buckets of a tier: ${Object.keys(TIERS).join(", ")}
  --help

Prints one line of JSON with every address and market, and serves until SIGINT.
`;

/** The exit code of each error that is not 1: those of the `matchpoint` command. */
const EXITS: Readonly<Record<string, number>> = {
  USAGE: 2,
  CONFIG_INVALID: 2,
  FILE_NOT_FOUND: 2,
  JOURNAL_CORRUPT: 3,
  JOURNAL_SCHEMA_NEWER: 3,
};

/** Reads the command line. @throws `MatchpointError` `USAGE` */
export function readFlags(args: readonly string[]): VenueFlags | "help" {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        seed: { type: "string" },
        port: { type: "string" },
        fund: { type: "string", multiple: true },
        chain: { type: "string" },
        "no-liquidity": { type: "boolean", default: false },
        "rate-limits": { type: "string" },
        recording: { type: "string" },
        help: { type: "boolean", default: false },
      },
    }));
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
  const { help, "no-liquidity": alone, "rate-limits": rateLimits, ...flags } = values;
  if (help) return "help";
  return { ...flags, liquidity: !alone, ...(rateLimits === undefined ? {} : { rateLimits }) };
}

/** Runs the program until a signal; the promise is the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const flags = readFlags(args);
    if (flags === "help") {
      process.stdout.write(USAGE);
      return 0;
    }
    // Listened for before the line is printed: who reads it may send one at once.
    const stop = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => {
        stop.abort();
      });
    await runVenue(flags, {
      signal: stop.signal,
      started: (venue) => {
        process.stdout.write(`${venueLine(venue)}\n`);
      },
      failed: (error) => {
        process.stderr.write(
          `error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
        );
      },
    });
    return 0;
  } catch (error) {
    if (!isMatchpointError(error)) throw error;
    const [message] = error.message.split("\n");
    process.stderr.write(
      `error ${error.code}: ${message}${error.hint === undefined ? "" : ` (${error.hint})`}\n`,
    );
    return EXITS[error.code] ?? 1;
  }
}
