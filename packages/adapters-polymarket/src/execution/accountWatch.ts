/** Everything that is heard of our account: frames, sweeps, and what follows from either. @module */
import {
  isMatchpointError,
  type CancelTimer,
  type Clock,
  type ExecutionReport,
  type FrameQuarantined,
  type Logger,
  type MarketId,
  type OrderId,
  type OwnChannelChanged,
  type ReceiveStamp,
  type TradeReport,
  type Transport,
} from "@matchpoint/sdk";
import type { AccountIdentity } from "../account/identity.ts";
import { UserChannel } from "../account/userChannel.ts";
import { createUserDecoder, USER_FEED, type OrderFacts, type UserDecoder } from "../account/userDecoder.ts";
import { normalId } from "../account/values.ts";
import type { ApiCredentials } from "../auth/l2.ts";
import type { AccountReads } from "./accountReads.ts";
import type { ClobHttp, VenueClock } from "./clobHttp.ts";
import type { GatewayMarkets } from "./gatewayMarkets.ts";
import type { GatewaySettings, GatewayStats } from "./gatewayOptions.ts";
import type { RestingOrder } from "./lastLine.ts";
import type { OwnOrders } from "./ownOrders.ts";
import type { Redactor } from "./redact.ts";
import { Sweeper } from "./sweeper.ts";
import { TokenFinder } from "./tokenFinder.ts";
import { UnsettledTrades } from "./unsettledTrades.ts";

/** How late a trade may be listed, in s. */
const LATE_S = 120;
/** Match times are whole seconds, and clocks differ. */
const SKEW_S = 2;
/** Markets that one answer may make us look for. */
const MOST_UNKNOWN = 50;

/** What an {@link AccountWatch} works with. */
export interface WatchPorts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly time: VenueClock;
  readonly http: ClobHttp;
  readonly settings: GatewaySettings;
  readonly credentials: ApiCredentials;
  readonly identity: AccountIdentity;
  readonly markets: GatewayMarkets;
  readonly own: OwnOrders;
  readonly reads: () => AccountReads;
  readonly redactor: Redactor;
  readonly stats: GatewayStats;
  readonly random: () => number;
  readonly logger: Logger | undefined;
  readonly onQuarantined: ((event: FrameQuarantined) => void) | undefined;
  /** The user channel was closed for longer than a reconnect takes, or is open again after that. */
  readonly onChannel: (state: OwnChannelChanged["state"], detail: string) => void;
}

/** Listens to the user channel and sweeps REST, each healing what the other missed. */
export class AccountWatch {
  readonly unsettled = new UnsettledTrades();
  readonly sweeper: Sweeper;
  readonly #ports: WatchPorts;
  readonly #decoder: UserDecoder;
  readonly #finder: TokenFinder;
  readonly #channel: UserChannel;
  /** Orders that the venue lists and this gateway did not send: another's, or an earlier run's. */
  #others: readonly RestingOrder[] = [];
  /** Trades are swept from here, Unix seconds; none of before `#floor`, which are no business of this run. */
  #sweptTo: number;
  #floor: number;
  /** Runs while the user channel is closed, until that is told; and whether it was. */
  #losing: CancelTimer | undefined;
  #lost = false;

  constructor(ports: WatchPorts) {
    this.#ports = ports;
    const { http, markets, settings, identity, clock, own, stats, transport, credentials, random } = ports;
    this.#sweptTo = this.#seconds();
    this.#floor = this.#sweptTo - SKEW_S;
    this.#finder = new TokenFinder(http, markets, settings.readMs);
    this.#decoder = createUserDecoder({
      identity,
      tokens: markets.tokens,
      onUnknownToken: (tokenId, marketId, record) => {
        this.sweeper.soon();
        return this.#finder.park(tokenId, marketId, record);
      },
    });
    this.sweeper = new Sweeper({
      clock,
      timing: settings,
      openOrders: () => ports.reads().pages("/data/orders"),
      order: (orderId) => ports.reads().orderRecord(orderId),
      trades: () => ports.reads().pages("/data/trades", { after: String(this.#tradesFrom()) }),
      unfinished: () => own.unfinished(),
      isSettling: () => own.settling || this.#finder.waiting > 0,
      idOf,
      onTrade: (record) => {
        this.#record("trade", record, clock.monotonic());
      },
      onOrder: (record, startedAt) => {
        this.#record("order", record, startedAt);
      },
      onListed: (records) => {
        const listed = ports.reads().restingOf(records);
        this.#others = listed.filter(({ orderId }) => own.get(orderId) === undefined);
      },
      onAbsent: (orderId) => {
        own.absent(orderId);
      },
      onDone: (startedAt) => {
        this.#onSwept(startedAt);
      },
      onFailed: (error) => {
        stats.failedSweeps++;
        this.#log("a sweep failed", error);
      },
    });
    this.#channel = new UserChannel(
      { ...settings, url: settings.userUrl, transport, clock, credentials, random },
      {
        frame: (text, stamp) => {
          this.#onFrame(text, stamp);
        },
        open: (again) => {
          if (again) stats.reconnects++;
          this.#channelOpen();
          // The channel replays nothing.
          void this.sweeper.now();
        },
        down: (reason) => {
          this.#log("the user channel is down", reason);
          this.#channelDown();
          this.sweeper.soon();
        },
        missed: async () => {
          const before = stats.foundBySweeps;
          return !(await this.sweeper.now()) || stats.foundBySweeps > before;
        },
      },
    );
  }

  start(): void {
    this.#channel.start();
    this.#channelDown();
    this.sweeper.wake();
  }

  /** Why our own orders and trades are not heard of at once; `undefined` while they are. */
  get channelTrouble(): string | undefined {
    return this.#channel.trouble;
  }

  close(): void {
    this.#losing?.();
    this.#channel.stop();
    this.sweeper.close();
  }

  /** The clock was corrected: what was counted by it is corrected too. `since` moves the beginning back. */
  restart(since?: number): void {
    this.#sweptTo = Math.min(this.#sweptTo, this.#seconds(), since ?? Infinity);
    this.#floor = Math.min(this.#floor, this.#sweptTo - SKEW_S);
  }

  /** A trade of ours was reported. */
  noted(report: TradeReport): void {
    this.unsettled.note(report);
    this.#ports.reads().traded(report);
  }

  /** Orders of the account in a market that may rest, whoever sent them. */
  resting(market: MarketId): RestingOrder[] {
    const found = this.#others.filter(({ marketId }) => marketId === market);
    this.#ports.own.eachResting(({ orderId, intent }) => {
      const { marketId, outcome, side, limit: price } = intent;
      if (marketId === market) found.push({ orderId, marketId, outcome, side, price });
    });
    return found;
  }

  /** Finds the markets of tokens in records that nobody has told us of; whether any was found. */
  async learn(records: readonly unknown[]): Promise<boolean> {
    const unknown = new Set<string>();
    for (const record of records)
      for (const tokenId of tokensOf(record))
        if (this.#ports.markets.tokens.get(tokenId) === undefined) unknown.add(tokenId);
    const asked = [...unknown].slice(0, MOST_UNKNOWN);
    const found = await Promise.all(asked.map((tokenId) => this.#finder.learn(tokenId)));
    return found.includes(true);
  }

  /** Tries that fail do not begin the wait anew. */
  #channelDown(): void {
    const { clock, settings, onChannel } = this.#ports;
    if (this.#lost || this.#channel.isOpen) return;
    this.#losing ??= clock.after(settings.ownLostMs, () => {
      this.#losing = undefined;
      this.#lost = true;
      onChannel("lost", this.#channel.trouble ?? "it is not open");
    });
  }

  #channelOpen(): void {
    this.#losing?.();
    this.#losing = undefined;
    if (!this.#lost) return;
    this.#lost = false;
    this.#ports.onChannel("back", "it is open again");
  }

  #onFrame(raw: string, stamp: ReceiveStamp): void {
    this.#ports.stats.frames++;
    this.#decoder.decode(this.#ports.redactor.text(raw), stamp, (event, facts) => {
      this.#heard(event, facts, undefined);
    });
  }

  /** A record of REST; a trade is news when the channel had not told it. */
  #record(kind: "order" | "trade", record: unknown, sweptAt: number): void {
    this.#decoder.record(kind, record, this.#stamp(), (event, facts) => {
      if (event.type === "trade_report" && !this.unsettled.knows(event)) this.#ports.stats.foundBySweeps++;
      this.#heard(event, facts, sweptAt);
    });
  }

  #heard(
    event: ExecutionReport | FrameQuarantined,
    facts: OrderFacts | undefined,
    sweptAt: number | undefined,
  ): void {
    const { stats, onQuarantined, own } = this.#ports;
    if (event.type === "frame_quarantined") {
      stats.quarantined++;
      onQuarantined?.(event);
      // What it would have told is REST's to tell; a bad record of REST would only be read again.
      if (sweptAt === undefined) this.sweeper.soon();
      return;
    }
    if (event.type === "order_report" || event.type === "trade_report") own.take(event, facts, sweptAt);
  }

  #onSwept(startedAt: number): void {
    const { stats, own, time } = this.#ports;
    stats.sweeps++;
    own.swept(startedAt);
    this.#sweptTo = Math.max(this.#sweptTo, Math.floor(time.at(startedAt) / 1_000));
    if (this.#finder.waiting > 0) void this.#lookForTokens();
  }

  async #lookForTokens(): Promise<void> {
    await this.#finder.look(
      (record) => {
        this.#record("trade", record, this.#ports.clock.monotonic());
      },
      (record, tokenId) => {
        const reason = `a trade of token ${tokenId.slice(0, 90)}, whose market cannot be found`;
        const sample = this.#ports.redactor.text(JSON.stringify(record)).slice(0, 200);
        const quarantined = { type: "frame_quarantined", feed: USER_FEED, reason, sample } as const;
        this.#heard({ ...quarantined, ...this.#stamp() }, undefined, 0);
      },
    );
  }

  /** Trades that are not settled are listed again until they are. */
  #tradesFrom(): number {
    const { oldest } = this.unsettled;
    const from = oldest === undefined ? this.#sweptTo : Math.min(this.#sweptTo, Math.floor(oldest / 1_000));
    return Math.max(0, this.#floor, from - LATE_S);
  }

  #seconds(): number {
    return Math.floor(this.#ports.time.now() / 1_000);
  }

  #stamp(): ReceiveStamp {
    return { at: this.#ports.clock.monotonic(), receivedAt: this.#ports.clock.wall() };
  }

  #log(what: string, error: unknown): void {
    const { logger, redactor } = this.#ports;
    if (logger === undefined) return;
    const reason = redactor.text(error instanceof Error ? error.message : String(error));
    const code = isMatchpointError(error) ? { code: error.code } : {};
    logger.warn(`polymarket gateway: ${what}`, { ...code, reason });
  }
}

function idOf(record: unknown): OrderId | undefined {
  const found = (record as { id?: unknown } | null)?.id;
  return typeof found === "string" ? (normalId(found) as OrderId) : undefined;
}

function tokensOf(record: unknown): readonly string[] {
  const { asset_id: own, maker_orders: makers } = (record ?? {}) as {
    asset_id?: unknown;
    maker_orders?: unknown;
  };
  const others = Array.isArray(makers)
    ? makers.map((each) => (each as { asset_id?: unknown } | null)?.asset_id)
    : [];
  return [own, ...others].filter(
    (each): each is string => typeof each === "string" && /^\d{1,78}$/.test(each),
  );
}
