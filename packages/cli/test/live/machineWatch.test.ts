import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig, VirtualClock, type CoreEvent, type Runtime } from "@matchpoint/sdk";
import type { DiskSpace } from "@matchpoint/sdk/node";
import { expect, it, onTestFinished } from "vitest";
import { guardDisk } from "../../src/live/diskGuard.ts";
import { watchMachine } from "../../src/live/machineWatch.ts";

const MIB = 1_048_576;
const GIB = 1_024 * MIB;

/** What of a run its watches look at. */
const READY = {
  core: { system: { status: "READY" }, markets: () => [{ trading: { causes: new Set(), status: "OPEN" } }] },
} as unknown as Runtime;

/** What is said of a machine that has so much left. */
async function said(free: number, resident: number): Promise<readonly string[]> {
  const dir = mkdtempSync(join(tmpdir(), "machine-"));
  onTestFinished(() => {
    rmSync(dir, { recursive: true });
  });
  let room: DiskSpace = { free: 10 * GIB, total: 20 * GIB };
  const config = parseConfig({ journal: { reserve_mib: 0 } });
  const guard = guardDisk(config, join(dir, "run.jsonl"), () => room);
  expect(guard.warning).toBeUndefined();
  room = { free, total: 20 * GIB };
  const clock = new VirtualClock();
  const stop = new AbortController();
  const memory = () => ({ resident, most: 100, heap: 1, mostHeap: 100 });
  const heard: string[] = [];
  const watches = watchMachine(guard, READY, clock, stop.signal, { memory }).map(async (source) => {
    for await (const event of source) {
      const { operator, command } = event as Extract<CoreEvent, { readonly type: "operator" }>;
      heard.push(`${operator} ${command.kind}`);
    }
  });
  for (let looks = 0; looks < 30; looks += 1) {
    clock.advance(500);
    await new Promise((resolve) => setImmediate(resolve));
  }
  stop.abort();
  await Promise.all(watches);
  return [...new Set(heard)];
}

it.each([
  ["has room for everything", 10 * GIB, 50, []],
  ["has little disk left", GIB / 2, 50, ["disk stop_entries"]],
  ["has no disk left", MIB, 50, ["disk halt"]],
  ["has no memory left", 10 * GIB, 99, ["memory stop_entries"]],
] as const)("a machine that %s", async (_what, free, resident, expected) => {
  expect(await said(free, resident)).toEqual(expected);
});
