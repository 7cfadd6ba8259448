import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig, type BotConfigInput } from "@matchpoint/sdk";
import { afterAll } from "vitest";
import type { Terminal } from "../../src/secrets/prompt.ts";
import { Environment, Secrets } from "../../src/secrets/index.ts";

/** The first account of every local test chain. */
export const KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

/** A folder that is gone after the file's tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "matchpoint-secrets-"));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** The secrets of a configuration, with this environment. */
export function secretsFor(
  config: Pick<BotConfigInput, "secrets" | "secret_providers">,
  env: NodeJS.ProcessEnv = {},
  more: { readonly folder?: string; readonly input?: Terminal } = {},
): Secrets {
  const environment = new Environment(env, true);
  return new Secrets(parseConfig(config), {
    environment,
    folder: ".",
    io: { err: () => undefined },
    ...more,
  });
}
