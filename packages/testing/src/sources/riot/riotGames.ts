import type { Millis, Team } from "@matchpoint/sdk";
import type { SourceServer } from "../sourceServer.ts";
import type { StoryStep } from "../story.ts";
import { FrameTape } from "./frameTape.ts";

/** A game as the gateway lists it. */
export interface GatewayGame {
  readonly id: string;
  readonly number: number;
  readonly state: "unstarted" | "inProgress" | "completed" | "unneeded";
  /** As planned: the live statistics say who it is. */
  readonly blue: Team;
}

/** More attempts at a game than any story has. */
const ATTEMPTS = 100;

/**
 * What Riot's two feeds know: the live statistics at once, and the gateway's counts when somebody has entered them. A game
 * that is played anew gets a second id under the same number.
 */
export class RiotGames {
  readonly #server: SourceServer;
  readonly #resultMs: number;
  readonly #tapes = new Map<string, FrameTape>();
  /** Who is planned to be blue in the first game. Sides are chosen later, and the gateway goes on listing the plan. */
  readonly #planned: Team;

  constructor(server: SourceServer, resultMs: number) {
    this.#server = server;
    this.#resultMs = resultMs;
    this.#planned = server.rng.chance(0.5) ? 0 : 1;
  }

  id(game: number, attempt: number): string {
    return (BigInt(this.#server.ref.match) + BigInt(game + attempt * ATTEMPTS)).toString();
  }

  tape(id: string): FrameTape | undefined {
    return this.#tapes.get(id);
  }

  take(step: StoryStep, at: Millis): void {
    const { world } = this.#server;
    if (step.kind === "series_end" || step.kind === "cancel") {
      for (const tape of this.#tapes.values()) tape.cut(at);
      return;
    }
    if (!("game" in step)) return;
    const game = world.game(step.game)!;
    const id = this.id(game.game, game.attempt);
    // Nobody has played a game that was given up before it began.
    if (game.forfeit && game.startedAt === game.endedAt) return;
    if (step.kind === "remake") this.#tapes.get(this.id(game.game, game.attempt - 1))?.cut(at);
    const tape = this.#tapes.get(id) ?? new FrameTape(game.startedAt);
    this.#tapes.set(id, tape);
    if (step.kind !== "correction") tape.note(game, at);
  }

  /** Games won, as far as it was entered. A series that is given up is won by as many wins as it takes, and no flag. */
  get wins(): readonly [number, number] {
    const { world, match } = this.#server;
    const wins: [number, number] = [0, 0];
    for (const { winner, endedAt } of world.games) {
      if (winner !== undefined && this.#entered(endedAt)) wins[winner] += 1;
    }
    const { winner } = world;
    if (world.status === "finished" && winner !== undefined && this.#entered(world.endedAt)) {
      wins[winner] = Math.max(wins[winner], Math.floor(match.bestOf / 2) + 1);
    }
    return wins;
  }

  /** All games of the series, attempts that were broken off included. */
  get list(): readonly GatewayGame[] {
    const { world, match } = this.#server;
    const over = world.status === "finished" && this.#entered(world.endedAt);
    const games: GatewayGame[] = [];
    let given = over ? this.wins[0] + this.wins[1] : 0;
    for (let number = 1; number <= match.bestOf; number++) {
      const played = world.game(number);
      const blue = ((this.#planned + number - 1) % 2) as Team;
      for (let attempt = 0; attempt < (played?.attempt ?? 0); attempt++) {
        games.push({ id: this.id(number, attempt), number, state: "completed", blue });
      }
      const counts = given > 0;
      given -= 1;
      const entered = played?.status === "finished" && this.#entered(played.endedAt);
      const begun = played !== undefined && this.#tapes.has(this.id(number, played.attempt));
      const state = over
        ? counts || entered
          ? "completed"
          : "unneeded"
        : entered
          ? "completed"
          : begun
            ? "inProgress"
            : "unstarted";
      games.push({ id: this.id(number, played?.attempt ?? 0), number, state, blue });
    }
    return games;
  }

  /** The event's state, where the gateway gives one. */
  get state(): "unstarted" | "inProgress" | "completed" {
    const { world } = this.#server;
    if (world.status === "finished" && this.#entered(world.endedAt)) return "completed";
    return world.status === "running" || world.status === "finished" ? "inProgress" : "unstarted";
  }

  #entered(at: Millis | undefined): boolean {
    return at !== undefined && at <= this.#server.clock.wall() - this.#resultMs;
  }
}
