const MARK = "number:";

/** A number that is written out digit by digit, also where a `number` of JavaScript could not hold it. */
export function raw(digits: string | bigint): string {
  return `${MARK}${digits}`;
}

/** JSON in which {@link raw} numbers stand as numbers. */
export function rawJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(new RegExp(`"${MARK}(\\d+)"`, "g"), "$1");
}
