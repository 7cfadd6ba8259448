import type { ExecutionAdapter, Trade } from "../contracts/index.ts";
import type { ChainAllowance } from "../events/index.ts";
import {
  expectedAccount,
  heldAccount,
  tradeKey,
  type ExpectedAccount,
  type ReconciledCore,
  type VenueAccount,
} from "./account.ts";
import { compare, RECONCILE_DUST, type Comparison, type Dust } from "./compare.ts";
import { compareChain, type ChainBooks, type ChainHoldings } from "./compareChain.ts";
import { newsKey } from "./news.ts";
import { TradeWindow, type TradePage } from "./tradeWindow.ts";

/** The questions that a comparison asks a venue. */
export type ReconciledVenue = Pick<
  ExecutionAdapter,
  "fetchTrades" | "fetchPositions" | "fetchBalances" | "fetchOpenOrders"
>;

/** What a reconciler works with. */
export interface ReconcilerOptions {
  readonly adapter: ReconciledVenue;
  readonly core: ReconciledCore;
  /** Default: {@link RECONCILE_DUST}. */
  readonly dust?: Dust;
  /** The chain's own balances, compared beside the venue's; absent: the venue's word is all there is. */
  readonly chain?: ChainBooks;
  /** Cursor of the venue's trades when the run began: older ones are none of it. Default: all trades are. */
  readonly since?: string;
}

/** What came of a look: a comparison, or the reason why there is none. A time-out is no answer, and no agreement. */
export type Look =
  | {
      readonly kind: "compared";
      readonly comparison: Comparison;
      /** Where the chain was asked. */
      readonly chain?: ChainWord;
    }
  | {
      readonly kind: "missed";
      readonly reason: string;
      /** Trades of a resumed run that it has not heard of: it has to, before it trades on its books again. */
      readonly news?: readonly Trade[];
    };

/** What the chain said of itself in one look. */
export interface ChainWord {
  /** Why it could not be compared with: the venue's side stands alone. */
  readonly missed?: string;
  /** How old its last final block was, in ms. */
  readonly finalAgeMs?: number;
  /** What the venue's contracts may take of the account. */
  readonly allowance?: ChainAllowance;
}

/** What one look found there. */
interface ChainFound extends ChainWord {
  readonly holdings?: ChainHoldings;
}

/** How often a look is begun anew because the account moved while it was taken. */
const ATTEMPTS = 3;
const NONE: ReadonlySet<string> = new Set();

interface Fetched extends VenueAccount {
  readonly page: TradePage;
}

/**
 * Compares a core with its venue, one look after the other. What was on its way at one look is lost at the next, so leave
 * more time between looks than a report may take.
 */
export class Reconciler {
  readonly #adapter: ReconciledVenue;
  readonly #core: ReconciledCore;
  readonly #dust: Dust;
  readonly #window: TradeWindow;
  readonly #chain: ChainBooks | undefined;
  #overdue: ReadonlySet<string> = new Set();
  /** News that was handed out to be told, and is overdue when it is still news. */
  #told = NONE;

  constructor({ adapter, core, dust, since, chain }: ReconcilerOptions) {
    this.#chain = chain;
    this.#adapter = adapter;
    this.#core = core;
    this.#dust = dust ?? RECONCILE_DUST;
    this.#window = new TradeWindow(adapter, since);
  }

  /**
   * Takes a look. A venue answers several questions one after the other; only answers between which neither side moved
   * are compared. One look at a time: await it before the next. `soon`: the last look was not long ago, and what was on its way then
   * may still be.
   */
  async look(soon = false): Promise<Look> {
    const overdue = new Set([...(soon ? [] : this.#overdue), ...this.#told]);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const before = this.#standing();
      let fetched: Fetched | undefined;
      let chain: ChainFound | undefined;
      try {
        [fetched, chain] = await Promise.all([this.#fetch(), this.#onChain()]);
      } catch (error) {
        return { kind: "missed", reason: error instanceof Error ? error.message : String(error) };
      }
      if (fetched === undefined || this.#standing() !== before) continue;
      const expected = expectedAccount(this.#core, fetched);
      const comparison = withChain(
        compare(expected, fetched, this.#dust, overdue),
        chain?.holdings && compareChain(expected, fetched, chain.holdings, this.#dust, overdue),
      );
      const news = this.#newsOf(comparison, expected, fetched);
      if (news.size > 0) {
        this.#told = new Set(news.keys());
        const reason = "the venue lists trades that the resumed run has not heard of";
        return { kind: "missed", reason, news: [...news.values()] };
      }
      this.#window.take(fetched.page, expected.trades);
      this.#overdue = comparison.inFlight;
      this.#told = NONE;
      return { kind: "compared", comparison, ...(chain && { chain: wordOf(chain) }) };
    }
    return { kind: "missed", reason: `the account moved during each of ${ATTEMPTS} looks` };
  }

  /** Trades of its own that a resumed run does not know as they are, by the names under which they were allowed for: books without them are wrong. */
  #newsOf(
    { agrees, inFlight }: Comparison,
    { owners, trades: known }: ExpectedAccount,
    { trades }: Fetched,
  ): ReadonlyMap<string, Trade> {
    const news = new Map<string, Trade>();
    if (!agrees || this.#core.awaitsComparison !== true) return news;
    for (const trade of trades) {
      const key = tradeKey(trade);
      const name = newsKey(key, known.get(key));
      if (inFlight.has(name) && owners.get(trade.orderId) !== "retired") news.set(name, trade);
    }
    return news;
  }

  /**
   * What is held, and how many orders and trades have come to an end: an order that was placed and canceled while the venue was
   * asked leaves the account as it was, but the venue may have listed it. And what was fetched before a person resumed the run, or before
   * the channel of own orders was back, is not what it waits for.
   */
  #standing(): string {
    const { canceled, filled, expired, invalid, trades, voided } = this.#core.orders.counts;
    const ended = [canceled, filled, expired, invalid, trades, voided];
    const { awaitsComparison, ownChannel } = this.#core;
    return JSON.stringify([heldAccount(this.#core), ended, awaitsComparison, ownChannel?.state]);
  }

  /** What the chain holds of what is booked here, how far it is final and what may be taken; each is known without the others. */
  async #onChain(): Promise<ChainFound | undefined> {
    const chain = this.#chain;
    if (chain === undefined) return undefined;
    const [holdings, finalAgeMs, allowance] = await Promise.allSettled([
      (async () => chain.fetchHoldings([...this.#core.ledger.markets()]))(),
      (async () => chain.fetchFinalAgeMs?.())(),
      (async () => chain.fetchAllowance?.())(),
    ]);
    const missed = [holdings, finalAgeMs, allowance].find((each) => each.status === "rejected");
    return {
      ...(holdings.status === "fulfilled" && { holdings: holdings.value }),
      ...(finalAgeMs.status === "fulfilled" &&
        finalAgeMs.value !== undefined && { finalAgeMs: finalAgeMs.value }),
      ...(allowance.status === "fulfilled" &&
        allowance.value !== undefined && { allowance: allowance.value }),
      ...(missed && { missed: firstLine(missed.reason) }),
    };
  }

  /** `undefined` when trades or cash at the venue moved while it was asked. */
  async #fetch(): Promise<Fetched | undefined> {
    const adapter = this.#adapter;
    const page = await this.#window.fetch();
    const balances = await adapter.fetchBalances();
    const [positions, openOrders] = await Promise.all([adapter.fetchPositions(), adapter.fetchOpenOrders()]);
    const [again, after] = await Promise.all([this.#window.fetch(), adapter.fetchBalances()]);
    const moved = brief(page) !== brief(again) || balances.collateral !== after.collateral;
    return moved ? undefined : { positions, balances, openOrders, trades: page.trades, page };
  }
}

function withChain(venue: Comparison, chain: ReturnType<typeof compareChain> | undefined): Comparison {
  if (chain === undefined) return venue;
  const differences = [...venue.differences, ...chain.differences];
  const inFlight = new Set([...venue.inFlight, ...chain.inFlight]);
  return { ...venue, differences, inFlight, agrees: differences.length === 0 };
}

function wordOf({ missed, finalAgeMs, allowance }: ChainFound): ChainWord {
  return {
    ...(missed === undefined ? {} : { missed }),
    ...(finalAgeMs === undefined ? {} : { finalAgeMs }),
    ...(allowance === undefined ? {} : { allowance }),
  };
}

/** The rest of an error's text is advice. */
function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0]!;
}

function brief({ trades }: TradePage): string {
  return JSON.stringify(trades.map(({ orderId, tradeId, status }) => [orderId, tradeId, status]));
}
