import { VirtualClock, type MatchId, type SourceId } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { FeedRun, type FeedEvent } from "../../src/common/feedRun.ts";
import { HealthBoard } from "../../src/common/health.ts";

describe("a run of a feed", () => {
  it("says in the order of its stamps that its consumer is slow, also in the middle of a frame", async () => {
    const clock = new VirtualClock();
    const source = "grid" as SourceId;
    const run = new FeedRun({ source, clock, board: new HealthBoard(source), pressureMark: 2 });
    const stamp = run.stamp();
    for (let count = 0; count < 4; count++) {
      clock.advance(1); // decoding takes time, and all events of a frame bear its stamp
      run.emit({ type: "frame_quarantined", ...stamp, feed: "grid", reason: "x", sample: "" });
    }
    run.end();
    const seen: FeedEvent[] = [];
    for await (const event of run.events) seen.push(event);
    expect(seen.map(({ type }) => type)).toContain("source_health");
    const stamps = seen
      .filter((event) => !("reason" in event && /caught up/.test(event.reason)))
      .map(({ at }) => at);
    expect(stamps).toEqual([...stamps].sort((a, b) => a - b));
  });

  it("keeps every fact for a slow consumer, and of noise no more than it has room for", async () => {
    const clock = new VirtualClock();
    const source = "grid" as SourceId;
    const run = new FeedRun({ source, clock, board: new HealthBoard(source), pressureMark: 10 });
    const matchId = "m" as MatchId;
    const common = {
      type: "match_claim",
      matchId,
      source,
      tier: "A",
      upstream: "grid",
      ...run.stamp(),
    } as const;
    for (let count = 0; count < 1_000; count++) {
      run.emit({ type: "frame_quarantined", ...run.stamp(), feed: "grid", reason: "x", sample: "" });
      if (count % 10 === 0) run.emit({ ...common, ref: String(count), claim: { kind: "series_started" } });
    }
    const seen: FeedEvent[] = [];
    for await (const event of run.events) {
      seen.push(event);
      if (event.type === "source_health" && event.reason.startsWith("the consumer has caught up")) break;
    }
    expect(seen.filter(({ type }) => type === "match_claim")).toHaveLength(100);
    const kept = seen.filter(({ type }) => type === "frame_quarantined").length;
    expect(kept).toBeLessThanOrEqual(20);
    expect(seen.at(-1)).toMatchObject({
      reason: expect.stringContaining(`${1_000 - kept} frames that could not be read`) as string,
    });
  });
});
