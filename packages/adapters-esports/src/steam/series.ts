import type { GameProgress, MatchDescription, Team } from "@matchpoint/sdk";
import type { GameView, SeriesView } from "../common/view.ts";
import type { SteamReading } from "./reading.ts";

interface Listed {
  readonly ref: string;
  readonly radiant: Team;
  wins: readonly [number, number];
  started: boolean;
  durationMs: number;
  progress: GameProgress;
  /** Polls in a row that did not list it. */
  misses: number;
  /** Polls in a row that showed an earlier moment of it. */
  behind: number;
  /** Who won it, as OpenDota has it. */
  result: Team | undefined;
  /** It was played again under another id: it does not come back. */
  superseded: boolean;
}

/** More games of one pair in one league are not a series. */
const MAX_GAMES = 50;

/** A game leaves the list by glitches too: only so many polls in a row without it mean something. */
const GONE_AFTER = 3;
/** Answers may be old ones: a game was set back only when so many in a row say so. */
const SET_BACK_AFTER = 3;

/** What became of a game of a poll. `late`: an older answer; `unplaced`: its number belongs to another game. */
export type SteamOutcome = "taken" | "rewound" | "late" | "unplaced";

/**
 * What Steam says about one match: the games that it lists, by the number that the wins before them give. A game that
 * disappears has no result by that: who won it is said by OpenDota, or by the wins that the next game starts with.
 */
export class SteamSeries {
  readonly #match: MatchDescription;
  readonly #known = new Map<string, Listed>();
  readonly #slots = new Map<number, Listed>();

  constructor(match: MatchDescription) {
    this.#match = match;
  }

  /** The team on radiant in a game that was seen before: it may come without its teams later. */
  radiantOf(ref: string): Team | undefined {
    return this.#known.get(ref)?.radiant;
  }

  /** Takes over what a poll says of a game. */
  list(reading: SteamReading): { readonly outcome: SteamOutcome; readonly game: number } {
    const game = reading.wins[0] + reading.wins[1] + 1;
    let listed = this.#known.get(reading.ref);
    const fresh = listed === undefined;
    listed ??= {
      ref: reading.ref,
      radiant: reading.radiant,
      wins: reading.wins,
      started: false,
      durationMs: 0,
      progress: {},
      misses: 0,
      behind: 0,
      result: undefined,
      superseded: false,
    };
    if (fresh && this.#known.size >= MAX_GAMES) return { outcome: "unplaced", game };
    this.#known.set(reading.ref, listed);
    listed.misses = 0;
    // Wins that make it a game of no number are no reason to believe the rest.
    if (!this.#mayTake(listed, reading.wins, game)) return { outcome: "unplaced", game };
    let outcome: SteamOutcome = "taken";
    if (!fresh && isBehind(listed, reading)) {
      listed.behind += 1;
      if (listed.behind < SET_BACK_AFTER) return { outcome: "late", game };
      outcome = "rewound";
    }
    listed.behind = 0;
    listed.wins = reading.wins;
    listed.started = reading.started;
    listed.durationMs = reading.durationMs;
    listed.progress = reading.progress;
    this.#place(listed, game);
    return { outcome, game };
  }

  /** A poll has listed these games and no others. */
  missed(seen: ReadonlySet<string>): void {
    for (const listed of this.#known.values()) if (!seen.has(listed.ref)) listed.misses += 1;
  }

  /** OpenDota says who won a game. Returns whether it is one of the match's. */
  result(ref: string, radiantWon: boolean): boolean {
    const listed = this.#known.get(ref);
    if (listed === undefined) return false;
    listed.result = radiantWon ? listed.radiant : other(listed.radiant);
    const game = listed.wins[0] + listed.wins[1] + 1;
    const holder = this.#slots.get(game);
    // What looked like a remake of a game that has a result is another game.
    if (listed.superseded && holder !== undefined && holder.result === undefined) {
      listed.superseded = false;
      holder.superseded = true;
      this.#slots.set(game, listed);
    }
    return true;
  }

  /** Games that have disappeared and whose winner is not known: what to ask OpenDota about. */
  get unresolved(): readonly string[] {
    const refs: string[] = [];
    for (const [game, listed] of this.#slots) {
      if (listed.started && listed.misses >= GONE_AFTER && this.#winner(game) === undefined)
        refs.push(listed.ref);
    }
    return refs;
  }

  /** The game that is listed and past its draft. */
  get running(): { readonly ref: string; readonly durationMs: number } | undefined {
    for (const [game, listed] of this.#slots) {
      if (listed.started && listed.misses < GONE_AFTER && this.#winner(game) === undefined) return listed;
    }
    return undefined;
  }

  /** Whether the maps decide the series, or all of its games are played. */
  get decided(): boolean {
    const { bestOf } = this.#match;
    const maps = this.#maps();
    if (maps === undefined) return false;
    return Math.max(...maps) > bestOf / 2 || maps[0] + maps[1] >= bestOf;
  }

  /** @param without a game to leave out, to say that it was taken back */
  view(without?: number): SeriesView {
    const games = new Map<number, GameView>();
    const numbers = [...this.#slots.keys()].sort((a, b) => a - b);
    const last = numbers.findLast((game) => this.#slots.get(game)!.started) ?? 0;
    for (const game of numbers) {
      if (game === without) continue;
      const { ref, started, progress } = this.#slots.get(game)!;
      const winner = this.#winner(game);
      const ended = winner !== undefined || game < last;
      games.set(game, { game, ref, started, paused: false, ended, winner, forfeit: false, progress });
    }
    const maps = this.#maps();
    return {
      valid: true,
      started: last > 0 || (maps !== undefined && maps[0] + maps[1] > 0),
      // Nothing here says that a series is over: that follows from its games.
      ended: false,
      winner: undefined,
      forfeit: false,
      cancelled: undefined,
      maps,
      games,
    };
  }

  /** Whether a game can have a number: if another has it, that one must have disappeared without a winner. */
  #mayTake(listed: Listed, wins: readonly [number, number], game: number): boolean {
    const { bestOf } = this.#match;
    if (listed.superseded || game > bestOf || Math.max(...wins) > bestOf / 2) return false;
    const holder = this.#slots.get(game);
    if (holder === undefined || holder === listed) return true;
    return holder.misses >= GONE_AFTER && this.#winner(game) === undefined;
  }

  #place(listed: Listed, game: number): void {
    const holder = this.#slots.get(game);
    if (holder !== undefined && holder !== listed) holder.superseded = true;
    for (const [number, each] of this.#slots)
      if (each === listed && number !== game) this.#slots.delete(number);
    this.#slots.set(game, listed);
  }

  /** By OpenDota, and by the wins that a later game started with; `undefined` too where the two disagree. */
  #winner(game: number): Team | undefined {
    const { result, wins } = this.#slots.get(game)!;
    const byWins = this.#winnerByWins(game, wins);
    if (result !== undefined && byWins !== undefined && result !== byWins) return undefined;
    return result ?? byWins;
  }

  #winnerByWins(game: number, wins: readonly [number, number]): Team | undefined {
    for (const number of [...this.#slots.keys()].sort((a, b) => a - b)) {
      if (number <= game) continue;
      const later = this.#slots.get(number)!.wins;
      const [first, second] = [later[0] - wins[0], later[1] - wins[1]];
      // Every game between was won by one team, or it is not known which of them by whom.
      if (first > 0 && second === 0) return 0;
      if (second > 0 && first === 0) return 1;
      return undefined;
    }
    return undefined;
  }

  #maps(): readonly [number, number] | undefined {
    const last = Math.max(0, ...this.#slots.keys());
    if (last === 0) return undefined;
    const { wins } = this.#slots.get(last)!;
    const winner = this.#winner(last);
    if (winner === undefined) return wins;
    return winner === 0 ? [wins[0] + 1, wins[1]] : [wins[0], wins[1] + 1];
  }
}

/** Whether an answer shows an earlier moment of a game than one before it. */
function isBehind(before: Listed, now: SteamReading): boolean {
  if (now.durationMs !== before.durationMs) return now.durationMs < before.durationMs;
  return sum(now.progress.kills) < sum(before.progress.kills);
}

function sum(pair: readonly [number, number] | undefined): number {
  return pair === undefined ? 0 : pair[0] + pair[1];
}

function other(team: Team): Team {
  return team === 0 ? 1 : 0;
}
