// How long an account takes to be rebuilt from a journal of a million lines, from its snapshot and without it:
//   MATCHPOINT_RECOVERY_LINES=1000000 npx vitest run tests/runtime/recovery/recovery.test.ts
import { createHash } from "node:crypto";
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { id, type CoreEvent } from "@matchpoint/sdk";
import {
  AccountSnapshots,
  openJournal,
  readJournalFile,
  rebuildAccount,
  snapshotPath,
  type AccountFound,
} from "@matchpoint/sdk/node";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { STARTS_AT } from "../tape.ts";
import { anyRun } from "./anyRun.ts";
import { bigJournal } from "./bigJournal.ts";

const LINES = Number(process.env["MATCHPOINT_RECOVERY_LINES"] ?? "3000");
const EVERY = LINES > 20_000 ? 9_300 : 1_000;
const STARTS = STARTS_AT + 1e9;
const RUN = { runId: id<never>("run-big"), bootId: "b1" };

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "matchpoint-recovery-"));
});
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** Writes a journal as a run does, with a snapshot after every so many lines that the journal vouches for. */
async function written(name: string, events: Iterable<CoreEvent>, every: number): Promise<string> {
  const path = join(dir, name);
  rmSync(path, { force: true });
  const journal = openJournal(path, RUN);
  const snapshots = new AccountSnapshots(path, { every });
  let lines = 0;
  for (const event of events) {
    journal.append(event, "0123456789abcdef0123456789abcdef");
    lines += 1;
    if (lines % every !== 0) continue;
    await journal.sync();
    const taken = snapshots.look();
    if (taken === undefined) continue;
    const { at, receivedAt } = event;
    journal.append({ type: "snapshot_taken", at, receivedAt, ...taken }, undefined);
    snapshots.vouched();
  }
  await journal.close();
  return path;
}

interface Timed {
  readonly found: AccountFound;
  readonly ms: number;
  /** On all cores together. */
  readonly cpuMs: number;
}

/** What a next run would begin with; how it was found is another matter. */
const begun = ({ account }: AccountFound): unknown => account;

function both(path: string): { readonly quick: AccountFound; readonly whole: AccountFound } {
  return { quick: rebuildAccount(path, STARTS), whole: rebuildAccount(path, STARTS, { snapshot: false }) };
}

const last = (path: string): AccountFound => {
  const found = both(path);
  expect(begun(found.quick)).toEqual(begun(found.whole));
  expect(found.quick.end).toEqual(found.whole.end);
  return found.quick;
};

describe("an account rebuilt from a snapshot and the lines after it", () => {
  it("is the one of the whole journal, whatever happened in it and wherever it was cut", async () => {
    let used = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 10, max: 40 }), async (seed, every) => {
        const path = await written("any.jsonl", anyRun(seed, 120), every);
        const { snapshotLines, passedOver } = last(path);
        expect(passedOver).toBeUndefined();
        used += Math.sign(snapshotLines);
      }),
      { numRuns: 8, seed: 1 },
    );
    expect(used).toBeGreaterThan(2);
  });

  it("is the one of the whole journal where that lost its end, or grew a torn line", async () => {
    const path = await written("shorter.jsonl", bigJournal({ lines: 1_000, own: 0.3, markets: 2 }), 100);
    const { snapshotLines } = rebuildAccount(path, STARTS);
    expect(snapshotLines).toBeGreaterThan(500);
    const lines = readFileSync(path, "utf8").split("\n");
    // The line that vouches for it is not there any more; then neither is what it stands for.
    for (const [kept, why] of [
      [snapshotLines, "the journal does not vouch for it"],
      [snapshotLines - 1, "the journal does not have all that it has"],
    ] as const) {
      truncateSync(path, Buffer.byteLength(`${lines.slice(0, kept).join("\n")}\n`));
      appendFileSync(path, '{"schema_version":2,"seq":55');
      expect(last(path)).toMatchObject({
        snapshotLines: 0,
        passedOver: why,
        end: { lines: kept, torn: { line: kept + 1 } },
      });
    }
  });

  it("is the one of the journal, wherever a snapshot breaks off and whatever byte of it is another", async () => {
    const events = [...bigJournal({ lines: 60, own: 0.4, markets: 1 })];
    const path = await written("damaged.jsonl", events, 50);
    const snapshot = snapshotPath(path);
    const sound = readFileSync(snapshot);
    expect(last(path).snapshotLines).toBe(50);
    const { found, whole } = { found: begun(last(path)), whole: readFileSync(path) };
    const why = new Set<string | undefined>();
    const refused = (bytes: Uint8Array, at: string): void => {
      writeFileSync(at, bytes);
      const { snapshotLines, passedOver, account } = rebuildAccount(path, STARTS);
      expect(snapshotLines).toBe(0);
      why.add(passedOver);
      expect(account).toEqual(found);
    };
    const some = [0, 1, 60, 120, ...Array.from({ length: 20 }, (_, i) => sound.length - 1 - i * i * 23)];
    const places = some.filter((at) => at >= 0 && at < sound.length);
    for (const length of places) refused(sound.subarray(0, length), snapshot);
    expect([...why].sort()).toEqual(["it does not begin as a snapshot does", "it is not whole"]);
    for (const at of places) {
      const bytes = Buffer.from(sound);
      bytes[at]! ^= 1 + (at % 255);
      refused(bytes, snapshot);
    }
    refused(Buffer.concat([sound, sound]), snapshot);
    expect(why).toContain("it is not what the journal vouches for");
    // What is wrong with it is never the journal's harm.
    expect(readFileSync(path)).toEqual(whole);
    // One that was being written when the run ended is passed over in silence: there was none before it.
    rmSync(snapshot);
    why.clear();
    for (const length of places) refused(sound.subarray(0, length), `${snapshot}.new`);
    expect([...why]).toEqual([undefined]);
    // Whole and vouched for, it counts though it has not taken its place yet.
    writeFileSync(`${snapshot}.new`, sound);
    expect(last(path).snapshotLines).toBe(50);
  });

  it("is the one of the latest snapshot before one that was being written", async () => {
    const path = await written("older.jsonl", bigJournal({ lines: 900, own: 0.3, markets: 1 }), 300);
    const { snapshotLines } = last(path);
    const snapshots = readFileSync(snapshotPath(path));
    writeFileSync(`${snapshotPath(path)}.new`, snapshots.subarray(0, snapshots.length - 1));
    expect(last(path)).toMatchObject({ snapshotLines, passedOver: undefined });
    // A forged one, whole and well-formed, with another amount of cash: nothing vouches for it.
    const forged = snapshots.toString().replace('"deposits":1', '"deposits":2');
    expect(forged).toHaveLength(snapshots.length);
    writeFileSync(`${snapshotPath(path)}.new`, forged);
    expect(last(path)).toMatchObject({ snapshotLines, passedOver: "it is not what the journal vouches for" });
    writeFileSync(snapshotPath(path), forged);
    expect(last(path)).toMatchObject({
      snapshotLines: 0,
      passedOver: "it is not what the journal vouches for",
    });
  });

  it("is the one of the journal where the snapshot is another journal's, or another version's", async () => {
    const path = await written("own.jsonl", bigJournal({ lines: 400, own: 0.2, markets: 1 }), 100);
    const others = [...bigJournal({ lines: 400, own: 0.2, markets: 1 })].map((event) =>
      event.type === "run_started" ? { ...event, seed: 2 } : event,
    );
    const other = await written("other.jsonl", others, 100);
    const own = readFileSync(snapshotPath(path));
    copyFileSync(snapshotPath(other), snapshotPath(path));
    expect(last(path)).toMatchObject({ snapshotLines: 0, passedOver: "it is of another journal" });
    writeFileSync(
      snapshotPath(path),
      own.toString().replace('"matchpoint_snapshot":2', '"matchpoint_snapshot":1'),
    );
    expect(last(path)).toMatchObject({ snapshotLines: 0, passedOver: "it is of version 1, not 2" });
    // Of another version of the books, and vouched for: the journal was written by that version too.
    const changed = Buffer.from(own.toString().replace("trade_report", "trade_rumour"));
    const entries = [...readJournalFile(path)].map(({ event }) => event);
    const at = entries.findIndex(({ type }) => type === "snapshot_taken");
    rmSync(path);
    const journal = openJournal(path, RUN);
    for (const [i, event] of entries.entries())
      journal.append(
        event.type === "snapshot_taken" && i >= at
          ? { ...event, digest: createHash("sha256").update(changed).digest("hex") }
          : event,
        "0123456789abcdef0123456789abcdef",
      );
    await journal.close();
    writeFileSync(snapshotPath(path), changed);
    expect(last(path)).toMatchObject({ snapshotLines: 0, passedOver: expect.stringMatching(/another/) });
  });

  it("refuses a journal that was changed after it, as ever", async () => {
    const path = await written("changed.jsonl", bigJournal({ lines: 400, own: 0.2, markets: 1 }), 100);
    const { snapshotLines } = last(path);
    expect(snapshotLines).toBeGreaterThan(0);
    const lines = readFileSync(path, "utf8").split("\n");
    const line = lines.findLastIndex((each) => each.includes('"payload"'));
    lines[line] = lines[line]!.replace('"received_at":1', '"received_at":2');
    writeFileSync(path, lines.join("\n"));
    expect(() => rebuildAccount(path, STARTS)).toThrow(
      expect.objectContaining({
        code: "JOURNAL_CORRUPT",
        context: expect.objectContaining({ line: line + 1 }),
      }),
    );
  });
});

/** What a run leaves in the end, and which shape of journal that makes. */
const SHAPES = {
  "5 % its own": { own: 0.05 },
  "all its own": { own: 1 },
  "all its own, most orders left open": { own: 1, resting: Infinity },
} as const;

it.each(Object.entries(SHAPES))(
  "takes a journal's last lines only, so that a long one is rebuilt soon: %s",
  { timeout: 900_000 },
  async (shape, options) => {
    const path = await written("long.jsonl", bigJournal({ lines: LINES, ...options }), EVERY);
    const timed = (snapshot: boolean): Timed => {
      const [began, used] = [performance.now(), process.cpuUsage()];
      const found = rebuildAccount(path, STARTS, { snapshot });
      const { user, system } = process.cpuUsage(used);
      return { found, ms: performance.now() - began, cpuMs: (user + system) / 1_000 };
    };
    const quick = timed(true);
    expect(quick.found).toMatchObject({ snapshotLines: expect.any(Number), passedOver: undefined });
    expect(quick.found.snapshotLines).toBeGreaterThan(LINES / 4);
    const whole = timed(false);
    expect(begun(quick.found)).toEqual(begun(whole.found));
    if (LINES <= 20_000) return;
    const megabytes = (file: string): string => (statSync(file).size / 1e6).toFixed(0);
    const took = ({ ms, cpuMs }: Timed): string =>
      `${(ms / 1e3).toFixed(1)} s (${(cpuMs / 1e3).toFixed(1)} s of a core)`;
    console.log(
      `${LINES} lines (${megabytes(path)} MB, ${shape}): ${took(quick)} from the snapshot (${megabytes(snapshotPath(path))} MB, of the first ${quick.found.snapshotLines} lines), ${took(whole)} from the whole journal; ${quick.found.account.open.length} orders open`,
    );
    expect(quick.cpuMs).toBeLessThan(10_000);
  },
);
