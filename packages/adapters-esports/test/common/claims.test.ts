import type { MatchClaim, Team } from "@matchpoint/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ClaimTeller } from "../../src/common/claims.ts";
import type { GameView, SeriesView } from "../../src/common/view.ts";
import { brief } from "../support.ts";

const team = fc.option(fc.constantFrom<Team>(0, 1), { nil: undefined });

const gameView = (game: number): fc.Arbitrary<GameView> =>
  fc
    .record({
      ref: fc.constantFrom("a", "b"),
      started: fc.boolean(),
      paused: fc.boolean(),
      ended: fc.boolean(),
      winner: team,
      forfeit: fc.boolean(),
      score: fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 })),
    })
    .map(({ score, ...view }) => ({ ...view, game, ref: `${view.ref}${game}`, progress: { score } }));

const seriesView: fc.Arbitrary<SeriesView> = fc
  .record({
    valid: fc.boolean(),
    started: fc.boolean(),
    ended: fc.boolean(),
    winner: team,
    forfeit: fc.boolean(),
    cancelled: fc.constantFrom(undefined, undefined, "cancelled" as const, "postponed" as const),
    maps: fc.option(fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 })), { nil: undefined }),
    games: fc.tuple(fc.option(gameView(1)), fc.option(gameView(2))),
  })
  .map(({ games, ...view }) => ({
    ...view,
    games: new Map(games.filter((game) => game !== null).map((game) => [game.game, game])),
  }));

/** What somebody believes who has heard all claims and nothing else. */
class Listener {
  valid = true;
  winner: Team | undefined;
  over = false;
  cancelled: string | undefined;
  readonly games = new Map<
    number,
    { started: boolean; over: boolean; winner: Team | undefined; score: string | undefined }
  >();

  hear(claim: MatchClaim): void {
    if (!this.valid) expect(["retracted", "source_valid"]).toContain(claim.kind);
    switch (claim.kind) {
      case "source_invalid":
      case "source_valid":
        expect(this.valid).toBe(claim.kind === "source_invalid");
        this.valid = !this.valid;
        break;
      case "retracted":
        if (claim.game === undefined) {
          this.games.clear();
          this.cancelled = undefined;
        } else {
          expect(this.games.has(claim.game)).toBe(true);
          this.games.delete(claim.game);
        }
        this.winner = undefined;
        this.over = false;
        break;
      case "series_won":
        expect(this.winner).toBeUndefined();
        this.winner = claim.winner;
        this.over = true;
        break;
      case "series_ended":
        this.over = true;
        break;
      case "cancelled":
        this.cancelled = claim.reason;
        break;
      case "series_started":
      case "series_score":
        break;
      default:
        this.#game(claim);
    }
  }

  #game(claim: Extract<MatchClaim, { game: number }>): void {
    const known = this.games.get(claim.game) ?? {
      started: false,
      over: false,
      winner: undefined,
      score: undefined,
    };
    this.games.set(claim.game, known);
    if (claim.kind === "game_started") {
      expect(known.started).toBe(false);
      known.started = true;
    } else if (claim.kind === "game_won") {
      expect(known.winner).toBeUndefined();
      known.winner = claim.winner;
      known.over = true;
    } else if (claim.kind === "game_ended") {
      known.over = true;
    } else {
      expect(known.started).toBe(true);
      expect(known.over).toBe(false);
      if (claim.kind === "game_progress") known.score = claim.progress.score!.join("-");
    }
  }
}

describe("claims of what changes", () => {
  it("let a listener know exactly what the source says, through any sequence of views", () => {
    fc.assert(
      fc.property(fc.array(seriesView, { minLength: 1, maxLength: 12 }), (views) => {
        const teller = new ClaimTeller();
        const listener = new Listener();
        for (const view of views) {
          teller.tell(view, "rollback", (claim) => listener.hear(claim));
          expect(listener.valid).toBe(view.valid);
          if (!view.valid) continue;
          expect(listener.winner).toBe(view.winner);
          expect(listener.cancelled).toBe(view.cancelled);
          if (view.winner === undefined) expect(listener.over).toBe(view.ended);
          for (const game of [1, 2]) {
            const now = view.games.get(game);
            const said = now !== undefined && (now.started || now.ended || now.winner !== undefined);
            const known = listener.games.get(game);
            expect(known !== undefined).toBe(said);
            if (!said) continue;
            expect(known!.started).toBe(now.started);
            expect(known!.winner).toBe(now.winner);
            expect(known!.over).toBe(now.ended || now.winner !== undefined);
            if (now.started && !known!.over) expect(known!.score).toBe(now.progress.score!.join("-"));
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  it("are none for a view that has been told", () => {
    fc.assert(
      fc.property(seriesView, (view) => {
        const teller = new ClaimTeller();
        teller.tell(view, "rollback", () => undefined);
        const again: string[] = [];
        teller.tell(view, "rollback", (claim) => again.push(brief(claim)));
        expect(again).toEqual([]);
      }),
    );
  });

  it("say the series' end again when a game that it rests on was taken back", () => {
    const won = (winner: Team): GameView => ({
      game: 1,
      ref: "g",
      started: true,
      paused: false,
      ended: true,
      winner,
      forfeit: false,
      progress: {},
    });
    const view = (winner: Team, seriesWinner: Team): SeriesView => ({
      valid: true,
      started: true,
      ended: true,
      winner: seriesWinner,
      forfeit: false,
      cancelled: undefined,
      maps: [2, 1],
      games: new Map([[1, won(winner)]]),
    });
    const teller = new ClaimTeller();
    teller.tell(view(0, 0), "correction", () => undefined);
    const said: string[] = [];
    teller.tell(view(1, 0), "correction", (claim, restated) =>
      said.push(`${brief(claim)}${restated ? " (again)" : ""}`),
    );
    expect(said).toEqual([
      "retracted 1 correction",
      "game_started 1 g (again)",
      "game_won 1 1",
      "series_score 2-1 (again)",
      "series_won 0 (again)",
    ]);
  });
});
