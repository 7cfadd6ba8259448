import type { MarketId, MatchId, RunId, StrategyId } from "../ids.ts";
import type { Millis, Nanos, Usdc } from "../units/index.ts";
import type { Capabilities } from "./execution.ts";
import type { MatchClaim } from "./match.ts";
import type { AdoptedTrade, Reconciled } from "./reconcile.ts";
import type { Stamped } from "./stamp.ts";

/** Paper trades against the paper broker; live against the venue. */
export type Mode = "paper" | "live";

/** First event of every log: what the run was made of, so that a journal alone can be replayed. */
export interface RunStarted extends Stamped {
  readonly type: "run_started";
  readonly runId: RunId;
  readonly mode: Mode;
  readonly seed: number;
  /** The earlier run of the account whose journal this one goes on from: it recovers before it trades. */
  readonly recovers?: RunId;
  /** Whose money it is and where, as text; live only. */
  readonly account?: string;
  /** Which build of the code ran, as text; absent: nobody said. */
  readonly build?: string;
  /** What the execution adapter could do. */
  readonly capabilities: Capabilities;
  /** The core's configuration, resolved, as plain JSON. */
  readonly config: unknown;
  /** The strategies: the class's id, the parameters, and which markets they are given. */
  readonly strategies: readonly {
    readonly id: StrategyId;
    readonly use: string;
    readonly params: unknown;
    readonly markets?: unknown;
    /** It ran elsewhere: what it asked for is in `strategy_reply` events. */
    readonly isolation?: "worker";
  }[];
}

/** A timer that the core set has come due. */
export interface TimerFired extends Stamped {
  readonly type: "timer";
  readonly timerId: string;
}

/** What a person may order a running bot to do. Always journaled. */
export type OperatorCommand =
  | { readonly kind: "halt"; readonly marketId?: MarketId; readonly reason?: string }
  | {
      /** Ends what an operator may end: of one market, of one strategy, or (with neither) of everything. */
      readonly kind: "resume";
      readonly marketId?: MarketId;
      readonly strategyId?: StrategyId;
      /** Needed after what the core has stopped by itself for running away or for a day's loss. */
      readonly reason?: string;
    }
  | {
      readonly kind: "kill";
      readonly reason?: string;
      /** When it was given, where that was before this event (Unix ms): its cool-down counts from then. */
      readonly givenAt?: Millis;
    }
  | { readonly kind: "stop_entries"; readonly reason?: string }
  | { readonly kind: "fact"; readonly matchId: MatchId; readonly claim: MatchClaim }
  | {
      /** Books what the venue has and the run did not make, or never heard of. */
      readonly kind: "adopt";
      readonly trades: readonly AdoptedTrade[];
      /** Collateral that was put in (or, negative, taken out) by someone else. */
      readonly collateral?: Usdc;
    }
  | { readonly kind: "note"; readonly text: string };

/** An operator's command. */
export interface OperatorEvent extends Stamped {
  readonly type: "operator";
  /** Who: a console, a command with its user, or what ordered it in a person's place. */
  readonly operator: string;
  readonly command: OperatorCommand;
}

/** A feed could not read a frame: kept as evidence, never guessed at. */
export interface FrameQuarantined extends Stamped {
  readonly type: "frame_quarantined";
  readonly feed: string;
  readonly reason: string;
  /** The frame's first bytes. */
  readonly sample: string;
  readonly marketId?: MarketId;
}

/**
 * A feed that is followed over two connections at once lost or replaced one of them (`degraded`: what the other tells is still
 * whole), or has both again (`restored`).
 */
export interface FeedRedundancy extends Stamped {
  readonly type: "feed_redundancy";
  readonly feed: string;
  readonly state: "degraded" | "restored";
  readonly reason: string;
}

/** A queue of the bus reached its mark (for topics that must not be dropped), or dropped something (for those that may). */
export interface QueuePressure extends Stamped {
  readonly type: "queue_pressure";
  readonly topic: string;
  readonly marketId?: MarketId;
  readonly dropped: number;
  readonly halted: boolean;
}

/**
 * The process did nothing for longer than it may (`risk.max_loop_stall_ms`): whatever it hears next may have been waiting for as long.
 * Taken before anything that is heard after it.
 */
export interface LoopStalled extends Stamped {
  readonly type: "loop_stalled";
  /** How long it did nothing, in whole ms. */
  readonly stalledMs: number;
  /** How far the run had come before, in monotonic time: what was due by then has been done, and what came due later comes after this. */
  readonly reachedAt?: Nanos;
}

/** Last event of a run that ended by itself or was stopped. */
export interface RunStopping extends Stamped {
  readonly type: "run_stopping";
  readonly reason: string;
}

/**
 * Last record of a live run that came to its end in good order: everything was cancelled, and the venue was asked. A journal without
 * it is one of a run that was killed, or that could not be ended; the next start says so.
 */
export interface RunStopped extends Stamped {
  readonly type: "run_stopped";
  /** Whether the venue listed none of our orders in two looks in a row, and none that it never answered may still come to it. */
  readonly clean: boolean;
  /** Orders of ours that may still be open, here or at the venue; 0 when `clean`. */
  readonly openOrders: number;
}

/**
 * What the journal's lines so far make of the account was written beside it. That file counts only as this says that it is: whoever
 * changes it has to change the journal from here on.
 */
export interface SnapshotTaken extends Stamped {
  readonly type: "snapshot_taken";
  /** How many of the journal's lines it stands for: the first ones. */
  readonly lines: number;
  /** SHA-256 of the file's bytes, as 64 hexadecimal digits. */
  readonly digest: string;
}

/** Events about the run itself. */
export type SystemEvent =
  | RunStarted
  | TimerFired
  | OperatorEvent
  | FrameQuarantined
  | FeedRedundancy
  | QueuePressure
  | LoopStalled
  | Reconciled
  | RunStopping
  | RunStopped
  | SnapshotTaken;
