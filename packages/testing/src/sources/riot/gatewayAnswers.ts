import type { Team } from "@matchpoint/sdk";
import { isoTime, type SourceAnswer } from "../sourceProtocol.ts";
import type { SourceServer } from "../sourceServer.ts";
import type { RiotGames } from "./riotGames.ts";

type Json = Record<string, unknown>;

const LEAGUE = { id: "98767991310872058", slug: "harbour", image: "", priority: 1 };
const HOUR_MS = 3_600_000;

/** The answers of `/persisted/gw`: `getEventDetails`, `getSchedule` and `getLive`. Of games it names no winner. */
export function gatewayAnswer(
  server: SourceServer,
  games: RiotGames,
  operation: string,
  query: URLSearchParams,
): SourceAnswer {
  // Every question says in which language.
  if (!query.has("hl")) return { status: 400, body: { errors: [{ message: "hl is required" }] } };
  switch (operation) {
    case "getEventDetails":
      if (query.get("id") !== server.ref.match) return { status: 404, body: { data: { event: null } } };
      return { status: 200, body: { data: { event: details(server, games) } } };
    case "getSchedule":
      return {
        status: 200,
        body: {
          data: {
            schedule: {
              pages: { older: "b2xkZXI=", newer: null },
              events: [show(), scheduled(server, games)],
            },
          },
        },
      };
    case "getLive": {
      const live = games.state === "inProgress" ? [scheduled(server, games)] : [];
      return { status: 200, body: { data: { schedule: { events: [show(), ...live] } } } };
    }
    default:
      return { status: 404, body: { message: "Not Found" } };
  }
}

function league({ match }: SourceServer): Json {
  return { ...LEAGUE, name: match.league ?? "League" };
}

function nameOf({ match }: SourceServer, team: Team): Json {
  const { name, aliases } = match.teams[team];
  return { name, code: aliases?.[0] ?? name.slice(0, 3).toUpperCase(), image: "" };
}

function details(server: SourceServer, games: RiotGames): Json {
  const { match, ref } = server;
  const teams = [0, 1] as const;
  return {
    id: ref.match,
    type: "match",
    state: null, // also when it is completed
    tournament: { id: "115548128960088078" },
    league: league(server),
    match: {
      strategy: { count: match.bestOf },
      teams: teams.map((team) => ({
        id: ref.teams[team],
        ...nameOf(server, team),
        result: { gameWins: games.wins[team] },
      })),
      games: games.list.map(({ id, number, state, blue }) => ({
        number,
        id,
        state,
        teams: ([blue, (1 - blue) as Team] as const).map((team, index) => ({
          id: ref.teams[team],
          side: index === 0 ? "blue" : "red",
        })),
        vods: [],
      })),
    },
    streams: [{ parameter: "harbour", locale: "en-US", provider: "twitch", countries: [], offset: -60_000 }],
  };
}

function scheduled(server: SourceServer, games: RiotGames): Json {
  const { match, world, ref } = server;
  const over = games.state === "completed";
  const [first, second] = games.wins;
  const winner = !over || first === second ? undefined : first > second ? 0 : 1;
  const startsAt = match.startsAt ?? world.startedAt ?? server.clock.wall() + HOUR_MS;
  return {
    id: ref.match,
    startTime: isoTime(startsAt),
    state: games.state,
    type: "match",
    blockName: "Week 1",
    league: league(server),
    match: {
      id: ref.match,
      flags: over ? ["hasVod"] : [],
      teams: ([0, 1] as const).map((team) => ({
        ...nameOf(server, team),
        result: {
          outcome: winner === undefined ? null : winner === team ? "win" : "loss",
          gameWins: games.wins[team],
        },
        record: { wins: 3, losses: 2 },
      })),
      strategy: { type: "bestOf", count: match.bestOf },
    },
  };
}

/** What is no match stands between matches. */
function show(): Json {
  return {
    id: "115548128963030000",
    startTime: "2026-01-01T00:00:00Z",
    state: "inProgress",
    type: "show",
    blockName: "Countdown",
    league: { ...LEAGUE, name: "Shows" },
    streams: [],
  };
}
