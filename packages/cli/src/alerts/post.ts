/** What became of one message. Holds nothing of what was sent, nor of the address. */
export type Outcome =
  | { readonly kind: "sent" }
  /** It may be tried again, not before `waitMs` where that was said. */
  | { readonly kind: "again"; readonly why: string; readonly waitMs?: number }
  /** Another try would not help. */
  | { readonly kind: "refused"; readonly why: string };

/** A message to be posted. */
export interface Letter {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** How long to wait, as the answer's JSON says it; in ms. */
  readonly waitOf?: (answer: Readonly<Record<string, unknown>>) => number | undefined;
}

const MOST_BYTES = 65_536;
/** Nobody is waited for longer. */
const LONGEST_WAIT_MS = 600_000;

/** Posts JSON once. Redirects are not followed: they would take what is secret elsewhere. Never throws. */
export async function post({ url, headers = {}, body, timeoutMs, signal, waitOf }: Letter): Promise<Outcome> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", ...headers },
      body: JSON.stringify(body),
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    const answer = objectIn(await within(response));
    const { status } = response;
    if (status >= 200 && status < 300)
      return answer["ok"] === false
        ? { kind: "refused", why: "it says that it did not take it" }
        : { kind: "sent" };
    const why = `status ${status}`;
    if (status !== 429 && status !== 408 && status < 500) return { kind: "refused", why };
    const said = waitOf?.(answer) ?? secondsOf(response.headers.get("retry-after"));
    return { kind: "again", why, ...(said === undefined ? {} : { waitMs: Math.min(said, LONGEST_WAIT_MS) }) };
  } catch (error) {
    return { kind: "again", why: reasonOf(error, timeoutMs) };
  }
}

function secondsOf(header: string | null): number | undefined {
  const seconds = header === null ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}

async function within(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > MOST_BYTES) break;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function objectIn(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Never the error's own text: it may quote the address, and the address may be the secret. */
function reasonOf(error: unknown, timeoutMs: number): string {
  const { name, cause } = error as { readonly name?: unknown; readonly cause?: unknown };
  if (name === "TimeoutError") return `no answer within ${timeoutMs} ms`;
  const { code } = (cause ?? {}) as { readonly code?: unknown };
  return typeof code === "string" && /^[A-Z_]{2,60}$/.test(code) ? code : "the connection failed";
}
