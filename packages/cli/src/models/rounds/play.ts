import {
  TRUTH_DEFAULTS,
  TruthEngine,
  type GameProgress,
  type MatchClaim,
  type MatchId,
  type Millis,
  type Nanos,
  type RoundTitle,
  type SourceId,
  type TruthState,
} from "@matchpoint/sdk";
import type { RoundsRow } from "./rows.ts";

/** A moment of a map, as truth holds it. */
export interface Moment {
  /** Which round is played, from 1, and whether it has only begun. */
  readonly round: number;
  readonly fighting: boolean;
  readonly state: TruthState;
}

const SOURCE = "history" as SourceId;
const MATCH = "map" as MatchId;
const STEP_NANOS = 1_000_000_000;

/**
 * Tells a map to a truth engine as a feed would, and gives what is held true when a round begins to be played and at every
 * moment of its fight. The first team is team 0.
 */
export function* playMap(title: RoundTitle, row: RoundsRow): Generator<Moment> {
  const engine = new TruthEngine(TRUTH_DEFAULTS);
  engine.list({ matchId: MATCH, title, teams: [{ name: "A" }, { name: "B" }], bestOf: 1 }, 0 as Nanos);
  let said = 0;
  const say = (claim: MatchClaim): TruthState => {
    said += 1;
    engine.apply({
      type: "match_claim",
      at: (said * STEP_NANOS) as Nanos,
      receivedAt: (said * 1000) as Millis,
      matchId: MATCH,
      source: SOURCE,
      tier: "B",
      upstream: SOURCE,
      ref: String(said),
      claim,
    });
    return engine.state(MATCH)!;
  };
  const stands = (progress: GameProgress): TruthState => say({ kind: "game_progress", game: 1, progress });
  say({ kind: "game_started", game: 1 });
  for (const [index, { score, firstSide, equipment, fights }] of row.rounds.entries()) {
    const round = index + 1;
    const known: GameProgress = { score, round, firstSide, equipment };
    yield { round, fighting: false, state: stands({ ...known, alive: [5, 5] }) };
    for (const fight of fights) yield { round, fighting: true, state: stands({ ...known, ...fight }) };
  }
}
