/**
 * Runs the simulator of bad days on the product with a mistake in it, one planted mistake after the other, until a judge notices, and writes
 * what came of it into docs/reliability.md: `npm run plants -- --help`.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { JUDGES, tortureSeed } from "@matchpoint/testing";
import { PLANT_HOOK } from "../tests/torture/plants/hook.ts";
import { drawPlan } from "../packages/testing/src/torture/kernel/swarm.ts";
import { PLANTS, type Plant } from "../tests/torture/plants/index.ts";
import { writeTables, type PlantResult } from "./reliabilityTables.ts";

const USAGE = `npm run plants -- [options]: one planted mistake after the other, until a judge notices

  --plant ID      only this one; may be given again (all that stand in docs/reliability.md, but for those that survive)
  --seeds N       so many seeds for each, in place of the budget that it states
  --start S       the first seed (default 1)
  --minutes M     the most time for each
  --jobs N        so many at once (default: one less than there are cores)
  --write         writes what came of it into docs/reliability.md
  --tables        runs nothing: writes what the pages have from the code
  --help

Ends with 1 when one was not found, with 2 when it was not asked rightly.
`;

const text = { type: "string" } as const;
const flag = { type: "boolean", default: false } as const;
const OPTIONS = {
  ...{ seeds: text, minutes: text, jobs: text, start: { ...text, default: "1" } },
  ...{ write: flag, tables: flag, help: flag },
  plant: { ...text, multiple: true },
  /** Set by this program for the ones that it starts: the mistake is in place. */
  inside: flag,
} as const;

/** What was asked for; ends the program where that was the help, or nothing that there is. */
function asked(): ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"] {
  try {
    const { values } = parseArgs({ options: OPTIONS });
    const { help, plant: ids = [] } = values;
    for (const name of ["seeds", "start", "jobs"] as const) amount(name, values[name], Number.isSafeInteger);
    amount("minutes", values.minutes, Number.isFinite);
    const strange = ids.filter((id) => PLANTS.every((plant) => plant.id !== id));
    if (strange.length > 0) throw new RangeError(`there is no plant ${strange.join(", ")}`);
    if (!help) return values;
    console.log(USAGE);
    process.exit(0);
  } catch (error) {
    console.error(`${(error as Error).message.split(". ")[0]}\n\n${USAGE}`);
    process.exit(2);
  }
}

function amount(name: string, given: string | undefined, fits: (value: number) => boolean): void {
  const value = Number(given ?? 1);
  if (!fits(value) || value <= 0)
    throw new RangeError(
      `--${name} ${given}: ${fits === Number.isSafeInteger ? "a whole number" : "a number"} above 0`,
    );
}

const values = asked();

/** Searches with the mistake in place; what it finds is its last line. */
async function search(plant: Plant, start: number, seeds: number): Promise<PlantResult> {
  const began = performance.now();
  const twice = plant.invariants.includes("I24");
  for (let n = 0; n < seeds; n++) {
    const seed = start + n;
    const faults: Readonly<Record<string, number>> = drawPlan(seed);
    const has = (together: string): boolean =>
      together.split("+").every((fault) => faults[fault] !== undefined);
    if (plant.needs?.some(has) === false) continue;
    const took = (): number => Math.round(performance.now() - began);
    try {
      const result = await tortureSeed(seed, { judges: JUDGES });
      const { violations } = result;
      // What else is wrong on a day is not what was planted.
      const meant = violations.find(({ invariant }) => plant.invariants.includes(invariant));
      if (meant !== undefined) {
        const { invariant, message } = meant;
        return { id: plant.id, found: { seed, invariant, message }, seeds: n + 1, ms: took() };
      }
      if (!twice) continue;
      const again = await tortureSeed(seed, { judges: [] });
      if (again.hash === result.hash) continue;
      const message = `the second run's history is ${again.hash}, the first one's ${result.hash}`;
      return { id: plant.id, found: { seed, invariant: "I24", message }, seeds: n + 1, ms: took() };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { id: plant.id, found: { seed, invariant: "none", message }, seeds: n + 1, ms: took() };
    }
  }
  return { id: plant.id, seeds, ms: Math.round(performance.now() - began) };
}

function inside(plant: Plant, seeds: number): Promise<PlantResult> {
  const args = [
    "--conditions=@matchpoint/source",
    "--no-warnings",
    "--import",
    PLANT_HOOK,
    import.meta.filename,
  ];
  const rest = ["--inside", "--plant", plant.id, "--seeds", String(seeds), "--start", values.start];
  const child = spawn(process.execPath, [...args, ...rest], {
    env: { ...process.env, MATCHPOINT_PLANT: plant.id },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  const stop = (): void => void child.kill();
  process.once("exit", stop);
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  const limit = values.minutes === undefined ? undefined : Number(values.minutes) * 60_000;
  const timer = limit === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), limit);
  return new Promise((resolve) => {
    child.on("close", (code) => {
      clearTimeout(timer);
      process.off("exit", stop);
      const last = out.trim().split("\n").at(-1) ?? "";
      if (last.startsWith("{")) resolve(JSON.parse(last) as PlantResult);
      else
        resolve({
          id: plant.id,
          seeds: 0,
          ms: limit ?? 0,
          failed: code === null ? "no time left" : `ended with ${code}`,
        });
    });
  });
}

async function all(): Promise<void> {
  const wanted = PLANTS.filter(({ id, survives }) => values.plant?.includes(id) ?? survives === undefined);
  const results = new Map<string, PlantResult>();
  const queue = [...wanted];
  const worker = async (): Promise<void> => {
    for (let plant = queue.shift(); plant !== undefined; plant = queue.shift()) {
      const result = await inside(plant, values.seeds === undefined ? plant.seeds : Number(values.seeds));
      results.set(plant.id, result);
      const { found, failed, seeds, ms } = result;
      const what =
        found === undefined
          ? (failed ?? "NOT FOUND")
          : `${found.invariant} at seed ${found.seed}: ${found.message.slice(0, 150)}`;
      console.log(
        `${plant.id.padEnd(36)} ${String(seeds).padStart(5)} seeds ${(ms / 1_000).toFixed(1).padStart(6)} s  ${what}`,
      );
    }
  };
  const jobs = Number(values.jobs ?? Math.max(1, availableParallelism() - 1));
  await Promise.all(Array.from({ length: jobs }, worker));
  const found = [...results.values()].filter((result) => result.found !== undefined);
  console.log(`${found.length} of ${wanted.length} found`);
  if (values.write) writeTables(PLANTS, results);
  process.exitCode = found.length === wanted.length ? 0 : 1;
}

// A search that is broken off leaves none of its programs behind.
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)
  process.once(signal, () => process.exit(code));

if (values.inside) {
  const plant = PLANTS.find(({ id }) => id === values.plant?.[0]);
  if (plant !== undefined) {
    const result = await search(plant, Number(values.start), Number(values.seeds));
    console.log(JSON.stringify(result));
  }
} else if (values.tables) writeTables(PLANTS, new Map());
else await all();
