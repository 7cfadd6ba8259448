// Follows a live run's journal in a thread of its own, and writes the account beside it: the next start need not read all of it.
import { parentPort, workerData } from "node:worker_threads";
import { AccountSnapshots } from "@matchpoint/sdk/node";
import type { SnapshotsData, SnapshotsWord } from "./shared.ts";

const { journal, every } = workerData as SnapshotsData;
const snapshots = new AccountSnapshots(journal, { every });

parentPort?.on("message", (word: SnapshotsWord) => {
  if (word === "vouched") {
    snapshots.vouched();
    return;
  }
  const written = snapshots.look();
  if (written !== undefined) parentPort?.postMessage(written);
});
