import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GWEI, GAS_LIMITS, openingFees, replacementFees } from "../../src/chain/gas.ts";
import { bumped, NonceOwner, replaces, type TxAttempt } from "../../src/chain/nonces.ts";

const RUNS = Number(process.env["MATCHPOINT_RUNS"] ?? 1_000);

type Step =
  /** An intent asks for a nonce; signing it may fail, or the process may be told of the count of a lagging node. */
  | { readonly kind: "send"; readonly fails: boolean }
  | { readonly kind: "again"; readonly pick: number }
  | { readonly kind: "replace"; readonly pick: number; readonly percent: number }
  | { readonly kind: "mine"; readonly blocks: number; readonly attempt: number }
  | { readonly kind: "foreign" }
  | { readonly kind: "reorg"; readonly depth: number }
  | { readonly kind: "restart" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("send" as const), fails: fc.boolean() }) },
  fc.record({ kind: fc.constant("again" as const), pick: fc.nat() }),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("replace" as const),
      pick: fc.nat(),
      percent: fc.integer({ min: 0, max: 30 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("mine" as const),
      blocks: fc.integer({ min: 1, max: 3 }),
      attempt: fc.nat(),
    }),
  },
  fc.constant({ kind: "foreign" as const }),
  fc.record({ kind: fc.constant("reorg" as const), depth: fc.integer({ min: 1, max: 4 }) }),
  fc.constant({ kind: "restart" as const }),
);

/** A chain that knows only which of a wallet's transactions are mined, in order of nonce. */
class Model {
  owner = new NonceOwner();
  /** Every attempt that was ever signed. */
  readonly signed: { readonly nonce: number; readonly intent: string; readonly attempt: TxAttempt }[] = [];
  mined: string[] = [];
  /** Nonces that somebody else used and a reorganisation may give back. */
  readonly strangers = new Set<number>();
  intents = 0;

  do(step: Step): void {
    this.owner.observe(this.mined.length);
    switch (step.kind) {
      case "send": {
        const intent = `i${this.intents}`;
        this.intents += 1;
        const nonce = this.owner.assign(intent);
        if (step.fails) this.owner.release(nonce);
        else this.sign(nonce, intent, { maxFee: 100n, tip: 10n });
        return;
      }
      case "again": {
        const known = this.signed[step.pick % Math.max(1, this.signed.length)];
        const slot = known === undefined ? undefined : this.owner.slot(known.nonce);
        if (known !== undefined && slot?.intentId === known.intent)
          expect(this.owner.assign(known.intent)).toBe(known.nonce);
        return;
      }
      case "replace": {
        const live = this.owner.live();
        const slot = live[step.pick % Math.max(1, live.length)];
        if (slot === undefined) return;
        const last = slot.attempts.at(-1)!;
        const percent = BigInt(step.percent);
        const next = { maxFee: bumped(last.maxFee, percent), tip: bumped(last.tip, percent) };
        if (replaces(last, { hash: "", ...next })) this.sign(slot.nonce, slot.intentId, next);
        else expect(() => this.sign(slot.nonce, slot.intentId, next)).toThrow(/rise by less/);
        return;
      }
      case "mine":
        for (let block = 0; block < step.blocks; block += 1) {
          const waiting = this.signed.filter(({ nonce }) => nonce === this.mined.length);
          const next = waiting[step.attempt % Math.max(1, waiting.length)];
          if (next !== undefined) this.mined.push(next.attempt.hash);
        }
        return;
      case "foreign":
        this.strangers.add(this.mined.length);
        this.mined.push("stranger");
        return;
      case "reorg":
        this.mined = this.mined.slice(0, Math.max(0, this.mined.length - step.depth));
        return;
      case "restart": {
        const next = new NonceOwner();
        for (const { nonce, intent, attempt } of this.signed) next.restore(nonce, intent, attempt);
        this.owner = next;
      }
    }
  }

  sign(nonce: number, intent: string, fees: { maxFee: bigint; tip: bigint }): void {
    const attempt = { hash: `${intent}#${this.signed.length}`, ...fees };
    this.owner.signed(nonce, intent, attempt);
    this.signed.push({ nonce, intent, attempt });
  }

  check(): void {
    const intentOf = new Map<number, string>();
    const nonceOf = new Map<string, number>();
    for (const { nonce, intent } of this.signed) {
      expect(intentOf.get(nonce) ?? intent, `nonce ${nonce} has two intents`).toBe(intent);
      expect(nonceOf.get(intent) ?? nonce, `${intent} has two nonces`).toBe(nonce);
      intentOf.set(nonce, intent);
      nonceOf.set(intent, nonce);
    }
    // From the chain's count up everything is signed for, except where a stranger was and is no more.
    const highest = Math.max(-1, ...intentOf.keys());
    for (let nonce = this.mined.length; nonce < highest; nonce += 1)
      if (!this.strangers.has(nonce)) expect(intentOf.has(nonce), `nonce ${nonce} is a gap`).toBe(true);
  }
}

describe("nonces", () => {
  test(`in ${RUNS} random orders of events a nonce has one intent, an intent one nonce, and there is no gap`, () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
        const model = new Model();
        for (const each of steps) {
          model.do(each);
          model.check();
        }
      }),
      { numRuns: RUNS },
    );
  });

  test("one nonce is open at a time, and only an open one is given back", () => {
    const owner = new NonceOwner();
    owner.observe(7);
    expect(owner.assign("a")).toBe(7);
    expect(() => owner.assign("b")).toThrow(/nonce 7 is open/);
    owner.signed(7, "a", { hash: "h", maxFee: 1n, tip: 1n });
    expect(() => owner.release(7)).toThrow(/stays with its intent/);
    expect(owner.assign("b")).toBe(8);
    expect(() => owner.signed(8, "a", { hash: "x", maxFee: 1n, tip: 1n })).toThrow(/not that of a/);
    owner.release(8);
    expect(owner.assign("c")).toBe(8);
  });

  test("a gap that a reorganisation leaves is filled first", () => {
    const owner = new NonceOwner();
    owner.observe(6);
    expect(owner.assign("ours")).toBe(6);
    owner.signed(6, "ours", { hash: "h", maxFee: 1n, tip: 1n });
    owner.observe(5);
    expect(owner.assign("next")).toBe(5);
  });

  test("a node that lags cannot have a settled nonce given out again", () => {
    const owner = new NonceOwner();
    owner.observe(3);
    owner.assign("a");
    owner.signed(3, "a", { hash: "h", maxFee: 1n, tip: 1n });
    owner.settle(3);
    owner.observe(3);
    expect(owner.assign("b")).toBe(4);
  });

  test("a journal in which a nonce has two intents is refused", () => {
    const owner = new NonceOwner();
    owner.restore(1, "a", { hash: "h", maxFee: 1n, tip: 1n });
    owner.restore(1, "a", { hash: "h", maxFee: 1n, tip: 1n });
    expect(owner.live()[0]?.attempts).toHaveLength(1);
    expect(() => owner.restore(1, "b", { hash: "i", maxFee: 2n, tip: 2n })).toThrow(/one nonce, one intent/);
    expect(() => owner.restore(2, "a", { hash: "i", maxFee: 2n, tip: 2n })).toThrow(/one nonce, one intent/);
    for (const wrong of [Number.NaN, -1, 1.5, 2 ** 53])
      expect(() => owner.observe(wrong)).toThrow(/no count/);
  });
});

describe("gas", () => {
  test("fees stay within the cap, and a replacement is one that nodes take or none at all", () => {
    const gwei = fc.bigInt({ min: 0n, max: 3_000n }).map((value) => value * GWEI + 7n);
    fc.assert(
      fc.property(gwei, gwei, gwei, fc.nat({ max: 12 }), (base, later, tip, times) => {
        const opening = openingFees(base, tip, GAS_LIMITS);
        if (opening === undefined) {
          expect(base + GAS_LIMITS.minTip).toBeGreaterThan(GAS_LIMITS.maxFeePerGas);
          return;
        }
        let last = opening;
        for (let n = 0; n <= times; n += 1) {
          expect(last.maxFee).toBeLessThanOrEqual(GAS_LIMITS.maxFeePerGas);
          expect(last.tip).toBeLessThanOrEqual(last.maxFee);
          expect(last.tip).toBeGreaterThanOrEqual(0n);
          const next = replacementFees(last, openingFees(later, tip, GAS_LIMITS), GAS_LIMITS);
          if (next === undefined) {
            // There is no room for a tenth more.
            const room =
              bumped(last.maxFee) <= GAS_LIMITS.maxFeePerGas && bumped(last.tip) <= bumped(last.maxFee);
            expect(room).toBe(false);
            return;
          }
          expect(replaces({ hash: "", ...last }, { hash: "", ...next })).toBe(true);
          last = next;
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
