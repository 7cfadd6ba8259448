import {
  createWsTransport,
  fetchClobMarket,
  fetchGammaEvents,
  fetchGammaTag,
  withClobMarket,
} from "@matchpoint/adapters-polymarket";
import {
  configuredMatches,
  isMatchpointError,
  MatchpointError,
  type BotConfig,
  type Clock,
  type DiscoverConfig,
  type MarketDescription,
  type MarketId,
  type MatchDescription,
  type MatchRegistry,
} from "@matchpoint/sdk";
import { gammaUrlOf, restUrlOf } from "../feeds/index.ts";
import { addMatches, judge, type Found, type JudgedBy, type PassedOver } from "./judge.ts";
import type { Secrets } from "../secrets/index.ts";
import { joinSources } from "./joinSources.ts";

/** What one look has found. */
export interface Look {
  /** Markets that were not traded before, and are to be from now on. */
  readonly added: readonly Found[];
  /** The matches that they are about, unless they are configured or were told before. */
  readonly matches: readonly MatchDescription[];
  /** Everything else that is listed, with the reason. */
  readonly others: readonly PassedOver[];
}

/** The tag under which Gamma lists all of esports. */
const ESPORTS = "esports";
const HOUR_MS = 3_600_000;

/** Finds markets to trade by what the configuration asks for, again and again. */
export class Discovery {
  /** The configured matches, and those that listings have made. */
  readonly registry: MatchRegistry;
  readonly #config: BotConfig;
  readonly #discover: DiscoverConfig;
  readonly #clock: Clock;
  readonly #secrets: Secrets;
  readonly #by: JudgedBy;
  readonly #say: (problem: string) => void;
  readonly #open = new Map<MarketId, Found>();
  readonly #over = new Set<MarketId>();
  readonly #traded = new Set<MarketId>();
  readonly #matchesTold: Set<string>;
  #tag: string | undefined;

  /** @param say told of what keeps a source from being joined */
  constructor(
    config: BotConfig,
    discover: DiscoverConfig,
    secrets: Secrets,
    clock: Clock,
    say: (problem: string) => void,
  ) {
    this.#config = config;
    this.#secrets = secrets;
    this.#discover = discover;
    this.#clock = clock;
    this.#say = say;
    this.registry = configuredMatches(config.matches);
    this.#matchesTold = new Set(config.matches.map(({ id }) => id));
    this.#by = {
      discover,
      resolutionFilter: config.risk.resolution_filter,
      registry: this.registry,
      configured: new Set(config.markets.map(({ id }) => id.toLowerCase())),
    };
  }

  /** How often is looked, in ms. */
  get everyMs(): number {
    return this.#discover.poll_s * 1_000;
  }

  /** Markets that are traded anyhow, such as those in which an earlier run has left something: they are not found anew. */
  trades(markets: readonly MarketDescription[]): void {
    for (const { marketId } of markets) this.#traded.add(marketId);
  }

  /** A market is over: another may take its place. */
  resolved(marketId: MarketId): void {
    this.#open.delete(marketId);
    this.#over.add(marketId);
  }

  /**
   * Looks once.
   * @throws MatchpointError `HTTP_FAILED`, `HTTP_RESPONSE_INVALID`, `MARKET_UNKNOWN` when Gamma has no such tag
   */
  async look(signal: AbortSignal): Promise<Look> {
    const gammaUrl = gammaUrlOf(this.#config);
    const ports = {
      transport: createWsTransport(),
      clock: this.#clock,
      ...(gammaUrl === undefined ? {} : { gammaUrl }),
    };
    this.#tag ??= await fetchGammaTag(ports, ESPORTS, signal);
    if (this.#tag === undefined)
      throw new MatchpointError("MARKET_UNKNOWN", `Gamma has no tag ${JSON.stringify(ESPORTS)}`, {
        hint: "Name the markets by their ids, or see whether feeds.polymarket.gamma_url is right.",
      });
    const now = this.#clock.wall();
    const iso = (hours: number): string => new Date(now + hours * HOUR_MS).toISOString();
    const query = {
      tagId: this.#tag,
      startsFrom: iso(-this.#discover.started_hours),
      startsTo: iso(this.#discover.within_hours),
    };
    const events = await fetchGammaEvents(ports, query, signal);
    addMatches(events, this.#by);
    await joinSources(this.#config, this.registry, this.#secrets, signal, this.#say);
    const judged = judge(events, this.#by);
    const others = judged.filter((each) => each.kind === "passed_over");
    const found = judged
      .filter((each) => each.kind === "found")
      .filter(({ market: { marketId } }) => {
        return !this.#open.has(marketId) && !this.#over.has(marketId) && !this.#traded.has(marketId);
      })
      .sort(soonestFirst);
    const added: Found[] = [];
    for (const each of found) {
      const taken = await this.#taken(each, signal);
      if (taken.kind === "passed_over") others.push(taken);
      else {
        this.#open.set(taken.market.marketId, taken);
        added.push(taken);
      }
    }
    return { added, matches: this.#newMatches(added), others };
  }

  /** A market with the CLOB's own terms; passed over when there is no room, or none are known. */
  async #taken(found: Found, signal: AbortSignal): Promise<Found | PassedOver> {
    const { market } = found;
    const { marketId, title } = market;
    const not = (code: string, reason: string): PassedOver => ({
      kind: "passed_over",
      title,
      marketId,
      code,
      reason,
    });
    const { max_markets: most } = this.#discover;
    if (this.#open.size >= most)
      return not("MAX_MARKETS", `${most} found markets are open already (max_markets)`);
    const restUrl = restUrlOf(this.#config);
    const ports = {
      transport: createWsTransport(),
      clock: this.#clock,
      ...(restUrl === undefined ? {} : { restUrl }),
    };
    try {
      const described = withClobMarket(market, await fetchClobMarket(ports, marketId, signal));
      if ("kind" in described) return not("TERMS_UNKNOWN", described.reason);
      if (!described.acceptingOrders) return not("CLOSED", "it takes no orders");
      return { ...found, market: described };
    } catch (error) {
      if (!isMatchpointError(error)) throw error;
      return not("TERMS_UNKNOWN", error.message.split("\n")[0]!);
    }
  }

  #newMatches(added: readonly Found[]): readonly MatchDescription[] {
    const fresh: MatchDescription[] = [];
    for (const { market } of added) {
      const matchId = market.subject?.matchId;
      const match = matchId === undefined ? undefined : this.registry.get(matchId);
      if (match === undefined || this.#matchesTold.has(match.matchId)) continue;
      this.#matchesTold.add(match.matchId);
      fresh.push(match);
    }
    return fresh;
  }
}

/** What begins first, and of one match the match itself before its games. */
function soonestFirst({ market: a }: Found, { market: b }: Found): number {
  const [left, right] = [a.startsAt ?? Infinity, b.startsAt ?? Infinity];
  if (left !== right) return left - right;
  const [one, other] = [a, b].map(({ subject }) => `${subject?.matchId ?? ""} ${gameOf(subject)}`);
  return one! < other! ? -1 : one! > other! ? 1 : 0;
}

function gameOf(subject: Found["market"]["subject"]): number {
  return subject?.kind === "game" ? subject.game : 0;
}
