import type { MarketDescription, MatchDescription, Team, Usdc } from "@matchpoint/sdk";
import { describe, type Listing } from "./description.ts";
import { resolveOptions, type FaultName, type ResolvedOptions, type SimulationOptions } from "./options.ts";
import type { SimFrame } from "./outbox.ts";
import { payoutsOf, playWorld, Simulation } from "./simulate.ts";

/** What truly happened in a game. */
export interface ReferenceGame {
  readonly game: number;
  readonly status: "played" | "not_played";
  readonly winner: Team | undefined;
  /** Wall clock, Unix ms. */
  readonly startedAtMs: number | undefined;
  readonly wonAtMs: number | undefined;
  /** How often it was begun: 2 after a remake. */
  readonly starts: number;
}

/** What truly happened, as nobody in the simulation can know before it has: for tests only. */
export interface Reference {
  readonly winner: Team;
  readonly maps: readonly [number, number];
  readonly games: readonly ReferenceGame[];
  /** In the order of the markets: micro-dollars per share of each outcome. */
  readonly payouts: readonly (readonly [Usdc, Usdc])[];
  readonly endedAtMs: number;
  /** The scripts that were switched on. */
  readonly faults: readonly FaultName[];
}

/** A match that is played anew, in the same way, every time its frames are asked for. */
export class SimulatedMatch {
  readonly description: MatchDescription;
  /** The series first, then the games in order. */
  readonly markets: readonly MarketDescription[];
  /** Wall clock of the stream's beginning, Unix ms. */
  readonly startsAt: number;
  readonly faults: readonly FaultName[];
  readonly #options: ResolvedOptions;
  readonly #listing: Listing;
  #reference: Reference | undefined;

  constructor(options: SimulationOptions) {
    this.#options = resolveOptions(options);
    this.#listing = describe(this.#options);
    this.description = this.#listing.match;
    this.markets = this.#listing.markets;
    this.startsAt = this.#options.startsAt;
    this.faults = [...this.#options.faults];
  }

  /**
   * The frames in the order of their receipt. They are made as they are taken, so that memory stays flat however long the
   * match is.
   */
  *frames(): Generator<SimFrame, void, undefined> {
    const simulation = new Simulation(this.#options, this.#listing);
    const encoder = new TextEncoder();
    for (;;) {
      const parcel = simulation.next();
      if (parcel === undefined) return;
      const { at, channel, body, event, fault } = parcel;
      yield {
        receivedAtMs: this.startsAt + Math.round(at),
        channel,
        bytes: typeof body === "string" ? encoder.encode(body) : body,
        ...(event === undefined ? {} : { event }),
        ...(fault === undefined ? {} : { fault }),
      };
    }
  }

  /** What truly happens in this match. Plays the match alone, without anybody who could look. */
  reference(): Reference {
    this.#reference ??= this.#play();
    return this.#reference;
  }

  #play(): Reference {
    const { bestOf } = this.#options;
    const winners = new Array<Team | undefined>(bestOf).fill(undefined);
    const started = new Array<number | undefined>(bestOf).fill(undefined);
    const won = new Array<number | undefined>(bestOf).fill(undefined);
    const starts = new Array<number>(bestOf).fill(0);
    let winner: Team = 0;
    let endedAt = 0;
    playWorld(this.#options, (fact) => {
      endedAt = fact.at;
      if (fact.kind === "game_started") {
        started[fact.game - 1] = this.startsAt + fact.at;
        starts[fact.game - 1]! += 1;
      } else if (fact.kind === "game_won") {
        winners[fact.game - 1] = fact.winner;
        won[fact.game - 1] = this.startsAt + fact.at;
      } else if (fact.kind === "series_won") {
        winner = fact.winner;
      }
    });
    const maps = ([0, 1] as const).map((team) => winners.filter((each) => each === team).length);
    return {
      winner,
      maps: [maps[0]!, maps[1]!],
      games: winners.map((each, index) => ({
        game: index + 1,
        status: each === undefined ? "not_played" : "played",
        winner: each,
        startedAtMs: started[index],
        wonAtMs: won[index],
        starts: starts[index]!,
      })),
      payouts: this.markets.map((market) => payoutsOf(market, winner, winners)),
      endedAtMs: this.startsAt + endedAt,
      faults: this.faults,
    };
  }
}

/**
 * Simulates a match with its sources and its markets: teams that nobody has heard of play a series whose winner comes out of
 * the play; two sources tell of it in the wire shapes of GRID and PandaScore, late and with faults; and traders who see it late
 * too make the markets on it, in the wire shape of Polymarket's market channel.
 *
 * @example
 * ```ts
 * import { simulateMatch } from "@matchpoint/testing";
 *
 * const match = simulateMatch({ seed: 7, title: "lol", bestOf: 3 });
 * let frames = 0;
 * for (const frame of match.frames()) frames += frame.channel === "polymarket.market" ? 1 : 0;
 * console.log(match.description.teams.map((team) => team.name).join(" vs "), frames);
 * ```
 *
 * @throws `MatchpointError` `CONFIG_INVALID`
 */
export function simulateMatch(options: SimulationOptions): SimulatedMatch {
  return new SimulatedMatch(options);
}
