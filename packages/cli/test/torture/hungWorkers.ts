// A campaign whose fourth seed does not end. With an argument somebody interrupts it then, and nobody else would end that seed.
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

if (process.argv.includes("--as-worker")) {
  process.on("SIGTERM", () => undefined);
  await serveSeeds({
    run: async (seed) => {
      for (; seed === 4;);
      return { seed, ...result };
    },
    shrink: async () => undefined,
  });
} else {
  const interrupted = process.argv[2] === undefined ? undefined : AbortSignal.timeout(1_500);
  const told: number[] = [];
  let seed = 0;
  const hung = await new TortureWorkers({
    count: 1,
    ...(interrupted === undefined ? { hungMs: 1_500 } : {}),
  }).run(
    () => (interrupted?.aborted === true ? undefined : (seed += 1)),
    (outcome) => told.push(outcome.seed),
    interrupted,
  );
  process.stdout.write(JSON.stringify({ told, hung }));
}
