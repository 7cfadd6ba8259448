import { MatchpointError } from "../../errors.ts";
import type { Millis } from "../../units/index.ts";

const DAY_MS = 86_400_000;
const INSTANT =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?$/;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days from 1970-01-01 to a date of the Gregorian calendar; `month` counts from 1. */
export function dayNumber(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}

/** Whether there is such a date. */
export function isDate(year: number, month: number, day: number): boolean {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day >= 1 && day <= (MONTH_DAYS[month - 1] ?? 0) + (leap ? 1 : 0);
}

/**
 * Reads a point in time: ISO 8601 with an offset (`2026-03-12T13:00:00+03:00`). A text without one says when a clock on some
 * wall showed it, which is no point in time: give the offset of the source's clock, or it is refused. Dates alone are midnight.
 *
 * @throws `MatchpointError` `UNIT_INVALID`
 * @example
 * ```ts
 * import { readInstant } from "@matchpoint/sdk";
 * const same = readInstant("2026-03-12 13:00:00", "+03:00") === readInstant("2026-03-12T10:00:00Z");
 * ```
 */
export function readInstant(text: string, offset?: string): Millis {
  const match = INSTANT.exec(text.trim());
  const zone = match?.[8] ?? offset;
  if (match === null || zone === undefined) {
    throw new MatchpointError("UNIT_INVALID", `${JSON.stringify(text.slice(0, 60))} is no point in time`, {
      hint: "write it as 2026-03-12T13:00:00+03:00, or say which offset the source's clock has",
    });
  }
  const part = (index: number): number => Number(match[index] ?? 0);
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map(part) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (!isDate(year, month, day) || hour > 23 || minute > 59 || second > 59)
    throw new MatchpointError("UNIT_INVALID", `${JSON.stringify(text)} is no time that exists`);
  const ms = Number((match[7] ?? "").padEnd(3, "0").slice(0, 3));
  const ofDay = hour * 3_600_000 + minute * 60_000 + second * 1_000 + ms;
  return (dayNumber(year, month, day) * DAY_MS + ofDay - offsetMs(zone)) as Millis;
}

function offsetMs(zone: string): number {
  if (zone === "Z") return 0;
  const match = /^([+-])(\d\d)(?::?(\d\d))?$/.exec(zone);
  if (match === null || Number(match[2]) > 14 || Number(match[3] ?? 0) > 59)
    throw new MatchpointError("UNIT_INVALID", `${JSON.stringify(zone)} is no offset from UTC`);
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return (match[1] === "-" ? -minutes : minutes) * 60_000;
}

/** A stretch of time in words: `26 h`, `45 min`, `9 days`. */
export function inWords(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 90) return `${minutes} min`;
  const hours = ms / 3_600_000;
  if (hours < 72) return `${hours.toFixed(1).replace(/\.0$/, "")} h`;
  return `${(hours / 24).toFixed(1).replace(/\.0$/, "")} days`;
}
