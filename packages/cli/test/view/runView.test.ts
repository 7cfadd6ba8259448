import { DEFAULT_STRATEGIES, type JournalEntry } from "@matchpoint/sdk";
import type { ChartFrame, PnlRow } from "@matchpoint/dashboard";
import { beforeAll, describe, expect, it } from "vitest";
import type { RunView } from "../../src/view/index.ts";
import type { ChartCursor } from "../../src/view/track.ts";
import { realismOfStart } from "../../src/view/realism.ts";
import { recordedRun, viewOf, type RecordedRun } from "./support.ts";

const SUMS = ["trades", "volume", "fees", "realized", "unrealized", "pnl"] as const;

/** Each line's parts are its profit, all lines are the account, and the account is the ledger. */
function demandSums(view: RunView): void {
  const { total, rows, ledger } = view.tables().attribution;
  for (const row of [total, ...rows]) {
    const parts = Object.values(row.parts) as readonly number[];
    expect(parts.reduce((all, part) => all + part, 0)).toBe(row.pnl);
    expect(row.realized + row.unrealized).toBe(row.pnl);
  }
  for (const what of SUMS) expect(sum(rows, what)).toBe(total[what]);
  expect(total.pnl).toBe(ledger);
}

function sum(rows: readonly PnlRow[], what: (typeof SUMS)[number]): number {
  return rows.reduce((all, row) => all + row[what], 0);
}

describe("a view of a run", () => {
  let run: RecordedRun;
  beforeAll(async () => {
    run = await recordedRun();
  });

  it("says what the run's own account says, and its profit adds up to the ledger's", () => {
    const view = viewOf(run.entries);
    const { header, attribution, whyNot, markets } = view.tables();
    const { events, orders, fills, denied, skipped, pnlUsdc, feesUsdc, equityUsdc, states } = run.summary;
    expect(header).toMatchObject({ mode: "paper", events, orders, fills, denied, skipped });
    expect(header.equity / 1e6).toBe(equityUsdc);
    expect(attribution.total.pnl / 1e6).toBe(pnlUsdc);
    expect(attribution.total.fees / 1e6).toBe(feesUsdc);
    expect(fills).toBeGreaterThan(0);
    expect(Object.fromEntries(markets.map(({ id, state }) => [id, state]))).toEqual(states);
    const counted = (kind: string): number =>
      whyNot.filter((row) => row.kind === kind).reduce((all, { count }) => all + count, 0);
    expect(counted("denied")).toBe(denied);
    expect(counted("skip")).toBe(skipped);
    demandSums(view);
    expect(view.lacks).toEqual([]);
    expect(view.end).toBe("ended");
  });

  it("says how real the run's venue was: what was off, what was too weak, and nothing of a live one", () => {
    const view = viewOf(run.entries);
    expect(view.hello().realism).toEqual({ parts: 14, off: [], weakened: [] });
    const { started } = view;
    const paper = {
      latency: { place_ms: 0, cancel_ms: 0, ack_ms: 0, fill_report_ms: 0 },
      stale_book_ms: 1e9,
    };
    const kinder = { ...started, config: { ...(started.config as object), paper } } as typeof started;
    expect(realismOfStart(kinder).realism).toMatchObject({
      off: ["latency"],
      weakened: [expect.stringMatching(/stale/) as string],
    });
    expect(realismOfStart({ ...kinder, mode: "live" })).toEqual({});
  });

  it("adds up at every moment of the run", () => {
    const view = viewOf([]);
    for (const [i, entry] of run.entries.entries()) {
      view.take(entry);
      if (i % 20 === 0 || entry.event.type === "trade_report") demandSums(view);
    }
  });

  it("marks every fill and order once, and ends its lines where the market stands", () => {
    const view = viewOf(run.entries);
    const charts = view.hello().markets.map(({ id }) => view.chart(id)!.frame);
    const marks = charts.flatMap((chart) => chart.marks);
    expect(marks.filter(({ kind }) => kind === "fill")).toHaveLength(run.summary["fills"]);
    expect(marks.filter(({ kind }) => kind === "order")).toHaveLength(run.summary["orders"]);
    for (const { market, points } of charts) {
      const entry = view.core.market(market as never)!;
      expect(points.mid.at(-1) ?? undefined).toBe(entry.quotes[0].mid);
      for (const column of [points.p, points.edge0, points.bookAge, points.position])
        expect(column).toHaveLength(points.t.length);
    }
    const log = view.log().lines;
    expect(log.filter(({ kind }) => kind === "fill")).toHaveLength(run.summary["fills"]);
    expect(log.every(({ seq, t }, i) => i === 0 || (seq >= log[i - 1]!.seq && t >= log[i - 1]!.t))).toBe(
      true,
    );
  });

  it("is the same whoever takes the entries, and the same in parts as in whole", () => {
    const [first, second] = [viewOf(run.entries), viewOf([])];
    const { id } = first.hello().markets[0]!;
    let had: ChartFrame | undefined;
    let cursor: ChartCursor | undefined;
    for (const [i, entry] of run.entries.entries()) {
      second.take(entry);
      if (i % 37 !== 0 && i < run.entries.length - 1) continue;
      const next = second.chart(id, cursor);
      if (next === undefined) continue;
      cursor = next.cursor;
      had = laid(had, next.frame);
    }
    const whole = first.chart(id)!.frame;
    expect(had).toEqual(whole);
    expect(second.tables()).toEqual(first.tables());
    expect(second.equity()).toEqual(first.equity());
    expect(second.log()).toEqual(first.log());
    expect(second.ladder(id)).toEqual(first.ladder(id));
  });

  it("shows orders that rest with what is before them", () => {
    const view = viewOf([]);
    const seen: (number | undefined)[] = [];
    for (const entry of run.entries) {
      view.take(entry);
      if (entry.event.type !== "book_delta") continue;
      const { marketId } = entry.event;
      for (const { ahead, level, onSide, status } of view.ladder(marketId)!.own) {
        if (status !== "LIVE") continue;
        const ladder = view.ladder(marketId)!;
        const there = (onSide === "bid" ? ladder.bids : ladder.asks).find(([price]) => price === level);
        expect(ahead!).toBeLessThanOrEqual(there?.[1] ?? 0);
        seen.push(ahead);
      }
    }
    expect(seen.length).toBeGreaterThan(10);
  });

  it("shows the books, and says what is lacking, when a strategy is not known here", () => {
    const pairArb = DEFAULT_STRATEGIES["pair-arb"]!;
    const view = viewOf(run.entries, { known: { "pair-arb": pairArb } });
    expect(view.lacks.join()).toMatch(/model-maker is not known here.*cannot be/);
    const whole = viewOf(run.entries).tables();
    const { header, attribution, whyNot } = view.tables();
    expect(attribution.total).toMatchObject({
      pnl: whole.attribution.total.pnl,
      fees: whole.attribution.total.fees,
    });
    expect(header).toMatchObject({
      fills: whole.header.fills,
      equity: whole.header.equity,
      openOrders: 0,
      alarms: 0,
    });
    expect(whyNot).toEqual([]);
    demandSums(view);
    const marks = view.hello().markets.flatMap(({ id }) => view.chart(id)!.frame.marks);
    expect(marks.filter(({ kind }) => kind === "fill")).toHaveLength(whole.header.fills);
  });

  it("refuses to show what the run did not decide, and shows its books then", () => {
    const at = run.entries.findIndex(({ effectsHash }) => effectsHash !== undefined);
    const forged = run.entries.map((entry, i): JournalEntry =>
      i === at ? { ...entry, effectsHash: "0".repeat(32) } : entry,
    );
    expect(() => viewOf(forged)).toThrow(/decides otherwise/);
    const view = viewOf(forged, { booksOnly: "The code has changed." });
    expect(view.lacks.join()).toContain("The code has changed.");
    expect(view.tables().header.fills).toBe(run.summary["fills"]);
  });
});

function laid(had: ChartFrame | undefined, next: ChartFrame): ChartFrame {
  const keep = <T>(old: readonly T[] | undefined, fresh: readonly T[]): readonly T[] => [
    ...(old ?? []).slice(0, next.from),
    ...fresh,
  ];
  const { ages, ...columns } = next.points;
  const before = had?.points as Record<string, readonly (number | null)[]> | undefined;
  const joined = Object.entries(columns).map(([name, fresh]) => [name, keep(before?.[name], fresh)]);
  // A source that was not heard of before has no ages there.
  const blank = had?.points.t.map(() => null);
  const points = {
    ...Object.fromEntries(joined),
    ages: ages.map((fresh, i) => keep(had?.points.ages[i] ?? blank, fresh)),
  };
  const marks = [...(had?.marks ?? []).slice(0, next.marksFrom), ...next.marks];
  return { ...next, from: 0, marksFrom: 0, points: points as ChartFrame["points"], marks };
}
