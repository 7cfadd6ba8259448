import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { asking, deriveAccount, loadWallets, type Account, type Venue } from "./account.ts";
import { cancelAll } from "./cancelAll.ts";

const USAGE = `polymarket-cancel-all: cancels every open order of an account and proves that none is left

It shares no code with the bot, so it works while the bot hangs. It does not stop the bot: one that is alive may place
again, so stop it first, or let this stand guard.

  --guard          go on until Ctrl-C, and cancel whatever appears
  --for SECONDS    give up after so long without proof (default 60)
  --url URL        the venue (default https://clob.polymarket.com)
  --chain-id N     137 (default) or 80002
  --json           one last line {proven, canceled, open}
  --help

It reads MATCHPOINT_PRIVATE_KEY (from the environment, or a file of that name in $CREDENTIALS_DIRECTORY); or MATCHPOINT_API_KEY, MATCHPOINT_API_SECRET, MATCHPOINT_API_PASSPHRASE and
MATCHPOINT_ADDRESS (the signing wallet's address), with which no private key is needed.
Exit codes: 0 proven that no order is open, 1 the venue refuses the account, 2 wrong options, 3 not proven.
`;

/** Exit codes. */
const PROVEN = 0;
const REFUSED = 1;
const WRONG = 2;
const OPEN = 3;

/** Where it writes to, and what it reads. */
export interface CancelAllHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  /** Aborts on Ctrl-C. */
  readonly stop: AbortSignal;
}

interface Options {
  readonly venue: Venue;
  readonly chainId: number;
  readonly forMs: number;
  readonly guard: boolean;
  readonly json: boolean;
}

const TIMEOUT_MS = 5_000;
const EVERY_MS = 1_000;
/** Sports markets hold a taker's order for up to three seconds, in which no list shows it. */
const APART_MS = 4_000;

/** Runs the program; the promise is its exit code. */
export async function runCancelAll(args: readonly string[], host: CancelAllHost): Promise<number> {
  const options = readOptions(args);
  if (options === "help") {
    host.out(USAGE.trimEnd());
    return PROVEN;
  }
  if ("wrong" in options) {
    host.err(`error: ${options.wrong} (--help shows what there is)`);
    return WRONG;
  }
  const { venue, forMs, guard, json } = options;
  const began = performance.now();
  const account = await accountOf(options, host);
  if ("wrong" in account) {
    host.err(`error: ${account.wrong}`);
    return account.code;
  }
  const say = json ? (): void => undefined : host.out;
  const result = await cancelAll(asking(venue, account), {
    forMs: forMs - (performance.now() - began),
    everyMs: EVERY_MS,
    apartMs: APART_MS,
    guard,
    stop: host.stop,
    say,
  });
  if (json) host.out(JSON.stringify(result));
  if (!result.proven)
    host.err(
      `error: ${result.open === undefined ? "it is not known whether orders are open" : `${result.open.length} orders are still open`}. Run this again, or cancel them on Polymarket's page.`,
    );
  return result.proven ? PROVEN : OPEN;
}

function readOptions(args: readonly string[]): Options | "help" | { readonly wrong: string } {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        guard: { type: "boolean", default: false },
        for: { type: "string", default: "60" },
        url: { type: "string", default: "https://clob.polymarket.com" },
        "chain-id": { type: "string", default: "137" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }));
  } catch (error) {
    return { wrong: (error as { readonly message: string }).message };
  }
  const { guard, json, help, for: seconds, url, "chain-id": chainId } = values;
  if (help) return "help";
  if (!/^\d{1,6}$/.test(seconds) || seconds === "0")
    return { wrong: `--for ${seconds}: whole seconds from 1` };
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    return { wrong: `--url ${url}: an address that begins with https://` };
  if (chainId !== "137" && chainId !== "80002") return { wrong: `--chain-id ${chainId}: 137 or 80002` };
  return {
    venue: { url: url.replace(/\/+$/, ""), timeoutMs: TIMEOUT_MS },
    chainId: Number(chainId),
    forMs: Number(seconds) * 1_000,
    guard,
    json,
  };
}

/** A variable of the environment, else the file of that name which a service manager hands over (`$CREDENTIALS_DIRECTORY`). */
function secretOf(name: string, env: CancelAllHost["env"]): string {
  const given = env[name]?.trim() ?? "";
  const folder = env["CREDENTIALS_DIRECTORY"] ?? "";
  if (given !== "" || folder === "") return given;
  try {
    return readFileSync(join(folder, name), "utf8").trim();
  } catch {
    return "";
  }
}

/** The account of the environment; a venue that cannot be reached is asked again and again. */
async function accountOf(
  { venue, chainId, forMs, guard, json }: Options,
  { env, out, stop }: CancelAllHost,
): Promise<Account | { readonly wrong: string; readonly code: number }> {
  const [apiKey, secret, passphrase, address, privateKey] = [
    "API_KEY",
    "API_SECRET",
    "API_PASSPHRASE",
    "ADDRESS",
    "PRIVATE_KEY",
  ].map((name) => secretOf(`MATCHPOINT_${name}`, env)) as [string, string, string, string, string];
  if (apiKey !== "" && secret !== "" && passphrase !== "" && address !== "")
    return { apiKey, secret, passphrase, address };
  if (privateKey === "") {
    const wrong =
      "there is no account. Set MATCHPOINT_PRIVATE_KEY, or the API key with MATCHPOINT_ADDRESS (--help names them)";
    return { wrong, code: REFUSED };
  }
  await loadWallets();
  const began = performance.now();
  for (let told = ""; ;) {
    const derived = await deriveAccount(venue, privateKey, chainId);
    if ("value" in derived) return derived.value as Account;
    const wrong = `there is no API key: ${derived.problem}`;
    if (derived.refused) return { wrong, code: REFUSED };
    if (stop.aborted || (!guard && performance.now() - began > forMs)) return { wrong, code: OPEN };
    if (!json && told !== wrong) out(`${wrong}; asking again`);
    told = wrong;
    await pause(EVERY_MS, undefined, { signal: stop }).catch(() => undefined);
  }
}
