import { MatchpointError } from "@matchpoint/sdk";

/** Something that was signed for a nonce. Fees in wei. */
export interface TxAttempt {
  readonly hash: string;
  readonly maxFee: bigint;
  readonly tip: bigint;
}

/** A nonce and whose it is. It stays so for ever once anything was signed for it. */
export interface NonceSlot {
  readonly nonce: number;
  readonly intentId: string;
  readonly attempts: readonly TxAttempt[];
  /** Whether the chain has settled it. */
  readonly done: boolean;
}

interface Slot {
  readonly nonce: number;
  readonly intentId: string;
  attempts: TxAttempt[];
  done: boolean;
}

/** The least by which a node demands that both fees rise when a transaction replaces another, in percent. */
export const LEAST_BUMP_PERCENT = 10n;
/** Settled nonces that are remembered, so that a node that lags cannot have one given out again. */
const REMEMBERED = 256;

/**
 * Gives out the nonces of one wallet. Pure: no clock, no network. Two promises: a nonce has one intent, whatever happens, and no nonce
 * is given out while one below it is unused. The second holds because one nonce at a time is open: the next is given out only when
 * something was signed for the last, or it was given back.
 */
export class NonceOwner {
  readonly #slots = new Map<number, Slot>();
  readonly #byIntent = new Map<string, Slot>();
  #floor = 0;
  #open: Slot | undefined;

  /** How many transactions of the wallet the chain has. It falls when blocks are undone. */
  observe(count: number): void {
    if (!Number.isSafeInteger(count) || count < 0)
      throw new MatchpointError("INVARIANT", `${count} is no count of transactions`);
    this.#floor = count;
    for (const [nonce, { done, intentId }] of this.#slots) {
      if (!done || nonce >= count - REMEMBERED) continue;
      this.#slots.delete(nonce);
      this.#byIntent.delete(intentId);
    }
  }

  /**
   * The nonce of an intent: its own when it has one, else the lowest that is free.
   * @throws `MatchpointError` `INVARIANT` while another nonce is open
   */
  assign(intentId: string): number {
    const known = this.#byIntent.get(intentId);
    if (known !== undefined) return known.nonce;
    if (this.#open !== undefined)
      throw new MatchpointError(
        "INVARIANT",
        `nonce ${this.#open.nonce} is open: nothing was signed for it yet`,
      );
    let nonce = this.#floor;
    while (this.#slots.has(nonce)) nonce += 1;
    const slot: Slot = { nonce, intentId, attempts: [], done: false };
    this.#slots.set(nonce, slot);
    this.#byIntent.set(intentId, slot);
    this.#open = slot;
    return nonce;
  }

  /** Gives back a nonce that nothing was signed for. */
  release(nonce: number): void {
    const slot = this.#open;
    if (slot?.nonce !== nonce)
      throw new MatchpointError("INVARIANT", `nonce ${nonce} is not open: it stays with its intent`);
    this.#slots.delete(nonce);
    this.#byIntent.delete(slot.intentId);
    this.#open = undefined;
  }

  /**
   * Something was signed for a nonce; from the second on with both fees higher by a tenth at least.
   * @throws `MatchpointError` `INVARIANT` when it was not given to that intent, or the fees are too low to replace anything
   */
  signed(nonce: number, intentId: string, attempt: TxAttempt): void {
    const slot = this.#slots.get(nonce);
    if (slot?.intentId !== intentId)
      throw new MatchpointError("INVARIANT", `nonce ${nonce} is not that of ${intentId}`);
    const last = slot.attempts.at(-1);
    if (last !== undefined && !replaces(last, attempt))
      throw new MatchpointError(
        "INVARIANT",
        `fees of nonce ${nonce} rise by less than ${LEAST_BUMP_PERCENT} %`,
      );
    slot.attempts = [...slot.attempts, attempt];
    if (this.#open === slot) this.#open = undefined;
  }

  /** The chain has settled a nonce. */
  settle(nonce: number): void {
    const slot = this.#slots.get(nonce);
    if (slot !== undefined) slot.done = true;
  }

  /** Takes over what an earlier process signed. @throws `MatchpointError` `JOURNAL_CORRUPT` when a nonce has two intents */
  restore(nonce: number, intentId: string, attempt: TxAttempt): void {
    const slot = this.#slots.get(nonce) ?? { nonce, intentId, attempts: [], done: false };
    const other = this.#byIntent.get(intentId);
    if (slot.intentId !== intentId || (other !== undefined && other !== slot))
      throw new MatchpointError(
        "JOURNAL_CORRUPT",
        `nonce ${nonce}: one nonce, one intent, but the journal has more`,
      );
    if (!slot.attempts.some(({ hash }) => hash === attempt.hash)) slot.attempts.push(attempt);
    this.#slots.set(nonce, slot);
    this.#byIntent.set(intentId, slot);
  }

  /** What is not settled, the lowest nonce first. */
  live(): readonly NonceSlot[] {
    return [...this.#slots.values()]
      .filter(({ done, attempts }) => !done && attempts.length > 0)
      .sort((a, b) => a.nonce - b.nonce);
  }

  /** Whose a nonce is. */
  slot(nonce: number): NonceSlot | undefined {
    return this.#slots.get(nonce);
  }

  /** The count of transactions that is explained by what was signed here: the highest nonce of ours and one. */
  explained(): number | undefined {
    const nonces = [...this.#slots.values()]
      .filter(({ attempts }) => attempts.length > 0)
      .map(({ nonce }) => nonce);
    return nonces.length === 0 ? undefined : Math.max(...nonces) + 1;
  }
}

/** Whether a node would take one transaction in place of another. */
export function replaces(last: TxAttempt, next: TxAttempt): boolean {
  return next.maxFee >= bumped(last.maxFee) && next.tip >= bumped(last.tip);
}

/** A fee and what must be added to replace it, rounded up. */
export function bumped(fee: bigint, percent: bigint = LEAST_BUMP_PERCENT): bigint {
  return (fee * (100n + percent) + 99n) / 100n;
}
