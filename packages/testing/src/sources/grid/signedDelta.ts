/** Plain JSON with names. */
export interface Json {
  [name: string]: unknown;
}

/** Which thing a change is about; never a change itself. */
const IDENTITY: ReadonlySet<string> = new Set(["id", "type", "sequenceNumber", "ticksBackwards"]);

/**
 * What GRID calls a delta: numbers are signed increments, flags and texts are absolute, lists are keyed by `id` and hold
 * what has changed. `undefined` when nothing has.
 */
export function signedDelta(before: unknown, after: unknown): unknown {
  if (typeof after === "number") {
    const was = typeof before === "number" ? before : 0;
    return after === was ? undefined : after - was;
  }
  if (Array.isArray(after))
    return listDelta(Array.isArray(before) ? (before as Json[]) : [], after as Json[]);
  if (!isJson(after)) {
    const nothing = before === undefined && (after === false || after === "" || after === null);
    return nothing || after === before ? undefined : after;
  }
  const was = isJson(before) ? before : {};
  const changes = Object.entries(after).flatMap(([name, value]) => {
    if (IDENTITY.has(name)) return [];
    const change = signedDelta(was[name], value);
    return change === undefined ? [] : [[name, change] as const];
  });
  if (changes.length === 0) return undefined;
  const known = Object.entries(after).filter(([name]) => IDENTITY.has(name) && name !== "sequenceNumber");
  const numbered = after["type"] === "round" || after["type"] === "freezetime";
  const number = numbered ? { sequenceNumber: after["sequenceNumber"] } : {};
  return { ...Object.fromEntries(known), ...number, ...Object.fromEntries(changes) };
}

function listDelta(before: readonly Json[], after: readonly Json[]): unknown {
  const changes = after.flatMap((item) => {
    const change = signedDelta(
      before.find((other) => other["id"] === item["id"]),
      item,
    );
    return change === undefined ? [] : [change];
  });
  // What has gone is said to have ended: GRID removes it from the state without a word of its own.
  const gone = before.filter((item) => !after.some((other) => other["id"] === item["id"]));
  for (const item of gone) changes.push({ id: item["id"], started: false });
  return changes.length === 0 ? undefined : changes;
}

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
