import { isMatchpointError } from "@matchpoint/sdk";
import { isoTime, type SourceAnswer, type SourceRequest } from "../sourceProtocol.ts";
import type { SourceServer } from "../sourceServer.ts";
import { readSelection, select } from "./graphql.ts";
import { GRID_TITLES } from "./gridTitles.ts";
import type { GridWorld } from "./gridWorld.ts";
import type { Json } from "./signedDelta.ts";

/** Fields that the documented types have and that this series may be without. */
const DOCUMENTED: ReadonlySet<string> = new Set(
  (
    "id version valid updatedAt format started startedAt finished duration title nameShortened teams name score won kills " +
    "deaths players games sequenceNumber paused map clock currentSeconds ticking ticksBackwards type side money loadoutValue " +
    "netWorth objectives completionCount alive currentHealth position x y inventory items equipped moneyDifference " +
    "experiencePoints firstKill segments winType structures teamId destroyed nonPlayerCharacters respawnClock draftActions " +
    "drafter draftable externalLinks dataProvider externalEntity structuresDestroyed totalCount pageInfo hasNextPage endCursor " +
    "edges node tournament baseInfo scoreAdvantage startTimeScheduled titles __typename currentArmor maxHealth"
  ).split(" "),
);
/** Requests of series states per minute and key. */
const STATES_PER_MINUTE = 20;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** GRID's GraphQL endpoints: the series state, and as much of Central Data as a schedule needs. */
export class GridAnswers {
  readonly #server: SourceServer;
  readonly #world: GridWorld;
  readonly #accepts: (key: string | undefined) => boolean;
  readonly #asked: number[] = [];
  readonly #scheduledAt: number;
  updatedAt: number;

  constructor(server: SourceServer, world: GridWorld, accepts: (key: string | undefined) => boolean) {
    this.#server = server;
    this.#world = world;
    this.#accepts = accepts;
    this.updatedAt = server.clock.wall();
    this.#scheduledAt = server.match.startsAt ?? this.updatedAt;
  }

  answer(request: SourceRequest): SourceAnswer {
    const state = request.url.pathname === "/live-data-feed/series-state/graphql";
    if (!state && request.url.pathname !== "/central-data/graphql") return { status: 404, body: {} };
    if (request.method !== "POST") return { status: 405, body: {} };
    const key = request.headers["x-api-key"];
    if (!this.#accepts(key)) return refused("UNAUTHENTICATED", "Unauthenticated");
    if (state && this.#tooMany()) return { status: 429, body: {}, headers: { "retry-after": "60" } };
    let query = "";
    try {
      query = String((JSON.parse(request.body) as Json)["query"]);
    } catch {
      return { status: 400, body: {} };
    }
    const selection = readSelection(query);
    if ("problem" in selection) return refused("BAD_REQUEST", selection.problem);
    const data: Json = {};
    for (const field of selection.fields) {
      if (state && field.name === "seriesState" && field.args["id"] !== this.#world.seriesId) {
        return refused("NOT_FOUND", `series ${field.args["id"] ?? ""} not found`);
      }
      const value = state ? this.#state(field.name) : this.#central(field.name);
      if (value === undefined)
        return refused("BAD_REQUEST", `Validation error: field '${field.name}' is undefined`);
      try {
        data[field.name] = select(value, field.fields, DOCUMENTED);
      } catch (error) {
        if (isMatchpointError(error)) return refused("BAD_REQUEST", error.message);
        throw error;
      }
    }
    return { status: 200, body: { data } };
  }

  #tooMany(): boolean {
    const now = this.#server.clock.wall();
    while (this.#asked.length > 0 && this.#asked[0]! <= now - MINUTE_MS) this.#asked.shift();
    if (this.#asked.length >= STATES_PER_MINUTE) return true;
    this.#asked.push(now);
    return false;
  }

  /** Null as long as the series has no state. */
  #state(name: string): unknown {
    if (name !== "seriesState") return undefined;
    const { state } = this.#world;
    if (!state.started) return null;
    return { ...state, version: "3.30", updatedAt: isoTime(this.updatedAt) };
  }

  #central(name: string): unknown {
    if (name === "titles") {
      return Object.entries(GRID_TITLES).map(([title, { id, shortName }]) => ({
        id,
        name: title,
        nameShortened: shortName,
      }));
    }
    if (name !== "allSeries") return undefined;
    const { world, match, ref } = this.#server;
    const gone = world.calledOff !== undefined && world.calledOff !== "postponed";
    const later = world.calledOff === "postponed" ? 7 * DAY_MS : 0;
    const node = {
      id: ref.match,
      type: "ESPORTS",
      startTimeScheduled: isoTime(this.#scheduledAt + later),
      format: { name: `best-of-${match.bestOf}`, nameShortened: `Bo${match.bestOf}` },
      title: { nameShortened: this.#world.title.shortName },
      tournament: { id: this.#world.tournamentId, name: match.league ?? "League" },
      teams: ([1, 0] as const).map((team) => ({
        baseInfo: { id: ref.teams[team], name: match.teams[team].name },
        scoreAdvantage: 0,
      })),
    };
    const edges = gone ? [] : [{ cursor: "1", node }];
    return { totalCount: edges.length, pageInfo: { hasNextPage: false, endCursor: "1" }, edges };
  }
}

function refused(errorType: string, message: string): SourceAnswer {
  return { status: 200, body: { data: null, errors: [{ message, extensions: { errorType } }] } };
}
