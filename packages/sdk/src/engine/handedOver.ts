import { MatchpointError } from "../errors.ts";
import { LONGEST_REASON } from "../events/index.ts";
import type { OrderRequest } from "../strategy/index.ts";

/** How deep, and with how many entries, data is looked into that is only shown. */
const DEEPEST = 3;
const MOST_ENTRIES = 50;

const FIELDS: Readonly<Record<keyof OrderRequest, "number" | "string" | "boolean">> = {
  outcome: "number",
  limit: "number",
  size: "number",
  orderType: "string",
  postOnly: "boolean",
  expiresInMs: "number",
  purpose: "string",
  reason: "string",
  edge: "number",
  fair: "number",
};
const NAMES = Object.keys(FIELDS) as readonly (keyof OrderRequest)[];

/** A request as it was handed over, and what is wrong with it in words. */
export interface HandedOver {
  /** Plain values alone, read once: a getter or a proxy could say something else the next time. */
  readonly request: OrderRequest;
  readonly problem?: string;
}

/**
 * Reads a request that a strategy hands over: nothing checks the types of its code. What is no number, text or boolean is kept as words,
 * which no check of the gate takes for a value.
 *
 * @throws {@link MatchpointError} `STRATEGY_FAULT` when there is no request at all; whatever its getters throw
 */
export function readRequest(given: unknown): HandedOver {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new MatchpointError("STRATEGY_FAULT", `an order was asked for with ${kindOf(given)} for a request`);
  const request: Record<string, unknown> = {};
  let problem: string | undefined;
  for (const field of NAMES) {
    const value = (given as Readonly<Record<string, unknown>>)[field];
    if (value === undefined || (value === null && FIELDS[field] !== "number")) continue;
    request[field] = plainValue(value);
    if (typeof value !== FIELDS[field]) problem ??= `${field} is ${kindOf(value)}, no ${wordFor(field)}`;
  }
  const { fair } = request;
  if (typeof fair === "number" && !(fair >= 0 && fair <= 1)) problem ??= `fair is ${fair}, not from 0 to 1`;
  problem = unknownField(given) ?? problem;
  return { request: request as unknown as OrderRequest, ...(problem === undefined ? {} : { problem }) };
}

function wordFor(field: keyof OrderRequest): string {
  return FIELDS[field] === "string" ? "text" : FIELDS[field];
}

/** A misspelled `postOnly` would make a taker of a maker. */
function unknownField(request: object): string | undefined {
  for (const field of Object.keys(request)) {
    if (Object.hasOwn(FIELDS, field)) continue;
    const meant = NAMES.find((name) => name.toLowerCase() === field.toLowerCase().replaceAll("_", ""));
    return `there is no ${field.slice(0, 40)}; ${meant === undefined ? `there are ${NAMES.join(", ")}` : `did you mean ${meant}?`}`;
  }
  return undefined;
}

/** A text that a strategy has to give. @throws {@link MatchpointError} `STRATEGY_FAULT` when it is none */
export function readText(given: unknown, what: string, hint: string): string {
  if (typeof given === "string") return given.slice(0, LONGEST_REASON);
  throw new MatchpointError("STRATEGY_FAULT", `${what} is ${kindOf(given)}, no text`, { hint });
}

/** What was thrown, in a few words: it may be anything, and even asking it may throw. */
export function textOf(thrown: unknown): string {
  try {
    const text: unknown = thrown instanceof Error ? thrown.message : String(thrown);
    if (typeof text === "string") return text.slice(0, LONGEST_REASON);
  } catch {
    // Then it has no words.
  }
  return "it threw what cannot be shown";
}

/** What was thrown, as an error whose fields others may read. */
export function errorOf(thrown: unknown): unknown {
  try {
    if (thrown instanceof Error) {
      const { message, stack } = thrown as { readonly message: unknown; readonly stack?: unknown };
      if (typeof message === "string" && (stack === undefined || typeof stack === "string")) return thrown;
    }
  } catch {
    // Nobody else is to ask it.
  }
  return new MatchpointError("STRATEGY_FAULT", textOf(thrown));
}

/** Data that is only shown, as plain JSON: what no JSON can hold is named, what is deep or long is cut. */
export function plainData(data: unknown): Readonly<Record<string, unknown>> {
  try {
    const plain = plainPart(data, 0);
    if (typeof plain === "object" && plain !== null && !Array.isArray(plain))
      return plain as Readonly<Record<string, unknown>>;
    return { data: plain };
  } catch {
    return { data: "what cannot be shown" };
  }
}

function plainPart(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return plainValue(value);
  if (depth === DEEPEST) return kindOf(value);
  if (Array.isArray(value)) return value.slice(0, MOST_ENTRIES).map((each) => plainPart(each, depth + 1));
  const fields = Object.entries(value).slice(0, MOST_ENTRIES);
  return Object.fromEntries(
    fields.map(([key, each]) => [key.slice(0, LONGEST_REASON), plainPart(each, depth + 1)]),
  );
}

function plainValue(value: unknown): unknown {
  if (typeof value === "string") return value.slice(0, LONGEST_REASON);
  if (value === null || value === undefined || typeof value === "number" || typeof value === "boolean")
    return value;
  return typeof value === "bigint" ? `${value}n`.slice(0, LONGEST_REASON) : kindOf(value);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
