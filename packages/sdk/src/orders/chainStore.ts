import { MatchpointError } from "../errors.ts";
import type { ChainAction, ChainReport, ChainStatus } from "../events/index.ts";
import type { ActionId, MarketId } from "../ids.ts";
import type { Nanos, Shares, Usdc } from "../units/index.ts";

const todo = (): never => {
  throw new MatchpointError("INVARIANT", "under construction");
};

/** What a report did to a chain action. */
export interface ChainChange {
  /** `undefined` when this run made no such action. */
  readonly action: ChainAction | undefined;
  readonly from: ChainStatus | undefined;
  readonly to: ChainStatus | undefined;
  readonly applied: boolean;
  /** With FINAL: dollars received (split: paid, negative); what was stated, or a merge's and split's face value. */
  readonly proceeds?: Usdc;
  readonly illegal?: string;
}
/** A store's contents as plain JSON. */
export interface ChainStoreSnapshot {
  readonly version: 1;
}
export class ChainStore {
  create(_action: ChainAction, _at: Nanos): void {
    return todo();
  }
  status(_id: ActionId): ChainStatus | undefined {
    return todo();
  }
  report(_e: ChainReport): ChainChange {
    return todo();
  }
  /** Actions of a market that are not terminal, oldest first. */
  pending(_marketId: MarketId): readonly ChainAction[] {
    return todo();
  }
  /** Tokens of both outcomes that pending merges and redeems hold. */
  reserved(_marketId: MarketId): readonly [Shares, Shares] {
    return todo();
  }
  prune(_before?: Nanos): readonly ActionId[] {
    return todo();
  }
  snapshot(): ChainStoreSnapshot {
    return todo();
  }
  static restore(_snapshot: ChainStoreSnapshot): ChainStore {
    return todo();
  }
}
