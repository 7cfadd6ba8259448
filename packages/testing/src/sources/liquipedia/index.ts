import type { Team } from "@matchpoint/sdk";
import type { FakeSource, FakeSourceOptions } from "../fakeSource.ts";
import type { SourceAnswer, SourceRequest } from "../sourceProtocol.ts";
import { SourceServer } from "../sourceServer.ts";
import type { StoryGame } from "../storyWorld.ts";

/** Options of {@link createFakeLiquipedia}. */
export interface FakeLiquipediaOptions extends FakeSourceOptions {
  /** The key that it accepts. Default: any. */
  readonly key?: string;
  /** Requests an hour before it answers 429. Default 60. */
  readonly requestsPerHour?: number;
}

type Json = Record<string, unknown>;

const HOUR_MS = 3_600_000;
const WIKIS = {
  lol: "leagueoflegends",
  cs2: "counterstrike",
  dota2: "dota2",
  valorant: "valorant",
  other: "worldofwarcraft",
} as const;

/**
 * Liquipedia's LPDB v3 as its documentation and the code that writes its records have it: `/api/v3/match` with conditions,
 * one record per match, numbers as text, empty dictionaries as lists, and people who enter results after the fact. A key and
 * a User-Agent of one's own are demanded, and sixty requests an hour are all there is.
 *
 * @example
 * ```ts
 * import { SystemClock, type MatchDescription } from "@matchpoint/sdk";
 * import { createFakeLiquipedia } from "@matchpoint/testing";
 *
 * async function confirm(match: MatchDescription): Promise<void> {
 *   const liquipedia = createFakeLiquipedia({ match, clock: new SystemClock() });
 *   await liquipedia.start();
 *   liquipedia.tell({ kind: "series_start" });
 *   liquipedia.tell({ kind: "series_end", winner: 0, forfeit: true });
 *   console.log(liquipedia.seen.headers.map((headers) => headers["user-agent"]));
 * }
 * ```
 */
export function createFakeLiquipedia(options: FakeLiquipediaOptions): FakeSource {
  return new SourceServer("liquipedia", options, (server) => {
    const asked: number[] = [];
    const limit = options.requestsPerHour ?? 60;
    return {
      answer: (request) => {
        const refused = refusal(request, options.key);
        if (refused !== undefined) return refused;
        const now = server.clock.wall();
        while (asked.length > 0 && asked[0]! <= now - HOUR_MS) asked.shift();
        if (asked.push(now) > limit) {
          return { status: 429, body: { error: ["Your API key exceeded its rate limit."] } };
        }
        const { searchParams } = request.url;
        const wikis = (searchParams.get("wiki") ?? "").split("|");
        const conditions = searchParams.get("conditions") ?? "";
        const mine = wikis.includes(WIKIS[server.match.title]) && names(conditions, server.ref.match);
        return { status: 200, body: { result: mine ? [record(server)] : [], warning: [] } };
      },
      wrongShape: () => ({ result: [{ ...record(server), match2opponents: "none", match2games: 7 }] }),
    };
  });
}

function refusal({ method, url, headers }: SourceRequest, key: string | undefined): SourceAnswer | undefined {
  const text = (error: string, status: number): SourceAnswer => ({ status, body: { error: [error] } });
  if (method !== "GET" || url.pathname !== "/api/v3/match") return text("not found", 404);
  const given = /^Apikey (.+)$/.exec(headers["authorization"] ?? "")?.[1];
  if (given === undefined || (key !== undefined && given !== key)) return text("invalid API key", 403);
  // Clients that do not say who they are, and how to reach them, are banned.
  if (!/@|https?:/.test(headers["user-agent"] ?? "")) return text("identify yourself", 403);
  if (!/\bgzip\b/.test(headers["accept-encoding"] ?? "")) return text("gzip is required", 406);
  return url.searchParams.get("wiki") === null ? text("wiki is required", 400) : undefined;
}

/** Whether conditions ask for a match by its id, alone or among others. */
function names(conditions: string, match: string): boolean {
  const ids = [...conditions.matchAll(/\[\[match2id::([^\]]+)\]\]/g)].map(([, each]) => each);
  return ids.length === 0 || ids.includes(match);
}

/** `YYYY-MM-DD HH:MM:SS`, UTC. */
function stamp(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace("T", " ");
}

function record(server: SourceServer): Json {
  const { world, match, ref } = server;
  const over = world.status === "finished";
  const off = world.status === "called_off";
  const walkover = world.calledOff === "walkover";
  // A match without a new date yet is one whose date nobody knows, and nothing else.
  const postponed = world.calledOff === "postponed";
  const notPlayed = off && !walkover && !postponed;
  const drawn = over && world.winner === undefined && !world.forfeit && world.games.length === match.bestOf;
  const forfeit = over && world.forfeit;
  const winner = !over ? "" : world.winner !== undefined ? String(world.winner + 1) : drawn ? "0" : "";
  return {
    pageid: 71_234,
    pagename: `${match.league ?? "League"}/2026`,
    namespace: 0,
    objectname: ref.match,
    match2id: ref.match,
    match2bracketid: ref.match.split("_")[0],
    status: notPlayed ? "notplayed" : "",
    winner,
    walkover: forfeit || walkover ? "ff" : "",
    resulttype: notPlayed ? "np" : forfeit || walkover ? "default" : drawn ? "draw" : "",
    finished: over || (off && !postponed) ? "1" : "0",
    mode: "team",
    type: "",
    section: "",
    game: "",
    patch: "",
    links: [],
    bestof: String(match.bestOf),
    date: postponed ? "0000-01-01 00:00:00" : stamp(match.startsAt ?? world.startedAt ?? server.clock.wall()),
    dateexact: postponed ? "0" : "1",
    stream: [],
    vod: "",
    tournament: match.league ?? "",
    liquipediatier: "1",
    liquipediatiertype: "",
    extradata: off && !postponed ? { status: world.calledOff } : [],
    match2bracketdata: { type: "matchlist", title: "Week 1" },
    match2opponents: ([0, 1] as const).map((team) => opponent(server, team, { forfeit, walkover })),
    match2games: Array.from({ length: match.bestOf }, (_, i) => game(server, world.game(i + 1), i + 1)),
  };
}

function opponent(
  { world, ref, match }: SourceServer,
  team: Team,
  how: { readonly forfeit: boolean; readonly walkover: boolean },
): Json {
  const byDefault = how.forfeit || how.walkover;
  const won = how.forfeit && world.winner === team;
  const status = !byDefault ? "S" : won ? "W" : "FF";
  return {
    name: ref.teams[team],
    template: match.teams[team].name.toLowerCase(),
    type: "team",
    score: byDefault ? "-1" : String(world.maps[team]),
    status,
    placement: world.winner === undefined ? "" : world.winner === team ? "1" : "2",
    extradata: [],
    match2players: [],
  };
}

/** As editors enter them: the winner has more, also after they have corrected who that was. */
function scoresOf({ progress, winner }: StoryGame): readonly number[] {
  const [a, b] = progress.score ?? [0, 0];
  const [low, high] = a < b ? [a, b] : [b, a];
  return winner === undefined ? [a, b] : winner === 0 ? [high, low] : [low, high];
}

function game({ match, world }: SourceServer, played: StoryGame | undefined, n: number): Json {
  const over = played?.status === "finished";
  const unused = played === undefined && (world.status === "finished" || world.status === "called_off");
  return {
    map:
      match.title === "cs2" || match.title === "valorant"
        ? ["Inferno", "Nuke", "Mirage", "Ancient", "Anubis"][n - 1]
        : "",
    scores: over ? scoresOf(played) : [],
    opponents: [[], []],
    winner: over && played.winner !== undefined ? String(played.winner + 1) : "",
    status: unused ? "notplayed" : "",
    resulttype: unused ? "np" : over && played.forfeit ? "default" : "",
    walkover: over && played.forfeit ? "ff" : "",
    length: "",
    date: "0000-01-01 00:00:00",
    vod: "",
    extradata: [],
    participants: [],
  };
}
