import { parseArgs } from "node:util";
import { isMatchpointError, MatchpointError, parseUsdc, type Usdc } from "@matchpoint/sdk";
import { getAddress } from "ethers";
import { startVenue, type RunningVenue, type StartOptions } from "./shell/server.ts";
import { TIERS, type TierName } from "./http/rateLimits.ts";

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

/** What the start line says. */
function startLine(venue: RunningVenue): string {
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

/** Reads the command line. @throws `MatchpointError` `USAGE` */
export function readOptions(args: readonly string[]): StartOptions | "help" {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        seed: { type: "string", default: "1" },
        port: { type: "string", default: "0" },
        fund: { type: "string", multiple: true, default: [] },
        chain: { type: "string", default: "memory" },
        "no-liquidity": { type: "boolean", default: false },
        "rate-limits": { type: "string" },
        recording: { type: "string" },
        help: { type: "boolean", default: false },
      },
    }));
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
  if (values.help) return "help";
  if (values.chain !== "memory" && values.chain !== "anvil")
    throw usage(`--chain ${values.chain}: memory or anvil`);
  const tier = values["rate-limits"];
  if (tier !== undefined && !Object.hasOwn(TIERS, tier)) throw usage(`--rate-limits ${tier}: no such tier`);
  const port = whole("port", values.port);
  if (port > 65_535) throw usage(`--port ${port}: at most 65535`);
  return {
    seed: whole("seed", values.seed),
    port,
    ...(values.chain === "anvil" ? { chain: values.chain } : {}),
    funds: Object.fromEntries(values.fund.map(readFund)),
    liquidity: values["no-liquidity"] ? "none" : "agents",
    ...(tier === undefined ? {} : { rateLimits: tier as TierName }),
    ...(values.recording === undefined ? {} : { recording: values.recording }),
  };
}

/** Runs the program until a signal; the promise is the exit code. */
export async function runVenue(args: readonly string[]): Promise<number> {
  try {
    const options = readOptions(args);
    if (options === "help") {
      process.stdout.write(USAGE);
      return 0;
    }
    const venue = await startVenue({
      ...options,
      onError: (error) => {
        process.stderr.write(
          `error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
        );
      },
    });
    // Listened for before the line is printed: who reads it may send one at once.
    const stopped = new Promise<void>((resolve) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
    });
    process.stdout.write(`${startLine(venue)}\n`);
    await stopped;
    await venue.close();
    return 0;
  } catch (error) {
    if (!isMatchpointError(error)) throw error;
    const [message] = error.message.split("\n");
    process.stderr.write(
      `error ${error.code}: ${message}${error.hint === undefined ? "" : ` (${error.hint})`}\n`,
    );
    return ["USAGE", "CONFIG_INVALID", "FILE_NOT_FOUND", "RECORDING_INVALID", "JOURNAL_CORRUPT"].includes(
      error.code,
    )
      ? 2
      : 1;
  }
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

function usage(message: string): MatchpointError {
  return new MatchpointError("USAGE", message, { hint: "matchpoint-venue --help lists what there is." });
}
