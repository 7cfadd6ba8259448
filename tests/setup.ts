// Runs before every file of tests, in whatever process the file before it ran.
import { afterAll, vi } from "vitest";
import { clearLeftovers } from "./cli/leftovers.ts";

afterAll(clearLeftovers);
// The next file in this process must not find a key that this one has set.
afterAll(() => {
  vi.unstubAllEnvs();
});
