/* Messages of PandaScore, typed from the documented shapes. */

export const game = (
  position: number,
  status: string,
  winner: number | null = null,
  more: object = {},
): object => ({
  id: 30 + position,
  position,
  status,
  begin_at: status === "not_started" ? null : "2026-05-01T10:00:00Z",
  end_at: status === "finished" ? "2026-05-01T10:33:00Z" : null,
  length: status === "finished" ? 1980 : null,
  finished: status === "finished",
  complete: status === "finished",
  forfeit: false,
  winner: { id: winner, type: "Team" },
  winner_type: "Team",
  match_id: 1616952,
  ...more,
});

export const match = (status: string, games: readonly object[] = [], more: object = {}): object => ({
  id: 1616952,
  slug: "wolves-vs-otters",
  name: "Wolves vs Sea Otters",
  status,
  match_type: "best_of",
  number_of_games: 3,
  scheduled_at: "2026-05-01T10:00:00Z",
  begin_at: "2026-05-01T10:00:00Z",
  end_at: null,
  modified_at: "2026-05-01T10:00:05Z",
  draw: false,
  forfeit: false,
  game_advantage: null,
  winner_id: null,
  winner: null,
  winner_type: "Team",
  opponents: [
    { type: "Team", opponent: { id: 2, name: "Sea Otters" } },
    { type: "Team", opponent: { id: 1, name: "Wolves" } },
  ],
  results: [
    { team_id: 2, score: 0 },
    { team_id: 1, score: 0 },
  ],
  games,
  live: {
    supported: true,
    url: "wss://live.pandascore.co/matches/1616952",
    opens_at: "2026-05-01T09:45:00Z",
  },
  videogame: { id: 3, slug: "cs-go" },
  ...more,
});

/** `results` in PandaScore's own order. */
export const results = (wolves: number, otters: number): object => ({
  results: [
    { team_id: 2, score: otters },
    { team_id: 1, score: wolves },
  ],
});

const head = (gameId: number, seconds: number, more: object): object => ({
  match: { id: 1616952 },
  tournament: { id: 7 },
  game: { id: gameId, finished: false, winner_id: null },
  current_timestamp: seconds,
  paused: false,
  ...more,
});

export const csFrame = (
  gameId: number,
  round: number,
  wolves: number,
  otters: number,
  more: object = {},
  maps: readonly [number, number] = [0, 0],
): object => ({
  ...head(gameId, 61, {}),
  map: { id: 1, name: "Inferno" },
  round,
  bomb_planted: false,
  counter_terrorists: {
    id: 2,
    name: "Sea Otters",
    round_score: otters,
    score: maps[1],
    players: [{ id: 9, kills: 3 }],
  },
  terrorists: { id: 1, name: "Wolves", round_score: wolves, score: maps[0], players: [] },
  ...more,
});

export const lolFrame = (
  gameId: number,
  seconds: number,
  wolves: object,
  otters: object,
  more: object = {},
): object => ({
  type: "frame",
  ...head(gameId, seconds, {}),
  blue: {
    id: 1,
    name: "Wolves",
    score: 0,
    gold: 0,
    kills: 0,
    towers: 0,
    players: { top: { id: 1 } },
    ...wolves,
  },
  red: { id: 2, name: "Sea Otters", score: 0, gold: 0, kills: 0, towers: 0, ...otters },
  ...more,
});

export const dotaFrame = (gameId: number, seconds: number, radiant: number, dire: number): object => ({
  ...head(gameId, seconds, {}),
  daytime: true,
  radiant: { id: 2, name: "Sea Otters", score: radiant, towers: 7, barracks: 6 },
  dire: { id: 1, name: "Wolves", score: dire, towers: 9, barracks: 6 },
});

export const roundEvent = (
  type: string,
  round: number,
  wolves: number,
  otters: number,
  more: object = {},
): object => ({
  type,
  payload: {
    round_score: {
      counter_terrorists: { score: otters, team_id: 2, team_name: "Sea Otters" },
      terrorists: { score: wolves, team_id: 1, team_name: "Wolves" },
    },
  },
  round_number: round,
  ingame_timestamp: round * 60_000,
  ...more,
});

export const hello = (gameId: string): object => ({
  type: "hello",
  payload: { status: "running", game_id: gameId, winner_id: "null", videogame: "cs-go" },
});
