import { systemAllows, type Allowed, type NotAllowed, type TradingAction } from "./permissions.ts";
import { SYSTEM_TABLE, type SystemInput, type SystemStatus, type SystemSymbol } from "./systemTable.ts";

/** What the system machine did about an input. */
export interface SystemChange {
  readonly from: SystemStatus;
  readonly to: SystemStatus;
  /** Whether anything changed: the state, the latch or the restriction. */
  readonly applied: boolean;
  /** What forbids the input in this state; nothing was changed then. */
  readonly illegal?: string;
  readonly reason: string;
}

/** Entries stopped, or only reductions allowed; survives halts and recoveries until an operator resumes. */
export type Restriction = "none" | "stop_entry" | "reduce_only";

/** The system's machine as plain JSON. */
export interface SavedSystem {
  readonly status: SystemStatus;
  readonly latched: boolean;
  readonly restriction: Restriction;
}

/**
 * The state of our own system. A kill is latched: whoever starts the bot after one gives `latched: true`, and the machine
 * goes from RECOVERING to HALTED until an operator resumes.
 */
export class SystemMachine {
  #status: SystemStatus = "BOOT";
  #latched: boolean;
  #restriction: Restriction = "none";

  constructor(options: { readonly latched?: boolean } = {}) {
    this.#latched = options.latched ?? false;
  }

  get status(): SystemStatus {
    return this.#status;
  }
  /** Whether a kill is in force; to be kept on disk. */
  get latched(): boolean {
    return this.#latched;
  }
  get restriction(): Restriction {
    return this.#restriction;
  }

  save(): SavedSystem {
    return { status: this.#status, latched: this.#latched, restriction: this.#restriction };
  }
  /** Takes up what {@link SystemMachine.save} gave. */
  load({ status, latched, restriction }: SavedSystem): void {
    this.#status = status;
    this.#latched = latched;
    this.#restriction = restriction;
  }

  /** Whether the system's state allows an action. */
  allows(action: TradingAction): Allowed | NotAllowed {
    return systemAllows(this.#status, action);
  }

  /** Takes an input. An illegal one changes nothing and says so in `illegal`. */
  apply(input: SystemInput): SystemChange {
    const from = this.#status;
    const row = SYSTEM_TABLE[from][this.#symbol(input)];
    if (row.kind === "never")
      return { from, to: from, applied: false, illegal: `${input} in ${from}: ${row.why}`, reason: row.why };
    const noted = this.#note(input, from);
    if (row.kind === "move") this.#status = row.to;
    return { from, to: this.#status, applied: noted || row.kind === "move", reason: row.why };
  }

  /** From BOOT through checklist and recovery in one go, for runs whose shell has done both: READY, or HALTED by a latched kill. */
  start(): SystemChange {
    const from = this.#status;
    let change = this.apply("booted");
    if (change.illegal === undefined) change = this.apply("checklist_passed");
    if (change.illegal === undefined) change = this.apply("recovered");
    return { ...change, from };
  }
  /** Recovery is over: what was stopped before stays stopped, a latched kill leads to HALTED. */
  recovered(): SystemChange {
    return this.apply("recovered");
  }
  kill(): SystemChange {
    return this.apply("kill");
  }
  resume(): SystemChange {
    return this.apply("operator_resume");
  }
  stopEntries(): SystemChange {
    return this.apply("stop_entries");
  }
  reduceOnly(): SystemChange {
    return this.apply("reduce_only");
  }
  drain(): SystemChange {
    return this.apply("drain");
  }
  drained(): SystemChange {
    return this.apply("drained");
  }

  #symbol(input: SystemInput): SystemSymbol {
    if (input !== "recovered") return input;
    if (this.#latched) return "recovered_latched";
    if (this.#restriction === "none") return "recovered";
    return this.#restriction === "stop_entry" ? "recovered_stop_entry" : "recovered_reduce_only";
  }

  /** Keeps what outlives the state: the latch and the restriction. */
  #note(input: SystemInput, from: SystemStatus): boolean {
    switch (input) {
      case "kill": {
        const before = this.#latched;
        this.#latched = true;
        return !before;
      }
      case "stop_entries":
        if (this.#restriction !== "none") return false;
        this.#restriction = "stop_entry";
        return true;
      case "reduce_only":
        if (this.#restriction === "reduce_only") return false;
        this.#restriction = "reduce_only";
        return true;
      case "operator_resume":
        if (from === "HALTED") {
          this.#latched = false;
          return true;
        }
        if (from !== "STOP_ENTRY" && from !== "REDUCE_ONLY") return false;
        this.#restriction = "none";
        return true;
      default:
        return false;
    }
  }
}
