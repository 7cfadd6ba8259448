import assert from "node:assert/strict";
import type { StoryStep } from "../sources/index.ts";
import type { CaseMaker } from "./caseMaker.ts";
import { gameSteps, seriesSteps } from "./feedStories.ts";
import type { ConformanceCase } from "./feedSubject.ts";
import { doubled, repeated } from "./feedWords.ts";

/** Terminal states, and what is taken back. */
export function endCases({ subject, make }: CaseMaker): ConformanceCase[] {
  const { capabilities: can, match } = subject;
  const alone = { alone: true };
  const oneGame: readonly StoryStep[] = [
    { kind: "series_start" },
    ...gameSteps(match, 1, 0),
    { kind: "game_end", game: 1, winner: 0 },
  ];
  const begun: readonly StoryStep[] = [...oneGame, ...gameSteps(match, 2, 1).slice(0, 3)];
  const lacks = (has: boolean, what: string): string | undefined =>
    has ? undefined : `the source does not ${what}`;
  const state = gameSteps(match, 2, 1)[1]!;
  const earlier = state.kind === "progress" ? state.progress : {};

  return [
    make(
      "terminal: a series that is given up is won by the other team",
      async (stage) => {
        stage.listen();
        await stage.ready();
        await stage.follow(...begun, { kind: "series_end", winner: 1, forfeit: true });
        const won = stage.claims.filter(({ claim }) => claim.kind === "series_won");
        assert.equal(won.length, 1, "the series is not won exactly once");
        const [{ claim }] = won as [(typeof won)[number]];
        if (claim.kind === "series_won" && can.forfeit !== "won") {
          assert.equal(claim.forfeit, true, "the forfeit is not said to be one");
        }
        assert.equal(stage.outcome.series.winner, 1, "truth does not hold the winner");
      },
      { ...alone, skip: lacks(can.forfeit !== false && can.seriesWinner !== false, "show a forfeit") },
    ),
    make(
      "terminal: a series that ends without a winner has none",
      async (stage) => {
        stage.listen();
        await stage.ready();
        await stage.follow(...begun, { kind: "series_end", winner: undefined });
        await stage.settle(2 * can.stepMs);
        assert.ok(
          stage.claims.every(({ claim }) => claim.kind !== "series_won"),
          "a winner is claimed",
        );
        assert.notEqual(stage.outcome.series.status, "final", "truth holds the series for final");
      },
      alone,
    ),
    ...(["cancelled", "walkover", "postponed"] as const).map((reason) =>
      make(
        `terminal: a match that is called off (${reason}) has no winner`,
        async (stage) => {
          stage.listen();
          await stage.ready();
          await stage.follow({ kind: "cancel", reason });
          await stage.settle(2 * can.stepMs);
          assert.ok(
            stage.claims.every(({ claim }) => claim.kind !== "series_won"),
            "a winner is claimed",
          );
          const { status } = stage.outcome.series;
          // What only confirms decides nothing by itself.
          if (reason !== "postponed" && can.live !== false)
            assert.equal(status, "void", "truth does not hold the match for void");
          assert.ok(!/final/.test(status), "truth holds an end of a match that was not played");
        },
        { ...alone, skip: lacks(can.calledOff.includes(reason), `tell of a match that is ${reason}`) },
      ),
    ),
    make(
      "terminal: a lead is no win, whatever becomes of the source",
      async (stage) => {
        stage.listen();
        await stage.ready();
        await stage.follow({ kind: "series_start" }, ...gameSteps(match, 1, 0).slice(0, 3));
        stage.fault({ kind: "silence", ms: can.stepMs });
        await stage.settle(2 * can.stepMs);
        stage.fault({ kind: "outage", ms: can.stepMs });
        await stage.settle(3 * can.stepMs);
        const winners = stage.claims.filter(
          ({ claim }) => claim.kind === "series_won" || claim.kind === "game_won",
        );
        assert.deepEqual(winners, [], "a winner is claimed");
        const { series, games } = stage.outcome;
        assert.ok(
          [series, ...games].every(({ status }) => !/final/.test(status)),
          "truth holds an end",
        );
      },
      alone,
    ),
    make(
      "retraction: a game that is set back is taken back and goes on",
      async (stage) => {
        stage.listen();
        await stage.ready();
        const on = gameSteps(match, 2, 1).slice(2);
        await stage.follow(...begun, { kind: "rollback", game: 2, progress: earlier });
        // Once more, to the very same state: that is news again.
        await stage.follow(...on.slice(0, 1), { kind: "rollback", game: 2, progress: earlier });
        await stage.follow(...on);
        await stage.follow({ kind: "game_end", game: 2, winner: 1 });
        await stage.follow(...gameSteps(match, 3, 0), { kind: "game_end", game: 3, winner: 0 });
        await stage.follow({ kind: "series_end", winner: 0 });
        const back = stage.claims.filter(({ claim }) => claim.kind === "retracted" && claim.game === 2);
        assert.ok(back.length >= 2, "it was not taken back each time");
        assert.deepEqual(repeated(stage.claims), [], "a claim would be taken for a repetition of another");
        assert.deepEqual(doubled(stage.claims), [], "claimed again without having been taken back");
        assert.equal(stage.outcome.series.winner, 0, "truth does not hold the winner");
      },
      { ...alone, skip: lacks(can.rollback, "show that a game was set back") },
    ),
    make(
      "retraction: a game that is played anew begins anew",
      async (stage) => {
        stage.listen();
        await stage.ready();
        await stage.follow(...begun);
        const from = stage.claims.length;
        await stage.follow({ kind: "remake", game: 2 });
        await stage.follow(...gameSteps(match, 2, 0).slice(1), { kind: "game_end", game: 2, winner: 0 });
        await stage.follow({ kind: "series_end", winner: 0 });
        const after = stage.claims.slice(from).map(({ claim }) => claim.kind);
        const [back, again] = [after.indexOf("retracted"), after.indexOf("game_started")];
        assert.ok(back !== -1 && again > back, "the game was not taken back and begun again");
        assert.equal(stage.outcome.games[1]!.winner, 0, "truth does not hold the winner of the new game");
        assert.equal(stage.outcome.series.winner, 0, "truth does not hold the winner");
      },
      { ...alone, skip: lacks(can.remake, "show that a game is played anew") },
    ),
    make(
      "retraction: a winner that was wrong is taken back",
      async (stage) => {
        stage.listen();
        await stage.ready();
        await stage.follow(...oneGame, { kind: "correction", game: 1, winner: 1 });
        await stage.settle();
        const kinds = stage.claims.map(({ claim }) => claim.kind);
        assert.ok(kinds.includes("retracted"), "nothing was taken back");
        assert.deepEqual(doubled(stage.claims), [], "claimed again without having been taken back");
        // By the rules of some titles the score still speaks for the other team: then truth may be in doubt.
        if (can.gameWinners !== false) {
          assert.notEqual(stage.outcome.games[0]!.winner, 0, "truth holds the winner that was wrong");
        }
      },
      { ...alone, skip: lacks(can.correction, "correct a winner while the series goes on") },
    ),
    make(
      "history: what happened before the feed came is marked as replayed",
      async (stage) => {
        const steps = seriesSteps(match);
        const middle = steps.findIndex((step) => step.kind === "game_end") + 2;
        for (const step of steps.slice(0, middle)) stage.tell(step);
        await stage.settle(Math.max(120_000, 2 * can.stepMs));
        const from = stage.clock.monotonic();
        stage.listen();
        const known = (): number => stage.claims.length;
        await stage.until("the feed has told what it found", () => known() > 0);
        await stage.settle();
        const news = stage.claims.filter(
          ({ claim, replayed }) => claim.kind !== "game_progress" && replayed !== true,
        );
        assert.deepEqual(
          news.map(({ claim }) => claim.kind),
          [],
          "history is claimed as news",
        );
        assert.ok(
          stage.claims.every(({ at }) => at >= from),
          "a claim bears a time before the feed was there",
        );
        const before = known();
        await stage.follow(...steps.slice(middle));
        if (can.live === false) return;
        const later = stage.claims.slice(before);
        assert.ok(
          later.some(({ replayed }) => replayed !== true),
          "news is claimed as history",
        );
      },
      alone,
    ),
  ];
}
