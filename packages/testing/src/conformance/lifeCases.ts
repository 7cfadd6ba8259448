import assert from "node:assert/strict";
import type { CaseMaker } from "./caseMaker.ts";
import { pause, type FeedStage } from "./feedStage.ts";
import { seriesSteps } from "./feedStories.ts";
import type { ConformanceCase } from "./feedSubject.ts";
import { statements, type FeedEvent } from "./feedWords.ts";

/** Real time within which a feed has let go of everything. */
const PROMPT_MS = 2_000;
/** Real time in which the source may still meet what was on its way to it when the feed let go. */
const ON_THE_WAY_MS = 200;
/** How far real time may run on between an event and the look at the clock, in ms of the stage's clock. */
const SLACK_MS = 1_000;

/** Abort, back-pressure, clocks and secrets: how a feed lives with its host. */
export function lifeCases({ subject, make }: CaseMaker): ConformanceCase[] {
  const { capabilities: can, match } = subject;
  const steps = seriesSteps(match);
  const middle = steps.findIndex((step) => step.kind === "game_end") + 3;
  const alone = { alone: true };

  const gone = async (stage: FeedStage): Promise<void> => {
    await stage.until("the iterator has ended", () => stage.ended, PROMPT_MS);
    const { fired } = stage.watched;
    await stage.until("all sockets and requests are closed", () => stage.source.seen.open === 0, PROMPT_MS);
    await stage.until("no timer is left", () => stage.watched.pending === 0, PROMPT_MS);
    await pause(ON_THE_WAY_MS);
    const visits = stage.source.seen.paths.length;
    await stage.settle(2 * can.stepMs);
    assert.equal(stage.source.seen.paths.length, visits, "it comes again although it was aborted");
    assert.equal(stage.watched.fired, fired, "a timer was left, and went off");
    assert.equal(stage.feed.health(), "down", "a feed that follows nothing is not down");
  };

  return [
    make(
      "abort: it ends promptly while a game is played, and lets go of everything",
      async (stage) => {
        stage.listen();
        await stage.ready();
        await stage.follow(...steps.slice(0, middle));
        stage.abort.abort();
        await gone(stage);
      },
      alone,
    ),
    make(
      "abort: it ends promptly while the source is out of reach",
      async (stage) => {
        stage.listen();
        await stage.ready();
        await stage.follow(...steps.slice(0, middle));
        stage.fault({ kind: "outage", ms: 3_600_000 });
        await stage.settle(2 * can.stepMs);
        stage.abort.abort();
        await gone(stage);
      },
      alone,
    ),
    make(
      "abort: it ends promptly while an answer is awaited",
      async (stage) => {
        stage.fault({ kind: "silence", ms: 3_600_000 });
        stage.listen();
        await stage.until("the feed has come", () => stage.source.seen.open > 0);
        stage.abort.abort();
        await gone(stage);
      },
      alone,
    ),
    make(
      "abort: with a signal that has been aborted it does not begin",
      async (stage) => {
        stage.abort.abort();
        stage.listen();
        await stage.until("the iterator has ended", () => stage.ended, PROMPT_MS);
        await stage.settle();
        assert.equal(stage.source.seen.paths.length, 0, "it has come although it was aborted");
        assert.equal(stage.watched.pending, 0, "a timer is left");
        assert.deepEqual(stage.claims, [], "it has claimed something");
      },
      alone,
    ),
    make(
      "abort: a consumer that walks away ends it too",
      async (stage) => {
        const iterator = stage.feed
          .events({ matches: [match], signal: stage.abort.signal })
          [Symbol.asyncIterator]();
        await iterator.next();
        await stage.until("the feed has come", () => stage.source.seen.paths.length > 0);
        await iterator.return?.();
        stage.ended = true;
        await gone(stage);
      },
      alone,
    ),
    make(
      "end: after the end of the match it ends by itself and lets go of everything",
      async (stage) => {
        stage.listen();
        await stage.ready();
        await stage.follow(...steps);
        await stage.until("the iterator has ended", () => stage.ended);
        await gone(stage);
      },
      { ...alone, skip: can.endsByItself === false ? "the source does not end by itself" : undefined },
    ),
    make(
      "unknown: a match without a reference for the source is not followed, and that is said",
      async (stage) => {
        const stranger = { ...match, refs: {} };
        const events: FeedEvent[] = [];
        const { signal } = stage.abort;
        for await (const event of stage.feed.events({ matches: [stranger], signal })) {
          events.push(event);
          if (event.type === "source_health") break;
        }
        assert.ok(
          events.some((event) => event.type === "source_health" && event.health === "down"),
          "nothing is said about a match that is not followed",
        );
        assert.equal(stage.source.seen.paths.length, 0, "it asks for a match that it cannot know");
      },
      alone,
    ),
    make("back-pressure: a slow consumer gets everything", async (stage, clean) => {
      const { signal } = stage.abort;
      const iterator = stage.feed.events({ matches: [match], signal })[Symbol.asyncIterator]();
      const first = await iterator.next();
      if (first.done !== true) stage.take(first.value);
      await stage.ready();
      for (const step of steps) {
        stage.tell(step);
        await stage.settle();
      }
      await stage.drain(iterator);
      // A polled score may be seen or overtaken, and a game's end seen before its winner or with it, as polls fall.
      const passing = (line: string, words: readonly string[]): boolean =>
        line.startsWith("series_score") ||
        (line.startsWith("game_ended ") &&
          words.some((other) => other.startsWith(line.replace("ended", "won") + " ")));
      const lasting = (words: readonly string[]): string[] =>
        words.filter((line) => !passing(line, words)).sort();
      assert.deepEqual(
        lasting(statements(stage.claims)),
        lasting(clean.statements),
        "something was lost or doubled",
      );
      assert.deepEqual(
        stage.outcome,
        clean.outcome,
        "truth at the end is not what it is for a quick consumer",
      );
    }),
    make(
      "back-pressure: a consumer that is slow is told so",
      async (stage) => {
        const { signal } = stage.abort;
        const iterator = stage.feed.events({ matches: [match], signal })[Symbol.asyncIterator]();
        const first = await iterator.next();
        if (first.done !== true) stage.take(first.value);
        await stage.ready();
        for (const step of steps) {
          stage.tell(step);
          await stage.settle();
        }
        await stage.drain(iterator);
        const told = stage.events.filter(
          (event) => event.type === "source_health" && event.matchId === undefined,
        );
        assert.ok(
          told.length > 0,
          `no event says that more than ${subject.pressureMark ?? 0} events were waiting`,
        );
      },
      {
        ...alone,
        skip: subject.pressureMark === undefined ? "the subject does not say at which mark" : undefined,
      },
    ),
    ...[1, 3].map((times) =>
      make(
        `clock: events are stamped by the given clock alone, in order${times === 1 ? "" : `, also ${times} times as fast`}`,
        async (stage) => {
          const { clock } = stage;
          const [from, fromWall] = [clock.monotonic(), clock.wall()];
          stage.listen();
          await stage.ready();
          await stage.follow(...steps.slice(0, middle));
          stage.fault({ kind: "garble", frame: "not_json" });
          await stage.until("the message is quarantined", () => stage.quarantined.length > 0);
          const [to, toWall] = [clock.monotonic(), clock.wall() + SLACK_MS];
          let last = from;
          for (const event of stage.events) {
            assert.ok(event.at >= last, `an event is stamped ${event.at} after one stamped ${last}`);
            last = event.at;
            assert.ok(event.at <= to, `an event is stamped ${event.at}, after the present ${to}`);
            const { receivedAt } = event;
            const stamped = receivedAt >= fromWall && receivedAt <= toWall;
            assert.ok(
              stamped,
              `an event is received at ${receivedAt}, not between ${fromWall} and ${toWall}`,
            );
            if (event.type !== "match_claim") continue;
            for (const time of [event.occurredAt, event.publishedAt]) {
              assert.ok(
                time === undefined || time <= toWall,
                `a claim bears the time ${time ?? ""} of the future`,
              );
            }
          }
        },
        { ...alone, ...(times === 1 ? {} : { pace: times * (subject.pace ?? 50) }) },
      ),
    ),
    make(
      "secrets: no event gives a key away, whatever goes wrong",
      async (stage) => {
        stage.listen();
        await stage.ready();
        await stage.follow(...steps.slice(0, middle));
        stage.fault({ kind: "garble", frame: "wrong_shape" });
        await stage.settle();
        stage.fault({ kind: "disconnect" });
        await stage.settle();
        stage.fault({ kind: "outage", ms: 4 * can.stepMs });
        await stage.settle(6 * can.stepMs);
        const text = JSON.stringify(stage.events);
        for (const secret of subject.secrets ?? []) {
          for (const form of [secret, encodeURIComponent(secret)]) {
            assert.ok(!text.includes(form), "an event holds a secret");
          }
        }
      },
      { ...alone, skip: subject.secrets === undefined ? "the feed is given no secret" : undefined },
    ),
  ];
}
