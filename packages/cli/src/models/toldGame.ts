import {
  NANOS_PER_MS,
  TRUTH_DEFAULTS,
  TruthEngine,
  type GameProgress,
  type MatchClaim,
  type MatchDescription,
  type MatchId,
  type Millis,
  type Nanos,
  type SourceId,
  type TruthState,
} from "@matchpoint/sdk";

const SOURCE = "history" as SourceId;
const MATCH = "game" as MatchId;

/** A single game that is told to a truth engine as a feed would tell it: models see what they would have seen then. */
export class ToldGame {
  readonly #engine = new TruthEngine(TRUTH_DEFAULTS);
  readonly #startsAt: number;
  #said = 0;

  constructor(match: Omit<MatchDescription, "matchId" | "bestOf">) {
    this.#startsAt = match.startsAt ?? 0;
    this.#engine.list({ ...match, matchId: MATCH, bestOf: 1 }, 0 as Nanos);
    this.#say({ kind: "game_started", game: 1 }, 0);
  }

  /** The game's progress at a time on its clock, and what is held true then. */
  progress(progress: GameProgress & { readonly clockMs: number }): TruthState {
    this.#say({ kind: "game_progress", game: 1, progress }, progress.clockMs);
    return this.#engine.state(MATCH)!;
  }

  #say(claim: MatchClaim, ms: number): void {
    this.#said += 1;
    this.#engine.apply({
      type: "match_claim",
      at: (ms * NANOS_PER_MS) as Nanos,
      receivedAt: (this.#startsAt + ms) as Millis,
      matchId: MATCH,
      source: SOURCE,
      tier: "B",
      upstream: SOURCE,
      ref: String(this.#said),
      claim,
    });
  }
}
