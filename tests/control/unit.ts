import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../cli/support.ts";

/** The unit that a bot is deployed with. */
export const UNIT = readFileSync(join(ROOT, "deploy/systemd/matchpoint.service"), "utf8");
/** Where the unit finds its programs. */
export const INSTALLED = "/opt/matchpoint/node_modules/.bin/";

/** The words of a command of the unit, without the program's own path. */
export function wordsOf(key: string): readonly string[] {
  const [, line = ""] = new RegExp(`^${key}=${INSTALLED}\\S+ (.*)$`, "m").exec(UNIT) ?? [];
  return line.split(" ");
}

/** The health check of the Dockerfile, as arguments of Node. */
export function healthCheck(): readonly string[] {
  const file = readFileSync(join(ROOT, "deploy/docker/Dockerfile"), "utf8");
  const [, words = "[]"] = /^HEALTHCHECK .* CMD (\[.*\])$/m.exec(file) ?? [];
  return (JSON.parse(words) as readonly string[]).slice(1);
}
