import type { MatchDescription } from "@matchpoint/sdk";

/* Frames of the sports channel, typed from the documented shape. */

export const MATCH: MatchDescription = {
  matchId: "cs2-wolves-otters" as MatchDescription["matchId"],
  title: "cs2",
  teams: [{ name: "Wolves", aliases: ["WLV"] }, { name: "Sea Otters" }],
  bestOf: 3,
  refs: { polymarket_sports: { match: "1616952", teams: ["Wolves Esports", "Otters"] } },
};

export const frame = (score: string, more: object = {}): object => ({
  gameId: 1_616_952,
  leagueAbbreviation: "cs2",
  homeTeam: "Otters",
  awayTeam: "Wolves Esports",
  status: "running",
  score,
  period: "1/3",
  live: true,
  ended: false,
  ...more,
});

export const over = (score: string, more: object = {}): object =>
  frame(score, { status: "finished", live: false, ended: true, ...more });
