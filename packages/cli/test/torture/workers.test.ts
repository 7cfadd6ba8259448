import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a campaign in a process of its own, which starts the others. */
function campaign(file: string, ...more: readonly string[]): Promise<Ended> {
  const args = ["--conditions=@matchpoint/source", "--no-warnings", join(import.meta.dirname, file), ...more];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { timeout: 60_000 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err });
    });
  });
}

it("a seed that cannot be run ends the campaign, and says why", { timeout: 90_000 }, async () => {
  const { code, out, err } = await campaign("brokenWorkers.ts");
  expect(out).toMatch(/^a worker ended before its time \(exit code [1-9]\d*\)/);
  expect(err).toContain("no world has this seed");
  expect(code).toBe(0);
});

it(
  "a worker is replaced after so many seeds, and none is lost or run twice",
  { timeout: 90_000 },
  async () => {
    const { code, out, err } = await campaign("manyWorkers.ts");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const told = JSON.parse(out) as readonly (readonly [number, string])[];
    expect(told.map(([seed]) => seed).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const perProcess = new Map<string, number>();
    for (const [, pid] of told) perProcess.set(pid, (perProcess.get(pid) ?? 0) + 1);
    expect(Math.max(...perProcess.values())).toBeLessThanOrEqual(3);
    expect(perProcess.size).toBeGreaterThanOrEqual(4);
  },
);

it.each([
  ["is named and ended, and no more are begun", [], { told: [1, 2, 3], hung: 4 }],
  ["does not outlive an interrupt", ["interrupt"], { told: [1, 2, 3] }],
] as const)("a seed that does not end %s", { timeout: 90_000 }, async (_, args, result) => {
  const { code, out, err } = await campaign("hungWorkers.ts", ...args);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(JSON.parse(out)).toEqual(result);
});
