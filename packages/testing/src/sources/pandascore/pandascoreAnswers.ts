import { isoTime, type SourceAnswer, type SourceRequest } from "../sourceProtocol.ts";
import type { SourceServer } from "../sourceServer.ts";
import type { Json, PandascoreMatch } from "./pandascoreMatch.ts";
import { PANDASCORE_TITLES } from "./pandascoreTitles.ts";

const REQUESTS_PER_HOUR = 10_000;
const HOUR_MS = 3_600_000;
const LISTS = ["upcoming", "running", "past"] as const;
const BY_STATUS: Readonly<Record<string, (typeof LISTS)[number]>> = {
  not_started: "upcoming",
  postponed: "upcoming",
  running: "running",
  finished: "past",
  canceled: "past",
};

/** PandaScore's REST endpoints, as far as one match fills them. */
export class PandascoreAnswers {
  readonly #server: SourceServer;
  readonly #match: PandascoreMatch;
  readonly #accepts: (token: string | undefined) => boolean;
  readonly #asked: number[] = [];
  readonly #incidents: Json[] = [];

  constructor(server: SourceServer, match: PandascoreMatch, accepts: (token: string | undefined) => boolean) {
    this.#server = server;
    this.#match = match;
    this.#accepts = accepts;
  }

  /** The match has changed: it is in the log of changes. */
  changed(): void {
    this.#match.modifiedAt = this.#server.clock.wall();
    this.#incidents.unshift({
      change_type: "update",
      id: this.#match.id,
      modified_at: isoTime(this.#match.modifiedAt),
      type: "match",
      object: this.#match.object(),
    });
  }

  answer(request: SourceRequest): SourceAnswer {
    const { url, headers } = request;
    const bearer = /^Bearer (.+)$/.exec(headers["authorization"] ?? "")?.[1];
    if (!this.#accepts(bearer ?? url.searchParams.get("token") ?? undefined)) {
      return { status: 401, body: { error: "Token is missing or invalid" } };
    }
    const left = REQUESTS_PER_HOUR - this.#count();
    if (left < 0) return { status: 429, body: { error: "Too many requests" } };
    const body = this.#body(url);
    const remaining = { "x-rate-limit-remaining": String(left) };
    if (body === undefined) return { status: 404, body: { error: "Not found" }, headers: remaining };
    if (!Array.isArray(body)) return { status: 200, body, headers: remaining };
    const size = pageOf(url, "size", 50, 100);
    const number = pageOf(url, "number", 1, Infinity);
    return {
      status: 200,
      body: (body as readonly unknown[]).slice((number - 1) * size, number * size),
      headers: {
        ...remaining,
        "x-page": String(number),
        "x-per-page": String(size),
        "x-total": String(body.length),
      },
    };
  }

  #count(): number {
    const now = this.#server.clock.wall();
    while (this.#asked.length > 0 && this.#asked[0]! <= now - HOUR_MS) this.#asked.shift();
    return this.#asked.push(now);
  }

  #body({ pathname: path, searchParams }: URL): unknown {
    const match = this.#match;
    const { path: title } = PANDASCORE_TITLES[this.#server.match.title];
    const parts = path.split("/").slice(1);
    const [first, second, third] = parts[0] === title ? parts.slice(1) : parts;
    if (first === "lives") return this.#lives();
    if (first === "incidents" || first === "changes") {
      const since = Date.parse(searchParams.get("since") ?? "");
      return this.#incidents.filter((each) => !(Date.parse(String(each["modified_at"])) < since));
    }
    if (first === "additions" || first === "deletions") return [];
    if (first !== "matches") return undefined;
    if (second === undefined) return [match.object()];
    if ((LISTS as readonly string[]).includes(second)) {
      return BY_STATUS[match.status] === second ? [match.object()] : [];
    }
    if (second !== String(match.id) && second !== `match-${match.id}`) return undefined;
    if (third === undefined) return match.object();
    return third === "games" ? match.games() : undefined;
  }

  #lives(): Json[] {
    const { world, urls } = this.#server;
    if (world.status !== "running") return [];
    const endpoint = (type: string, path: string): Json => ({
      type,
      url: `${urls.ws ?? ""}/matches/${this.#match.id}${path}`,
      open: true,
      begin_at: isoTime(world.startedAt ?? 0),
      expected_begin_at: isoTime(world.startedAt ?? 0),
      last_active: this.#server.clock.wall(),
      match_id: this.#match.id,
    });
    return [
      { endpoints: [endpoint("frames", ""), endpoint("events", "/events")], match: this.#match.object() },
    ];
  }
}

/** A number of a page, or of its entries. */
function pageOf(url: URL, what: "size" | "number", unsaid: number, most: number): number {
  const given = Number(url.searchParams.get(`page[${what}]`) ?? unsaid);
  return Number.isInteger(given) && given > 0 ? Math.min(given, most) : unsaid;
}
