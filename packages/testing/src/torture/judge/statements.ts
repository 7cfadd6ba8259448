import type { CoreEvent, MatchClaim } from "@matchpoint/sdk";

/** What one source says at present of who won. */
interface Said {
  readonly games: Map<number, number>;
  /** It has said something of the whole series that may decide games too. */
  series: boolean;
  /** Games that its score of the series counts. */
  counted: number;
}

const ROUNDS = 13;

/** Which winners are stated at present, by source: what a verdict may rest on. */
export class Statements {
  readonly #said = new Map<string, Map<string, Said>>();
  readonly #refs = new Set<string>();
  /** Whether the last claim was not one that had been heard before, by its source's own number. */
  fresh = true;

  take(event: CoreEvent): void {
    if (event.type !== "match_claim") return;
    const ref = `${event.matchId} ${event.source} ${event.ref ?? ""}`;
    this.fresh = event.ref === undefined || !this.#refs.has(ref);
    if (event.ref !== undefined) this.#refs.add(ref);
    if (event.tier === "C") return;
    const sources = this.#said.get(event.matchId) ?? new Map<string, Said>();
    this.#said.set(event.matchId, sources);
    const said = sources.get(event.source) ?? { games: new Map<number, number>(), series: false, counted: 0 };
    sources.set(event.source, said);
    apply(said, event.claim);
  }

  /** Whether anybody states a winner of a game, or something of the series that may imply one. */
  supports(matchId: string, game: number): boolean {
    for (const said of this.#said.get(matchId)?.values() ?? [])
      if (said.series || said.games.has(game) || said.counted >= game) return true;
    return false;
  }
}

function apply(said: Said, claim: MatchClaim): void {
  switch (claim.kind) {
    case "game_progress":
      // Rounds decide a map: who has 13 of them and leads by two has won it.
      if (Math.max(...(claim.progress.score ?? [0])) >= ROUNDS) said.games.set(claim.game, -1);
      return;
    case "game_won":
      said.games.set(claim.game, claim.winner);
      return;
    case "series_score":
      said.counted = claim.maps[0] + claim.maps[1];
      return;
    case "series_won":
    case "series_ended":
    case "game_ended":
    case "cancelled":
      said.series = true;
      return;
    case "retracted":
      if (claim.game === undefined) said.games.clear();
      else said.games.delete(claim.game);
      // What it said of the series rested on the game.
      said.counted = Math.min(said.counted, (claim.game ?? 1) - 1);
      said.series = false;
      return;
    default:
      return;
  }
}
