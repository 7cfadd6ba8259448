import { createPaperExchange } from "@matchpoint/paper-broker";
import { id, type CoreEvent, type Nanos, type Usdc } from "@matchpoint/sdk";
import { Agenda } from "./agenda.ts";
import { Accounts } from "./auth/accounts.ts";
import { Keys, type ApiKey } from "./auth/keys.ts";
import { MarketChannel } from "./channels/market.ts";
import { SportsChannel } from "./channels/sports.ts";
import { UserChannel } from "./channels/user.ts";
import type {
  ChainHoldings,
  Channel,
  PaperVenue,
  Settled,
  VenueEffect,
  VenueOptions,
  VenueRequest,
} from "./contract.ts";
import type { Core } from "./core.ts";
import { ChainSettling } from "./engine/chainSettling.ts";
import { Engine } from "./engine/engine.ts";
import { Faults } from "./faults/faults.ts";
import { answer } from "./http/answer.ts";
import { runCommand } from "./http/admin.ts";
import { Balances } from "./http/balances.ts";
import { Heartbeats } from "./http/heartbeats.ts";
import { RateLimits } from "./http/rateLimits.ts";
import { settle } from "./settings.ts";
import { WallTime } from "./time.ts";
import { Agents } from "./world/agents.ts";
import { defaultWorld } from "./world/defaultWorld.ts";
import { Life } from "./world/life.ts";
import { Markets } from "./world/listing.ts";

const START = 0 as Nanos;
/** Orders that are over, and trades, that are kept. */
const KEEP = 10_000;

/**
 * Makes a venue: a synchronous, deterministic fold. Requests and frames go in with the time at which they arrive, effects come
 * out of `advance`. Around it are {@link startVenue} (sockets) and {@link venueTransport} (virtual time).
 *
 * @throws `MatchpointError` `CONFIG_INVALID` when an option is out of its range
 * @example
 * ```ts
 * import { createVenue } from "@matchpoint/paper-venue";
 * import type { Millis, Nanos } from "@matchpoint/sdk";
 *
 * const venue = createVenue({ seed: 1, wallStart: 1_790_000_000_000 as Millis });
 * venue.request({ id: "1", method: "GET", path: "/time", query: "", headers: {}, body: "" }, 0 as Nanos);
 * venue.advance(0 as Nanos, (effect) => {
 *   if (effect.kind === "response") console.log(effect.status, effect.body); // 200 1790000000
 * });
 * ```
 */
export function createVenue(options: VenueOptions): PaperVenue {
  return new Venue(options);
}

class Venue implements PaperVenue {
  readonly #core: Core;
  readonly #effects: VenueEffect[] = [];
  readonly #channelOf = new Map<string, Channel>();
  #now = 0;

  constructor(options: VenueOptions) {
    const settings = settle(options);
    const wall = new WallTime(options.wallStart);
    const markets = new Markets(options.markets ?? defaultWorld(options));
    const agenda = new Agenda();
    const faults = new Faults(settings.seed);
    const exchange = createPaperExchange({
      runId: `venue-${settings.seed}`,
      seed: settings.seed,
      latency: {
        mined_ms: 2_000,
        confirmed_ms: 10_000,
        chain_ms: 4_000,
        ...options.settlement,
        place_ms: 0,
        cancel_ms: 0,
        ack_ms: 0,
        fill_report_ms: 0,
        jitter_ms: 0,
      },
      faults: { ...options.settlementFaults },
      gtd_min_lead_ms: 0,
      retain: KEEP,
      selfCross: options.selfCross ?? "allow",
      settlement: settings.settlesOnChain ? "told" : "timed",
    });
    const engine = new Engine({
      exchange,
      markets,
      wall,
      seed: settings.seed,
      keep: KEEP,
      tell: {
        order: (record, type, at) => {
          core.channels.user.order(record, type, at);
        },
        trade: (record, at) => {
          if (record.status === "MATCHED") {
            const doomed = core.life.matched(record, at);
            core.settling.matched(record, doomed, at);
            core.channels.market.trade(record, at);
          }
          core.channels.user.trade(record, at);
        },
        book: (market, at) => {
          core.channels.market.book(market, at);
        },
      },
    });
    const core = {
      settings,
      wall,
      markets,
      agenda,
      faults,
      engine,
      keys: new Keys({ seed: settings.seed, chainId: settings.chainId, windowMs: settings.windowMs }),
      accounts: new Accounts(settings.settlesOnChain ? 0n : undefined),
      limits: new RateLimits(settings.rateLimits),
      balances: new Balances(
        exchange,
        markets.all,
        () => engine.pendingTrades(),
        faults,
        (account) => {
          core.settling.met(account);
        },
      ),
      heartbeats: new Heartbeats(settings.seed, settings.heartbeatMs, agenda, (apiKey, at) => {
        this.#expire(apiKey, at as Nanos);
      }),
      geoblock: { blocked: false, ip: "127.0.0.1", country: "IE", region: "L" },
      effect: (effect: VenueEffect) => this.#effects.push(effect),
    } as unknown as Core;
    const matches = [
      ...new Map(markets.all.map(({ listing }) => [listing.match.id, listing.match])).values(),
    ];
    Object.assign(core, {
      life: new Life(core),
      settling: new ChainSettling(core),
      makers: (options.liquidity ?? "agents") === "agents" ? new Agents(core) : undefined,
      channels: {
        market: new MarketChannel(core),
        user: new UserChannel(core),
        sports: new SportsChannel(core, matches),
      },
    });
    this.#core = core;
    for (const market of markets.all) engine.list(market, market.description, START);
    for (const [address, dollars] of Object.entries(options.funds ?? {})) this.fund(address, dollars, START);
    core.settling.start();
    core.channels.sports.start();
    core.makers?.start(START);
  }

  get chainId(): number {
    return this.#core.settings.chainId;
  }

  get exchange(): PaperVenue["exchange"] {
    return this.#core.engine.exchange;
  }

  request(request: VenueRequest, at: Nanos): void {
    this.#reach(at);
    answer(this.#core, request, at);
  }

  open(socketId: string, channel: Channel, at: Nanos): void {
    this.#reach(at);
    this.#channelOf.set(socketId, channel);
    this.#core.channels[channel].open(socketId, at);
  }

  receive(socketId: string, text: string, at: Nanos): void {
    this.#reach(at);
    const channel = this.#channelOf.get(socketId);
    if (channel !== undefined) this.#core.channels[channel].receive(socketId, text, at);
  }

  closed(socketId: string, at: Nanos): void {
    this.#reach(at);
    const channel = this.#channelOf.get(socketId);
    if (channel === undefined) return;
    this.#channelOf.delete(socketId);
    this.#core.channels[channel].gone(socketId);
  }

  observe(event: CoreEvent): void {
    this.#reach(event.at);
    if (event.type === "market_resolution") {
      const market = this.#core.markets.get(event.marketId);
      if (market !== undefined) this.#core.life.resolve(market, event.payouts, event.at);
      return;
    }
    this.#core.engine.exchange.observe(event);
    this.#core.engine.advance(event.at);
  }

  nextDue(): Nanos | undefined {
    if (this.#effects.length > 0) return this.#now as Nanos;
    return this.#nextInside() as Nanos | undefined;
  }

  advance(to: Nanos, emit: (effect: VenueEffect) => void): void {
    this.#reach(to);
    for (const effect of this.#effects.splice(0)) emit(effect);
  }

  admin(command: unknown, at: Nanos): ReturnType<PaperVenue["admin"]> {
    this.#reach(at);
    return runCommand(this.#core, command, at);
  }

  fund(address: string, dollars: Usdc, at: Nanos): void {
    this.#reach(at);
    this.#core.settling.fund(address.toLowerCase(), dollars, false);
  }

  settled(tradeId: string, outcome: Settled, at: Nanos): boolean {
    this.#reach(at);
    return this.#core.settling.settled(tradeId, outcome, at);
  }

  holds(holdings: ChainHoldings, at: Nanos): void {
    this.#reach(at);
    this.#core.settling.holds(holdings, at);
  }

  markets(): ReturnType<PaperVenue["markets"]> {
    return this.#core.markets.all.map(({ description }) => ({
      conditionId: description.marketId,
      question: description.title,
      tokens: description.outcomes.map(({ tokenId, name }) => ({ tokenId, outcome: name })),
    }));
  }

  market(marketId: string): ReturnType<PaperVenue["market"]> {
    return this.#core.markets.get(marketId)?.description;
  }

  faults(): ReturnType<PaperVenue["faults"]> {
    return this.#core.faults.reports(this.#now);
  }

  #nextInside(): number | undefined {
    const own = this.#core.agenda.next();
    const theirs = this.#core.engine.exchange.nextDue();
    return own === undefined ? theirs : theirs === undefined ? own : Math.min(own, theirs);
  }

  /** Does what is due before and at a time. */
  #reach(at: number): void {
    const { agenda, engine } = this.#core;
    for (;;) {
      const due = this.#nextInside();
      if (due === undefined || due > at) break;
      if (due > this.#now) this.#now = due;
      if (agenda.next() === due && (engine.exchange.nextDue() ?? Infinity) > due) agenda.runNext();
      else engine.advance(due as Nanos);
    }
    if (at > this.#now) this.#now = at;
  }

  #expire(apiKey: ApiKey["apiKey"], at: Nanos): void {
    const { engine } = this.#core;
    for (const order of engine.openOrders(apiKey)) engine.cancel(order.account, id(order.orderId), at);
  }
}
