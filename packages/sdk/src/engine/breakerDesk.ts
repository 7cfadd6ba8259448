import type { OrderStatus, RejectCode } from "../events/index.ts";
import type { IntentId, MarketId } from "../ids.ts";
import { isTerminal, type Order, type OrderChange } from "../orders/index.ts";
import { BENIGN_REJECTS, MarketBreaker, type BreakerCounts, type RiskLimits } from "../risk/index.ts";
import { NANOS_PER_MS, type Nanos } from "../units/index.ts";
import type { Floor } from "./floor.ts";
import type { MarketEntry } from "./marketEntry.ts";
import { WalletBreaker } from "./walletBreaker.ts";
import type { TradingDesk } from "./tradingDesk.ts";

/** An order in one of these has had no answer, or is not known to be where its answer said. */
const UNANSWERED: ReadonlySet<OrderStatus> = new Set<OrderStatus>(["INTENT", "PREPARED", "SENT", "UNKNOWN"]);
/** The venue has the order, or has done with it what it was for. */
const TAKEN: ReadonlySet<OrderStatus> = new Set<OrderStatus>(["LIVE", "MATCHED", "DELAYED", "FILLED"]);

/** Trips the breakers of markets: rejects in a row, cancels that fail, answers that do not come. */
export class BreakerDesk {
  readonly #floor: Floor;
  readonly #trading: TradingDesk;
  readonly #limits: RiskLimits;
  /** All markets spend the same dollars. */
  readonly wallet: WalletBreaker;
  readonly #breakers = new Map<MarketId, MarketBreaker>();
  /** Orders that wait for the venue's answer, oldest first. */
  readonly #waiting = new Map<IntentId, { readonly marketId: MarketId; readonly due: Nanos }>();
  /** When the oldest of them has waited too long. */
  #due = Infinity;
  /** Markets that the passing of time has tripped with the present event; whether each was halted by its breaker before. */
  readonly #just = new Map<MarketId, boolean>();

  constructor(floor: Floor, trading: TradingDesk, limits: RiskLimits) {
    this.#floor = floor;
    this.#trading = trading;
    this.#limits = limits;
    this.wallet = new WalletBreaker(floor, limits);
  }

  /** An order is being sent. */
  ordered({ intent }: Order): void {
    const { maxOrderLatency: most } = this.#limits;
    if (most === 0) return;
    const due = (this.#floor.now + most) as Nanos;
    this.#waiting.set(intent.intentId, { marketId: intent.marketId, due });
    if (due < this.#due) this.#due = due;
  }

  /** An order moved. Whether it was refused for a reason that counts. */
  changed({ order, from, to }: OrderChange, code: string | undefined, detail: string | undefined): boolean {
    const { intentId, marketId } = order.intent;
    if (!UNANSWERED.has(to)) this.#waiting.delete(intentId);
    if (to === "REJECTED") {
      const why = code as RejectCode | undefined;
      this.#trip(marketId, this.of(marketId).rejected(why, detail));
      this.wallet.refused(order, why, detail);
      return !BENIGN_REJECTS.has(why);
    }
    if (TAKEN.has(to) && UNANSWERED.has(from) && !order.takenBefore) {
      this.#breakers.get(marketId)?.accepted();
      this.wallet.accepted();
    }
    if (from === "PENDING_CANCEL" && to === "UNKNOWN")
      this.#trip(marketId, this.of(marketId).cancelFailed("nobody knows what became of it"));
    if (to === "CANCELED" && (from === "PENDING_CANCEL" || from === "UNKNOWN"))
      this.#breakers.get(marketId)?.canceled();
    return false;
  }

  /** A cancel was refused, and the order lives on. */
  cancelRefused({ intent: { marketId } }: Order, detail: string | undefined): void {
    this.#trip(marketId, this.of(marketId).cancelFailed(detail));
  }

  /** An order was never sent. */
  forget(intentId: IntentId): void {
    this.#waiting.delete(intentId);
  }

  /** Time has passed. Called before anything else of an event: nothing is sent to a market whose answers do not come. */
  tick(): void {
    const { now } = this.#floor;
    if (this.#just.size > 0) this.#just.clear();
    if (now < this.#due) return;
    this.#due = Infinity;
    for (const [intentId, { marketId, due }] of this.#waiting) {
      if (due > now) {
        this.#due = due;
        return;
      }
      this.#waiting.delete(intentId);
      const order = this.#floor.orders.get(intentId);
      if (order === undefined || isTerminal(order)) continue;
      const waited = Math.round((now - due + this.#limits.maxOrderLatency) / NANOS_PER_MS);
      const held = this.#floor.markets.get(marketId)?.trading.causes.has("breaker") === true;
      const before = this.#just.get(marketId) ?? held;
      if (this.#trip(marketId, `order ${intentId} has had no answer for ${waited} ms`))
        this.#just.set(marketId, before);
    }
  }

  /**
   * A person resumes a market. Whether its breaker holds it all the same: time passes before a word is heard, and what that has just
   * tripped nobody can have seen, nor does the journal tell of it before the word. What it was halted by before is over.
   */
  outlasts(entry: MarketEntry): boolean {
    const before = this.#just.get(entry.market.marketId);
    if (before === true) this.cleared(entry);
    return before !== undefined;
  }

  /** The breaker of a market. */
  of(marketId: MarketId): MarketBreaker {
    let breaker = this.#breakers.get(marketId);
    if (breaker === undefined) {
      const { maxConsecutiveRejects, maxCancelFailures } = this.#limits;
      breaker = new MarketBreaker({ maxConsecutiveRejects, maxCancelFailures });
      this.#breakers.set(marketId, breaker);
    }
    return breaker;
  }

  #trip(marketId: MarketId, reason: string | undefined): boolean {
    const entry = this.#floor.markets.get(marketId);
    // A run that only keeps the books has the journal's word for what tripped.
    if (this.#floor.options.bookkeeping === true) return false;
    if (reason === undefined || entry === undefined || entry.trading.status === "RESOLVED") return false;
    this.#floor.alarm("BREAKER_TRIPPED", reason, marketId);
    const { breakerByOperator, breakerCooldownMs } = this.#limits;
    this.#trading.hold(entry, "breaker", reason, breakerByOperator ? undefined : breakerCooldownMs);
    return true;
  }

  /** A halt by the breaker is over: what led to it counts no more. */
  cleared({ market }: MarketEntry): void {
    this.#breakers.get(market.marketId)?.clear();
  }

  /** Failures in a row, by market, for the next run; markets without any are left out. */
  counts(marketId: MarketId): BreakerCounts | undefined {
    const counts = this.#breakers.get(marketId)?.counts;
    return counts === undefined || (counts.rejects === 0 && counts.cancelFailures === 0) ? undefined : counts;
  }

  /** Every market's failures in a row, zeros too. */
  save(): readonly (readonly [MarketId, BreakerCounts])[] {
    return Array.from(this.#breakers, ([marketId, { counts }]) => [marketId, counts]);
  }

  goOn(marketId: MarketId, counts: BreakerCounts): void {
    const { maxConsecutiveRejects, maxCancelFailures } = this.#limits;
    this.#breakers.set(marketId, new MarketBreaker({ maxConsecutiveRejects, maxCancelFailures }, counts));
  }
}
