import type { SourceReport, TruthEngine } from "@matchpoint/sdk";
import { isWinner, lastWord, type Fixture } from "./fixture.ts";
import type { FalseResult, Injected, Referee } from "./referee.ts";

/** How long results took, from the end in the hall to `final`. */
export interface TimeToFinal {
  readonly n: number;
  readonly medianMs: number;
  readonly p90Ms: number;
}

/** What a season came to. */
export interface SeasonReport {
  readonly matches: number;
  readonly claims: number;
  /** Games and series that were held `final` although they were not won, or not by that team. */
  readonly falseFinals: readonly FalseResult[];
  /** The same for `effectively_final`. */
  readonly falseEffective: readonly FalseResult[];
  /** What was unsaid in the hall: rollbacks, remakes, results overturned. */
  readonly injected: readonly Injected[];
  /** Results that were held when they had just been overturned in the hall, by sources that had not heard yet. */
  readonly overtaken: Referee["overtaken"];
  /** Matches whose series never became `final` (or `void` for a draw or a cancellation), and why. */
  readonly neverFinal: readonly { readonly matchId: string; readonly reason: string }[];
  /** Matches whose series stays `final` as it was before it was overturned in the hall, which no source of tier A or B ever told. */
  readonly overturnedUnheard: readonly string[];
  /** Matches whose series ended up `final` with another winner than in the hall, for any other reason. */
  readonly wrongAtTheEnd: readonly string[];
  readonly games: TimeToFinal;
  readonly series: TimeToFinal;
  readonly sources: readonly SourceReport[];
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN;
}

function timeOf(times: readonly number[]): TimeToFinal {
  const sorted = [...times].sort((a, b) => a - b);
  return { n: sorted.length, medianMs: quantile(sorted, 0.5), p90Ms: quantile(sorted, 0.9) };
}

/** Puts together what the referees saw. */
export function summarise(
  fixtures: readonly Fixture[],
  referees: readonly Referee[],
  engine: TruthEngine,
  claims: number,
): SeasonReport {
  const neverFinal: { matchId: string; reason: string }[] = [];
  const overturnedUnheard: string[] = [];
  const wrongAtTheEnd: string[] = [];
  const games: number[] = [];
  const series: number[] = [];
  fixtures.forEach((fixture, index) => {
    const { finalAt } = referees[index]!;
    for (let game = 0; game <= fixture.match.bestOf; game++) {
      const { end, at } = lastWord(fixture, game);
      const final = finalAt.get(game);
      if ((end === 0 || end === 1) && final !== undefined && final >= at)
        (game === 0 ? series : games).push(final - at);
    }
    const { end } = lastWord(fixture, 0);
    const held = engine.state(fixture.match.matchId)!;
    if (held.status === "final") {
      if (isWinner(end, held.winner)) return;
      const unheard = referees[index]!.injected.some(({ game, heard }) => game === 0 && !heard);
      (unheard ? overturnedUnheard : wrongAtTheEnd).push(fixture.match.matchId);
      return;
    }
    if (held.status === "void" && (end === "void" || fixture.turn === "postponed_for_good")) return;
    const reason = reasonOf(held.status, held.sources.length, fixture);
    neverFinal.push({ matchId: fixture.match.matchId, reason });
  });
  const results = referees.flatMap(({ falseResults }) => falseResults);
  return {
    matches: fixtures.length,
    claims,
    falseFinals: results.filter(({ status }) => status === "final"),
    falseEffective: results.filter(({ status }) => status === "effectively_final"),
    injected: referees.flatMap(({ injected }) => injected),
    overtaken: referees.flatMap(({ overtaken }) => overtaken),
    neverFinal,
    overturnedUnheard,
    wrongAtTheEnd,
    games: timeOf(games),
    series: timeOf(series),
    sources: engine.sources(),
  };
}

function reasonOf(status: string, sources: number, fixture: Fixture): string {
  if (status === "effectively_final") return "one upstream only: effectively_final";
  if (status === "disputed") return "disputed to the end";
  if (status === "void") return "void, although it was played";
  if (lastWord(fixture, 0).end === "void") return `a draw or cancellation that is held ${status}`;
  return sources === 0 ? `nobody states a result: ${status}` : `too little evidence: ${status}`;
}
