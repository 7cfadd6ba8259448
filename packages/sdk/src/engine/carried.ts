import { MatchpointError } from "../errors.ts";
import type { MarketId, RunId, StrategyId } from "../ids.ts";
import { ChainStore, OrderStore, type ChainStoreSnapshot, type OrderStoreSnapshot } from "../orders/index.ts";
import { Ledger, type LedgerSnapshot } from "../portfolio/index.ts";
import type { BreakerCounts, Missteps } from "../risk/index.ts";
import type { HaltCause, Posture } from "../state/index.ts";
import type { Restriction } from "../trading/index.ts";
import type { Millis, Nanos } from "../units/index.ts";
import type { HaltedStrategy, Killed } from "./stopDesk.ts";

/** What a market was when its run ended. */
export interface CarriedMarket {
  readonly marketId: MarketId;
  /** Whose it was, and with which posture; absent: nobody's. */
  readonly owner?: { readonly strategyId: StrategyId; readonly posture: Posture };
  /** Causes of a halt that only a person ends. */
  readonly causes: readonly HaltCause[];
  /** Halts whose cool-down goes on, or that an operator has to end by configuration. */
  readonly holds?: readonly CarriedHold[];
  /** What had failed in a row. */
  readonly breaker?: BreakerCounts;
}

/** A halt of a market that the core had raised by itself. */
export interface CarriedHold {
  readonly cause: HaltCause;
  readonly reason: string;
  readonly since: Nanos;
  /** When its cool-down is over; absent: an operator ends it. */
  readonly until?: Nanos;
}

/** What had latched when a run ended. */
export interface CarriedRisk {
  /** Why there were no more entries that day. */
  readonly dayStopped?: string;
  /** The most that was ever won, in micro-dollars: what a drawdown is measured from. */
  readonly peak?: number;
  /** When, why and by whom the account was killed. */
  readonly killed?: Killed;
  readonly strategies: readonly HaltedStrategy[];
  /** What strategies did that no sound one does, while it counts. Absent: nothing. */
  readonly missteps?: readonly Missteps[];
}

/**
 * The state of an account at the end of a run's journal, as plain JSON: what the next run of the account begins with. Monotonic times
 * are of the next run: all before its start, so most are negative.
 */
export interface CarriedAccount {
  readonly version: 1;
  readonly orders: OrderStoreSnapshot;
  readonly chains: ChainStoreSnapshot;
  readonly ledger: LedgerSnapshot;
  readonly markets: readonly CarriedMarket[];
  /** When the first of the runs that lead here began: trades of the account from before are none of theirs. */
  readonly startedAt: Millis;
  /** Those runs, latest last: chain actions under way are theirs. */
  readonly runs: readonly RunId[];
  /** Ids of intents and chain actions are counted on from here. */
  readonly intents: number;
  readonly actions: number;
  /** The UTC day's profit and loss goes on: a restart gives no new daily loss. */
  readonly dayEnds: Millis;
  readonly realizedAtDayStart: number;
  readonly killed: boolean;
  readonly halted: boolean;
  /** Whether somebody else used the account, and that is not over yet. Absent: no. */
  readonly foreign?: boolean;
  readonly restriction: Restriction;
  /** Absent: an earlier version's. */
  readonly risk?: CarriedRisk;
}

/** The stores of a carried account. */
export interface CarriedStores {
  readonly orders: OrderStore;
  readonly chains: ChainStore;
  readonly ledger: Ledger;
}

/**
 * Makes an account's stores from what an event carries.
 * @throws {@link MatchpointError} `JOURNAL_SCHEMA_NEWER`, `JOURNAL_CORRUPT` when it is no account
 */
export function restoreAccount(state: unknown): {
  readonly plain: CarriedAccount;
  readonly stores: CarriedStores;
} {
  const plain = state as CarriedAccount;
  const version: unknown = (state as { readonly version?: unknown } | null)?.version;
  if (version !== 1) {
    const newer = typeof version === "number" && version > 1;
    throw new MatchpointError(
      newer ? "JOURNAL_SCHEMA_NEWER" : "JOURNAL_CORRUPT",
      `a carried account has version ${String(version)}, not 1`,
    );
  }
  try {
    const stores = {
      orders: OrderStore.restore(plain.orders),
      chains: ChainStore.restore(plain.chains),
      ledger: Ledger.restore(plain.ledger),
    };
    return { plain, stores };
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new MatchpointError("JOURNAL_CORRUPT", "a carried account is not whole", { cause });
  }
}
