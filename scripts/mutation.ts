// How many small mistakes, put one by one into a room of the core, its tests notice. Takes minutes per room.
//   npm run mutation                      every room that money passes through
//   npm run mutation -- risk orders       these
//   npm run mutation -- risk/checks/own.ts   one file, with what survived in it
//   npm run mutation -- --again risk      only what the code and tests that changed since the last run may have changed
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

interface Mutant {
  readonly status: string;
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly location: { readonly start: { readonly line: number; readonly column: number } };
}

const again = process.argv.includes("--again");
const asked = process.argv.slice(2).filter((what) => what !== "--again");
const strange = asked.filter((what) => !existsSync(join(root, "packages/sdk/src", what)));
if (strange.length > 0) fail(`there is no ${strange.join(", ")} in packages/sdk/src`);
if (Number(process.versions.node.split(".")[0]) < 22) fail("the tester needs Node 22 or newer");
if (!existsSync(tester))
  run("npm", ["ci", "--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund"], home);

const rows: string[] = [];
let short = false;
for (const what of asked.length > 0 ? asked : ROOMS) {
  run(process.execPath, [tester, "run", join(home, "stryker.mjs")], root, {
    MATCHPOINT_MUTATED: what,
    MATCHPOINT_AGAIN: again ? "1" : "",
    MATCHPOINT_WORKERS: process.env["MATCHPOINT_WORKERS"] ?? String(availableParallelism()),
  });
  const { files } = JSON.parse(
    readFileSync(join(root, "runs/mutation", `${what.replaceAll("/", ".")}.json`), "utf8"),
  ) as { readonly files: Readonly<Record<string, { readonly mutants: readonly Mutant[] }>> };
  const parts = Object.entries(files);
  const name = (file: string): string => file.replace("packages/sdk/src/", "  ");
  for (const [file, { mutants }] of parts) {
    if (parts.length > 1) row(name(file), mutants);
    if (!what.includes("/")) continue;
    for (const { status, mutatorName, replacement = "", location } of mutants) {
      if (status !== "Survived" && status !== "NoCoverage") continue;
      const { line, column } = location.start;
      console.log(`${file}:${line}:${column} ${status} ${mutatorName}: ${replacement.slice(0, 100)}`);
    }
  }
  short ||=
    row(
      what,
      parts.flatMap(([, { mutants }]) => mutants),
    ) < WANTED;
}
console.log(`\n${"".padEnd(32)}mistakes  noticed  by time  survived  untested   score\n${rows.join("\n")}`);
process.exitCode = short ? 1 : 0;

/** Mistakes that a test noticed, by failing or by never ending, and those that none did; those of no kind are not counted. */
function row(name: string, mutants: readonly Mutant[]): number {
  const of = (status: string): number => mutants.filter((mutant) => mutant.status === status).length;
  const [killed, timeout, survived, untested] = [
    of("Killed"),
    of("Timeout"),
    of("Survived"),
    of("NoCoverage"),
  ];
  const all = killed + timeout + survived + untested;
  if (all === 0) return 100;
  const score = (100 * (killed + timeout)) / all;
  const cells = [
    String(all).padStart(8),
    String(killed).padStart(9),
    String(timeout).padStart(9),
    String(survived).padStart(10),
    String(untested).padStart(10),
    `${score.toFixed(1).padStart(8)} %`,
  ];
  rows.push(`${name.padEnd(32)}${cells.join("")}`);
  return score;
}

function run(command: string, args: readonly string[], cwd: string, env: Record<string, string> = {}): void {
  const { status } = spawnSync(command, args, { cwd, stdio: "inherit", env: { ...process.env, ...env } });
  if (status !== 0) fail(`${command} ${args[0]!} ended with ${status}`);
}

function fail(why: string): never {
  console.error(`mutation: ${why}`);
  process.exit(2);
}
