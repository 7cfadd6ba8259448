import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGridDecoder } from "../../src/index.ts";
import { CS, decode, isClaim, stampAt, told } from "../support.ts";
import {
  event,
  gameEnded,
  gameStarted,
  gameState,
  gameWon,
  invalidated,
  roundStarted,
  roundWon,
  seriesEnded,
  seriesState,
  seriesWon,
  started,
  transaction,
  validated,
} from "./transactions.ts";

/*
 * Series played out at random, with rollbacks of rounds and of whole games in between, against a plain model that counts.
 */

interface Script {
  /** Who wins each round: one bit a round. */
  readonly rounds: readonly boolean[];
  /** After these rounds the last one is taken back and played again. */
  readonly undo: readonly number[];
  /** After this round the game is taken back and played under a new id. */
  readonly remake: number;
  /** Whether full states come along. */
  readonly states: boolean;
}

const script: fc.Arbitrary<Script> = fc.record({
  rounds: fc.array(fc.boolean(), { minLength: 26, maxLength: 90 }),
  undo: fc.uniqueArray(fc.nat({ max: 40 }), { maxLength: 4 }),
  remake: fc.nat({ max: 60 }),
  states: fc.boolean(),
});

const TEAMS = ["96", "97"] as const;

/** Writes the script as transactions, and what a score board would have shown at the end. */
function play({ rounds, undo, remake, states }: Script): {
  frames: object[];
  scores: (readonly [number, number])[];
  winners: number[];
} {
  const frames: object[] = [];
  const push = (...events: object[]): void => {
    frames.push(transaction(frames.length + 1, events));
  };
  const winners: number[] = [];
  const scores: (readonly [number, number])[] = [];
  let score: [number, number] = [0, 0];
  let game = 1;
  let id = "g1";
  let round = 0;
  let remade = false;
  push(started());
  push(gameStarted(id));
  for (const [index, first] of rounds.entries()) {
    const winner = first ? 0 : 1;
    round += 1;
    push(roundStarted(id, round));
    push(roundWon(id, round, TEAMS[winner]));
    score[winner] += 1;
    if (undo.includes(index)) {
      push(roundWon(id, round, TEAMS[winner], -1));
      push(roundWon(id, round, TEAMS[winner]));
    }
    if (index === remake && !remade) {
      remade = true;
      push(invalidated());
      push(event("series:2700001", "!started", `game:${id}`, { delta: { games: [{ id, started: false }] } }));
      push(validated());
      id = `g${game}b`;
      push(gameStarted(id));
      score = [0, 0];
      round = 0;
    }
    if (states && index % 9 === 4) {
      const segments =
        round === 0 ? [] : [{ id: `round-${round}`, type: "round", sequenceNumber: round, started: true }];
      const past = winners.map((won, n) =>
        gameState(`g${n + 1}${n + 1 === game ? "x" : ""}`, n + 1, [0, 0], {
          finished: true,
          teams: [
            { id: "96", won: won === 0 },
            { id: "97", won: won === 1 },
          ],
        }),
      );
      const now = gameState(id, game, score, { segments });
      const maps = [0, 1].map((team) => winners.filter((won) => won === team).length) as [number, number];
      // Ids of past games are those that they had: remade ones carry another.
      const ids = past.map((each, n) => ({ ...each, id: pastIds[n] }));
      push(event("grid:GRID", "sampled", "series:2700001", { series: seriesState([...ids, now], maps) }));
    }
    if (Math.max(...score) >= 13 && Math.abs(score[0] - score[1]) >= 2) {
      push(gameWon(id, TEAMS[winner]));
      push(gameEnded(id));
      pastIds[game - 1] = id;
      winners.push(winner);
      scores.push(score);
      if (winners.filter((won) => won === winner).length === 2) {
        push(seriesWon(TEAMS[winner]));
        push(seriesEnded());
        break;
      }
      game += 1;
      id = `g${game}`;
      score = [0, 0];
      round = 0;
      push(gameStarted(id));
    }
  }
  if (score[0] + score[1] > 0 && scores.at(-1) !== score) scores.push(score);
  return { frames, scores, winners };
}

const pastIds: string[] = [];

describe("random series", () => {
  it("are told with the score that a board would show, whatever is taken back on the way", () => {
    fc.assert(
      fc.property(script, (one) => {
        pastIds.length = 0;
        const { frames, scores, winners } = play(one);
        const decoder = createGridDecoder({ matches: [CS] });
        const events = frames.flatMap((frame, index) => decode(decoder, frame, stampAt(index * 1000 + 1500)));
        const last = new Map<number, readonly [number, number]>();
        const won = new Map<number, number>();
        let open = new Set<number>();
        for (const { claim } of events.filter(isClaim)) {
          if (claim.kind === "game_started") open.add(claim.game);
          if (claim.kind === "game_progress") {
            expect(open.has(claim.game)).toBe(true);
            expect(won.has(claim.game)).toBe(false);
            last.set(claim.game, claim.progress.score!);
          }
          if (claim.kind === "game_won") won.set(claim.game, claim.winner);
          if (claim.kind === "retracted") {
            if (claim.game === undefined) open = new Set();
            else {
              open.delete(claim.game);
              last.delete(claim.game);
              won.delete(claim.game);
            }
          }
        }
        scores.forEach((score, index) => expect(last.get(index + 1)).toEqual(score));
        expect([...won.values()]).toEqual(winners);
        const seriesWinner = [0, 1].find((team) => winners.filter((each) => each === team).length === 2);
        expect(told(events).filter((each) => each.startsWith("series_won"))).toEqual(
          seriesWinner === undefined ? [] : [`series_won ${seriesWinner}`],
        );
        expect(decoder.stats).toMatchObject({ quarantined: 0, gaps: 0, transactions: frames.length });
      }),
      { numRuns: 60 },
    );
  });
});
