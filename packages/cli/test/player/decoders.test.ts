import type { CoreEvent, MatchDescription, RecordingHeader } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { channelDecoder } from "../../src/player/decoders.ts";

const match: MatchDescription = {
  matchId: "m" as MatchDescription["matchId"],
  title: "valorant",
  teams: [{ name: "Wolves" }, { name: "Otters" }],
  bestOf: 3,
  refs: { grid: { match: "7", teams: ["1", "2"] } },
};
const header: RecordingHeader = {
  matchpoint_recording: 1,
  created_by: "test",
  source: "test",
  started_at: 0,
  markets: [],
  matches: [match],
  channels: {},
};

describe("the channels of a recording", () => {
  it.each([
    ...["polymarket-market", "grid-series-events", "grid-series-state", "pandascore", "riot", "steam"],
    ...["opendota", "polymarket-sports", "liquipedia"],
  ])("%s has its decoder", (decoder) => {
    expect(channelDecoder({ decoder }, header)).toBeDefined();
  });

  it("of another name have none", () => {
    expect(channelDecoder({ decoder: "tea-leaves" }, header)).toBeUndefined();
  });

  it("with polled states of a GRID series tell who won it", () => {
    const teams = [
      { id: "1", score: 2, won: true },
      { id: "2", score: 0, won: false },
    ];
    const state = { id: "7", valid: true, started: true, finished: true, teams, games: [] };
    const bytes = new TextEncoder().encode(JSON.stringify({ data: { seriesState: state } }));
    const events: CoreEvent[] = [];
    const stamp = { at: 0 as never, receivedAt: 1_780_000_000_000 as never };
    channelDecoder({ decoder: "grid-series-state" }, header)!.decode(bytes, 0, bytes.length, stamp, (event) =>
      events.push(event),
    );
    expect(events).toContainEqual(
      expect.objectContaining({ claim: { kind: "series_won", winner: 0 }, replayed: true }),
    );
  });
});
