import type { FakeSource, FakeSourceOptions } from "../fakeSource.ts";
import { SourceServer } from "../sourceServer.ts";
import { leagueList } from "./leagueList.ts";
import { OpendotaAnswers } from "./opendotaAnswers.ts";
import { ValveGames } from "./valveGames.ts";

/** Options of {@link createFakeSteam}. */
export interface FakeSteamOptions extends FakeSourceOptions {
  /** Under which name it serves the match; both answer all addresses. Default `steam`. */
  readonly source?: "steam" | "opendota";
  /** The key that Steam's address accepts. Default: any, but there must be one. */
  readonly key?: string;
  /** How long after the end of a game OpenDota knows who won; it knows of the game in half that time. Default 120,000. */
  readonly resultMs?: number;
  /** For how long a game is listed without its scoreboard: the draft. Default 0, as stories begin games after it. */
  readonly draftMs?: number;
}

const LIST = "/IDOTA2Match_570/GetLiveLeagueGames/v1";

/**
 * Dota 2 as Valve shows it and OpenDota keeps it, on one port. Steam's `GetLiveLeagueGames` lists a game while it is played
 * and never says who won: the game is gone from the list, and the next one begins with one more win. OpenDota, under `/api`,
 * knows the winner a while after. Of pauses, forfeits and cancelled matches neither has a word.
 *
 * @example
 * ```ts
 * import { SystemClock, type MatchDescription } from "@matchpoint/sdk";
 * import { createFakeSteam } from "@matchpoint/testing";
 *
 * // match.refs: { steam: { match: "league:18000", teams: ["39", "2163"] } }
 * async function list(match: MatchDescription): Promise<string> {
 *   const steam = createFakeSteam({ match, clock: new SystemClock() });
 *   await steam.start();
 *   steam.tell({ kind: "series_start" });
 *   steam.tell({ kind: "game_start", game: 1, firstSide: 1 });
 *   const answer = await fetch(`${steam.urls.http}/IDOTA2Match_570/GetLiveLeagueGames/v1/?key=k`);
 *   return answer.text(); // lobby ids are beyond 2^53
 * }
 * ```
 */
export function createFakeSteam(options: FakeSteamOptions): FakeSource {
  return new SourceServer(options.source ?? "steam", options, (server) => {
    const games = new ValveGames(server);
    const opendota = new OpendotaAnswers(server, games, options.resultMs ?? 120_000);
    return {
      answer: ({ method, url }) => {
        if (method !== "GET") return { status: 405, body: { error: "Method Not Allowed" } };
        if (url.pathname.startsWith("/api/")) {
          return opendota.answer(url.pathname.slice("/api".length), url.searchParams);
        }
        if (url.pathname.replace(/\/$/, "") !== LIST) return { status: 404, body: "<h1>Not Found</h1>" };
        const key = url.searchParams.get("key") ?? "";
        if (key === "" || (options.key !== undefined && key !== options.key)) {
          return { status: 403, body: "<html><head><title>Forbidden</title></head></html>" };
        }
        return { status: 200, body: leagueList(server, games, options.draftMs ?? 0) };
      },
      told: (step, at) => {
        games.take(step, at);
      },
    };
  });
}
