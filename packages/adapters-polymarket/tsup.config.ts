import { build, type Config } from "../../tsup.base.ts";

const config: Config = build({
  index: "src/index.ts",
  "cancel-all": "src/cancelAll/bin.ts",
  "cancelAll/index": "src/cancelAll/index.ts",
});

export default config;
