import { MatchpointError, SECRETS, type BotConfig, type Secret, type SecretKey } from "@matchpoint/sdk";
import type { Secrets } from "../secrets/index.ts";

/** The key of each feed that needs one. */
export const FEED_KEYS = {
  grid: "grid_api_key",
  pandascore: "pandascore_token",
  riot_gateway: "riot_gateway_key",
  steam: "steam_api_key",
  liquipedia: "liquipedia_api_key",
} as const satisfies Readonly<Record<string, SecretKey>>;

/** A feed that needs a key. */
export type KeyedFeed = keyof typeof FEED_KEYS;

/** Gives a feed's key when it is asked for. */
export type KeyOf = (name: KeyedFeed) => () => Promise<Secret>;

/**
 * Looks whether every feed of a configuration has its key.
 * @throws MatchpointError `FEED_UNAUTHORIZED`, and what `Secrets.find` throws
 */
export async function demandKeys(config: BotConfig, secrets: Secrets): Promise<void> {
  for (const name of Object.keys(FEED_KEYS) as KeyedFeed[]) {
    if (config.feeds[name]?.enabled === true) await secretOf(secrets)(name)();
  }
}

/** A feed's key, asked for when it is needed and printed by nothing. */
export function secretOf(secrets: Secrets): KeyOf {
  return (name) => async () => {
    const found = await secrets.find(FEED_KEYS[name]);
    if (found !== undefined) return found;
    throw new MatchpointError("FEED_UNAUTHORIZED", `feed ${name} needs a key`, {
      hint: `Set the environment variable ${SECRETS[FEED_KEYS[name]].variable} or secrets.${FEED_KEYS[name]}, or set feeds.${name}.enabled to false.`,
    });
  };
}
