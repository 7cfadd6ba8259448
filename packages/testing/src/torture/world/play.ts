import {
  logistic,
  logit,
  type MarketDescription,
  type MatchClaim,
  type MatchDescription,
  type Team,
} from "@matchpoint/sdk";
import type { Ground } from "../kernel/ground.ts";
import type { Prng } from "../../simulator/prng.ts";

/** From one look at a game to the next. */
const PACE_MS = 1_700;

/** What truly happens in a match. Far faster than a real one: a game is over in some seconds. */
export class Play {
  readonly match: MatchDescription;
  readonly #ground: Ground;
  readonly #draw: Prng;
  readonly #strength: number;
  readonly winners: (Team | undefined)[];
  seriesWinner: Team | undefined;
  /** Called off before its start, or broken off: games that were not played pay half each. */
  over = false;
  #frozen = false;
  #game = 0;
  #lead = 0;
  #starts = 0;
  #remake: boolean;
  #forfeit: number;
  readonly #onFact: (claim: MatchClaim, revokes: boolean) => void;

  constructor(
    ground: Ground,
    match: MatchDescription,
    onFact: (claim: MatchClaim, revokes: boolean) => void,
  ) {
    this.match = match;
    this.#ground = ground;
    this.#onFact = onFact;
    this.#draw = ground.dice.stream(`play ${match.matchId}`);
    this.#strength = this.#draw.normal(0, 0.7);
    this.winners = new Array<Team | undefined>(match.bestOf).fill(undefined);
    const { dice, time } = ground;
    this.#remake = dice.due("remake");
    this.#forfeit = dice.due("forfeit") ? this.#draw.int(1, match.bestOf) : 0;
    const walkover = dice.due("walkover");
    time.after(this.#draw.between(2_000, 8_000), () => {
      if (walkover) {
        this.over = true;
        this.#injected("walkover", ({ kind }) => kind === "cancelled");
        this.#say({ kind: "cancelled", reason: "walkover" });
      } else {
        this.#say({ kind: "series_started" });
        this.#start(1);
      }
    });
  }

  /** Nothing happens in it any more. */
  freeze(): void {
    this.#frozen = true;
  }

  /** Log-odds of outcome 0 of a market, as everybody who watches sees it. */
  fair({ subject }: MarketDescription): number {
    if (subject === undefined) return logit(Math.min(0.985, Math.max(0.015, 0.7 * this.#series())));
    const p = subject.kind === "series" ? this.#series() : this.#ofGame(subject.game);
    const own = subject.teamOf[0] === 0 ? p : 1 - p;
    return logit(Math.min(0.985, Math.max(0.015, own)));
  }

  /** What outcome 0 and 1 of a market pay by what happened; `undefined` while that is open. */
  payouts({ subject }: MarketDescription): readonly [number, number] | undefined {
    if (subject === undefined) return this.#handicap();
    const winner = subject.kind === "series" ? this.seriesWinner : this.winners[subject.game - 1];
    if (winner !== undefined) return subject.teamOf[0] === winner ? [1_000_000, 0] : [0, 1_000_000];
    return this.over ? [500_000, 500_000] : undefined;
  }

  /** Two games between the teams, for the first one. */
  #handicap(): readonly [number, number] | undefined {
    if (this.seriesWinner === undefined) return this.over ? [500_000, 500_000] : undefined;
    const [first = 0, second = 0] = [0, 1].map((team) => this.winners.filter((each) => each === team).length);
    return first - second >= 2 ? [1_000_000, 0] : [0, 1_000_000];
  }

  /** What truly happened counts when a program hears of it. */
  #injected(fault: "walkover" | "remake" | "forfeit", tells: (claim: MatchClaim) => boolean): void {
    const { matchId } = this.match;
    this.#ground.injected(
      fault,
      (entry) =>
        entry.kind === "step" &&
        entry.event.type === "match_claim" &&
        entry.event.matchId === matchId &&
        tells(entry.event.claim),
    );
  }

  #say(claim: MatchClaim, revokes = false): void {
    if (this.#frozen) return;
    this.#onFact(claim, revokes);
  }

  #start(game: number): void {
    this.#game = game;
    this.#lead = 0;
    this.#starts += 1;
    this.#say({ kind: "game_started", game });
    const ticks = this.#draw.int(5, 12);
    this.#tick(ticks, ticks);
  }

  #tick(left: number, of: number): void {
    this.#ground.time.after(PACE_MS, () => {
      if (this.#frozen) return;
      const draw = this.#draw;
      this.#lead += draw.normal(this.#strength * 0.15, 0.45);
      const game = this.#game;
      if (this.#remake && left < of - 3) {
        this.#remake = false;
        this.#injected("remake", (claim) => claim.kind === "retracted" && claim.reason === "remake");
        this.#say({ kind: "retracted", game, reason: "remake" }, true);
        this.#start(game);
        return;
      }
      if (this.#forfeit === game && left < of - 2) {
        this.#injected("forfeit", (claim) => claim.kind === "game_won" && claim.forfeit === true);
        this.#win(draw.chance(0.5) ? 0 : 1, true);
        return;
      }
      if (left > 0) {
        const at = of - left;
        const gold = 20_000 + at * 3_000;
        const skew = Math.round(this.#lead * 1_500);
        const kills = [
          Math.max(0, at + Math.round(this.#lead * 2)),
          Math.max(0, at - Math.round(this.#lead * 2)),
        ] as const;
        this.#say({
          kind: "game_progress",
          game,
          progress: { clockMs: at * 180_000, gold: [gold + skew, gold - skew], kills, score: kills },
        });
        this.#tick(left - 1, of);
        return;
      }
      this.#win(draw.unit() < logistic(this.#lead * 2) ? 0 : 1, false);
    });
  }

  #win(winner: Team, forfeit: boolean): void {
    const game = this.#game;
    this.winners[game - 1] = winner;
    this.#say({ kind: "game_won", game, winner, ...(forfeit ? { forfeit } : {}) });
    const needed = Math.floor(this.match.bestOf / 2) + 1;
    const maps = [0, 1].map((team) => this.winners.filter((each) => each === team).length);
    if (forfeit || maps[winner]! >= needed) {
      this.seriesWinner = winner;
      this.over = true;
      this.#ground.time.after(500, () =>
        this.#say({ kind: "series_won", winner, ...(forfeit ? { forfeit } : {}) }),
      );
      return;
    }
    this.#ground.time.after(this.#draw.between(2_000, 6_000), () => this.#start(game + 1));
  }

  #ofGame(game: number): number {
    const winner = this.winners[game - 1];
    if (winner !== undefined) return winner === 0 ? 1 : 0;
    if (this.over) return 0.5;
    return logistic(game === this.#game ? this.#strength + 2 * this.#lead : this.#strength);
  }

  #series(): number {
    if (this.seriesWinner !== undefined) return this.seriesWinner === 0 ? 1 : 0;
    if (this.over) return 0.5;
    const needed = Math.floor(this.match.bestOf / 2) + 1;
    const chance = (game: number, a: number, b: number): number => {
      if (a >= needed) return 1;
      if (b >= needed) return 0;
      const p = this.#ofGame(game);
      return p * chance(game + 1, a + 1, b) + (1 - p) * chance(game + 1, a, b + 1);
    };
    return chance(1, 0, 0);
  }
}
