import type { GameProgress, Team } from "@matchpoint/sdk";
import type { SourceServer } from "../sourceServer.ts";
import type { StoryGame } from "../storyWorld.ts";
import type { Json, PandascoreMatch } from "./pandascoreMatch.ts";

type Pair = readonly [number, number];

const ROLES = ["top", "jun", "mid", "adc", "sup"] as const;
const TOWERS = 11;
const BARRACKS = 6;

/** A frame of the live socket: the whole state of a game, shaped after its title. */
export function liveFrame(server: SourceServer, match: PandascoreMatch, game: StoryGame): Json {
  const { title } = server.match;
  const { progress } = game;
  const frame: Json = {
    match: { id: match.id },
    tournament: { id: 17_001 },
    game: {
      id: match.gameId(game.game),
      finished: game.status === "finished",
      winner_id: game.winner === undefined ? null : match.teamId(game.winner),
    },
    current_timestamp: Math.floor((progress.clockMs ?? 0) / 1_000),
    paused: game.paused,
  };
  const first = game.firstSide;
  const second = (1 - first) as Team;
  switch (title) {
    case "lol":
      return {
        ...frame,
        blue: lolTeam(server, match, progress, first),
        red: lolTeam(server, match, progress, second),
      };
    case "dota2":
      return {
        ...frame,
        daytime: true,
        radiant: dotaTeam(match, progress, first),
        dire: dotaTeam(match, progress, second),
      };
    case "valorant":
      return {
        ...frame,
        map: { id: 3, name: "Breeze" },
        round: { number: roundOf(progress), status: "running" },
        teams: ([1, 0] as const).map((team) => ({
          ...shortTeam(match, team),
          score: of(progress.score, team),
          side: team === first ? "defenders" : "attackers",
          players: [],
        })),
      };
    case "cs2":
    case "other":
      return {
        ...frame,
        map: { id: 1, name: "Inferno" },
        round: roundOf(progress),
        bomb_planted: progress.planted ?? false,
        counter_terrorists: csTeam(server, match, progress, first),
        terrorists: csTeam(server, match, progress, second),
      };
  }
}

function of(pair: Pair | undefined, team: Team): number {
  return pair?.[team] ?? 0;
}

function roundOf({ round, score }: GameProgress): number {
  return round ?? of(score, 0) + of(score, 1) + 1;
}

function shortTeam(match: PandascoreMatch, team: Team): Json {
  const { id, name, acronym } = match.team(team);
  return { id, name, acronym };
}

function lolTeam(server: SourceServer, match: PandascoreMatch, progress: GameProgress, team: Team): Json {
  return {
    ...shortTeam(match, team),
    score: server.world.maps[team],
    gold: of(progress.gold, team),
    kills: of(progress.kills ?? progress.score, team),
    towers: of(progress.towers, team),
    inhibitors: of(progress.inhibitors, team),
    drakes: of(progress.dragons, team),
    nashors: of(progress.barons, team),
    herald: 0,
    voidgrubs: 0,
    players: Object.fromEntries(
      ROLES.map((role, seat) => [
        role,
        {
          id: team * 5 + seat + 1,
          champion: { id: seat + 1, name: "Ornn" },
          kills: 0,
          deaths: 0,
          assists: 0,
          cs: 0,
          level: 1,
        },
      ]),
    ),
  };
}

/** `score` is the series, `round_score` the map. */
function csTeam(server: SourceServer, match: PandascoreMatch, progress: GameProgress, team: Team): Json {
  return {
    ...shortTeam(match, team),
    round_score: of(progress.score, team),
    score: server.world.maps[team],
    players: [0, 1, 2, 3, 4].map((seat) => ({
      id: team * 5 + seat + 1,
      name: `player ${team * 5 + seat + 1}`,
      kills: seat === 0 ? of(progress.kills, team) : 0,
      deaths: seat === 0 ? of(progress.kills, (1 - team) as Team) : 0,
      economy: Math.round(of(progress.equipment, team) / 5),
      primary_weapon: null,
      secondary_weapon: { id: 1, name: "Glock-18", image_url: null },
    })),
  };
}

/** `towers` and `barracks` are what still stands. */
function dotaTeam(match: PandascoreMatch, progress: GameProgress, team: Team): Json {
  return {
    ...shortTeam(match, team),
    score: of(progress.kills ?? progress.score, team),
    towers: TOWERS - of(progress.towers, (1 - team) as Team),
    barracks: BARRACKS,
    players: {},
  };
}
