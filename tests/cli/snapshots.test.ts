import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { id, SystemClock, type CoreEvent } from "@matchpoint/sdk";
import { openJournal, rebuildAccount, snapshotPath } from "@matchpoint/sdk/node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Snapshots } from "../../packages/cli/src/snapshots/index.ts";
import { bigJournal } from "../runtime/recovery/bigJournal.ts";
import { STARTS_AT } from "../runtime/tape.ts";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "matchpoint-snapshots-"));
});
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

const none = (problem: string): void => {
  expect.unreachable(problem);
};

it("are made by a thread of their own, and count once the journal vouches for them", async () => {
  const path = join(dir, "run.journal.jsonl");
  const journal = openJournal(path, { runId: id("run-big"), bootId: "b1" });
  const snapshots = new Snapshots({ journal: path, every: 300, sync: () => journal.sync() });
  const stop = new AbortController();
  const append = (event: CoreEvent): void => {
    journal.append(event, undefined);
    snapshots.wrote(event);
  };
  const events = [...bigJournal({ lines: 700, own: 0.3, markets: 2 })];
  for (const event of events.slice(0, 400)) append(event);
  await journal.sync();
  const { value: taken } = await snapshots.source(new SystemClock(), stop.signal, none).next();
  expect(taken).toMatchObject({ type: "snapshot_taken", lines: 400 });
  expect(existsSync(snapshotPath(path))).toBe(false);
  const { at, receivedAt } = events[399]!;
  append({ ...taken!, at, receivedAt });
  for (const event of events.slice(400)) append(event);
  await expect.poll(() => existsSync(snapshotPath(path)), { timeout: 20_000 }).toBe(true);
  stop.abort();
  snapshots.close();
  await journal.close();
  const startsAt = STARTS_AT + 1e9;
  const quick = rebuildAccount(path, startsAt);
  expect(quick).toMatchObject({ passedOver: undefined, end: { lines: 701 } });
  expect(quick.snapshotLines).toBeGreaterThanOrEqual(400);
  expect(quick.account).toEqual(rebuildAccount(path, startsAt, { snapshot: false }).account);
});

it("end with a word when their thread fails, and the run goes on", async () => {
  const path = join(dir, "missing.journal.jsonl");
  const snapshots = new Snapshots({ journal: path, every: 1, sync: () => Promise.resolve() });
  const stop = new AbortController();
  const told = new Promise<string>((resolve) => {
    const source = snapshots.source(new SystemClock(), stop.signal, resolve);
    void source.next();
  });
  const [event] = bigJournal({ lines: 1, own: 0 });
  snapshots.wrote(event!);
  expect(await told).toMatch(
    /no more snapshots of the account are made \(there is no journal .*\): the run goes on/,
  );
  snapshots.wrote(event!);
  stop.abort();
});
