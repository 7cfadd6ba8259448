// A campaign whose second seed cannot be run: what is started with --as-worker serves it, as workers of `torture` do.
import { serveSeeds, TortureWorkers } from "../../src/torture/workers.ts";

const result = {
  hash: "0",
  violations: [],
  faults: {},
  plan: {},
  decisions: [],
  checked: {},
  entries: 1,
  lives: 1,
  simulatedMs: 1,
};

if (process.argv.includes("--as-worker"))
  await serveSeeds(async (seed) => {
    if (seed === 2) throw new RangeError("no world has this seed");
    return { seed, ...result };
  });
else {
  let [seed, heard] = [0, 0];
  // There is always another one: only the failure ends it.
  await new TortureWorkers(2)
    .run(
      () => (seed += 1),
      () => (heard += 1),
    )
    .catch((error: unknown) => {
      process.stdout.write(`${(error as Error).message} ${heard > 0 ? "after others" : "at once"}`);
    });
}
