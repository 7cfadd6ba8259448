import type { MatchDescription, Team } from "@matchpoint/sdk";
import type { GameView, SeriesView } from "../common/view.ts";

/** A game that was played, in the order of the match's teams. */
export interface PlayedGame {
  readonly ref: string;
  readonly seriesId: string | undefined;
  /** Unix ms. */
  readonly startedAt: number;
  readonly radiant: Team;
  /** `undefined` until it is known. */
  readonly winner: Team | undefined;
  readonly kills: readonly [number, number] | undefined;
  readonly durationMs: number | undefined;
}

/** More games of one pair in one league are not one match. */
const MAX_GAMES = 50;

/**
 * What OpenDota says about one match: the games of the series that begins nearest to the match's start, numbered in the order
 * in which they were played. The list is in the order of ends, so that a later game is never there before an earlier one.
 */
export class OpendotaSeries {
  readonly #match: MatchDescription;
  readonly #games = new Map<string, PlayedGame>();

  constructor(match: MatchDescription) {
    this.#match = match;
  }

  game(ref: string): PlayedGame | undefined {
    return this.#games.get(ref);
  }

  take(game: PlayedGame): void {
    if (this.#games.has(game.ref) || this.#games.size < MAX_GAMES) this.#games.set(game.ref, game);
  }

  /** Games without a winner: to be asked of `/matches/{id}`. */
  get unresolved(): readonly string[] {
    return this.#series()
      .filter(({ winner }) => winner === undefined)
      .map(({ ref }) => ref);
  }

  /** Whether the games decide the series, or all of them are played. */
  get decided(): boolean {
    const { bestOf } = this.#match;
    const maps = this.view().maps ?? [0, 0];
    return Math.max(...maps) > bestOf / 2 || maps[0] + maps[1] >= bestOf;
  }

  view(): SeriesView {
    const games = new Map<number, GameView>();
    const maps: [number, number] = [0, 0];
    const played = this.#series();
    for (const [index, one] of played.entries()) {
      const { winner, kills, durationMs, radiant } = one;
      if (winner !== undefined) maps[winner] += 1;
      games.set(index + 1, {
        game: index + 1,
        ref: one.ref,
        started: true,
        paused: false,
        ended: winner !== undefined,
        winner,
        forfeit: false,
        progress: {
          ...(durationMs === undefined ? {} : { clockMs: durationMs }),
          ...(kills === undefined ? {} : { score: kills, kills }),
          firstSide: radiant,
        },
      });
    }
    return {
      valid: true,
      started: played.length > 0,
      // The games are all that is stated: the end of the series follows from them.
      ended: false,
      winner: undefined,
      forfeit: false,
      cancelled: undefined,
      maps: maps[0] + maps[1] === 0 ? undefined : maps,
      games,
    };
  }

  /** The games of the series in order, up to the first whose winner is unknown and no further than the series can go. */
  #series(): readonly PlayedGame[] {
    const bySeries = new Map<string, PlayedGame[]>();
    for (const game of this.#games.values()) {
      const key = game.seriesId ?? "";
      bySeries.set(key, [...(bySeries.get(key) ?? []), game]);
    }
    let best: readonly PlayedGame[] = [];
    let bestDistance = Infinity;
    for (const games of bySeries.values()) {
      games.sort((a, b) => a.startedAt - b.startedAt || Number(BigInt(a.ref) - BigInt(b.ref)));
      const distance = Math.abs(games[0]!.startedAt - (this.#match.startsAt ?? 0));
      if (distance >= bestDistance) continue;
      best = games;
      bestDistance = distance;
    }
    const { bestOf } = this.#match;
    const taken: PlayedGame[] = [];
    const maps = [0, 0];
    for (const game of best) {
      if (taken.length === bestOf || Math.max(...maps) > bestOf / 2) break;
      taken.push(game);
      if (game.winner === undefined) break;
      maps[game.winner]! += 1;
    }
    return taken;
  }
}
