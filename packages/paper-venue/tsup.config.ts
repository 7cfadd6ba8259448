import { build, type Config } from "../../tsup.base.ts";

const config: Config = build({ index: "src/index.ts", bin: "src/bin.ts" });

export default config;
