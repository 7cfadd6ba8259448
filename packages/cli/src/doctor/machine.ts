import { createWalletSigner, loadCurve } from "@matchpoint/adapters-polymarket";
import { isMatchpointError, nearest, SECRETS, type SecretKey } from "@matchpoint/sdk";
import { FEED_KEYS } from "../feeds/index.ts";
import { relayerKeys } from "../live/relayerAccess.ts";
import { apiKey, NO_KEY } from "../live/secrets.ts";
import { plural } from "../report/format.ts";
import { demandNotInDotenv } from "../secrets/index.ts";
import { hintOf, lineOf, type Bench } from "./bench.ts";
import type { Check } from "./check.ts";
import { fail, idle, ok, warn, type Outcome } from "./finding.ts";

/** The oldest Node that the packages run on, as their `engines` say. */
const OLDEST: readonly [number, number] = [22, 12];
/** Variables that are ours and hold no secret. */
const SETTINGS = ["MATCHPOINT_DEBUG", "MATCHPOINT_STATE", "MATCHPOINT_ADDRESS", "MATCHPOINT_WORKERS"];
/** A person may have to type a passphrase, and a keystore is slow on purpose. */
export const SECRETS_MS = 120_000;

/** Node, the environment, the configuration and the secrets. */
export const MACHINE_CHECKS: readonly Check[] = [
  {
    id: "node",
    title: "Node",
    looksAt: "the version of Node that runs this",
    needs: [],
    modes: "any",
    local: true,
    run: ({ options }) => {
      const version = options.node ?? process.versions.node;
      const [major = 0, minor = 0] = version.split(".").map(Number);
      const least = OLDEST.join(".");
      return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
        ? ok(`Node ${version}`)
        : fail(
            `Node ${version}, and ${least} is the oldest that is supported`,
            `Install Node ${least} or newer; 24 is best.`,
          );
    },
  },
  {
    id: "environment",
    title: "Environment",
    looksAt: "names of variables that begin with MATCHPOINT_",
    needs: [],
    modes: "any",
    local: true,
    run: ({ options }) => {
      const known = [...Object.values(SECRETS).map(({ variable }): string => variable), ...SETTINGS];
      const names = Object.keys(options.env ?? process.env).filter((name) => /^MATCHPOINT_/i.test(name));
      const strange = names.filter((name) => !known.includes(name));
      if (strange.length === 0) return ok("no variable of an unknown name");
      const [first] = strange;
      const meant = nearest(first!, known);
      const help =
        meant === undefined
          ? "docs/how-to/keep-secrets.md lists those that there are"
          : `did you mean ${meant}`;
      return warn(`nothing reads ${strange.join(", ")}`, `Correct the name, or unset it: ${help}.`);
    },
  },
  {
    id: "config",
    title: "Configuration",
    looksAt: "the file that was named, each key of it, and which mode it asks for",
    needs: [],
    modes: "any",
    local: true,
    run: ({ options, config, live }) => {
      const { problem, file, markets = config.markets } = options;
      if (problem !== undefined) {
        const lines = isMatchpointError(problem) ? problem.context["problems"] : undefined;
        const all = Array.isArray(lines) ? (lines as string[]) : [lineOf(problem)];
        return fail(
          all.join("; "),
          hintOf(problem, "Correct it; docs/reference/configuration.md has every key."),
        );
      }
      const what = `${file ?? "no file, so the defaults"}: mode ${config.mode}`;
      if (markets.length === 0 && config.discover === undefined)
        return warn(`${what}, and nothing to trade`, "List markets, or let discover find them.");
      return ok(`${what}${live ? ", which trades real money when run is given --live too" : ""}`);
    },
  },
  {
    id: "secrets",
    title: "Secrets",
    looksAt: "the keys of enabled sources, the API key, the relayer's key, and all that secrets names",
    needs: ["config"],
    modes: "any",
    local: true,
    deadlineMs: SECRETS_MS,
    run: secretsFound,
  },
  {
    id: "private-key",
    title: "Private key",
    looksAt: "whether the private key is where it is said to be, and a key",
    needs: ["config"],
    modes: "live",
    local: true,
    deadlineMs: SECRETS_MS,
    run: async (bench) => {
      const { secrets } = bench;
      // Two must not ask one terminal at the same time.
      await secretsFound(bench).catch(() => undefined);
      const key = await secrets.find("private_key");
      if (key === undefined) return fail("there is no private key", NO_KEY);
      const { address } = createWalletSigner(key.reveal(), await loadCurve());
      return ok(`${secrets.place("private_key")} has the key of ${address}`);
    },
  },
  {
    id: "dotenv",
    title: "Forbidden places",
    looksAt: ".env files here, beside the configuration and above, and those that Node was given",
    needs: ["private-key"],
    modes: "live",
    local: true,
    run: async ({ secrets }) => {
      demandNotInDotenv((await secrets.find("private_key"))!, [process.cwd(), secrets.folder]);
      return ok("the private key stands in no .env file");
    },
  },
];

/** Looks for all secrets but the private key and the nodes, one after the other: a person may have to type them. */
export function secretsFound(bench: Bench): Promise<Outcome> {
  return bench.once("secrets", () => findSecrets(bench));
}

async function findSecrets({ config, secrets, live }: Bench): Promise<Outcome> {
  const names = new Set<SecretKey>();
  for (const [feed, name] of Object.entries(FEED_KEYS))
    if (config.feeds[feed]?.enabled === true) names.add(name);
  const keys = [...names];
  // On paper nothing is asked for that only real money needs; the key and the nodes have checks of their own.
  for (const name of live ? (Object.keys(config.secrets ?? {}) as SecretKey[]) : [])
    if (name !== "private_key" && name !== "rpc_urls") names.add(name);
  const lacks: string[] = [];
  const fixes = new Set<string>();
  const lack = (error: unknown): void => {
    if (!isMatchpointError(error)) throw error;
    lacks.push(lineOf(error));
    fixes.add(hintOf(error, "See docs/how-to/keep-secrets.md."));
  };
  for (const name of names) {
    try {
      if ((await secrets.find(name)) !== undefined) continue;
      if (!keys.includes(name)) continue;
      lacks.push(`${name} is nowhere`);
      const feed = Object.entries(FEED_KEYS).find(([, each]) => each === name)![0];
      fixes.add(`Set ${secrets.place(name)} or secrets.${name}, or set feeds.${feed}.enabled to false.`);
    } catch (error) {
      lack(error);
    }
  }
  for (const read of live ? [apiKey, relayerKeys] : []) await read(secrets).catch(lack);
  if (lacks.length > 0) return fail(lacks.join("; "), [...fixes].join(" "));
  return names.size === 0 && !live
    ? idle("none is asked for")
    : ok(`${plural(names.size, "secret")} found, and none half`);
}
