// npm run bench [-- --quick] [-- --only NAME]
// Installs the packages that it measures against into this folder (not a workspace, not part of `npm ci`), then measures.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const manifest = readFileSync(join(here, "package.json"), "utf8");
const marker = join(here, "node_modules", ".installed.json");

/** True when the peers are there: exactly the versions that the manifest names. */
function installPeers() {
  if (existsSync(marker) && readFileSync(marker, "utf8") === manifest) return true;
  process.stderr.write("Installing the packages to compare with into bench/, once…\n");
  // No scripts and no lock file: the registry does not serve every platform's files, and a lock without them is refused.
  const args = [
    "install",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-package-lock",
    "--loglevel=error",
  ];
  const npm = process.env.npm_execpath;
  const options = { cwd: here, stdio: ["ignore", "ignore", "inherit"] };
  const result = npm?.endsWith(".js")
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
  if (result.status !== 0) return false;
  writeFileSync(marker, manifest);
  return true;
}

const peers = installPeers();
if (!peers) process.stderr.write("The install failed: the rows of other packages are left out.\n");
const { main } = await import("./main.ts");
process.exitCode = await main(process.argv.slice(2), peers);
