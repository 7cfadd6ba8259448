import { isJson, type Tally } from "./frame.ts";

/** The fields of an object that are known: `true` for one whose value is not looked into. */
export interface KnownFields {
  readonly [field: string]: true | KnownFields;
}

/**
 * Counts fields that nobody has heard of, by their path: a provider that changes its format is noticed before it matters.
 * Every element of an array is looked at as its array's entry says.
 */
export function countUnknown(value: unknown, known: KnownFields, unknown: Tally, path = ""): void {
  if (Array.isArray(value)) {
    for (const each of value as readonly unknown[]) countUnknown(each, known, unknown, path);
    return;
  }
  if (!isJson(value)) return;
  for (const field of Object.keys(value)) {
    const entry = Object.hasOwn(known, field) ? known[field] : undefined;
    if (entry === undefined) unknown.add(path + field);
    else if (entry !== true) countUnknown(value[field], entry, unknown, `${path}${field}.`);
  }
}

/** Fields whose values are not looked into. */
export function plain<T extends string>(...fields: readonly T[]): Readonly<Record<T, true>> {
  return Object.fromEntries(fields.map((field) => [field, true])) as Record<T, true>;
}
