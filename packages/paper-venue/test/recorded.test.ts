import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemoryStorage, RecordingWriter, type Millis, type RecordingHeader } from "@matchpoint/sdk";
import { afterAll, expect, test } from "vitest";
import { matchListings, startVenue } from "../src/index.ts";
import { readFlags } from "../src/program.ts";

const folder = mkdtempSync(join(tmpdir(), "matchpoint-venue-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const [listing] = matchListings({
  seed: 3,
  title: "lol",
  teams: ["T1", "Gen.G"],
  bestOf: 1,
  tournament: "LCK",
  startsAt: 1_780_000_000_000,
  slug: "recorded",
});
const { marketId } = listing!.description;

/** Writes a recording of events, with the ms at which each was received. */
async function recording(
  name: string,
  frames: readonly (readonly [number, object])[],
  decoder = "events",
): Promise<string> {
  const storage = new MemoryStorage();
  const header: RecordingHeader = {
    matchpoint_recording: 1,
    created_by: "test",
    source: "test",
    started_at: 1_780_000_000_000,
    markets: [listing!.description],
    matches: [],
    channels: { market: { decoder }, grid: { decoder: "grid-series-events" } },
  };
  const writer = new RecordingWriter({ storage, header, segment: name });
  writer.frame("grid", 1_780_000_000_000 as Millis, new TextEncoder().encode("{}"));
  for (const [ms, frame] of frames)
    writer.frame(
      "market",
      (1_780_000_000_000 + ms) as Millis,
      new TextEncoder().encode(JSON.stringify(frame)),
    );
  await writer.close();
  const path = join(folder, name);
  writeFileSync(path, storage.bytes(name));
  return path;
}

const book = (price: number, size: number): object => ({
  type: "book_snapshot",
  marketId,
  outcome: 0,
  // A bid of outcome 0, and one of outcome 1: an ask of outcome 0.
  levels: [0, price, size * 1e6, 1, price + 200, size * 1e6],
  synthetic: false,
});

test("a venue has the markets and books of a recording, at the pace at which they were recorded", async () => {
  const path = await recording("books.jsonl", [
    [5_000, book(4_000, 50)],
    [5_400, book(6_000, 70)],
  ]);
  const venue = await startVenue({ seed: 1, recording: path });
  try {
    expect(venue.markets.map(({ conditionId }) => conditionId)).toEqual([marketId]);
    const bids = async (): Promise<unknown> => {
      const answer = await fetch(`${venue.clob}/book?token_id=${venue.markets[0]!.tokens[0]!.tokenId}`);
      return ((await answer.json()) as { bids: unknown }).bids;
    };
    expect(await bids()).toEqual([{ price: "0.4", size: "50" }]);
    for (const end = Date.now() + 10_000; Date.now() < end;) {
      if (JSON.stringify(await bids()).includes("0.6")) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await bids()).toEqual([{ price: "0.6", size: "70" }]);
  } finally {
    await venue.close();
  }
});

test("what holds no decoded book is refused, with what to give instead", async () => {
  const wire = await recording("wire.jsonl", [[0, {}]], "polymarket-market");
  await expect(startVenue({ seed: 1, recording: wire })).rejects.toMatchObject({
    code: "RECORDING_INVALID",
    hint: expect.stringMatching(/Replay it/),
  });
  const empty = await recording("empty.jsonl", []);
  await expect(startVenue({ seed: 1, recording: empty })).rejects.toThrow(/holds no book/);
  const other = join(folder, "other.txt");
  writeFileSync(other, "hello");
  await expect(startVenue({ seed: 1, recording: other })).rejects.toThrow(
    /neither a recording nor a journal/,
  );
  await expect(startVenue({ seed: 1, recording: join(folder, "none") })).rejects.toMatchObject({
    code: "FILE_NOT_FOUND",
  });
  expect(readFlags(["--recording", wire])).toMatchObject({ recording: wire });
});
