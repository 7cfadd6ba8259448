/** Before any capture; seconds in place of milliseconds lie before it too. */
const EARLIEST_MS = Date.UTC(2000, 0);
/** After any capture; so do microseconds. */
const LATEST_MS = Date.UTC(2200, 0);

/** A time in Unix milliseconds, stated as a number or in digits; `undefined` for anything else, what is missing above all. */
export function timeOf(value: unknown): number | undefined {
  const digits = typeof value === "string" && /^\d+(\.\d+)?$/.test(value);
  const ms = typeof value === "number" || digits ? Number(value) : NaN;
  return ms >= EARLIEST_MS && ms < LATEST_MS ? ms : undefined;
}

/** A line's JSON object; `undefined` when it is none. */
export function objectOf(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
