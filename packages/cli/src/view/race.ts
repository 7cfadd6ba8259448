import type { MatchClaim, SourceEvent, SourceReport } from "@matchpoint/sdk";
import type { RaceRow } from "@matchpoint/dashboard";
import { Samples } from "./samples.ts";

/** What several sources say sooner or later: who said it first, and when. */
interface Told {
  readonly at: number;
  readonly first: string;
  readonly by: Set<string>;
}

/** Facts that are remembered; the oldest are forgotten. */
const MOST = 20_000;
const MS = 1_000_000;

/** Tells which source of match facts is the first to say what the others say too, and how far they are behind. */
export class RaceView {
  readonly #told = new Map<string, Told>();
  readonly #first = new Map<string, number>();
  readonly #races = new Map<string, number>();
  readonly #behind = new Map<string, Samples>();

  /** Takes a claim; tells whether it says anything that nobody had said before. */
  take(event: SourceEvent): boolean {
    if (event.replayed === true) return false;
    let isNew = false;
    for (const fact of factsOf(event.claim)) {
      const key = `${event.matchId} ${fact}`;
      const told = this.#told.get(key);
      if (told === undefined) {
        isNew = true;
        if (this.#told.size >= MOST) this.#told.delete(this.#told.keys().next().value!);
        this.#told.set(key, { at: event.at, first: event.source, by: new Set([event.source]) });
        continue;
      }
      if (told.by.has(event.source)) continue;
      // A race needs two: the first one has won it now.
      if (told.by.size === 1) {
        count(this.#first, told.first);
        count(this.#races, told.first);
      }
      told.by.add(event.source);
      count(this.#races, event.source);
      let behind = this.#behind.get(event.source);
      if (behind === undefined) this.#behind.set(event.source, (behind = new Samples()));
      behind.add((event.at - told.at) / MS);
    }
    return isNew;
  }

  rows(sources: readonly SourceReport[]): readonly RaceRow[] {
    return sources
      .filter(({ claims }) => claims > 0)
      .map(({ source, tier, claims, lag }) => {
        const { p50, p90 } = this.#behind.get(source)?.spread() ?? {};
        return {
          source,
          tier,
          claims,
          first: this.#first.get(source) ?? 0,
          races: this.#races.get(source) ?? 0,
          ...(p50 === undefined ? {} : { behindP50Ms: Math.round(p50) }),
          ...(p90 === undefined ? {} : { behindP90Ms: Math.round(p90) }),
          ...(lag.lagMs === undefined ? {} : { lagMs: lag.lagMs }),
          mayTake: lag.mayTake,
        };
      });
  }
}

/** What a claim says that others can say too. Clock and gold differ with the moment, so they are no facts here. */
function factsOf(claim: MatchClaim): string[] {
  switch (claim.kind) {
    case "series_started":
    case "series_ended":
      return [claim.kind];
    case "series_won":
      return [`series_won ${claim.winner}`];
    case "series_score":
      return [`series_score ${claim.maps.join("-")}`];
    case "cancelled":
      return [`cancelled ${claim.reason}`];
    case "game_started":
    case "game_ended":
      return [`${claim.kind} ${claim.game}`];
    case "game_won":
      return [`game_won ${claim.game} ${claim.winner}`];
    case "game_progress": {
      const { game, progress } = claim;
      const pairs = COUNTED.flatMap((what) => {
        const pair = progress[what];
        return pair === undefined ? [] : [`${game} ${what} ${pair.join("-")}`];
      });
      return progress.round === undefined ? pairs : [...pairs, `${game} round ${progress.round}`];
    }
    case "game_paused":
    case "game_resumed":
    case "retracted":
    case "source_invalid":
    case "source_valid":
      return [];
  }
}

/** What is counted in a game and never falls. */
export const COUNTED = ["score", "kills", "towers", "dragons", "barons", "inhibitors"] as const;

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
