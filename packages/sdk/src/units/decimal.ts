import { MatchpointError } from "../errors.ts";

const GRAMMAR = /^(-?)(\d{1,16})(?:\.(\d{1,18}))?$/;

/**
 * Reads a plain decimal (`12`, `0.05`, `-3.25`; no exponent, sign `+`, blank, hex or digit group) as an integer
 * count of 10^-scale. Refuses what the scale cannot hold exactly rather than round it.
 *
 * @throws {@link MatchpointError} `UNIT_INVALID`, `UNIT_OVERFLOW`
 */
export function parseDecimal(text: string, scale: number, what: string): number {
  const match = GRAMMAR.exec(text);
  if (match === null) {
    throw new MatchpointError(
      "UNIT_INVALID",
      `${what} ${JSON.stringify(clip(text))} is not a plain decimal number`,
    );
  }
  const fraction = (match[3] ?? "").replace(/0+$/, "");
  if (fraction.length > scale) {
    throw new MatchpointError("UNIT_INVALID", `${what} ${clip(text)} has more than ${scale} decimal places`);
  }
  const value = Number(match[2]! + fraction.padEnd(scale, "0"));
  if (!Number.isSafeInteger(value)) {
    throw new MatchpointError("UNIT_OVERFLOW", `${what} ${clip(text)} is too large`);
  }
  return match[1] === "-" && value !== 0 ? -value : value;
}

/** Writes an integer count of 10^-scale as a plain decimal without trailing zeros. */
export function formatDecimal(value: number, scale: number): string {
  const digits = String(Math.abs(value)).padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, "");
  return `${value < 0 ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

function clip(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
