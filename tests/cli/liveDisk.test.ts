import { execFileSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { DiskSpace } from "@matchpoint/sdk/node";
import { startVenue } from "@matchpoint/paper-venue";
import { afterEach, expect, it, onTestFinished, vi } from "vitest";
import { runCommand } from "../../packages/cli/src/commands/run.ts";
import type { Host } from "../../packages/cli/src/commands/shared.ts";
import { Environment } from "../../packages/cli/src/secrets/environment.ts";
import { LateRester } from "./lateRester.ts";
import { KEY, liveConfig, WALLET } from "./liveSupport.ts";
import { temporaryFolder } from "./support.ts";

const GIB = 1_073_741_824;

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A live run with an order that rests: what it has open at the venue, its journal, and how it is ended. */
async function liveRun(folder: string, disk: () => DiskSpace) {
  const venue = await startVenue({
    seed: 3,
    funds: { [WALLET]: 500_000_000 as never },
    liquidity: "agents",
  });
  const ending = new AbortController();
  onTestFinished(async () => {
    ending.abort();
    await venue.close();
  });
  const journal = join(folder, "run.jsonl");
  const config = liveConfig(venue, folder, "bot.yaml", {
    strategies: "{ use: rester, params: { after: 1 } }",
    more: "journal: { reserve_mib: 1 }",
  });
  vi.stubEnv("MATCHPOINT_PRIVATE_KEY", KEY);
  const host: Host = {
    strategies: { rester: LateRester },
    environment: new Environment(process.env, false),
    machine: { disk },
  };
  const nothing = (): void => undefined;
  const io = { out: nothing, err: nothing, redraw: nothing, interactive: false, columns: 120 };
  const run = runCommand({ config, live: true, journal }, host, { ...io, closed: ending.signal });
  const open = (): number => venue.venue.exchange.view(WALLET.toLowerCase()).openOrders().length;
  await expect.poll(open, { timeout: 20_000, interval: 5 }).toBe(1);
  return {
    open,
    written: (): readonly string[] => readFileSync(journal, "utf8").split("\n"),
    end: () => {
      ending.abort();
      return run;
    },
  };
}

it(
  "sends nothing new when its disk grows short, and what rests is cancelled",
  { timeout: 60_000 },
  async () => {
    let free = 10 * GIB;
    const run = await liveRun(temporaryFolder(), () => ({ free, total: 20 * GIB }));
    free = GIB / 2;
    const since = (): readonly string[] => {
      const lines = run.written();
      const told = lines.findIndex((line) => /"operator":"disk".*"stop_entries"/.test(line));
      return told < 0 ? [] : lines.slice(told);
    };
    await expect.poll(since, { timeout: 20_000 }).not.toEqual([]);
    await expect.poll(run.open, { timeout: 20_000 }).toBe(0);
    // The strategy wants another order at each book, now that none rests.
    const books = (): number => {
      const lines = since();
      const gone = lines.findIndex((line) => /"order_report".*"canceled"/.test(line));
      return gone < 0 ? 0 : lines.slice(gone).filter((line) => line.includes('"kind":"book_delta"')).length;
    };
    await expect.poll(books, { timeout: 20_000 }).toBeGreaterThan(3);
    expect(since().filter((line) => line.includes('"kind":"order_prepared"'))).toEqual([]);
    expect(await run.end()).toBe(0);
  },
);

it(
  "gives its reserve back when its disk is full, halts, cancels, and journals that to a clean end",
  { timeout: 60_000 },
  async ({ skip }) => {
    const folder = smallDisk();
    if (folder === undefined) {
      skip("no file system may be mounted here");
      return;
    }
    // Nobody says how short it grows: it is the journal itself that finds the disk full.
    const run = await liveRun(folder, () => ({ free: 10 * GIB, total: 20 * GIB }));
    const reserve = join(folder, "disk-reserve");
    expect(existsSync(reserve)).toBe(true);
    fill(join(folder, "hog"));
    await expect.poll(() => existsSync(reserve), { timeout: 20_000 }).toBe(false);
    await expect.poll(run.open, { timeout: 20_000 }).toBe(0);
    expect(await run.end()).toBe(0);
    const lines = run.written();
    const halt = lines.findIndex((line) => /"operator":"disk".*"halt".*kept in reserve/.test(line));
    expect(halt).toBeGreaterThan(0);
    expect(lines.slice(halt).some((line) => /"order_report".*"canceled"/.test(line))).toBe(true);
    expect(lines.at(-2)).toMatch(/"kind":"run_stopped".*"clean":true/);
  },
);

/** A folder on a file system of 40 MiB; `undefined` where none may be mounted. */
function smallDisk(): string | undefined {
  const folder = temporaryFolder();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=40m", "tmpfs", folder], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  onTestFinished(() => {
    execFileSync("umount", ["-l", folder], { stdio: "ignore" });
  });
  return folder;
}

/** Takes all that is left, to the last byte. */
function fill(path: string): void {
  const hog = openSync(path, "w");
  const block = new Uint8Array(65_536);
  for (let size = block.length; size >= 1;) {
    try {
      writeSync(hog, block, 0, size);
    } catch {
      size = Math.floor(size / 2);
    }
  }
  closeSync(hog);
}
