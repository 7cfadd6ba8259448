/** One look at the bot. Sizes in bytes. */
export interface Look {
  /** Since the soak began. */
  readonly seconds: number;
  readonly rss: number;
  /** Of the main thread, right after a collection; absent where none was made. */
  readonly heap?: number;
  /** Heaps of its other threads, not collected. */
  readonly threads: number;
  /** Files and sockets that the process holds open; absent where the system does not say. */
  readonly files?: number;
  readonly sockets?: number;
  readonly journal: number;
  readonly log: number;
  /** Events that wait in its queues, and that queues have dropped since it began. */
  readonly queued: number;
  readonly dropped: number;
  readonly events: number;
  readonly orders: number;
  /** Markets that are not resolved. */
  readonly markets: number;
  /** Looks at the event loop since the look before, and how many of them found it late by more than {@link LATE_MS}. */
  readonly loop: { readonly count: number; readonly late: number };
  /** What the bot's own metrics say of the loop since the look before, in ms; absent right after a collection. */
  readonly delay?: { readonly p50: number; readonly p99: number; readonly max: number };
}

/** What became of a soak. */
export interface Soaked {
  readonly looks: readonly Look[];
  /** How many markets were to be alive all the time. */
  readonly markets: number;
  /** Errors and rejections that nobody caught. */
  readonly uncaught: readonly string[];
  /** Why it was over before its time; absent: it was not. */
  readonly early?: string;
}

/** What was asked of a soak, and whether it is so. */
export interface Check {
  readonly id: string;
  readonly ok: boolean;
  readonly found: string;
  readonly limit: string;
}

/** A value at a time. */
interface Point {
  readonly seconds: number;
  readonly value: number;
}

/** How fast something grows, per hour, and between which bounds that is (95 %). */
export interface Growth {
  readonly perHour: number;
  readonly from: number;
  readonly to: number;
}

/** A loop is late that is later than this. */
export const LATE_MS = 20;
const MB = 1_000_000;
/**
 * What memory may grow by in a day, at most, to count as flat. Of the heap a gigabyte lasts a week. What the process holds comes and
 * goes by as much as its threads put off collecting: an hour does not tell it more exactly.
 */
const DAY_MB = { heap: 128, resident: 1_024 };
/** In so many parts resident memory is judged by the least of each: what was not collected yet is not held. */
const FLOORS = 20;
/**
 * Memory is not judged by the first half, nor by the first minutes: orders that are over are kept for ten, and of those before, the
 * latest 20,000 are remembered, which takes forty.
 */
const WARM_UP = { share: 1 / 2, seconds: 12 * 60 };
/** The loop is judged as a whole and in as many parts: one that gets slower is not hidden by its beginning. */
const PARTS = 6;
const LATE_SHARE = 0.01;
/** By how many files and sockets may be known to grow in an hour. */
const FILES_AN_HOUR = 6;
/** What part of the markets has to be alive, at the median: a match that is over is replaced within seconds. */
const ALIVE = 0.9;

/** Judges a soak: all of it has to be so. */
export function judge({ looks, markets, uncaught, early }: Soaked): readonly Check[] {
  const heap = looks.flatMap(({ seconds, heap: value }) => (value === undefined ? [] : [{ seconds, value }]));
  const rss = floors(warm(looks.map(({ seconds, rss: value }) => ({ seconds, value }))));
  return [
    { id: "to the end", ok: early === undefined, found: early ?? "yes", limit: "not over before its time" },
    flat("heap after GC", warm(heap), DAY_MB.heap),
    flat("resident memory", rss, DAY_MB.resident),
    inTime("event loop p99", looks, "in all"),
    worstPart(looks),
    {
      id: "unhandled",
      ok: uncaught.length === 0,
      found: uncaught.length === 0 ? "0" : `${uncaught.length}: ${uncaught[0]!}`,
      limit: "0 errors or rejections",
    },
    held("open files", looks, ({ files }) => files),
    held("sockets", looks, ({ sockets }) => sockets),
    {
      id: "queues",
      ok: looks.length > 0 && looks.at(-1)!.dropped === 0,
      found: `${looks.at(-1)?.dropped ?? "no"} dropped, at most ${most(looks.map(({ queued }) => queued))} waiting`,
      limit: "0 dropped",
    },
    traded(looks, markets),
  ];
}

/**
 * How fast values grow: the least squares line, its bounds by Student's t with as many observations as are independent of each other
 * (n (1 - r) / (1 + r) with r the correlation of neighbouring residuals). `undefined` with less than five observations.
 */
export function growth(points: readonly Point[]): Growth | undefined {
  const n = points.length;
  if (n < 5) return undefined;
  const hours = points.map(({ seconds }) => seconds / 3_600);
  const x = mean(hours);
  const y = mean(points.map(({ value }) => value));
  const spread = sum(hours.map((each) => (each - x) ** 2));
  if (spread === 0) return undefined;
  const slope = sum(points.map(({ value }, i) => (hours[i]! - x) * (value - y))) / spread;
  const rest = points.map(({ value }, i) => value - y - slope * (hours[i]! - x));
  const squares = sum(rest.map((each) => each ** 2));
  const neighbours = squares === 0 ? 0 : sum(rest.slice(1).map((each, i) => each * rest[i]!)) / squares;
  const r = Math.min(0.95, Math.max(0, neighbours));
  const independent = Math.max(4, (n * (1 - r)) / (1 + r));
  const freedom = independent - 2;
  const error = Math.sqrt(((squares / (n - 2)) * (n / independent)) / spread);
  const reach = student(freedom) * error;
  return { perHour: slope, from: slope - reach, to: slope + reach };
}

/** The looks that memory is judged by. */
export function warm(points: readonly Point[]): readonly Point[] {
  const [first, last] = [points[0]?.seconds ?? 0, points.at(-1)?.seconds ?? 0];
  const from = first + Math.max(WARM_UP.seconds, (last - first) * WARM_UP.share);
  return points.filter(({ seconds }) => seconds >= from);
}

/** The least value of each of twenty parts. */
function floors(points: readonly Point[]): readonly Point[] {
  const each = points.length / FLOORS;
  if (each < 1) return points;
  return Array.from({ length: FLOORS }, (_, n) =>
    points
      .slice(Math.floor(n * each), Math.floor((n + 1) * each))
      .reduce((least, point) => (point.value < least.value ? point : least)),
  );
}

/** Flat is what is known to grow by less than the limit; what nobody can tell yet is not. */
function flat(id: string, points: readonly Point[], dayMb: number): Check {
  const limit = `less than ${dayMb} MB a day (95 %)`;
  const found = growth(points);
  if (found === undefined) return { id, ok: false, found: "too short to tell", limit };
  const day = (perHour: number): string => signed((perHour * 24) / MB);
  const ok = found.to * 24 < dayMb * MB;
  const unknown = !ok && found.from * 24 < dayMb * MB ? ": too short to tell" : "";
  return {
    id,
    ok,
    found: `${signed(found.perHour / MB)} MB/h, ${day(found.from)} to ${day(found.to)} MB a day${unknown}`,
    limit,
  };
}

function inTime(id: string, looks: readonly Look[], what: string): Check {
  const [count, late] = [sum(looks.map(({ loop }) => loop.count)), sum(looks.map(({ loop }) => loop.late))];
  const share = late / count;
  return {
    id,
    ok: count > 0 && share <= LATE_SHARE,
    found:
      count === 0 ? "nobody looked" : `${what} ${(share * 100).toFixed(2)} % of ${count} looks were later`,
    limit: `${LATE_MS} ms: at most 1 % later`,
  };
}

function worstPart(looks: readonly Look[]): Check {
  const end = looks.at(-1)?.seconds ?? 0;
  const parts = Array.from({ length: PARTS }, (_, part) =>
    looks.filter(
      ({ seconds }) => seconds > (end * part) / PARTS && seconds <= (end * (part + 1)) / PARTS + 1e-9,
    ),
  );
  const checks = parts.map((part, n) =>
    inTime("event loop p99, worst part", part, `in part ${n + 1} of ${PARTS}`),
  );
  const share = (part: readonly Look[]): number => {
    const count = sum(part.map(({ loop }) => loop.count));
    return count === 0 ? Infinity : sum(part.map(({ loop }) => loop.late)) / count;
  };
  const worst = parts.reduce((so, part, n) => (share(part) > share(parts[so]!) ? n : so), 0);
  return checks[worst]!;
}

function held(id: string, looks: readonly Look[], of: (look: Look) => number | undefined): Check {
  const known = looks.flatMap((look) => {
    const value = of(look);
    return value === undefined ? [] : [{ seconds: look.seconds, value }];
  });
  const limit = `not known (95 %) to grow by ${FILES_AN_HOUR} an hour`;
  if (known.length === 0) return { id, ok: true, found: "not known on this system", limit };
  const found = growth(floors(warm(known)));
  if (found === undefined) return { id, ok: false, found: "too short to tell", limit };
  const [first, last] = [known[0]!.value, known.at(-1)!.value];
  return {
    id,
    ok: found.from < FILES_AN_HOUR,
    found: `${signed(found.perHour)} an hour, at least ${signed(found.from)}; ${first} to ${last} in all`,
    limit,
  };
}

/** A bot that does nothing needs no memory: it has to have traded, on markets that were alive, to the end. */
function traded(looks: readonly Look[], markets: number): Check {
  const third = Math.ceil(looks.length / 3);
  const parts = [looks.slice(0, third), looks.slice(third, 2 * third), looks.slice(2 * third)];
  const made = parts.map((part) => (part.length < 2 ? 0 : part.at(-1)!.orders - part[0]!.orders));
  const alive = median(looks.map((look) => look.markets));
  return {
    id: "traded",
    ok: made.every((each) => each > 0) && alive >= markets * ALIVE,
    found: `${alive} markets alive, ${made.join(", ")} orders by thirds`,
    limit: `${markets} markets, orders all the time`,
  };
}

/** The 97.5 % point of Student's t, by its expansion around the normal one. */
function student(freedom: number): number {
  const z = 1.959964;
  const g1 = (z ** 3 + z) / 4;
  const g2 = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const g3 = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  return z + g1 / freedom + g2 / freedom ** 2 + g3 / freedom ** 3;
}

const sum = (values: readonly number[]): number => values.reduce((so, each) => so + each, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
const most = (values: readonly number[]): number => values.reduce((so, each) => Math.max(so, each), 0);
const signed = (value: number): string => `${value > 0 ? "+" : ""}${value.toFixed(1)}`;

/** The middle one of the values; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
