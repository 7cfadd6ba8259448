import type { Trade } from "../contracts/index.ts";
import type { Difference, OrderStatus, Outcome } from "../events/index.ts";
import type { MarketId, OrderId } from "../ids.ts";
import type { Shares, Usdc } from "../units/index.ts";
import { tradeKey, type ExpectedAccount, type HeldOrder, type VenueAccount } from "./account.ts";
import { changeOf, effectOf, isNews, newsKey } from "./news.ts";
import { someOf } from "./someOf.ts";

/** Differences up to this much are rounding, not differences. */
export interface Dust {
  readonly shares: Shares;
  readonly cash: Usdc;
}

/** The venue cuts matched sizes at a hundredth of a share, and fees at a hundred-thousandth of a dollar. */
export const RECONCILE_DUST: Dust = { shares: 20_000 as Shares, cash: 10 as Usdc };

/** What a comparison found. */
export interface Comparison {
  readonly agrees: boolean;
  readonly differences: readonly Difference[];
  /**
   * What the venue is ahead with: news that is on its way and was allowed for. News that is still on its way at the next
   * comparison is lost: hand this to it as `overdue`.
   */
  readonly inFlight: ReadonlySet<string>;
  /** What differs by no more than dust, position by position and in cash: agreement, but not to the micro-dollar. */
  readonly rounding: readonly Difference[];
}

/**
 * Orders that the venue does not have to list: `yes` on their way there, held by its delay, or of a fate that is being
 * looked for; `once`: the report of their end may be on its way.
 */
const MAY_BE_ABSENT: Readonly<Record<OrderStatus, "yes" | "once">> = {
  INTENT: "yes",
  PREPARED: "yes",
  SENT: "yes",
  DELAYED: "yes",
  UNKNOWN: "yes",
  LIVE: "once",
  MATCHED: "once",
  PENDING_CANCEL: "once",
  // Over: never among the orders that are held to be open.
  DENIED: "yes",
  FILLED: "yes",
  CANCELED: "yes",
  EXPIRED: "yes",
  REJECTED: "yes",
  INVALID: "yes",
};

const NONE: ReadonlySet<string> = new Set();

interface Sum {
  readonly marketId: MarketId;
  readonly outcome: Outcome;
  matched: number;
  settled: number;
}

/**
 * Compares what the core holds with what the venue says.
 *
 * Trades that the venue lists explain what they moved: one whose report is on its way is allowed for once, by name
 * (`inFlight`), and never by a margin; so nothing else can hide behind it. A chain action under way may be done there or not,
 * shares and dollars together. A trade that the venue lists as matched may be on the chain already, and is then in its balances
 * twice: a difference that such trades add up to is none, for as long as they are listed so. An order that ended there may be open
 * here once. Everything else beyond dust is a difference.
 *
 * Pure: the same accounts give the same answer.
 */
export function compare(
  expected: ExpectedAccount,
  actual: VenueAccount,
  dust: Dust = RECONCILE_DUST,
  overdue: ReadonlySet<string> = NONE,
): Comparison {
  return new Accounts(expected, actual, dust, overdue).compared();
}

/** Both accounts while they are compared: `here` is moved along with what the venue is ahead with. */
class Accounts {
  readonly #expected: ExpectedAccount;
  readonly #actual: VenueAccount;
  readonly #dust: Dust;
  readonly #overdue: ReadonlySet<string>;
  readonly #differences: Difference[] = [];
  readonly #inFlight = new Set<string>();
  readonly #rounding: Difference[] = [];
  readonly #here = new Map<string, Sum>();
  readonly #there = new Map<string, Sum>();
  /** What trades that are not settled may have moved twice, or early: shares by outcome, settled ones, and under `""` dollars. */
  readonly #early = new Map<string, number[]>();
  /** Shares of orders by trades that are not counted here. */
  readonly #unseen = new Map<OrderId, number>();
  #cash: number;

  constructor(expected: ExpectedAccount, actual: VenueAccount, dust: Dust, overdue: ReadonlySet<string>) {
    this.#expected = expected;
    this.#actual = actual;
    this.#dust = dust;
    this.#overdue = overdue;
    this.#cash = expected.cash;
    for (const each of expected.positions) add(this.#here, each, each.matched, each.settled);
    for (const each of actual.positions) add(this.#there, each, each.matched, each.settled);
  }

  compared(): Comparison {
    const trades = new Map(this.#actual.trades.map((trade) => [tradeKey(trade), trade]));
    for (const [key, trade] of trades) this.#trade(key, trade);
    for (const { action, cash } of this.#expected.pending) this.#pending(action, cash);
    this.#positions();
    this.#orders();
    const { collateral: stated } = this.#actual.balances;
    const collateral = this.#once("", this.#cash, stated, this.#dust.cash);
    if (this.#cash !== collateral) {
      const far = Math.abs(this.#cash - collateral) > this.#dust.cash;
      (far ? this.#differences : this.#rounding).push({
        kind: "cash",
        expected: this.#cash,
        actual: collateral,
      });
    }
    const differences = this.#differences;
    return {
      agrees: differences.length === 0,
      differences,
      inFlight: this.#inFlight,
      rounding: this.#rounding,
    };
  }

  /** Whether news may still be on its way: it was not at the comparison before. */
  #allowed(key: string): boolean {
    this.#inFlight.add(key);
    return !this.#overdue.has(key);
  }

  /**
   * The chain may be ahead of the venue's word: a balance holds a trade already that is listed as matched, and that is then in it twice.
   */
  #mayBeEarly(trade: Trade): void {
    const { status, size } = trade;
    const add = (key: string, by: number): void => {
      this.#early.set(key, [...(this.#early.get(key) ?? []), by]);
    };
    if (status === "CONFIRMED" || status === "FAILED") return;
    // Settled shares are the chain's: what is bought may be among them before it is confirmed, and what is sold until it is mined.
    add(`settled ${keyOf(trade)}`, size);
    if (status === "MINED") return;
    const { matched, cash } = effectOf(trade, status);
    add(keyOf(trade), matched);
    add("", cash);
  }

  /** What is there without the trades that it holds twice, when just those explain it. */
  #once(key: string, expected: number, actual: number, dust: number): number {
    if (Math.abs(expected - actual) <= dust) return actual;
    return someOf(this.#early.get(key) ?? [], actual - expected, dust) ? expected : actual;
  }

  #trade(key: string, trade: Trade): void {
    this.#mayBeEarly(trade);
    const known = this.#expected.trades.get(key);
    if (known === "retired" || !isNews(known, trade.status)) return;
    const { marketId, outcome, orderId, tradeId } = trade;
    const change = changeOf(trade, known);
    add(this.#here, trade, change.matched, change.settled);
    this.#cash += change.cash;
    if (known === undefined) this.#unseen.set(orderId, (this.#unseen.get(orderId) ?? 0) + trade.size);
    const foreign = known === undefined && this.#expected.owners.get(orderId) === "foreign";
    const quiet = change.matched === 0 && change.settled === 0 && change.cash === 0;
    if (!foreign && (quiet || this.#allowed(newsKey(key, known)))) return;
    // A confirmation that never came moves nothing but settled shares.
    const what = change.matched === 0 ? "settled" : "matched";
    this.#differences.push({
      kind: foreign ? "foreign_trade" : "missed_trade",
      ...{ marketId, outcome, orderId, tradeId },
      expected: effectOf(trade, known)[what],
      actual: effectOf(trade, trade.status)[what],
    });
  }

  /** A chain action is done there when that explains the shares better; then it explains the dollars too. */
  #pending(action: ExpectedAccount["pending"][0]["action"], cash: number): void {
    const { actionId, kind, marketId, amounts } = action;
    const sign = kind === "split" ? 1 : -1;
    let [undone, done] = [0, 0];
    for (const outcome of [0, 1] as const) {
      const here = sumOf(this.#here, { marketId, outcome }).matched;
      const there = sumOf(this.#there, { marketId, outcome }).matched;
      undone += Math.abs(here - there);
      done += Math.abs(here + sign * amounts[outcome] - there);
    }
    if (done >= undone) return;
    const allowed = this.#allowed(`chain ${actionId}`);
    this.#cash += cash;
    for (const outcome of [0, 1] as const) {
      const here = sumOf(this.#here, { marketId, outcome });
      const moved = sign * amounts[outcome];
      if (!allowed && moved !== 0) {
        const expected = here.matched;
        this.#differences.push({ kind: "position", marketId, outcome, expected, actual: expected + moved });
      }
      here.matched += moved;
      here.settled += moved;
    }
  }

  #positions(): void {
    for (const [key, { marketId, outcome }] of this.#there) {
      if (!this.#here.has(key)) sumOf(this.#here, { marketId, outcome });
    }
    for (const here of this.#here.values()) {
      const stated = sumOf(this.#there, here);
      const { marketId, outcome } = here;
      const key = keyOf(here);
      const settled = Math.max(0, here.settled);
      const there = {
        matched: this.#once(key, here.matched, stated.matched, this.#dust.shares),
        settled: this.#once(`settled ${key}`, settled, stated.settled, this.#dust.shares),
      };
      if (this.#apart(here.matched, there.matched)) {
        const [expected, actual] = [here.matched, there.matched];
        this.#differences.push({ kind: "position", marketId, outcome, expected, actual });
      } else if (this.#apart(settled, there.settled)) {
        const [expected, actual] = [settled, there.settled];
        this.#differences.push({ kind: "settled", marketId, outcome, expected, actual });
      } else if (here.matched !== there.matched) {
        const [expected, actual] = [here.matched, there.matched];
        this.#rounding.push({ kind: "position", marketId, outcome, expected, actual });
      }
    }
  }

  #orders(): void {
    const open = new Map(this.#actual.openOrders.map((order) => [order.orderId, order]));
    const held = new Set<OrderId>();
    for (const order of this.#expected.orders) {
      const { orderId, marketId, outcome } = order;
      held.add(orderId);
      const there = open.get(orderId);
      const matched = order.matched + (this.#unseen.get(orderId) ?? 0);
      if (there === undefined) this.#absent(order);
      else if (this.#apart(matched, there.matched)) {
        const where = { marketId, outcome, orderId };
        this.#differences.push({
          kind: "matched_amount",
          ...where,
          expected: matched,
          actual: there.matched,
        });
      }
    }
    for (const { orderId, marketId, outcome, size, matched } of open.values()) {
      if (held.has(orderId)) continue;
      const kind = this.#expected.owners.get(orderId) === "foreign" ? "foreign_order" : "ended_order";
      this.#differences.push({ kind, marketId, outcome, orderId, expected: 0, actual: size - matched });
    }
  }

  #absent({ orderId, marketId, outcome, status, size, matched }: HeldOrder): void {
    if (MAY_BE_ABSENT[status] === "yes" || this.#allowed(`order ${orderId}`)) return;
    const expected = Math.max(0, size - matched);
    this.#differences.push({ kind: "missing_order", marketId, outcome, orderId, expected, actual: 0 });
  }

  #apart(expected: number, actual: number): boolean {
    return Math.abs(expected - actual) > this.#dust.shares;
  }
}

type Place = Pick<Sum, "marketId" | "outcome">;

function keyOf({ marketId, outcome }: Place): string {
  return `${outcome} ${marketId}`;
}

function sumOf(sums: Map<string, Sum>, { marketId, outcome }: Place): Sum {
  const key = keyOf({ marketId, outcome });
  let sum = sums.get(key);
  if (sum === undefined) {
    sum = { marketId, outcome, matched: 0, settled: 0 };
    sums.set(key, sum);
  }
  return sum;
}

function add(sums: Map<string, Sum>, place: Place, matched: number, settled: number): void {
  const sum = sumOf(sums, place);
  sum.matched += matched;
  sum.settled += settled;
}
