import {
  id,
  isOutside,
  Strategy,
  type BookContext,
  type MarketTerms,
  type Price,
  type Shares,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { startRun } from "./start.ts";
import { testMarket } from "./tape.ts";

/** Takes what is worth more than a half by its own reckoning, fee included, as often as a book comes. */
class Taker extends Strategy<typeof Taker.params> {
  static readonly id = "taker";
  static readonly posture = "directional";
  static readonly params = z.object({});
  override onBook(ctx: BookContext): void {
    const quote = ctx.quote(0);
    if (quote.edge(0.53) < 0.005) {
      ctx.skip("edge below minimum");
      return;
    }
    ctx.buy({ outcome: 0, limit: quote.ask, size: 10_000_000 as Shares, edge: quote.edge(0.53) });
  }
}

const RISK = { duplicate_window_ms: 0, resolution_filter: "off" } as const;
const BOOK = [[[49, 1_000]], [[51, 1_000]]] as const;

function trading(terms: MarketTerms, risk: Record<string, unknown> = {}) {
  const run = startRun([{ use: Taker }], { config: { risk: { ...RISK, ...risk } } });
  const { tape } = run;
  tape.market(testMarket({ takerDelayMs: 1_000, rules: "Pays the winner.", fee: rate(10_000) }));
  tape
    .wait(10)
    .book(...BOOK)
    .wait(5_000);
  const before = run.effects.length;
  tape.offer({ type: "terms_changed", marketId: id("m1"), terms, source: "clob" });
  tape
    .wait(10)
    .book([[49, 900]], [[51, 900]])
    .wait(5_000);
  return { ...run, after: run.effects.slice(before), entry: run.runtime.core.markets()[0]! };
}

const rate = (ratePpm: number) => ({ ratePpm, exponent: 1, takerOnly: true });
const denials = (run: ReturnType<typeof trading>) =>
  run.after.flatMap((effect) => (effect.type === "denied" ? [effect.code] : []));
const places = (run: ReturnType<typeof trading>) => run.after.filter(({ type }) => type === "place");

describe("a dispute at the venue's oracle", () => {
  it("halts the market until somebody has looked, cancels what rests, and marks shares at half a dollar at most", () => {
    const run = trading({ disputed: true });
    expect(places(run)).toEqual([]);
    expect(run.entry.trading.halts).toMatchObject([
      {
        cause: "terms_changed",
        clearedBy: "operator",
        reason: expect.stringContaining("disputed") as string,
      },
    ]);
    expect(run.after).toContainEqual(
      expect.objectContaining({
        type: "alarm",
        code: "TERMS_CHANGED",
        message: expect.stringMatching(/→ .*disputed/),
      }),
    );
    const { core } = run.runtime;
    expect(core.mark(id("m1"))!.most).toBe(500_000);
    run.tape
      .wait(10)
      .offer({ type: "terms_changed", marketId: id("m1"), terms: { disputed: false }, source: "gamma" });
    expect(core.mark(id("m1"))!.most).toBeUndefined();
    expect([...run.entry.trading.causes]).toEqual(["terms_changed"]);
  });

  it("halts a market that is listed with it", () => {
    const { tape, runtime } = startRun([{ use: Taker }], { config: { risk: RISK } });
    tape.market(testMarket({ disputed: true }));
    expect([...runtime.core.market(id("m1"))!.trading.causes]).toEqual(["terms_changed"]);
    expect(runtime.core.counts.alarms).toBeGreaterThan(0);
    tape.wait(10).market(testMarket({ disputed: false, marketId: id("m2") }));
    expect([...runtime.core.market(id("m2"))!.trading.causes]).toEqual([]);
  });
});

describe("terms that the venue changes while a market is traded", () => {
  it("change what a trade is worth from that moment: a higher fee ends the buying", () => {
    const cheap = trading({ minSize: 4_000_000 as Shares });
    expect(places(cheap)).toHaveLength(1);
    const dear = trading({ fee: rate(80_000) });
    expect(places(dear)).toEqual([]);
    expect(dear.entry.bindings[0]!.skips.list().map(({ reason }) => reason)).toContain("edge below minimum");
    expect(dear.after).toContainEqual({
      type: "alarm",
      code: "TERMS_CHANGED",
      message: "clob: fee 1 % of takers → fee 8 % of takers",
      marketId: "m1",
    });
  });

  it("change how long the paper venue holds an order, and whether it may be sent at all", () => {
    const matchedAt = (run: ReturnType<typeof trading>): number => {
      const trades = run.log.flatMap(({ event }) => (event.type === "trade_report" ? [event.at] : []));
      const sent = run.log.findLast(({ event }) => event.type === "order_prepared")!.event.at;
      return Math.round((trades.find((at) => at > sent)! - sent) / 1e6);
    };
    const [slow, slower] = [trading({ takerDelayMs: 1_001 }), trading({ takerDelayMs: 3_001 })];
    expect(matchedAt(slower) - matchedAt(slow)).toBe(2_000);
    const limited = trading({ takerDelayMs: 3_000 }, { max_taker_delay_ms: 2_000 });
    expect(denials(limited)).toEqual(["TAKER_DELAY"]);
    expect(places(limited)).toEqual([]);
  });

  it("close and open the market", () => {
    expect(denials(trading({ acceptingOrders: false }))).toEqual(["MARKET_CLOSED"]);
  });

  it("move the grid like a tick change does", () => {
    const run = trading({ tick: 1_000 as Price });
    expect(run.entry.book.tick).toBe(1_000);
    expect(denials(run)).toEqual(["OFF_GRID"]);
  });

  it.each([
    ["the rules text", { rules: "Pays nobody." }],
    ["the exchange", { version: 3 }],
    ["the kind of exchange", { negRisk: true }],
  ] as const)("halt the market when they are %s, until an operator resumes", (_name, terms) => {
    const run = trading(terms);
    expect([...run.entry.trading.causes]).toEqual(["terms_changed"]);
    expect(places(run)).toEqual([]);
    expect(denials(run)).toEqual(["MARKET_HALTED"]);
    run.tape.wait(600_000);
    expect(run.entry.trading.status).toBe("HALT");
    run.tape.offer({ type: "operator", operator: "me", command: { kind: "resume" } });
    expect(run.entry.trading.status).not.toBe("HALT");
    expect(run.entry.market).toMatchObject(terms);
  });

  it("do not halt it when it only now has a text, or nothing is new", () => {
    const { tape, runtime, effects } = startRun([{ use: Taker }]);
    tape.market(testMarket()).wait(10);
    const change = (terms: MarketTerms) =>
      tape.offer({ type: "terms_changed", marketId: id("m1"), terms, source: "gamma" });
    change({ rules: "Pays the winner." });
    expect(runtime.core.markets()[0]!.trading.status).toBe("IDLE");
    const made = effects.length;
    change({ rules: "Pays the winner.", takerDelayMs: 0, fee: rate(50_000), version: 2 });
    expect(effects).toHaveLength(made);
  });

  it("that are too old keep entries out, and say so once", () => {
    const { tape, runtime, effects } = startRun([{ use: Taker }]);
    tape.market(testMarket({ fee: rate(0) })).wait(10);
    const said = (state: "stale" | "read", reason: string) =>
      tape.offer({ type: "terms_continuity", marketId: id("m1"), state, reason });
    said("stale", "not read for 301 s: status 503");
    tape.wait(10).book(...BOOK);
    expect(effects).toMatchObject([
      { type: "alarm", code: "TERMS_STALE", message: "not read for 301 s: status 503" },
      { type: "denied", code: "TERMS_STALE", detail: "not read for 301 s: status 503" },
    ]);
    said("read", "after 20 s");
    tape.wait(10).book([[49, 10]], [[51, 1_000]]);
    expect(runtime.core.counts.orders).toBe(1);
  });

  it("come out the same when the journal's outside world is played again", () => {
    const first = trading({ fee: rate(80_000), takerDelayMs: 3_000, rules: "Pays nobody." });
    const again = startRun([{ use: Taker }], { config: { risk: RISK } });
    for (const { event } of first.log) if (isOutside(event)) again.runtime.offer(event);
    again.runtime.advanceTo(first.runtime.core.now);
    const hashes = (log: typeof first.log) => log.map(({ effectsHash }) => effectsHash);
    expect(hashes(again.log)).toEqual(hashes(first.log));
    expect(again.log.length).toBeGreaterThan(10);
  });
});
