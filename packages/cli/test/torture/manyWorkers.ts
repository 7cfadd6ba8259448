// A campaign whose workers are replaced after three seeds. Each seed tells which process ran it.
import { serveSeeds } from "../../src/torture/serve.ts";
import { TortureWorkers } from "../../src/torture/workers.ts";

if (process.argv.includes("--as-worker"))
  await serveSeeds({
    run: async (seed) => ({
      seed,
      hash: String(process.pid),
      violations: [],
      faults: {},
      checked: {},
      entries: 1,
      lives: 1,
      simulatedMs: 1,
      conduct: {},
    }),
    shrink: async () => undefined,
  });
else {
  let seed = 0;
  const told: (readonly [seed: number, pid: string])[] = [];
  await new TortureWorkers({ count: 2, seedsEach: 3 }).run(
    () => (seed < 10 ? (seed += 1) : undefined),
    (outcome) => told.push([outcome.seed, outcome.hash]),
  );
  process.stdout.write(JSON.stringify(told));
}
