import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import {
  AccountRebuilder,
  Bus,
  createRuntime,
  createVenueLink,
  id,
  isMatchpointError,
  JournalReader,
  JournalWriter,
  Mailbox,
  reconciliations,
  runLive,
  type BotConfig,
  type ChainReport,
  type CoreEvent,
  type ExecutionAdapter,
  type ExecutionReport,
  type MarketDescription,
  type MatchDescription,
  type OperatorCommand,
  type RebuiltAccount,
  type Runtime,
  type Sha256,
  type StrategyUse,
  type Usdc,
} from "@matchpoint/sdk";
import type { Ground } from "../kernel/ground.ts";
import { never } from "../kernel/never.ts";
import type { LifeView } from "../record.ts";
import type { SimChain } from "../world/chain.ts";
import type { SimDisk, SimFile } from "../world/disk.ts";
import type { SimVenue } from "../world/venue.ts";
import { diskWatches } from "./diskWatch.ts";
import type { MarketFeed } from "./feed.ts";
import type { Life } from "./life.ts";
import type { TruthFeeds } from "./sources.ts";
import { SimWallet } from "./wallet.ts";
import { Workers } from "./workers.ts";

/** The journal that a program goes on from. */
export interface Predecessor {
  readonly life: number;
  readonly file: SimFile;
}

/** What an adapter of the world is to the program that trades through it. */
export interface ProgramAdapter {
  readonly execution: ExecutionAdapter;
  /** The venue says something on the account's own channel. */
  hear?(report: ExecutionReport): void;
  /** Its channel is lost, or silent although it stands, for so many ms. */
  disturb?(how: "disconnect" | "stall", forMs: number): void;
  /** No fault strikes any more. */
  calm?(): void;
  /** Its program is gone. */
  close(): void;
}

/** What a program is made of. */
export interface ProgramParts {
  readonly ground: Ground;
  readonly life: Life;
  readonly venue: SimVenue;
  readonly chain: SimChain;
  readonly disk: SimDisk;
  readonly config: BotConfig;
  readonly strategies: readonly StrategyUse[];
  /** Those of them that run apart, behind deadlines. */
  readonly apart: ReadonlySet<StrategyUse>;
  readonly markets: readonly MarketDescription[];
  readonly matches: readonly MatchDescription[];
  readonly predecessor: Predecessor | undefined;
  readonly feed: MarketFeed;
  readonly truth: TruthFeeds;
  readonly adapter: (parts: {
    readonly open: RebuiltAccount["open"];
    readonly durable: () => number;
  }) => ProgramAdapter;
  /** Whether it compares its books with the chain's too. */
  readonly chainBooks: boolean;
  readonly reconcileMs: number;
  readonly journalBuffer: number;
  readonly onOver: (how: ProgramEnd) => void;
  /** Its journal is on the disk: the account goes on from it. */
  readonly onBegun: (file: SimFile) => void;
}

/** How a program ended. */
export interface ProgramEnd {
  readonly how: "killed" | "broke" | "stopped" | "refused";
  readonly code?: string;
  readonly message?: string;
}

const SYNC_MS = 500;
const checksum = (bytes: Uint8Array, start: number, end: number, before?: number): number =>
  crc32(bytes.subarray(start, end), before);
const sha256: Sha256 = () => {
  const hash = createHash("sha256");
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    digest: () => hash.digest("hex"),
  };
};

/** One start of the bot under test: the real runtime on a journal, between the world's venue, chain, feeds and disk. */
export class Program implements LifeView {
  readonly life: number;
  readonly bot: "a" | "b";
  readonly startedAt: number;
  readonly file: SimFile;
  runtime!: Runtime;
  /** Whether it trades: it has recovered, if it had to. */
  recovered = false;
  over = false;
  readonly #parts: ProgramParts;
  readonly #stop = new AbortController();
  readonly #operator = new Mailbox<CoreEvent>();
  readonly #wallet: SimWallet;
  readonly #workers: Workers;
  #writer!: JournalWriter;
  #adapter: ProgramAdapter | undefined;

  constructor(parts: ProgramParts) {
    const { life, disk, ground } = parts;
    this.#parts = parts;
    this.#wallet = new SimWallet(ground, life, parts.chain);
    this.#workers = new Workers(ground, life);
    this.life = life.number;
    this.bot = life.bot;
    this.startedAt = life.startedAt;
    const name = `${life.runId}.journal.jsonl`;
    const { file, storage } = disk.create(name, life);
    this.file = file;
    ground.history.add({
      kind: "start",
      life: life.number,
      bot: life.bot,
      runId: life.runId,
      epoch: life.epoch,
      journal: name,
      ...(parts.predecessor === undefined ? {} : { recovers: parts.predecessor.life }),
    });
    try {
      this.#begin(storage);
    } catch (error) {
      this.#end("refused", error);
    }
  }

  #begin(storage: ConstructorParameters<typeof JournalWriter>[0]["storage"]): void {
    const { life, ground, config, strategies, apart, venue, disk, predecessor } = this.#parts;
    const carried = predecessor === undefined ? undefined : rebuilt(predecessor.file, life.clock.wall());
    const writer = new JournalWriter({
      storage,
      runId: id(life.runId),
      bootId: life.runId,
      crc32: checksum,
      sha256,
      bufferBytes: this.#parts.journalBuffer,
    });
    this.#writer = writer;
    this.#adapter = this.#parts.adapter({ open: carried?.open ?? [], durable: () => this.file.durable });
    const { execution } = this.#adapter;
    const link = createVenueLink({
      adapter: execution,
      settlement: this.#wallet,
      clock: life.clock,
      durable: () => this.#durable(),
    });
    this.runtime = createRuntime({
      config,
      strategies: this.#workers.replace(strategies, apart),
      execution: link,
      runId: life.runId,
      mode: "live",
      collateral: venue.cash() as Usdc,
      startsAt: life.clock.wall(),
      ...(carried === undefined ? {} : { carried }),
      journal: {
        append: (event, hash) => {
          if (life.alive) writer.append(event, hash);
        },
      },
    });
    const { runtime } = this;
    ground.history.runtimes.set(life.number, runtime);
    if (apart.size > 0) this.#workers.watch(runtime);
    runtime.on("step", (event, effects) => {
      if (!life.alive) return;
      ground.history.add({ kind: "step", life: life.number, event, effects });
      for (const effect of effects)
        if (effect.type === "alarm")
          ground.history.add({
            kind: "alarm",
            life: life.number,
            code: effect.code,
            message: effect.message,
          });
    });
    // A journal is on the disk before the account is said to go on from it.
    writer.flush();
    disk.syncNow(this.file, life);
    this.#parts.onBegun(this.file);
    this.#run(link, execution, carried).then(
      () => this.#finish(),
      (error: unknown) => this.#end(isStartError(error) ? "refused" : "broke", error),
    );
    this.#keepDurable();
  }

  #run(
    link: ReturnType<typeof createVenueLink>,
    adapter: ExecutionAdapter,
    carried: RebuiltAccount | undefined,
  ): Promise<void> {
    const { life, feed, truth, markets, matches, reconcileMs } = this.#parts;
    const { runtime } = this;
    const { signal } = this.#stop;
    const bus = new Bus();
    for (const match of matches) bus.offer({ type: "match_listed", match, ...life.stamp() });
    for (const market of markets) bus.offer({ type: "market_listed", market, ...life.stamp() });
    this.recovered = carried === undefined;
    const chain = this.#parts.chainBooks ? { chain: this.#wallet } : {};
    return runLive(runtime, {
      clock: life.clock,
      stalls: life.stalls,
      bus,
      signal,
      sources: [
        feed.events(signal),
        truth.events(signal),
        this.#operator.read(signal),
        this.#workers.events(signal),
        ...diskWatches(this.#parts, runtime, signal),
        reconciliations({
          adapter,
          core: runtime.core,
          clock: life.clock,
          everyMs: reconcileMs,
          moves: runtime,
          signal,
          ...chain,
        }),
      ],
      resync: (marketId) => {
        feed.resync(marketId);
      },
      venue: {
        link,
        adapter,
        ...(carried === undefined
          ? {}
          : { recovery: { adapter, ...chain, onRecovered: () => (this.recovered = true) } }),
      },
    });
  }

  /** An operator's word. */
  operate(command: OperatorCommand): void {
    const { ground, life } = this.#parts;
    life.gate(() => {
      ground.history.add({ kind: "operator", life: life.number, command });
      this.#operator.push({ type: "operator", operator: "operator", command, ...life.stamp() });
    });
  }

  /** News of the venue that a bot gets by other ways than its channels: resolutions, terms. */
  hear(event: Omit<CoreEvent, "at" | "receivedAt">): void {
    const { life } = this.#parts;
    life.gate(() => {
      this.#operator.push({ ...event, ...life.stamp() } as CoreEvent);
    });
  }

  /** Ends it in good order. */
  stop(): void {
    this.#parts.life.gate(() => {
      this.#stop.abort();
    });
  }

  /** From one instruction to the next. */
  kill(): void {
    if (!this.over) this.#end("killed");
  }

  /** The journal is made durable every now and then; when that fails the run must not go on. */
  #keepDurable(): void {
    const { life } = this.#parts;
    let failed = false;
    const again = (): void => {
      life.clock.after(SYNC_MS, () => {
        if (this.over || failed) return;
        this.#writer.sync().then(again, () => {
          failed = true;
          this.#stop.abort();
        });
      });
    };
    again();
  }

  async #durable(): Promise<void> {
    const { ground, life } = this.#parts;
    await this.#writer.sync();
    if (!life.alive) return never();
    if (ground.dice.strikes("kill_before_post")) {
      ground.fault("kill_before_post", "between the journal and the order", life.number);
      this.kill();
      return never();
    }
  }

  async #finish(): Promise<void> {
    if (this.over) return;
    try {
      this.runtime.finish("stopped");
      await this.#writer.close();
      this.#end("stopped");
    } catch (error) {
      this.#end("broke", error);
    }
  }

  #end(how: ProgramEnd["how"], error?: unknown): void {
    if (this.over) return;
    this.over = true;
    const { life, ground, disk, feed, truth } = this.#parts;
    life.alive = false;
    this.#adapter?.close();
    feed.close();
    truth.close();
    this.#workers.close();
    this.#operator.close();
    const code = isMatchpointError(error) ? error.code : undefined;
    const message =
      error === undefined ? undefined : error instanceof Error ? error.message : JSON.stringify(error);
    const said = { ...(code === undefined ? {} : { code }), ...(message === undefined ? {} : { message }) };
    const { file } = this;
    const written = file.length;
    const torn = how === "killed" || how === "broke" ? disk.afterDeath(file, life.number) : false;
    if (how === "refused")
      ground.history.add({
        kind: "start_failed",
        life: life.number,
        code: code ?? "UNFORESEEN",
        message: message ?? "",
      });
    else
      ground.history.add({
        kind: "death",
        life: life.number,
        how,
        ...said,
        written,
        kept: file.length,
        torn,
      });
    this.#parts.onOver({ how, ...said });
  }

  /** The chain says something of an action of the account's. */
  onChain(report: ChainReport): void {
    this.#wallet.hear(report);
  }
}

/** The account that a journal leaves. */
function rebuilt(file: SimFile, startsAt: number): RebuiltAccount {
  const rebuilder = new AccountRebuilder();
  const reader = new JournalReader({ crc32: checksum, sha256, file: file.name });
  reader.push(file.bytes, ({ event }) => {
    rebuilder.take(event);
  });
  reader.end();
  return rebuilder.account(startsAt);
}

/** Nothing was traded: the start itself was given up. */
function isStartError(error: unknown): boolean {
  return (
    isMatchpointError(error) && (error.code === "RECOVERY_FAILED" || error.code === "ACCOUNT_UNEXPLAINED")
  );
}
