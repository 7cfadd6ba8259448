import { isMatchpointError } from "../errors.ts";
import type {
  AdoptedTrade,
  ChainAllowance,
  ChainLook,
  Difference,
  OperatorCommand,
  Reconciled,
} from "../events/index.ts";
import type { HaltCause } from "../state/index.ts";
import { formatUsdc, type Millis, type Usdc } from "../units/index.ts";
import type { Floor } from "./floor.ts";
import { AGREEMENTS_NEEDED } from "./foreignLatch.ts";
import type { MarketEntry } from "./marketEntry.ts";
import type { OrderDesk } from "./orderDesk.ts";
import type { SettlementDesk } from "./settlementDesk.ts";
import type { TradingDesk } from "./tradingDesk.ts";

/** A block of the chain is final within seconds; one that is not after this long is worth a person's look. */
export const FINAL_WITHIN_MS = 60_000;

type ChainTrouble = "silent" | "not_final" | "allowance";

type Adoption = Extract<OperatorCommand, { readonly kind: "adopt" }>;

/** Halts what does not agree with the venue, notices when it does again, and books what an operator adopts. */
export class ReconcileDesk {
  readonly #floor: Floor;
  readonly #trading: TradingDesk;
  readonly #orders: OrderDesk;
  readonly #settlement: SettlementDesk;
  /** What of the chain's troubles was told, and is not over. */
  readonly #troubles = new Set<ChainTrouble>();

  constructor(floor: Floor, trading: TradingDesk, orders: OrderDesk, settlement: SettlementDesk) {
    this.#floor = floor;
    this.#trading = trading;
    this.#orders = orders;
    this.#settlement = settlement;
  }

  /** A comparison was made. What belongs to no market of the run, and what somebody else did, concerns all of them. */
  reconciled(event: Reconciled): void {
    const floor = this.#floor;
    for (const difference of event.differences) {
      floor.alarm(alarmOf(difference), describe(difference), difference.marketId);
      if (difference.kind === "ended_order" && difference.orderId !== undefined)
        this.#orders.cancels.revenant(difference.orderId);
    }
    if (event.differences.some(isForeign)) floor.foreign.raise();
    else if (event.agrees && event.marketId === undefined) floor.foreign.agreed();
    // Dollars belong to no market: those that are listed later may not count on them either.
    if (event.differences.some(isCash)) floor.moveSystem("reduce_only", "the account's cash is in doubt");
    const scope = floor
      .allMarkets()
      .filter(({ market }) => event.marketId === undefined || event.marketId === market.marketId);
    for (const entry of scope) {
      const { marketId } = entry.market;
      const own = event.differences.filter(
        (each) => isForeign(each) || each.marketId === marketId || !floor.markets.has(each.marketId!),
      );
      if (own.length > 0) this.#halt(entry, own);
      else if (!event.agrees && event.differences.length === 0) this.#halt(entry, []);
      else this.#agrees(entry);
    }
    if (event.agrees && event.marketId === undefined) this.#resume();
    if (event.chain !== undefined) this.#chain(event.chain);
  }

  /** Told once each, until it is over. */
  #chain({ silent, finalAgeMs, allowance }: ChainLook): void {
    if (this.#begins("silent", silent !== undefined))
      this.#floor.alarm("CHAIN_SILENT", `the chain cannot be compared with: ${silent}`);
    if (finalAgeMs !== undefined) this.#finality(finalAgeMs);
    if (allowance !== undefined) this.#allowance(allowance);
  }

  /** Nothing is halted: what is not final does not count as settled, and the venue's word goes on. */
  #finality(finalAgeMs: number): void {
    if (!this.#begins("not_final", finalAgeMs > FINAL_WITHIN_MS)) return;
    const age = `${Math.floor(finalAgeMs / 1_000)} s old`;
    this.#floor.alarm(
      "CHAIN_NOT_FINAL",
      `the last final block of the chain is ${age}: nothing newer is settled`,
    );
  }

  /** Buys that the account cannot pay for fail at the venue after they were matched, and what cannot be sold had better not be bought. */
  #allowance({ dollars, noShares }: ChainAllowance): void {
    const floor = this.#floor;
    const need = floor.reservedCash();
    const reasons: string[] = [];
    if (dollars === 0 || dollars < need)
      reasons.push(
        `the venue's contracts may take ${formatUsdc(dollars as Usdc)} of the account, and open buys need ${formatUsdc(need)}`,
      );
    if (noShares.length > 0)
      reasons.push(`shares may not be taken by ${noShares.join(", ")}: what is sold is refused`);
    const short = reasons.length > 0;
    if (this.#begins("allowance", short)) floor.alarm("ALLOWANCE_SHORT", reasons.join("; "));
    if (!short) return;
    floor.moveSystem("reduce_only", "the venue may not take what orders need");
    this.#orders.cancels.demandEntries("the venue may not take what orders need");
  }

  #begins(trouble: ChainTrouble, stands: boolean): boolean {
    const stood = this.#troubles.has(trouble);
    if (stands) this.#troubles.add(trouble);
    else this.#troubles.delete(trouble);
    return stands && !stood;
  }

  /** Whether what a person has resumed after a kill waits for a comparison. */
  get awaited(): boolean {
    const { resuming, recovering, system } = this.#floor;
    return resuming && !recovering && system.status === "RECOVERING";
  }

  /** What a person has resumed after a kill goes on, now that its books agree with the venue's. */
  #resume(): void {
    const floor = this.#floor;
    if (!this.awaited) return;
    floor.resuming = false;
    floor.moveSystem("recovered", "the comparison after the resume agrees");
    for (const entry of floor.allMarkets()) this.#settlement.settle(entry);
  }

  #halt(entry: MarketEntry, differences: readonly Difference[]): void {
    const causes = new Set<HaltCause>(differences.map(causeOf));
    if (causes.size === 0) causes.add("reconcile");
    for (const cause of causes) this.#trading.apply(entry, { kind: "halt", cause });
  }

  #agrees(entry: MarketEntry): void {
    const { causes } = entry.trading;
    entry.agreements += 1;
    if (entry.agreements < AGREEMENTS_NEEDED) return;
    for (const cause of ["reconcile", "foreign_order"] as const) {
      if (causes.has(cause)) this.#trading.apply(entry, { kind: "clear", cause });
    }
    if (entry.payouts !== undefined) this.#orders.conclude(entry);
  }

  /** An operator's word: these trades, and this much collateral, are the account's own. */
  adopt({ trades, collateral }: Adoption, receivedAt: Millis): void {
    this.#settlement.together(() => {
      for (const trade of trades) this.#try(`trade ${trade.tradeId}`, () => this.#adopt(trade, receivedAt));
    });
    if (collateral === undefined) return;
    this.#try("collateral", () => this.#deposit(collateral));
  }

  #adopt(trade: AdoptedTrade, receivedAt: Millis): void {
    this.#orders.adopt({ ...trade, type: "trade_report", at: this.#floor.now, receivedAt });
  }

  #deposit(collateral: Usdc): void {
    this.#floor.ledger.deposit(collateral, this.#floor.now);
  }

  /** What an operator got wrong is refused with an alarm; it is no reason to end the run. */
  #try(what: string, book: () => void): void {
    try {
      book();
    } catch (error) {
      if (!isMatchpointError(error) || (error.code !== "EVENT_INVALID" && error.code !== "UNIT_INVALID"))
        throw error;
      this.#floor.alarm("ADOPT_REFUSED", `${what}: ${error.message}`);
    }
  }
}

function isForeign({ kind }: Difference): boolean {
  return kind === "foreign_order" || kind === "foreign_trade";
}

function isCash({ kind }: Difference): boolean {
  return kind === "cash" || kind === "chain_cash";
}

function causeOf(difference: Difference): HaltCause {
  return isForeign(difference) ? "foreign_order" : "reconcile";
}

function alarmOf(difference: Difference): string {
  if (!isForeign(difference)) return "RECONCILE_MISMATCH";
  return difference.kind === "foreign_order" ? "FOREIGN_ORDER" : "FOREIGN_TRADE";
}

function describe(difference: Difference): string {
  const { kind, marketId, outcome, orderId, tradeId, expected, actual } = difference;
  const where = [
    marketId === undefined ? "" : ` market ${marketId}`,
    outcome === undefined ? "" : ` outcome ${outcome}`,
    orderId === undefined ? "" : ` order ${orderId}`,
    tradeId === undefined ? "" : ` trade ${tradeId}`,
  ].join("");
  const place = kind.startsWith("chain") ? "on the chain" : "at the venue";
  return `${kind}${where}: ${expected} expected, ${actual} ${place}`;
}
