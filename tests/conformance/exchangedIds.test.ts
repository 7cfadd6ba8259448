import type { CoreEvent, MatchDescription } from "@matchpoint/sdk";
import { PacedClock, type FeedSubject } from "@matchpoint/testing";
import { describe, expect, it } from "vitest";
import { gridSubject, opendotaSubject, pandascoreSubject, riotSubject, steamSubject } from "./subjects.ts";

/** The match with a source's ids of its teams the wrong way round, as a slip in a configuration has it. */
function exchanged(match: MatchDescription, source: string): MatchDescription {
  const { [source]: ref, ...refs } = match.refs!;
  const [first, second] = ref!.teams;
  return { ...match, refs: { ...refs, [source]: { match: ref!.match, teams: [second, first] } } };
}

/** What a feed says of a game that the first team wins, when it is given a match. */
async function told(subject: FeedSubject, match: MatchDescription): Promise<readonly CoreEvent[]> {
  const clock = new PacedClock(subject.pace ?? 50);
  const source = subject.createSource(clock);
  await source.start();
  const feed = subject.createFeed(source, clock);
  const abort = new AbortController();
  const events: CoreEvent[] = [];
  const listening = (async () => {
    for await (const event of feed.events({ matches: [match], signal: abort.signal })) events.push(event);
  })();
  const settle = () =>
    new Promise<void>((done) => {
      clock.after(2 * subject.capabilities.stepMs, done);
    });
  try {
    await settle();
    source.tell({ kind: "series_start" });
    source.tell({ kind: "game_start", game: 1, firstSide: 0 });
    const rounds = match.title === "cs2";
    const score = rounds ? ([12, 3] as const) : ([14, 6] as const);
    source.tell({
      kind: "progress",
      game: 1,
      progress: { clockMs: 1_200_000, score, kills: score, firstSide: 0 },
    });
    await settle();
    if (rounds)
      source.tell({ kind: "progress", game: 1, progress: { score: [13, 3], kills: [80, 40], firstSide: 1 } });
    source.tell({ kind: "game_end", game: 1, winner: 0 });
    await settle();
    await settle();
  } finally {
    abort.abort();
    await source.stop();
    await listening;
  }
  return events;
}

const winners = (events: readonly CoreEvent[]) =>
  events.flatMap((event) =>
    event.type === "match_claim" && event.claim.kind === "game_won" ? [event.claim.winner] : [],
  );
const scores = (events: readonly CoreEvent[]) =>
  events.filter(
    (event) =>
      event.type === "match_claim" &&
      event.claim.kind === "game_progress" &&
      event.claim.progress.score !== undefined,
  );

describe.concurrent("a source whose ids of the teams are exchanged", () => {
  it.each([
    ["GRID", gridSubject("cs2", ["score"])],
    ["PandaScore", pandascoreSubject("cs2", ["score"])],
    ["Riot", riotSubject()],
    ["Steam", steamSubject()],
    ["OpenDota", opendotaSubject()],
  ])("names no winner and no score, and says why: %s", async (_name, subject) => {
    const { match, source } = subject;
    const [right, wrong] = await Promise.all([told(subject, match), told(subject, exchanged(match, source))]);
    // Steam knows a winner from the next game only: its scores show that it is followed.
    if (source === "steam") expect(scores(right).length).toBeGreaterThan(0);
    else expect(winners(right)).toEqual([0]);
    const claims = wrong.flatMap((event) => (event.type === "match_claim" ? [event.claim.kind] : []));
    expect(claims).toEqual(["source_invalid"]);
    const reasons = wrong.flatMap((event) => (event.type === "frame_quarantined" ? [event.reason] : []));
    expect(reasons[0]).toMatch(
      /is "(Wolves|Sea Otters|WLV)", which is the other team .* by name: refs\.\w+\.teams/,
    );
    expect(right.filter(({ type }) => type === "frame_quarantined")).toEqual([]);
  });
});
