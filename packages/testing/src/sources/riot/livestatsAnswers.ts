import type { Team } from "@matchpoint/sdk";
import { isoTime, type SourceAnswer } from "../sourceProtocol.ts";
import type { SourceServer } from "../sourceServer.ts";
import type { TapedMoment } from "./frameTape.ts";
import type { RiotGames } from "./riotGames.ts";

type Json = Record<string, unknown>;

const WINDOW_MS = 10_000;
const PLAYERS = 5;
const ROLES = ["top", "jungle", "mid", "bottom", "support"];
const DRAKES = ["infernal", "ocean", "mountain", "cloud", "hextech", "chemtech", "elder"];
/** RFC 3339 in UTC; fractions of a second are let pass when they are none. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.0+)?Z$/;

/**
 * The answers of `/livestats/v1`: frames of the ten seconds from `startingTime` on, which must be a multiple of ten seconds
 * and not too new; without it the first frames of the game. Nothing outside the game, and no word about who won it.
 */
export function livestatsAnswer(
  server: SourceServer,
  games: RiotGames,
  lagMs: number,
  what: "window" | "details",
  gameId: string,
  query: URLSearchParams,
): SourceAnswer {
  const nothing: SourceAnswer = { status: 204 };
  const tape = games.tape(gameId);
  const now = server.clock.wall();
  const given = query.get("startingTime");
  let from: number;
  if (given === null) {
    if (tape === undefined || tape.startedAt > now - lagMs) return nothing;
    from = tape.startedAt;
  } else {
    from = TIME.test(given) ? Date.parse(given) : NaN;
    if (!(from % WINDOW_MS === 0)) return refused("startingTime must be a multiple of 10 seconds");
    if (from > now - lagMs) return refused("startingTime is too new");
  }
  const frames = tape?.frames(from, from + WINDOW_MS) ?? [];
  if (frames.length === 0) return nothing;
  if (what === "details") return { status: 200, body: { frames: frames.map(detailsOf) } };
  const blue = frames[0]!.blue;
  return {
    status: 200,
    body: {
      esportsGameId: gameId,
      esportsMatchId: server.ref.match,
      gameMetadata: {
        patchVersion: "16.16.1",
        blueTeamMetadata: metadata(server, blue, 1),
        redTeamMetadata: metadata(server, (1 - blue) as Team, 1 + PLAYERS),
      },
      frames: frames.map((each) => ({
        rfc460Timestamp: isoTime(each.at),
        gameState: each.state,
        blueTeam: side(each, blue, 1),
        redTeam: side(each, (1 - blue) as Team, 1 + PLAYERS),
      })),
    },
  };
}

function refused(message: string): SourceAnswer {
  return { status: 400, body: { code: "BAD_QUERY_PARAMETER", message } };
}

function metadata(server: SourceServer, team: Team, first: number): Json {
  const { name, aliases } = server.match.teams[team];
  return {
    esportsTeamId: server.ref.teams[team],
    participantMetadata: ROLES.map((role, n) => ({
      participantId: first + n,
      esportsPlayerId: `9876799${team}860392${100 + n}`,
      summonerName: `${aliases?.[0] ?? name.slice(0, 3).toUpperCase()} Player${n}`,
      championId: ["Ornn", "Vi", "Ahri", "Jinx", "Rell"][n],
      role,
    })),
  };
}

function side({ progress, at }: TapedMoment, team: Team, first: number): Json {
  const foe = (1 - team) as Team;
  const gold = split(progress.gold?.[team] ?? 0);
  const kills = split(progress.kills?.[team] ?? 0);
  const deaths = split(progress.kills?.[foe] ?? 0);
  return {
    totalGold: progress.gold?.[team] ?? 0,
    inhibitors: progress.inhibitors?.[team] ?? 0,
    towers: progress.towers?.[team] ?? 0,
    barons: progress.barons?.[team] ?? 0,
    totalKills: progress.kills?.[team] ?? 0,
    dragons: DRAKES.slice(0, progress.dragons?.[team] ?? 0),
    participants: Array.from({ length: PLAYERS }, (_, n) => ({
      participantId: first + n,
      totalGold: gold[n],
      level: 9,
      kills: kills[n],
      deaths: deaths[n],
      assists: 0,
      creepScore: 120 + n,
      currentHealth: 900 + (Math.floor(at / 1_000) % 100),
      maxHealth: 1_500,
    })),
  };
}

function detailsOf(moment: TapedMoment): Json {
  const red = (1 - moment.blue) as Team;
  const participants = [moment.blue, red].flatMap((team, index) => {
    const gold = split(moment.progress.gold?.[team] ?? 0);
    const kills = split(moment.progress.kills?.[team] ?? 0);
    const deaths = split(moment.progress.kills?.[(1 - team) as Team] ?? 0);
    return Array.from({ length: PLAYERS }, (_, n) => ({
      participantId: index * PLAYERS + n + 1,
      level: 9,
      kills: kills[n],
      deaths: deaths[n],
      assists: 0,
      totalGoldEarned: gold[n],
      creepScore: 120 + n,
      killParticipation: 0.5,
      championDamageShare: 0.2,
      wardsPlaced: 3,
      wardsDestroyed: 1,
      attackDamage: 80,
      abilityPower: 0,
      items: [1054, 3340],
      perkMetadata: { styleId: 8400, subStyleId: 8300, perks: [8437] },
      abilities: ["Q", "W", "E"],
    }));
  });
  return { rfc460Timestamp: isoTime(moment.at), participants };
}

/** Shares of five players that sum up to a team's count. */
function split(sum: number): readonly number[] {
  const share = Math.floor(sum / PLAYERS);
  return Array.from({ length: PLAYERS }, (_, n) => (n === 0 ? sum - share * (PLAYERS - 1) : share));
}
