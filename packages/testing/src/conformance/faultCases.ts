import assert from "node:assert/strict";
import type { Garbling, StoryStep } from "../sources/index.ts";
import type { CaseMaker } from "./caseMaker.ts";
import { sameAsClean } from "./cleanRun.ts";
import type { FeedStage } from "./feedStage.ts";
import { seriesSteps } from "./feedStories.ts";
import type { ConformanceCase } from "./feedSubject.ts";

const GARBLINGS: readonly Garbling[] = ["truncated", "not_json", "wrong_shape", "huge", "binary"];
const OUTAGE_MS = 90_000;

/** Malformed messages, lost connections, outages and silence. */
export function faultCases({ subject, make }: CaseMaker): ConformanceCase[] {
  const { capabilities: can, match } = subject;
  const steps = seriesSteps(match);
  const middle = steps.findIndex((step) => step.kind === "game_end") + 3;
  const isGood = (health: string): boolean => health === "live" || health === "replaying";

  /** Plays the series with a fault in the middle of the second game. */
  const through = async (stage: FeedStage, fault: (next: StoryStep) => Promise<void>): Promise<void> => {
    stage.listen();
    await stage.ready();
    await stage.follow(...steps.slice(0, middle));
    await fault(steps[middle]!);
    await stage.follow(...steps.slice(middle + 1));
    await stage.settle();
  };

  return [
    ...GARBLINGS.map((frame) =>
      make(
        `malformed: a message that is ${frame} is quarantined, and the feed lives on`,
        async (stage, clean) => {
          await through(stage, async (next) => {
            assert.deepEqual(stage.quarantined, [], "quarantined although nothing was wrong");
            stage.fault({ kind: "garble", frame });
            await stage.until("the message is quarantined", () => stage.quarantined.length > 0);
            await stage.follow(next);
          });
          assert.equal(stage.quarantined.length, 1, "one hostile message is not one quarantined frame");
          const [{ reason, feed }] = stage.quarantined as [(typeof stage.quarantined)[number]];
          assert.ok(reason.length > 0, "the quarantine has no reason");
          assert.ok(reason.length <= 1_000, "the reason is as long as the message");
          assert.ok(feed.length > 0, "the quarantine does not say whose message it was");
          sameAsClean(stage, clean);
        },
      ),
    ),
    make(
      "connection: a cut connection is taken up again, and nothing is lost or doubled",
      async (stage, clean) => {
        await through(stage, async (next) => {
          stage.fault({ kind: "disconnect" });
          await stage.follow(next);
        });
        sameAsClean(stage, clean);
      },
    ),
    make(
      "outage: its health goes down and comes back, and nothing is lost or doubled",
      async (stage, clean) => {
        await through(stage, async (next) => {
          const from = stage.events.length;
          stage.fault({ kind: "outage", ms: Math.max(OUTAGE_MS, 4 * can.stepMs) });
          await stage.untilHealth((health) => !isGood(health), "not good during the outage", from);
          await stage.follow(next);
          await stage.untilHealth(isGood, "good after the outage", from);
        });
        sameAsClean(stage, clean);
      },
    ),
    make(
      "limits: a source that refuses for too many requests is asked less and then followed",
      async (stage, clean) => {
        await through(stage, async (next) => {
          const asked = (): number => stage.source.seen.paths.length;
          const before = asked();
          const ms = 4 * can.stepMs;
          stage.fault({ kind: "rate_limit", ms });
          await stage.settle(ms);
          assert.ok(
            asked() - before <= Math.ceil(ms / 1_000),
            "it asks more than once a second although refused",
          );
          await stage.follow(next);
        });
        sameAsClean(stage, clean);
      },
    ),
    make(
      "silence: a source that says nothing while a game is played is not called live",
      async (stage, clean) => {
        await through(stage, async (next) => {
          const ms = can.noticesSilenceMs ?? 0;
          const from = stage.events.length;
          stage.fault({ kind: "silence", ms: 1.5 * ms });
          await stage.untilHealth((health) => !isGood(health), "not good in the silence", from);
          await stage.settle(ms);
          await stage.follow(next);
        });
        sameAsClean(stage, clean);
      },
      {
        skip:
          can.noticesSilenceMs === undefined
            ? "silence of this source cannot be told from no news"
            : undefined,
      },
    ),
    make("lag: what comes late is the same", async (stage, clean) => {
      stage.listen();
      await stage.ready();
      stage.fault({ kind: "lag", ms: Math.min(can.stepMs, 5_000) });
      await stage.follow(...steps);
      await stage.settle();
      sameAsClean(stage, clean);
    }),
  ];
}
