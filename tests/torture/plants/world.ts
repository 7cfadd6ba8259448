import type { Plant } from "./plant.ts";

const BOOK = "packages/sdk/src/book";
const ENGINE = "packages/sdk/src/engine";
const TRUTH = "packages/sdk/src/truth";

/** Mistakes in believing what is heard of the world: books, ticks, truth. */
export const WORLD_PLANTS: readonly Plant[] = [
  {
    id: "stale-book-quoted",
    what: "A feed's word that it has gone silent, or missed something, does not make the book unsound.",
    file: `${BOOK}/marketBook.ts`,
    find: 'if (event.state === "resynced") return BOOK_CHANGE.NONE;',
    replace: 'if (event.state !== "disconnected") return BOOK_CHANGE.NONE;',
    invariants: ["I10", "I11"],
    seeds: 500,
    needs: ["md_disconnect", "md_stall"],
  },
  {
    id: "missed-message-unnoticed",
    what: "A best price that the venue states and the book lacks is waited for without an end.",
    file: `${BOOK}/marketBook.ts`,
    find: "} else if (at - this.lackingSince > LACKING_GRACE) {",
    replace: "} else if (at - this.lackingSince > LACKING_GRACE * 1e9) {",
    invariants: ["I10"],
    seeds: 1_000,
    needs: ["md_gap", "md_disconnect"],
  },
  {
    id: "crossed-book-trusted",
    what: "A crossed book stays live.",
    file: `${BOOK}/marketBook.ts`,
    find: "if (first && this.first < GAPPED) this.first = GAPPED;",
    replace: "",
    invariants: ["I10"],
    seeds: 1_000,
    needs: ["md_crossed"],
  },
  {
    id: "deltas-added-up",
    what: "A level's new size is added to the old one instead of replacing it, so that a duplicate doubles it.",
    file: `${BOOK}/marketBook.ts`,
    find: "flags |= ladder.set((index & 1) === 0 ? price : PRICE_ONE - price, size);",
    replace:
      "flags |= ladder.set((index & 1) === 0 ? price : PRICE_ONE - price, size === 0 ? 0 : size + (ladder.bestKey === ((index & 1) === 0 ? price : PRICE_ONE - price) ? ladder.bestSize : 0));",
    invariants: ["I8", "I10"],
    seeds: 200,
  },
  {
    id: "tick-change-unheard",
    what: "The book keeps its old grid when the venue changes the tick.",
    file: `${BOOK}/marketBook.ts`,
    find: "this.tick = tick;\n    this.epoch++;",
    replace: "this.epoch++;",
    invariants: ["I2"],
    seeds: 1_000,
    needs: ["tick_change"],
  },
  {
    id: "tick-change-leaves-orders",
    what: "Own orders that a new tick has left off the grid go on resting.",
    file: `${ENGINE}/marketDesk.ts`,
    find: 'if (intent.limit % tick !== 0) this.#orders.cancels.demand(intent.intentId, "tick size changed");',
    replace: "void intent.limit;",
    invariants: ["I2"],
    seeds: 1_000,
    needs: ["tick_change"],
  },
  {
    id: "rollback-keeps-the-result",
    what: "A result that its source takes back stands.",
    file: `${TRUTH}/takeBack.ts`,
    find: "if (had) out.takenBack.push({ game, on, says: said });",
    replace: "",
    invariants: ["I16"],
    seeds: 1_000,
    needs: ["truth_wrong", "remake"],
  },
  {
    id: "rollback-keeps-the-play",
    what: "A game that is rolled back goes on counting as played.",
    file: `${TRUTH}/settle.ts`,
    find: "for (const { game, on } of recorded.wiped) this.#unplay(this.#match.subjects[game]!, on);",
    replace: "",
    invariants: ["I16"],
    seeds: 1_000,
    needs: ["remake", "truth_rollback"],
  },
];
