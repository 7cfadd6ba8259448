import { setTimeout as pause } from "node:timers/promises";
import { MatchpointError } from "@matchpoint/sdk";

/** A secret manager's answer, read as far as it is JSON. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** One question to a secret manager. */
export interface Question {
  /** Who is asked, for people. */
  readonly who: string;
  readonly url: string;
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly timeoutMs: number;
  /** Answers that another try would not change, besides those below 500 that are not 429. */
  readonly final?: (answer: Answer) => boolean;
}

const MOST_BYTES = 1_048_576;
const TRIES = 3;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Asks a secret manager over HTTP, up to three times while it is silent, limits the rate or fails. Redirects are not followed: they would
 * take the token elsewhere. No error has anything of the question's headers or of the answer in it.
 * @throws MatchpointError `SECRET_UNAVAILABLE`, `HTTP_RESPONSE_INVALID`
 */
export async function ask(question: Question): Promise<Answer> {
  const { who, final } = question;
  let why = "";
  for (let tried = 1; ; tried += 1) {
    const { answer, problem, waitMs } = await askOnce(question);
    if (answer !== undefined && ((answer.status < 500 && answer.status !== 429) || final?.(answer) === true))
      return answer;
    why = problem ?? `it answers with status ${answer?.status ?? 0}`;
    if (tried === TRIES) break;
    await pause(Math.min(waitMs ?? FIRST_PAUSE_MS * 4 ** (tried - 1), LONGEST_PAUSE_MS));
  }
  throw new MatchpointError(
    "SECRET_UNAVAILABLE",
    `${who} does not give it now, asked ${TRIES} times: ${why}`,
    {
      hint: `Is ${new URL(question.url).origin} up, and reachable from here?`,
    },
  );
}

interface Once {
  readonly answer?: Answer;
  readonly problem?: string;
  readonly waitMs?: number;
}

async function askOnce({ who, url, method = "GET", headers = {}, body, timeoutMs }: Question): Promise<Once> {
  let response: Response;
  let bytes: Uint8Array | undefined;
  try {
    response = await fetch(url, {
      method,
      headers: { accept: "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    bytes = await within(response);
  } catch (error) {
    return { problem: reasonOf(error, timeoutMs) };
  }
  const { status } = response;
  const invalid = (message: string, hint: string): MatchpointError =>
    new MatchpointError("HTTP_RESPONSE_INVALID", `${who} ${message}`, { where: new URL(url).origin, hint });
  if (status >= 300 && status < 400)
    throw invalid(
      `sends us elsewhere (status ${status}), where no token is sent`,
      "Give the address that answers by itself.",
    );
  const read = bytes === undefined ? undefined : objectIn(bytes);
  if (read === undefined && status < 300)
    throw invalid("answers with something else than was asked for", "Is that its address?");
  const after = Number(response.headers.get("retry-after") ?? Number.NaN);
  return {
    answer: { status, body: read ?? {} },
    ...(Number.isFinite(after) && after >= 0 ? { waitMs: after * 1_000 } : {}),
  };
}

/** The body; `undefined` when it is longer than any answer. */
async function within(response: Response): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > MOST_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function objectIn(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Why there was no answer. Never the error's own text: it may quote a header. */
function reasonOf(error: unknown, timeoutMs: number): string {
  const { name, cause } = error as { readonly name?: unknown; readonly cause?: unknown };
  if (name === "TimeoutError") return `no answer within ${timeoutMs} ms`;
  const { code } = (cause ?? {}) as { readonly code?: unknown };
  return typeof code === "string" && /^[A-Z_]{2,60}$/.test(code) ? code : "the connection failed";
}

/** What goes into a header as it is. @throws MatchpointError `CREDENTIALS_INVALID`, without quoting it */
export function headerValue(value: string, what: string): string {
  if (/^[\x21-\x7e]+$/.test(value)) return value;
  throw new MatchpointError("CREDENTIALS_INVALID", `${what} has a space or a control character in it`, {
    hint: "Was more than the token copied?",
  });
}

/** A property of an answer that should be an object; `{}` when it is none. */
export function part(value: unknown, key: string): Readonly<Record<string, unknown>> {
  const found = (value as Record<string, unknown> | undefined)?.[key];
  return typeof found === "object" && found !== null ? (found as Record<string, unknown>) : {};
}
