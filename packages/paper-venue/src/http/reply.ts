/** An answer before it is put on the wire. */
export interface Reply {
  readonly status: number;
  /** Sent as it is when it is text, else as JSON. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export function ok(body: unknown): Reply {
  return { status: 200, body };
}

/** `{"error": …}` with whatever else goes into it. */
export function failure(status: number, error: string, more: Readonly<Record<string, unknown>> = {}): Reply {
  return { status, body: { error, ...more } };
}

const FIRST = "MA==";
/** The cursor after the last page. */
export const END_CURSOR = "LTE=";

/** A page of a list by a cursor that is a base64 offset; `undefined` for a cursor that is none. */
export function page<T>(
  items: readonly T[],
  cursor: string | null,
  limit: number,
):
  | {
      readonly limit: number;
      readonly count: number;
      readonly next_cursor: string;
      readonly data: readonly T[];
    }
  | undefined {
  const text = Buffer.from(cursor === null || cursor === "" ? FIRST : cursor, "base64").toString("latin1");
  if (text === "-1") return { limit, count: 0, next_cursor: END_CURSOR, data: [] };
  if (!/^\d{1,9}$/.test(text)) return undefined;
  const from = Number(text);
  const data = items.slice(from, from + limit);
  const next = from + data.length;
  return {
    limit,
    count: data.length,
    next_cursor: next >= items.length ? END_CURSOR : Buffer.from(String(next)).toString("base64"),
    data,
  };
}
