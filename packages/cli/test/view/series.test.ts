import fc from "fast-check";
import { id, type MarketId } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { LogLines } from "../../src/view/logLines.ts";
import { Samples } from "../../src/view/samples.ts";
import { Series, type SeriesCursor, type SeriesRows } from "../../src/view/series.ts";
import type { MarketTrack } from "../../src/view/track.ts";
import { Tracks } from "../../src/view/tracks.ts";

const value = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -1_000_000, max: 1_000_000 }) },
  { weight: 1, arbitrary: fc.constant(NaN) },
);
const samples = fc.array(fc.tuple(fc.integer({ min: 0, max: 5_000 }), value, value), { maxLength: 400 });

function fed(given: readonly (readonly [number, number, number])[], buckets: number): Series {
  const series = new Series(2, { buckets });
  let t = 1_700_000_000_000;
  for (const [step, first, second] of given) series.push((t += step), [first, second]);
  return series;
}

function extremes(values: readonly (number | null)[]): readonly [number, number] | undefined {
  const known = values.filter((each) => each !== null && !Number.isNaN(each)) as number[];
  return known.length === 0 ? undefined : [Math.min(...known), Math.max(...known)];
}

/** What a page makes of frames that replace what it has from an index on. */
function laid(before: SeriesRows | undefined, rows: SeriesRows): SeriesRows {
  const keep = <T>(old: readonly T[] | undefined, fresh: readonly T[]): T[] => [
    ...(old ?? []).slice(0, rows.from),
    ...fresh,
  ];
  const lines = rows.lines.map((line, i) => keep(before?.lines[i], line));
  return { from: 0, t: keep(before?.t, rows.t), lines, cursor: rows.cursor };
}

describe("a series", () => {
  it("keeps every line's least and greatest value in bounded memory, and time in order", () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 4, max: 64 }), (given, buckets) => {
        const { t, lines } = fed(given, buckets).since(undefined);
        expect(t.length).toBeLessThanOrEqual(2 * buckets + 1);
        expect(t.every((each, i) => i === 0 || each >= t[i - 1]!)).toBe(true);
        for (const line of [0, 1] as const) {
          expect(lines[line]).toHaveLength(t.length);
          expect(extremes(lines[line]!)).toEqual(extremes(given.map((each) => each[line + 1]!)));
        }
      }),
    );
  });

  it("comes out the same in parts as in whole, however often it is asked and thinned in between", () => {
    const parts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(samples, parts, (given, lengths) => {
        const whole = fed(given, 16).since(undefined);
        const series = new Series(2, { buckets: 16 });
        let had: SeriesRows | undefined;
        let cursor: SeriesCursor | undefined;
        let [t, at] = [1_700_000_000_000, 0];
        for (const length of [...lengths, given.length]) {
          for (const [step, first, second] of given.slice(at, at + length))
            series.push((t += step), [first, second]);
          at += length;
          const rows = series.since(cursor);
          had = laid(had, rows);
          cursor = rows.cursor;
        }
        expect(had).toEqual({ ...whole, from: 0 });
      }),
    );
  });

  it("ends with where it stands, not with an extreme of its last stretch", () => {
    const series = new Series(1);
    for (const [t, each] of [
      [0, 5],
      [1, 9],
      [2, 1],
      [3, 4],
    ] as const)
      series.push(t, [each]);
    expect(series.since(undefined)).toMatchObject({ t: [0, 3, 3], lines: [[9, 1, 4]] });
  });

  it("takes a line that begins later", () => {
    const series = new Series(1);
    series.push(0, [1]);
    series.addLine();
    series.push(1_000, [2, 7]);
    expect(series.since(undefined).lines).toEqual([
      [1, 1, 2, 2, 2],
      [null, null, 7, 7, 7],
    ]);
  });
});

describe("samples", () => {
  it("know count and greatest exactly, and quantiles nearly, in bounded memory", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 2_000 }),
        (given) => {
          const kept = new Samples(64);
          for (const each of given) kept.add(each);
          const { n, max, p50 } = kept.spread();
          expect(n).toBe(given.length);
          expect(max).toBe(Math.max(...given));
          expect(given).toContain(p50);
        },
      ),
    );
    const even = new Samples(64);
    for (let i = 0; i < 10_000; i++) even.add(i % 100);
    const { p50, p90 } = even.spread();
    expect(Math.abs(p50! - 50)).toBeLessThan(10);
    expect(Math.abs(p90! - 90)).toBeLessThan(10);
  });
});

describe("the lines of a run's story", () => {
  it("are bounded, and orders never push out anything else", () => {
    const log = new LogLines();
    const line = (kind: "fill" | "order", seq: number) =>
      ({ seq, t: seq, kind, level: "info", text: "" }) as const;
    log.add(line("fill", 1));
    for (let seq = 2; seq < 20_000; seq++) log.add(line("order", seq));
    const cursor = log.count;
    expect(log.since()[0]).toMatchObject({ kind: "fill", seq: 1 });
    expect(log.since().length).toBeLessThan(4_000);
    for (let seq = 20_000; seq < 20_010; seq++) log.add(line("fill", seq));
    expect(log.since(cursor).map(({ seq }) => seq)).toEqual(Array.from({ length: 10 }, (_, i) => 20_000 + i));
    for (let seq = 20_010; seq < 40_000; seq++) log.add(line("fill", seq));
    expect(log.since().length).toBeLessThan(5_000);
  });
});

describe("the tracks of markets", () => {
  const sample = (track: MarketTrack, marks: number) => {
    for (let n = 0; n < marks; n++) {
      const order = { kind: "order", t: n, seq: n, intent: `i-${n}` } as unknown as Parameters<
        typeof track.mark
      >[0];
      track.mark(order);
    }
  };

  it("keep of markets that were over long ago no more than a sketch, and the latest whole", () => {
    const tracks = new Tracks();
    const ids = Array.from({ length: 60 }, (_, n) => id<MarketId>(`m-${n}`));
    for (const marketId of ids) sample(tracks.begin(marketId), 1_000);
    for (const marketId of ids) for (let again = 0; again < 2; again++) tracks.over(marketId);
    const kept = ids.map((marketId) => tracks.get(marketId)!.marks.length);
    expect(Math.max(...kept.slice(0, 20))).toBeLessThanOrEqual(100);
    expect(new Set(kept.slice(20))).toEqual(new Set([1_000]));
  });

  it("keep every extreme of their lines in fewer stretches, and go on", () => {
    const series = new Series(1);
    for (let t = 0; t < 100_000; t += 10) series.push(t, [t === 50_000 ? 99 : t % 7]);
    series.coarsen(256);
    expect(series.buckets).toBeLessThanOrEqual(256);
    const rows = series.since(undefined).lines[0]!;
    expect(Math.max(...rows.map(Number))).toBe(99);
    for (let t = 100_000; t < 200_000; t += 10) series.push(t, [3]);
    expect(series.buckets).toBeLessThanOrEqual(256);
  });
});
