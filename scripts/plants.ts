/**
 * Runs the simulator of bad days on the product with a mistake in it, one planted mistake after the other, until a judge notices, and writes
 * what came of it into docs/reliability.md: `npm run plants -- [--plant ID]... [--seeds N] [--start S] [--minutes M] [--write]`.
 * `--tables` runs nothing, and writes what that page and docs/failure-modes.md have from the code.
 * Without `--seeds` each plant has the budget that it states. Ends with 1 when one was not found.
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

const { values } = parseArgs({
  options: {
    plant: { type: "string", multiple: true },
    seeds: { type: "string" },
    start: { type: "string", default: "1" },
    minutes: { type: "string" },
    jobs: { type: "string" },
    write: { type: "boolean", default: false },
    /** Only writes what the pages have from the code. */
    tables: { type: "boolean", default: false },
    /** Set by this program for the ones that it starts: the mistake is in place. */
    inside: { type: "boolean", default: false },
  },
});

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
      const meant = violations.find(({ invariant }) => plant.invariants.includes(invariant));
      const violation = meant ?? violations[0];
      if (violation !== undefined) {
        const { invariant, message } = violation;
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
  const asked = ["--inside", "--plant", plant.id, "--seeds", String(seeds), "--start", values.start];
  const child = spawn(process.execPath, [...args, ...asked], {
    env: { ...process.env, MATCHPOINT_PLANT: plant.id },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  const limit = values.minutes === undefined ? undefined : Number(values.minutes) * 60_000;
  const timer = limit === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), limit);
  return new Promise((resolve) => {
    child.on("close", (code) => {
      clearTimeout(timer);
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

if (values.inside) {
  const plant = PLANTS.find(({ id }) => id === values.plant?.[0]);
  if (plant !== undefined) {
    const result = await search(plant, Number(values.start), Number(values.seeds));
    console.log(JSON.stringify(result));
  }
} else if (values.tables) writeTables(PLANTS, new Map());
else await all();
