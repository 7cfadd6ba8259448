import type { Plant } from "./plant.ts";

const PORTFOLIO = "packages/sdk/src/portfolio";
const ENGINE = "packages/sdk/src/engine";

/** Mistakes in the books: cash, shares, fees, settlement. */
export const MONEY_PLANTS: readonly Plant[] = [
  {
    id: "matched-counts-as-settled",
    what: "Matched shares count as settled at once: they are merged before their trades are confirmed.",
    file: `${PORTFOLIO}/marketAccount.ts`,
    find: "settled: Math.max(0, shares - unconfirmedBuys) as Shares,",
    replace: "settled: Math.max(0, shares) as Shares,",
    invariants: ["I7"],
    seeds: 200,
  },
  {
    id: "mined-counts-as-confirmed",
    what: "A trade that is mined is taken for confirmed: what a reorganisation can still take away is merged.",
    file: `${PORTFOLIO}/pool.ts`,
    find: 'if (status === "CONFIRMED" || status === "FAILED") return;',
    replace: 'if (status === "CONFIRMED" || status === "FAILED" || status === "MINED") return;',
    invariants: ["I7"],
    seeds: 500,
  },
  {
    id: "fee-forgotten",
    what: "The fee of a trade is counted for the report, but not taken off the cash.",
    file: `${PORTFOLIO}/fold.ts`,
    find: 'const value = side === "buy" ? cost + fee : fee - cost;',
    replace: 'const value = side === "buy" ? cost : 0 - cost;',
    invariants: ["I7"],
    seeds: 200,
  },
  {
    id: "fee-of-a-sale-added",
    what: "The fee of a sale is added to its proceeds instead of being taken off.",
    file: `${PORTFOLIO}/fold.ts`,
    find: 'const value = side === "buy" ? cost + fee : fee - cost;',
    replace: 'const value = side === "buy" ? cost + fee : 0 - fee - cost;',
    invariants: ["I7"],
    seeds: 500,
  },
  {
    id: "voided-fill-keeps-its-shares",
    what: "A fill that failed stays in the books: its shares are held and its cash is gone.",
    file: `${PORTFOLIO}/books.ts`,
    find: "account.void(entry);",
    replace: "account.advance(entry, to);",
    invariants: ["I7"],
    seeds: 200,
  },
  {
    id: "maker-sale-of-the-other-outcome",
    what: "A resting sale that is filled is booked on the other outcome, as its taker saw it.",
    file: `${PORTFOLIO}/books.ts`,
    find: "const { marketId, outcome, side, size, cost, fee } = report;",
    replace:
      'const { marketId, side, size, cost, fee } = report;\n    const outcome = report.liquidity === "maker" && side === "sell" ? ((1 - report.outcome) as 0 | 1) : report.outcome;',
    invariants: ["I7"],
    seeds: 500,
  },
  {
    id: "half-micro-dollars",
    what: "The dollars of a merge are halved over its legs without rounding.",
    file: `${PORTFOLIO}/fold.ts`,
    find: "redeemedByFirst(entry, payouts) : Math.floor(proceeds / 2);",
    replace: "redeemedByFirst(entry, payouts) : proceeds / 2;",
    invariants: ["I4"],
    seeds: 1_000,
  },
  {
    id: "sells-what-is-not-mined",
    what: "The sell gate is open: bought shares are sold before their trade is mined.",
    file: `${PORTFOLIO}/marketAccount.ts`,
    find: 'const below = gate === "matched" ? 0 : gate === "mined" ? unminedBuys : unconfirmedBuys;',
    replace: "const below = 0 * (unminedBuys + unconfirmedBuys + gate.length);",
    invariants: ["I6", "I7"],
    seeds: 500,
  },
  {
    id: "reverted-merge-booked",
    what: "A merge that the chain reverted is booked as if it had been final.",
    file: `${ENGINE}/settlementDesk.ts`,
    find: 'if (change.to === "FINAL") {',
    replace: 'if (change.to === "FINAL" || change.to === "REVERTED") {',
    invariants: ["I7"],
    seeds: 1_000,
  },
  {
    id: "resolution-by-winner",
    what: "A market that pays 50-50 is booked as if the likelier outcome had won.",
    file: `${ENGINE}/settlementDesk.ts`,
    find: "floor.ledger.resolution(marketId, payouts, entry.trading.owner);",
    replace:
      "floor.ledger.resolution(marketId, (payouts[0] >= payouts[1] ? [USDC_ONE, 0] : [0, USDC_ONE]) as unknown as typeof payouts, entry.trading.owner);",
    invariants: ["I7", "I17"],
    seeds: 1_000,
  },
  {
    id: "sell-promised-shares-merged",
    what: "Shares that an open sell order may still deliver are merged away under it.",
    file: `${ENGINE}/settlementDesk.ts`,
    find: "free[intent.outcome] -= Math.max(0, intent.size - matched);",
    replace: "void matched;",
    invariants: ["I6", "I7"],
    seeds: 1_000,
  },
];
