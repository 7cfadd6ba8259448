import type { Team } from "@matchpoint/sdk";

/** Games that were given and not won: by themselves, or together with the rest of the series. */
export class AwardedGames {
  readonly #awards = new Map<number, Team>();

  add(game: number, to: Team): void {
    this.#awards.set(game, to);
  }

  delete(game: number): void {
    this.#awards.delete(game);
  }

  has(game: number): boolean {
    return this.#awards.has(game);
  }

  to(game: number): Team | undefined {
    return this.#awards.get(game);
  }

  games(): IterableIterator<number> {
    return this.#awards.keys();
  }

  /** Whether the last game that counts for a team was given to it: then so was the series. */
  decides(team: Team, winners: ReadonlyMap<number, Team>): boolean {
    const last = Math.max(0, ...[...winners].filter(([, to]) => to === team).map(([game]) => game));
    return [...this.#awards].some(([game, to]) => to === team && game >= last);
  }
}
