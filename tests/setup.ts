// Runs before every file of tests, in whatever process the file before it ran.
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, vi } from "vitest";
import { clearLeftovers } from "./cli/leftovers.ts";

afterAll(clearLeftovers);
// The next file in this process must not find a key that this one has set.
afterAll(() => {
  vi.unstubAllEnvs();
});
// What a user's programs keep between them is none of these tests'.
process.env["MATCHPOINT_STATE"] = join(tmpdir(), `matchpoint-state-${process.pid}`);
// The programs that tests start keep what Node compiled of them: most of a short life went into compiling the same files.
process.env["NODE_COMPILE_CACHE"] ??= resolve(import.meta.dirname, "../node_modules/.cache/compiled");
