import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

const BIN = join(import.meta.dirname, "../../src/bin.ts");

it.each(["SIGINT", "SIGTERM"] as const)(
  "a campaign that is ended by %s says what came of the seeds until then",
  { timeout: 90_000 },
  async (signal) => {
    const args = ["torture", "--seeds", "1000000", "--workers", "2"];
    const child = spawn(
      process.execPath,
      ["--conditions=@matchpoint/source", "--no-warnings", BIN, ...args],
      {
        // A group of its own, which is interrupted as a whole: so does a terminal.
        detached: true,
      },
    );
    let [out, err] = ["", ""];
    child.stdout.on("data", (part: Buffer) => (out += part.toString()));
    child.stderr.on("data", (part: Buffer) => (err += part.toString()));
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    await expect.poll(() => out, { timeout: 60_000 }).toMatch(/of 1,000,000 seeds/);
    process.kill(-child.pid!, signal);
    expect(await ended).toBe(1);
    expect(err).toContain("Interrupted");
    expect(out).toMatch(/^\d[\d,]* seeds?, [\d.]+ a second/m);
    expect(out).toContain("No invariant was broken");
  },
);
