import { build, type Config } from "../../tsup.base.ts";

const config: Config = build({ index: "src/index.ts" });

export default config;
