/** What came back over HTTP, before anybody says what it means for an order. @module */
import { MatchpointError, type HttpResponse, type VenueModeChanged } from "@matchpoint/sdk";
import { rejectionOf } from "./rejections.ts";

/** An answer, or why there is none (time-out, reset, refused connection). */
export type HttpExchange = HttpResponse | { readonly failed: unknown };

/** An answer sorted by what it can prove. */
export type Sorted =
  /** 2xx with JSON in it. */
  | { readonly kind: "json"; readonly value: unknown }
  /** A refusal of the whole request with a text of the venue's own. */
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly text: string;
      readonly fields: Fields;
      readonly venue: VenueHint;
    }
  /** Nothing that proves what became of the request. */
  | { readonly kind: "unknown"; readonly cause: MatchpointError; readonly venue: VenueHint };

export type Fields = Readonly<Record<string, unknown>>;

/** What an answer says about the venue or our standing, besides the request. */
export interface VenueHint {
  readonly mode?: VenueModeChanged["mode"];
  /** When to come back, in ms, as the venue asks. */
  readonly retryAfterMs?: number;
  /** A page for people instead of an answer: a block by country or a rule against bots. Fatal: there is no way around it. */
  readonly blocked?: boolean;
}

/** Answers are short; what is longer is none of the venue's. */
const LONGEST = 1_000_000;
const UTF8 = new TextDecoder();

/** Sorts an answer. Never throws. */
export function sortAnswer(exchange: HttpExchange, where: string): Sorted {
  if ("failed" in exchange) {
    const text = exchange.failed instanceof Error ? exchange.failed.message : "no answer";
    return lost("HTTP_FAILED", `no answer: ${text.slice(0, 200)}`, where, {}, exchange.failed);
  }
  const { status, headers, body } = exchange;
  const retryAfterMs = retryAfter(headers);
  const hint: VenueHint = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (body.length > LONGEST)
    return lost("HTTP_RESPONSE_INVALID", `status ${status}: ${body.length} bytes`, where, hint);
  const text = UTF8.decode(body);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    if (status === 425)
      return lost("HTTP_FAILED", "the matching engine restarts", where, { ...hint, mode: "RESTARTING" });
    const blocked = status === 403;
    const what = text.trimStart().startsWith("<") ? "a page of HTML" : text === "" ? "nothing" : "no JSON";
    return lost(
      "HTTP_RESPONSE_INVALID",
      `status ${status} with ${what}`,
      where,
      blocked ? { ...hint, blocked } : hint,
    );
  }
  if (status === 425)
    return lost("HTTP_FAILED", "the matching engine restarts", where, { ...hint, mode: "RESTARTING" });
  if (status >= 200 && status < 300) return { kind: "json", value };
  const fields: Fields =
    typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
  const said = errorText(fields) ?? (typeof value === "string" ? value : "");
  const seconds = fields["retry_after_seconds"];
  const after =
    typeof seconds === "number" && seconds >= 0 && seconds <= 86_400
      ? Math.ceil(seconds * 1_000)
      : retryAfterMs;
  const rejection = said === "" ? undefined : rejectionOf(said);
  const venue: VenueHint = {
    ...(after === undefined ? {} : { retryAfterMs: after }),
    ...(rejection?.mode === undefined ? {} : { mode: rejection.mode }),
  };
  if (status >= 400 && status < 500 && status !== 408 && said !== "")
    return { kind: "refused", status, text: said, fields, venue };
  // The one answer of 5xx that proves something: the venue says in its own words that it takes no such orders now, and asks
  // none of its engine. Source: docs.polymarket.com/resources/error-codes.
  if (status === 503 && rejection?.mode !== undefined)
    return { kind: "refused", status, text: said, fields, venue };
  return lost("HTTP_FAILED", `status ${status}: ${said.slice(0, 200)}`, where, venue);
}

/** The venue's words in a body: `error`, `error_msg` and `errorMsg` all occur. */
export function errorText(fields: Fields): string | undefined {
  for (const key of ["error", "errorMsg", "error_msg"]) {
    const text = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (typeof text === "string" && text !== "") return text;
  }
  return undefined;
}

/** An object of JSON; `undefined` for anything else. */
export function asFields(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function retryAfter(headers: Readonly<Record<string, string>>): number | undefined {
  for (const [name, value] of Object.entries(headers))
    if (name.toLowerCase() === "retry-after" && /^\d{1,5}$/.test(value)) return Number(value) * 1_000;
  return undefined;
}

function lost(
  code: "HTTP_FAILED" | "HTTP_RESPONSE_INVALID",
  message: string,
  where: string,
  venue: VenueHint,
  cause?: unknown,
): Sorted {
  return { kind: "unknown", cause: new MatchpointError(code, message, { where, cause }), venue };
}
