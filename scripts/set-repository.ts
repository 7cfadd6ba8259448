// Writes the repository into every published manifest, right before publishing: npm refuses provenance without it, and
// only the release job knows where the repository lives.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { publishedPackages, ROOT } from "./workspace.ts";

const repository = process.env["GITHUB_REPOSITORY"];
if (repository === undefined) {
  console.error("GITHUB_REPOSITORY is not set: packages are published by the release workflow.");
  process.exit(1);
}

for (const { dir } of publishedPackages()) {
  const file = join(ROOT, dir, "package.json");
  const manifest = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  const url = `git+https://github.com/${repository}.git`;
  writeFileSync(
    file,
    `${JSON.stringify({ ...manifest, repository: { type: "git", url, directory: dir } }, null, 2)}\n`,
  );
}
