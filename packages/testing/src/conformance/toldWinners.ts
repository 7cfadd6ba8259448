import type { MatchDescription, SourceEvent, Team } from "@matchpoint/sdk";
import type { StoryStep } from "../sources/index.ts";

/** What a story has told of winners so far: whoever claims another one has made it up. */
export class ToldWinners {
  readonly #needed: number;
  readonly #games = new Map<number, Team>();
  /** Every winner that a game was ever said to have: a claim may be on its way while it is corrected. */
  readonly #ever = new Set<string>();
  readonly #series = new Set<Team>();

  constructor(match: MatchDescription) {
    this.#needed = Math.floor(match.bestOf / 2) + 1;
  }

  take(step: StoryStep): void {
    if (step.kind === "series_end" && step.winner !== undefined) this.#series.add(step.winner);
    if (step.kind === "rollback" || step.kind === "remake") this.#games.delete(step.game);
    if ((step.kind === "game_end" || step.kind === "correction") && step.winner !== undefined) {
      this.#games.set(step.game, step.winner);
      this.#ever.add(`${step.game} ${step.winner}`);
    }
    // Who has the games needed has won the series: a source may say so before the story does.
    for (const team of [0, 1] as const) {
      const won = [...this.#games.values()].filter((winner) => winner === team).length;
      if (won >= this.#needed) this.#series.add(team);
    }
  }

  /** What is made up in a claim, if anything. */
  invention({ claim }: SourceEvent): string | undefined {
    if (claim.kind === "series_won" && !this.#series.has(claim.winner)) {
      return `series_won by team ${claim.winner}, of which the story knows nothing`;
    }
    if (claim.kind === "game_won" && !this.#ever.has(`${claim.game} ${claim.winner}`)) {
      return `game_won ${claim.game} by team ${claim.winner}, of which the story knows nothing`;
    }
    return undefined;
  }
}
