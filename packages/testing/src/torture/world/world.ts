import type { BotConfig, MarketDescription, MarketId, MatchClaim, StrategyUse } from "@matchpoint/sdk";
import { Ground, WORLD_STARTS_AT } from "../kernel/ground.ts";
import { SECRET } from "../kernel/tortureError.ts";
import type { Dice } from "../kernel/dice.ts";
import type { SimTime } from "../kernel/simTime.ts";
import { History, type LifeView, type WorldView } from "../record.ts";
import type { HistoryEntry } from "../history.ts";
import type { ToldFact } from "../program/sources.ts";
import { Supervisor, type AdapterFactory } from "../program/supervisor.ts";
import { drawCast, type CastMatch } from "./cast.ts";
import { SimChain } from "./chain.ts";
import { Crowd } from "./crowd.ts";
import { SimDisk } from "./disk.ts";
import { VenueFront } from "./front.ts";
import { Play } from "./play.ts";
import { Sightings } from "./sightings.ts";
import { SimVenue, type Unstamped } from "./venue.ts";

/** What a world is made of. */
export interface WorldParts {
  readonly seed: number;
  readonly time: SimTime;
  readonly dice: Dice;
  readonly config: BotConfig;
  readonly strategies: readonly StrategyUse[];
  readonly safetyMs: number;
  readonly adapter: AdapterFactory | undefined;
  readonly onEntry: (entry: HistoryEntry) => void;
}

/** Everything around the bot, and the bot in it: match, venue, chain, disk, networks, and who looks after it. */
export class World implements WorldView {
  readonly seed: number;
  readonly config: BotConfig;
  readonly ground: Ground;
  readonly history: History;
  readonly venue: SimVenue;
  readonly chain: SimChain;
  readonly front: VenueFront;
  readonly drive: SimDisk;
  readonly supervisor: Supervisor;
  readonly markets: readonly MarketDescription[];
  readonly matches: WorldView["matches"];
  readonly collateral: number;
  readonly faults: readonly string[];
  readonly secrets: readonly string[] = [SECRET];
  /** What has happened so far in the matches, but for how their games stand. */
  readonly told: ToldFact[] = [];
  readonly #cast: readonly CastMatch[];
  readonly #plays: readonly Play[];
  readonly #crowds = new Map<MarketId, Crowd>();
  readonly #resolving = new Set<MarketId>();
  #frozen = false;

  constructor(parts: WorldParts) {
    const { seed, time, dice, config } = parts;
    this.seed = seed;
    this.config = config;
    this.faults = Object.keys(dice.plan);
    const ground = new Ground(time, dice, parts.safetyMs);
    this.ground = ground;
    const sightings = new Sightings((kind) => {
      ground.see(kind);
    });
    const onEntry = (entry: HistoryEntry): void => {
      sightings.take(entry);
      if (entry.kind === "alarm") this.supervisor.alarmed(entry.code, entry.message);
      parts.onEntry(entry);
    };
    this.history = new History(this, () => time.now, onEntry);
    ground.history = this.history;
    const draw = dice.stream("world");
    ground.sourceCount = draw.int(1, 3);
    this.collateral = draw.pick([100, 1_000, 10_000]) * 1_000_000;
    this.#cast = drawCast(dice.stream("cast"));
    this.markets = this.#cast.flatMap(({ markets }) => markets);
    this.matches = this.#cast.map(({ match }) => match);
    this.history.add({ kind: "phase", phase: "safety" });
    this.venue = new SimVenue(ground, seed, this.collateral, {
      onReport: (report) => {
        this.supervisor.ownFrame(report);
      },
      onFrame: (marketId, event) => {
        this.#frame(marketId, event);
      },
      onMatch: (trade) => {
        this.chain.matched(trade);
      },
    });
    this.chain = new SimChain(ground, this.venue);
    this.front = new VenueFront(ground, this.venue);
    this.drive = new SimDisk(ground);
    this.#plays = this.#cast.map(
      ({ match }) => new Play(ground, match, (claim, revokes) => this.#fact(match.matchId, claim, revokes)),
    );
    for (const market of this.markets) this.venue.list(market);
    this.supervisor = new Supervisor(this, parts.strategies, parts.adapter);
    const everyMs = draw.between(200, 600);
    this.#cast.forEach(({ markets }, n) => {
      for (const market of markets) {
        const crowd = new Crowd(
          ground,
          this.venue,
          market,
          () => this.#plays[n]!.fair(market),
          everyMs * (1 + 0.5 * markets.length),
        );
        crowd.onPrint = (event) => this.#frame(market.marketId, event);
        this.#crowds.set(market.marketId, crowd);
      }
    });
    this.#troubles();
  }

  get startedAtWall(): number {
    return WORLD_STARTS_AT;
  }

  lives(): readonly LifeView[] {
    return this.supervisor.lives();
  }

  holdings(): ReturnType<SimVenue["holdings"]> {
    return this.venue.holdings();
  }

  resting(): ReturnType<SimVenue["resting"]> {
    return this.venue.resting();
  }

  book(marketId: MarketId): ReturnType<SimVenue["book"]> {
    return this.venue.book(marketId);
  }

  disk(name: string): ReturnType<SimDisk["file"]> {
    return this.drive.file(name);
  }

  /** No fault strikes any more. */
  calm(): void {
    this.ground.dice.on = false;
    this.ground.beatsLost = false;
    this.front.calm();
    this.drive.calm();
    this.supervisor.calm();
    for (const { marketId } of this.markets) {
      const market = this.venue.market(marketId)!;
      if (!market.acceptingOrders && !this.#resolving.has(marketId))
        this.#terms({ ...market, acceptingOrders: true });
    }
  }

  /** Nothing new happens any more: no news, no trades of others. */
  freeze(): void {
    this.#frozen = true;
    for (const crowd of this.#crowds.values()) crowd.end();
    for (const play of this.#plays) play.freeze();
  }

  get frozen(): boolean {
    return this.#frozen;
  }

  #frame(marketId: MarketId, event: Unstamped): void {
    const frame = this.venue.nextFrame(marketId);
    this.history.add({ kind: "frame_sent", frame, marketId, event: event as never });
    this.supervisor.marketFrame(frame, event);
  }

  #fact(matchId: ToldFact["matchId"], claim: MatchClaim, revokes: boolean): void {
    this.history.add({ kind: "fact", matchId, claim, ...(revokes ? { revokes } : {}) });
    this.told.push({ matchId, claim });
    this.supervisor.fact(matchId, claim);
    this.#resolve();
  }

  /** Markets that are decided are resolved some seconds later. */
  #resolve(): void {
    this.#cast.forEach(({ markets }, n) => {
      for (const market of markets) {
        const { marketId } = market;
        const payouts = this.#plays[n]!.payouts(market);
        if (payouts === undefined || this.#resolving.has(marketId)) continue;
        this.#resolving.add(marketId);
        this.ground.time.after(this.ground.dice.stream("resolution").between(2_000, 9_000), () =>
          this.#resolved(market, payouts),
        );
      }
    });
  }

  #resolved({ marketId }: MarketDescription, fair: readonly [number, number]): void {
    const { ground } = this;
    let payouts = fair;
    if (ground.dice.due("fifty_fifty")) {
      payouts = [500_000, 500_000];
      ground.fault("fifty_fifty", marketId);
    } else if (ground.dice.due("wrong_resolution")) {
      payouts = [fair[1], fair[0]];
      ground.fault("wrong_resolution", marketId);
    }
    const expected = payouts[0] === fair[0];
    this.#crowds.get(marketId)?.end();
    this.history.add({ kind: "resolution", marketId, payouts, expected });
    const event = {
      type: "market_resolution",
      marketId,
      payouts: payouts as never,
      source: "gamma",
    } as const;
    this.venue.observe(event);
    this.supervisor.news(event);
  }

  /** A market's terms are others now: at the venue at once, and told to the programs. */
  #terms(market: MarketDescription): void {
    const before = this.venue.market(market.marketId)!;
    this.venue.list(market);
    const { marketId } = market;
    if (market.tick !== before.tick) {
      this.#frame(marketId, { type: "tick_size_changed", marketId, tick: market.tick });
      this.#frame(marketId, this.venue.snapshot(marketId));
    }
    if (market.acceptingOrders !== before.acceptingOrders)
      this.supervisor.news({
        type: "terms_changed",
        marketId,
        terms: { acceptingOrders: market.acceptingOrders },
        source: "gamma",
      } as never);
  }

  #troubles(): void {
    const { ground } = this;
    const draw = ground.dice.stream("troubles");
    const open = (): MarketDescription | undefined => {
      const list = this.markets.filter(({ marketId }) => !this.#resolving.has(marketId));
      return list.length === 0 ? undefined : this.venue.market(draw.pick(list).marketId);
    };
    ground.schedule("tick_change", () => {
      const market = open();
      if (market === undefined) return;
      const tick = draw.pick([10, 25, 50, 100].filter((each) => each !== market.tick));
      this.#terms({ ...market, tick: tick as never });
      ground.fault("tick_change", `${market.marketId}: ${market.tick} to ${tick}`);
    });
    ground.schedule("market_closed", () => {
      const market = open();
      if (market === undefined || !market.acceptingOrders) return;
      this.#terms({ ...market, acceptingOrders: false });
      this.venue.cancelMarket(market.marketId);
      ground.fault("market_closed", market.marketId);
      ground.time.after(draw.between(5_000, 20_000), () => {
        if (!this.#resolving.has(market.marketId))
          this.#terms({ ...this.venue.market(market.marketId)!, acceptingOrders: true });
      });
    });
    ground.schedule("heartbeat_lost", () => {
      ground.beatsLost = true;
      ground.time.after(draw.between(12_000, 20_000), () => (ground.beatsLost = false));
    });
  }
}
