import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the campaign in a process of its own, which starts the others. */
function campaign(): Promise<Ended> {
  const args = [
    "--conditions=@matchpoint/source",
    "--no-warnings",
    join(import.meta.dirname, "brokenWorkers.ts"),
  ];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { timeout: 60_000 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err });
    });
  });
}

it("a seed that cannot be run ends the campaign, and says why", { timeout: 90_000 }, async () => {
  const { code, out, err } = await campaign();
  expect(out).toMatch(/^a worker ended before its time \(exit code [1-9]\d*\)/);
  expect(err).toContain("no world has this seed");
  expect(code).toBe(0);
});
