import { defineConfig } from "tsup";

export type Config = ReturnType<typeof defineConfig>;

/** One build for every published package: ESM, declarations and source maps, one output file per public entry. */
export function build(entry: Record<string, string>): Config {
  return defineConfig({ entry, format: "esm", target: "node20", dts: true, sourcemap: true, clean: true });
}
