import { NANOS_PER_MS, type Nanos, type Team } from "@matchpoint/sdk";
import { AwardedGames } from "./awardedGames.ts";
import type { RiotEvent } from "./schema.ts";

type Pair = readonly [number, number];

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
  state: string;
  /** When it was last said to be unstarted. */
  unstartedAt: Nanos | undefined;
  /** It was said to be in progress, or had live statistics. */
  played: boolean;
  since: Nanos | undefined;
}

type EventGames = RiotEvent["match"]["games"];

/** How far on a game is, by its state. */
const PROGRESS: ReadonlyMap<string, number> = new Map([
  ["unstarted", 0],
  ["inProgress", 1],
  ["completed", 2],
]);
/** A cache may answer with what was said before: less than was known is believed at the second look. */
const LOOKS = 2;
/** A game takes longer: one that was unstarted so recently and is won now was not played. */
const TOO_SHORT_MS = 600_000;

/**
 * What the gateway's `getEventDetails` says of a match. It names no winner of a game: who won which is read from how the
 * teams' `gameWins` grow, and stays open where that leaves two answers.
 */
export class Gateway {
  /** The games that count, by number: the one listed last where a number has two ids. */
  games: ReadonlyMap<number, ListedGame> = new Map();
  wins: Pair | undefined;
  /** The winner that is named by `outcome`, if one is. */
  named: Team | undefined;
  count: number | undefined;
  readonly awarded = new AwardedGames();
  readonly #watched = new Map<string, Watched>();
  readonly #winners = new Map<number, Team>();
  #polledAt: Nanos | undefined;
  #behind = 0;

  /**
   * Takes over an answer. `wins` and `named` are already in the order of the match's teams. Returns false for one that says
   * less than was known, as long as it may be an old one.
   */
  poll(event: RiotEvent, wins: Pair | undefined, named: Team | undefined, at: Nanos): boolean {
    const { games, strategy } = event.match;
    this.#behind = this.#isBehind(wins, games) ? this.#behind + 1 : 0;
    if (this.#behind > 0 && this.#behind < LOOKS) return false;
    this.#behind = 0;
    const before = this.wins;
    this.count = strategy?.count ?? this.count;
    this.wins = wins ?? this.wins;
    this.named = (games ?? []).some(({ state }) => state === "inProgress") ? undefined : named;
    if (games !== undefined) this.#list(games, at);
    this.#attribute(before, at);
    this.#polledAt = at;
    return true;
  }

  /** Who won a game, where the counts leave one answer and it was played, or given by itself. */
  winner(game: number): Team | undefined {
    return this.#winners.get(game);
  }

  /** Whether the series was given to a team: the last game that counts for it was. */
  givenTo(team: Team): boolean {
    return this.awarded.decides(team, this.#winners);
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

  #isBehind(wins: Pair | undefined, games: EventGames): boolean {
    if (wins !== undefined && this.wins !== undefined && total(wins) < total(this.wins)) return true;
    return (games ?? []).some(({ id, state }) => {
      const known = PROGRESS.get(this.#watched.get(id)?.state ?? "");
      const now = PROGRESS.get(state ?? "");
      return known !== undefined && now !== undefined && now < known;
    });
  }

  #list(games: NonNullable<EventGames>, at: Nanos): void {
    const chosen = new Map<number, ListedGame>();
    for (const { id, number, state = "" } of games) {
      if (state === "unneeded") continue;
      const watched = this.#watch(id, state, at);
      const other = chosen.get(number);
      // Another id under one number is the game that is played again: the one that turned up later.
      if (other === undefined || this.#watched.get(other.id)!.order < watched.order) {
        chosen.set(number, { id, number, state });
      }
    }
    this.games = new Map([...chosen].sort(([a], [b]) => a - b));
  }

  #watch(id: string, state: string, at: Nanos): Watched {
    let watched = this.#watched.get(id);
    if (watched === undefined) {
      const order = this.#watched.size;
      watched = { order, state, unstartedAt: undefined, played: false, since: undefined };
      this.#watched.set(id, watched);
    }
    watched.state = state;
    if (state === "unstarted") watched.unstartedAt = at;
    if (state === "inProgress") {
      watched.played = true;
      watched.since ??= at;
    }
    return watched;
  }

  /** Which games the wins count: completed ones first, by number. */
  #counted(count: number): number[] {
    const listed = [...this.games.values()];
    const completed = listed.filter(({ state }) => state === "completed");
    for (const some of [completed, listed]) {
      if (some.length >= count) return some.slice(0, count).map(({ number }) => number);
    }
    return Array.from({ length: count }, (_, index) => index + 1);
  }

  #attribute(before: Pair | undefined, at: Nanos): void {
    if (this.wins === undefined) return;
    const counted = this.#counted(total(this.wins));
    for (const game of this.#known()) if (!counted.includes(game)) this.#forget(game);
    let left = this.#unexplained();
    if (left[0] < 0 || left[1] < 0) {
      // A win was taken back: what is known of single games may be wrong.
      for (const game of counted) this.#forget(game);
      left = this.#unexplained();
    }
    if (left[0] > 0 && left[1] > 0) return; // two games at once, one each: which is whose is not said
    const winner: Team = left[0] > 0 ? 0 : 1;
    const open = counted.filter((game) => !this.#winners.has(game) && !this.awarded.has(game));
    const given = open.filter((game) => this.#wasGiven(game, at));
    // Two wins at once of which one was not played: the series was given, and not each of its games.
    const whole = open.length > 1 && given.length > 0 && before !== undefined && this.#isRecent(at);
    for (const game of open) {
      if (given.includes(game) || whole) this.awarded.add(game, winner);
      if (!whole) this.#winners.set(game, winner);
    }
  }

  #known(): Set<number> {
    return new Set([...this.#winners.keys(), ...this.awarded.games()]);
  }

  #unexplained(): Pair {
    const left: [number, number] = [this.wins?.[0] ?? 0, this.wins?.[1] ?? 0];
    for (const game of this.#known()) left[this.#winners.get(game) ?? this.awarded.to(game)!] -= 1;
    return left;
  }

  #forget(game: number): void {
    this.#winners.delete(game);
    this.awarded.delete(game);
  }

  #isRecent(at: Nanos): boolean {
    return this.#polledAt !== undefined && at - this.#polledAt <= TOO_SHORT_MS * NANOS_PER_MS;
  }

  /** A win without play: no flag says so, but a game cannot be won minutes after it had not begun. */
  #wasGiven(game: number, at: Nanos): boolean {
    const id = this.games.get(game)?.id;
    const watched = id === undefined ? undefined : this.#watched.get(id);
    if (watched?.unstartedAt === undefined || watched.played) return false;
    return at - watched.unstartedAt <= TOO_SHORT_MS * NANOS_PER_MS;
  }
}

function total(pair: Pair): number {
  return pair[0] + pair[1];
}
