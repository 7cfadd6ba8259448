import type { MatchDescription, Nanos, Team } from "@matchpoint/sdk";
import type { GameView, SeriesView } from "../common/view.ts";
import { Gateway } from "./gateway.ts";
import { LiveGame } from "./liveGame.ts";

/** What Riot says about one match: the gateway's list and counts, and the live statistics of each of its games. */
export class RiotSeries {
  readonly gateway = new Gateway();
  readonly #match: MatchDescription;
  readonly #live = new Map<string, LiveGame>();

  constructor(match: MatchDescription) {
    this.#match = match;
  }

  /** The live statistics of a game that the gateway lists; `undefined` for an id that it does not. */
  live(id: string): LiveGame | undefined {
    const known = this.#live.get(id);
    if (known !== undefined) return known;
    for (const game of this.gateway.games.values()) {
      if (game.id !== id) continue;
      const made = new LiveGame(id);
      this.#live.set(id, made);
      return made;
    }
    return undefined;
  }

  /** The number of a game by its id, while it counts. */
  numberOf(id: string): number | undefined {
    for (const game of this.gateway.games.values()) if (game.id === id) return game.number;
    return undefined;
  }

  /** Games of the series at most: by the match and by the gateway; where they differ, the longer one. */
  get length(): number {
    return Math.max(this.#match.bestOf, this.gateway.count ?? 0);
  }

  get winner(): Team | undefined {
    const { wins, named } = this.gateway;
    if (wins === undefined) return undefined;
    const needed = Math.floor(this.length / 2) + 1;
    if (wins[0] >= needed || wins[1] >= needed) return wins[0] > wins[1] ? 0 : 1;
    return named;
  }

  /** Whether all games were played without a winner: a best of two may end even. */
  get even(): boolean {
    const { wins } = this.gateway;
    return wins !== undefined && wins[0] === wins[1] && wins[0] + wins[1] >= this.length;
  }

  /** @param without a game to leave out, to say that it was taken back */
  view(without?: number): SeriesView {
    const games = new Map<number, GameView>();
    for (const number of this.#numbers()) if (number !== without) games.set(number, this.#game(number));
    const { wins } = this.gateway;
    const { winner } = this;
    const played = [...games.values()].some((game) => game.started);
    const needed = Math.floor(this.length / 2) + 1;
    const won = winner === undefined ? 0 : (wins?.[winner] ?? 0);
    return {
      valid: true,
      started: played || (wins !== undefined && wins[0] + wins[1] > 0),
      ended: winner !== undefined || this.even,
      winner,
      forfeit: winner !== undefined && (won < needed || this.gateway.givenTo(winner)),
      cancelled: undefined, // the gateway has no word for it: the match just stays unstarted
      maps: wins,
      games,
    };
  }

  /** Whether a game is being played and not paused: then new frames are due. `waitMs`: how long the first may take. */
  playing(at: Nanos, waitNanos: number): boolean {
    for (const { id, number, state } of this.gateway.games.values()) {
      if (this.gateway.winner(number) !== undefined || state === "completed") continue;
      const live = this.#live.get(id);
      if (live?.seen === true) {
        if (live.state === "in_game") return true;
      } else {
        const since = this.gateway.since(id);
        if (state === "inProgress" && since !== undefined && at - since > waitNanos) return true;
      }
    }
    return false;
  }

  #numbers(): number[] {
    const { wins, games } = this.gateway;
    const numbers = new Set(games.keys());
    const total = wins === undefined ? 0 : Math.min(wins[0] + wins[1], this.length);
    for (let game = 1; game <= total; game++) {
      if (this.gateway.winner(game) !== undefined) numbers.add(game);
    }
    return [...numbers].sort((a, b) => a - b);
  }

  #game(number: number): GameView {
    const { gateway } = this;
    const listed = gateway.games.get(number);
    const live = listed === undefined ? undefined : this.#live.get(listed.id);
    const seen = live?.seen === true;
    const winner = gateway.winner(number);
    const forfeit = gateway.awarded.has(number);
    const completed = listed?.state === "completed";
    const played =
      listed !== undefined &&
      (gateway.wasPlayed(listed.id) || (completed && !gateway.untouched(listed.id)) || winner !== undefined);
    const started = seen || (played && !forfeit);
    return {
      game: number,
      ref: listed?.id,
      started,
      paused: live?.state === "paused",
      ended: (completed && started) || live?.state === "finished",
      winner,
      forfeit,
      progress: seen ? live.progress : {},
    };
  }
}
