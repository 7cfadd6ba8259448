import { MatchpointError, SECRETS, type BotConfig, type Secret } from "@matchpoint/sdk";
import type { ApiCredentials } from "@matchpoint/adapters-polymarket";
import { demandNotInDotenv, whole, type Secrets } from "../secrets/index.ts";
import { relayerKeys, type RelayerKeys } from "./relayerAccess.ts";

/** What live trading holds in secret. None of it is ever printed, journaled or put into an error. */
export interface LiveSecrets {
  readonly privateKey: Secret;
  /** Absent: derived with the private key. */
  readonly api: ApiCredentials | undefined;
  /** Nodes of the environment, then those of the configuration. */
  readonly rpcUrls: readonly string[];
  /** Absent: there is no key of a relayer. */
  readonly relayer: RelayerKeys | undefined;
}

/** What to do when there is no private key. */
export const NO_KEY = `Set the environment variable ${SECRETS.private_key.variable} to the key of the account's wallet (0x and 64 hexadecimal digits), or secrets.private_key to where it is, such as keystore:~/keys/bot.json.`;

/**
 * Gathers the secrets of live trading.
 * @throws MatchpointError `CREDENTIALS_INVALID` saying which is missing or wrong, never what is in it; `SECRET_UNSAFE` when the private
 * key stands in a `.env` file; what `Secrets.find` throws
 */
export async function liveSecrets(config: BotConfig, secrets: Secrets): Promise<LiveSecrets> {
  const privateKey = await secrets.find("private_key");
  if (privateKey === undefined) {
    throw new MatchpointError("CREDENTIALS_INVALID", "there is no private key", { hint: NO_KEY });
  }
  demandNotInDotenv(privateKey, [process.cwd(), secrets.folder]);
  return {
    privateKey,
    api: await apiKey(secrets),
    rpcUrls: await rpcUrls(config, secrets),
    relayer: await relayerKeys(secrets),
  };
}

/** The API key that is given; `undefined`: it is derived. @throws MatchpointError `CREDENTIALS_INVALID`, what `Secrets.find` throws */
export async function apiKey(secrets: Secrets): Promise<ApiCredentials | undefined> {
  const [key, secret, passphrase] = await whole(
    ["api_key", "api_secret", "api_passphrase"],
    secrets,
    "the API key is not whole",
    "or none of them: then it is derived.",
  );
  return key === undefined ? undefined : { key, secret: secret!, passphrase: passphrase! };
}

/** The chain's nodes: secret ones first. @throws MatchpointError `CONFIG_INVALID`, what `Secrets.find` throws */
export async function rpcUrls(config: BotConfig, secrets: Secrets): Promise<readonly string[]> {
  const text = (await secrets.find("rpc_urls"))?.reveal() ?? "";
  const own = text.split(/[\s,]+/).filter((each) => each !== "");
  const bad = own.findIndex((each) => !/^https?:\/\//.test(each) || !URL.canParse(each));
  if (bad !== -1) {
    throw new MatchpointError(
      "CONFIG_INVALID",
      `number ${bad + 1} of ${SECRETS.rpc_urls.variable} is no address`,
      {
        hint: "It is a list of https:// addresses with commas between them.",
      },
    );
  }
  return [...own, ...config.execution.rpc_urls];
}
