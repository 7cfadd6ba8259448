import {
  id,
  MatchpointError,
  type MarketDescription,
  type MarketId,
  type MarketSubject,
  type MatchDescription,
  type Price,
  type Shares,
  type Team,
} from "@matchpoint/sdk";
import type { Fact } from "../simulator/world/facts.ts";
import type { MatchView } from "../simulator/world/matchView.ts";

/** A venue that lists the match. `startVenue` of `@matchpoint/paper-venue` returns one; its admin address is another. */
export interface MatchVenue {
  /** Takes `fair`, `market`, `sports`, `oracle` and `resolve`, as that venue's admin path does. */
  command(command: unknown): { readonly ok: boolean; readonly error?: unknown };
  /** The match's markets; others are left alone. */
  readonly markets: readonly MatchMarket[];
}

/** A market on the winner of the match, or of one of its games. */
export interface MatchMarket {
  readonly marketId: string;
  /** The game that it is about; 0: the match. */
  readonly game: number;
  /** Whose victory the first outcome pays. */
  readonly first: Team;
}

/** How often makers that have heard something take their quotes back. */
const QUOTE_MS = 200;
/** What is worth new quotes: about a tick. */
const MOVED = 0.008;

interface Told {
  readonly market: MatchMarket;
  readonly about: MarketDescription;
  fair: number;
}

/** Tells a venue of a match: its start, its score, what its makers hold it to be worth, and what its markets pay. */
export class VenueTeller {
  readonly #venue: MatchVenue;
  readonly #gameId: number;
  readonly #bestOf: number;
  readonly #told: readonly Told[];
  #quotedAt = -Infinity;

  constructor(venue: MatchVenue, match: MatchDescription) {
    this.#venue = venue;
    this.#bestOf = match.bestOf;
    this.#gameId = Number(match.refs?.["polymarket_sports"]?.match);
    this.#told = venue.markets.map((market) => ({ market, about: describe(market, match), fair: -1 }));
  }

  /** Says when the match begins: a venue that clears its books then does. */
  schedule(startsAt: number): void {
    for (const { market } of this.#told) this.#do({ do: "market", market: market.marketId, startsAt });
  }

  /** Keeps the scoreboard. */
  score({ kind }: Fact, view: MatchView): void {
    if (kind !== "series_started" && !kind.startsWith("game_") && kind !== "series_won") return;
    const ended = kind === "series_won";
    this.#do({
      do: "sports",
      gameId: this.#gameId,
      status: ended ? "finished" : "running",
      score: `000-000|${view.maps[0]}-${view.maps[1]}|Bo${this.#bestOf}`,
      period: `${Math.max(1, view.game)}/${this.#bestOf}`,
      live: !ended,
      ended,
    });
  }

  /** Has the makers quote around what they hold the markets to be worth. */
  quote(nowMs: number, worth: (market: MarketDescription) => number): void {
    if (nowMs < this.#quotedAt + QUOTE_MS) return;
    this.#quotedAt = nowMs;
    for (const told of this.#told) {
      const fair = worth(told.about);
      if (Math.abs(fair - told.fair) < MOVED) continue;
      told.fair = fair;
      this.#do({ do: "fair", market: told.market.marketId, price: fair });
    }
  }

  /** Outcomes are proposed at the oracle. */
  propose(): void {
    for (const { market } of this.#told)
      this.#do({ do: "oracle", market: market.marketId, status: "proposed" });
  }

  /** The markets pay; a game that was not played pays half each. */
  resolve(series: Team | undefined, games: readonly (Team | undefined)[]): void {
    for (const { market } of this.#told) {
      const winner = market.game === 0 ? series : games[market.game - 1];
      const outcome = winner === undefined ? "50-50" : winner === market.first ? 0 : 1;
      this.#do({ do: "resolve", market: market.marketId, outcome });
    }
  }

  #do(command: Readonly<Record<string, unknown>>): void {
    const { ok, error } = this.#venue.command(command);
    if (!ok)
      throw new MatchpointError(
        "INVARIANT",
        `the venue refuses ${JSON.stringify(command)}: ${String(error)}`,
      );
  }
}

/** As much of a market as an opinion of its worth needs. */
function describe({ marketId, game, first }: MatchMarket, match: MatchDescription): MarketDescription {
  const { matchId, teams } = match;
  const teamOf: readonly [Team, Team] = first === 0 ? [0, 1] : [1, 0];
  const subject: MarketSubject =
    game === 0 ? { kind: "series", matchId, teamOf } : { kind: "game", matchId, game, teamOf };
  return {
    marketId: id<MarketId>(marketId),
    title: "",
    outcomes: [
      { tokenId: id("0"), name: teams[teamOf[0]].name },
      { tokenId: id("1"), name: teams[teamOf[1]].name },
    ],
    subject,
    tick: 100 as Price,
    minSize: 0 as Shares,
    takerDelayMs: 0,
    mirrored: true,
    negRisk: false,
    acceptingOrders: true,
    clearBookOnStart: false,
  };
}
