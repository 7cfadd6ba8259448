import type {
  CancelOutcome,
  ChainAction,
  ChainOutcome,
  ChainStatus,
  CoreEvent,
  Effect,
  Intent,
  MarketDescription,
  MarketId,
  MatchClaim,
  MatchDescription,
  MatchId,
  OperatorCommand,
  OrderId,
  Outcome,
  PlaceOutcome,
  RejectCode,
  Side,
  TradeId,
  TradeStatus,
  VenueModeChanged,
} from "@matchpoint/sdk";

/**
 * Everything that can be seen from outside of the program that is tortured, as the world saw it: what was sent and what came of it,
 * what the venue, the chain, the disk and the match truly did. Nothing of it is told by the core, except what stands in
 * {@link StepEntry} and {@link AlarmEntry}, which say so.
 *
 * Units: `at` is the world's monotonic time in nanoseconds from 0; money and shares are whole millionths, prices whole
 * ten-thousandths. A `life` is one start of the program, numbered from 0 over all of them.
 * @module
 */

/** What every entry has: its place in the history, and when it happened. */
interface Base {
  /** Place in {@link History.entries}, from 0. */
  readonly seq: number;
  readonly at: number;
}

/** The phase that a run is in: faults strike in `safety`; in `liveness` none does and everything must come to rest. */
export type Phase = "safety" | "liveness" | "over";

export interface PhaseEntry extends Base {
  readonly kind: "phase";
  readonly phase: Phase;
  /** With `over`: what had not come to rest in time, in words; empty when all has. */
  readonly left?: readonly string[];
}

/** The program starts. */
export interface StartEntry extends Base {
  readonly kind: "start";
  readonly life: number;
  /** Whose: `a` is the bot, `b` a second one on the same wallet. */
  readonly bot: "a" | "b";
  readonly runId: string;
  /** The life whose journal it goes on from. */
  readonly recovers?: number;
  /** The epoch that its signer was given. */
  readonly epoch: number;
  /** Its journal, by its name in `History.disks`. */
  readonly journal: string;
}

/** It could not start: what it said. */
export interface StartFailedEntry extends Base {
  readonly kind: "start_failed";
  readonly life: number;
  readonly code: string;
  readonly message: string;
}

/** The program is gone. */
export interface DeathEntry extends Base {
  readonly kind: "death";
  readonly life: number;
  /** `killed`: from one instruction to the next; `broke`: by an error of its own, after its last cancels; `stopped`: in good order. */
  readonly how: "killed" | "broke" | "stopped";
  readonly code?: string;
  readonly message?: string;
  /** Bytes of its journal before and after: what was not synced may be lost, and the last line may be torn. */
  readonly written: number;
  readonly kept: number;
  readonly torn: boolean;
}

/** The core took an event and asked for effects: the program's own word, for what only it can know (states, intents, refusals). */
export interface StepEntry extends Base {
  readonly kind: "step";
  readonly life: number;
  readonly event: CoreEvent;
  readonly effects: readonly Effect[];
}

/** The program raised an alarm. Also among the effects of its step. */
export interface AlarmEntry extends Base {
  readonly kind: "alarm";
  readonly life: number;
  readonly code: string;
  readonly message: string;
}

/** Bytes of a journal reached the disk's cache; they are in {@link Disk.bytes}. */
export interface WriteEntry extends Base {
  readonly kind: "write";
  readonly life: number;
  readonly disk: string;
  /** Length of the file after it. */
  readonly bytes: number;
}

/** All of a file up to `bytes` would survive a power loss from now on. */
export interface SyncEntry extends Base {
  readonly kind: "sync";
  readonly life: number;
  readonly disk: string;
  readonly bytes: number;
}

/** The disk refused. */
export interface DiskErrorEntry extends Base {
  readonly kind: "disk_error";
  readonly life: number;
  readonly disk: string;
  readonly call: "append" | "sync";
  readonly code: "ENOSPC" | "EIO";
}

/** The room on the world's disk is another, in bytes. */
export interface DiskRoomEntry extends Base {
  readonly kind: "disk_room";
  readonly free: number;
  readonly total: number;
}

/** A program has looked how much room its disk has. */
export interface DiskLookEntry extends Base {
  readonly kind: "disk_look";
  readonly life: number;
  readonly free: number;
  readonly total: number;
}

/** An order left the program for the venue (it was signed). */
export interface PostEntry extends Base {
  readonly kind: "post";
  readonly life: number;
  readonly epoch: number;
  /** Names the request in the entries that follow from it. */
  readonly request: number;
  readonly orderId: OrderId;
  /** As the program made it. A hostile adapter of a third party may leave out what it does not know. */
  readonly intent: Intent;
  /** Durable bytes of the program's journal at this moment: the order must be in them. */
  readonly durable: number;
}

/** The program has an answer to an order, or gave up waiting for one. */
export interface PostReplyEntry extends Base {
  readonly kind: "post_reply";
  readonly life: number;
  readonly request: number;
  readonly orderId: OrderId;
  readonly outcome: PlaceOutcome["kind"];
  readonly code?: RejectCode;
}

export interface CancelEntry extends Base {
  readonly kind: "cancel";
  readonly life: number;
  readonly request: number;
  readonly orderId: OrderId;
}

export interface CancelReplyEntry extends Base {
  readonly kind: "cancel_reply";
  readonly life: number;
  readonly request: number;
  readonly orderId: OrderId;
  readonly outcome: CancelOutcome["kind"];
}

/** Some other question of the program to the venue, and whether it was answered. */
export interface AskEntry extends Base {
  readonly kind: "ask";
  readonly life: number;
  readonly what: "order" | "open_orders" | "trades" | "positions" | "balances" | "chain" | "book";
  /** Which order, when it was about one. */
  readonly orderId?: OrderId;
  readonly answered: boolean;
}

/** A signed order reached the venue's engine. `copy`: 1 is what its program has sent, 2 what the network made of that. */
export interface ArrivalEntry extends Base {
  readonly kind: "arrival";
  readonly orderId: OrderId;
  readonly copy: 1 | 2;
  readonly life: number;
  readonly epoch: number;
}

/** What the venue truly did with an order: its state there has changed. */
export interface VenueOrderEntry extends Base {
  readonly kind: "venue_order";
  readonly orderId: OrderId;
  readonly status:
    "live" | "matched" | "delayed" | "unmatched" | "rejected" | "canceled" | "expired" | "invalid";
  readonly code?: RejectCode;
  readonly detail?: string;
}

/** One side of a match that is the account's own. */
export interface OwnFill {
  readonly tradeId: TradeId;
  readonly orderId: OrderId;
  readonly marketId: MarketId;
  readonly outcome: Outcome;
  readonly side: Side;
  readonly price: number;
  readonly size: number;
  readonly cost: number;
  readonly fee: number;
  readonly liquidity: "maker" | "taker";
}

/** A match of ours, and each later state of it, as the venue has it. */
export interface VenueTradeEntry extends Base, OwnFill {
  readonly kind: "venue_trade";
  readonly status: TradeStatus;
  /** Why it is in this state, where a fault brought it there: `revert`, `retry`, `reorg`. */
  readonly why?: string;
}

/** An action of ours on the chain: asked for, and what became of it. */
export interface ChainEntry extends Base {
  readonly kind: "chain";
  readonly life: number;
  readonly action: ChainAction;
  readonly status: ChainStatus;
  /** What the program was told when it asked; absent on later states. */
  readonly answer?: ChainOutcome["kind"];
  /** Dollars that came in (or, negative, went out), with FINAL. */
  readonly proceeds?: number;
}

/** A block; `finalized` may stand still while `height` goes on. */
export interface BlockEntry extends Base {
  readonly kind: "block";
  readonly height: number;
  readonly finalized: number;
  /** Blocks that were taken back before it. */
  readonly reorg: number;
}

/** What the account holds changed at the venue by something other than its trades and chain actions. */
export interface TransferEntry extends Base {
  readonly kind: "transfer";
  readonly marketId?: MarketId;
  readonly outcome?: Outcome;
  /** Absent `marketId`: micro-dollars, else micro-shares. Negative: away. */
  readonly amount: number;
  readonly why: string;
}

/** What orders the venue takes. */
export interface VenueModeEntry extends Base {
  readonly kind: "venue_mode";
  readonly mode: VenueModeChanged["mode"];
}

/** A market as it truly is at the venue: listed, or its terms changed (tick, accepting orders, taker delay). */
export interface MarketEntryOf extends Base {
  readonly kind: "market";
  readonly market: MarketDescription;
}

/** The venue resolved a market: micro-dollars per whole share. */
export interface ResolutionEntry extends Base {
  readonly kind: "resolution";
  readonly marketId: MarketId;
  readonly payouts: readonly [number, number];
  /** Whether it is what the match's truth would give. */
  readonly expected: boolean;
}

/** Frame of market data, as the venue sent it: the event without its stamps. */
export interface FrameSentEntry extends Base {
  readonly kind: "frame_sent";
  /** Counts from 0 per world. */
  readonly frame: number;
  readonly marketId: MarketId;
  readonly event: CoreEvent;
}

/** A frame reached a program, whole. */
export interface FrameDeliveredEntry extends Base {
  readonly kind: "frame_delivered";
  readonly life: number;
  readonly frame: number;
  /** 1, or more when it came again. */
  readonly copy: number;
}

/** What truly happened in a match. `claim` is what an honest source would say of it. */
export interface FactEntry extends Base {
  readonly kind: "fact";
  readonly matchId: MatchId;
  readonly claim: MatchClaim;
  /** It takes back an earlier fact (remake, rollback). */
  readonly revokes?: boolean;
}

/** A source told something. `honest`: it is what happened. */
export interface ClaimEntry extends Base {
  readonly kind: "claim";
  readonly life: number;
  readonly matchId: MatchId;
  readonly source: string;
  readonly claim: MatchClaim;
  readonly honest: boolean;
}

export interface OperatorEntry extends Base {
  readonly kind: "operator";
  readonly life: number;
  readonly command: OperatorCommand;
}

/** The wall clock of the host was set: by so many ms. Monotonic time does not know. */
export interface ClockEntry extends Base {
  readonly kind: "clock";
  readonly stepMs: number;
}

/** The host of a program does nothing from now on, for so many ms. */
export interface StallEntry extends Base {
  readonly kind: "stall";
  readonly life: number;
  readonly ms: number;
}

/** A fault took effect: something that went through the world went otherwise than it would have. */
export interface FaultEntry extends Base {
  readonly kind: "fault";
  /** Name in the table of faults. */
  readonly fault: string;
  readonly detail: string;
  readonly life?: number;
}

/** What happened, one entry after the other. */
export type HistoryEntry =
  | PhaseEntry
  | StartEntry
  | StartFailedEntry
  | DeathEntry
  | StepEntry
  | AlarmEntry
  | WriteEntry
  | SyncEntry
  | DiskErrorEntry
  | DiskRoomEntry
  | DiskLookEntry
  | PostEntry
  | PostReplyEntry
  | CancelEntry
  | CancelReplyEntry
  | AskEntry
  | ArrivalEntry
  | VenueOrderEntry
  | VenueTradeEntry
  | ChainEntry
  | BlockEntry
  | TransferEntry
  | VenueModeEntry
  | MarketEntryOf
  | ResolutionEntry
  | FrameSentEntry
  | FrameDeliveredEntry
  | FactEntry
  | ClaimEntry
  | OperatorEntry
  | ClockEntry
  | StallEntry
  | FaultEntry;

/** An entry before it has its place. */
export type NewEntry = HistoryEntry extends infer E ? (E extends Base ? Omit<E, keyof Base> : never) : never;

/** A match as it is at the start. */
export type { MatchDescription };
