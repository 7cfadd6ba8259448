// A campaign whose second seed cannot be run: what is started with --as-worker serves it, as workers of `torture` do.
import { serveSeeds } from "../../src/torture/serve.ts";
import { TortureWorkers } from "../../src/torture/workers.ts";

const result = {
  hash: "0",
  violations: [],
  faults: {},
  checked: {},
  entries: 1,
  lives: 1,
  simulatedMs: 1,
  conduct: {},
};

if (process.argv.includes("--as-worker"))
  await serveSeeds({
    run: async (seed) => {
      if (seed === 2) throw new RangeError("no world has this seed");
      return { seed, ...result };
    },
    shrink: async () => undefined,
  });
else {
  let [seed, heard] = [0, 0];
  // There is always another one: only the failure ends it.
  await new TortureWorkers({ count: 2 })
    .run(
      () => (seed += 1),
      () => (heard += 1),
    )
    .catch((error: unknown) => {
      process.stdout.write(`${(error as Error).message} ${heard > 0 ? "after others" : "at once"}`);
    });
}
