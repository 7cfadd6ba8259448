import { MatchpointError, type SourceEvent } from "@matchpoint/sdk";
import { LineFile } from "./lines.ts";
import type { Mapping } from "./mapping.ts";
import { timeOf } from "./rows.ts";

/** A claim with the time at which the scoreboard showed it. */
export interface TimedClaim {
  readonly t: number;
  readonly claim: Omit<SourceEvent, "type" | "at" | "receivedAt">;
}

/**
 * Reads a polled scoreboard (`ts_ms, period, home_team, home_score, away_team, away_score, …`): the first row starts the
 * match, every row states the score, so that silence and change are both on record. It names no winner.
 */
export async function scoreboardClaims(
  path: string,
  scoreboard: NonNullable<Mapping["scoreboard"]>,
  mapping: Mapping,
): Promise<readonly TimedClaim[]> {
  const match = mapping.matches.find((candidate) => candidate.id === scoreboard.match);
  if (match === undefined) {
    throw new MatchpointError(
      "MAPPING_INVALID",
      `the scoreboard is about match ${scoreboard.match}, which is not listed`,
      {
        hint: "Add it under matches.",
      },
    );
  }
  const claims: TimedClaim[] = [];
  let columns: readonly string[] | undefined;
  let line = 0;
  for await (const text of new LineFile(path).lines()) {
    line += 1;
    if (columns === undefined) {
      columns = text.split(",");
      continue;
    }
    if (text === "") continue;
    const row = new Map(text.split(",").map((cell, index) => [columns![index]!, cell]));
    const score = match.teams.map((team) => scoreOf(row, team));
    const t = timeOf(row.get("ts_ms"));
    const refuse = (what: string): never => {
      throw new MatchpointError("RECORDING_INVALID", `${what} in: ${text.slice(0, 80)}`, {
        where: `${path}:${line}`,
      });
    };
    if (t === undefined) return refuse("no time in Unix milliseconds (ts_ms)");
    if (!score.every(Number.isSafeInteger)) refuse(`no score of ${match.teams.join(" and ")}`);
    const base = {
      matchId: match.id,
      source: scoreboard.source,
      tier: scoreboard.tier,
      upstream: scoreboard.source,
    } as Omit<TimedClaim["claim"], "claim">;
    if (claims.length === 0) {
      claims.push({ t, claim: { ...base, claim: { kind: "series_started" } } });
      claims.push({ t, claim: { ...base, claim: { kind: "game_started", game: 1 } } });
    }
    const progress = { score: score as unknown as readonly [number, number] };
    claims.push({ t, claim: { ...base, claim: { kind: "game_progress", game: 1, progress } } });
  }
  return claims.sort((a, b) => a.t - b.t);
}

function scoreOf(row: ReadonlyMap<string, string>, team: string): number {
  if (row.get("home_team") === team) return Number(row.get("home_score") || NaN);
  if (row.get("away_team") === team) return Number(row.get("away_score") || NaN);
  return NaN;
}
