import { feedConformance, type FeedSubject } from "@matchpoint/testing";
import { afterAll, describe, expect, it } from "vitest";
import * as feeds from "./brokenFeeds.ts";
import { gridSubject } from "./subjects.ts";

const subject = gridSubject("cs2", ["score", "kills", "firstSide"]);
const key = subject.secrets![0]!;

/** Runs the case whose name begins so; of several the first. */
async function run(one: FeedSubject, name: string): Promise<void> {
  const found = feedConformance(one).find((each) => each.name.startsWith(name));
  expect(found?.skip, name).toBeUndefined();
  await found!.run();
}

afterAll(() => {
  feeds.strays.abort();
});

// What is broken, which case finds it, and what it says.
const FINDINGS: readonly (readonly [Exclude<keyof typeof feeds, "strays" | "broken">, string, RegExp])[] = [
  ["doubles", "dedup: messages that come twice", /claimed again without having been taken back/],
  ["dropsNews", "ordering: a series is claimed", /it was not so that .*"progress".* is claimed/],
  ["reorders", "ordering: a series is claimed", /comes before/],
  ["anotherName", "identity:", /the name of another source/],
  ["sameReference", "retraction: a game that is set back", /taken for a repetition/],
  ["invents", "terminal: a lead is no win", /winner/],
  ["inventsAtTheEnd", "terminal: a series that ends without a winner", /winner|series_ended|claimed/],
  ["ignoresAbort", "abort: it ends promptly while a game is played", /the iterator has ended/],
  ["leaks", "abort: it ends promptly while a game is played", /all sockets and requests are closed/],
  ["ignoresAbort", "abort: with a signal that has been aborted", /the iterator has ended/],
  ["ownWall", "clock: events are stamped by the given clock alone, in order", /is received at/],
  ["sourceTime", "clock: events are stamped by the given clock alone, in order", /is stamped/],
  ["forgetsHistory", "history:", /history is claimed as news/],
  ["swallowsHostile", "malformed: a message that is truncated", /the message is quarantined/],
  ["alwaysLive", "outage:", /its health is not good during the outage/],
  ["alwaysLive", "silence:", /its health is not good in the silence/],
  ["alwaysLive", "gap:", /the gap was not told/],
  ["neverRetracts", "retraction: a game that is set back", /"rollback".* is claimed/],
  ["neverRetracts", "retraction: a game that is played anew", /"remake".* is claimed/],
  ["neverRetracts", "retraction: a winner that was wrong", /nothing was taken back/],
  ["dropsUnderPressure", "back-pressure: a slow consumer gets everything", /lost or doubled/],
  ["neverQuiet", "back-pressure: a consumer that is slow is told so", /not so that nothing comes any more/],
  ["tellsKey", "secrets:", /holds a secret/],
];

describe.concurrent("a feed that", () => {
  for (const [what, name, says] of FINDINGS) {
    it(`${what} is found by the case “${name}”`, async () => {
      const breakage = what === "tellsKey" ? feeds.tellsKey(key) : feeds[what];
      await expect(run(feeds.broken(subject, breakage), name)).rejects.toThrow(says);
    });
  }
});
