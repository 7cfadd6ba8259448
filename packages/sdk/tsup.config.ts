import { build, type Config } from "../../tsup.base.ts";

const config: Config = build({ index: "src/index.ts", "node/index": "src/node/index.ts" });

export default config;
