import type { Clock, Usdc } from "@matchpoint/sdk";
import type { ChainMarket, LocalChain } from "../chain/localChain.ts";
import type { ChainEffect, MarketSummary, Settled } from "../contract.ts";

/** What a {@link ChainSettlement} works with. */
export interface ChainSettlementOptions {
  readonly markets: readonly MarketSummary[];
  /** How long a mined match must stay on the chain to be confirmed. */
  readonly confirmedMs: number;
  readonly settled: (tradeId: string, outcome: Settled) => void;
  readonly onError: (error: unknown) => void;
}

const POL = 10n ** 19n;
const WHOLE = 1_000_000;

/** Does on a local chain what a venue asks of it, one thing after the other. */
export class ChainSettlement {
  readonly #chain: LocalChain;
  readonly #clock: Clock;
  readonly #options: ChainSettlementOptions;
  readonly #markets = new Map<string, ChainMarket>();
  readonly #waiting = new Set<() => void>();
  #queue: Promise<void>;
  #stopped = false;

  constructor(chain: LocalChain, clock: Clock, options: ChainSettlementOptions) {
    this.#chain = chain;
    this.#clock = clock;
    this.#options = options;
    this.#queue = this.#prepare();
  }

  take(effect: ChainEffect): void {
    this.#then(() => this.#carryOut(effect));
  }

  /** Ends it: what is under way is finished, nothing else is begun. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const cancel of this.#waiting) cancel();
    await this.#queue;
  }

  /** Resolves when all that was asked so far is done. */
  idle(): Promise<void> {
    return this.#queue;
  }

  #then(act: () => Promise<void>): void {
    this.#queue = this.#queue
      .then(() => (this.#stopped ? undefined : act()))
      .catch((error: unknown) => {
        this.#options.onError(error);
      });
  }

  async #prepare(): Promise<void> {
    for (const { conditionId } of this.#options.markets)
      this.#markets.set(conditionId, await this.#chain.prepareMarket({ conditionId }));
  }

  async #carryOut(effect: ChainEffect): Promise<void> {
    if (effect.kind === "fund") {
      await this.#chain.fund(effect.address, { pol: POL, pusd: effect.dollars });
      if (effect.own) await this.#chain.approveAll(effect.address);
    } else if (effect.kind === "resolve") {
      const market = this.#markets.get(effect.conditionId);
      if (market !== undefined) await this.#chain.resolve(market, parts(effect.payouts));
    } else {
      const { tradeId, match } = effect;
      const { status, hash } = await this.#chain.settleTrade(match);
      if (status === "reverted") {
        this.#options.settled(tradeId, { status: "FAILED", transactionHash: hash });
        return;
      }
      this.#options.settled(tradeId, { status: "MINED", transactionHash: hash });
      const cancel = this.#clock.after(this.#options.confirmedMs, () => {
        this.#waiting.delete(cancel);
        this.#then(() => this.#confirm(tradeId, hash));
      });
      this.#waiting.add(cancel);
    }
  }

  /** What is still on the chain is final; what a reorganisation undid never happened. */
  async #confirm(tradeId: string, hash: string): Promise<void> {
    const receipt = await this.#chain.send("eth_getTransactionReceipt", [hash]);
    this.#options.settled(tradeId, {
      status: receipt === null ? "FAILED" : "CONFIRMED",
      transactionHash: hash,
    });
  }
}

/** Payouts per share as parts of a whole. */
function parts([first, second]: readonly [Usdc, Usdc]): readonly [number, number] {
  return first === second ? [1, 1] : [Number(first === WHOLE), Number(second === WHOLE)];
}
