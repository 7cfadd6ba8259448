import type { Clock, Usdc } from "@matchpoint/sdk";
import type { ChainMarket, LocalChain, MinedTransaction } from "../chain/localChain.ts";
import type { ChainMatch } from "../chain/settleTrade.ts";
import type { ChainEffect, ChainHoldings, Settled } from "../contract.ts";
import { headOf, holdingsOf, settledSince, touchedIn, type Head } from "./look.ts";

/** When and how matches are settled on a chain. */
export interface SettlerRules {
  /** How often a block is made when nobody asks for one, in ms: what waits for blocks goes on. */
  readonly blockMs: number;
  /** In how many blocks, its own included, a match must be to be confirmed. */
  readonly confirmations: number;
  /** How often a match that reverted is sent again before it fails, and after how many ms. */
  readonly retries: number;
  readonly retryMs: number;
}

/** What a {@link Settler} works with. */
export interface SettlerOptions extends SettlerRules {
  readonly chain: LocalChain;
  readonly clock: Clock;
  readonly markets: readonly ChainMarketListing[];
  readonly settled: (tradeId: string, outcome: Settled) => void;
  readonly holds: (holdings: ChainHoldings) => void;
  readonly onError: (error: unknown) => void;
}

/** A market to be prepared on the chain. */
export interface ChainMarketListing {
  readonly conditionId: string;
  readonly tokens: readonly [string, string];
  /** Known when its answer is to be given by the chain's own oracle. */
  readonly questionId?: string;
}

/** A match that is in a block, and not in enough of them yet. */
interface Mined {
  readonly tradeId: string;
  readonly match: ChainMatch;
  hash: string;
  block: number;
}

/** A match on its way to the chain. */
interface Settlement {
  readonly tradeId: string;
  readonly match: ChainMatch;
  readonly doomed: boolean;
  readonly attempt: number;
}

const POL = 10n ** 19n;
const WHOLE = 1_000_000;
/** How often the chain is looked at, in ms. */
const LOOK_MS = 40;

/**
 * Does on a chain what a venue asks of it, and tells the venue what it sees there. One thing after the other: whenever balances are
 * read, every match that the chain has in a block was told before, so that nothing is counted twice.
 */
export class Settler {
  readonly #options: SettlerOptions;
  readonly #chain: LocalChain;
  readonly #markets = new Map<string, ChainMarket>();
  readonly #tokens: readonly string[];
  /** Addresses whose money is followed, in lower case, and those of them that must be read again. */
  readonly #watched = new Set<string>();
  readonly #stale = new Set<string>();
  readonly #mined = new Map<string, Mined>();
  /** What was being sent when the node failed, and the chain's height before. */
  readonly #unsure: { readonly job: Settlement; readonly since: number }[] = [];
  readonly #timers = new Set<() => void>();
  #queue: Promise<void> = Promise.resolve();
  /** The block up to which everything was read. */
  #seen: Head | undefined;
  /** The latest block that was heard of. While the chain has it, it has all before it. */
  #tip: Head | undefined;
  #lookAsked = false;
  #resend = true;
  #closed = false;
  /** What was told to be wrong last: a chain that is gone is told once. */
  #trouble = "";

  constructor(options: SettlerOptions) {
    this.#options = options;
    this.#chain = options.chain;
    this.#tokens = options.markets.flatMap(({ tokens }) => tokens);
  }

  /** Makes the markets known on the chain. */
  async prepare(): Promise<void> {
    for (const { conditionId, questionId } of this.#options.markets) {
      const market = questionId === undefined ? { conditionId } : { questionId };
      this.#markets.set(conditionId, await this.#chain.prepareMarket(market));
    }
  }

  /** Begins to make blocks and to look. */
  start(): void {
    this.#every(this.#options.blockMs, () => void this.#do(() => this.#chain.mine(1)));
    this.#every(LOOK_MS, () => {
      // A look that waits already will see everything.
      if (!this.#lookAsked) void this.look();
    });
  }

  /** Resolves when all that was asked so far is done and seen. */
  async idle(): Promise<void> {
    await this.#queue;
    await this.look();
  }

  /** Looks at the chain; `address` is read whether it was touched or not. */
  look(address?: string): Promise<void> {
    if (address !== undefined && this.#watched.has(address)) this.#stale.add(address);
    this.#lookAsked = true;
    return this.#do(async () => {
      this.#lookAsked = false;
      await this.#look();
    });
  }

  /** What is under way is finished, nothing else is begun. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const cancel of this.#timers) cancel();
    await this.#queue;
  }

  take(effect: ChainEffect): void {
    void this.#do(() => this.#carryOut(effect));
  }

  async #carryOut(effect: ChainEffect): Promise<void> {
    const chain = this.#chain;
    switch (effect.kind) {
      case "settle":
        return this.#settle({ ...effect, attempt: 0 });
      case "watch":
        this.#watch(effect.address);
        return this.#look();
      case "fund":
        await chain.fund(effect.address, { pol: POL, [effect.raw ? "usdcE" : "pusd"]: effect.dollars });
        if (effect.own) return chain.approveAll(effect.address);
        this.#watch(effect.address);
        return this.#look();
      case "approve":
        await chain.approveAll(effect.address);
        this.#watch(effect.address);
        return this.#look();
      case "adopt":
        await chain.adoptWallet(effect.wallet, effect.owner, effect.signatureType);
        this.#watch(effect.wallet);
        return this.#look();
      case "resolve": {
        const market = this.#markets.get(effect.conditionId);
        if (market !== undefined) await chain.resolve(market, parts(effect.payouts));
        return;
      }
      case "reorg":
        // What nobody has seen yet is seen before it goes.
        await this.#look();
        await chain.reorg(effect.depth);
        this.#resend = effect.resend;
        return this.#look();
    }
  }

  async #settle(job: Settlement): Promise<void> {
    const { tradeId, match, doomed, attempt } = job;
    const { settled, retries } = this.#options;
    let since: number | undefined;
    let sent: MinedTransaction;
    try {
      await this.#ascertain();
      // A block of its own would hide that those before it are gone.
      if (await this.#forked()) await this.#look();
      since = (await headOf(this.#chain))!.number;
      sent = await this.#send(match, doomed);
    } catch (error) {
      if (since === undefined) this.#later(job);
      else this.#unsure.push({ job, since });
      throw error;
    }
    const { status, hash, blockNumber, reason } = sent;
    if (status === "mined") {
      this.#mined.set(tradeId, { tradeId, match, hash, block: blockNumber });
      settled(tradeId, { status: "MINED", transactionHash: hash });
    } else if (attempt < retries && !doomed) {
      settled(tradeId, { status: "RETRYING", transactionHash: hash });
      this.#later({ tradeId, match, doomed, attempt: attempt + 1 });
    } else {
      settled(tradeId, {
        status: "FAILED",
        transactionHash: hash,
        ...(reason === undefined ? {} : { reason }),
      });
    }
  }

  #later(job: Settlement): void {
    this.#after(this.#options.retryMs, () => void this.#do(() => this.#settle(job)));
  }

  /**
   * A node that failed may have got a match all the same. That is found out before anything else is read or sent: balances that moved
   * by it are not a wallet's own deed, and what was settled is not sent again.
   */
  async #ascertain(): Promise<void> {
    for (;;) {
      const [first] = this.#unsure;
      if (first === undefined) return;
      const { tradeId, match } = first.job;
      const got = await settledSince(this.#chain, match, first.since);
      this.#unsure.shift();
      if (got === undefined) this.#later(first.job);
      else {
        this.#mined.set(tradeId, { tradeId, match, hash: got.hash, block: got.blockNumber });
        this.#options.settled(tradeId, { status: "MINED", transactionHash: got.hash });
      }
    }
  }

  /** A doomed match meets an exchange that is paused. */
  async #send(match: ChainMatch, doomed: boolean): ReturnType<LocalChain["settleTrade"]> {
    if (doomed) await this.#chain.pause("exchange", true);
    try {
      const sent = await this.#chain.settleTrade(match);
      this.#tip = { number: sent.blockNumber, hash: sent.blockHash };
      return sent;
    } finally {
      if (doomed) await this.#chain.pause("exchange", false);
    }
  }

  #watch(address: string): void {
    this.#watched.add(address.toLowerCase());
    this.#stale.add(address.toLowerCase());
  }

  async #look(): Promise<void> {
    await this.#ascertain();
    let head = (await headOf(this.#chain))!;
    const seen = this.#seen;
    if (seen?.hash === head.hash && this.#stale.size === 0) return;
    const forked = await this.#forked();
    if (forked) {
      await this.#reorganised();
      head = (await headOf(this.#chain))!;
      for (const address of this.#watched) this.#stale.add(address);
    }
    const reading = this.#read(forked ? undefined : seen, head);
    await reading.catch(() => undefined);
    // What was read, or could not be, while a reorganisation took that block is of no block.
    if ((await headOf(this.#chain, head.number))?.hash !== head.hash) return this.#look();
    const found = await reading;
    for (const { address } of found) this.#stale.delete(address.toLowerCase());
    this.#seen = head;
    this.#tip = head;
    for (const each of found) this.#options.holds(each);
    this.#confirm(head.number);
  }

  /** What those hold whose things have moved since a block that was seen, and those that wait to be read. */
  async #read(seen: Head | undefined, head: Head): Promise<readonly ChainHoldings[]> {
    if (seen !== undefined && head.number > seen.number)
      for (const address of await touchedIn(this.#chain, seen.number + 1, head.number))
        if (this.#watched.has(address)) this.#stale.add(address);
    return Promise.all(
      [...this.#stale].map((address) => holdingsOf(this.#chain, address, this.#tokens, head.number)),
    );
  }

  /** Whether the chain has lost blocks that were heard of. */
  async #forked(): Promise<boolean> {
    const tip = this.#tip;
    return tip !== undefined && (await headOf(this.#chain, tip.number))?.hash !== tip.hash;
  }

  #confirm(head: number): void {
    for (const [tradeId, { block, hash }] of this.#mined) {
      if (head - block + 1 < this.#options.confirmations) continue;
      this.#mined.delete(tradeId);
      this.#options.settled(tradeId, { status: "CONFIRMED", transactionHash: hash });
    }
  }

  /** Matches that the chain has lost are sent again at once, in their order, or are void. */
  async #reorganised(): Promise<void> {
    const { settled } = this.#options;
    for (const each of this.#mined.values()) {
      const receipt = await this.#chain.send<{ blockNumber: string } | null>("eth_getTransactionReceipt", [
        each.hash,
      ]);
      if (receipt !== null) {
        each.block = Number(receipt.blockNumber);
        continue;
      }
      const again = this.#resend ? await this.#send(each.match, false) : undefined;
      if (again?.status === "mined") {
        each.hash = again.hash;
        each.block = again.blockNumber;
        settled(each.tradeId, { status: "MINED", transactionHash: again.hash });
      } else {
        this.#mined.delete(each.tradeId);
        settled(each.tradeId, {
          status: "FAILED",
          transactionHash: again?.hash ?? each.hash,
          reason: again?.reason ?? "dropped by a reorganisation",
        });
      }
    }
    this.#resend = true;
  }

  /** After everything before it. What goes wrong is told, and the next goes on. */
  #do(what: () => Promise<unknown>): Promise<void> {
    const done = this.#queue.then(async () => {
      if (this.#closed) return;
      await what();
      this.#trouble = "";
    });
    this.#queue = done.catch((error: unknown) => {
      if (this.#closed || String(error) === this.#trouble) return;
      this.#trouble = String(error);
      this.#options.onError(error);
    });
    return this.#queue;
  }

  #after(ms: number, run: () => void): void {
    const cancel = this.#options.clock.after(ms, () => {
      this.#timers.delete(cancel);
      run();
    });
    this.#timers.add(cancel);
  }

  #every(ms: number, run: () => void): void {
    this.#after(ms, () => {
      run();
      if (!this.#closed) this.#every(ms, run);
    });
  }
}

/** Payouts per share as parts of a whole. */
function parts([first, second]: readonly [Usdc, Usdc]): readonly [number, number] {
  return first === second ? [1, 1] : [Number(first === WHOLE), Number(second === WHOLE)];
}
