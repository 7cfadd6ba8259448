import { NANOS_PER_MS, type GameProgress, type Nanos, type Team } from "@matchpoint/sdk";
import type { TeamOf } from "../common/teams.ts";
import type { GameView, SeriesView } from "../common/view.ts";
import type { LiveReading } from "./live.ts";
import type { PandascoreMatch } from "./schema.ts";

interface RestGame {
  readonly id: string;
  readonly position: number;
  readonly status: string;
  readonly forfeit: boolean;
  /** Was once running: a forfeit then is one of a started game. */
  readonly ran: boolean;
  readonly winner: Team | undefined;
  /** In how many polls it was finished without a winner. */
  readonly winnerless: number;
}

interface LiveGame {
  readonly id: string;
  finished: boolean;
  winner: Team | undefined;
  paused: boolean;
  timestamp: number | undefined;
  progress: GameProgress;
  /** Since when frames have been behind this one. */
  behindSince: Nanos | undefined;
}

/** A winner is often null for a poll or two after the end: no winner is believed at the second look. */
const LOOKS = 2;
/** Frames may be swapped: only what stays behind for so long was set back. */
const BEHIND_MS = 5_000;
/** A game that is set back to this is played anew. */
const RESTART_SECONDS = 60;

/** What became of a frame. `late`: overtaken by a later one; `over`: of a game that REST has closed. */
export type FrameOutcome = "taken" | "rewound" | "restarted" | "late" | "over" | "unplaced";

/**
 * What PandaScore says about one match. REST is slower and final, frames are faster and may be rewound: a winner named by a
 * frame stands although REST does not know it yet, and gives way to the one that REST names.
 */
export class PandascoreSeries {
  readonly #teamOf: TeamOf;
  #match: PandascoreMatch | undefined;
  #winnerless = 0;
  #rest = new Map<string, RestGame>();
  readonly #live = new Map<number, LiveGame>();
  #current: string | undefined;

  constructor(teamOf: TeamOf) {
    this.#teamOf = teamOf;
  }

  get match(): PandascoreMatch | undefined {
    return this.#match;
  }

  /** Id of the game that is being played, as far as is known. */
  get currentGame(): string | undefined {
    if (this.#current !== undefined) return this.#current;
    for (const game of this.#rest.values()) if (game.status === "running") return game.id;
    return undefined;
  }

  /** Whether a game is being played and not paused. */
  get playing(): boolean {
    if (this.#match !== undefined && this.#match.status !== "running" && this.#match.status !== "not_started")
      return false;
    for (const game of this.view().games.values()) {
      if (game.started && !game.ended && game.winner === undefined && !game.paused) return true;
    }
    return false;
  }

  /** What `hello` says is being played. */
  setCurrent(gameId: string | undefined): void {
    this.#current = gameId ?? this.#current;
  }

  /** Takes over a match of the REST API. Returns the id of a winner that is not of this match, if there is one. */
  poll(match: PandascoreMatch): string | undefined {
    this.#match = match;
    let stranger: string | undefined;
    const known = (id: string | undefined): Team | undefined => {
      if (id === undefined) return undefined;
      const team = this.#teamOf(id);
      if (team === undefined) stranger = id;
      return team;
    };
    const decided = known(match.winner_id) !== undefined;
    this.#winnerless = match.status === "finished" && !decided ? this.#winnerless + 1 : 0;
    if (match.games === undefined) return stranger; // not said is not "none"
    const before = this.#rest;
    this.#rest = new Map();
    for (const game of match.games) {
      const status = game.status ?? (game.finished === true ? "finished" : "not_started");
      const winner = status === "not_started" || status === "running" ? undefined : known(game.winner?.id);
      // A game granted to the team of the upper bracket is finished without having been played.
      const granted = game.position === 1 && match.game_advantage !== undefined && (game.length ?? 0) === 0;
      const noWinner = status === "finished" && winner === undefined;
      this.#rest.set(game.id, {
        id: game.id,
        position: game.position,
        status,
        forfeit: game.forfeit === true || granted || status === "not_played",
        ran: status === "running" || before.get(game.id)?.ran === true,
        winner,
        winnerless: noWinner ? (before.get(game.id)?.winnerless ?? 0) + 1 : 0,
      });
    }
    return stranger;
  }

  /** Takes over a frame. `moved`: its clock is not that of the frame before. */
  frame(
    reading: LiveReading,
    at: Nanos,
  ): { readonly outcome: FrameOutcome; readonly game: number; readonly moved: boolean } {
    const game = this.#place(reading.gameId, reading.finished ? undefined : reading.mapsBefore);
    if (game === undefined) return { outcome: "unplaced", game: 0, moved: false };
    const rest = this.#rest.get(reading.gameId);
    // Frames go on for a while after the end: what REST has closed is closed.
    if (rest !== undefined && (rest.winner !== undefined || rest.status === "finished")) {
      return { outcome: "over", game, moved: false };
    }
    const before = this.#live.get(game);
    const winner = reading.winnerId === undefined ? undefined : this.#teamOf(reading.winnerId);
    const decided = reading.finished && winner !== undefined;
    let outcome: FrameOutcome = "taken";
    if (before !== undefined && before.id === reading.gameId && isBehind(before, reading, decided)) {
      before.behindSince ??= at;
      if (at - before.behindSince < BEHIND_MS * NANOS_PER_MS) return { outcome: "late", game, moved: false };
      outcome = isRestart(reading) ? "restarted" : "rewound";
    }
    this.#current = reading.gameId;
    this.#live.set(game, {
      id: reading.gameId,
      finished: decided,
      winner: decided ? winner : undefined,
      paused: reading.paused,
      timestamp: reading.timestamp,
      progress: reading.progress,
      behindSince: undefined,
    });
    return { outcome, game, moved: before === undefined || before.timestamp !== reading.timestamp };
  }

  /** The frame that was taken last came again: what seemed to stay behind it was only late. */
  again(gameId: string): void {
    for (const game of this.#live.values()) if (game.id === gameId) game.behindSince = undefined;
  }

  /** Takes over what an event states. Events are sent again after a recovery: one that is behind what is known is history. */
  round(gameId: string | undefined, stated: Pick<GameProgress, "score" | "round">): boolean {
    const id = gameId ?? this.currentGame;
    const game = id === undefined ? undefined : this.#place(id, undefined);
    if (id === undefined || game === undefined) return false;
    const live = this.#live.get(game);
    const { score, round } = live?.progress ?? {};
    const behind =
      total(stated.score) < total(score) ||
      (stated.round ?? Infinity) < (round ?? 0) ||
      live?.finished === true;
    if (behind) return false;
    const progress = { ...roundOnly(live?.progress, stated.round), ...stated };
    if (live === undefined) {
      const fresh = { finished: false, winner: undefined, paused: false, timestamp: undefined };
      this.#live.set(game, { id, ...fresh, progress, behindSince: undefined });
    } else live.progress = progress;
    return true;
  }

  /** @param without a game to leave out, to say that it was taken back */
  view(without?: number): SeriesView {
    const match = this.#match;
    const games = new Map<number, GameView>();
    const numbers = new Set([...[...this.#rest.values()].map((game) => game.position), ...this.#live.keys()]);
    for (const number of [...numbers].sort((a, b) => a - b)) {
      games.set(number, this.#gameView(number));
    }
    const status = match?.status ?? "";
    const finished = status === "finished";
    const played = [...games.values()].some((game) => game.started);
    if (without !== undefined) games.delete(without);
    const winner = finished && match?.winner_id !== undefined ? this.#teamOf(match.winner_id) : undefined;
    const forfeit = match?.forfeit === true;
    const walkover = finished && forfeit && !played;
    const cancelled =
      status === "canceled"
        ? "cancelled"
        : status === "postponed"
          ? "postponed"
          : walkover
            ? "walkover"
            : undefined;
    return {
      valid: true,
      started: !walkover && (status === "running" || finished || played),
      ended:
        !walkover && finished && (match?.draw === true || winner !== undefined || this.#winnerless >= LOOKS),
      winner: walkover ? undefined : winner,
      forfeit,
      cancelled,
      maps: walkover ? undefined : this.#maps(),
      games,
    };
  }

  #gameView(number: number): GameView {
    let rest: RestGame | undefined;
    for (const game of this.#rest.values()) if (game.position === number) rest = game;
    const live = this.#live.get(number);
    // Frames of another game under this number are of a game that was replayed.
    const shown = live !== undefined && (rest === undefined || rest.id === live.id) ? live : undefined;
    const winner = rest?.winner ?? shown?.winner;
    const restEnded = rest?.status === "finished" && (winner !== undefined || rest.winnerless >= LOOKS);
    const forfeit = rest?.forfeit === true;
    return {
      game: number,
      ref: rest?.id ?? live?.id,
      started: rest?.ran === true || shown !== undefined || (rest?.status === "finished" && !forfeit),
      paused: shown?.paused === true,
      ended: restEnded || shown?.finished === true,
      winner,
      forfeit,
      progress: shown?.progress ?? {},
    };
  }

  #maps(): readonly [number, number] | undefined {
    const maps: [number | undefined, number | undefined] = [undefined, undefined];
    for (const result of this.#match?.results ?? []) {
      const team = result.team_id === undefined ? undefined : this.#teamOf(result.team_id);
      if (team !== undefined) maps[team] = result.score ?? undefined;
    }
    return maps[0] === undefined || maps[1] === undefined ? undefined : [maps[0], maps[1]];
  }

  /** The number of a game by its id; by the maps played before it while REST has not listed it. */
  #place(gameId: string, mapsBefore: number | undefined): number | undefined {
    const listed = this.#rest.get(gameId)?.position;
    if (listed !== undefined) return listed;
    for (const [number, game] of this.#live) if (game.id === gameId) return number;
    return mapsBefore === undefined || mapsBefore > 8 ? undefined : mapsBefore + 1;
  }
}

/** Whether a frame shows an earlier moment than one before it. */
function isBehind(before: LiveGame, now: LiveReading, decided: boolean): boolean {
  if (before.finished && !decided) return true;
  if (now.gameClock && before.timestamp !== undefined && now.timestamp !== undefined) {
    return now.timestamp < before.timestamp;
  }
  const rounds = total(now.progress.score) - total(before.progress.score);
  return rounds < 0 || (rounds === 0 && (now.progress.round ?? 0) < (before.progress.round ?? 0));
}

/** Whether a frame shows the beginning of a game. */
function isRestart(now: LiveReading): boolean {
  if (now.gameClock) return (now.timestamp ?? Infinity) < RESTART_SECONDS;
  return total(now.progress.score) === 0 && (now.progress.round ?? 1) <= 1;
}

/** What is known of a game once an event names the round: who lived and what was planted is of the round before. */
function roundOnly(known: GameProgress | undefined, round: number | undefined): GameProgress {
  if (known === undefined || round === undefined || round === known.round) return known ?? {};
  const rest: { -readonly [K in keyof GameProgress]: GameProgress[K] } = { ...known };
  delete rest.alive;
  delete rest.planted;
  return rest;
}

function total(score: readonly [number, number] | undefined): number {
  return score === undefined ? 0 : score[0] + score[1];
}
