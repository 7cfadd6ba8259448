import {
  feeSchedule,
  MatchpointError,
  parseDecimal,
  parsePrice,
  parseShares,
  PRICE_ONE,
  type FeeSchedule,
  type Millis,
  type Price,
  type Shares,
} from "@matchpoint/sdk";

/** A record that cannot be used, as data. */
export interface Refused {
  readonly kind: "refused";
  /** The record's own id, if that much could be read. */
  readonly id: string | undefined;
  readonly reason: string;
}

/** Something in a record that cannot be used: the decoders turn it into a {@link Refused}. */
export function unusable(reason: string): MatchpointError {
  return new MatchpointError("HTTP_RESPONSE_INVALID", reason);
}

/** A refusal for a reason that a reader threw; anything else is thrown on. */
export function refusal(id: string, error: unknown): Refused {
  if (error instanceof MatchpointError) return { kind: "refused", id, reason: error.message };
  throw error;
}

const TIME = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d(?::?\d\d)?)$/;

/** Reads a time as Gamma and the CLOB write it: ISO, or `2026-04-05 15:10:00+00`, which is none. */
export function readTime(text: string, field: string): Millis {
  const match = TIME.exec(text);
  if (match === null) throw unusable(`${field} ${show(text)} is not a time`);
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const days = [
    31,
    year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28,
    31,
    30,
    31,
    30,
    31,
    31,
    30,
    31,
    30,
    31,
  ];
  if (!(day >= 1 && day <= (days[month - 1] ?? 0)) || hour > 23 || minute > 59 || second > 60) {
    throw unusable(`${field} ${show(text)} is not a time that exists`);
  }
  const millis = Number((match[7] ?? "").padEnd(3, "0").slice(0, 3));
  return (Date.UTC(year, month - 1, day, hour, minute, second, millis) - offset(match[8]!)) as Millis;
}

function offset(zone: string): number {
  if (zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(":", "") || 0);
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}

/** Reads a list of texts that Gamma sends as JSON within JSON. */
export function readTexts(value: unknown, field: string): readonly string[] {
  let list: unknown = value;
  if (typeof value === "string") {
    try {
      list = JSON.parse(value);
    } catch {
      throw unusable(`${field} ${show(value)} is not JSON`);
    }
  }
  if (!Array.isArray(list) || !list.every((each) => typeof each === "string")) {
    throw unusable(`${field} is not a list of texts`);
  }
  return list;
}

/** Reads a tick, given as a number or a text. */
export function readTick(value: unknown, field: string): Price {
  const tick = read(() => parsePrice(String(value)), field);
  if (tick === 0 || tick === PRICE_ONE || PRICE_ONE % tick !== 0)
    throw unusable(`${field} ${show(value)} is no tick`);
  return tick;
}

/** Reads an amount of shares, given as a number or a text. */
export function readShares(value: unknown, field: string): Shares {
  return read(() => parseShares(String(value)), field);
}

/** Reads a count of seconds as ms; nothing is none. */
export function readSeconds(value: unknown, field: string): number {
  if (value === undefined || value === null) return 0;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > 3_600) {
    throw unusable(`${field} ${show(value)} is no number of seconds`);
  }
  return value * 1_000;
}

/** Reads a fee schedule from its parts. */
export function readFee(rate: unknown, exponent: unknown, takerOnly: unknown, field: string): FeeSchedule {
  return read(
    () => feeSchedule(parseDecimal(String(rate), 6, "rate"), Number(exponent ?? 1), takerOnly !== false),
    field,
  );
}

function read<T>(run: () => T, field: string): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof MatchpointError ? unusable(`${field}: ${error.message}`) : error;
  }
}

/** A value as it may stand in a message. */
export function show(value: unknown): string {
  if (value === undefined) return "missing";
  const text = typeof value === "object" && value !== null ? "an object" : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
