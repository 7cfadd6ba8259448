// The gate of every CI run: seeds of the simulator of bad days without a violation, and a sample of them twice, in fresh processes, with
// the same hash. `node scripts/torture-twice.ts [seeds] [sample]`
import { spawnSync } from "node:child_process";
import { join } from "node:path";

interface Told {
  readonly seeds: number;
  readonly violations: number;
  readonly seedsPerSecond: number;
  readonly faultsExercised: unknown;
  readonly hash: string;
}

const [seeds = 1_000, sample = 60] = process.argv.slice(2).map(Number);
const BIN = join(import.meta.dirname, "../packages/cli/src/bin.ts");

const [first, second] = [torture(sample), torture(sample)];
if (first.hash !== second.hash)
  fail(`seeds 1 to ${sample} gave ${first.hash}, and in another process ${second.hash}`);
console.log(`Seeds 1 to ${sample}, in two processes: ${first.hash}`);
const all = torture(seeds, "inherit");
console.log(
  `${all.seeds} seeds, ${all.violations} violations, ${all.seedsPerSecond} seeds a second, hash ${all.hash}`,
);
if (all.violations > 0 || all.seeds !== seeds) fail(`${all.violations} violations in ${all.seeds} seeds`);

function torture(count: number, err: "inherit" | "pipe" = "pipe"): Told {
  const args = [
    "--conditions=@matchpoint/source",
    "--no-warnings",
    BIN,
    "torture",
    "--json",
    "--seeds",
    String(count),
  ];
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", err],
    maxBuffer: 1 << 26,
  });
  const line = stdout.trimEnd().split("\n").at(-1) ?? "";
  if (!line.startsWith("{")) fail(`torture ended with ${status} and told nothing`);
  return JSON.parse(line) as Told;
}

function fail(why: string): never {
  console.error(`torture: ${why}`);
  process.exit(1);
}
