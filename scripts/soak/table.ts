import { growth, median, warm, type Check, type Look } from "./judge.ts";

interface Row {
  readonly name: string;
  readonly of: (look: Look) => number | undefined;
  /** What is printed of it: megabytes, or as it is. */
  readonly unit: 1 | 1_000_000;
  readonly digits: number;
}

const MB = 1_000_000;
const ROWS: readonly Row[] = [
  { name: "heap after GC, MB", of: ({ heap }) => heap, unit: MB, digits: 1 },
  { name: "resident memory, MB", of: ({ rss }) => rss, unit: MB, digits: 1 },
  { name: "heaps of other threads, MB", of: ({ threads }) => threads, unit: MB, digits: 1 },
  { name: "loop delay p50, ms", of: ({ delay }) => delay?.p50, unit: 1, digits: 1 },
  { name: "loop delay p99, ms", of: ({ delay }) => delay?.p99, unit: 1, digits: 1 },
  { name: "loop delay max, ms", of: ({ delay }) => delay?.max, unit: 1, digits: 1 },
  { name: "events waiting", of: ({ queued }) => queued, unit: 1, digits: 0 },
  { name: "open files", of: ({ files }) => files, unit: 1, digits: 0 },
  { name: "sockets", of: ({ sockets }) => sockets, unit: 1, digits: 0 },
  { name: "markets alive", of: ({ markets }) => markets, unit: 1, digits: 0 },
  { name: "events", of: ({ events }) => events, unit: 1, digits: 0 },
  { name: "orders", of: ({ orders }) => orders, unit: 1, digits: 0 },
  { name: "journal, MB", of: ({ journal }) => journal, unit: MB, digits: 1 },
  { name: "log, MB", of: ({ log }) => log, unit: MB, digits: 2 },
];

/** The figures of a soak as a table, and what was asked of it. */
export function table(looks: readonly Look[], checks: readonly Check[]): string {
  const lines = [
    line("", "first", "median", "most", "last", "an hour (95 %, once warm)"),
    ...ROWS.map(({ name, of, unit, digits }) => {
      const points = looks.flatMap((look) => {
        const value = of(look);
        return value === undefined ? [] : [{ seconds: look.seconds, value: value / unit }];
      });
      if (points.length === 0) return line(name, "-", "-", "-", "-", "-");
      const values = points.map(({ value }) => value);
      const shown = (value: number): string => value.toFixed(digits);
      const found = growth(warm(points));
      const slope = (value: number): string => `${value > 0 ? "+" : ""}${value.toFixed(1)}`;
      return line(
        name,
        shown(values[0]!),
        shown(median(values)),
        shown(values.reduce((so, each) => Math.max(so, each))),
        shown(values.at(-1)!),
        found === undefined ? "-" : `${slope(found.perHour)} (${slope(found.from)} to ${slope(found.to)})`,
      );
    }),
    "",
    ...checks.map(
      ({ id, ok, found, limit }) => `${ok ? "ok  " : "FAIL"}  ${id.padEnd(28)} ${found} (${limit})`,
    ),
  ];
  return lines.join("\n");
}

function line(name: string, ...columns: readonly string[]): string {
  const last = columns.at(-1)!;
  const numbers = columns.slice(0, -1).map((each) => each.padStart(10));
  return `${name.padEnd(28)}${numbers.join("")}  ${last}`;
}
