import { PRICE_ONE } from "@matchpoint/sdk";
import { ABSENT } from "./stage.ts";

/**
 * A decimal as the venue writes it: digits with at most one point among or before them. No sign, exponent or blank: what is not
 * written like this is not a number here, whatever a parser would make of it.
 */
export const WIRE_DECIMAL = /^(\d{0,16})(?:\.(\d{1,18}))?$/;
/** Milliseconds since 1970, as text. */
export const WIRE_MILLIS = /^\d{1,16}$/;

/** Decimal places of a price at most. */
export const PRICE_PLACES = 4;
/** Decimal places of a size at most. */
export const SIZE_PLACES = 6;

/** Reads a price in ten-thousandths; -1 when it is not one from 0 to 1 with at most four places. */
export function wirePrice(text: unknown): number {
  const value = scaled(text, PRICE_PLACES);
  return value <= PRICE_ONE ? value : -1;
}

/** Reads a size in millionths; -1 when it is not one with at most six places, or beyond 2^53. */
export function wireSize(text: unknown): number {
  return scaled(text, SIZE_PLACES);
}

/** Reads a price that may be left out or `""`: {@link ABSENT} then, and -2 when it is there and wrong. */
export function wireOptionalPrice(text: unknown): number {
  if (text === undefined || text === null || text === "") return ABSENT;
  const value = wirePrice(text);
  return value < 0 ? -2 : value;
}

/** Reads a tick: a price that divides a dollar into equal steps; -1 when it is not one. */
export function wireTick(text: unknown): number {
  const value = wirePrice(text);
  return isTick(value) ? value : -1;
}

/** Whether a price in ten-thousandths can be a tick. */
export function isTick(value: number): boolean {
  return value > 0 && value < PRICE_ONE && PRICE_ONE % value === 0;
}

/** Reads a time in Unix milliseconds; -1 when it is not one. */
export function wireMillis(text: unknown): number {
  if (typeof text !== "string" || !WIRE_MILLIS.test(text)) return -1;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : -1;
}

function scaled(text: unknown, places: number): number {
  if (typeof text !== "string" || text.length > 40) return -1;
  const match = WIRE_DECIMAL.exec(text);
  if (match === null) return -1;
  const whole = match[1]!;
  const fraction = match[2] ?? "";
  if (whole === "" && fraction === "") return -1;
  const kept = fraction.slice(0, places);
  if (/[^0]/.test(fraction.slice(places))) return -1;
  const value = Number(whole + kept.padEnd(places, "0"));
  return Number.isSafeInteger(value) ? value : -1;
}
