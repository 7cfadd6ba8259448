import { MatchpointError } from "../errors.ts";
import { EffectsHasher, effectText, type CoreEvent, type Effect } from "../events/index.ts";
import type { JournalEntry } from "./types.ts";

/** A core as verification needs it: one synchronous step per event. */
export interface VerifiableCore {
  step(event: CoreEvent): readonly Effect[];
}

/** The first line whose effects came out otherwise. */
export interface JournalDivergence {
  readonly line: number;
  readonly seq: number;
  readonly event: CoreEvent;
  /** The hash in the journal; absent when nothing was decided then. */
  readonly recorded: string | undefined;
  /** The hash now; absent when nothing was decided now. */
  readonly actual: string | undefined;
  /** What was decided now, as hashed; what was decided then is known by its hash only. */
  readonly effects: readonly string[];
}

/** What verifying a journal showed. */
export interface JournalVerification {
  /** Events fed to the core. */
  readonly events: number;
  /** Events that led to effects which are hashed. */
  readonly deciding: number;
  /** Hash of all decisions, comparable with the run's own. */
  readonly chain: string;
  readonly divergence: JournalDivergence | undefined;
}

/**
 * Feeds recorded events, reports included, to a core and demands the recorded effects, line by line. Stops at the first
 * that differs. `makeCore` gets the first event, which says what the run was made of.
 */
export function verifyJournal(
  entries: Iterable<JournalEntry>,
  makeCore: (first: CoreEvent) => VerifiableCore,
): JournalVerification {
  const verifier = new JournalVerifier(makeCore);
  for (const entry of entries) {
    if (!verifier.take(entry)) break;
  }
  return verifier.result();
}

/** The same for entries that come one by one: call {@link JournalVerifier.take} until it returns false. */
export class JournalVerifier {
  readonly #makeCore: (first: CoreEvent) => VerifiableCore;
  readonly #hasher = new EffectsHasher();
  #core: VerifiableCore | undefined;
  #events = 0;
  #deciding = 0;
  #divergence: JournalDivergence | undefined;

  constructor(makeCore: (first: CoreEvent) => VerifiableCore) {
    this.#makeCore = makeCore;
  }

  /** Returns whether the entry's effects are the recorded ones; after a divergence, nothing more is fed. */
  take(entry: JournalEntry): boolean {
    if (this.#divergence !== undefined) return false;
    this.#core ??= this.#makeCore(entry.event);
    const effects = this.#core.step(entry.event);
    const actual = this.#hasher.add(effects);
    this.#events += 1;
    if (actual !== undefined) this.#deciding += 1;
    if (actual === entry.effectsHash) return true;
    this.#divergence = {
      line: entry.line,
      seq: entry.seq,
      event: entry.event,
      recorded: entry.effectsHash,
      actual,
      effects: effects.map(effectText).filter((text) => text !== ""),
    };
    return false;
  }

  result(): JournalVerification {
    return {
      events: this.#events,
      deciding: this.#deciding,
      chain: this.#hasher.chain,
      divergence: this.#divergence,
    };
  }
}

/**
 * Passes a verification on, or says where it failed.
 * @throws {@link MatchpointError} `JOURNAL_DIVERGED`
 */
export function requireVerified(verification: JournalVerification): JournalVerification {
  const { divergence } = verification;
  if (divergence === undefined) return verification;
  const { recorded, actual, event, effects } = divergence;
  const then = recorded === undefined ? "decided nothing" : `decided ${recorded}`;
  const now =
    actual === undefined ? "decides nothing" : `decides ${actual}: ${effects.join(" | ").slice(0, 300)}`;
  throw new MatchpointError("JOURNAL_DIVERGED", `on ${event.type} the run ${then}; the core now ${now}`, {
    where: `line ${divergence.line}, seq ${divergence.seq}`,
    hint: "The code, a strategy or its parameters differ from those of the run.",
    context: { line: divergence.line, seq: divergence.seq },
  });
}
