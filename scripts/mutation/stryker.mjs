// What the mutation tester is told: one room of the core or one file of it, and the tests that are about the room.
const [room, file = "**/*.ts"] = process.env.MATCHPOINT_MUTATED.split(/\/(.*)/);

export default {
  plugins: [import.meta.resolve("@stryker-mutator/vitest-runner")],
  testRunner: "vitest",
  vitest: { configFile: "scripts/mutation/vitest.config.ts", related: false },
  coverageAnalysis: "perTest",
  mutate: [`packages/sdk/src/${room}/${file}`],
  ignorePatterns: ["runs", "bench", "**/dist", "tests", "examples", "packages/*", "!packages/sdk"],
  // What is computed once, when a module is loaded, cannot be told apart test by test: all of them would run for each.
  ignoreStatic: true,
  tempDirName: ".stryker",
  reporters: ["json", "progress"],
  jsonReporter: { fileName: `runs/mutation/${process.env.MATCHPOINT_MUTATED.replaceAll("/", ".")}.json` },
  // What an earlier run found of a mistake counts again where neither it nor the test that noticed it, or might, has changed since.
  incremental: true,
  incrementalFile: `runs/mutation/${process.env.MATCHPOINT_MUTATED.replaceAll("/", ".")}.known.json`,
  force: process.env.MATCHPOINT_AGAIN !== "1",
  concurrency: Number(process.env.MATCHPOINT_WORKERS),
  // Endless loops are found by counting; what is left to the clock must not be a machine that is busy.
  timeoutMS: 8_000,
};
