// What the mutation tester is told: one room of the core, and the tests that are about it.
const room = process.env.MATCHPOINT_ROOM;

export default {
  plugins: [import.meta.resolve("@stryker-mutator/vitest-runner")],
  testRunner: "vitest",
  vitest: { configFile: "scripts/mutation/vitest.config.ts", related: false },
  coverageAnalysis: "perTest",
  mutate: [`packages/sdk/src/${room}/**/*.ts`],
  ignorePatterns: ["docs", "runs", "bench", "**/dist"],
  // What is computed once, when a module is loaded, cannot be told apart test by test: all of them would run for each.
  ignoreStatic: true,
  tempDirName: ".stryker",
  reporters: ["json", "progress"],
  jsonReporter: { fileName: `runs/mutation/${room}.json` },
  concurrency: Number(process.env.MATCHPOINT_WORKERS),
  timeoutMS: 20_000,
};
