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
import type { LifeView } from "../record.ts";
import type { SimFile } from "../world/disk.ts";
import type { Unstamped } from "../world/venue.ts";
import type { World } from "../world/world.ts";
import { MarketFeed } from "./feed.ts";
import { SimGateway, type GatewayParts } from "./gateway.ts";
import { Host, Life } from "./life.ts";
import { Program, type Predecessor, type ProgramAdapter, type ProgramEnd } from "./program.ts";
import { Person } from "./person.ts";
import { TruthFeeds } from "./sources.ts";
import { Troubles } from "./troubles.ts";

/** Which strategies trade, and which of them run apart. */
export interface DrawnStrategies {
  readonly strategies: readonly StrategyUse[];
  readonly apart: ReadonlySet<StrategyUse>;
}

/** Makes the adapter through which a program trades; by default the built-in gateway. */
export type AdapterFactory = (parts: GatewayParts) => ProgramAdapter;

/** A program that lives, with what it listens to. */
export interface Running {
  readonly life: Life;
  readonly program: Program;
  readonly feed: MarketFeed;
  readonly truth: TruthFeeds;
  readonly adapter: () => ProgramAdapter | undefined;
}

/** Starts the bot, and starts it again when it is gone. */
export class Supervisor {
  readonly #world: World;
  readonly #strategies: DrawnStrategies;
  readonly #makeAdapter: AdapterFactory;
  readonly host = new Host();
  readonly running = new Map<number, Running>();
  readonly #traits: {
    readonly chainBooks: boolean;
    readonly reconcileMs: number;
    readonly journalBuffer: number;
    readonly heartbeats: boolean;
  };
  readonly #person: Person;
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
      for (const { life, program } of this.running.values()) if (life.bot === bot) program.onChain(report);
    };
    ground.time.after(0, () => {
      this.#start("a");
    });
    new Troubles(world, this);
    this.#person = new Person(world, this);
  }

  /** The bot, while it lives. */
  get bot(): Running | undefined {
    for (const each of this.running.values()) if (each.life.bot === "a") return each;
    return undefined;
  }

  lives(): readonly LifeView[] {
    return [...this.running.values()].map(({ program }) => program);
  }

  ownFrame(report: ExecutionReport): void {
    for (const { adapter } of this.running.values()) adapter()?.hear?.(report);
  }

  marketFrame(frame: number, event: Unstamped): void {
    for (const { feed } of this.running.values()) feed.push(frame, event);
  }

  fact(matchId: MatchId, claim: MatchClaim): void {
    for (const { truth } of this.running.values()) truth.tell(matchId, claim);
  }

  /** What programs are told by the venue's other pages: a little later, and all of them. */
  news(event: Omit<CoreEvent, "at" | "receivedAt">): void {
    this.#news.push(event);
    const { ground } = this.#world;
    ground.time.after(ground.dice.stream("news").between(300, 4_000), () => {
      for (const { program } of this.running.values()) program.hear(event);
    });
  }

  /** A market was listed: each program that runs finds out in its time. */
  listed(market: MarketDescription, afterMs: number): void {
    const { marketId } = market;
    const told = [...this.running.values()];
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
    this.host.calm(this.#world.ground.time.now);
    for (const { feed, adapter } of this.running.values()) {
      feed.calm();
      adapter()?.calm?.();
    }
  }

  /** Ends the bot in good order; it is not started again. */
  close(): void {
    this.#closing = true;
    this.bot?.program.stop();
  }

  /** A second bot on the same wallet. */
  startSecond(): void {
    this.#start("b");
  }

  /** What somebody's alarm says. */
  alarmed(code: string, message: string): void {
    this.#person.alarmed(code, message);
  }

  #start(bot: "a" | "b"): void {
    const world = this.#world;
    const { ground } = world;
    const number = this.#lives++;
    if (bot === "b") this.seconds.add(number);
    const host = bot === "a" ? this.host : new Host();
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
    this.running.set(number, { life, program, feed, truth, adapter: () => adapter });
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
    this.running.delete(number);
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

  /** An operator's word for the bot; false when nobody hears it. */
  operate(command: OperatorCommand): boolean {
    const bot = this.bot;
    if (bot === undefined || bot.program.over || !bot.program.recovered) return false;
    bot.program.operate(command);
    return true;
  }

  /** Lives of second bots. */
  readonly seconds = new Set<number>();

  /** Whether a second bot was ever there. */
  get hadSecond(): boolean {
    return this.seconds.size > 0;
  }

  /** What rests of second bots that are gone. */
  abandoned(): readonly OrderId[] {
    const { venue } = this.#world;
    const resting = venue.resting().map(({ orderId }) => orderId);
    return resting.filter((orderId) => {
      const sender = venue.senderOf(orderId);
      return sender !== undefined && this.seconds.has(sender) && !this.running.has(sender);
    });
  }
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
