// How many small mistakes, put one by one into a room of the core, its tests notice. Takes minutes to an hour per room.
//   npm run mutation                      every room that money passes through
//   npm run mutation -- risk orders       these
// The tester itself (StrykerJS, Node 22 or newer) is installed into scripts/mutation at its first use. What survived is in
// runs/mutation/<room>.json, for https://microsoft.github.io/mutation-testing-elements or any other reader of that format.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";

const ROOMS = ["units", "portfolio", "orders", "risk", "trading"];
const WANTED = 85;
const root = join(import.meta.dirname, "..");
const home = join(import.meta.dirname, "mutation");
const tester = join(home, "node_modules/@stryker-mutator/core/bin/stryker.js");

const asked = process.argv.slice(2);
const strange = asked.filter((room) => !existsSync(join(root, "packages/sdk/src", room)));
if (strange.length > 0) fail(`there is no room ${strange.join(", ")} in packages/sdk/src`);
if (Number(process.versions.node.split(".")[0]) < 22) fail("the tester needs Node 22 or newer");
if (!existsSync(tester))
  run("npm", ["ci", "--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund"], home);

const rows: string[] = [];
let short = false;
for (const room of asked.length > 0 ? asked : ROOMS) {
  run(process.execPath, [tester, "run", join(home, "stryker.mjs")], root, {
    MATCHPOINT_ROOM: room,
    MATCHPOINT_WORKERS: process.env["MATCHPOINT_WORKERS"] ?? String(availableParallelism()),
  });
  const { noticed, missed } = counts(join(root, "runs/mutation", `${room}.json`));
  const score = (100 * noticed) / (noticed + missed);
  short ||= score < WANTED;
  rows.push(
    `${room.padEnd(12)}${String(noticed + missed).padStart(9)}${String(noticed).padStart(9)}${score.toFixed(1).padStart(8)} %`,
  );
}
console.log(`\nroom        mistakes  noticed   score\n${rows.join("\n")}`);
process.exitCode = short ? 1 : 0;

/** Mistakes that a test noticed, by failing or by never ending, and those that none did. */
function counts(file: string): { readonly noticed: number; readonly missed: number } {
  const { files } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly files: Readonly<Record<string, { readonly mutants: readonly { readonly status: string }[] }>>;
  };
  const all = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const of = (...statuses: string[]): number => all.filter((each) => statuses.includes(each)).length;
  return { noticed: of("Killed", "Timeout"), missed: of("Survived", "NoCoverage") };
}

function run(command: string, args: readonly string[], cwd: string, env: Record<string, string> = {}): void {
  const { status } = spawnSync(command, args, { cwd, stdio: "inherit", env: { ...process.env, ...env } });
  if (status !== 0) fail(`${command} ${args[0]!} ended with ${status}`);
}

function fail(why: string): never {
  console.error(`mutation: ${why}`);
  process.exit(2);
}
