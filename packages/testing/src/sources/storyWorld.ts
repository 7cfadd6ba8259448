import {
  MatchpointError,
  type GameProgress,
  type MatchDescription,
  type Millis,
  type Team,
} from "@matchpoint/sdk";
import type { CancelReason, StoryStep } from "./story.ts";

/** One game of a story as it stands. */
export interface StoryGame {
  readonly game: number;
  /** Counts remakes: another attempt has another id at most sources. */
  readonly attempt: number;
  readonly status: "running" | "finished";
  readonly paused: boolean;
  readonly winner: Team | undefined;
  readonly forfeit: boolean;
  /** The team on the first side (blue, radiant, CT, defenders). */
  readonly firstSide: Team;
  readonly progress: GameProgress;
  readonly startedAt: Millis;
  readonly endedAt: Millis | undefined;
}

/** A series of a story as it stands. */
export type StoryStatus = "not_started" | "running" | "finished" | "called_off";

const NEEDED: Readonly<Record<number, number>> = { 1: 1, 3: 2, 5: 3 };

/**
 * Where a story stands: the fold of its steps, from which a fake source makes its answers. Steps that make no sense (a game
 * that ends before it began) are errors of the test and throw.
 */
export class StoryWorld {
  readonly match: MatchDescription;
  readonly #games = new Map<number, StoryGame>();
  #status: StoryStatus = "not_started";
  #startedAt: Millis | undefined;
  #endedAt: Millis | undefined;
  #winner: Team | undefined;
  #forfeit = false;
  #calledOff: CancelReason | undefined;

  constructor(match: MatchDescription) {
    this.match = match;
  }

  get status(): StoryStatus {
    return this.#status;
  }

  get startedAt(): Millis | undefined {
    return this.#startedAt;
  }

  get endedAt(): Millis | undefined {
    return this.#endedAt;
  }

  /** Of the series; `undefined` until it has ended, and when nobody has won it. */
  get winner(): Team | undefined {
    return this.#winner;
  }

  get forfeit(): boolean {
    return this.#forfeit;
  }

  get calledOff(): CancelReason | undefined {
    return this.#calledOff;
  }

  /** The games that have begun, ascending. */
  get games(): readonly StoryGame[] {
    return [...this.#games.values()].sort((a, b) => a.game - b.game);
  }

  game(game: number): StoryGame | undefined {
    return this.#games.get(game);
  }

  /** The game that is being played. */
  get running(): StoryGame | undefined {
    return this.games.find((each) => each.status === "running");
  }

  /** Maps won. */
  get maps(): readonly [number, number] {
    const won: [number, number] = [0, 0];
    for (const each of this.#games.values()) if (each.winner !== undefined) won[each.winner] += 1;
    return won;
  }

  /** Moves on by one step that happened at `at`. */
  apply(step: StoryStep, at: Millis): void {
    switch (step.kind) {
      case "series_start":
        this.#status = "running";
        this.#startedAt = at;
        return;
      case "game_start":
        this.#games.set(step.game, {
          ...fresh(step.game, at, step.firstSide ?? this.#games.get(step.game)?.firstSide ?? 0),
          attempt: this.#games.get(step.game)?.attempt ?? 0,
        });
        return;
      case "progress":
      case "rollback":
        this.#change(step.game, this.#moved(step.game, step.progress, step.kind === "rollback"));
        if (step.kind === "rollback") this.#reopen();
        return;
      case "pause":
      case "resume":
        this.#change(step.game, { paused: step.kind === "pause" });
        return;
      case "game_end":
        // A game that was given up before it began has no start of its own.
        if (!this.#games.has(step.game) && step.forfeit === true)
          this.#games.set(step.game, fresh(step.game, at, 0));
        this.#change(step.game, {
          status: "finished",
          paused: false,
          winner: step.winner,
          forfeit: step.forfeit ?? false,
          endedAt: at,
        });
        return;
      case "remake": {
        const before = this.#known(step.game);
        const again = fresh(step.game, at, before.firstSide);
        this.#games.set(step.game, { ...again, attempt: before.attempt + 1 });
        this.#reopen();
        return;
      }
      case "correction":
        this.#change(step.game, { winner: step.winner });
        this.#reopen();
        return;
      case "series_end":
        this.#status = "finished";
        this.#endedAt = at;
        this.#winner = step.winner;
        this.#forfeit = step.forfeit ?? false;
        return;
      case "cancel":
        this.#status = "called_off";
        this.#calledOff = step.reason;
    }
  }

  /** What was said of the series follows from its games: after a change of a game it is said anew. */
  #reopen(): void {
    if (this.#status !== "finished" || this.#winner === undefined || this.#forfeit) return;
    const needed = NEEDED[this.match.bestOf] ?? Math.floor(this.match.bestOf / 2) + 1;
    const { maps } = this;
    this.#winner = maps[0] >= needed ? 0 : maps[1] >= needed ? 1 : undefined;
    if (this.#winner !== undefined) return;
    this.#status = "running";
    this.#endedAt = undefined;
  }

  #moved(game: number, progress: GameProgress, back: boolean): Partial<StoryGame> {
    const known = this.#known(game);
    const side = progress.firstSide ?? known.firstSide;
    const now = { progress, firstSide: side };
    if (!back) return now;
    return { ...now, status: "running", winner: undefined, forfeit: false, endedAt: undefined };
  }

  #change(game: number, change: Partial<StoryGame>): void {
    this.#games.set(game, { ...this.#known(game), ...change });
  }

  #known(game: number): StoryGame {
    const known = this.#games.get(game);
    if (known === undefined) {
      throw new MatchpointError("EVENT_INVALID", `game ${game} of the story has not begun`, {
        where: `match ${this.match.matchId}`,
        hint: "Tell game_start first.",
      });
    }
    return known;
  }
}

function fresh(game: number, at: Millis, firstSide: Team): StoryGame {
  return {
    game,
    attempt: 0,
    status: "running",
    paused: false,
    winner: undefined,
    forfeit: false,
    firstSide,
    progress: {},
    startedAt: at,
    endedAt: undefined,
  };
}
