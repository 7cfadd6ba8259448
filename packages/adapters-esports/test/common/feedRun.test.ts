import { VirtualClock, type SourceId } from "@matchpoint/sdk";
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
});
