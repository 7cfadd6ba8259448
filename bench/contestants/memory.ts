// Memory over a long replay with everything on: looked at after a collection, every hundred thousand events.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { createMarketDecoder, TokenIndex } from "@matchpoint/adapters-polymarket";
import { id, type Millis, type Nanos } from "@matchpoint/sdk";
import { openJournal } from "@matchpoint/sdk/node";
import type { Task } from "../contestant.ts";
import { FRAME_MS, STARTS_AT } from "../traffic.ts";
import { traffic } from "./ingest.ts";
import { everything } from "./replay.ts";

/** MiB after each hundred thousand events. */
export interface MemorySamples {
  readonly heap: readonly number[];
  readonly rss: readonly number[];
  readonly orders: number;
}

const EVERY = 100_000;
const MIB = 1_048_576;

export async function sampleMemory(task: Task): Promise<MemorySamples> {
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) throw new TypeError("run with --expose-gc");
  const { frames, markets } = traffic(task);
  const path = join(task.dir, "memory.journal.jsonl");
  const journal = openJournal(path, { runId: id("bench"), bootId: "bench" });
  const runtime = everything(STARTS_AT, journal);
  for (const market of markets) {
    runtime.offer({ type: "market_listed", market, at: 0 as Nanos, receivedAt: STARTS_AT as Millis });
  }
  const decoder = createMarketDecoder(new TokenIndex(markets));
  const stamp = { at: 0 as Nanos, receivedAt: STARTS_AT as Millis };
  const heap: number[] = [];
  const rss: number[] = [];
  let events = 0;
  const target = task.quick ? 300_000 : 1_000_000;
  for (let i = 0; events < target; i++) {
    const frame = frames[i % frames.length]!;
    stamp.at = (i * FRAME_MS * 1_000_000) as Nanos;
    stamp.receivedAt = (STARTS_AT + i * FRAME_MS) as Millis;
    decoder.decode(frame, 0, frame.length, stamp, (event) => {
      runtime.offer(event);
      events++;
      if (events % EVERY !== 0) return;
      gc();
      const used = process.memoryUsage();
      heap.push(used.heapUsed / MIB);
      rss.push(used.rss / MIB);
    });
  }
  const { orders } = runtime.core.counts;
  await journal.close();
  rmSync(path);
  return { heap, rss, orders };
}
