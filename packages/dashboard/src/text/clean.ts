// What may stand in a text of a third party (a market's title, a team's name, a venue's reason) and would mislead who reads it:
// control characters, marks that turn the direction of writing, and characters that cannot be seen.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
const UNSEEN =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb]|\udb40[\udc00-\udfff]/g;
const SUSPECT = /[^\u0020-\u007e]/;

/** A text that shows what it says: without control and bidirectional marks or unseen characters, and well-formed. */
export function clean(text: string): string {
  return SUSPECT.test(text) ? text.replace(CONTROL, " ").replace(UNSEEN, "").toWellFormed() : text;
}

/** Deeper than any frame is. */
const DEEPEST = 12;

/**
 * Cleans every text of a received value in place, so that no panel has to think of it. Keys are left alone: the page reads only
 * keys that it knows. What lies too deep to be part of a frame is dropped.
 */
export function cleanAll<T>(value: T, depth = 0): T {
  if (typeof value === "string") return clean(value) as T;
  if (typeof value !== "object" || value === null) return value;
  if (depth > DEEPEST) return undefined as T;
  // Series are long and hold numbers only: one look at the first decides.
  if (Array.isArray(value) && (typeof value[0] === "number" || value[0] === null) && value.length > 256)
    return value.every((each) => typeof each === "number" || each === null) ? value : ([] as T);
  const fields = value as Record<string, unknown>;
  for (const key of Object.keys(fields)) {
    const field = fields[key];
    if (typeof field === "string" || (typeof field === "object" && field !== null))
      fields[key] = cleanAll(field, depth + 1);
  }
  return value;
}
