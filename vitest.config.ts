import { availableParallelism } from "node:os";
import { defineConfig, type ViteUserConfig } from "vitest/config";

// Tests read package sources, never dist: a stale build cannot make them green.
const conditions = ["@matchpoint/source"];

const config: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "tests/**/*.test.ts", "examples/*/test/**/*.test.ts"],
    setupFiles: ["tests/setup.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    // Many tests wait for sockets and processes: two cores carry three files at once.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    maxConcurrency: 16,
    // Modules hold no state, so the files of one worker may share them: most of the time went into loading them again.
    isolate: false,
    // Not a measure of speed: a busy machine must not make a sound test red.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

export default config;
