import type { GameProgress, MatchClaim, Team } from "@matchpoint/sdk";
import type { GameView, SeriesView } from "./view.ts";

/** Why something that was said no longer holds, when nothing more exact is known. */
export type RetractionHint = "rollback" | "remake" | "correction";

/**
 * Takes a claim. `restated` marks what was said before and is said again after a retraction: true, but no news.
 */
export type Say = (claim: MatchClaim, restated: boolean) => void;

interface ToldGame {
  readonly ref: string | undefined;
  started: boolean;
  paused: boolean;
  ended: boolean;
  winner: Team | undefined;
  progress: GameProgress;
  restating: boolean;
}

const NOTHING: GameProgress = {};
/** A game clock alone is worth a claim when it moved this far. */
const CLOCK_STEP_MS = 10_000;

/**
 * Turns what a source says now into claims: the difference to what has been told before. The order is always the same:
 * invalidation, retractions, validation, the series' start, its games in order, the score, the series' end.
 *
 * While the source's data is invalid only retractions are told; the rest is told after the validation, because nothing
 * that a source says in between counts.
 */
export class ClaimTeller {
  #valid = true;
  #started = false;
  #ended = false;
  #winner: Team | undefined;
  /** The winner that was told last, also when it was taken back. */
  #lastWinner: Team | undefined;
  #cancelled: SeriesView["cancelled"];
  #maps: readonly [number, number] | undefined;
  #restating = false;
  /** What was said of score and end has to be said again, if it still holds. */
  #restatingEnd = false;
  readonly #games = new Map<number, ToldGame>();

  tell(view: SeriesView, hint: RetractionHint, say: Say): void {
    if (!view.valid && this.#valid) {
      this.#valid = false;
      say({ kind: "source_invalid" }, false);
    }
    this.#retract(view, hint, say);
    if (!view.valid) return;
    if (!this.#valid) {
      this.#valid = true;
      say({ kind: "source_valid" }, false);
    }
    const restated = this.#restating;
    if (view.cancelled !== undefined && this.#cancelled === undefined) {
      this.#cancelled = view.cancelled;
      say({ kind: "cancelled", reason: view.cancelled }, restated);
    }
    if (view.started && !this.#started) {
      this.#started = true;
      say({ kind: "series_started" }, restated);
    }
    for (const game of view.games.values()) this.#tellGame(game, say);
    this.#tellScore(view, say);
    this.#tellEnd(view, say);
    this.#restating = false;
    this.#restatingEnd = false;
  }

  /** Says again where the running games stand: a source that is alive and has no news is not silent. */
  keepAlive(view: SeriesView, say: Say): void {
    if (!view.valid) return;
    for (const game of view.games.values()) {
      const told = this.#games.get(game.game);
      if (told?.started !== true || told.paused || told.ended || told.winner !== undefined) continue;
      if (Object.keys(game.progress).length === 0) continue;
      say({ kind: "game_progress", game: game.game, progress: game.progress }, false);
    }
  }

  #retract(view: SeriesView, hint: RetractionHint, say: Say): void {
    const seriesWithdrawn =
      (this.#winner !== undefined && view.winner !== this.#winner) ||
      (this.#ended && !view.ended && view.winner === undefined) ||
      (this.#cancelled !== undefined && view.cancelled !== this.#cancelled) ||
      (this.#started && !view.started);
    for (const [game, told] of this.#games) {
      const now = view.games.get(game);
      const reason = withdrawn(told, now, hint);
      // A game under another id, or a vanished one that comes back, is news; the same game going on is not.
      const same = now !== undefined && now.ref === told.ref;
      if (reason !== undefined && same) this.#games.set(game, untold(told.ref, true));
      else if (!same && (reason !== undefined || isBlank(told))) this.#games.delete(game);
      if (reason === undefined) continue;
      // What was said of the series rested on the game.
      this.#restatingEnd = true;
      this.#winner = undefined;
      this.#ended = false;
      say({ kind: "retracted", game, reason }, false);
    }
    if (!seriesWithdrawn) return;
    // The whole series is taken back: what still holds of it is said again.
    this.#started = false;
    this.#ended = false;
    this.#winner = undefined;
    this.#cancelled = undefined;
    this.#games.clear();
    this.#restating = true;
    this.#restatingEnd = true;
    say({ kind: "retracted", reason: hint }, false);
  }

  #tellGame(view: GameView, say: Say): void {
    const { game } = view;
    let told = this.#games.get(game);
    if (told === undefined) {
      if (!view.started && !view.ended && view.winner === undefined) return;
      told = untold(view.ref, this.#restating);
      this.#games.set(game, told);
    }
    const restated = told.restating;
    if (view.started && !told.started) {
      told.started = true;
      say(
        view.ref === undefined
          ? { kind: "game_started", game }
          : { kind: "game_started", game, ref: view.ref },
        restated,
      );
    }
    if (view.winner !== undefined) {
      if (told.winner === undefined) {
        this.#tellProgress(view, told, say);
        told.winner = view.winner;
        told.ended = true;
        const won: MatchClaim = { kind: "game_won", game, winner: view.winner };
        say(view.forfeit ? { ...won, forfeit: true } : won, this.#restating);
      }
    } else if (view.ended) {
      if (!told.ended) {
        this.#tellProgress(view, told, say);
        told.ended = true;
        say({ kind: "game_ended", game }, restated);
      }
    } else {
      if (told.started && view.paused !== told.paused) {
        told.paused = view.paused;
        say({ kind: view.paused ? "game_paused" : "game_resumed", game }, restated);
      }
      this.#tellProgress(view, told, say);
    }
    told.restating = false;
  }

  #tellProgress(view: GameView, told: ToldGame, say: Say): void {
    if (!told.started || told.ended || !differs(told.progress, view.progress)) return;
    told.progress = view.progress;
    say({ kind: "game_progress", game: view.game, progress: view.progress }, told.restating);
  }

  #tellScore(view: SeriesView, say: Say): void {
    const { maps } = view;
    if (maps === undefined) return;
    const same = samePair(maps, this.#maps);
    if (same && !this.#restatingEnd) return;
    if (this.#maps === undefined && maps[0] + maps[1] === 0) return;
    this.#maps = maps;
    say({ kind: "series_score", maps }, same);
  }

  #tellEnd(view: SeriesView, say: Say): void {
    if (view.winner !== undefined) {
      if (this.#winner !== undefined) return;
      const restated = this.#lastWinner === view.winner && this.#restatingEnd;
      this.#winner = view.winner;
      this.#lastWinner = view.winner;
      this.#ended = true;
      const won: MatchClaim = { kind: "series_won", winner: view.winner };
      say(view.forfeit ? { ...won, forfeit: true } : won, restated);
    } else if (view.ended && !this.#ended) {
      this.#ended = true;
      say({ kind: "series_ended" }, this.#restatingEnd);
    }
  }
}

function untold(ref: string | undefined, restating: boolean): ToldGame {
  return {
    ref,
    started: false,
    paused: false,
    ended: false,
    winner: undefined,
    progress: NOTHING,
    restating,
  };
}

function isBlank(told: ToldGame): boolean {
  return !told.started && !told.ended && told.winner === undefined;
}

function withdrawn(
  told: ToldGame,
  view: GameView | undefined,
  hint: RetractionHint,
): "rollback" | "remake" | "correction" | undefined {
  if (isBlank(told)) return undefined;
  if (view === undefined) return hint;
  if (told.ref !== undefined && view.ref !== undefined && view.ref !== told.ref) return "remake";
  if (told.started && !view.started) return hint;
  if (told.winner !== undefined) return view.winner === told.winner ? undefined : hint;
  if (told.ended) return view.ended || view.winner !== undefined ? undefined : hint;
  return fellBack(told.progress, view.progress) ? hint : undefined;
}

/** Whether something that only grows while a game is played has become less: the game was set back. */
function fellBack(told: GameProgress, now: GameProgress): boolean {
  const less = (
    a: readonly [number, number] | undefined,
    b: readonly [number, number] | undefined,
  ): boolean => a !== undefined && b !== undefined && (b[0] < a[0] || b[1] < a[1]);
  return (
    less(told.score, now.score) ||
    less(told.kills, now.kills) ||
    less(told.towers, now.towers) ||
    (told.round !== undefined && now.round !== undefined && now.round < told.round)
  );
}

function differs(told: GameProgress, now: GameProgress): boolean {
  if (
    told.round !== now.round ||
    told.firstSide !== now.firstSide ||
    !samePair(now.score, told.score) ||
    !samePair(now.gold, told.gold) ||
    !samePair(now.towers, told.towers) ||
    now.planted !== told.planted ||
    !samePair(now.kills, told.kills) ||
    !samePair(now.dragons, told.dragons) ||
    !samePair(now.barons, told.barons) ||
    !samePair(now.inhibitors, told.inhibitors) ||
    !samePair(now.equipment, told.equipment) ||
    !samePair(now.alive, told.alive)
  ) {
    return true;
  }
  if (now.clockMs === undefined || told.clockMs === undefined) return false;
  return Math.abs(now.clockMs - told.clockMs) >= CLOCK_STEP_MS;
}

function samePair(
  a: readonly [number, number] | undefined,
  b: readonly [number, number] | undefined,
): boolean {
  return a === b || (a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1]);
}
