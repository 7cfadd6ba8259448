import type { HaltCause } from "../state/index.ts";
import type { Nanos } from "../units/index.ts";

/**
 * How a halt cause goes away.
 *
 * - `evidence`: the condition itself has passed (resynced and quiet, truth no longer disputed); nobody can wave it away.
 * - `evidence_or_operator`: a cool-down has passed, or an operator resumes; configuration can demand the operator.
 * - `evidence_and_operator`: two comparisons agree **and** an operator resumes, in either order.
 * - `operator`: an operator's journaled resume and nothing else.
 */
export type ClearedBy = "evidence" | "evidence_or_operator" | "evidence_and_operator" | "operator";

/** What a halt cause means and what clears it. */
export interface HaltCauseInfo {
  readonly clearedBy: ClearedBy;
  readonly summary: string;
  /** What must be seen before a `clear` may be given for it. */
  readonly evidence: string;
}

/** Every halt cause with its clearing rule. */
export const HALT_CAUSES: Readonly<Record<HaltCause, HaltCauseInfo>> = {
  connectivity: {
    clearedBy: "evidence",
    summary: "The market's data connection is down.",
    evidence: "the feed is connected again, the book resynced and quiet for the configured time",
  },
  stale_book: {
    clearedBy: "evidence",
    summary: "The market's data has gone silent.",
    evidence: "the book is resynced and quiet for the configured time",
  },
  gapped_book: {
    clearedBy: "evidence",
    summary: "Something of the book was missed or contradicts the venue's best prices.",
    evidence: "the book is resynced and quiet for the configured time",
  },
  queue_mark: {
    clearedBy: "evidence",
    summary: "A queue that must not drop anything reached its mark.",
    evidence: "the queue is drained, the book resynced and quiet for the configured time",
  },
  breaker: {
    clearedBy: "evidence_or_operator",
    summary: "Too many rejects or failed cancels, or latency beyond its limit.",
    evidence: "the cool-down has passed",
  },
  strategy_fault: {
    clearedBy: "evidence_or_operator",
    summary: "A strategy's hook threw or ran away.",
    evidence: "the cool-down has passed",
  },
  truth_disputed: {
    clearedBy: "evidence",
    summary: "What the market is about is disputed or was retracted.",
    evidence: "the truth machine has left disputed or retracted",
  },
  reconcile: {
    clearedBy: "evidence_and_operator",
    summary: "Our books and the venue's or the chain's do not agree.",
    evidence: "two comparisons in a row agree",
  },
  foreign_order: {
    clearedBy: "evidence_and_operator",
    summary: "The account has an order or trade that this run did not make.",
    evidence: "two comparisons in a row agree",
  },
  terms_changed: {
    clearedBy: "operator",
    summary: "The venue changed what the market pays by, or which exchange its orders are for.",
    evidence: "none: a person has to read the new terms",
  },
  illegal_transition: {
    clearedBy: "operator",
    summary: "A state machine met an event that its table does not allow.",
    evidence: "none: only a person can say that the state is sound",
  },
  kill: {
    clearedBy: "operator",
    summary: "An operator killed the bot.",
    evidence: "none: an operator's decision",
  },
  manual: {
    clearedBy: "operator",
    summary: "An operator halted the market.",
    evidence: "none: an operator's decision",
  },
};

/** Why a cause was raised, where there is more to say than its name. */
export interface HaltReason {
  readonly reason?: string | undefined;
  /** When its cool-down is over; absent: none runs. */
  readonly until?: Nanos | undefined;
  /** When it began, where that is earlier than now. */
  readonly since?: Nanos | undefined;
}

/** A cause that holds a market, as it is shown to people. */
export interface Halt {
  readonly cause: HaltCause;
  /** When it was raised first. */
  readonly since: Nanos;
  readonly reason: string;
  /** The rule in force, after configuration. */
  readonly clearedBy: ClearedBy;
  /** The same in words. */
  readonly clears: string;
  /** When a cool-down ends it; absent: none does. */
  readonly until?: Nanos;
}

/** What has been seen of one cause since it was last raised. */
interface Seen {
  evidence: boolean;
  operator: boolean;
  since: Nanos;
  reason: string;
  until: Nanos | undefined;
}

/** A cause and what has been seen of it, as plain JSON. */
export interface SavedHalt {
  readonly cause: HaltCause;
  readonly evidence: boolean;
  readonly operator: boolean;
  readonly since: Nanos;
  readonly reason: string;
  readonly until?: Nanos;
}

const CLEARS: Readonly<Record<ClearedBy, (evidence: string) => string>> = {
  evidence: (evidence) => evidence,
  evidence_or_operator: (evidence) => `${evidence}, or an operator's resume`,
  evidence_and_operator: (evidence) => `${evidence}, and an operator's resume`,
  operator: () => "an operator's resume",
};

/** What a {@link HaltCauses.clear} or {@link HaltCauses.resume} did. */
export interface ClearOutcome {
  readonly cleared: readonly HaltCause[];
  /** Why a named cause stays, when it does. */
  readonly kept: string | undefined;
}

/** The set of causes that holds a market in HALT. */
export class HaltCauses {
  readonly #seen = new Map<HaltCause, Seen>();
  readonly #set = new Set<HaltCause>();
  readonly #operatorOnly: ReadonlySet<HaltCause>;

  /** @param operatorOnly `breaker` and `strategy_fault` can be configured not to clear by a cool-down */
  constructor(operatorOnly: readonly HaltCause[] = []) {
    this.#operatorOnly = new Set(operatorOnly);
  }

  /** The causes themselves, in the order in which they came; a live view. */
  get set(): ReadonlySet<HaltCause> {
    return this.#set;
  }
  get size(): number {
    return this.#set.size;
  }

  has(cause: HaltCause): boolean {
    return this.#set.has(cause);
  }

  /** Raises a cause; raised again, whatever was seen for its clearing counts no more. Tells whether it is new. */
  raise(cause: HaltCause, at: Nanos, { reason, until, since }: HaltReason = {}): boolean {
    const known = this.#seen.get(cause);
    this.#seen.set(cause, {
      evidence: false,
      operator: false,
      since: since ?? known?.since ?? at,
      reason: reason ?? known?.reason ?? HALT_CAUSES[cause].summary,
      until: until ?? known?.until,
    });
    this.#set.add(cause);
    return known === undefined;
  }

  /** The causes for people, in the order in which they came. */
  list(): readonly Halt[] {
    return [...this.#set].map((cause) => {
      const { since, reason, until } = this.#seen.get(cause)!;
      const clearedBy = this.ruleOf(cause);
      const clears = CLEARS[clearedBy](HALT_CAUSES[cause].evidence);
      return { cause, since, reason, clearedBy, clears, ...(until === undefined ? {} : { until }) };
    });
  }

  /** The causes in the order in which they came, as plain JSON. */
  save(): readonly SavedHalt[] {
    return Array.from(this.#seen, ([cause, { until, ...seen }]) => ({
      cause,
      ...seen,
      ...(until === undefined ? {} : { until }),
    }));
  }

  /** Takes up what {@link HaltCauses.save} gave, in place of what is here. */
  load(saved: readonly SavedHalt[]): void {
    this.drop();
    for (const { cause, evidence, operator, since, reason, until } of saved) {
      this.#seen.set(cause, { evidence, operator, since, reason, until });
      this.#set.add(cause);
    }
  }

  /** The evidence that a cause's rule asks for was seen. */
  clear(cause: HaltCause): ClearOutcome {
    const seen = this.#seen.get(cause);
    if (seen === undefined) return { cleared: [], kept: undefined };
    const rule = this.ruleOf(cause);
    if (rule === "operator") return { cleared: [], kept: `${cause} is cleared by an operator's resume only` };
    seen.evidence = true;
    if (rule === "evidence_and_operator" && !seen.operator) {
      return { cleared: [], kept: `${cause} waits for an operator's resume` };
    }
    this.#remove(cause);
    return { cleared: [cause], kept: undefined };
  }

  /** An operator resumes: counts for every cause that an operator has a say in, except one that came up just now. */
  resume(except?: HaltCause): ClearOutcome {
    const cleared: HaltCause[] = [];
    const kept: string[] = [];
    for (const [cause, seen] of this.#seen) {
      const rule = this.ruleOf(cause);
      if (cause === except) {
        kept.push(`${cause}, which came up just now`);
        continue;
      }
      if (rule === "evidence") {
        kept.push(`${cause} until ${HALT_CAUSES[cause].evidence}`);
        continue;
      }
      seen.operator = true;
      if (rule === "evidence_and_operator" && !seen.evidence) {
        kept.push(`${cause} until ${HALT_CAUSES[cause].evidence}`);
      } else {
        cleared.push(cause);
      }
    }
    for (const cause of cleared) this.#remove(cause);
    return { cleared, kept: kept.length === 0 ? undefined : `still halted by ${kept.join("; ")}` };
  }

  /** The rule in force for a cause, after configuration. */
  ruleOf(cause: HaltCause): ClearedBy {
    const rule = HALT_CAUSES[cause].clearedBy;
    return rule === "evidence_or_operator" && this.#operatorOnly.has(cause) ? "operator" : rule;
  }

  /** RESOLVED ends every halt. */
  drop(): void {
    this.#seen.clear();
    this.#set.clear();
  }

  #remove(cause: HaltCause): void {
    this.#seen.delete(cause);
    this.#set.delete(cause);
  }
}
