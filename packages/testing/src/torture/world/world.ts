import type { BotConfig, MarketDescription, MarketId, MatchClaim } from "@matchpoint/sdk";
import { Ground, WORLD_STARTS_AT } from "../kernel/ground.ts";
import { SECRET } from "../kernel/tortureError.ts";
import type { Dice } from "../kernel/dice.ts";
import type { SimTime } from "../kernel/simTime.ts";
import { History, type LifeView, type WorldView } from "../record.ts";
import type { HistoryEntry } from "../history.ts";
import type { ToldFact } from "../program/sources.ts";
import { Supervisor, type AdapterFactory, type DrawnStrategies } from "../program/supervisor.ts";
import { drawCast, type CastMatch } from "./cast.ts";
import { SimChain } from "./chain.ts";
import { Crowd } from "./crowd.ts";
import { SimDisk } from "./disk.ts";
import { VenueFront } from "./front.ts";
import { Oracle } from "./oracle.ts";
import { Play } from "./play.ts";
import { Sightings } from "./sightings.ts";
import { Stranger } from "./stranger.ts";
import { SimVenue, type Unstamped } from "./venue.ts";

/** What a world is made of. */
export interface WorldParts {
  readonly seed: number;
  readonly time: SimTime;
  readonly dice: Dice;
  readonly config: BotConfig;
  readonly strategies: DrawnStrategies;
  readonly safetyMs: number;
  /** The venue lets go what is matched, before it is mined. */
  readonly sellsMatched: boolean;
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
  readonly cancelBurst: number | undefined;
  readonly stranger: Stranger;
  /** Those of {@link markets} that the venue has by now. */
  readonly listed: MarketDescription[] = [];
  /** What has happened so far in the matches, but for how their games stand. */
  readonly told: ToldFact[] = [];
  readonly #cast: readonly CastMatch[];
  readonly #plays: readonly Play[];
  readonly #crowds = new Map<MarketId, Crowd>();
  readonly #resolving = new Set<MarketId>();
  readonly #oracle: Oracle;
  readonly #everyMs: number;
  #frozen = false;

  constructor(parts: WorldParts) {
    const { seed, time, dice, config } = parts;
    this.seed = seed;
    this.config = config;
    this.faults = Object.keys(dice.plan);
    const ground = new Ground(time, dice, parts.safetyMs);
    this.ground = ground;
    const sightings = new Sightings(
      (kind) => {
        ground.see(kind);
      },
      (orderId) => this.stranger.made(orderId),
    );
    const onEntry = (entry: HistoryEntry): void => {
      sightings.take(entry);
      ground.look(entry);
      if (entry.kind === "alarm") this.supervisor.alarmed(entry.code, entry.message);
      parts.onEntry(entry);
    };
    this.history = new History(this, () => time.now, onEntry);
    ground.history = this.history;
    const draw = dice.stream("world");
    ground.sourceCount = draw.int(1, 3);
    this.collateral = draw.pick([30, 100, 1_000, 10_000]) * 1_000_000;
    this.#cast = drawCast(dice.stream("cast"), dice.stream("cast beside"));
    this.markets = this.#cast.flatMap(({ markets }) => markets);
    this.matches = this.#cast.map(({ match }) => match);
    this.history.add({ kind: "phase", phase: "safety" });
    this.venue = new SimVenue(
      ground,
      seed,
      this.collateral,
      {
        onReport: (report) => {
          this.supervisor.ownFrame(report);
        },
        onFrame: (marketId, event) => {
          this.#frame(marketId, event);
        },
        onMatch: (trade) => {
          this.chain.matched(trade);
        },
      },
      parts.sellsMatched,
    );
    this.chain = new SimChain(ground, this.venue);
    this.cancelBurst = dice.due("cancel_burst") ? dice.stream("cancel burst").int(3, 8) : undefined;
    this.front = new VenueFront(ground, this.venue, this.cancelBurst);
    this.stranger = new Stranger(ground, this.venue);
    this.drive = new SimDisk(ground);
    this.#plays = this.#cast.map(
      ({ match }) => new Play(ground, match, (claim, revokes) => this.#fact(match.matchId, claim, revokes)),
    );
    const late = dice.due("late_market") ? dice.stream("late market").pick(this.markets) : undefined;
    for (const market of this.markets) if (market !== late) this.#list(market);
    this.supervisor = new Supervisor(this, parts.strategies, parts.adapter);
    this.#everyMs = draw.between(200, 600);
    for (const market of this.listed) this.#enliven(market);
    this.#oracle = new Oracle(ground, {
      open: () => this.#open("oracle"),
      market: (marketId) => this.venue.market(marketId)!,
      terms: (market) => {
        this.#terms(market);
      },
    });
    this.#troubles();
    if (late !== undefined) this.#listLater(late);
  }

  #list(market: MarketDescription): void {
    this.venue.list(market);
    this.listed.push(market);
  }

  /** Others begin to trade a market. */
  #enliven(market: MarketDescription): void {
    const n = this.#cast.findIndex(({ markets }) => markets.includes(market));
    const crowd = new Crowd(
      this.ground,
      this.venue,
      market,
      () => this.#plays[n]!.fair(market),
      this.#everyMs * (1 + 0.5 * this.#cast[n]!.markets.length),
    );
    crowd.onPrint = (event) => this.#frame(market.marketId, event);
    this.#crowds.set(market.marketId, crowd);
  }

  /** The venue lists a market while everybody trades the others. Whoever sees it first may not be the bot. */
  #listLater(market: MarketDescription): void {
    const { dice, safetyMs, time } = this.ground;
    const draw = dice.stream("late market");
    time.after(draw.between(0.05, 0.5) * safetyMs, () => {
      const n = this.#cast.findIndex(({ markets }) => markets.includes(market));
      if (this.#plays[n]!.payouts(market) !== undefined) return;
      this.#list(market);
      this.#enliven(market);
      this.supervisor.listed(market, draw.between(300, 3_000));
      if (dice.due("late_foreign")) time.after(draw.between(0, 4_000), () => this.stranger.use(market));
    });
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
    this.stranger.leave();
    for (const { marketId } of this.listed) {
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
        if (payouts === undefined || this.#resolving.has(marketId) || !this.listed.includes(market)) continue;
        this.#resolving.add(marketId);
        this.ground.time.after(this.ground.dice.stream("resolution").between(2_000, 9_000), () =>
          this.#resolved(market, payouts),
        );
      }
    });
  }

  #resolved(market: MarketDescription, fair: readonly [number, number]): void {
    const { ground } = this;
    const { marketId } = market;
    if (this.#oracle.disputes(marketId)) {
      ground.time.after(1_000, () => this.#resolved(market, fair));
      return;
    }
    let payouts = this.#oracle.payouts(marketId, fair);
    const isHeard = (entry: HistoryEntry): boolean =>
      entry.kind === "step" &&
      entry.event.type === "market_resolution" &&
      entry.event.marketId === marketId &&
      entry.effects.length > 0;
    if (ground.dice.due("fifty_fifty")) {
      payouts = [500_000, 500_000];
      ground.injected("fifty_fifty", isHeard);
    } else if (ground.dice.due("wrong_resolution")) {
      payouts = [fair[1], fair[0]];
      ground.injected("wrong_resolution", isHeard);
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
    if (market.disputed !== before.disputed)
      this.supervisor.news({
        type: "terms_changed",
        marketId,
        terms: { disputed: market.disputed },
        source: "gamma",
      } as never);
  }

  /** A market that is not about to be resolved, drawn from a stream. */
  #open(stream: string): MarketDescription | undefined {
    const list = this.listed.filter(({ marketId }) => !this.#resolving.has(marketId));
    return list.length === 0
      ? undefined
      : this.venue.market(this.ground.dice.stream(stream).pick(list).marketId);
  }

  #troubles(): void {
    const { ground } = this;
    const draw = ground.dice.stream("troubles");
    ground.schedule("tick_change", () => {
      const market = this.#open("troubles");
      if (market === undefined) return;
      const tick = draw.pick([10, 25, 50, 100].filter((each) => each !== market.tick));
      const { marketId } = market;
      ground.injected(
        "tick_change",
        (entry) =>
          entry.kind === "step" &&
          entry.event.type === "tick_size_changed" &&
          entry.event.marketId === marketId &&
          entry.event.tick === tick &&
          this.resting().some((order) => order.marketId === marketId),
      );
      this.#terms({ ...market, tick: tick as never });
    });
    ground.schedule("market_closed", () => {
      const market = this.#open("troubles");
      if (market === undefined || !market.acceptingOrders) return;
      this.#terms({ ...market, acceptingOrders: false });
      this.venue.cancelMarket(market.marketId);
      ground.injected(
        "market_closed",
        (entry) =>
          entry.kind === "step" &&
          entry.event.type === "terms_changed" &&
          entry.event.marketId === market.marketId &&
          entry.event.terms.acceptingOrders === false,
      );
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
