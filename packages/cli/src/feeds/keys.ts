import { MatchpointError, type BotConfig } from "@matchpoint/sdk";

/** Where the feeds' keys come from: the environment, never a file; none is ever printed or journaled. */
export const KEYS = {
  grid: "MATCHPOINT_GRID_API_KEY",
  pandascore: "MATCHPOINT_PANDASCORE_TOKEN",
  riot_gateway: "MATCHPOINT_RIOT_GATEWAY_KEY",
  steam: "MATCHPOINT_STEAM_API_KEY",
  liquipedia: "MATCHPOINT_LIQUIPEDIA_API_KEY",
} as const;

/** A feed that needs a key. */
export type KeyedFeed = keyof typeof KEYS;

/**
 * Looks whether every feed of a configuration has its key.
 * @throws MatchpointError `FEED_UNAUTHORIZED`
 */
export function demandKeys(config: BotConfig): void {
  for (const name of Object.keys(KEYS) as KeyedFeed[]) {
    if (config.feeds[name]?.enabled === true) keyOf(name);
  }
}

function keyOf(name: KeyedFeed): string {
  const value = process.env[KEYS[name]];
  if (value !== undefined && value !== "") return value;
  throw new MatchpointError("FEED_UNAUTHORIZED", `feed ${name} needs a key`, {
    hint: `Set the environment variable ${KEYS[name]}, or set feeds.${name}.enabled to false.`,
  });
}

/** A feed's key, asked for when it is needed and printed by nothing. */
export function secretOf(name: KeyedFeed): () => Promise<{ reveal(): string }> {
  return async () => {
    const value = keyOf(name);
    return Promise.resolve({ reveal: () => value });
  };
}
