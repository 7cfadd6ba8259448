import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** What decides about money, besides this package. */
const PACKAGES = [
  "@matchpoint/sdk",
  "@matchpoint/adapters-esports",
  "@matchpoint/adapters-polymarket",
  "@matchpoint/paper-broker",
];
const CODE = /(?<!\.d)\.(?:ts|js|mjs)$/;

let known: string | undefined;

/**
 * Which build of Matchpoint this process runs, as `VERSION+HASH`: the version of @matchpoint/cli and the first twelve digits of a hash of
 * all code of it and of the packages that it trades with, as it lies on the disk. `undefined` where that cannot be read, as in a bundle.
 * A bot's own strategies are not in it.
 */
export function buildOfCode(): string | undefined {
  try {
    known ??= `${version()}+${hashOfCode([folderOf(import.meta.url), ...PACKAGES.map((name) => folderOf(import.meta.resolve(name)))])}`;
  } catch {
    return undefined;
  }
  return known;
}

/** The hash of folders' code: of every file's name and content, in an order of its own. */
export function hashOfCode(folders: readonly string[]): string {
  const hash = createHash("sha256");
  for (const folder of folders) {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
    for (const name of names.filter((each) => CODE.test(each)).sort()) {
      const content = readFileSync(join(folder, name));
      // Names and lengths tell apart what would read the same one after the other.
      hash.update(`${name.replaceAll("\\", "/")} ${content.length}\n`).update(content);
    }
  }
  return hash.digest("hex").slice(0, 12);
}

/** Two builds, when both are known and they are not the same, in words; `undefined`: there is nothing to tell. */
export function otherBuild(theirs: string | undefined, ours: string | undefined): string | undefined {
  return theirs === undefined || ours === undefined || theirs === ours
    ? undefined
    : `${theirs}; this is ${ours}`;
}

function version(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

function folderOf(url: string): string {
  return dirname(fileURLToPath(url));
}
