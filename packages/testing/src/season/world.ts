import type { Team } from "@matchpoint/sdk";

/** How a series or game stands as having ended. `given`: by default, which also may be held as not played. */
export type End = Team | "void" | "not_played" | "given0" | "given1" | undefined;

/** Where a game stands, as everybody in the hall can see it. */
export interface GameView {
  readonly game: number;
  /** Changes when the game is played again from the start. */
  readonly ref: number;
  readonly started: boolean;
  readonly paused: boolean;
  readonly score: readonly [number, number];
  readonly clockMs: number;
  readonly winner: Team | undefined;
  readonly forfeit: boolean;
}

/** Where a match stands. Never changed after it was made. */
export interface View {
  readonly started: boolean;
  readonly games: readonly GameView[];
  readonly maps: readonly [number, number];
  readonly winner: Team | undefined;
  readonly forfeit: boolean;
  /** Over, with or without a winner. */
  readonly ended: boolean;
  readonly off: "cancelled" | "walkover" | "postponed" | undefined;
}

/** Something that had been so and is so no longer: everybody who acted on it has to be told. */
export interface Unsaying {
  readonly kind: "rollback" | "remake" | "correction";
  /** 0 is the series. */
  readonly game: number;
}

/** The match from this moment on. */
export interface Moment {
  /** Ms after the scheduled start of the match. */
  readonly at: number;
  readonly view: View;
  readonly unsaid?: Unsaying;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Writes down a match as it happens. */
export class Chronicle {
  readonly moments: Moment[] = [];
  readonly bestOf: number;
  now = 0;
  view: View = {
    started: false,
    games: [],
    maps: [0, 0],
    winner: undefined,
    forfeit: false,
    ended: false,
    off: undefined,
  };

  constructor(bestOf: number) {
    this.bestOf = bestOf;
  }

  /** Wins that decide the series. */
  get needed(): number {
    return Math.floor(this.bestOf / 2) + 1;
  }

  /** The series changes. */
  set(change: Partial<View>, unsaid?: Unsaying): void {
    this.view = { ...this.view, ...change };
    this.moments.push({ at: this.now, view: this.view, ...(unsaid === undefined ? {} : { unsaid }) });
  }

  game(game: number): GameView {
    return this.view.games.find((each) => each.game === game) ?? blank(game);
  }

  /** A game changes, and the count of maps with it. */
  setGame(game: number, change: Partial<GameView>, unsaid?: Unsaying, series: Partial<View> = {}): void {
    const next = { ...this.game(game), ...change };
    const games = [...this.view.games.filter((each) => each.game !== game), next];
    games.sort((a, b) => a.game - b.game);
    this.set({ games, maps: countMaps(games), ...series }, unsaid);
  }

  /** Ends the series when its maps decide it. */
  finish(): boolean {
    const { maps } = this.view;
    const winner = ([0, 1] as const).find((team) => maps[team] >= this.needed);
    if (winner !== undefined) this.set({ winner, ended: true });
    else if (maps[0] + maps[1] >= this.bestOf) this.set({ ended: true });
    else return false;
    return true;
  }
}

function blank(game: number): GameView {
  return {
    game,
    ref: 0,
    started: false,
    paused: false,
    score: [0, 0],
    clockMs: 0,
    winner: undefined,
    forfeit: false,
  };
}

/** Maps won per team. */
export function countMaps(games: readonly GameView[]): [number, number] {
  const maps: Mutable<[number, number]> = [0, 0];
  for (const { winner } of games) if (winner !== undefined) maps[winner] += 1;
  return maps;
}

/** How the series (0) or a game stands in a view. */
export function endOf(view: View, game: number, bestOf: number): End {
  if (view.off !== undefined && view.off !== "postponed") return "void";
  if (game === 0) {
    if (view.winner !== undefined) return view.winner;
    const needed = Math.floor(bestOf / 2) + 1;
    const winner = ([0, 1] as const).find((team) => view.maps[team] >= needed);
    if (winner !== undefined) return winner;
    return view.ended || view.maps[0] + view.maps[1] >= bestOf ? "void" : undefined;
  }
  const own = view.games.find((each) => each.game === game);
  if (own?.winner !== undefined) {
    if (!own.forfeit) return own.winner;
    return own.started ? own.winner : own.winner === 0 ? "given0" : "given1";
  }
  return endOf(view, 0, bestOf) === undefined ? undefined : "not_played";
}
