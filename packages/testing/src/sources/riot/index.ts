import type { FakeSource, FakeSourceOptions } from "../fakeSource.ts";
import { SourceServer } from "../sourceServer.ts";
import { gatewayAnswer } from "./gatewayAnswers.ts";
import { livestatsAnswer } from "./livestatsAnswers.ts";
import { RiotGames } from "./riotGames.ts";

/** Options of {@link createFakeRiot}. */
export interface FakeRiotOptions extends FakeSourceOptions {
  /** The `x-api-key` that the gateway accepts. Default: any, but there must be one. */
  readonly key?: string;
  /** How long after its end a game counts in `gameWins`. Default 60,000. */
  readonly resultMs?: number;
  /** Windows that begin less long ago are refused. Default 20,000; 60,000 was seen too. */
  readonly windowLagMs?: number;
}

/**
 * Riot's LoL esports as its web client reads it, gateway and live statistics on one port. `/persisted/gw/{operation}` demands
 * a key, names no winner of a game and shows results some time after the fact; `/livestats/v1/{window,details}/{game}` gives
 * frames of ten seconds of the past and ends with `finished`, without a winner. Neither has a word for a forfeit or a match
 * that is called off.
 *
 * @example
 * ```ts
 * import { SystemClock, type MatchDescription } from "@matchpoint/sdk";
 * import { createFakeRiot } from "@matchpoint/testing";
 *
 * // match.refs: { riot_gateway: { match: "115548128963037563", teams: ["98767991853197861", "98767991860392497"] } }
 * async function ask(match: MatchDescription): Promise<number> {
 *   const riot = createFakeRiot({ match, clock: new SystemClock() });
 *   await riot.start();
 *   riot.tell({ kind: "series_start" });
 *   riot.tell({ kind: "game_start", game: 1, firstSide: 0 });
 *   const answer = await fetch(`${riot.urls.http}/persisted/gw/getLive?hl=en-US`);
 *   return answer.status; // 403: there was no x-api-key
 * }
 * ```
 */
export function createFakeRiot(options: FakeRiotOptions): FakeSource {
  return new SourceServer("riot_gateway", options, (server) => {
    const games = new RiotGames(server, options.resultMs ?? 60_000);
    const lagMs = options.windowLagMs ?? 20_000;
    return {
      answer: ({ method, url, headers }) => {
        const [, operation] = /^\/persisted\/gw\/(\w+)$/.exec(url.pathname) ?? [];
        if (operation !== undefined && method === "GET") {
          const key = headers["x-api-key"] ?? "";
          if (key === "" || (options.key !== undefined && key !== options.key)) {
            return { status: 403, body: { message: "Forbidden" } };
          }
          return gatewayAnswer(server, games, operation, url.searchParams);
        }
        const [, what, id] = /^\/livestats\/v1\/(window|details)\/(\d+)$/.exec(url.pathname) ?? [];
        if (what === undefined || id === undefined || method !== "GET") {
          return { status: 404, body: { message: "Not Found" } };
        }
        return livestatsAnswer(server, games, lagMs, what as "window" | "details", id, url.searchParams);
      },
      told: (step, at) => {
        games.take(step, at);
      },
    };
  });
}
