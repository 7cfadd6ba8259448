import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const NAME = /^MATCHPOINT_[A-Z0-9_]+$/;
/** Longer than any secret: what is longer is none. */
const LONGEST = 65_536;

/**
 * Takes secrets from the folder that a service manager hands them over in (`$CREDENTIALS_DIRECTORY` of systemd, `/run/secrets` of
 * Docker): one file for each, named like the environment's variable. A variable that is set already stays. Unlike a variable that the
 * process was started with, they are in no `/proc/PID/environ`.
 */
export function takeCredentials(env: NodeJS.ProcessEnv = process.env): void {
  const folder = env["CREDENTIALS_DIRECTORY"];
  if (folder === undefined || folder === "") return;
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const name of names) {
    if (!NAME.test(name) || (env[name] ?? "") !== "") continue;
    try {
      const secret = readFileSync(join(folder, name), "utf8").trim();
      if (secret.length <= LONGEST) env[name] = secret;
    } catch {
      // What cannot be read is missing, and is said to be where it is needed.
    }
  }
}
