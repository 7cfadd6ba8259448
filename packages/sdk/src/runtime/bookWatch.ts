import type { CancelTimer, Clock } from "../clock/index.ts";
import type { MarketId } from "../ids.ts";
import type { Runtime } from "./runtime.ts";

const LOOK_MS = 1_000;

/** Asks for a market's whole book when it stays gapped: what the core finds wrong with a book, its feed may not know of. */
export class BookWatch {
  readonly #runtime: Runtime;
  readonly #clock: Clock;
  readonly #ask: (marketId: MarketId, reason: string) => void;
  readonly #fail: (error: unknown) => void;
  #gapped = new Set<MarketId>();
  #cancel: CancelTimer | undefined;

  /** @param fail told what `ask` throws: there is nobody above a timer; nothing is watched from then on */
  constructor(
    runtime: Runtime,
    clock: Clock,
    ask: (marketId: MarketId, reason: string) => void,
    fail: (error: unknown) => void,
  ) {
    this.#runtime = runtime;
    this.#clock = clock;
    this.#ask = ask;
    this.#fail = fail;
  }

  start(): void {
    this.#cancel = this.#clock.after(LOOK_MS, () => {
      try {
        this.#look();
      } catch (error) {
        this.#fail(error);
        return;
      }
      this.start();
    });
  }

  stop(): void {
    this.#cancel?.();
  }

  /** A book that is gapped in two looks is being mended by nobody, or not fast enough. */
  #look(): void {
    const before = this.#gapped;
    this.#gapped = new Set();
    for (const { market, book } of this.#runtime.core.markets()) {
      if (book.status !== "gapped") continue;
      this.#gapped.add(market.marketId);
      if (before.has(market.marketId)) this.#ask(market.marketId, "the core holds the book to be gapped");
    }
  }
}
