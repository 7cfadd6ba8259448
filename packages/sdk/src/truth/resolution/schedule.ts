import type { Millis } from "../../units/index.ts";
import { dayNumber, isDate } from "../identity/times.ts";

const MONTHS = "january february march april may june july august september october november december".split(
  " ",
);
const WHEN =
  /^(?<month>[a-z]+) (?<day>\d{1,2})(?:st|nd|rd|th)?(?:,? (?<year>\d{4}))?,? (?:at )?(?<hour>\d{1,2})(?::(?<minute>\d\d))? ?(?<half>am|pm) (?<zone>et|utc|gmt)$/;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** The day of a month's n-th Sunday. */
function sunday(year: number, month: number, nth: number): number {
  // 1970-01-01 was a Thursday.
  const weekday = (((dayNumber(year, month, 1) + 4) % 7) + 7) % 7;
  return 1 + ((7 - weekday) % 7) + (nth - 1) * 7;
}

/** Hours that New York is behind UTC at a local time: 4 from the second Sunday of March to the first of November, else 5. */
function easternOffset(year: number, month: number, day: number, hour: number): number {
  const at = month * 10_000 + day * 100 + hour;
  const from = 3 * 10_000 + sunday(year, 3, 2) * 100 + 2;
  const until = 11 * 10_000 + sunday(year, 11, 1) * 100 + 2;
  return at >= from && at < until ? 4 : 5;
}

/**
 * Reads when a text says that a match is scheduled: `march 4 at 11:00pm et`. A date without a year is the one nearest to `near`.
 * `undefined` when it is not of this form, or names no time that exists.
 */
export function readSchedule(text: string, near: Millis): Millis | undefined {
  const parts = WHEN.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const month = MONTHS.indexOf(parts["month"]!) + 1;
  const [day, clock, minute] = [Number(parts["day"]), Number(parts["hour"]), Number(parts["minute"] ?? 0)];
  if (month === 0 || clock < 1 || clock > 12 || minute > 59) return undefined;
  const hour = (clock % 12) + (parts["half"] === "pm" ? 12 : 0);
  const around = 1970 + Math.floor(near / (365.2425 * DAY_MS));
  const years = parts["year"] === undefined ? [around - 1, around, around + 1] : [Number(parts["year"])];
  const times = years
    .filter((year) => isDate(year, month, day))
    .map((year) => {
      const behind = parts["zone"] === "et" ? easternOffset(year, month, day, hour) : 0;
      return dayNumber(year, month, day) * DAY_MS + (hour + behind) * HOUR_MS + minute * 60_000;
    });
  if (times.length === 0) return undefined;
  return times.reduce((best, time) =>
    Math.abs(time - near) < Math.abs(best - near) ? time : best,
  ) as Millis;
}
