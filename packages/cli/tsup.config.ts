import { build, type Config } from "../../tsup.base.ts";

const config: Config = build({
  index: "src/index.ts",
  bin: "src/bin.ts",
  watchdog: "src/watchdog/worker.ts",
  isolation: "src/isolation/worker.ts",
  snapshots: "src/snapshots/worker.ts",
  dashboard: "src/dashboard/worker.ts",
});

export default config;
