// Numbers as the page shows them. Money arrives as integers (micro-dollars, micro-shares, prices in 1/10,000) and becomes text here
// and nowhere else. The minus is U+2212, as wide as the plus, so that columns stay aligned.

const MINUS = "\u2212";
/** What stands for a value that is not known. */
export const NONE = "\u2013";

/** Digits in groups of three: `12,345`. */
function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ",");
}

function signOf(negative: boolean, signed: boolean): string {
  return negative ? MINUS : signed ? "+" : "";
}

/** An integer of 10^-`scale` units, rounded half away from zero to `decimals`, without passing through a float. */
function fixed(value: number, scale: number, decimals: number, signed: boolean, unit = ""): string {
  const step = 10 ** (scale - decimals);
  const rounded = Math.round(Math.abs(value) / step);
  const digits = String(rounded).padStart(decimals + 1, "0");
  const whole = grouped(digits.slice(0, digits.length - decimals));
  const rest = decimals === 0 ? "" : `.${digits.slice(-decimals)}`;
  return `${signOf(value < 0 && rounded !== 0, signed && rounded !== 0)}${unit}${whole}${rest}`;
}

/** Micro-dollars to the cent: `$1,234.50`, signed `+$0.25`. */
export function money(micro: number | null | undefined, signed = false): string {
  return micro === null || micro === undefined ? NONE : fixed(micro, 6, 2, signed, "$");
}

/** Micro-dollars with as many decimals as they have, at least two: nothing is hidden below a cent. */
export function exactMoney(micro: number | null | undefined, signed = false): string {
  if (micro === null || micro === undefined) return NONE;
  let decimals = 2;
  while (decimals < 6 && micro % 10 ** (6 - decimals) !== 0) decimals++;
  return fixed(micro, 6, decimals, signed, "$");
}

/** Micro-shares, whole where they are whole, else to a tenth, below ten to a hundredth. */
export function shares(micro: number | null | undefined): string {
  if (micro === null || micro === undefined) return NONE;
  if (micro % 1_000_000 === 0) return fixed(micro, 6, 0, false);
  return fixed(micro, 6, Math.abs(micro) < 10_000_000 ? 2 : 1, false);
}

/** A price in 1/10,000 of a dollar with the decimals of its tick: `0.47`, `0.475`. */
export function price(value: number | null | undefined, tick = 100): string {
  return value === null || value === undefined ? NONE : fixed(value, 4, decimalsOfTick(tick), false);
}

function decimalsOfTick(tick: number): number {
  for (let decimals = 1; decimals < 4; decimals++) if (tick % 10 ** (4 - decimals) === 0) return decimals;
  return 4;
}

/** A probability from 0 to 1 as `0.613`. */
export function probability(value: number | null | undefined, decimals = 3): string {
  return value === null || value === undefined || !Number.isFinite(value) ? NONE : value.toFixed(decimals);
}

/** A number with a sign, as `+0.031`. */
export function signed(value: number | null | undefined, decimals: number, unit = ""): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  const text = Math.abs(value).toFixed(decimals);
  const zero = Number(text) === 0;
  return `${signOf(value < 0 && !zero, !zero)}${text}${unit}`;
}

/** `1234567` as `1,234,567`. */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? NONE : fixed(value, 0, 0, false);
}

/** Milliseconds in the unit that a person would take: `0.4 ms`, `38 ms`, `1.24 s`, `2:05`. */
export function lapse(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return NONE;
  const size = Math.abs(ms);
  const sign = ms < 0 ? MINUS : "";
  if (size < 9.95) return `${sign}${size.toFixed(1)} ms`;
  if (size < 999.5) return `${sign}${String(Math.round(size))} ms`;
  if (size < 59_995) return `${sign}${(size / 1_000).toFixed(size < 9_995 ? 2 : 1)} s`;
  return sign + clock(Math.round(size / 1_000) * 1_000);
}

/** A length of time as `2:05` or `1:02:05`. */
export function clock(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1_000);
  const two = (value: number): string => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** Unix ms as time of day in UTC, like the journal's: `18:03:22`, to the millisecond `18:03:22.481`. */
export function timeOfDay(unixMs: number | null | undefined, millis = false): string {
  if (unixMs === null || unixMs === undefined || !Number.isFinite(unixMs)) return NONE;
  const text = isoOf(unixMs);
  return millis ? text.slice(11, 23) : text.slice(11, 19);
}

/** Unix ms as `2026-11-23 18:03:22 UTC`. */
export function dateTime(unixMs: number): string {
  const text = isoOf(unixMs);
  return `${text.slice(0, 10)} ${text.slice(11, 19)} UTC`;
}

/** The last moment that a date can name. */
const LATEST_MS = 8.64e15;

function isoOf(unixMs: number): string {
  const ms = Math.min(LATEST_MS, Math.max(0, unixMs));
  const text = new Date(ms).toISOString();
  return text.startsWith("+") ? text.slice(3) : text;
}

/** A long id by its beginning and its end; a short one whole. */
export function shortId(id: string): string {
  return id.length <= 16 ? id : `${id.slice(0, 8)}\u2026${id.slice(-6)}`;
}

/** `1 order`, `2 orders`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A share of a whole as `34 %`. */
export function percent(value: number | null | undefined, decimals = 0): string {
  return value === null || value === undefined || !Number.isFinite(value)
    ? NONE
    : `${(value * 100).toFixed(decimals)} %`;
}
