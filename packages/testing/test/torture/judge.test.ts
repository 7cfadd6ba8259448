import {
  id,
  JournalWriter,
  MemoryStorage,
  type CoreEvent,
  type Intent,
  type OperatorCommand,
  type TradeReport,
} from "@matchpoint/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NewEntry } from "../../src/torture/history.ts";
import { Account, advances } from "../../src/torture/judge/account.ts";
import { JUDGES } from "../../src/torture/judge/index.ts";
import { eventsOf, flawOf } from "../../src/torture/judge/journalText.ts";
import { OwnBook } from "../../src/torture/judge/ownBook.ts";
import { TruthOfVenue } from "../../src/torture/judge/truthOfVenue.ts";
import { History, type Disk, type Judge, type WorldView } from "../../src/torture/record.ts";

const at = (n: number): { at: never; receivedAt: never } => ({ at: n as never, receivedAt: n as never });

const INTENT = {
  intentId: "i-1",
  strategyId: "s",
  marketId: "m",
  outcome: 0,
  side: "buy",
  orderType: "GTC",
  postOnly: false,
  limit: 5_000,
  size: 10_000_000,
  purpose: "entry",
  reason: "",
} as unknown as Intent;

function prepared(orderId: string, intent: Intent = INTENT): CoreEvent {
  return {
    type: "order_prepared",
    ...at(1),
    intentId: intent.intentId,
    orderId: id(orderId),
    intent,
  };
}

function trade(status: TradeReport["status"], more: Partial<TradeReport> = {}): TradeReport {
  const rest = { tradeId: "t", orderId: "o", marketId: "m", outcome: 0, side: "buy", price: 5_000 } as const;
  const sizes = { size: 10_000_000, cost: 5_000_000, fee: 10_000, liquidity: "taker" };
  return { type: "trade_report", ...at(2), ...rest, ...sizes, status, ...more } as unknown as TradeReport;
}

async function journal(events: readonly CoreEvent[]): Promise<Uint8Array> {
  const storage = new MemoryStorage();
  const writer = new JournalWriter({ storage, runId: id("r"), bootId: "b" });
  for (const event of events) writer.append(event, undefined);
  await writer.sync();
  return storage.bytes();
}

describe("a journal, read by the judge", () => {
  const events = [
    prepared("o"),
    trade("MATCHED"),
    trade("CONFIRMED"),
    prepared("o2", { ...INTENT, intentId: "i-2" as never }),
  ];

  it("tells the same events as were written", async () => {
    const bytes = await journal(events);
    expect(flawOf(bytes)).toBeUndefined();
    expect([...eventsOf(bytes)]).toEqual(JSON.parse(JSON.stringify(events)));
  });

  it("ends at a line that is not what was written, though it may read as one", async () => {
    const bytes = await journal(events);
    const text = new TextDecoder().decode(bytes);
    const at = text.indexOf('"payload"', text.indexOf('"trade_report"'));
    const changed = `${text.slice(0, at)}"p!yload"${text.slice(at + 9)}`;
    expect([...eventsOf(new TextEncoder().encode(changed))]).toEqual(
      JSON.parse(JSON.stringify(events.slice(0, 1))),
    );
  });

  it("shows each changed byte, each line that is gone and each that is moved", async () => {
    const bytes = await journal(events);
    const lines = new TextDecoder().decode(bytes).trimEnd().split("\n");
    fc.assert(
      fc.property(fc.nat(bytes.length - 2), fc.integer({ min: 1, max: 255 }), (place, by) => {
        const other = bytes.slice();
        other[place] = bytes[place]! ^ by;
        expect(flawOf(other)).toBeDefined();
      }),
    );
    const joined = (some: readonly (string | undefined)[]): Uint8Array =>
      new TextEncoder().encode(`${some.join("\n")}\n`);
    expect(flawOf(joined([lines[0], lines[2], lines[3]]))).toEqual({
      line: 2,
      what: "does not follow the line before it",
    });
    expect(flawOf(joined([lines[0], lines[2], lines[1], lines[3]]))?.line).toBe(2);
  });
});

describe("the judge's books", () => {
  it("come to the same in whatever order and however often a trade is told", () => {
    const statuses = fc.array(fc.constantFrom("MATCHED", "MINED", "RETRYING", "CONFIRMED"), { minLength: 1 });
    fc.assert(
      fc.property(statuses, fc.boolean(), (told, fails) => {
        const account = new Account();
        account.fund(100_000_000);
        account.take(prepared("o"));
        for (const status of told) account.take(trade(status));
        if (fails) account.take(trade("FAILED"));
        expect(account.cash).toBe(fails ? 100_000_000 : 94_990_000);
        expect(account.position("m", 0).shares).toBe(fails ? 0 : 10_000_000);
        expect(account.settled("m", 0)).toBe(!fails && told.includes("CONFIRMED") ? 10_000_000 : 0);
        expect(account.copy()).toEqual(account);
      }),
    );
  });

  it("know news of a trade from what is late", () => {
    const states = ["MATCHED", "MINED", "RETRYING", "CONFIRMED", "FAILED"] as const;
    const table = states.map((from) => states.map((to) => (advances(from, to) ? 1 : 0)).join(""));
    expect(table).toEqual(["01111", "00111", "01011", "00001", "00000"]);
  });

  it("take a trade of no order of theirs for foreign, and book it on a person's word only", () => {
    const account = new Account();
    expect(account.take(trade("MATCHED"))).toBe("foreign");
    const command = { kind: "adopt", trades: [trade("CONFIRMED")] } as const;
    account.take({ type: "operator", ...at(3), operator: "a", command } as unknown as CoreEvent);
    expect(account.cash).toBe(-5_010_000);
    expect(account.take(trade("CONFIRMED"))).toBe("repeated");
  });

  it("add the venue's own history up to the micro-dollar", () => {
    const truth = new TruthOfVenue(100_000_000);
    const seen = (entry: NewEntry): void => truth.take({ seq: 0, at: 0, ...entry }, (life) => life);
    seen({ kind: "post", life: 3, epoch: 0, request: 0, orderId: id("o"), intent: INTENT, durable: 0 });
    const { tradeId, orderId, marketId, outcome, side, price, size, cost, fee, liquidity } = trade("MATCHED");
    const fill = { tradeId, orderId, marketId, outcome, side, price, size, cost, fee, liquidity };
    seen({ kind: "venue_trade", ...fill, status: "MATCHED" });
    expect([truth.wallet.cash, truth.booksOf(3).cash]).toEqual([94_990_000, -5_010_000]);
    expect([...truth.unsettled()]).toHaveLength(1);
    seen({ kind: "venue_trade", ...fill, status: "FAILED" });
    seen({ kind: "venue_trade", ...fill, status: "FAILED" });
    expect(truth.wallet.cash).toBe(100_000_000);
    expect([...truth.wallet.positions.values()]).toEqual([0]);
  });
});

describe("the judge's own book of prices", () => {
  const snapshot = (levels: readonly number[]): CoreEvent =>
    ({
      type: "book_snapshot",
      ...at(0),
      marketId: "m",
      outcome: 0,
      levels,
      synthetic: false,
    }) as unknown as CoreEvent;
  const delta = (time: number, levels: readonly number[], bestBid = -1, bestAsk = -1): CoreEvent =>
    ({ type: "book_delta", ...at(time), marketId: "m", levels, bestBid, bestAsk }) as unknown as CoreEvent;

  it("has the best levels, whatever comes and goes", () => {
    const book = new OwnBook();
    const told = fc.array(fc.tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 0, max: 3 })), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(told, told, (bids, asks) => {
        book.take(snapshot([]) as never);
        const levels = [
          ...bids.map(([p, s]) => [0, p * 50, s]),
          ...asks.map(([p, s]) => [1, 5_000 + p * 50, s]),
        ];
        for (const level of levels) book.take(delta(1, level) as never);
        const left = (side: readonly (readonly [number, number])[], base: number): number[] =>
          [...new Map(side)].filter(([, size]) => size > 0).map(([p]) => base + p * 50);
        expect(book.bids.best).toBe(Math.max(0, ...left(bids, 0)));
        expect(book.asks.best).toBe(Math.min(10_000, ...left(asks, 5_000)));
      }),
    );
  });

  it("drops what is better than stated, and counts since when a stated price is missing", () => {
    const book = new OwnBook();
    book.take(snapshot([0, 4_000, 5, 0, 4_100, 7, 1, 4_500, 9]) as never);
    book.take(delta(10, [], 4_000, 4_500) as never);
    expect([book.bids.best, book.bids.bestSize, book.lackingSince]).toEqual([4_000, 5, -1]);
    book.take(delta(20, [], 4_050, 4_500) as never);
    expect(book.lackingSince).toBe(20);
    book.take({ type: "book_continuity", ...at(30), marketId: "m", state: "gap", reason: "" } as never);
    expect(book.unsound).toBe("gap");
    book.take(snapshot([0, 6_000, 5, 1, 4_500, 9]) as never);
    expect([book.unsound, book.crossed]).toEqual([undefined, true]);
  });
});

describe("the bench", () => {
  interface Stage {
    readonly history: History;
    readonly found: string[];
    readonly judge: Judge;
    disk: Disk;
    resting: { readonly orderId: string }[];
  }

  function stage(bytes: Uint8Array): Stage {
    const found: string[] = [];
    const made: Stage = {
      found,
      disk: { name: "j", bytes, durable: bytes.length },
      resting: [],
      history: undefined as never,
      judge: undefined as never,
    };
    const world = {
      collateral: 1_000_000,
      secrets: ["hush"],
      matches: [],
      config: {
        risk: {
          drawdown: { curve: "none" },
          halt: { allow_reduce: false },
          finalizing: { allow_reduce: false },
        },
      },
      lives: () => [],
      resting: () => made.resting,
      holdings: () => ({ cash: 1_000_000, positions: [] }),
      disk: () => made.disk,
    } as unknown as WorldView;
    const history: History = new History(
      world,
      () => 5,
      (entry) => {
        for (const { invariant, message } of judge.onStep?.(entry, history) ?? [])
          found.push(`${invariant} ${message}`);
      },
    );
    const judge = JUDGES[0]!.make(history);
    return Object.assign(made, { history, judge });
  }

  const start = { kind: "start", life: 0, bot: "a", runId: "r", epoch: 4, journal: "j" } as const;
  const post = (orderId: string, more: Record<string, unknown> = {}): NewEntry =>
    ({
      kind: "post",
      life: 0,
      epoch: 4,
      request: 0,
      orderId,
      intent: INTENT,
      durable: 1e9,
      ...more,
    }) as unknown as NewEntry;

  it("lets an order pass that is durable, once", async () => {
    const { history, found } = stage(await journal([prepared("o")]));
    history.add(start);
    history.add(post("o"));
    expect(found).toEqual([]);
    history.add(post("o"));
    expect(found).toEqual([expect.stringMatching(/^I1 order o was sent 2 times/)]);
  });

  it("stops one that is not durable, not as it was written, or a second one of its intent", async () => {
    const { history, found } = stage(await journal([prepared("o"), prepared("o2")]));
    history.add(start);
    history.add(post("o", { durable: 10 }));
    history.add(post("o2", { intent: { ...INTENT, size: 20_000_000 } }));
    expect(found).toEqual([
      expect.stringMatching(/^I1 order o of intent i-1 left although it stands nowhere/),
      expect.stringMatching(/^I1 order o2 left as 20000000 at 5000, and is journaled as 10000000/),
      expect.stringMatching(/^I1 intent i-1 left twice, as o and as o2/),
    ]);
  });

  it("knows a lower epoch, a secret that is said, and a wallet that does not add up", async () => {
    const { history, found } = stage(
      await journal([prepared("o"), prepared("p", { ...INTENT, intentId: "i-2" as never })]),
    );
    history.add(start);
    history.add(post("o"));
    history.add(post("p", { epoch: 3, intent: { ...INTENT, intentId: "i-2" } }));
    history.add({ kind: "alarm", life: 0, code: "X", message: "the key is hush" });
    history.add({ kind: "transfer", amount: -5, why: "taken" });
    expect(found.map((text) => text.slice(0, 4).trim())).toEqual(["I14", "I23"]);
    const judge = JUDGES[0]!.make(history);
    for (const entry of history.entries) judge.onStep?.(entry, history);
    const last = judge.atEnd?.(history) ?? [];
    expect(last.map(({ invariant }) => invariant)).toContain("I7");
  });

  it("takes only the resume for refused that was, not what else a person said at that moment", async () => {
    const operator = (command: OperatorCommand): CoreEvent => ({
      type: "operator",
      ...at(5),
      operator: "o",
      command,
    });
    const said = [
      operator({ kind: "kill" }),
      operator({ kind: "adopt", trades: [], collateral: -300_000 as never }),
      operator({ kind: "resume", reason: "looked at it" }),
    ];
    const { history, found } = stage(await journal(said));
    const step = (life: number, event: CoreEvent): void => {
      history.add({ kind: "step", life, event, effects: [] } as never);
    };
    history.add(start);
    for (const event of said) step(0, event);
    history.add({ ...start, life: 1, recovers: 0, journal: "k" });
    const books = { cash: -300_000, realizedTotal: 0, feesTotal: 0, deposits: -300_000, markets: () => [] };
    const orders = { allOpen: () => [] };
    history.runtimes.set(1, { core: { ledger: books, orders, wall: 6 } } as never);
    step(1, { type: "operator", ...at(6), operator: "o", command: { kind: "note", text: "here" } } as never);
    expect(found.filter((text) => text.startsWith("I9"))).toEqual([]);
  });

  /** Takes a step of a core of which there is no more than the test needs. */
  const judged = (history: History, event: CoreEvent): void => {
    try {
      history.add({ kind: "step", life: 0, event, effects: [] } as never);
    } catch {
      // Those who look at the rest of a core find none here.
    }
  };

  it.each([
    ["what a timer asks for at the moment of the end", 1e6, "PREPARED", false, 0],
    ["an order that nothing is heard of", 1e9, "PREPARED", false, 2],
    ["what has come to rest by the end, however short before it", 1e6, "LIVE", true, 0],
    ["an order that rests and is over here", 1e6, "CANCELED", true, 1],
  ])("%s is told from doubt: %d ns before the end", async (_what, before, status, rests, doubts) => {
    const made = stage(await journal([prepared("o")]));
    const { history, found } = made;
    history.add({ ...start, epoch: 0 });
    const order = { orderId: "o", status, intent: INTENT };
    const open = status === "CANCELED" ? [] : [order];
    const orders = { allOpen: () => open, byOrderId: () => order };
    history.runtimes.set(0, { core: { ledger: { markets: () => [], deposits: 0 }, orders } } as never);
    judged(history, { ...prepared("o"), ...at(5) });
    history.add(post("o"));
    if (rests) made.resting.push({ orderId: "o" });
    history.add({ kind: "phase", phase: "liveness" });
    judged(history, { type: "run_stopping", ...at(5 + before), reason: "stopped" });
    history.add({ kind: "phase", phase: "over", left: [] });
    expect(found.filter((text) => text.startsWith("I21"))).toHaveLength(doubts);
  });

  it.each([
    ["in the good times", true, 1],
    ["while faults struck, and has said that an order may be open", false, 0],
  ])("a run that was told to end %s leaves so many doubts", async (_when, calm, doubts) => {
    const { history, judge } = stage(await journal([]));
    history.add({ ...start, bot: "b" });
    const ledger = { cash: 0, deposits: 0, markets: () => [] };
    history.runtimes.set(0, { core: { ledger, orders: { openCount: 1, allOpen: () => [] } } } as never);
    if (calm) history.add({ kind: "phase", phase: "liveness" });
    judged(history, { type: "run_stopping", ...at(5), reason: "stopped" });
    if (!calm) history.add({ kind: "phase", phase: "liveness" });
    history.add({ kind: "death", life: 0, how: "stopped", written: 0, kept: 0, torn: false });
    history.add({ kind: "phase", phase: "over", left: [] });
    const end = judge.atEnd?.(history) ?? [];
    expect(end.filter(({ message }) => /with 1 orders open/.test(message))).toHaveLength(doubts);
  });
});
