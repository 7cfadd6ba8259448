import type {
  BotConfig,
  MarketDescription,
  MarketId,
  MatchDescription,
  OrderId,
  Runtime,
} from "@matchpoint/sdk";
import type { HistoryEntry, NewEntry, Phase } from "./history.ts";

/** A file of a program, as the disk has it. */
export interface Disk {
  readonly name: string;
  /** All that was written, synced or not. Grows; what a crash took is cut off. */
  readonly bytes: Uint8Array;
  /** So much of it would survive a power loss. */
  readonly durable: number;
}

/** What the account holds at the venue now. */
export interface Holdings {
  readonly cash: number;
  /** Part of the cash that a chain action or a trade under way may still take back or bring is in `cash` as the venue counts it. */
  readonly positions: readonly {
    readonly marketId: MarketId;
    readonly outcome: 0 | 1;
    /** By trades that have not failed, and by trades that are confirmed. */
    readonly matched: number;
    readonly settled: number;
  }[];
}

/** An order that rests at the venue now. */
export interface RestingOrder {
  readonly orderId: OrderId;
  readonly marketId: MarketId;
  readonly outcome: 0 | 1;
  readonly side: "buy" | "sell";
  readonly price: number;
  readonly size: number;
  readonly matched: number;
}

/** A book of outcome 0 as the venue has it now, best level first: price in ten-thousandths, size in micro-shares. */
export interface TrueBook {
  readonly tick: number;
  readonly bids: readonly (readonly [price: number, size: number])[];
  readonly asks: readonly (readonly [price: number, size: number])[];
  /** Frame number of the last frame that changed it. */
  readonly frame: number;
}

/** One start of the program, while it lives: for what can only be compared with its inside (books, states). */
export interface LifeView {
  readonly life: number;
  readonly bot: "a" | "b";
  readonly runtime: Runtime;
  /** Nanoseconds of the world at which its own monotonic time was 0. */
  readonly startedAt: number;
}

/** What the world was made of, and what it is now. Asked at any moment. */
export interface WorldView {
  readonly seed: number;
  readonly config: BotConfig;
  readonly markets: readonly MarketDescription[];
  readonly matches: readonly MatchDescription[];
  /** Dollars with which the account began. */
  readonly collateral: number;
  /** Programs that are alive. */
  lives(): readonly LifeView[];
  holdings(): Holdings;
  resting(): readonly RestingOrder[];
  book(marketId: MarketId): TrueBook | undefined;
  disk(name: string): Disk | undefined;
  /** Every fault that is switched on in this run. */
  readonly faults: readonly string[];
  /** How many cancels the venue takes at once, where it says so. */
  readonly cancelBurst?: number | undefined;
  /** Texts that no journal, alarm or error may hold. */
  readonly secrets: readonly string[];
}

/** What happened, and the world in which it did. */
export class History {
  readonly entries: HistoryEntry[] = [];
  readonly world: WorldView;
  phase: Phase = "safety";
  /** The runtime of each life, from its first moment on: for judges, to be read only. */
  readonly runtimes = new Map<number, Runtime>();
  /** Micro-dollars that others put into the account, or took out. */
  transfers = 0;
  readonly #now: () => number;
  readonly #onEntry: (entry: HistoryEntry) => void;

  constructor(world: WorldView, now: () => number, onEntry: (entry: HistoryEntry) => void) {
    this.world = world;
    this.#now = now;
    this.#onEntry = onEntry;
  }

  /** Adds what happened just now. The entry is the history's from then on. */
  add(entry: NewEntry): void {
    // The entry itself: there are thousands in a run, and each is made for this call alone.
    const whole = entry as HistoryEntry & { seq: number; at: number };
    whole.seq = this.entries.length;
    whole.at = this.#now();
    this.entries.push(whole);
    if (whole.kind === "phase") this.phase = whole.phase;
    if (whole.kind === "transfer" && whole.marketId === undefined) this.transfers += whole.amount;
    this.#onEntry(whole);
  }
}

/** Something that must never happen has happened. */
export interface Violation {
  /** Such as `I7`. */
  readonly invariant: string;
  readonly message: string;
  /** The world's monotonic time in nanoseconds. */
  readonly at: number;
  /** Place in the history, where one entry shows it. */
  readonly seq?: number;
}

/** Watches one run. It keeps its own books and shares no code with what it judges. */
export interface Judge {
  /** After each entry. */
  onStep?(entry: HistoryEntry, history: History): readonly Violation[] | undefined;
  /** When the run is over. */
  atEnd?(history: History): readonly Violation[] | undefined;
  /** How often each invariant was looked at, by its id; for the table of a run. */
  checked?(): Readonly<Record<string, number>>;
}

/** Makes a judge for each run. */
export interface JudgeMaker {
  readonly id: string;
  /** The invariants that it watches. */
  readonly invariants: readonly string[];
  make(history: History): Judge;
}
