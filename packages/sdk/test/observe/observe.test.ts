import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CoreEvent, DeniedEffect, Effect } from "../../src/events/index.ts";
import type { MarketId, StrategyId } from "../../src/ids.ts";
import {
  atLevel,
  MemoryLogger,
  redact,
  RunCounters,
  silentLogger,
  WhyNotTable,
} from "../../src/observe/index.ts";
import { Secret } from "../../src/contracts/index.ts";

const s = (value: string) => value as StrategyId;
const m = (value: string) => value as MarketId;
const denied = (code: string, marketId = "m"): DeniedEffect =>
  ({
    type: "denied",
    intent: { strategyId: "s", marketId, outcome: 1, side: "buy", limit: 5_000, size: 7 },
    code,
    detail: `because ${code}`,
  }) as unknown as DeniedEffect;

describe("the table of reasons for not trading", () => {
  it("counts by strategy, market, kind and reason, with the last data", () => {
    const table = new WhyNotTable();
    table.skip(s("s"), m("m"), "no edge", { edge: 0.01 });
    table.skip(s("s"), m("m"), "no edge", { edge: 0.02 });
    table.skip(s("s"), m("m"), "no edge");
    table.skip(s("s"), m("n"), "no edge");
    table.skip(s("t"), m("m"), "no edge");
    table.denied(denied("STALE_BOOK"));
    table.denied(denied("STALE_BOOK"));
    expect(table.rows()).toEqual([
      { strategyId: "s", marketId: "m", kind: "skip", reason: "no edge", count: 3, last: { edge: 0.02 } },
      {
        strategyId: "s",
        marketId: "m",
        kind: "denied",
        reason: "STALE_BOOK",
        count: 2,
        last: { detail: "because STALE_BOOK", outcome: 1, side: "buy", limit: 5_000, size: 7 },
      },
      { strategyId: "s", marketId: "n", kind: "skip", reason: "no edge", count: 1, last: undefined },
      { strategyId: "t", marketId: "m", kind: "skip", reason: "no edge", count: 1, last: undefined },
    ]);
    expect(table.rows({ marketId: m("n") })).toHaveLength(1);
    expect(table.rows({ strategyId: s("s"), marketId: m("m") })).toHaveLength(2);
  });

  it("is the same whatever the order in which different reasons came", () => {
    const skips = fc.array(
      fc.tuple(fc.constantFrom("s", "t"), fc.constantFrom("m", "n"), fc.constantFrom("a", "b", "a\u0000")),
    );
    fc.assert(
      fc.property(skips, (list) => {
        const tableOf = (each: typeof list) => {
          const table = new WhyNotTable();
          for (const [strategy, market, reason] of each) table.skip(s(strategy), m(market), reason);
          return table.rows();
        };
        expect(tableOf([...list].reverse())).toEqual(tableOf(list));
        expect(tableOf(list).reduce((sum, row) => sum + row.count, 0)).toBe(list.length);
      }),
    );
  });

  it("does not grow without end when a reason holds a number", () => {
    const table = new WhyNotTable(3);
    for (let i = 0; i < 10; i++) table.skip(s("s"), m("m"), `edge ${i}`);
    table.skip(s("s"), m("m"), "edge 0");
    expect(table.rows().map(({ count }) => count)).toEqual([2, 1, 1]);
    expect(table.overflow).toBe(7);
  });

  it("hands out copies", () => {
    const table = new WhyNotTable();
    table.skip(s("s"), m("m"), "a");
    const before = table.rows();
    table.skip(s("s"), m("m"), "a");
    expect(before[0]!.count).toBe(1);
  });
});

describe("run counters", () => {
  it("count what came in and what came of it", () => {
    const counters = new RunCounters();
    const timer = { type: "timer" } as CoreEvent;
    const transition = { type: "transition", machine: "trading", from: "IDLE", to: "HALT" } as Effect;
    counters.step(timer, [denied("A"), denied("A"), transition, { type: "alarm", code: "X", message: "" }]);
    counters.step(timer, []);
    counters.step({ type: "best_quote" } as CoreEvent, [denied("B")]);
    expect(counters.of("timer")).toBe(2);
    expect(counters.of("book_delta")).toBe(0);
    expect(counters.snapshot()).toEqual({
      events: 3,
      byEvent: { best_quote: 1, timer: 2 },
      byEffect: { alarm: 1, denied: 3, transition: 1 },
      denials: { A: 2, B: 1 },
      alarms: { X: 1 },
      transitions: { "trading IDLE>HALT": 1 },
    });
    expect(Object.keys(counters.snapshot().byEffect)).toEqual(["alarm", "denied", "transition"]);
  });
});

describe("loggers", () => {
  it("keep the latest lines", () => {
    const logger = new MemoryLogger(3);
    for (let i = 0; i < 10; i++) logger.info(`line ${i}`, { i });
    expect(logger.entries).toEqual(
      [7, 8, 9].map((i) => ({ level: "info", message: `line ${i}`, data: { i } })),
    );
  });

  it("pass on what is important enough", () => {
    const memory = new MemoryLogger();
    const logger = atLevel(memory, "warn");
    logger.debug("a");
    logger.info("b");
    logger.warn("c");
    logger.error("d");
    expect(memory.entries.map(({ level }) => level)).toEqual(["warn", "error"]);
    silentLogger.error("nobody hears");
  });

  it("show of data what is listed and numbers, whatever else a thing is called", () => {
    const key = "0xac0974bec39a17e3";
    expect(
      redact({
        marketId: "m",
        order_id: "o",
        edge: 0.03,
        late: true,
        wallet: key,
        number: BigInt(key),
        digits: [0xac, 0x09],
        bytes: new Uint8Array([0xac, 0x09]),
        account: { word: key },
        data: new Uint8Array([0xac, 0x09]),
        reason: { [key.repeat(3)]: 1, word: key, state: ["a", { code: "B", pass: key }] },
        error: new Secret(key),
      }),
    ).toEqual({
      marketId: "m",
      order_id: "o",
      edge: 0.03,
      late: true,
      wallet: "[hidden]",
      number: "[hidden]",
      digits: "[hidden]",
      bytes: "[hidden]",
      account: "[hidden]",
      data: "[bytes]",
      reason: { "[hidden]": 1, word: "[hidden]", state: ["a", { code: "B", pass: "[hidden]" }] },
      error: "[secret]",
    });
    expect(redact({ teamName: "a", other: "b" }, ["team_name"])).toEqual({
      teamName: "a",
      other: "[hidden]",
    });
    fc.assert(
      fc.property(
        fc.object({ key: fc.string({ maxLength: 5 }).map((name) => `x${name}`), values: [fc.constant(key)] }),
        (data) => {
          expect(JSON.stringify(redact(data))).not.toContain(key);
        },
      ),
    );
  });

  it("take secrets out wherever they stand, and survive any data", () => {
    expect(
      redact({ apiKey: "x", data: [{ private_key: "y", Authorization: "z", price: 5 }] }, ["api_key"]),
    ).toEqual({
      apiKey: "[redacted]",
      data: [{ private_key: "[redacted]", Authorization: "[redacted]", price: 5 }],
    });
    const cycle: Record<string, unknown> = { n: NaN, size: 5n, got: () => 1, error: new RangeError("no") };
    cycle["data"] = cycle;
    const text = JSON.stringify(redact(cycle));
    expect(text).toContain(
      '"n":"NaN","size":"5","got":"[function]","error":{"name":"RangeError","message":"no"}',
    );
    expect(text).toContain("[deeper]");
    expect(JSON.stringify(redact("x".repeat(5_000))).length).toBeLessThan(2_100);
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true }),
        (value) => {
          JSON.stringify(redact(value));
        },
      ),
    );
    const polluting = redact(JSON.parse('{"__proto__":{"polluted":true}}')) as object;
    expect("polluted" in polluting && Object.getPrototypeOf(polluting) !== Object.prototype).toBe(false);
  });
});
