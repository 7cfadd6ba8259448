// The gate of every CI run: seeds of the simulator of bad days without a violation in which every kind of fault takes effect, a sample of
// them twice, in fresh processes, with the same hash, and some planted mistakes that the judges have to find.
// `node --conditions=@matchpoint/source scripts/torture-twice.ts [seeds] [sample]`
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { FAULT_KINDS } from "@matchpoint/testing";

interface Told {
  readonly seeds: number;
  readonly violations: number;
  readonly seedsPerSecond: number;
  readonly faultsExercised: Readonly<Record<string, number>>;
  readonly hash: string;
}

const [seeds = 1_000, sample = 60] = process.argv.slice(2).map(Number);
/** Each shows a judge of its own, and is found within a few seeds: the books, the gate, what leaves. All of them: `npm run plants`. */
const SAMPLE_PLANTS = ["partial-sale-releases-no-cost", "entry-while-halted", "posted-before-durable"];
/** In fewer seeds than these a fault may be missed by chance. */
const ENOUGH_FOR_ALL = 1_000;
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
const missing = FAULT_KINDS.filter((kind) => all.faultsExercised[kind] === undefined);
if (seeds >= ENOUGH_FOR_ALL && missing.length > 0)
  fail(`in ${seeds} seeds these faults never took effect: ${missing.join(", ")}`);
plants();

/** The judges find what is wrong with a product that has a mistake in it. */
function plants(): void {
  const args = SAMPLE_PLANTS.flatMap((id) => ["--plant", id]);
  const program = join(import.meta.dirname, "plants.ts");
  const { status } = spawnSync(
    process.execPath,
    ["--conditions=@matchpoint/source", "--no-warnings", program, "--jobs", "2", ...args],
    { stdio: "inherit" },
  );
  if (status !== 0) fail("a planted mistake was not found");
}

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
