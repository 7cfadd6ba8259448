import { describe, expect, it } from "vitest";
import { EffectsHasher, type CoreEvent, type Effect } from "../../src/events/index.ts";
import { requireVerified, verifyJournal, type VerifiableCore } from "../../src/journal/index.ts";
import { failure, journalOf, note, read } from "./support.ts";

/** Sets a timer on every second note; its patience is what may change between versions. */
class SmallCore implements VerifiableCore {
  #seen = 0;
  readonly #patience: (seen: number) => number;
  constructor(patience: (seen: number) => number) {
    this.#patience = patience;
  }
  step(event: CoreEvent): readonly Effect[] {
    this.#seen += 1;
    if (this.#seen % 2 === 1) return [];
    return [
      { type: "set_timer", timerId: `t${this.#seen}`, due: (event.at + this.#patience(this.#seen)) as never },
    ];
  }
}

function record(core: VerifiableCore, count: number) {
  const hasher = new EffectsHasher();
  const events = Array.from({ length: count }, (_, i) => note(i, `n${i}`));
  const hashes = events.map((event) => hasher.add(core.step(event)));
  return { entries: read(journalOf(events, {}, (i) => hashes[i])).entries, chain: hasher.chain };
}

describe("verifying a journal", () => {
  it("finds that the same core decides the same, and tells how much that was", () => {
    const { entries, chain } = record(new SmallCore(() => 5), 9);
    const firsts: CoreEvent[] = [];
    const verification = verifyJournal(entries, (first) => {
      firsts.push(first);
      return new SmallCore(() => 5);
    });
    expect(verification).toEqual({ events: 9, deciding: 4, chain, divergence: undefined });
    expect(firsts).toEqual([note(0, "n0")]);
    expect(requireVerified(verification)).toBe(verification);
  });

  it("names the first line that differs, and stops there", () => {
    const { entries } = record(new SmallCore(() => 5), 9);
    const verification = verifyJournal(entries, () => new SmallCore((seen) => (seen >= 6 ? 6 : 5)));
    expect(verification.events).toBe(6);
    expect(verification.divergence).toMatchObject({
      line: 6,
      seq: 6,
      event: note(5, "n5"),
      recorded: entries[5]!.effectsHash,
      effects: ["set_timer;2:t6;11;"],
    });
    expect(failure(() => requireVerified(verification))).toMatchObject({
      code: "JOURNAL_DIVERGED",
      message: expect.stringContaining("line 6, seq 6"),
    });
  });

  it("notices a core that decides nothing where the run did, and the other way round", () => {
    const { entries } = record(new SmallCore(() => 5), 4);
    const silent = verifyJournal(entries, () => ({ step: () => [] })).divergence!;
    expect([silent.line, silent.actual, silent.recorded !== undefined]).toEqual([2, undefined, true]);
    const alarm: Effect = { type: "alarm", code: "X", message: "only told" };
    const talkative = verifyJournal(entries, () => {
      const core = new SmallCore(() => 5);
      return { step: (event) => [...core.step(event), alarm] };
    });
    expect(talkative.divergence).toBeUndefined();
    const always = verifyJournal(entries, () => ({
      step: () => [{ type: "clear_timer", timerId: "x" }],
    })).divergence!;
    expect([always.line, always.recorded]).toEqual([1, undefined]);
  });

  it("takes an empty journal for verified", () => {
    expect(verifyJournal([], () => ({ step: () => [] })).events).toBe(0);
  });
});
