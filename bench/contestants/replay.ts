// A recording on disk: played with everything on, against JSON.parse of its lines.
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { createMarketDecoder, TokenIndex } from "@matchpoint/adapters-polymarket";
import { createPaperBroker } from "@matchpoint/paper-broker";
import {
  createRuntime,
  DEFAULT_STRATEGIES,
  defaultConfig,
  id,
  RecordingPlayer,
  RecordingWriter,
  type CoreEvent,
  type Millis,
  type Runtime,
} from "@matchpoint/sdk";
import { FileStorage, openJournal, readBlocks, readLines } from "@matchpoint/sdk/node";
import { keep, type Setup, type Task } from "../contestant.ts";
import { FRAME_MS, makeTraffic, STARTS_AT } from "../traffic.ts";

const file = ({ dir }: Task): string => join(dir, "traffic.recording.jsonl");
const frameCount = ({ quick }: Task): number => (quick ? 50_000 : 400_000);

/** Writes the recording that the others read. */
export async function writeRecording(task: Task): Promise<number> {
  const { markets, frames } = makeTraffic(frameCount(task));
  const writer = new RecordingWriter({
    storage: new FileStorage(task.dir),
    segment: "traffic.recording.jsonl",
    header: {
      matchpoint_recording: 1,
      created_by: "bench",
      source: "generated",
      started_at: STARTS_AT,
      markets,
      matches: [],
      channels: { market: { decoder: "polymarket-market" } },
    },
  });
  for (const [i, frame] of frames.entries())
    writer.frame("market", (STARTS_AT + i * FRAME_MS) as Millis, frame);
  await writer.close();
  return statSync(file(task)).size;
}

/** The runtime as `matchpoint replay` makes it. */
export function everything(startsAt: number, journal: ReturnType<typeof openJournal> | undefined): Runtime {
  return createRuntime({
    config: defaultConfig(),
    strategies: [
      { use: DEFAULT_STRATEGIES["model-maker"]!, params: { reference: "microprice" } },
      { use: DEFAULT_STRATEGIES["pair-arb"]!, params: {} },
    ],
    execution: createPaperBroker({ runId: "bench", seed: 1 }),
    runId: "bench",
    startsAt,
    ...(journal === undefined ? {} : { journal }),
  });
}

function replaying(withJournal: boolean): Setup {
  return (task) => ({
    size: frameCount(task),
    round: async () => {
      const path = join(task.dir, `${process.pid}.journal.jsonl`);
      rmSync(path, { force: true });
      const journal = withJournal ? openJournal(path, { runId: id("bench"), bootId: "bench" }) : undefined;
      let runtime: Runtime | undefined;
      const player = new RecordingPlayer({
        decoders: (_channel, header) => createMarketDecoder(new TokenIndex(header.markets)),
        emit: (event: CoreEvent) => {
          runtime ??= everything(event.receivedAt, journal);
          runtime.offer(event);
        },
      });
      for (const block of readBlocks(file(task))) player.push(block);
      keep([player, runtime, journal]);
      player.end();
      runtime!.finish("end of the recording");
      await journal?.close();
      rmSync(path, { force: true });
      return parseInt(runtime!.effectsHash.slice(0, 8), 16);
    },
  });
}

/** Books, two strategies, risk gate, paper venue and journal. */
export const everythingOn: Setup = replaying(true);
/** The same without the journal. */
export const noJournal: Setup = replaying(false);

/** Each line as text, through `JSON.parse`. */
export const parseLines: Setup = (task) => ({
  size: frameCount(task),
  round: () => {
    let check = 0;
    const take = (buffer: Uint8Array, start: number, end: number): void => {
      const text = Buffer.from(buffer.buffer, buffer.byteOffset + start, end - start).toString();
      check += (JSON.parse(text) as { t?: number }).t ?? 0;
    };
    readLines(file(task), take, { code: "RECORDING_INVALID" });
    return check;
  },
});
