// The thread that follows a live run's journal, as the installed command starts it: from the file beside the one that names it.
// Usage: node snapshots.ts FOLDER-OF-THE-BUILT-COMMAND
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { createPaperBroker } from "@matchpoint/paper-broker";
import {
  createRuntime,
  defaultConfig,
  id,
  LADDER,
  type MarketDescription,
  type Millis,
  type Nanos,
  type Price,
  type Shares,
} from "@matchpoint/sdk";
import { openJournal, rebuildAccount, snapshotPath, type SnapshotWritten } from "@matchpoint/sdk/node";

const FILE = "./snapshots.js";
const EVERY = 100;
const BOOKS = 300;
const [built = ""] = process.argv.slice(2);
const naming = readdirSync(built).filter(
  (name) => name.endsWith(".js") && readFileSync(join(built, name), "utf8").includes(`"${FILE}"`),
);
if (naming.length === 0) throw new TypeError(`nothing in ${built} starts ${FILE}`);

const startsAt = 1_780_000_000_000;
const dir = mkdtempSync(join(tmpdir(), "matchpoint-snapshots-"));
const path = join(dir, "run.journal.jsonl");
const journal = openJournal(path, { runId: id("run-smoke"), bootId: "boot" });
const runtime = createRuntime({
  config: defaultConfig(),
  strategies: [],
  execution: createPaperBroker({ runId: "smoke", seed: 1 }),
  runId: "run-smoke",
  mode: "live",
  startsAt,
  journal,
});
const stamp = (ms: number): { at: Nanos; receivedAt: Millis } => ({
  at: (ms * 1_000_000) as Nanos,
  receivedAt: (startsAt + ms) as Millis,
});
const market: MarketDescription = {
  marketId: id("m1"),
  title: "A vs B",
  outcomes: [
    { tokenId: id("1"), name: "A" },
    { tokenId: id("2"), name: "B" },
  ],
  tick: 100 as Price,
  minSize: 5_000_000 as Shares,
  takerDelayMs: 0,
  mirrored: true,
  negRisk: false,
  acceptingOrders: true,
  clearBookOnStart: false,
};
runtime.offer({ type: "market_listed", market, ...stamp(0) });
for (let n = 1; n <= BOOKS; n += 1)
  runtime.offer({
    type: "book_snapshot",
    marketId: market.marketId,
    outcome: 0,
    levels: [LADDER.BID_0, 4_900, n * 1_000_000, LADDER.ASK_0, 5_100, 1_000_000],
    synthetic: false,
    ...stamp(n),
  });
await journal.sync();

for (const name of naming) {
  const worker = new Worker(new URL(FILE, `file://${join(built, name)}`), {
    workerData: { journal: path, every: EVERY },
    env: {},
  });
  const written = await new Promise<SnapshotWritten>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.postMessage("look");
  });
  runtime.offer({ type: "snapshot_taken", ...written, ...stamp(BOOKS + 1) });
  await journal.sync();
  worker.postMessage("vouched");
  for (let waited = 0; !existsSync(snapshotPath(path)); waited += 50) {
    if (waited > 20_000) throw new TypeError(`${name}: no snapshot was written`);
    await pause(50);
  }
  await worker.terminate();
}
await journal.close();
const later = startsAt + 3_600_000;
const { snapshotLines, account, passedOver } = rebuildAccount(path, later);
const whole = rebuildAccount(path, later, { snapshot: false });
if (passedOver !== undefined || (snapshotLines ?? 0) < BOOKS)
  throw new TypeError(`the account begins with line ${snapshotLines ?? 0}: ${passedOver ?? "no reason"}`);
if (JSON.stringify(account) !== JSON.stringify(whole.account))
  throw new TypeError("the account is not that of the whole journal");
rmSync(dir, { recursive: true });
console.log(`${snapshotLines} lines in one snapshot`);
