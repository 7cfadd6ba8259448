import { describe, expect, it } from "vitest";
import { growth, judge, type Look, type Soaked } from "../../scripts/soak/judge.ts";
import { Metrics } from "../../scripts/soak/metrics.ts";

const MB = 1_000_000;
/** Numbers from -1 to 1 that look like chance and are always the same. */
const noise = (n: number): number =>
  Math.sin(n * 12.9898) * 43_758.5453 - 2 * Math.round(Math.sin(n * 12.9898) * 21_879.2727);

/** An hour in which nothing is wrong, looked at every five seconds; `over` says what is. */
function hour(over: (seconds: number, n: number) => Partial<Look> = () => ({})): Look[] {
  return Array.from({ length: 720 }, (_, i) => {
    const seconds = (i + 1) * 5;
    // It grows while caches fill, and then no more.
    const grown = 15 * MB * (1 - Math.exp(-seconds / 300));
    return {
      seconds,
      rss: 400 * MB + grown + noise(i) * 3 * MB,
      ...(i % 12 === 0 ? { heap: 70 * MB + grown + noise(i) * MB } : {}),
      threads: 60 * MB,
      files: 30 + (i % 2),
      sockets: 10 + (i % 3),
      journal: seconds * MB,
      log: seconds * 1_000,
      queued: i % 4,
      dropped: 0,
      events: seconds * 700,
      orders: seconds * 15,
      markets: i % 50 === 0 ? 16 : 20,
      loop: { count: 500, late: i % 3 },
      delay: { p50: 0.1, p99: 8, max: 40 },
      ...over(seconds, i),
    };
  });
}

function failed(soaked: Partial<Soaked> & Pick<Soaked, "looks">): string[] {
  return judge({ markets: 20, uncaught: [], ...soaked })
    .filter(({ ok }) => !ok)
    .map(({ id }) => id);
}

describe("a soak", () => {
  it("is passed by a run that is flat, in time and sound", () => {
    expect(failed({ looks: hour() })).toEqual([]);
  });

  it("finds what leaks: eight megabytes an hour beneath noise, and what begins to leak late", () => {
    const leak = (perHour: number, from = 0) =>
      hour((seconds, n) => {
        const more = (perHour * MB * Math.max(0, seconds - from)) / 3_600;
        return n % 12 === 0 ? { heap: 85 * MB + more + noise(n) * MB } : {};
      });
    expect(failed({ looks: leak(8) })).toEqual(["heap after GC"]);
    expect(failed({ looks: leak(40, 2_400) })).toEqual(["heap after GC"]);
    expect(failed({ looks: leak(2) })).toEqual([]);
    // Collected now and then: a saw's teeth are no growth, what rises beneath them is.
    const saw = (perHour: number) =>
      hour((seconds, n) => ({
        rss: 400 * MB + (perHour * MB * seconds) / 3_600 + (seconds % 100) * MB + noise(n) * 3 * MB,
      }));
    expect(failed({ looks: saw(60) })).toEqual(["resident memory"]);
    expect(failed({ looks: saw(5) })).toEqual([]);
    const found = judge({ looks: leak(8), markets: 20, uncaught: [] }).find(
      ({ id }) => id === "heap after GC",
    )!;
    const [, from, to] = /^\+\d+\.\d MB\/h, \+(\S+) to \+(\S+) MB a day$/.exec(found.found)!;
    // The true one, 192 MB a day, is between its bounds.
    expect(Number(from)).toBeLessThan(8 * 24);
    expect(Number(to)).toBeGreaterThan(8 * 24);
  });

  it("does not call flat what is too short or too noisy to tell", () => {
    // Ten minutes: orders are kept for as long, so that it grows all the time.
    const short = hour().slice(0, 120);
    const check = judge({ looks: short, markets: 20, uncaught: [] }).find(
      ({ id }) => id === "heap after GC",
    )!;
    expect(check).toMatchObject({ ok: false, found: "too short to tell" });
    const wild = hour((_seconds, n) => (n % 12 === 0 ? { heap: 70 * MB + noise(n) * 60 * MB } : {}));
    const unknown = judge({ looks: wild, markets: 20, uncaught: [] }).find(
      ({ id }) => id === "heap after GC",
    )!;
    expect(unknown.ok).toBe(false);
    expect(unknown.found).toMatch(/too short to tell$/);
  });

  it("finds a loop that is late: all the time, or in one part of it alone", () => {
    const late = (from: number, to: number, share: number) =>
      hour((seconds) =>
        seconds > from && seconds <= to ? { loop: { count: 500, late: Math.round(500 * share) } } : {},
      );
    expect(failed({ looks: late(0, 3_600, 0.012) })).toEqual([
      "event loop p99",
      "event loop p99, worst part",
    ]);
    expect(failed({ looks: late(3_000, 3_600, 0.02) })).toEqual(["event loop p99, worst part"]);
    expect(failed({ looks: late(0, 3_600, 0.008) })).toEqual([]);
    expect(failed({ looks: hour(() => ({ loop: { count: 0, late: 0 } })) })).toEqual([
      "event loop p99",
      "event loop p99, worst part",
    ]);
  });

  it("takes sockets that come and go with their markets for what they are", () => {
    expect(failed({ looks: hour((seconds) => ({ sockets: 12 + (Math.floor(seconds / 240) % 8) })) })).toEqual(
      [],
    );
  });

  it("finds files and sockets that are not closed, events that were dropped, errors that nobody caught", () => {
    expect(failed({ looks: hour((seconds) => ({ sockets: 10 + Math.floor(seconds / 300) })) })).toEqual([
      "sockets",
    ]);
    expect(failed({ looks: hour((seconds) => ({ files: 30 + Math.floor(seconds / 300) })) })).toEqual([
      "open files",
    ]);
    expect(failed({ looks: hour((seconds) => ({ dropped: seconds > 3_000 ? 1 : 0 })) })).toEqual(["queues"]);
    expect(failed({ looks: hour(), uncaught: ["Error: x"] })).toEqual(["unhandled"]);
    expect(failed({ looks: hour(), early: "it ended with 70" })).toEqual(["to the end"]);
  });

  it("is not passed by a bot that stops trading, nor on markets that are over", () => {
    const idle = hour((seconds) => ({ orders: Math.min(seconds, 2_000) * 15 }));
    expect(failed({ looks: idle })).toEqual(["traded"]);
    expect(failed({ looks: hour(() => ({ markets: 16 })) })).toEqual(["traded"]);
    expect(failed({ looks: [] })).toContain("traded");
  });
});

describe("the growth of a series", () => {
  it("is its slope, with bounds that hold the true one, wider for values that follow one another", () => {
    const line = Array.from({ length: 40 }, (_, n) => ({ seconds: n * 60, value: 5 * (n / 60) }));
    const exact = growth(line)!;
    for (const value of [exact.perHour, exact.from, exact.to]) expect(value).toBeCloseTo(5, 9);
    const rough = growth(line.map(({ seconds, value }, n) => ({ seconds, value: value + noise(n) })))!;
    expect(rough.from).toBeLessThan(5);
    expect(rough.to).toBeGreaterThan(5);
    const waves = growth(line.map(({ seconds, value }, n) => ({ seconds, value: value + Math.sin(n / 5) })))!;
    const width = ({ from, to }: { readonly from: number; readonly to: number }): number => to - from;
    expect(width(waves)).toBeGreaterThan(2 * width(rough));
    expect(growth(line.slice(0, 4))).toBeUndefined();
  });
});

it("reads a page of metrics, and says what it lacks", () => {
  const page = new Metrics(
    '# HELP markets x\nmarkets{state="LIVE"} 3\nmarkets{state="RESOLVED"} 9\nmarkets_other 7\nmax{q="1"} 1.5e3\n',
  );
  expect(page.sum("markets")).toBe(12);
  expect(page.sum("markets", /RESOLVED/)).toBe(3);
  expect(page.of('max{q="1"}')).toBe(1_500);
  expect(() => page.of("none")).toThrow(/no none/);
});
