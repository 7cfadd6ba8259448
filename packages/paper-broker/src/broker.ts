import {
  hash128,
  type Capabilities,
  type CoreEvent,
  type ExecutionCommand,
  type ExecutionFold,
  type ExecutionReport,
  type FillScenario,
  type Intent,
  type Nanos,
  type OrderId,
  type PreparedOrder,
  type RealismPart,
  type Sequence,
} from "@matchpoint/sdk";
import type { AccountId } from "./exchange.ts";
import type { PaperBrokerOptions } from "./options.ts";
import { FoldedExchange } from "./paperExchange.ts";
import { realismOf } from "./realism/parts.ts";
import { settle } from "./settings.ts";
import { Shadows } from "./shadows.ts";
import type { PaperSnapshot } from "./snapshot.ts";
import type { PaperView } from "./view.ts";

const SECOND_HALF = 0x5bd1e995;
/** The name of the one account. */
const OWN: AccountId = "own";

/**
 * A venue on paper: a synchronous, deterministic fold. The same options, events and commands give the same reports, on
 * every machine. It never waits, never tells the time and never throws for bad data or a bad order.
 *
 * Orders meet the book as it is when they arrive, not as it was when they were sent. Money and shares are exact integers,
 * and every one that moves is in a trade or chain report.
 */
export interface PaperBroker extends ExecutionFold {
  readonly realism: readonly RealismPart[];
  scenarios(): readonly FillScenario[];
  /** What the venue would answer if it were asked now. */
  readonly view: PaperView;
  /** The whole state as plain JSON, sharing nothing with the broker. */
  snapshot(): PaperSnapshot;
  /**
   * Takes over a snapshot; only into a new broker made with the same options.
   * @throws `MatchpointError` `INVARIANT`
   */
  restore(snapshot: PaperSnapshot): void;
}

/**
 * Makes a paper broker.
 *
 * @throws `MatchpointError` `CONFIG_INVALID` when an option is out of its range or unknown
 * @example
 * ```ts
 * import { createPaperBroker } from "@matchpoint/paper-broker";
 *
 * const broker = createPaperBroker({ runId: "example", seed: 1 });
 * broker.view.balances(); // { collateral: 1_000_000_000 }: $1,000
 * ```
 */
export function createPaperBroker(options: PaperBrokerOptions): PaperBroker {
  return new LoneAccount(options);
}

/** The exchange with one account, which guesses how a venue that knows nothing of it would treat it. */
class LoneAccount implements PaperBroker {
  readonly capabilities: Capabilities;
  readonly view: PaperView;
  readonly realism: readonly RealismPart[];
  readonly #exchange: FoldedExchange;
  readonly #shadows: Shadows;
  readonly #runId: string;

  constructor(options: PaperBrokerOptions) {
    const settings = settle(options);
    this.#runId = settings.runId;
    this.#exchange = new FoldedExchange(settings);
    this.#exchange.deposit(OWN, settings.collateral);
    this.#shadows = new Shadows(settings, this.#exchange);
    this.realism = realismOf(settings);
    this.capabilities = this.#exchange.capabilities;
    this.view = this.#exchange.view(OWN);
  }

  prepare(intent: Intent, seq: Sequence): PreparedOrder {
    const { marketId, outcome, side, orderType, postOnly, limit, size, spend, expiresAt, intentId } = intent;
    const content = [
      marketId,
      outcome,
      side,
      orderType,
      postOnly,
      limit,
      size,
      spend ?? null,
      expiresAt ?? null,
    ];
    const text = JSON.stringify([this.#runId, seq, intentId, ...content]);
    return {
      // Joined, for one flat string: put together with `+`, each piece would be kept as long as the order is known.
      orderId: ["0x", hash128(text), hash128(text, SECOND_HALF)].join("") as OrderId,
      intent,
      payload: { seq },
    };
  }

  observe(event: CoreEvent): void {
    this.#shadows.before(event);
    this.#exchange.observe(event);
    this.#shadows.after(event);
  }

  submit(command: ExecutionCommand, at: Nanos): void {
    this.#exchange.submit(OWN, command, at);
    this.#shadows.submit(command, at);
  }

  scenarios(): readonly FillScenario[] {
    return this.#shadows.accounts(this.#exchange.now);
  }

  nextDue(): Nanos | undefined {
    return this.#exchange.nextDue();
  }

  advance(to: Nanos, emit: (report: ExecutionReport) => void): void {
    this.#exchange.advance(to, (news) => {
      if (news.kind === "report") emit(news.report);
    });
  }

  snapshot(): PaperSnapshot {
    return { ...this.#exchange.snapshot(), shadows: this.#shadows.save() };
  }

  restore(snapshot: PaperSnapshot): void {
    this.#exchange.restore(snapshot);
    this.#shadows.restore(snapshot.shadows);
  }
}
