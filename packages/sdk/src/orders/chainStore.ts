import { MatchpointError } from "../errors.ts";
import type { ChainAction, ChainReport, ChainStatus } from "../events/index.ts";
import type { ActionId, MarketId } from "../ids.ts";
import { shares, type Nanos, type Shares, type Usdc } from "../units/index.ts";
import { CHAIN_MACHINE } from "./chainMachine.ts";
import { checkChainReport } from "./checkEvent.ts";

/** What a report did to a chain action. */
export interface ChainChange {
  /** `undefined` when no such action is kept. */
  readonly action: ChainAction | undefined;
  readonly from: ChainStatus | undefined;
  readonly to: ChainStatus | undefined;
  /** Whether anything changed; false for duplicates, late news and illegal reports. */
  readonly applied: boolean;
  /**
   * With FINAL: the dollars that moved, negative when they were paid. What the report states; else a merge's or split's
   * face value. Absent for a redemption whose report states none: then the market's payouts say it.
   */
  readonly proceeds?: Usdc;
  /** Set when the report contradicts what is known: the market must halt. */
  readonly illegal?: string;
}

interface ActionRecord {
  readonly action: ChainAction;
  readonly createdAt: Nanos;
  updatedAt: Nanos;
  status: ChainStatus;
}

/** A `ChainStore` as plain JSON. */
export interface ChainStoreSnapshot {
  readonly version: 1;
  readonly actions: readonly Readonly<ActionRecord>[];
  readonly retired: readonly ActionId[];
}

const NO_ACTIONS: readonly ChainAction[] = [];
const NO_SHARES: readonly [Shares, Shares] = [0 as Shares, 0 as Shares];

/** All chain actions of a run, each in exactly one state of `CHAIN_MACHINE`. */
export class ChainStore {
  readonly #actions = new Map<ActionId, ActionRecord>();
  /** Actions that are not terminal, by market, oldest first. */
  readonly #pending = new Map<MarketId, readonly ChainAction[]>();
  /** Pruned actions. */
  readonly #retired = new Set<ActionId>();

  /**
   * Takes in an action that is about to be sent.
   * @throws {@link MatchpointError} `TRANSITION_ILLEGAL` when its id was used before, `UNIT_INVALID`
   */
  create(action: ChainAction, at: Nanos): void {
    if (this.#actions.has(action.actionId) || this.#retired.has(action.actionId)) {
      throw new MatchpointError("TRANSITION_ILLEGAL", `chain action ${action.actionId} exists already`);
    }
    shares(action.amounts[0]);
    shares(action.amounts[1]);
    if (action.kind !== "redeem" && action.amounts[0] !== action.amounts[1]) {
      throw new MatchpointError(
        "UNIT_INVALID",
        `chain action ${action.actionId}: a ${action.kind} is of whole pairs`,
      );
    }
    this.#insert({ action, createdAt: at, updatedAt: at, status: CHAIN_MACHINE.initial });
  }

  /** Where an action stands; `undefined` when it is not kept. */
  status(id: ActionId): ChainStatus | undefined {
    return this.#actions.get(id)?.status;
  }

  /** What the chain says about an action. @throws {@link MatchpointError} `EVENT_INVALID` */
  report(e: ChainReport): ChainChange {
    checkChainReport(e);
    const record = this.#actions.get(e.actionId);
    if (record === undefined) {
      const change = { action: undefined, from: undefined, to: undefined, applied: false };
      if (this.#retired.has(e.actionId)) return change;
      return { ...change, illegal: `chain action ${e.actionId} is none of this run` };
    }
    const { action, status: from } = record;
    const cell = CHAIN_MACHINE.table[from][e.status];
    if (cell.kind === "stay") return { action, from, to: from, applied: false };
    if (cell.kind !== "move") {
      return { action, from, to: from, applied: false, illegal: `chain action ${e.actionId}: ${cell.why}` };
    }
    record.status = cell.to;
    record.updatedAt = e.at;
    if (cell.to === "FINAL" || cell.to === "REVERTED") this.#settle(action);
    const change = { action, from, to: cell.to, applied: true };
    const proceeds = cell.to === "FINAL" ? (e.proceeds ?? faceValue(action)) : undefined;
    return proceeds === undefined ? change : { ...change, proceeds };
  }

  /** Actions of a market that are not terminal, oldest first. The array does not change while actions do. */
  pending(marketId: MarketId): readonly ChainAction[] {
    return this.#pending.get(marketId) ?? NO_ACTIONS;
  }

  /** Tokens of both outcomes that pending merges and redemptions hold: they must be neither sold nor merged again. */
  reserved(marketId: MarketId): readonly [Shares, Shares] {
    const pending = this.#pending.get(marketId);
    if (pending === undefined) return NO_SHARES;
    let first = 0;
    let second = 0;
    for (const { kind, amounts } of pending) {
      if (kind === "split") continue;
      first += amounts[0];
      second += amounts[1];
    }
    return [first as Shares, second as Shares];
  }

  /** Drops terminal actions that changed last before `before` (default: whenever). Call it only as part of an event. */
  prune(before: Nanos = Infinity as Nanos): readonly ActionId[] {
    const dropped: ActionId[] = [];
    for (const [actionId, { status, updatedAt }] of this.#actions) {
      if ((status !== "FINAL" && status !== "REVERTED") || updatedAt >= before) continue;
      this.#actions.delete(actionId);
      this.#retired.add(actionId);
      dropped.push(actionId);
    }
    return dropped;
  }

  /** The store as plain JSON. */
  snapshot(): ChainStoreSnapshot {
    return {
      version: 1,
      actions: Array.from(this.#actions.values(), (record) => ({ ...record })),
      retired: [...this.#retired],
    };
  }

  /** @throws {@link MatchpointError} `JOURNAL_SCHEMA_NEWER` */
  static restore(snapshot: ChainStoreSnapshot): ChainStore {
    if ((snapshot.version as number) !== 1) {
      throw new MatchpointError(
        "JOURNAL_SCHEMA_NEWER",
        `chain snapshot has version ${String(snapshot.version)}, not 1`,
      );
    }
    const store = new ChainStore();
    for (const record of snapshot.actions) store.#insert({ ...record });
    for (const actionId of snapshot.retired) store.#retired.add(actionId);
    return store;
  }

  #insert(record: ActionRecord): void {
    const { action, status } = record;
    this.#actions.set(action.actionId, record);
    if (status === "FINAL" || status === "REVERTED") return;
    this.#pending.set(action.marketId, [...this.pending(action.marketId), action]);
  }

  #settle(action: ChainAction): void {
    const rest = this.pending(action.marketId).filter((other) => other !== action);
    if (rest.length === 0) this.#pending.delete(action.marketId);
    else this.#pending.set(action.marketId, rest);
  }
}

/** A pair is worth a dollar. */
function faceValue(action: ChainAction): Usdc | undefined {
  if (action.kind === "redeem") return undefined;
  return (action.kind === "merge" ? action.amounts[0] : 0 - action.amounts[0]) as Usdc;
}
