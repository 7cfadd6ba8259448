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
  if (before === after) return undefined;
  if (typeof after === "number") {
    const was = typeof before === "number" ? before : 0;
    return after === was ? undefined : after - was;
  }
  if (Array.isArray(after))
    return listDelta(Array.isArray(before) ? (before as Json[]) : [], after as Json[]);
  if (!isJson(after)) {
    const nothing = before === undefined && (after === false || after === "" || after === null);
    return nothing ? undefined : after;
  }
  const was = isJson(before) ? before : {};
  let delta: Json | undefined;
  for (const name of Object.keys(after)) {
    if (IDENTITY.has(name)) continue;
    const change = signedDelta(was[name], after[name]);
    if (change !== undefined) (delta ??= identityOf(after))[name] = change;
  }
  return delta;
}

function identityOf(thing: Json): Json {
  const identity: Json = {};
  for (const name of IDENTITY) {
    // Games are told by their id alone, rounds by their number too.
    const told = name !== "sequenceNumber" || thing["type"] === "round" || thing["type"] === "freezetime";
    if (told && thing[name] !== undefined) identity[name] = thing[name];
  }
  return identity;
}

function listDelta(before: readonly Json[], after: readonly Json[]): unknown {
  const changes: unknown[] = [];
  for (const item of after) {
    const change = signedDelta(
      before.find((other) => other["id"] === item["id"]),
      item,
    );
    if (change !== undefined) changes.push(change);
  }
  // What has gone is said to have ended: GRID removes it from the state without a word of its own.
  for (const item of before) {
    if (!after.some((other) => other["id"] === item["id"])) changes.push({ id: item["id"], started: false });
  }
  return changes.length === 0 ? undefined : changes;
}

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A copy of plain data as it is now. What is as in an earlier snapshot is the same object there. */
export function snapshotOf<T>(now: T, earlier?: unknown): T {
  if (typeof now !== "object" || now === null) return now;
  if (Array.isArray(now)) {
    const known: readonly unknown[] = Array.isArray(earlier) ? earlier : [];
    const copy = now.map((item, index) => snapshotOf(item as unknown, known[index]));
    const same = known.length === copy.length && copy.every((item, index) => item === known[index]);
    return (same ? known : copy) as T;
  }
  const known = isJson(earlier) ? earlier : undefined;
  const copy: Json = {};
  let same = known !== undefined;
  for (const name of Object.keys(now)) {
    const was = known?.[name];
    const is = snapshotOf((now as Json)[name], was);
    copy[name] = is;
    same &&= is === was;
  }
  return (same ? known : copy) as T;
}
