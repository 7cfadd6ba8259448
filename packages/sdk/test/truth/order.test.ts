import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MatchClaim } from "../../src/events/index.ts";
import type { TruthStatus } from "../../src/state/index.ts";
import { MATCH } from "./helpers.ts";
import { run, team, type Input } from "./runs.ts";

const runs = { numRuns: 150 };

describe("a consistent history", () => {
  /** A series as it was played, and what truthful sources say of it. */
  const history = fc
    .record({
      bestOf: fc.constantFrom(1, 3, 5),
      winners: fc.array(team, { minLength: 5, maxLength: 5 }),
      said: fc.array(
        fc.record({
          source: fc.constantFrom("grid", "panda", "relay", "steam", "wiki"),
          what: fc.constantFrom("won", "started", "series", "score", "progress"),
          game: fc.integer({ min: 1, max: 5 }),
        }),
        { maxLength: 24 },
      ),
    })
    .map(({ bestOf, winners, said }) => {
      const needed = Math.floor(bestOf / 2) + 1;
      const maps: [number, number] = [0, 0];
      const played: { winner: 0 | 1; maps: [number, number] }[] = [];
      for (const winner of winners) {
        if (played.length === bestOf || maps[0] === needed || maps[1] === needed) break;
        maps[winner] += 1;
        played.push({ winner, maps: [...maps] });
      }
      const claimsOf = said.map(({ source, what, game: drawn }): Input => {
        const number = ((drawn - 1) % played.length) + 1;
        const { winner, maps: score } = played[number - 1]!;
        const claim: MatchClaim =
          what === "won"
            ? { kind: "game_won", game: number, winner }
            : what === "started"
              ? { kind: "game_started", game: number }
              : what === "series"
                ? { kind: "series_won", winner: maps[0] > maps[1] ? 0 : 1 }
                : what === "score"
                  ? { kind: "series_score", maps: score }
                  : { kind: "game_progress", game: number, progress: { score: [3, 1] } };
        return { after: 0, source, claim };
      });
      return { bestOf, claims: claimsOf };
    });

  it("ends in the same verdicts, whatever the order of arrival", () => {
    fc.assert(
      fc.property(
        history.chain(({ bestOf, claims: said }) =>
          fc.record({
            bestOf: fc.constant(bestOf),
            said: fc.constant(said),
            shuffled: fc.shuffledSubarray(said, { minLength: said.length, maxLength: said.length }),
          }),
        ),
        ({ bestOf, said, shuffled }) => {
          const verdicts = (given: readonly Input[]): unknown => {
            const made = run(bestOf, given);
            const state = made.engine.state(MATCH)!;
            const result = (each: {
              status: TruthStatus;
              winner: unknown;
              posterior: number;
              sources: unknown;
            }): unknown =>
              ["scheduled", "live"].includes(each.status)
                ? ["open", each.winner, each.posterior, each.sources]
                : [each.status, each.winner, each.posterior, each.sources];
            expect(
              made.changes.filter((change) => change.to === "disputed" || change.to === "retracted"),
            ).toEqual([]);
            return [result(state), ...state.games.map(result)];
          };
          expect(verdicts(shuffled)).toStrictEqual(verdicts(said));
        },
      ),
      runs,
    );
  });
});
