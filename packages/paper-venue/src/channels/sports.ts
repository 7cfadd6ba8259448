import type { Core } from "../core.ts";
import { nanos } from "../time.ts";
import type { MatchFacts } from "../world/listing.ts";
import { Sockets } from "./sockets.ts";

/** What the sports channel says of a match. */
export interface SportsGame {
  readonly gameId: number;
  readonly leagueAbbreviation: string;
  readonly homeTeam: string;
  readonly awayTeam: string;
  status: string;
  /** `<points of the current game>|<games won>|Bo<n>`; the first part is `000-000` in practice. */
  score: string;
  /** `<current game>/<n>` */
  period: string;
  live: boolean;
  ended: boolean;
}

/** What may be changed of a game. */
export type SportsChange = Partial<Pick<SportsGame, "status" | "score" | "period" | "live" | "ended">>;

/** Live scores: every active game on connecting, on every change, and again every twenty seconds. The end is said once. */
export class SportsChannel {
  readonly #core: Core;
  readonly #sockets: Sockets<null>;
  readonly #games = new Map<number, SportsGame>();

  constructor(core: Core, matches: readonly MatchFacts[]) {
    this.#core = core;
    this.#sockets = new Sockets(core.agenda, (effect) => core.effect(effect));
    for (const match of matches) {
      this.#games.set(match.gameId, {
        gameId: match.gameId,
        leagueAbbreviation: match.league,
        homeTeam: match.teams[0],
        awayTeam: match.teams[1],
        status: "not_started",
        score: `000-000|0-0|Bo${match.bestOf}`,
        period: `1/${match.bestOf}`,
        live: false,
        ended: false,
      });
    }
  }

  /** Begins to repeat the games. */
  start(): void {
    const period = nanos(this.#core.settings.sportsPeriodMs);
    const repeat = (at: number) => {
      for (const [socketId] of this.#sockets.all()) this.#all(socketId);
      this.#core.agenda.plan(at + period, repeat);
    };
    this.#core.agenda.plan(period, repeat);
  }

  open(socketId: string, at: number): void {
    this.#sockets.open(socketId, null, at);
    this.#all(socketId);
  }

  gone(socketId: string): void {
    this.#sockets.gone(socketId);
  }

  closeAll(code: number, reason: string): void {
    for (const [socketId] of this.#sockets.all()) this.#sockets.close(socketId, code, reason);
  }

  receive(socketId: string, text: string, at: number): void {
    this.#sockets.heard(socketId, text, at);
  }

  game(gameId: number): SportsGame | undefined {
    return this.#games.get(gameId);
  }

  /** A game changed: everybody is told. */
  change(gameId: number, change: SportsChange, at: number): boolean {
    const game = this.#games.get(gameId);
    if (game === undefined) return false;
    const ending = change.ended === true && !game.ended;
    Object.assign(game, change);
    if (ending && this.#core.faults.strike("missing_ended", {}, at) !== undefined) return true;
    for (const [socketId] of this.#sockets.all()) this.#sockets.send(socketId, JSON.stringify(game));
    return true;
  }

  #all(socketId: string): void {
    for (const game of this.#games.values())
      if (!game.ended) this.#sockets.send(socketId, JSON.stringify(game));
  }
}
