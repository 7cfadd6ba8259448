import type { GameProgress, Team } from "@matchpoint/sdk";
import type { SourceServer } from "../sourceServer.ts";
import type { Json, PandascoreMatch } from "./pandascoreMatch.ts";

const TEAMS = [0, 1] as const;
/** What a source tells of at most at once: a leap of the story is not hundreds of events. */
const MOST = 60;

/** The events endpoint: what happened between two states of a game, and all of it again on request. */
export class PandascoreEvents {
  readonly #server: SourceServer;
  readonly #match: PandascoreMatch;
  readonly #byGame = new Map<number, Json[]>();
  readonly #known = new Map<number, GameProgress>();

  constructor(server: SourceServer, match: PandascoreMatch) {
    this.#server = server;
    this.#match = match;
  }

  /** The events that lead to where a game stands now. */
  moved(game: number, progress: GameProgress): Json[] {
    const before = this.#known.get(game) ?? {};
    this.#known.set(game, progress);
    const { title } = this.#server.match;
    const rounds = title === "cs2" || title === "valorant";
    const events: Json[] = [];
    const add = (
      team: Team,
      name: "kills" | "score" | "towers" | "dragons" | "barons",
      make: () => Json,
    ): void => {
      const count = (progress[name]?.[team] ?? 0) - (before[name]?.[team] ?? 0);
      for (let n = 0; n < Math.min(count, MOST); n++) events.push(make());
    };
    for (const team of TEAMS) {
      add(team, "kills", () => this.#event(game, progress, "kill", this.#kill(team)));
      if (title === "lol") {
        add(team, "towers", () => this.#event(game, progress, "tower", this.#kill(team)));
        add(team, "dragons", () => this.#event(game, progress, "drake", this.#kill(team)));
        add(team, "barons", () => this.#event(game, progress, "baron", this.#kill(team)));
      }
      if (rounds)
        add(team, "score", () =>
          this.#event(game, progress, "round_end", this.#rounds(game, progress, team)),
        );
    }
    if (rounds && progress.round !== undefined && progress.round !== before.round) {
      events.push(this.#event(game, progress, "round_start", this.#rounds(game, progress, undefined)));
    }
    this.#byGame.set(game, [...(this.#byGame.get(game) ?? []), ...events]);
    return events;
  }

  /** A game is set back, or begins anew: what comes after is told relative to where it stands. */
  reset(game: number, progress: GameProgress): void {
    this.#known.set(game, progress);
  }

  /** Everything of a game, by PandaScore's id of it. */
  ofGame(gameId: number): readonly Json[] {
    for (const [game, events] of this.#byGame) if (this.#match.gameId(game) === gameId) return events;
    return [];
  }

  #event(game: number, progress: GameProgress, type: string, payload: Json): Json {
    const { title } = this.#server.match;
    const event: Json = {
      type,
      payload,
      ingame_timestamp:
        title === "cs2" ? (progress.clockMs ?? 0) : Math.floor((progress.clockMs ?? 0) / 1_000),
      game_id: this.#match.gameId(game),
      match_id: this.#match.id,
      tournament_id: 17_001,
      is_first: false,
    };
    return title === "cs2" ? { ...event, round_number: progress.round ?? 1 } : event;
  }

  #kill(by: Team): Json {
    const player = (team: Team): Json => {
      const { id, name } = this.#match.team(team);
      return { id: team * 5 + 1, name: `player ${team * 5 + 1}`, team_id: id, team_name: name };
    };
    return { killer: player(by), killed: player((1 - by) as Team) };
  }

  #rounds(game: number, progress: GameProgress, winner: Team | undefined): Json {
    const first = this.#server.world.game(game)?.firstSide ?? 0;
    const score = (team: Team): Json => {
      const { id, name } = this.#match.team(team);
      return { score: progress.score?.[team] ?? 0, team_id: id, team_name: name };
    };
    const sides = { counter_terrorists: score(first), terrorists: score((1 - first) as Team) };
    if (this.#server.match.title === "cs2") return { round_score: sides };
    if (winner === undefined) return {};
    return { outcome: winner === first ? "attackers_eliminated" : "defenders_eliminated" };
  }
}
