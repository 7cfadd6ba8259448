import type {
  CoreEvent,
  ExecutionReport,
  MarketDescription,
  MatchClaim,
  MatchId,
  OperatorCommand,
  OrderId,
  StrategyUse,
} from "@matchpoint/sdk";
import type { HistoryEntry } from "../history.ts";
import { WORLD_STARTS_AT } from "../kernel/ground.ts";
import type { LifeView } from "../record.ts";
import type { SimFile } from "../world/disk.ts";
import type { Unstamped } from "../world/venue.ts";
import type { World } from "../world/world.ts";
import { MarketFeed } from "./feed.ts";
import { SimGateway, type GatewayParts } from "./gateway.ts";
import { Host, Life } from "./life.ts";
import { Program, type Predecessor, type ProgramAdapter, type ProgramEnd } from "./program.ts";
import { TruthFeeds } from "./sources.ts";

/** Which strategies trade, and which of them run apart. */
export interface DrawnStrategies {
  readonly strategies: readonly StrategyUse[];
  readonly apart: ReadonlySet<StrategyUse>;
}

/** Makes the adapter through which a program trades; by default the built-in gateway. */
export type AdapterFactory = (parts: GatewayParts) => ProgramAdapter;

interface Running {
  readonly life: Life;
  readonly program: Program;
  readonly feed: MarketFeed;
  readonly truth: TruthFeeds;
  readonly adapter: () => ProgramAdapter | undefined;
}

/** What the venue says of an order that it has taken. */
const TAKEN: ReadonlySet<string> = new Set(["live", "delayed", "matched"]);

/** Starts the bot, starts it again when it is gone, and is the person who looks after it. */
export class Supervisor {
  readonly #world: World;
  readonly #strategies: DrawnStrategies;
  readonly #makeAdapter: AdapterFactory;
  readonly #host = new Host();
  readonly #running = new Map<number, Running>();
  readonly #traits: {
    readonly chainBooks: boolean;
    readonly reconcileMs: number;
    readonly journalBuffer: number;
    readonly heartbeats: boolean;
  };
  #lives = 0;
  #last: Predecessor | undefined;
  /** It is not started again. */
  #closing = false;
  /** How often in a row it could not start, and why the last time. */
  refusals = 0;
  refusal: ProgramEnd | undefined;
  /** How the last one ended. */
  ended: ProgramEnd | undefined;

  constructor(world: World, strategies: DrawnStrategies, adapter: AdapterFactory | undefined) {
    this.#world = world;
    this.#strategies = strategies;
    this.#makeAdapter = adapter ?? builtInAdapter;
    const { ground } = world;
    const draw = ground.dice.stream("program");
    this.#traits = {
      chainBooks: draw.chance(0.5),
      reconcileMs: draw.int(3_000, 10_000),
      journalBuffer: draw.pick([512, 4_096, 65_536]),
      heartbeats: draw.chance(0.5) || ground.dice.has("heartbeat_lost"),
    };
    world.chain.keepsBlocks = this.#traits.chainBooks;
    world.chain.onAction = (report, bot) => {
      for (const { life, program } of this.#running.values()) if (life.bot === bot) program.onChain(report);
    };
    ground.time.after(0, () => {
      this.#start("a");
    });
    this.#troubles();
    this.#attend();
  }

  /** The bot, while it lives. */
  get bot(): Running | undefined {
    for (const each of this.#running.values()) if (each.life.bot === "a") return each;
    return undefined;
  }

  lives(): readonly LifeView[] {
    return [...this.#running.values()].map(({ program }) => program);
  }

  ownFrame(report: ExecutionReport): void {
    for (const { adapter } of this.#running.values()) adapter()?.hear?.(report);
  }

  marketFrame(frame: number, event: Unstamped): void {
    for (const { feed } of this.#running.values()) feed.push(frame, event);
  }

  fact(matchId: MatchId, claim: MatchClaim): void {
    for (const { truth } of this.#running.values()) truth.tell(matchId, claim);
  }

  /** What programs are told by the venue's other pages: a little later, and all of them. */
  news(event: Omit<CoreEvent, "at" | "receivedAt">): void {
    this.#news.push(event);
    const { ground } = this.#world;
    ground.time.after(ground.dice.stream("news").between(300, 4_000), () => {
      for (const { program } of this.#running.values()) program.hear(event);
    });
  }

  /** A market was listed: each program that runs finds out in its time. */
  listed(market: MarketDescription, afterMs: number): void {
    const { marketId } = market;
    const told = [...this.#running.values()];
    this.#world.ground.time.after(afterMs, () => {
      for (const { life, feed, program } of told)
        life.gate(() => {
          feed.follow(marketId);
          program.hear({ type: "market_listed", market: this.#world.venue.market(marketId)! } as never);
        });
    });
  }

  readonly #news: Omit<CoreEvent, "at" | "receivedAt">[] = [];

  /** No fault strikes any more. */
  calm(): void {
    this.#host.calm(this.#world.ground.time.now);
    for (const { feed, adapter } of this.#running.values()) {
      feed.calm();
      adapter()?.calm?.();
    }
  }

  /** Ends the bot in good order; it is not started again. */
  close(): void {
    this.#closing = true;
    this.bot?.program.stop();
  }

  #start(bot: "a" | "b"): void {
    const world = this.#world;
    const { ground } = world;
    const number = this.#lives++;
    if (bot === "b") this.#second.add(number);
    const host = bot === "a" ? this.#host : new Host();
    const life = new Life(ground, host, number, bot, number);
    const ids = world.listed.map(({ marketId }) => marketId);
    const feed = new MarketFeed(ground, life, world.venue, ids);
    feed.quiet = () => world.frozen;
    const truth = new TruthFeeds(ground, life, world.told);
    let adapter: ProgramAdapter | undefined;
    const predecessor = bot === "a" ? this.#last : undefined;
    const restore = predecessor === undefined ? undefined : this.#rot(predecessor.file);
    const program = new Program({
      ground,
      life,
      venue: world.venue,
      chain: world.chain,
      disk: world.drive,
      config: world.config,
      ...this.#strategies,
      markets: world.listed.map(({ marketId }) => world.venue.market(marketId)!),
      matches: world.matches,
      predecessor,
      feed,
      truth,
      adapter: ({ open, durable }) => {
        adapter = this.#makeAdapter({
          ground,
          life,
          venue: world.venue,
          front: world.front,
          follows: open.flatMap(({ orderId }) => (orderId === undefined ? [] : [orderId])),
          heartbeats: this.#traits.heartbeats,
          cancelBurst: world.cancelBurst,
          durable,
        });
        return adapter;
      },
      chainBooks: this.#traits.chainBooks,
      reconcileMs: this.#traits.reconcileMs,
      journalBuffer: this.#traits.journalBuffer,
      onBegun: (file) => {
        if (bot === "a") this.#last = { life: number, file };
      },
      onOver: (end) => {
        // A start that fails says so before its maker has it in hand.
        ground.time.after(0, () => {
          this.#onOver(number, bot, end);
        });
      },
    });
    restore?.(program.over);
    this.#running.set(number, { life, program, feed, truth, adapter: () => adapter });
    life.beforeEach = () => {
      if (!ground.dice.strikes("kill")) return;
      ground.fault("kill", "from one instruction to the next", number);
      program.kill();
    };
    for (const event of this.#news) program.hear(event);
    if (predecessor !== undefined && ground.dice.strikes("kill_in_recovery")) {
      ground.time.after(ground.dice.stream("program").between(10, 6_000), () => {
        if (program.over || program.recovered) return;
        ground.fault("kill_in_recovery", "before it had recovered", number);
        program.kill();
      });
    }
  }

  #onOver(number: number, bot: "a" | "b", end: ProgramEnd): void {
    this.#running.delete(number);
    if (bot === "b") return;
    const { ground } = this.#world;
    this.ended = end;
    this.refusals = end.how === "refused" ? this.refusals + 1 : 0;
    this.refusal = end.how === "refused" ? end : undefined;
    if (this.#closing) return;
    ground.time.after(ground.dice.stream("program").between(500, 4_000), () => {
      if (!this.#closing) this.#start("a");
    });
  }

  /** Changes a byte of the journal that is about to be read; gives what puts it right again. */
  #rot(file: SimFile): ((refused: boolean) => void) | undefined {
    const { ground } = this.#world;
    if (ground.effects.has("bit_rot") || !ground.dice.strikes("bit_rot")) return undefined;
    // Without its newline the last line is one that was being written, which is cut off.
    const at = ground.dice.stream("disk").int(0, file.lineEnd(file.length) - 2);
    const { bytes } = file;
    const byte = bytes[at]!;
    bytes[at] = byte ^ (1 << ground.dice.stream("disk").int(0, 7));
    return (refused) => {
      bytes[at] = byte;
      ground.fault("bit_rot", `byte ${at} of ${file.name}${refused ? "" : ", not noticed"}`);
      if (!refused)
        this.unnoticed.push(`byte ${at} of ${file.name} was changed, and the start did not notice`);
    };
  }

  /** Changes of a journal that a start did not notice. */
  readonly unnoticed: string[] = [];

  #operate(command: OperatorCommand): boolean {
    const bot = this.bot;
    if (bot === undefined || bot.program.over || !bot.program.recovered) return false;
    bot.program.operate(command);
    return true;
  }

  /** An operator's word, which counts when the core has done something for it. */
  #order(fault: "operator_kill" | "operator_halt" | "stop_entries", command: OperatorCommand): boolean {
    this.#world.ground.injected(
      fault,
      (entry) =>
        entry.kind === "step" &&
        entry.event.type === "operator" &&
        entry.event.command === command &&
        entry.effects.some(({ type }) => type === "transition"),
    );
    return this.#operate(command);
  }

  /** Whether a program on the bot's host was told something that its clock has stamped since a moment, as far off as it is by now. */
  #isStampedAnew(entry: HistoryEntry, since: number): boolean {
    if (entry.kind !== "step") return false;
    const life = this.#running.get(entry.life)?.life;
    if (life === undefined || life.host !== this.#host) return false;
    const stampedAt = life.startedAt + entry.event.at;
    const off = entry.event.receivedAt - (WORLD_STARTS_AT + Math.floor(stampedAt / 1e6));
    return stampedAt > since && off === this.#host.offsetMs && off !== 0;
  }

  #troubles(): void {
    const { ground } = this.#world;
    const { time } = ground;
    const draw = ground.dice.stream("troubles of the program");
    const each = (
      kind: "md_disconnect" | "md_stall" | "own_disconnect" | "own_stall",
      low: number,
      high: number,
    ): void => {
      ground.schedule(kind, () => {
        const forMs = draw.between(low, high);
        const bot = this.bot;
        if (bot === undefined) return;
        if (kind === "md_disconnect") bot.feed.drop(forMs);
        else if (kind === "md_stall") bot.feed.stall(forMs);
        else bot.adapter()?.disturb?.(kind === "own_disconnect" ? "disconnect" : "stall", forMs);
      });
    };
    each("md_disconnect", 500, 12_000);
    each("md_stall", 2_000, 25_000);
    each("own_disconnect", 500, 12_000);
    each("own_stall", 2_000, 25_000);
    ground.schedule("truth_stall", () => this.bot?.truth.stall(draw.between(5_000, 40_000)));
    ground.schedule("truth_rollback", () => this.#rollBack());
    ground.schedule("clock_step", () => {
      const stepMs = draw.int(-5_000, 5_000);
      this.#host.offsetMs += stepMs;
      ground.history.add({ kind: "clock", stepMs });
      const since = time.now;
      ground.injected("clock_step", (entry) => stepMs !== 0 && this.#isStampedAnew(entry, since));
    });
    ground.schedule("loop_stall", () => {
      const forMs = draw.between(300, 10_000);
      if (this.bot === undefined) return;
      this.#host.stall(time.now, forMs);
      ground.history.add({ kind: "stall", life: this.bot.life.number, ms: Math.floor(forMs) });
    });
    ground.schedule("operator_kill", () => {
      if (!this.#order("operator_kill", { kind: "kill" })) return;
      // Some come too soon: the cool-down is drawn too.
      const resume: OperatorCommand = { kind: "resume", reason: "looked at it" };
      if (draw.chance(0.6)) time.after(draw.between(500, 12_000), () => this.#operate(resume));
    });
    ground.schedule("operator_halt", () => {
      const { listed } = this.#world;
      if (listed.length === 0) return;
      const { marketId } = draw.pick(listed);
      const where = draw.chance(0.5) ? {} : { marketId };
      if (!this.#order("operator_halt", { kind: "halt", ...where })) return;
      time.after(draw.between(2_000, 10_000), () => this.#operate({ kind: "resume", ...where }));
    });
    ground.schedule("stop_entries", () => {
      if (!this.#order("stop_entries", { kind: "stop_entries" })) return;
      time.after(draw.between(2_000, 10_000), () => this.#operate({ kind: "resume" }));
    });
    ground.schedule("second_bot", () => {
      // It is gone before the good times begin.
      const mostMs = ground.safetyMs - time.now / 1e6 - 4_000;
      if (mostMs < 1_000) return;
      ground.injected("second_bot", (entry) => {
        if (entry.kind !== "venue_order" || !TAKEN.has(entry.status)) return false;
        const sender = this.#world.venue.senderOf(entry.orderId);
        return sender !== undefined && this.#second.has(sender);
      });
      this.#start("b");
      time.after(Math.min(mostMs, draw.between(5_000, 25_000)), () => {
        for (const { life, program } of this.#running.values()) if (life.bot === "b") program.stop();
      });
    });
  }

  #rollBack(): void {
    const { ground, told } = this.#world;
    const started = told.findLast(({ claim }) => claim.kind === "game_started");
    const bot = this.bot;
    if (started?.claim.kind !== "game_started" || bot === undefined) return;
    const { game } = started.claim;
    const since = told.filter(
      ({ matchId, claim }) => matchId === started.matchId && "game" in claim && claim.game === game,
    );
    if (since.some(({ claim }) => claim.kind === "game_won" || claim.kind === "retracted")) return;
    ground.injected(
      "truth_rollback",
      (entry) =>
        entry.kind === "step" &&
        entry.event.type === "match_claim" &&
        entry.event.matchId === started.matchId &&
        entry.event.claim.kind === "retracted" &&
        entry.event.claim.reason === "rollback",
    );
    bot.truth.rollBack(
      started.matchId,
      game,
      since.slice(-4).map(({ claim }) => claim),
    );
  }

  /** A person looks every now and then, and lets go on what waits for a person. */
  #attend(): void {
    const { ground } = this.#world;
    const attentive = ground.dice.stream("program").chance(0.6);
    const look = (): void => {
      ground.time.after(4_000, look);
      if (!attentive && ground.dice.on) return;
      this.#clearUp();
      const bot = this.bot;
      if (bot === undefined || !bot.program.recovered || bot.program.over) return;
      this.#adopt(bot);
      const { core } = bot.program.runtime;
      if (core.system.latched) {
        // What the bot has stopped by itself a person lets go on who says why.
        if (core.risk.killed?.by !== "operator") this.#operate({ kind: "resume", reason: "looked at it" });
        return;
      }
      const { breaker_resume: breaker } = this.#world.config.risk;
      if (core.system.status === "REDUCE_ONLY") this.#operate({ kind: "resume" });
      for (const { strategyId } of core.risk.strategies)
        this.#operate({ kind: "resume", strategyId, reason: "looked at it" });
      for (const { market, trading } of core.markets()) {
        const waits = [...trading.causes].some(
          (cause) =>
            cause === "foreign_order" ||
            cause === "reconcile" ||
            (cause === "terms_changed" && market.disputed !== true) ||
            (cause === "breaker" && breaker === "operator"),
        );
        if (waits) this.#operate({ kind: "resume", marketId: market.marketId });
      }
    };
    look();
  }

  /** What somebody's alarm says: of orders that nobody here has made a person hears by it. */
  alarmed(code: string, message: string): void {
    if (code === "FOREIGN_ORDER") this.#told.push(message);
  }

  readonly #told: string[] = [];
  /** Lives of second bots. */
  readonly #second = new Set<number>();

  /**
   * Takes back by hand, on the venue's own page, what a second bot has left there that is gone: once the bot has told of it, or cannot start
   * for it. For the bot it is somebody else's, and nobody else is there any more.
   */
  #clearUp(): void {
    for (const orderId of this.abandoned()) {
      const known = this.#told.some((message) => message.includes(orderId));
      if (known || this.refusal?.code === "ACCOUNT_UNEXPLAINED") this.#world.venue.cancel(orderId);
    }
  }

  /** Whether a second bot was ever there. */
  get hadSecond(): boolean {
    return this.#second.size > 0;
  }

  /** What rests of second bots that are gone. */
  abandoned(): readonly OrderId[] {
    const { venue } = this.#world;
    const resting = venue.resting().map(({ orderId }) => orderId);
    return resting.filter((orderId) => {
      const sender = venue.senderOf(orderId);
      return sender !== undefined && this.#second.has(sender) && !this.#running.has(sender);
    });
  }

  /** Books what came of others: a second bot's trades, and dollars that were taken. */
  #adopt({ program }: Running): void {
    const { venue, history } = this.#world;
    const { core } = program.runtime;
    const unknown = venue
      .trades()
      .trades.filter(
        ({ orderId, tradeId, status }) =>
          (status === "CONFIRMED" || status === "FAILED") &&
          core.orders.ownership(orderId) === "foreign" &&
          core.orders.tradeStatus(orderId, tradeId) === undefined,
      );
    const standing = unknown.filter(({ status }) => status === "CONFIRMED");
    const moved = history.transfers - this.#adopted;
    if (standing.length === 0 && moved === 0) return;
    this.#adopted += moved;
    this.#operate({
      kind: "adopt",
      trades: standing,
      ...(moved === 0 ? {} : { collateral: moved as never }),
    });
  }

  #adopted = 0;
}

/** The built-in adapter: a gateway as the real ones are, onto the simulated venue; for adapters that stand before another one. */
export function builtInAdapter(parts: GatewayParts): ProgramAdapter {
  const gateway = new SimGateway(parts);
  return {
    execution: gateway,
    close: () => {
      gateway.close();
    },
    hear: (report) => {
      gateway.channel.push(report);
    },
    disturb: (how, forMs) => {
      if (how === "disconnect") gateway.channel.drop(forMs);
      else gateway.channel.stall(forMs);
    },
    calm: () => {
      gateway.channel.calm();
    },
  };
}
