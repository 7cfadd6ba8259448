// Appending market data to the journal, against the usual ways to append lines. All write the same events to files.
import { once } from "node:events";
import { createWriteStream, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createMarketDecoder, TokenIndex } from "@matchpoint/adapters-polymarket";
import { id, type CoreEvent, type Millis, type Nanos } from "@matchpoint/sdk";
import { openJournal } from "@matchpoint/sdk/node";
import { keep, type Setup, type Task } from "../contestant.ts";
import { traffic } from "./ingest.ts";

/** The changes and trades of the traffic; books would only measure how fast numbers are written. */
function events(task: Task): CoreEvent[] {
  const { frames, markets } = traffic(task);
  const found: CoreEvent[] = [];
  const decoder = createMarketDecoder(new TokenIndex(markets));
  for (const [i, frame] of frames.entries()) {
    const stamp = { at: (i * 5_000_000) as Nanos, receivedAt: (1_790_000_000_000 + i * 5) as Millis };
    decoder.decode(frame, 0, frame.length, stamp, (event) => {
      if (event.type !== "book_snapshot") found.push(event);
    });
  }
  return found;
}

function path({ dir }: Task): string {
  mkdirSync(dir, { recursive: true });
  return join(dir, `${process.pid}.log`);
}

function appending(passes: number, durable: boolean): Setup {
  return (task) => {
    const list = events(task);
    return {
      size: passes * list.length,
      round: async () => {
        const name = path(task);
        const journal = keep(openJournal(name, { runId: id("bench"), bootId: "bench" }));
        let lines = 0;
        for (let pass = 0; pass < passes; pass++) {
          for (const event of list) {
            journal.append(event, undefined);
            if (durable && ++lines % 1_000 === 0) await journal.sync();
          }
        }
        const { bytes } = journal.writer;
        await journal.close();
        rmSync(name);
        return bytes;
      },
    };
  };
}

/** Checksummed and chained lines through the journal; synced at the end. */
export const ours: Setup = appending(20, false);
/** The same, durable every 1,000 lines. */
export const oursDurable: Setup = appending(5, true);

/** `JSON.stringify` into `fs.createWriteStream`, waiting when it says so; no checksum. */
export const stream: Setup = (task) => {
  const list = events(task);
  const passes = 3;
  return {
    size: passes * list.length,
    round: async () => {
      const name = path(task);
      const out = createWriteStream(name);
      for (let pass = 0; pass < passes; pass++) {
        for (const event of list) if (!out.write(`${JSON.stringify(event)}\n`)) await once(out, "drain");
      }
      out.end();
      await once(out, "finish");
      rmSync(name);
      return out.bytesWritten;
    },
  };
};

/** `node:sqlite`, write-ahead log, `synchronous = FULL`, 1,000 lines per transaction. */
export const sqlite: Setup = (task) => {
  const list = events(task);
  return {
    size: list.length,
    round: () => {
      const name = path(task);
      const database = new DatabaseSync(name);
      database.exec(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE log (seq INTEGER PRIMARY KEY, line TEXT)",
      );
      const insert = database.prepare("INSERT INTO log (line) VALUES (?)");
      for (let i = 0; i < list.length; i += 1_000) {
        database.exec("BEGIN");
        for (const event of list.slice(i, i + 1_000)) insert.run(JSON.stringify(event));
        database.exec("COMMIT");
      }
      database.close();
      for (const each of [name, `${name}-wal`, `${name}-shm`]) rmSync(each, { force: true });
      return list.length;
    },
  };
};
