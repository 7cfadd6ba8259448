import type { Team } from "@matchpoint/sdk";
import type { SourceAnswer } from "../sourceProtocol.ts";
import type { SourceServer } from "../sourceServer.ts";
import type { StoryGame } from "../storyWorld.ts";
import { raw, rawJson } from "./rawNumbers.ts";
import type { ValveGames } from "./valveGames.ts";

type Json = Record<string, unknown>;

const PAGE = 100;
/** Games of others before the match, one every so often: more than a page of them in six hours. */
const PAST = 180;
const EVERY_S = 180;

/**
 * OpenDota's answers about professional games: `/proMatches` in pages of a hundred, newest first, `/leagues/{id}/matches`
 * and `/matches/{id}`. It learns of a game a while after the end, and of the winner a while after that.
 */
export class OpendotaAnswers {
  readonly #server: SourceServer;
  readonly #games: ValveGames;
  readonly #resultMs: number;
  readonly #since: number;

  constructor(server: SourceServer, games: ValveGames, resultMs: number) {
    this.#server = server;
    this.#games = games;
    this.#resultMs = resultMs;
    this.#since = Math.floor(server.clock.wall() / 1_000);
  }

  /** @param path without `/api` */
  answer(path: string, query: URLSearchParams): SourceAnswer {
    if (path === "/proMatches") return { status: 200, body: rawJson(this.#page(query)) };
    const league = /^\/leagues\/(\d+)\/matches$/.exec(path)?.[1];
    if (league !== undefined) {
      return { status: 200, body: rawJson(this.#all().filter((each) => each["leagueid"] === raw(league))) };
    }
    const id = /^\/matches\/(\d+)$/.exec(path)?.[1];
    const game = this.#known().find((each) => String(this.#games.id(each)) === id);
    if (game === undefined) return { status: 404, body: { error: "Not Found" } };
    return { status: 200, body: rawJson(this.#match(game)) };
  }

  #page(query: URLSearchParams): Json[] {
    const less = Number(query.get("less_than_match_id") ?? Infinity);
    return this.#all()
      .filter((each) => numberOf(each) < less)
      .slice(0, PAGE);
  }

  /** Newest first. */
  #all(): Json[] {
    return [...this.#known().map((game) => this.#row(game)), ...this.#past()].sort(
      (a, b) => numberOf(b) - numberOf(a),
    );
  }

  /** Games that are over for long enough that it has heard of them. */
  #known(): readonly StoryGame[] {
    const heard = this.#server.clock.wall() - this.#resultMs / 2;
    return this.#server.world.games.filter(
      (game) => this.#games.isKnown(game) && game.endedAt !== undefined && game.endedAt <= heard,
    );
  }

  #won(game: StoryGame): boolean | null {
    const known = (game.endedAt ?? Infinity) <= this.#server.clock.wall() - this.#resultMs;
    if (!known || game.winner === undefined) return null;
    return game.winner === this.#games.sides(game)[0];
  }

  #facts(game: StoryGame): Json {
    const [radiant, dire] = this.#games.sides(game);
    const kills = game.progress.kills ?? game.progress.score ?? [0, 0];
    return {
      match_id: raw(String(this.#games.id(game))),
      duration: Math.round(this.#games.seconds(game)),
      start_time: Math.floor(game.startedAt / 1_000),
      leagueid: raw(this.#games.league),
      series_id: 990_217,
      series_type: 1,
      radiant_score: kills[radiant],
      dire_score: kills[dire],
      radiant_win: this.#won(game),
      version: null,
    };
  }

  #row(game: StoryGame): Json {
    const { match, ref } = this.#server;
    const [radiant, dire] = this.#games.sides(game);
    return {
      ...this.#facts(game),
      radiant_team_id: raw(ref.teams[radiant]),
      radiant_name: match.teams[radiant].name,
      dire_team_id: raw(ref.teams[dire]),
      dire_name: match.teams[dire].name,
      league_name: match.league ?? "League",
    };
  }

  #match(game: StoryGame): Json {
    const { match, ref } = this.#server;
    const [radiant, dire] = this.#games.sides(game);
    const team = (each: Team): Json => ({
      team_id: raw(ref.teams[each]),
      name: match.teams[each].name,
      tag: match.teams[each].aliases?.[0] ?? "",
      logo_url: null,
    });
    return {
      ...this.#facts(game),
      radiant_team: team(radiant),
      dire_team: team(dire),
      radiant_team_id: raw(ref.teams[radiant]),
      dire_team_id: raw(ref.teams[dire]),
      first_blood_time: -12,
      // Nobody has parsed the replay yet.
      radiant_gold_adv: null,
      radiant_xp_adv: null,
      objectives: null,
      teamfights: null,
      players: [],
    };
  }

  #past(): Json[] {
    return Array.from({ length: PAST }, (_, n) => ({
      match_id: raw(String(this.#games.before - 100 * (n + 1))),
      duration: 2_400 + n,
      start_time: this.#since - 2_500 - n * EVERY_S,
      radiant_team_id: n % 7 === 0 ? null : 9_600_000 + n,
      radiant_name: n % 7 === 0 ? null : `Harbour ${n}`,
      dire_team_id: 9_700_000 + n,
      dire_name: `Pier ${n}`,
      leagueid: n % 3 === 0 ? raw(this.#games.league) : 18_900,
      league_name: "League",
      series_id: n % 4 === 0 ? null : 980_000 + (n >> 1),
      series_type: n % 3,
      radiant_score: 20 + (n % 30),
      dire_score: 15 + (n % 20),
      radiant_win: n % 2 === 0,
      version: null,
    }));
  }
}

function numberOf(row: Json): number {
  return Number(String(row["match_id"]).replace(/\D/g, ""));
}
