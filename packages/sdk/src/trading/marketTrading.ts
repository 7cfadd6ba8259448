import type { MarketId, StrategyId } from "../ids.ts";
import type { HaltCause, Posture, TradingStatus, TruthStatus } from "../state/index.ts";
import type { Nanos } from "../units/index.ts";
import { classify, NO_EXPOSURE, type ExposureClass } from "./exposure.ts";
import { HaltCauses, type ClearOutcome, type Halt, type HaltReason, type SavedHalt } from "./haltCauses.ts";
import {
  ALLOWED_ACTIONS,
  MARKET_DENIAL,
  type Allowed,
  type Claimant,
  type NotAllowed,
  type TradingAction,
  type TradingOptions,
} from "./permissions.ts";
import type { ExposureFacts, TradingChange, TradingInput } from "./tradingInput.ts";
import { TRADING_TABLE, type TradingSymbol } from "./tradingTable.ts";

/** Whether an outcome is decided, in doubt, or neither. */
export const TRUTH_MEANS: Readonly<Record<TruthStatus, "open" | "terminal" | "doubted">> = {
  scheduled: "open",
  live: "open",
  paused: "open",
  effectively_final: "terminal",
  final: "terminal",
  void: "terminal",
  not_played: "terminal",
  disputed: "doubted",
  retracted: "doubted",
};

/** Options of a market's machine. */
export interface MarketTradingOptions {
  /** Causes among `breaker` and `strategy_fault` that no cool-down clears, only an operator. */
  readonly operatorOnly?: readonly HaltCause[];
}

/** A market's machine as plain JSON. */
export interface SavedTrading {
  readonly status: TradingStatus;
  readonly since: Nanos;
  readonly owner?: Claimant;
  readonly lastOwner?: Claimant;
  readonly facts: ExposureFacts;
  readonly truth?: TruthStatus;
  readonly resolution: boolean;
  readonly explained: boolean;
  readonly causes: readonly SavedHalt[];
}

/** What one call of `apply` gathers while it walks the table. */
interface Walk {
  readonly path: TradingStatus[];
  readonly symbols: TradingSymbol[];
  readonly at: Nanos;
  applied: boolean;
  illegal: string | undefined;
  cancelAll: boolean;
  reason: string;
}

/**
 * The trading machine of one market: who owns it, what may be done in it, and why not. Moves only along
 * {@link TRADING_TABLE}.
 */
export class MarketTrading {
  readonly marketId: MarketId;
  #status: TradingStatus = "IDLE";
  #since: Nanos = 0 as Nanos;
  #owner: Claimant | undefined;
  #lastOwner: Claimant | undefined;
  #facts: ExposureFacts = NO_EXPOSURE;
  #truth: TruthStatus | undefined;
  #resolution = false;
  #explained = false;
  readonly #causes: HaltCauses;

  constructor(marketId: MarketId, options: MarketTradingOptions = {}) {
    this.marketId = marketId;
    this.#causes = new HaltCauses(options.operatorOnly);
  }

  get status(): TradingStatus {
    return this.#status;
  }
  /** When the present state was entered. */
  get since(): Nanos {
    return this.#since;
  }
  /** Why the market is halted; empty unless `status` is HALT. A live view. */
  get causes(): ReadonlySet<HaltCause> {
    return this.#causes.set;
  }
  /** The same with since when, why, and what ends each. */
  get halts(): readonly Halt[] {
    return this.#causes.list();
  }
  /** The strategy that has the market until it is IDLE again. */
  get owner(): StrategyId | undefined {
    return this.#owner?.strategyId;
  }
  /** The posture that the owner claimed it with. */
  get posture(): Posture | undefined {
    return this.#owner?.posture;
  }

  /** The owner, or the last one. */
  get claimant(): Claimant | undefined {
    return this.#owner ?? this.#lastOwner;
  }

  /** The machine as plain JSON; {@link MarketTrading.load} goes on from it as if nothing had been. */
  save(): SavedTrading {
    return {
      status: this.#status,
      since: this.#since,
      ...(this.#owner === undefined ? {} : { owner: this.#owner }),
      ...(this.#lastOwner === undefined ? {} : { lastOwner: this.#lastOwner }),
      facts: this.#facts,
      ...(this.#truth === undefined ? {} : { truth: this.#truth }),
      resolution: this.#resolution,
      explained: this.#explained,
      causes: this.#causes.save(),
    };
  }

  /** Takes up what {@link MarketTrading.save} gave. */
  load(saved: SavedTrading): void {
    this.#status = saved.status;
    this.#since = saved.since;
    this.#owner = saved.owner;
    this.#lastOwner = saved.lastOwner;
    this.#facts = saved.facts;
    this.#truth = saved.truth;
    this.#resolution = saved.resolution;
    this.#explained = saved.explained;
    this.#causes.load(saved.causes);
  }

  /** What is held or open here is an earlier run's: it is no surprise, and `owner`'s when it is known whose it was. */
  explain(owner: Claimant | undefined): void {
    this.#explained = true;
    this.#lastOwner ??= owner;
  }

  /** Takes an input. An illegal one changes nothing and says so in `illegal`; the caller halts the market for it. */
  apply(input: TradingInput, at: Nanos): TradingChange {
    const from = this.#status;
    const walk: Walk = {
      at,
      path: [from],
      symbols: [],
      applied: false,
      illegal: undefined,
      cancelAll: false,
      reason: "",
    };
    this.#take(input, walk);
    if (walk.illegal === undefined) this.#settle(walk);
    const to = this.#status;
    if (to !== from) this.#since = at;
    const { symbols, applied, cancelAll, reason } = walk;
    const change = { from, to, via: walk.path.slice(1, -1), symbols, applied, cancelAll, reason };
    return walk.illegal === undefined ? change : { ...change, illegal: walk.illegal };
  }

  /** Whether an action is allowed now. `by` is the strategy that asks; `undefined` is the engine itself. */
  allows(action: TradingAction, by: Claimant | undefined, options: TradingOptions): Allowed | NotAllowed {
    const cell = ALLOWED_ACTIONS[this.#status][action];
    if (cell === "yes") return true;
    if (cell === "no" || (cell !== "owner" && !options[cell])) return { denied: MARKET_DENIAL[this.#status] };
    return this.#mayAct(action, by) ? true : { denied: "MARKET_BUSY" };
  }

  #mayAct(action: TradingAction, by: Claimant | undefined): boolean {
    if (by === undefined) return false;
    const owner = this.#owner;
    if (owner !== undefined) return owner.strategyId === by.strategyId && owner.posture === by.posture;
    return this.#status === "IDLE" || action === "exit";
  }

  #take(input: TradingInput, walk: Walk): void {
    switch (input.kind) {
      case "intent":
        this.#intent(input.strategyId, input.posture, walk);
        return;
      case "exposure":
      case "merge_final":
      case "pair_broken":
        this.#exposure(input.facts, walk);
        return;
      case "halt":
        this.#halt(input.cause, "halt", walk, input);
        return;
      case "clear":
        this.#clear(input.cause, walk);
        return;
      case "operator_resume":
        this.#cleared(this.#causes.resume(input.except), walk);
        return;
      case "own_truth":
        this.#ownTruth(input.status, walk);
        return;
      case "venue_resolution":
        walk.applied = !this.#resolution;
        this.#resolution = true;
        this.#step("resolution", walk);
        return;
    }
  }

  #intent(strategyId: StrategyId, posture: Posture, walk: Walk): void {
    const owner = this.#owner;
    const own = owner === undefined || (owner.strategyId === strategyId && owner.posture === posture);
    const idle = this.#status === "IDLE";
    if (!this.#step(own ? (posture === "pair" ? "intent_pair" : "intent_directional") : "intent_busy", walk))
      return;
    if (idle) {
      this.#owner = { strategyId, posture };
      this.#lastOwner = this.#owner;
    }
    // Its order is being made: until the next facts say otherwise, something is open.
    this.#facts = { ...this.#facts, openOrders: true };
  }

  #exposure(facts: ExposureFacts, walk: Walk): void {
    const seen = classify(facts);
    const symbol: TradingSymbol =
      this.#status === "IDLE" && seen !== "flat" && this.#lastOwner === undefined && !this.#explained
        ? "facts_unexplained"
        : `facts_${seen}`;
    const before = this.#facts;
    this.#facts = facts;
    if (symbol === "facts_unexplained") {
      this.#halt("reconcile", symbol, walk);
      return;
    }
    if (!this.#step(symbol, walk)) this.#facts = before;
  }

  #halt(cause: HaltCause, symbol: TradingSymbol, walk: Walk, why: HaltReason = {}): void {
    const detail = why.reason === undefined ? cause : `${cause}: ${why.reason}`;
    if (!this.#step(symbol, walk, detail) || this.#status !== "HALT") return;
    if (this.#causes.raise(cause, walk.at, why)) {
      walk.applied = true;
      walk.cancelAll = true;
    }
  }

  #clear(cause: HaltCause, walk: Walk): void {
    const truth = this.#truth;
    if (cause === "truth_disputed" && truth !== undefined && TRUTH_MEANS[truth] === "doubted") {
      this.#cleared({ cleared: [], kept: `the market's own truth is still ${truth}` }, walk);
      return;
    }
    this.#cleared(this.#causes.clear(cause), walk);
  }

  #cleared(outcome: ClearOutcome, walk: Walk): void {
    if (outcome.cleared.length > 0) walk.applied = true;
    const halted = this.#status === "HALT";
    const symbol = !halted ? "clear_nothing" : this.#causes.size > 0 ? "clear_partial" : "clear_last";
    this.#step(
      symbol,
      walk,
      outcome.kept ?? (outcome.cleared.length > 0 ? outcome.cleared.join(", ") : undefined),
    );
  }

  #ownTruth(status: TruthStatus, walk: Walk): void {
    const means = TRUTH_MEANS[status];
    if (status !== this.#truth) walk.applied = true;
    this.#truth = status;
    if (means === "doubted") {
      this.#halt("truth_disputed", "truth_doubted", walk);
      return;
    }
    if (means === "open" && this.#status === "FINALIZING" && !this.#resolution) {
      this.#halt("truth_disputed", "truth_reopened", walk);
    } else {
      this.#step(`truth_${means}`, walk, status);
    }
    if (this.#causes.has("truth_disputed")) this.#cleared(this.#causes.clear("truth_disputed"), walk);
  }

  /** A resolved market is over as soon as nothing of ours is open. */
  #settle(walk: Walk): void {
    const waiting = this.#status === "FINALIZING" || this.#status === "HALT";
    if (!this.#resolution || !waiting || this.#facts.openOrders) return;
    this.#step("settled", walk);
    this.#causes.drop();
  }

  /** Looks one cell of the table up and does what it says. Returns whether the symbol was legal. */
  #step(symbol: TradingSymbol, walk: Walk, detail?: string): boolean {
    const row = TRADING_TABLE[this.#status][symbol];
    walk.symbols.push(symbol);
    walk.reason = detail === undefined ? row.why : `${row.why} (${detail})`;
    if (row.kind === "never") {
      walk.illegal = `market ${this.marketId}: ${symbol} in ${this.#status}: ${walk.reason}`;
      return false;
    }
    if (row.kind === "stay") return true;
    const to = row.kind === "move" ? row.to : this.#restingStatus();
    walk.applied = true;
    walk.path.push(to);
    this.#status = to;
    if (to === "FINALIZING" || to === "HALT") walk.cancelAll = true;
    if (to === "IDLE") this.#owner = undefined;
    else if (row.kind === "rest" && to !== "FINALIZING") this.#owner ??= this.#lastOwner;
    return true;
  }

  /** Where the market stands by what is known of it, when no cause holds it. */
  #restingStatus(): TradingStatus {
    if (this.#resolution || (this.#truth !== undefined && TRUTH_MEANS[this.#truth] === "terminal"))
      return "FINALIZING";
    const seen: ExposureClass = classify(this.#facts);
    if (seen === "flat") return "IDLE";
    const posture = (this.#owner ?? this.#lastOwner)?.posture;
    if (posture === "directional") return "TEMPORAL_ACTIVE";
    if (seen === "paired") return "LOCKED_PAIR";
    // Holdings whose owner is not known can only be reduced, which TEMPORAL_ACTIVE without an owner allows.
    return posture === "pair" ? "BUILDING_PAIR" : "TEMPORAL_ACTIVE";
  }
}
