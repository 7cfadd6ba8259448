// A full disk: a file system of 4 MiB in memory where one may be mounted, and /dev/full, which never has room.
import { execFileSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { VirtualClock } from "../../src/clock/index.ts";
import type { CoreEvent, OperatorEvent } from "../../src/events/index.ts";
import { id } from "../../src/ids.ts";
import {
  DiskReserve,
  diskSpace,
  FileStorage,
  judgeDisk,
  openJournal,
  readJournalFile,
  watchDisk,
  type DiskSpace,
  type DiskWatchOptions,
} from "../../src/node/index.ts";
import { temporaryFolder } from "./support.ts";

const MIB = 1_048_576;
const GIB = 1_024 * MIB;
const LIMITS = { minFree: GIB, minFreePart: 0.05, haltFree: 16 * MIB };

describe("the room on a disk", () => {
  it.each<[string, DiskSpace, string | undefined]>([
    ["is enough", { free: 10 * GIB, total: 100 * GIB }, undefined],
    ["is just enough", { free: 5 * GIB, total: 100 * GIB }, undefined],
    ["is a small part", { free: 5 * GIB - 1, total: 100 * GIB }, "stop_entries"],
    ["is just enough, on a small disk", { free: GIB, total: 2 * GIB }, undefined],
    ["is little", { free: GIB - 1, total: 2 * GIB }, "stop_entries"],
    ["is just not nothing", { free: 16 * MIB, total: 2 * GIB }, "stop_entries"],
    ["is nearly nothing", { free: 16 * MIB - 1, total: 2 * GIB }, "halt"],
    ["is nothing", { free: 0, total: 0 }, "halt"],
  ])("%s", (_what, space, kind) => {
    const command = judgeDisk("runs", space, LIMITS);
    expect(command?.kind).toBe(kind);
    if (command !== undefined)
      expect(command.reason).toMatch(/^the disk of runs has [\d.]+ [GM]iB left, less than /);
  });

  it("is that of the folder's disk", () => {
    const { free, total } = diskSpace(temporaryFolder());
    expect(free).toBeGreaterThan(0);
    expect(total).toBeGreaterThanOrEqual(free);
  });
});

/** What a watch says while a disk's room is, look by look, as given; `undefined`: nobody tells. */
async function watched(
  rooms: readonly (number | undefined)[],
  over: Partial<DiskWatchOptions> = {},
): Promise<readonly string[]> {
  const clock = new VirtualClock();
  const stop = new AbortController();
  const said: string[] = [];
  let look = 0;
  const watch = async (): Promise<void> => {
    const source: AsyncIterable<OperatorEvent> = watchDisk({
      ...LIMITS,
      minFreePart: 0,
      dir: "runs",
      clock,
      signal: stop.signal,
      everyMs: 1_000,
      look: () => {
        const free = rooms[look++];
        if (free === undefined) throw new RangeError("no such disk");
        return { free, total: 100 * GIB };
      },
      ...over,
    });
    for await (const { operator, command } of source) said.push(`${look} ${operator} ${command.kind}`);
  };
  const ended = watch();
  while (look < rooms.length) {
    clock.advance(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
  stop.abort();
  await ended;
  return said;
}

describe("a watch of the disk", () => {
  const [much, little, none] = [10 * GIB, GIB / 2, MIB];

  it("stops entries when room grows short, halts when it is nearly gone, and says each once", async () => {
    expect(await watched([much, little, little, none, none])).toEqual(["2 disk stop_entries", "4 disk halt"]);
    expect(await watched([much, little, much, little])).toEqual([
      "2 disk stop_entries",
      "4 disk stop_entries",
    ]);
  });

  it("stops again what a person resumes while there is no room", async () => {
    let resumed = false;
    const said = await watched([much, little, little, little, little], {
      isStopped: () => {
        resumed = !resumed;
        return !resumed;
      },
    });
    expect(said).toEqual(["2 disk stop_entries", "4 disk stop_entries"]);
  });

  it("stops entries when three looks in a row tell nothing, and halts when the reserve was used", async () => {
    expect(await watched([much, undefined, undefined, much, undefined, undefined, undefined])).toEqual([
      "7 disk stop_entries",
    ]);
    expect(await watched([much, much], { wasFull: () => true })).toEqual(["1 disk halt"]);
  });
});

const note = (at: number, text: string): CoreEvent =>
  ({ type: "operator", at, receivedAt: at, operator: "me", command: { kind: "note", text } }) as CoreEvent;
const RUN = { runId: id<never>("r"), bootId: "b" };

/** A folder on a file system of 4 MiB; `undefined` where none may be mounted. */
function smallDisk(): string | undefined {
  const folder = temporaryFolder();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  onTestFinished(() => {
    execFileSync("umount", ["-l", folder], { stdio: "ignore" });
  });
  return folder;
}

describe("a full disk", () => {
  it("fails a journal for good, with what to do, where there is no reserve", async () => {
    if (!existsSync("/dev/full")) return;
    const storage = new FileStorage("/dev");
    storage.append("full", new Uint8Array(10));
    await expect(storage.sync()).rejects.toMatchObject({
      code: "JOURNAL_WRITE_FAILED",
      message: expect.stringMatching(/ENOSPC.*\n.*Is the disk full/s),
    });
    expect(() => storage.append("full", new Uint8Array(10))).toThrow(/ENOSPC/);
    // There is nothing that could be freed for it: it fails once, it does not try for ever.
    let asked = 0;
    const reserve = { free: () => (asked += 1) < 3 };
    const again = new FileStorage("/dev", { reserve });
    again.append("full", new Uint8Array(10));
    await expect(again.sync()).rejects.toMatchObject({ code: "JOURNAL_WRITE_FAILED" });
    expect(asked).toBe(3);
  });

  it("takes no more than it has for a reserve, and gives it back", () => {
    const path = join(temporaryFolder(), "deep", "disk-reserve");
    const reserve = new DiskReserve(path, 3 * MIB + 5);
    expect(reserve.free()).toBe(false);
    expect(reserve.fill()).toBe(true);
    expect(statSync(path).size).toBe(3 * MIB + 5);
    const { ino } = statSync(path);
    expect(new DiskReserve(path, MIB).fill()).toBe(true);
    expect(statSync(path).ino).toBe(ino);
    expect(reserve.used).toBe(false);
    expect(reserve.free()).toBe(true);
    expect(reserve.used).toBe(true);
    expect(existsSync(path)).toBe(false);
    expect(reserve.free()).toBe(false);
    expect(new DiskReserve(path, 0).fill()).toBe(true);
    expect(existsSync(path)).toBe(false);
  });

  it("leaves a journal its reserve, so that what must be written still is, without a hole", async ({
    skip,
  }) => {
    const folder = smallDisk();
    if (folder === undefined) {
      skip("no file system may be mounted here");
      return;
    }
    const reserve = new DiskReserve(join(folder, "disk-reserve"), MIB);
    expect(new DiskReserve(join(folder, "too-much"), 8 * MIB).fill()).toBe(false);
    expect(existsSync(join(folder, "too-much"))).toBe(false);
    expect(reserve.fill()).toBe(true);
    const journal = openJournal(join(folder, "j.jsonl"), { ...RUN, reserve });
    journal.append(note(0, "begins"), undefined);
    await journal.sync();
    // Somebody else's file takes all that is left, to the last byte.
    const hog = openSync(join(folder, "hog"), "w");
    const block = new Uint8Array(65_536);
    for (let size = block.length; size >= 1;) {
      try {
        writeSync(hog, block, 0, size);
      } catch {
        size = Math.floor(size / 2);
      }
    }
    closeSync(hog);
    expect(() => writeFileSync(join(folder, "one"), block)).toThrow(/ENOSPC/);
    let at = 1;
    for (; at <= 40; at++) {
      journal.append(note(at, "x".repeat(4_000)), undefined);
      await journal.sync();
    }
    expect(reserve.used).toBe(true);
    // The reserve is finite too: then it fails for good.
    const failed = (async () => {
      for (; at < 2_000; at++) {
        journal.append(note(at, "x".repeat(4_000)), undefined);
        await journal.sync();
      }
    })();
    await expect(failed).rejects.toMatchObject({ code: "JOURNAL_WRITE_FAILED" });
    const entries = [...readJournalFile(join(folder, "j.jsonl"))];
    expect(entries.length).toBeGreaterThanOrEqual(41);
    expect(entries.map(({ event }) => event.at)).toEqual(entries.map((_entry, i) => i));
    expect(readFileSync(join(folder, "j.jsonl")).length).toBeGreaterThan(MIB / 2);
  });
});
