/** Something that must always hold. */
export interface Invariant {
  readonly id: string;
  /** What must hold, in one sentence. */
  readonly sentence: string;
  /** Source file of the judge that checks it, in `packages/testing/src/torture/judge/`; absent: it does not apply here. */
  readonly checker?: string;
  /** When it is looked at. */
  readonly when?: "each post" | "each step" | "each start" | "the end" | "two runs";
  /** Why it is not checked, or what of it is not. */
  readonly limits?: string;
}

/** The invariants of a trading bot that cannot hurt its owner, and who looks after each of them. */
export const INVARIANTS: readonly Invariant[] = [
  {
    id: "I1",
    sentence:
      "No order leaves that is not durable in the journal with its hash, size and price; an intent has one hash, and an order is sent once.",
    checker: "orderChecks.ts",
    when: "each post",
  },
  {
    id: "I2",
    sentence:
      "Every order is on the market's grid as it was last heard of, between zero and one, and of a size that the venue takes; a new grid sends away what is off it.",
    checker: "gateChecks.ts",
    when: "each step",
  },
  {
    id: "I3",
    sentence:
      "What is filled of an order is the sum of its trades that stand, never below zero or beyond what was signed.",
    checker: "orderChecks.ts",
    when: "each step",
  },
  {
    id: "I4",
    sentence:
      "All money and all sizes are whole numbers that a float holds exactly; nothing is NaN, and a feed that states such a thing ends no run.",
    checker: "moneyChecks.ts",
    when: "each step",
  },
  {
    id: "I5",
    sentence:
      "Orders move only along their table and on what shows it; one of unknown fate ends by evidence, and none is over here while the venue has it alive, but by a copy that only the network made: that goes when it is heard of.",
    checker: "orderChecks.ts",
    when: "each step",
  },
  {
    id: "I6",
    sentence:
      "Whatever fills of all that is open, unknown, delayed or unsettled: no limit of order, market, match, tournament, account, day or count is broken, nor what a drawdown leaves of it for entries, and nothing is sold that is not there.",
    checker: "exposureChecks.ts",
    when: "each step",
    limits: "Fees of open orders are left out of the worst case: the check is a little laxer than the gate.",
  },
  {
    id: "I7",
    sentence:
      "The books are the sum of what was heard after each step, and at the end that of what truly happened at the venue and on the chain, to the micro-dollar; a start that has recovered has booked what had been filled before it; only confirmed shares go to the chain.",
    checker: "moneyChecks.ts",
    when: "each step",
  },
  {
    id: "I8",
    sentence: "A message that is heard again changes nothing.",
    checker: "moneyChecks.ts",
    when: "each step",
  },
  {
    id: "I9",
    sentence:
      "What a start takes over is what the journal before it tells, read independently; a journal that was damaged is refused, and a whole one is not.",
    checker: "restoreChecks.ts",
    when: "each start",
  },
  {
    id: "I10",
    sentence:
      "A book that counts as live has the best prices and sizes that its messages make, is not crossed, and lacks no stated price for more than a second.",
    checker: "bookChecks.ts",
    when: "each step",
  },
  {
    id: "I11",
    sentence:
      "Nothing is begun on a book that its feed has called unsound, that is older than its limit, or that was read right after the host did nothing.",
    checker: "gateChecks.ts",
    when: "each step",
    limits: "The staleness of truth is judged by the gate's own tests.",
  },
  {
    id: "I12",
    sentence:
      "While killed, halted, recovering, stopping, or while the venue takes none, no order is let out, and none that was let out before leaves; after a kill none until a comparison can have agreed; no entry while the channel of own orders is lost, or is back and not compared twice; no entry after four buys in a row, over all markets, that the venue refused for want of balance; rejects in a row trip a market's breaker, and one that waits for a person does so over restarts; none is begun while the disk was last seen to be short of room, and a journal that runs out of it slowly is refused only after entries have ended.",
    checker: "gateChecks.ts",
    when: "each step",
  },
  {
    id: "I13",
    sentence:
      "No market gets more orders within a minute than its limit, no strategy and no account asks for more orders, dollars or cancels than the limits of a runaway, restarts or not, and no more are open than can be taken back at once.",
    checker: "paceChecks.ts",
    when: "each step",
    limits:
      "The venue's buckets, and the reserve for cancels in them, are the Polymarket adapter's: its own tests fill and empty them.",
  },
  {
    id: "I14",
    sentence:
      "No order leaves under an epoch below one that an order has left under before; and none is let out after an order or trade that is not ours, until a person resumes, restarts or not.",
    checker: "gateChecks.ts",
    when: "each post",
  },
  {
    id: "I15",
    sentence: "No order could be matched with another one of ours, of the same outcome or of the other.",
    checker: "gateChecks.ts",
    when: "each step",
  },
  {
    id: "I16",
    sentence:
      "The state of a match fits its format and rests on what some source still says; what is held to be final when all have told the truth is true.",
    checker: "truthChecks.ts",
    when: "each step",
  },
  {
    id: "I17",
    sentence:
      "A resolved market is booked by the payouts that the venue stated, whatever truth had said; while what it pays is disputed a share counts as half a dollar at most.",
    checker: "moneyChecks.ts",
    when: "each step",
  },
  {
    id: "I18",
    sentence: "Monotonic time never runs back, and the core knows no other wall clock than its events'.",
    checker: "bench.ts",
    when: "each step",
  },
  {
    id: "I19",
    sentence: "Every queue has a bound: no strategy has more timers waiting in a market than it may.",
    checker: "gateChecks.ts",
    when: "each step",
    limits:
      "The queues of the bus are filled beyond their marks by its own tests; a simulated program's queues stay short because nothing of it takes time.",
  },
  {
    id: "I20",
    sentence:
      "What is written to the chain goes to known contracts of the right chain, within its cap, and with nonces that follow one another.",
    limits:
      "The simulated chain takes actions, not transactions: contracts, caps and nonces are tested against a local chain in tests/polymarket.",
  },
  {
    id: "I21",
    sentence:
      "When faults have stopped, within three minutes: no order is in doubt, what is open here rests at the venue and nothing else does, no trade is unsettled, and the bot is there. A run that says it has ended clean has left no order at the venue, and none that may still come to it.",
    checker: "endChecks.ts",
    when: "the end",
  },
  {
    id: "I22",
    sentence:
      "Fifteen seconds after a kill nothing of the bot rests at the venue, or an alarm says that something may; what rests in a market that is halted, and entries once a person or the day's loss has ended them, are asked to go within two seconds, and again; so is what a halted strategy or an earlier run has left, and what comes to rest only later.",
    checker: "endChecks.ts",
    when: "each step",
  },
  {
    id: "I23",
    sentence: "No secret stands in a journal, an alarm or an error.",
    checker: "endChecks.ts",
    when: "the end",
  },
  {
    id: "I24",
    sentence: "The same seed gives the same history, byte by byte.",
    when: "two runs",
    limits: "Not a judge of one run: whoever runs a seed twice compares the hashes.",
  },
  {
    id: "I25",
    sentence:
      "No program ends by an error of its own, and none fails to start by one that nobody foresaw; only a disk that refuses the journal may end it.",
    checker: "deathChecks.ts",
    when: "each step",
  },
];
