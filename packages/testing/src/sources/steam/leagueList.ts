import type { GameProgress, Team } from "@matchpoint/sdk";
import type { SourceServer } from "../sourceServer.ts";
import type { StoryGame } from "../storyWorld.ts";
import { raw, rawJson } from "./rawNumbers.ts";
import type { ValveGames } from "./valveGames.ts";

type Json = Record<string, unknown>;

const PLAYERS = 5;
const TOWERS = 11;
const BARRACKS = 6;
/** Bit = lane * 3 + tier, then the two at the ancient: outer towers fall first. */
const FALL_ORDER = [0, 3, 6, 1, 4, 7, 2, 5, 8, 9, 10];
const NEIGHBOURS = 12;
const START_WORTH = 3_000;

/**
 * `GetLiveLeagueGames` as recorded answers have it: the game of the match among those of others, about half of which come
 * without teams; casters and cameramen among the players; ids beyond what a double can hold.
 */
export function leagueList(server: SourceServer, games: ValveGames, draftMs: number): string {
  const { world, clock } = server;
  const { running } = world;
  const listed = neighbours(server, games);
  if (running !== undefined && world.status === "running") {
    const drafting = clock.wall() < running.startedAt + draftMs;
    listed.splice(listed.length >> 1, 0, own(server, games, running, drafting));
  }
  return rawJson({ result: { games: listed, status: 200 } });
}

function own(server: SourceServer, games: ValveGames, game: StoryGame, drafting: boolean): Json {
  const { world, match } = server;
  const [radiant, dire] = games.sides(game);
  const id = games.id(game);
  const team = (each: Team): Json => ({
    team_name: match.teams[each].name,
    team_id: raw(server.ref.teams[each]),
    team_logo: raw(11_446_861_670_328_679_126n + BigInt(each)),
    complete: true,
  });
  const listed: Json = {
    players: people(id, drafting),
    radiant_team: team(radiant),
    dire_team: team(dire),
    ...head(id, games.league),
    radiant_series_wins: world.maps[radiant],
    dire_series_wins: world.maps[dire],
    series_type: match.bestOf === 5 ? 2 : match.bestOf === 3 ? 1 : 0,
  };
  if (drafting) return listed;
  const { progress } = game;
  return {
    ...listed,
    scoreboard: {
      duration: games.seconds(game),
      roshan_respawn_timer: 0,
      radiant: side(progress, radiant, id),
      dire: side(progress, dire, id),
    },
  };
}

function head(id: number, league: string): Json {
  return {
    lobby_id: raw(29_962_116_515_000_000n + BigInt(id % 1_000_000)),
    match_id: raw(String(id)),
    spectators: id % 400,
    league_id: raw(league),
    league_node_id: 0,
    stream_delay_s: [10, 120, 300, 900][id % 4],
  };
}

/** Five of each side, and whoever watches from within. */
function people(id: number, drafting: boolean): Json[] {
  const player = (n: number, team: number): Json => ({
    account_id: 100_000_000 + ((id + n * 7_919) % 900_000_000),
    name: team > 1 ? ["obs", "шляпик", "卍kweleya卍"][n % 3] : `player ${n}`,
    hero_id: drafting || team > 1 ? 0 : 1 + ((id + n) % 120),
    team,
  });
  return [
    player(10, 2),
    ...Array.from({ length: 2 * PLAYERS }, (_, n) => player(n, n % 2)),
    player(11, 4),
    player(12, 4),
  ];
}

function side(progress: GameProgress, team: Team, id: number): Json {
  const foe = (1 - team) as Team;
  const first = team === progress.firstSide;
  const kills = split(progress.kills?.[team] ?? progress.score?.[team] ?? 0);
  const deaths = split(progress.kills?.[foe] ?? progress.score?.[foe] ?? 0);
  const worth = split(progress.gold?.[team] ?? START_WORTH);
  const alive = progress.alive?.[team] ?? PLAYERS;
  return {
    score: progress.kills?.[team] ?? progress.score?.[team] ?? 0,
    tower_state: standing(FALL_ORDER.slice(0, progress.towers?.[foe] ?? 0), TOWERS),
    barracks_state: standing(
      Array.from({ length: Math.min(BARRACKS, progress.inhibitors?.[foe] ?? 0) }, (_, bit) => bit),
      BARRACKS,
    ),
    picks: Array.from({ length: PLAYERS }, (_, n) => ({
      hero_id: 1 + ((id + n * 2 + (first ? 0 : 1)) % 120),
    })),
    bans: Array.from({ length: 7 }, (_, n) => ({ hero_id: 121 + n })),
    players: Array.from({ length: PLAYERS }, (_, n) => ({
      player_slot: n,
      account_id: 100_000_000 + n,
      hero_id: 1 + n,
      kills: kills[n],
      death: deaths[n],
      assists: 0,
      last_hits: 12 * n,
      denies: n,
      gold: 512,
      level: 12,
      gold_per_min: 400,
      xp_per_min: 500,
      ultimate_state: 3,
      ultimate_cooldown: 0,
      item0: n === 4 ? -1 : 50,
      item1: -1,
      respawn_timer: n < alive ? 0 : 21,
      position_x: 6173.86474609375,
      position_y: -893.06884765625,
      net_worth: worth[n],
    })),
    abilities: [{ ability_id: 5118, ability_level: 4 }],
  };
}

/** All bits but those that have fallen. */
function standing(fallen: readonly number[], bits: number): number {
  return fallen.reduce((state, bit) => state & ~(1 << bit), 2 ** bits - 1);
}

/** Shares of five players that sum up to a team's count. */
function split(sum: number): readonly number[] {
  const share = Math.floor(sum / PLAYERS);
  return Array.from({ length: PLAYERS }, (_, n) => (n === 0 ? sum - share * (PLAYERS - 1) : share));
}

/** Games of others. One is of the same two teams in another league. */
function neighbours(server: SourceServer, games: ValveGames): Json[] {
  const minute = Math.floor(server.clock.wall() / 60_000);
  return Array.from({ length: NEIGHBOURS }, (_, n): Json => {
    const id = games.before - 50_000 + n * 131;
    const progress: GameProgress = { kills: [n + (minute % 20), n], towers: [n % 9, n % 4], firstSide: 0 };
    const named: Json =
      n % 2 === 0
        ? {}
        : {
            radiant_team: team(n === 1 ? server.ref.teams[1] : String(9_600_000 + n), `Harbour ${n}`),
            dire_team: team(n === 1 ? server.ref.teams[0] : String(9_700_000 + n), `Pier ${n}`),
          };
    return {
      players: people(id, n % 5 === 0),
      ...named,
      ...head(id, n % 3 === 0 && n !== 1 ? games.league : String(18_867 + n)),
      radiant_series_wins: n % 2,
      dire_series_wins: 0,
      series_type: [0, 1, 3][n % 3],
      ...(n % 5 === 0
        ? {}
        : {
            scoreboard: {
              duration: 600 + 60 * (minute % 20),
              roshan_respawn_timer: 154,
              radiant: side(progress, 0, id),
              dire: side(progress, 1, id),
            },
          }),
    };
  });
}

function team(id: string, name: string): Json {
  return { team_name: name, team_id: raw(id), team_logo: raw("2442732965763263237"), complete: false };
}
