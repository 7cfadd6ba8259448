import { MatchpointError, type BotConfig } from "@matchpoint/sdk";
import type { ApiCredentials } from "@matchpoint/adapters-polymarket";

/** The environment's variables that live trading reads. None is ever printed, journaled or put into an error. */
export const LIVE_KEYS = {
  privateKey: "MATCHPOINT_PRIVATE_KEY",
  apiKey: "MATCHPOINT_API_KEY",
  apiSecret: "MATCHPOINT_API_SECRET",
  apiPassphrase: "MATCHPOINT_API_PASSPHRASE",
  rpcUrls: "MATCHPOINT_RPC_URLS",
} as const;

/** What live trading holds in secret. */
export interface LiveSecrets {
  readonly privateKey: string;
  /** Absent: derived with the private key. */
  readonly api: ApiCredentials | undefined;
  /** Nodes of the environment, then those of the configuration. */
  readonly rpcUrls: readonly string[];
}

/**
 * Reads the secrets from the environment.
 * @throws MatchpointError `CREDENTIALS_INVALID` saying which variable is missing or wrong, never what is in it
 */
export function liveSecrets(config: BotConfig, env: NodeJS.ProcessEnv = process.env): LiveSecrets {
  const privateKey = read(env, LIVE_KEYS.privateKey);
  if (privateKey === undefined) {
    throw new MatchpointError("CREDENTIALS_INVALID", "there is no private key", {
      hint: `Set the environment variable ${LIVE_KEYS.privateKey} to the key of the account's wallet: 0x and 64 hexadecimal digits.`,
    });
  }
  const api = [LIVE_KEYS.apiKey, LIVE_KEYS.apiSecret, LIVE_KEYS.apiPassphrase].map((name) => read(env, name));
  const [key, secret, passphrase] = api;
  if (api.some((each) => each === undefined) && api.some((each) => each !== undefined)) {
    throw new MatchpointError("CREDENTIALS_INVALID", "the API key is not whole", {
      hint: `Set ${LIVE_KEYS.apiKey}, ${LIVE_KEYS.apiSecret} and ${LIVE_KEYS.apiPassphrase}, or none of them: then it is derived.`,
    });
  }
  return {
    privateKey,
    api: key === undefined ? undefined : { key, secret: secret!, passphrase: passphrase! },
    rpcUrls: rpcUrls(config, env),
  };
}

/** The chain's nodes: those of the environment first. @throws MatchpointError `CONFIG_INVALID` */
export function rpcUrls(config: BotConfig, env: NodeJS.ProcessEnv = process.env): readonly string[] {
  const own = (read(env, LIVE_KEYS.rpcUrls) ?? "").split(/[\s,]+/).filter((each) => each !== "");
  const bad = own.findIndex((each) => !/^https?:\/\//.test(each) || !URL.canParse(each));
  if (bad !== -1) {
    throw new MatchpointError("CONFIG_INVALID", `number ${bad + 1} of ${LIVE_KEYS.rpcUrls} is no address`, {
      hint: "It is a list of https:// addresses with commas between them.",
    });
  }
  return [...own, ...config.execution.rpc_urls];
}

function read(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === undefined || value === "" ? undefined : value;
}
