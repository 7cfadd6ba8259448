import type { Millis, Team } from "@matchpoint/sdk";
import type { SourceServer } from "../sourceServer.ts";
import type { StoryStep } from "../story.ts";
import type { StoryGame } from "../storyWorld.ts";

/** Games have ids of ten digits in 2026, and ids grow. */
const FIRST_ID = 8_930_400_000;
const ID_STEP = 1_000;

/** Where a game's clock stood when it was last told. */
interface ClockMark {
  readonly at: number;
  readonly ms: number;
  readonly runs: boolean;
}

/** The games of the match as Valve numbers and times them: each attempt at a game has an id and a clock of its own. */
export class ValveGames {
  readonly #server: SourceServer;
  readonly #base: number;
  readonly #clocks = new Map<string, ClockMark>();

  constructor(server: SourceServer) {
    this.#server = server;
    this.#base = FIRST_ID + server.rng.int(0, 99) * 100_000;
  }

  /** The league in `league:18000`. */
  get league(): string {
    return this.#server.ref.match.replace(/^league:/, "");
  }

  /** Smaller than the id of every game of the match. */
  get before(): number {
    return this.#base;
  }

  id({ game, attempt }: Pick<StoryGame, "game" | "attempt">): number {
    return this.#base + (game * 10 + attempt) * ID_STEP + 809;
  }

  /** Whether a game was played at all: Valve knows nothing of one that was given up before it began. */
  isKnown(game: StoryGame): boolean {
    return !(game.forfeit && game.startedAt === game.endedAt);
  }

  /** The team on radiant, then the one on dire. */
  sides({ firstSide }: StoryGame): readonly [Team, Team] {
    return firstSide === 0 ? [0, 1] : [1, 0];
  }

  take(step: StoryStep, at: Millis): void {
    if (!("game" in step)) return;
    const game = this.#server.world.game(step.game);
    if (game === undefined) return;
    const told =
      step.kind === "progress" || step.kind === "rollback"
        ? step.progress.clockMs
        : step.kind === "game_start" || step.kind === "remake"
          ? 0
          : undefined;
    this.#clocks.set(String(this.id(game)), {
      at,
      ms: told ?? this.#elapsed(game, at),
      runs: game.status === "running" && !game.paused,
    });
  }

  /** Seconds on the clock of a game. */
  seconds(game: StoryGame): number {
    return Math.round(this.#elapsed(game, this.#server.clock.wall()) / 100) / 10;
  }

  #elapsed(game: StoryGame, at: number): number {
    const mark = this.#clocks.get(String(this.id(game)));
    if (mark === undefined) return 0;
    return mark.runs ? mark.ms + Math.max(0, at - mark.at) : mark.ms;
  }
}
