import type { Team } from "@matchpoint/sdk";
import type { Cast } from "../description.ts";
import type { MatchView } from "../world/matchView.ts";
import type { Json } from "./gridJson.ts";

const LOL_ROLES = ["top", "jun", "mid", "adc", "sup"] as const;

/** What PandaScore knows at a moment: a view, and what it has wrong. */
export interface PandaKnowledge {
  readonly cast: Cast;
  readonly title: "lol" | "cs2";
  readonly view: MatchView;
  /** A game whose winner it has the wrong way round. */
  readonly wrongGame: number | undefined;
  /** The clock of the running game or round. */
  readonly clockMs: number;
  iso(at: number): string;
}

/** The winner of a game as PandaScore has it. */
export function winnerOf(known: PandaKnowledge, game: number): Team | undefined {
  const { winner, status } = known.view.games[game - 1]!;
  if (winner === undefined || status !== "finished") return undefined;
  if (game !== known.wrongGame) return winner;
  return (1 - winner) as Team;
}

function mapsOf(known: PandaKnowledge): [number, number] {
  const maps: [number, number] = [0, 0];
  for (let game = 1; game <= known.view.games.length; game++) {
    const winner = winnerOf(known, game);
    if (winner !== undefined) maps[winner] += 1;
  }
  return maps;
}

function teamId(known: PandaKnowledge, team: Team | undefined): number | null {
  return team === undefined ? null : known.cast.pandaTeams[team];
}

/** A live frame: the whole state of the running game. */
export function liveFrame(known: PandaKnowledge): string {
  const { view, cast, title } = known;
  const winner = winnerOf(known, view.game);
  const head: Json = {
    match: { id: cast.pandaMatch },
    tournament: { id: cast.pandaLeague + 7 },
    game: {
      id: cast.pandaGame + view.game - 1,
      finished: view.games[view.game - 1]!.status === "finished",
      winner_id: teamId(known, winner),
    },
    current_timestamp: Math.floor(known.clockMs / 1_000),
    paused: view.paused,
  };
  const first = view.firstSide;
  const second = (1 - first) as Team;
  if (title === "lol") {
    return JSON.stringify({
      type: "frame",
      ...head,
      blue: lolSide(known, first),
      red: lolSide(known, second),
    });
  }
  return JSON.stringify({
    ...head,
    map: {
      id: 1 + (view.games[view.game - 1]!.map.length % 9),
      name: titled(view.games[view.game - 1]!.map),
    },
    round: view.round,
    bomb_planted: view.planted,
    counter_terrorists: csSide(known, first),
    terrorists: csSide(known, second),
  });
}

function lolSide(known: PandaKnowledge, team: Team): Json {
  const { view, cast } = known;
  const players: Json = {};
  LOL_ROLES.forEach((role, index) => {
    const seat = team * 5 + index;
    players[role] = {
      id: cast.pandaPlayers[seat],
      name: cast.players[seat],
      champion: { id: 100 + seat },
      kills: view.playerKills[seat],
      deaths: view.playerDeaths[seat],
      assists: 0,
      cs: Math.round((known.clockMs / 60_000) * 7.5),
      level: Math.min(18, 1 + Math.floor(known.clockMs / 95_000)),
    };
  });
  const { objectives } = view;
  return {
    id: cast.pandaTeams[team],
    name: cast.teams[team].name,
    acronym: cast.teams[team].acronym,
    score: mapsOf(known)[team],
    gold: view.gold[team],
    kills: view.kills[team],
    towers: objectives.tower[team],
    inhibitors: objectives.inhibitor[team],
    drakes: objectives.drake[team] + objectives.elder[team],
    nashors: objectives.baron[team],
    herald: objectives.herald[team],
    voidgrubs: objectives.grub[team],
    players,
  };
}

function csSide(known: PandaKnowledge, team: Team): Json {
  const { view, cast } = known;
  return {
    id: cast.pandaTeams[team],
    name: cast.teams[team].name,
    round_score: view.score[team],
    score: mapsOf(known)[team],
    players: [0, 1, 2, 3, 4].map((index) => {
      const seat = team * 5 + index;
      return {
        id: cast.pandaPlayers[seat],
        name: cast.players[seat],
        kills: view.playerKills[seat],
        deaths: view.playerDeaths[seat],
        economy: Math.round(view.money[team] / 5),
      };
    }),
  };
}

/** The match object of the REST interface. */
export function matchObject(known: PandaKnowledge, scheduledAt: number, changedAt: number): string {
  const { view, cast, title } = known;
  const [a, b] = cast.teams;
  const maps = mapsOf(known);
  const needed = Math.floor(view.games.length / 2) + 1;
  const winner: Team | undefined = maps[0] >= needed ? 0 : maps[1] >= needed ? 1 : undefined;
  const over = view.ended;
  const began = view.games[0]!.startedAt;
  // The order of opponents and results is its own.
  const order: readonly Team[] = cast.pandaMatch % 2 === 0 ? [0, 1] : [1, 0];
  return JSON.stringify({
    id: cast.pandaMatch,
    slug: `${a.name}-vs-${b.name}`.toLowerCase().replace(/[^a-z0-9]+/g, "-"),
    name: `${a.name} vs ${b.name}`,
    status: over ? "finished" : view.started ? "running" : "not_started",
    match_type: "best_of",
    number_of_games: view.games.length,
    scheduled_at: known.iso(scheduledAt),
    original_scheduled_at: known.iso(scheduledAt),
    rescheduled: false,
    begin_at: known.iso(began ?? scheduledAt),
    end_at: over ? known.iso(view.lastFactAt) : null,
    modified_at: known.iso(changedAt),
    draw: false,
    forfeit: false,
    game_advantage: null,
    detailed_stats: true,
    winner_id: over ? teamId(known, winner) : null,
    winner: over && winner !== undefined ? opponent(cast, winner) : null,
    winner_type: "Team",
    opponents: order.map((team) => ({ type: "Team", opponent: opponent(cast, team) })),
    results: order.map((team) => ({ team_id: cast.pandaTeams[team], score: maps[team] })),
    games: view.games.map((_, index) => gameObject(known, index + 1, over)),
    live: {
      supported: true,
      url: `wss://live.pandascore.co/matches/${cast.pandaMatch}`,
      opens_at: known.iso(scheduledAt - 900_000),
    },
    streams_list: [],
    league: { id: cast.pandaLeague, name: cast.league },
    serie: { id: cast.pandaLeague + 3, name: "Split 2" },
    tournament: { id: cast.pandaLeague + 7, live_supported: true, tier: "a" },
    videogame: title === "lol" ? { id: 1, slug: "league-of-legends" } : { id: 3, slug: "cs-go" },
  });
}

function opponent(cast: Cast, team: Team): Json {
  const { name, acronym } = cast.teams[team];
  return { id: cast.pandaTeams[team], name, acronym, slug: name.toLowerCase().replace(/[^a-z0-9]+/g, "-") };
}

function gameObject(known: PandaKnowledge, game: number, over: boolean): Json {
  const record = known.view.games[game - 1]!;
  const finished = record.status === "finished";
  const winner = teamId(known, winnerOf(known, game));
  const { startedAt, endedAt } = record;
  const status = record.status === "not_started" && over ? "not_played" : record.status;
  return {
    id: known.cast.pandaGame + game - 1,
    position: game,
    status,
    begin_at: startedAt === undefined ? null : known.iso(startedAt),
    end_at: finished && endedAt !== undefined ? known.iso(endedAt) : null,
    length:
      finished && startedAt !== undefined && endedAt !== undefined
        ? Math.round((endedAt - startedAt) / 1_000)
        : null,
    finished,
    complete: finished,
    forfeit: false,
    winner: finished && winner !== null ? { id: winner, type: "Team" } : { id: null, type: "Team" },
    winner_type: "Team",
    detailed_stats: true,
    match_id: known.cast.pandaMatch,
  };
}

function titled(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
