// Runs before every file of tests, in whatever process the file before it ran.
import { afterAll } from "vitest";
import { clearLeftovers } from "./cli/leftovers.ts";

afterAll(clearLeftovers);
