// How long an account takes to be rebuilt from a journal of a million lines, from its snapshot and without it:
//   MATCHPOINT_RECOVERY_LINES=1000000 npx vitest run tests/runtime/recovery/recovery.test.ts
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
import { openJournal, rebuildAccount, snapshotPath, type AccountFound } from "@matchpoint/sdk/node";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { STARTS_AT } from "../tape.ts";
import { bigJournal } from "./bigJournal.ts";

const LINES = Number(process.env["MATCHPOINT_RECOVERY_LINES"] ?? "20000");
const STARTS = STARTS_AT + 1e9;
const RUN = { runId: id<never>("run-big"), bootId: "b1" };

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "matchpoint-recovery-"));
});
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

async function written(name: string, events: Iterable<CoreEvent>, every: number): Promise<string> {
  const path = join(dir, name);
  rmSync(path, { force: true });
  const journal = openJournal(path, { ...RUN, snapshotEvery: every });
  for (const event of events) journal.append(event, "0123456789abcdef0123456789abcdef");
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

describe("an account rebuilt from a snapshot and the lines after it", () => {
  it("is the one of the whole journal, wherever it was cut", async () => {
    const whole = [...bigJournal({ lines: 1_000, own: 0.3, markets: 3, everyMs: 2_500, ended: true })];
    const from = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 7, max: 400 }),
        async (lines, every) => {
          const path = await written("cut.jsonl", whole.slice(0, lines), every);
          const { quick, whole: all } = both(path);
          expect(begun(quick)).toEqual(begun(all));
          expect(quick).toMatchObject({
            snapshotLines: lines - (lines % every),
            passedOver: undefined,
            end: all.end,
          });
          from[quick.snapshotLines > 0 ? 1 : 0]! += 1;
        },
      ),
      { numRuns: 12 },
    );
    expect(from[1]).toBeGreaterThan(2);
    const { quick } = both(await written("ended.jsonl", whole, 500));
    // The last record of the run is the last line of the snapshot too.
    expect(quick).toMatchObject({ snapshotLines: 1_000, account: { end: "clean", ended: true } });
  });

  it("is that of the journal also where the journal lost its end, or grew a torn line", async () => {
    const path = await written("shorter.jsonl", bigJournal({ lines: 1_000, own: 0.3, markets: 2 }), 100);
    const lines = readFileSync(path, "utf8").split("\n");
    truncateSync(path, Buffer.byteLength(`${lines.slice(0, 555).join("\n")}\n`));
    appendFileSync(path, '{"schema_version":2,"seq":55');
    const { quick, whole } = both(path);
    expect(begun(quick)).toEqual(begun(whole));
    expect(quick).toMatchObject({
      snapshotLines: 500,
      passedOver: "the journal does not have all that it has",
      end: { lines: 555, torn: { line: 556 } },
    });
  });

  it("is that of the journal, whatever byte of the snapshot is another, and wherever it breaks off", async () => {
    const path = await written("damaged.jsonl", bigJournal({ lines: 600, own: 0.2, markets: 1 }), 150);
    const snapshot = snapshotPath(path);
    const sound = readFileSync(snapshot);
    const expected = begun(rebuildAccount(path, STARTS, { snapshot: false }));
    let used = 0;
    const same = (bytes: Uint8Array): void => {
      writeFileSync(snapshot, bytes);
      const found = rebuildAccount(path, STARTS);
      expect(begun(found)).toEqual(expected);
      used += found.snapshotLines;
    };
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = Buffer.from(sound);
        bytes[at]! ^= flip;
        same(bytes);
        same(sound.subarray(0, at));
      }),
      { numRuns: 25 },
    );
    expect(used).toBeGreaterThan(0);
    writeFileSync(snapshot, Buffer.from(sound).fill(0));
    expect(rebuildAccount(path, STARTS)).toMatchObject({ snapshotLines: 0, passedOver: expect.any(String) });
  });

  it("is that of the journal where the snapshot is another journal's, or another version's", async () => {
    const path = await written("own.jsonl", bigJournal({ lines: 400, own: 0.2, markets: 1 }), 100);
    const others = [...bigJournal({ lines: 400, own: 0.2, markets: 1 })].map((event) =>
      event.type === "run_started" ? { ...event, seed: 2 } : event,
    );
    const other = await written("other.jsonl", others, 100);
    const expected = begun(rebuildAccount(path, STARTS, { snapshot: false }));
    const own = readFileSync(snapshotPath(path), "latin1");
    copyFileSync(snapshotPath(other), snapshotPath(path));
    const foreign = rebuildAccount(path, STARTS);
    expect(begun(foreign)).toEqual(expected);
    expect(foreign).toMatchObject({ snapshotLines: 0, passedOver: "it is of another journal" });
    // Resealed, so that only its version can be objected to.
    const { crc32 } = await import("node:zlib");
    const resealed = (change: (line: string) => string): string =>
      own.replace(/(\{"matchpoint_snapshot":.*),"check":"[0-9a-f]{8}"\}/g, (_all, body: string) => {
        const changed = change(body);
        return `${changed},"check":"${crc32(changed).toString(16).padStart(8, "0")}"}`;
      });
    for (const [change, says] of [
      [
        (line: string) => line.replace('"matchpoint_snapshot":1', '"matchpoint_snapshot":2'),
        /of version 2, not 1/,
      ],
      [(line: string) => line.replace("trade_report", "trade_rumour"), /made by another version/],
    ] as const) {
      writeFileSync(snapshotPath(path), resealed(change), "latin1");
      const found = rebuildAccount(path, STARTS);
      expect(begun(found)).toEqual(expected);
      expect(found.snapshotLines).toBe(0);
      expect(found.passedOver).toMatch(says);
    }
    writeFileSync(
      snapshotPath(path),
      resealed((line) => line),
      "latin1",
    );
    expect(rebuildAccount(path, STARTS)).toMatchObject({ snapshotLines: 400, passedOver: undefined });
  });
});

it(
  "takes a journal's last lines only, so that a long one is rebuilt soon",
  { timeout: 600_000 },
  async () => {
    for (const own of LINES > 20_000 ? [0.05, 1] : [0.05]) {
      const path = await written("long.jsonl", bigJournal({ lines: LINES, own }), 10_000);
      const timed = (snapshot: boolean): Timed => {
        const [began, used] = [performance.now(), process.cpuUsage()];
        const found = rebuildAccount(path, STARTS, { snapshot });
        const { user, system } = process.cpuUsage(used);
        return { found, ms: performance.now() - began, cpuMs: (user + system) / 1_000 };
      };
      const quick = timed(true);
      const whole = timed(false);
      expect(begun(quick.found)).toEqual(begun(whole.found));
      expect(quick.found.snapshotLines).toBe(LINES - (LINES % 10_000));
      if (LINES <= 20_000) continue;
      const megabytes = (statSync(path).size / 1e6).toFixed(0);
      const took = ({ ms, cpuMs }: Timed): string =>
        `${(ms / 1e3).toFixed(1)} s (${(cpuMs / 1e3).toFixed(1)} s of a core)`;
      console.log(
        `${LINES} lines (${megabytes} MB, ${own * 100} % of them its own): ${took(quick)} from the snapshot, ${took(whole)} from the whole journal`,
      );
      if (own < 1) expect(quick.ms).toBeLessThan(10_000);
    }
  },
);
