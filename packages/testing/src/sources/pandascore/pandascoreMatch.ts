import type { Team } from "@matchpoint/sdk";
import { isoTime } from "../sourceProtocol.ts";
import type { SourceServer } from "../sourceServer.ts";
import type { StoryGame } from "../storyWorld.ts";
import { PANDASCORE_TITLES } from "./pandascoreTitles.ts";

/** Plain JSON with names. */
export type Json = Record<string, unknown>;

const OPENS_BEFORE_MS = 15 * 60_000;
/** PandaScore has an order of its own: here the other way round. */
const LISTED = [1, 0] as const;

/** PandaScore's objects of the match, as they are now. Absent values are null, keys are always there. */
export class PandascoreMatch {
  readonly #server: SourceServer;
  readonly #scheduledAt: number;
  readonly #firstGameId: number;
  readonly #liveSupported: boolean;
  modifiedAt: number;

  constructor(server: SourceServer, liveSupported: boolean) {
    this.#server = server;
    this.#liveSupported = liveSupported;
    this.modifiedAt = server.clock.wall();
    this.#scheduledAt = server.match.startsAt ?? this.modifiedAt;
    this.#firstGameId = server.rng.int(100_000, 900_000);
  }

  get id(): number {
    return Number(this.#server.ref.match);
  }

  get opensAt(): number {
    return this.#scheduledAt - OPENS_BEFORE_MS;
  }

  teamId(team: Team): number {
    return Number(this.#server.ref.teams[team]);
  }

  /** A remade game keeps its id. */
  gameId(game: number): number {
    return this.#firstGameId + game;
  }

  get status(): string {
    const { world } = this.#server;
    if (world.calledOff === "postponed") return "postponed";
    return world.status === "called_off" ? "canceled" : world.status;
  }

  team(team: Team): Json {
    const { name, aliases } = this.#server.match.teams[team];
    return {
      id: this.teamId(team),
      name,
      acronym: aliases?.[0] ?? null,
      slug: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-"),
      location: null,
      image_url: null,
    };
  }

  object(): Json {
    const { world, match, urls } = this.#server;
    const title = PANDASCORE_TITLES[match.title];
    const scheduled = isoTime(this.#scheduledAt);
    const { winner, maps } = world;
    return {
      id: this.id,
      slug: `match-${this.id}`,
      name: LISTED.map((team) => match.teams[team].name).join(" vs "),
      status: this.status,
      match_type: match.bestOf === 2 ? "all_games_played" : "best_of",
      number_of_games: match.bestOf,
      scheduled_at: scheduled,
      original_scheduled_at: scheduled,
      rescheduled: false,
      begin_at: world.startedAt === undefined ? scheduled : isoTime(world.startedAt),
      end_at: world.endedAt === undefined ? null : isoTime(world.endedAt),
      modified_at: isoTime(this.modifiedAt),
      draw: world.status === "finished" && winner === undefined && !world.forfeit && maps[0] === maps[1],
      forfeit: world.forfeit || world.calledOff === "walkover",
      game_advantage: null,
      detailed_stats: true,
      winner_id: winner === undefined ? null : this.teamId(winner),
      winner: winner === undefined ? null : this.team(winner),
      winner_type: "Team",
      opponents: LISTED.map((team) => ({ type: "Team", opponent: this.team(team) })),
      results: LISTED.map((team) => ({ team_id: this.teamId(team), score: maps[team] })),
      games: this.games(),
      live: {
        supported: this.#liveSupported,
        url: this.#liveSupported ? `${urls.ws ?? "wss://live"}/matches/${this.id}` : null,
        opens_at: this.#liveSupported ? isoTime(this.opensAt) : null,
      },
      streams_list: [],
      league: { id: 4_197, name: match.league ?? "League", slug: "league" },
      serie: { id: 9_001, full_name: "Season 2026" },
      tournament: { id: 17_001, name: "Playoffs", live_supported: this.#liveSupported, tier: "a" },
      videogame: { id: title.id, name: title.slug, slug: title.slug },
    };
  }

  /** All games that the format has; those that need not be played are said so after the end. */
  games(): Json[] {
    const { match } = this.#server;
    return Array.from({ length: match.bestOf }, (_, index) => this.game(index + 1));
  }

  game(position: number): Json {
    const { world } = this.#server;
    const known = world.game(position);
    const over = world.status === "finished" || world.status === "called_off";
    const status = known?.status ?? (over ? "not_played" : "not_started");
    return {
      id: this.gameId(position),
      position,
      status,
      begin_at: known === undefined ? null : isoTime(known.startedAt),
      end_at: known?.endedAt === undefined ? null : isoTime(known.endedAt),
      length: lengthOf(known),
      finished: known?.status === "finished",
      complete: known?.status === "finished",
      forfeit: known?.forfeit ?? false,
      winner: { id: known?.winner === undefined ? null : this.teamId(known.winner), type: "Team" },
      winner_type: "Team",
      detailed_stats: true,
      match_id: this.id,
    };
  }
}

function lengthOf(game: StoryGame | undefined): number | null {
  if (game?.endedAt === undefined) return null;
  return Math.round((game.endedAt - game.startedAt) / 1_000);
}
