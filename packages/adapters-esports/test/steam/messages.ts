import type { MatchDescription } from "@matchpoint/sdk";

/* Answers of Steam and OpenDota, typed from the documented shapes. */

export const DOTA: MatchDescription = {
  matchId: "dota2-wolves-otters" as MatchDescription["matchId"],
  title: "dota2",
  teams: [{ name: "Wolves" }, { name: "Sea Otters" }],
  bestOf: 3,
  refs: {
    steam: { match: "league:18000", teams: ["39", "2163"] },
    opendota: { match: "league:18000", teams: ["39", "2163"] },
  },
};

export const WOLVES = 39;
export const OTTERS = 2163;

export interface GameOptions {
  readonly id?: number;
  /** Who is on radiant. */
  readonly radiant?: number | undefined;
  readonly dire?: number | undefined;
  /** Wins of radiant and dire. */
  readonly wins?: readonly [number, number];
  readonly seconds?: number;
  /** Kills of radiant and dire. */
  readonly kills?: readonly [number, number];
  readonly worth?: readonly [number, number];
  readonly towers?: readonly [number, number];
  readonly more?: object;
}

const player = (worth: number, respawn = 0): object => ({
  player_slot: 1,
  account_id: 7,
  hero_id: 3,
  kills: 1,
  death: 0,
  assists: 2,
  last_hits: 10,
  gold: 500,
  level: 9,
  net_worth: worth,
  respawn_timer: respawn,
  item0: -1,
});

/** One live game, the lobby's id beyond 2^53. */
export function game(options: GameOptions = {}): object {
  const { id = 8_930_545_836, radiant = WOLVES, dire = OTTERS, wins = [0, 0], seconds = 600.5 } = options;
  const { kills = [0, 0], worth = [3_000, 2_500], towers = [2047, 2047] } = options;
  const side = (which: 0 | 1): object => ({
    score: kills[which],
    tower_state: towers[which],
    barracks_state: 63,
    picks: [{ hero_id: 1 }],
    bans: [],
    players: Array.from({ length: 5 }, () => player(worth[which])),
    abilities: [],
  });
  const team = (teamId: number): object => ({
    team_name: "x",
    team_id: teamId,
    team_logo: 12,
    complete: true,
  });
  return {
    match_id: id,
    lobby_id: "29999999999999999 big",
    league_id: 18_000,
    league_node_id: 0,
    series_type: 1,
    radiant_series_wins: wins[0],
    dire_series_wins: wins[1],
    spectators: 350,
    stream_delay_s: 300,
    players: [{ account_id: 5, name: "caster", hero_id: 0, team: 4 }],
    ...(options.radiant === undefined && "radiant" in options ? {} : { radiant_team: team(radiant) }),
    ...(options.dire === undefined && "dire" in options ? {} : { dire_team: team(dire) }),
    scoreboard: { duration: seconds, roshan_respawn_timer: 0, radiant: side(0), dire: side(1) },
    ...options.more,
  };
}

/** An answer as text, with the lobby's id as the number that no double holds. */
export function answer(...games: readonly object[]): string {
  return JSON.stringify({ result: { games, status: 200 } }).replaceAll(
    '"29999999999999999 big"',
    "29999999999999999",
  );
}

export const result = (id: number, radiantWon: boolean | null): object => ({
  match_id: id,
  radiant_win: radiantWon,
  duration: 2400,
  start_time: 1_777_629_600,
  radiant_score: 30,
  dire_score: 21,
  leagueid: 18_000,
});
