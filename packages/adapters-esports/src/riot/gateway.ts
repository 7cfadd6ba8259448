import { NANOS_PER_MS, type Nanos, type Team } from "@matchpoint/sdk";
import type { RiotEvent } from "./schema.ts";

/** A game as the gateway lists it. */
export interface ListedGame {
  readonly id: string;
  readonly number: number;
  /** `unstarted`, `inProgress`, `completed` or `unneeded`; empty when it says nothing. */
  readonly state: string;
}

/** What the gateway has said about one game id so far. */
interface Watched {
  readonly order: number;
  /** When it was last said to be unstarted. */
  unstartedAt: Nanos | undefined;
  /** It was said to be in progress, or had live statistics. */
  played: boolean;
  since: Nanos | undefined;
}

/** A game takes longer: one that was unstarted so recently and is won now was not played. */
const TOO_SHORT_MS = 600_000;

/**
 * What the gateway's `getEventDetails` says of a match. It names no winner of a game: who won which is read from how the
 * teams' `gameWins` grow, and stays open where that leaves two answers.
 */
export class Gateway {
  /** The games that count, by number: the one listed last where a number has two ids. */
  games: ReadonlyMap<number, ListedGame> = new Map();
  wins: readonly [number, number] | undefined;
  /** The winner that is named by `outcome`, if one is. */
  named: Team | undefined;
  count: number | undefined;
  readonly #watched = new Map<string, Watched>();
  readonly #winners = new Map<number, Team>();
  readonly #forfeits = new Set<number>();

  /** Takes over an answer. `wins` and `named` are already in the order of the match's teams. */
  poll(
    event: RiotEvent,
    wins: readonly [number, number] | undefined,
    named: Team | undefined,
    at: Nanos,
  ): void {
    const { games, strategy } = event.match;
    this.count = strategy?.count ?? this.count;
    this.wins = wins ?? this.wins;
    this.named = (games ?? []).some(({ state }) => state === "inProgress") ? undefined : named;
    if (games !== undefined) this.#list(games, at);
    this.#attribute(at);
  }

  winner(game: number): Team | undefined {
    return this.#winners.get(game);
  }

  forfeit(game: number): boolean {
    return this.#forfeits.has(game);
  }

  /** The game has live statistics: it is being played whatever the gateway says. */
  sawPlay(id: string): void {
    const watched = this.#watched.get(id);
    if (watched !== undefined) watched.played = true;
  }

  /** Since when the gateway says that a game is in progress. */
  since(id: string): Nanos | undefined {
    return this.#watched.get(id)?.since;
  }

  wasPlayed(id: string): boolean {
    return this.#watched.get(id)?.played === true;
  }

  /** The gateway went straight past its play: it was said to be unstarted, and never to be in progress. */
  untouched(id: string): boolean {
    const watched = this.#watched.get(id);
    return watched?.unstartedAt !== undefined && !watched.played;
  }

  /** Games that the gateway says are over, in order. */
  completed(): number[] {
    return [...this.games.values()].filter(({ state }) => state === "completed").map(({ number }) => number);
  }

  #list(games: readonly { id: string; number: number; state: string | undefined }[], at: Nanos): void {
    const chosen = new Map<number, ListedGame>();
    for (const { id, number, state } of games) {
      if (state === "unneeded") continue;
      let watched = this.#watched.get(id);
      if (watched === undefined) {
        watched = { order: this.#watched.size, unstartedAt: undefined, played: false, since: undefined };
        this.#watched.set(id, watched);
      }
      if (state === "unstarted") watched.unstartedAt = at;
      if (state === "inProgress") {
        watched.played = true;
        watched.since ??= at;
      }
      const other = chosen.get(number);
      // Another id under one number is the game that is played again: the one that turned up later.
      if (other === undefined || this.#watched.get(other.id)!.order < watched.order) {
        chosen.set(number, { id, number, state: state ?? "" });
      }
    }
    this.games = new Map([...chosen].sort(([a], [b]) => a - b));
  }

  /** Which games the wins count: completed ones first, by number. */
  #counted(total: number): number[] {
    const completed = this.completed();
    if (completed.length >= total) return completed.slice(0, total);
    const listed = [...this.games.keys()];
    return listed.length >= total
      ? listed.slice(0, total)
      : Array.from({ length: total }, (_, index) => index + 1);
  }

  #attribute(at: Nanos): void {
    if (this.wins === undefined) return;
    const counted = this.#counted(this.wins[0] + this.wins[1]);
    for (const game of [...this.#winners.keys()]) if (!counted.includes(game)) this.#forget(game);
    let left = this.#unexplained();
    if (left[0] < 0 || left[1] < 0) {
      // A win was taken back: what is known of single games may be wrong.
      for (const game of counted) this.#forget(game);
      left = this.#unexplained();
    }
    if (left[0] > 0 && left[1] > 0) return; // two games at once, one each: which is whose is not said
    const winner: Team = left[0] > 0 ? 0 : 1;
    for (const game of counted) {
      if (this.#winners.has(game)) continue;
      this.#winners.set(game, winner);
      if (this.#wasGiven(game, at)) this.#forfeits.add(game);
    }
  }

  #unexplained(): readonly [number, number] {
    const left: [number, number] = [this.wins?.[0] ?? 0, this.wins?.[1] ?? 0];
    for (const winner of this.#winners.values()) left[winner] -= 1;
    return left;
  }

  #forget(game: number): void {
    this.#winners.delete(game);
    this.#forfeits.delete(game);
  }

  /** A win without play: no flag says so, but a game cannot be won minutes after it had not begun. */
  #wasGiven(game: number, at: Nanos): boolean {
    const id = this.games.get(game)?.id;
    const watched = id === undefined ? undefined : this.#watched.get(id);
    if (watched?.unstartedAt === undefined || watched.played) return false;
    return at - watched.unstartedAt <= TOO_SHORT_MS * NANOS_PER_MS;
  }
}
