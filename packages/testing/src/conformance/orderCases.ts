import assert from "node:assert/strict";
import type { MatchClaim, SourceEvent } from "@matchpoint/sdk";
import type { CaseMaker } from "./caseMaker.ts";
import { seriesSteps, WINNERS } from "./feedStories.ts";
import type { ConformanceCase, FeedSubject } from "./feedSubject.ts";
import { doubled, inWords, repeated, shows, statements } from "./feedWords.ts";

/** Ordering, dedup and gaps. */
export function orderCases({ subject, clean, make }: CaseMaker): ConformanceCase[] {
  const { capabilities: can, match } = subject;
  const steps = seriesSteps(match);
  return [
    {
      name: "ordering: a series is claimed from its start to its end, game by game",
      run: async () => {
        const { claims, outcome } = await clean();
        inOrder(claims);
        complete(subject, claims);
        winnersHold(
          subject,
          outcome.games.map(({ winner }) => winner),
          outcome.series.winner,
        );
      },
    },
    {
      name: "identity: every claim says who speaks, about which match, and is not taken for another",
      run: async () => {
        const { claims } = await clean();
        assert.deepEqual(repeated(claims), [], "a claim would be taken for a repetition of another");
        for (const { source, matchId, tier, replayed } of claims) {
          assert.equal(matchId, match.matchId, "a claim is about another match");
          assert.equal(source, subject.source, "a claim bears the name of another source");
          if (can.live === false) {
            assert.ok(
              tier === "C" || replayed === true,
              "a source that only confirms has made a fresh claim",
            );
          }
        }
      },
    },
    make("dedup: messages that come twice are claimed once", async (stage, reference) => {
      stage.listen();
      await stage.ready();
      stage.fault({ kind: "duplicate", count: 1_000_000 });
      await stage.follow(...steps);
      await stage.settle();
      assert.deepEqual(doubled(stage.claims), [], "claimed again without having been taken back");
      assert.deepEqual(
        stage.outcome,
        reference.outcome,
        "truth at the end is not what it is without duplicates",
      );
      if (can.sequenced) assert.deepEqual(wordsOf(stage.claims), wordsOf(reference.claims));
    }),
    make("ordering: messages that arrive exchanged do not change what is true", async (stage, reference) => {
      stage.listen();
      await stage.ready();
      for (const step of steps) {
        stage.fault({ kind: "swap" });
        await stage.follow(step);
      }
      await stage.settle();
      assert.deepEqual(stage.outcome, reference.outcome, "truth at the end is not what it is in order");
      assert.deepEqual(doubled(stage.claims), [], "claimed again without having been taken back");
      if (can.sequenced) assert.deepEqual(wordsOf(stage.claims), wordsOf(reference.claims));
    }),
    make("gap: what was lost is noticed and mended", async (stage, reference) => {
      stage.listen();
      await stage.ready();
      const middle = steps.findIndex((step) => step.kind === "game_end") + 2;
      await stage.follow(...steps.slice(0, middle));
      const from = stage.events.length;
      stage.fault({ kind: "drop", count: 3 });
      await stage.follow(...steps.slice(middle));
      await stage.settle();
      if (can.sequenced) {
        const said = stage.health.filter((event) => stage.events.indexOf(event) >= from);
        assert.ok(
          said.some(({ health }) => health !== "live"),
          "the gap was not told: its health stayed live",
        );
        // What stood in between is lost where a state takes the place of what was missed.
        assert.deepEqual(statements(stage.claims), reference.statements);
      }
      assert.deepEqual(
        stage.outcome,
        reference.outcome,
        "truth at the end is not what it is without the gap",
      );
      assert.deepEqual(doubled(stage.claims), [], "claimed again without having been taken back");
    }),
  ];
}

/** Claims in one line each, without what only says again where a game stands, and without clocks, which go on. */
function wordsOf(claims: readonly SourceEvent[]): string[] {
  const words: string[] = [];
  for (const { claim } of claims) {
    let line = inWords(claim);
    if (claim.kind === "game_progress") {
      const { progress } = claim;
      line = inWords({ ...claim, progress: { ...progress, clockMs: 0 } });
    }
    // A game's start is known under another id in every run.
    if (words.at(-1) !== line) words.push(line);
  }
  return words;
}

function inOrder(claims: readonly SourceEvent[]): void {
  const at = (is: (claim: MatchClaim) => boolean): number => claims.findIndex(({ claim }) => is(claim));
  const before = (first: number, second: number, what: string): void => {
    if (first === -1 || second === -1) return;
    assert.ok(first < second, `${what}: ${claims.map(({ claim }) => inWords(claim)).join(", ")}`);
  };
  const started = at((claim) => claim.kind === "series_started");
  const won = at((claim) => claim.kind === "series_won");
  let ended = -1;
  for (let game = 1; game <= WINNERS.length; game++) {
    const of = (kind: MatchClaim["kind"]): number =>
      at((claim) => claim.kind === kind && "game" in claim && claim.game === game);
    const [start, progress, win] = [of("game_started"), of("game_progress"), of("game_won")];
    const last = claims.findLastIndex(({ claim }) => claim.kind === "game_progress" && claim.game === game);
    before(started, start === -1 ? win : start, `game ${game} comes before the series`);
    before(ended, start === -1 ? win : start, `game ${game} comes before the end of the one before it`);
    before(start, progress, `the progress of game ${game} comes before its start`);
    before(last, win, `the progress of game ${game} comes after its end`);
    before(win, won, `the series is won before game ${game} is`);
    fallsNowhere(claims, game);
    ended = win;
  }
}

/** Scores only grow while nothing is taken back. */
function fallsNowhere(claims: readonly SourceEvent[], game: number): void {
  let known: readonly [number, number] = [0, 0];
  for (const { claim } of claims) {
    if (claim.kind !== "game_progress" || claim.game !== game || claim.progress.score === undefined) continue;
    const { score } = claim.progress;
    assert.ok(
      score[0] >= known[0] && score[1] >= known[1],
      `the score of game ${game} falls to ${score.join("-")}`,
    );
    known = score;
  }
}

/** Everything that the source can show was claimed. */
function complete({ capabilities: can, match }: FeedSubject, claims: readonly SourceEvent[]): void {
  for (const step of seriesSteps(match)) {
    if (step.kind !== "progress" || can.progress.length === 0) continue;
    const { game, progress } = step;
    const shown = claims.some(
      ({ claim }) =>
        claim.kind === "game_progress" &&
        claim.game === game &&
        shows(claim.progress, progress, can.progress),
    );
    assert.ok(shown, `game ${game} was never claimed to stand at ${JSON.stringify(progress)}`);
  }
}

function winnersHold(
  { capabilities: can }: FeedSubject,
  games: readonly (number | undefined)[],
  series: number | undefined,
): void {
  if (can.live === false) return; // what only confirms decides nothing by itself
  if (can.gameWinners !== false) assert.deepEqual(games, WINNERS, "truth holds other winners of the games");
  if (can.seriesWinner !== false) assert.equal(series, 0, "truth holds another winner of the series");
}
