import { matchListings, startVenue, type RunningVenue, type VenueListing } from "@matchpoint/paper-venue";
import type { Team } from "@matchpoint/sdk";
import { LiveMatch, type MatchMarket } from "@matchpoint/testing";

/** Markets of a match: its winner, and the winner of each of three games. */
export const MARKETS_PER_MATCH = 4;
/**
 * How many seconds of a match go by in one: a best of three takes about half an hour, and forty markets end in an hour, more than on a
 * busy day. The first ones are faster, each by as much that the places do not all change at once.
 */
const PACE = 3;
/** No best of three is over sooner, in minutes of its own; so many matches have to be there for a place. */
const SHORTEST_MIN = 40;
const TITLES = ["lol", "cs2"] as const;

interface Planned {
  readonly match: LiveMatch;
  readonly listings: readonly VenueListing[];
}

/** A venue on which the same number of markets is alive all the time: where a match ends another begins. */
export class SoakWorld {
  readonly venue: RunningVenue;
  readonly #places: readonly (readonly Planned[])[];
  readonly #end = new AbortController();
  #matches = 0;
  #over = 0;
  #failure: unknown;

  private constructor(venue: RunningVenue, places: readonly (readonly Planned[])[]) {
    this.venue = venue;
    this.#places = places;
  }

  static async open(options: {
    readonly seed: number;
    readonly markets: number;
    readonly minutes: number;
  }): Promise<SoakWorld> {
    const count = options.markets / MARKETS_PER_MATCH;
    const each = Math.ceil((options.minutes * PACE) / SHORTEST_MIN) + 3;
    const planned = plan(options.seed, count, each);
    const places = Array.from({ length: count }, (_, place) =>
      planned.filter((_each, n) => n % count === place),
    );
    const venue = await startVenue({
      seed: options.seed,
      markets: planned.flatMap(({ listings }) => listings),
      onError: (error) => {
        console.error("the venue:", error);
      },
    });
    return new SoakWorld(venue, places);
  }

  /** Lists the first match of every place. */
  begin(): void {
    for (const [first] of this.#places) this.#list(first!);
  }

  /** Plays matches one after the other, in every place, until {@link close}. */
  play(): void {
    for (const place of this.#places)
      void this.#playAll(place).catch((error: unknown) => {
        if (!this.#end.signal.aborted) this.#failure ??= error;
      });
  }

  /** @throws whatever has kept the world from going on */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure as Error;
  }

  /** Matches that have begun, and that are over. */
  get matches(): { readonly begun: number; readonly over: number } {
    return { begun: this.#matches, over: this.#over };
  }

  async close(): Promise<void> {
    this.#end.abort();
    await Promise.all(this.#places.flat().map(({ match }) => match.stop()));
    await this.venue.close();
  }

  async #playAll(place: readonly Planned[]): Promise<void> {
    for (const [n, planned] of place.entries()) {
      if (n > 0) this.#list(planned);
      this.#matches += 1;
      const { pay } = await planned.match.play({
        markets: planned.listings.map((listing, game) => marketOf(planned.match, listing, game)),
        command: (command) => this.venue.command(command),
      });
      pay();
      this.#over += 1;
    }
    throw new Error("there are no more matches to play");
  }

  #list({ listings }: Planned): void {
    for (const { description } of listings) {
      const market = description.marketId;
      this.venue.command({ do: "market", market, acceptingOrders: true, startsAt: soon() });
      this.venue.command({ do: "list", market });
    }
  }
}

function plan(seed: number, places: number, each: number): Planned[] {
  const planned: Planned[] = [];
  const games = new Set<string>();
  for (let n = 0; planned.length < places * each; n += 1) {
    const title = TITLES[n % TITLES.length]!;
    const first = planned.length < places;
    const pace = first ? (PACE * places) / (planned.length + 1) : PACE;
    const match = new LiveMatch({
      ...{ seed: seed * 100_000 + n, title, bestOf: 3, pace },
      // Crowds write off who is behind.
      ...{ makersLateMs: 3_000, makersOverreact: 2.5, leadMs: 5_000 },
    });
    const { teams, league = "", matchId, refs } = match.description;
    const game = refs!["polymarket_sports"]!.match;
    if (games.has(game)) continue;
    games.add(game);
    const listings = matchListings({
      ...{ seed, title, bestOf: 3, tournament: league, slug: `${matchId}-${planned.length}` },
      teams: [teams[0].name, teams[1].name],
      eventId: String(90_000 + planned.length),
      gameId: Number(game),
      startsAt: soon(),
    });
    planned.push({
      match,
      // Nobody quotes what is not open yet.
      listings: listings.map((listing) => ({
        ...listing,
        unlisted: true,
        description: { ...listing.description, acceptingOrders: false },
      })),
    });
  }
  return planned;
}

function marketOf({ description }: LiveMatch, listing: VenueListing, game: number): MatchMarket {
  const first: Team = listing.description.outcomes[0].name === description.teams[0].name ? 0 : 1;
  return { marketId: listing.description.marketId, game, first };
}

/** In a minute, whole seconds. */
function soon(): number {
  return Math.floor(Date.now() / 1_000) * 1_000 + 60_000;
}
