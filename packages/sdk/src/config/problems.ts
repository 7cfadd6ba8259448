import type { z } from "zod";
import { shownValue } from "../events/index.ts";
import { nearest } from "./nearest.ts";

/** One thing that is wrong in a configuration. */
export interface ConfigProblem {
  /** Keys and list positions that lead to it. */
  readonly path: readonly (string | number)[];
  /** Whether the problem is the last key of the path itself rather than its value. */
  readonly atKey: boolean;
  /** What is wrong, without the path. */
  readonly message: string;
}

/** `["risk", "max_order_usdc"]` → `risk.max_order_usdc`; list positions in brackets. */
export function pathText(path: readonly (string | number)[]): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else if (/^[$\w-]+$/.test(part)) text += text === "" ? part : `.${part}`;
    else text += `[${JSON.stringify(part)}]`;
  }
  return text;
}

/**
 * Says what a schema found in words a person can act on: every problem, each unknown key by itself. A custom issue that is
 * about its path's last key rather than the value says so with `params: { atKey: true }`.
 */
export function problemsOf(
  schema: z.ZodType,
  input: unknown,
  issues: readonly z.core.$ZodIssue[],
): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const issue of issues) {
    const path = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) {
        problems.push({ path: [...path, key], atKey: true, message: unknownKey(key, keysAt(schema, path)) });
      }
    } else if (issue.code === "invalid_union") {
      problems.push(...unionProblems(schema, input, path, issue));
    } else {
      const atKey = issue.code === "custom" && issue.params?.["atKey"] === true;
      problems.push({ path, atKey, message: messageOf(issue, valueAt(input, path)) });
    }
  }
  return problems;
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  if (meant !== undefined) return `unknown key; did you mean ${meant}?`;
  return known.length === 0 ? "unknown key" : `unknown key; there are ${known.join(", ")}`;
}

/** Of several forms, the one that fits best is the one that was meant. */
function unionProblems(
  schema: z.ZodType,
  input: unknown,
  path: (string | number)[],
  issue: z.core.$ZodIssueInvalidUnion,
): ConfigProblem[] {
  const value = valueAt(input, path);
  const literals = issue.errors.flatMap((errors) =>
    errors.flatMap((error) =>
      error.code === "invalid_value" && error.path.length === 0 ? error.values : [],
    ),
  );
  if (literals.length === issue.errors.length) {
    return [
      {
        path,
        atKey: false,
        message: `expected one of ${literals.map(String).join(", ")}, got ${shownValue(value)}`,
      },
    ];
  }
  const meant = issue.errors.find(
    (errors) => !errors.some((e) => e.code === "invalid_type" && e.path.length === 0),
  );
  if (meant !== undefined) {
    return problemsOf(
      schema,
      input,
      meant.map((error) => ({ ...error, path: [...path, ...error.path] })),
    );
  }
  const kinds = issue.errors.map((errors) => {
    const first = errors[0];
    return first?.code === "invalid_type" ? kindName(first.expected) : "another form";
  });
  return [
    { path, atKey: false, message: `expected ${[...new Set(kinds)].join(" or ")}, got ${shownValue(value)}` },
  ];
}

function messageOf(issue: z.core.$ZodIssue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type": {
      if (!issue.message.startsWith("Invalid input")) return issue.message;
      const expected = kindName(issue.expected);
      return value === undefined
        ? `is missing: expected ${expected}`
        : `expected ${expected}, got ${shownValue(value)}${adviceFor(issue.expected, value)}`;
    }
    case "invalid_value": {
      const values = issue.values.map(String);
      const meant = typeof value === "string" ? nearest(value, values) : undefined;
      const list = values.length === 1 ? values[0]! : `one of ${values.join(", ")}`;
      const hint = meant === undefined || values.length === 1 ? "" : `; did you mean ${meant}?`;
      return value === undefined
        ? `is missing: expected ${list}`
        : `expected ${list}, got ${shownValue(value)}${hint}`;
    }
    case "too_small":
      return `must be ${issue.inclusive === false ? "more than" : "at least"} ${bound(issue.minimum, issue.origin)}, got ${shownValue(value)}`;
    case "too_big":
      return `must be ${issue.inclusive === false ? "less than" : "at most"} ${bound(issue.maximum, issue.origin)}, got ${shownValue(value)}`;
    case "invalid_format":
      if (!issue.message.startsWith("Invalid")) return `${issue.message}, got ${shownValue(value)}`;
      return issue.format === "datetime"
        ? `expected a time such as 2026-12-05T09:00:00Z, got ${shownValue(value)}`
        : `expected text of the form ${issue.format}, got ${shownValue(value)}`;
    case "invalid_key":
      return "the key is not valid";
    default:
      return issue.message;
  }
}

/** What to do about a value of another kind, where that is plain. */
function adviceFor(expected: string, value: unknown): string {
  if (typeof value !== "string") return "";
  if (expected === "number" || expected === "int") {
    if (/^-?\d+(\.\d+)?$/.test(value)) return "; write it without quotes";
    if (/^\$?-?\d+(\.\d+)?\s*[a-z%$]*$/i.test(value))
      return "; write the number alone, in the unit that the key names";
  }
  if (expected === "boolean" && /^(true|false)$/i.test(value)) return "; write it without quotes";
  return "";
}

function bound(limit: number | bigint, origin: string): string {
  if (origin === "string") return `${limit} characters`;
  if (origin === "array" || origin === "tuple") return `${limit} entries`;
  return String(limit);
}

const KINDS: Readonly<Record<string, string>> = {
  int: "whole number",
  string: "text",
  boolean: "true or false",
  array: "list",
  tuple: "list",
  object: "section (key: value lines)",
  record: "section (key: value lines)",
};

function kindName(expected: string): string {
  return Object.hasOwn(KINDS, expected) ? KINDS[expected]! : expected;
}

function valueAt(input: unknown, path: readonly (string | number)[]): unknown {
  let value = input;
  for (const part of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

/** The keys that a schema knows at a path; none where any key goes. */
export function keysAt(schema: z.ZodType, path: readonly (string | number)[]): readonly string[] {
  const here = unwrap(schema);
  const [first, ...rest] = path;
  if (here.type === "union") return here.options.flatMap((option) => keysAt(option, path));
  if (first === undefined) return here.type === "object" ? Object.keys(here.shape) : [];
  const next = childOf(here, first);
  return next === undefined ? [] : keysAt(next, rest);
}

/** As much of a schema's definition as is needed to find keys. */
type Definition =
  | { readonly type: "object"; readonly shape: Readonly<Record<string, z.ZodType>> }
  | { readonly type: "union"; readonly options: readonly z.ZodType[] }
  | { readonly type: "array"; readonly element: z.ZodType }
  | { readonly type: "tuple"; readonly items: readonly z.ZodType[] }
  | { readonly type: "record"; readonly valueType: z.ZodType }
  | {
      readonly type: "default" | "prefault" | "optional" | "nullable" | "readonly";
      readonly innerType: z.ZodType;
    }
  | { readonly type: "pipe"; readonly in: z.ZodType }
  | { readonly type: "other" };

function unwrap(schema: z.ZodType): Definition {
  const definition = schema.def as unknown as Definition;
  if ("innerType" in definition) return unwrap(definition.innerType);
  if (definition.type === "pipe") return unwrap(definition.in);
  return definition;
}

function childOf(definition: Definition, part: string | number): z.ZodType | undefined {
  switch (definition.type) {
    case "object":
      return Object.hasOwn(definition.shape, part) ? definition.shape[String(part)] : undefined;
    case "array":
      return definition.element;
    case "tuple":
      return definition.items[Number(part)];
    case "record":
      return definition.valueType;
    default:
      return undefined;
  }
}
