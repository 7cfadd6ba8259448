/**
 * Small hand-written checks for data that comes from files: no schema library, the path of the first fault, and a shape
 * that TypeScript holds against the type that it claims to check.
 * @module
 */

/**
 * Tells what is wrong with a value, starting with the path to it; `undefined` when nothing is. Nearly everything is sound: paths are put
 * together only for what is not. Without one (the empty text), any answer says that something is wrong.
 */
export type Check = (value: unknown, path: string) => string | undefined;

const UNNAMED = "";
const SOMETHING = "something is wrong";

/** A check for every field of `T`: leaving one out does not compile. */
export type FieldChecks<T> = { readonly [K in keyof Required<T>]: Check };

/** A value for a message: long text is cut, nothing of an object is shown but what it is. */
export function shownValue(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
    case "number":
    case "boolean":
    case "bigint":
      return String(value);
    case "undefined":
      return "nothing";
    default:
      if (value === null) return "null";
      return Array.isArray(value) ? `a list of ${value.length}` : "an object";
  }
}

function expected(what: string, value: unknown, path: string): string {
  return path === UNNAMED ? SOMETHING : `${path}: expected ${what}, got ${shownValue(value)}`;
}

/** An integer in a range (by default any that is exact). */
export function int(min: number = -Number.MAX_SAFE_INTEGER, max: number = Number.MAX_SAFE_INTEGER): Check {
  return (value, path) =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
      ? undefined
      : expected(`an integer from ${min} to ${max}`, value, path);
}

/** A finite number. */
export const finite: Check = (value, path) =>
  Number.isFinite(value) ? undefined : expected("a finite number", value, path);

export const bool: Check = (value, path) =>
  typeof value === "boolean" ? undefined : expected("true or false", value, path);

/** Text, empty or not. */
export const str: Check = (value, path) =>
  typeof value === "string" ? undefined : expected("text", value, path);

/** Text that is not empty. */
export const name: Check = (value, path) =>
  typeof value === "string" && value !== "" ? undefined : expected("text that is not empty", value, path);

/** Anything: plain data that some other room checks. */
export const anything: Check = () => undefined;

export function oneOf(...values: readonly (string | number)[]): Check {
  return (value, path) =>
    values.includes(value as string | number)
      ? undefined
      : expected(`one of ${values.join(", ")}`, value, path);
}

/** A field that may be left out. */
export function optional(check: Check): Check {
  const wrapped: Check = (value, path) => (value === undefined ? undefined : check(value, path));
  return wrapped;
}

export function list(check: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return expected("a list", value, path);
    for (let i = 0; i < value.length; i++) {
      if (check(value[i], UNNAMED) === undefined) continue;
      return path === UNNAMED ? SOMETHING : check(value[i], `${path}[${i}]`);
    }
    return undefined;
  };
}

export function pair(check: Check): Check {
  const items = list(check);
  return (value, path) =>
    Array.isArray(value) && value.length === 2 ? items(value, path) : expected("a pair", value, path);
}

/** Any keys, one check for all values. */
export function record(check: Check): Check {
  return (value, path) => {
    if (!isPlainObject(value)) return expected("an object", value, path);
    for (const key of Object.keys(value)) {
      if (check(value[key], UNNAMED) === undefined) continue;
      return path === UNNAMED ? SOMETHING : check(value[key], `${path}.${shownKey(key)}`);
    }
    return undefined;
  };
}

/** Exactly these fields. */
export function object<T>(fields: FieldChecks<T>): Check {
  const known = Object.entries<Check>(fields);
  const byName = new Map(
    known.map(([key, check]) => [key, { check, needed: check(undefined, UNNAMED) !== undefined }]),
  );
  const needed = [...byName.values()].filter((field) => field.needed).length;
  /** Whether all is sound, at a glance: each field there is known and right, and none is missing. */
  const sound = (value: Readonly<Record<string, unknown>>): boolean => {
    const keys = Object.keys(value);
    let missing = needed;
    for (let i = 0; i < keys.length; i++) {
      const field = byName.get(keys[i]!);
      if (field === undefined || field.check(value[keys[i]!], UNNAMED) !== undefined) return false;
      if (field.needed) missing -= 1;
    }
    return missing === 0;
  };
  return (value, path) => {
    if (!isPlainObject(value)) return expected("an object", value, path);
    if (sound(value)) return undefined;
    for (let i = 0; i < known.length; i++) {
      const [key, check] = known[i]!;
      const field = Object.hasOwn(value, key) ? value[key] : undefined;
      if (check(field, UNNAMED) === undefined) continue;
      return path === UNNAMED ? SOMETHING : check(field, `${path}.${key}`);
    }
    for (const key of Object.keys(value)) {
      if (!byName.has(key)) return `${path}: unknown field ${shownKey(key)}`;
    }
    return undefined;
  };
}

/** One of several objects, told apart by the text in one field. */
export function variants(tag: string, checks: Readonly<Record<string, Check>>): Check {
  const known = new Map(Object.entries(checks));
  return (value, path) => {
    if (!isPlainObject(value)) return expected("an object", value, path);
    const kind = Object.hasOwn(value, tag) ? value[tag] : undefined;
    const check = typeof kind === "string" ? known.get(kind) : undefined;
    return check === undefined
      ? expected(`one of ${[...known.keys()].join(", ")}`, kind, `${path}.${tag}`)
      : check(value, path);
  };
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shownKey(key: string): string {
  return /^\w{1,40}$/.test(key) ? key : shownValue(key);
}
