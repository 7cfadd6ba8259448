import {
  TRUTH_DEFAULTS,
  TruthEngine,
  type MatchClaim,
  type MatchDescription,
  type MatchId,
  type Millis,
  type Nanos,
  type SourceId,
  type TruthState,
} from "@matchpoint/sdk";
import type { LolRow } from "./rows.ts";

/** Gold of a team when nobody is ahead; only the difference counts. */
const LEVEL_GOLD = 100_000;
const MINUTE_NANOS = 60_000_000_000;
const SOURCE = "history" as SourceId;
const MATCH = "game" as MatchId;

/**
 * Tells a game to a truth engine, minute by minute as a feed would, and gives what is held true at each of them. Blue is
 * team 0.
 *
 * @param upTo the last minute that is wanted
 */
export function* playGame(row: LolRow, upTo: number): Generator<{ minute: number; state: TruthState }> {
  const engine = new TruthEngine(TRUTH_DEFAULTS);
  const match: MatchDescription = {
    matchId: MATCH,
    title: "lol",
    teams: [{ name: row.blue }, { name: row.red }],
    bestOf: 1,
    league: row.league,
    startsAt: row.startsAt as Millis,
  };
  engine.list(match, 0 as Nanos);
  let n = 0;
  const say = (claim: MatchClaim, minute: number): void => {
    n += 1;
    const at = (minute * MINUTE_NANOS) as Nanos;
    engine.apply({
      type: "match_claim",
      at,
      receivedAt: (row.startsAt + minute * 60_000) as Millis,
      matchId: MATCH,
      source: SOURCE,
      tier: "B",
      upstream: SOURCE,
      ref: String(n),
      claim,
    });
  };
  say({ kind: "game_started", game: 1 }, 0);
  say(progress(0, 0), 0);
  for (let minute = 1; minute <= Math.min(upTo, row.leads.length); minute++) {
    say(progress(minute, row.leads[minute - 1]!), minute);
    yield { minute, state: engine.state(MATCH)! };
  }
}

function progress(minute: number, lead: number): MatchClaim {
  const gold = [LEVEL_GOLD + Math.max(0, lead), LEVEL_GOLD + Math.max(0, -lead)] as const;
  return { kind: "game_progress", game: 1, progress: { clockMs: minute * 60_000, gold, firstSide: 0 } };
}
