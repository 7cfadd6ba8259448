import { globSync, readFileSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";

export const ROOT: string = resolve(import.meta.dirname, "..");

export interface PublishedPackage {
  readonly name: string;
  /** Folder relative to the root of the repository. */
  readonly dir: string;
  /** What users may import: the package's name, with the subpath where there is one. */
  readonly entries: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports: Readonly<Record<string, unknown>>;
}

/** The packages that are published, from their manifests. */
export function publishedPackages(): PublishedPackage[] {
  return globSync("packages/*/package.json", { cwd: ROOT })
    .sort()
    .flatMap((file) => {
      const manifest = JSON.parse(readFileSync(join(ROOT, file), "utf8")) as Manifest;
      if (manifest.private === true) return [];
      const doors = Object.keys(manifest.exports).filter((door) => !door.endsWith(".json"));
      const entries = doors.map((door) => manifest.name + door.slice(1));
      return [{ name: manifest.name, dir: dirname(file).split(sep).join("/"), entries }];
    });
}
