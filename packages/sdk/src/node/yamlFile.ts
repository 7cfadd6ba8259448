import { readFileSync } from "node:fs";
import type { z } from "zod";
import {
  isCollection,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  parseDocument,
  stringify,
  type Document,
  type Node,
} from "yaml";
import { pathText, problemsOf, type ConfigProblem } from "../config/index.ts";
import { MatchpointError, type ErrorCode } from "../errors.ts";
import { fileError } from "./files.ts";
import { aliasProblem } from "./yamlAliases.ts";

/** How a YAML file's faults are told. */
export interface YamlOptions {
  /** What the file is, for the error when it is not there: `configuration file`, `mapping`. */
  readonly what: string;
  /** The error's code. */
  readonly code: ErrorCode;
}

/**
 * Reads a YAML (or JSON) file and checks it. Says everything that is wrong with it, each with line and column and, for an
 * unknown key, the nearest valid one.
 *
 * @throws `MatchpointError` `FILE_NOT_FOUND`, or `options.code`
 */
export function loadYaml<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  options: YamlOptions,
): z.output<Schema> {
  return parseYaml(readText(path, options.what), path, schema, options.code);
}

/** The same for text. `file` names it in errors. @throws `MatchpointError` with `code` */
export function parseYaml<Schema extends z.ZodType>(
  text: string,
  file: string,
  schema: Schema,
  code: ErrorCode,
): z.output<Schema> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  // What comes after the first mistake is mostly the parser's confusion about it.
  const broken = document.errors[0];
  if (broken !== undefined)
    throw invalid(code, [`${place(file, lines, broken.pos[0])} ${yamlMessage(broken, text)}`]);
  const alias = aliasProblem(document);
  if (alias !== undefined) throw invalid(code, [`${place(file, lines, alias.offset)} ${alias.message}`]);
  const input: unknown = document.toJS({ maxAliasCount: -1 }) ?? {};
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const problems = problemsOf(schema, input, result.error.issues)
    .map((problem) => ({ problem, offset: offsetOf(document, problem) }))
    .sort((a, b) => a.offset - b.offset);
  throw invalid(
    code,
    problems.map(({ problem, offset }) => {
      const name = pathText(problem.path);
      return `${place(file, lines, offset)} ${name === "" ? "" : `${name}: `}${problem.message}`;
    }),
  );
}

/** Plain data as YAML that {@link parseYaml} reads back: block style, one key a line. Ends with its last line. */
export function toYaml(data: unknown): string {
  return stringify(data, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd();
}

function invalid(code: ErrorCode, lines: readonly string[]): MatchpointError {
  const many = lines.length === 1 ? lines[0]! : `${lines.length} problems\n  ${lines.join("\n  ")}`;
  return new MatchpointError(code, many, { context: { problems: lines } });
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw fileError(path, what, cause);
  }
}

function place(file: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${file}:${Math.max(1, line)}:${Math.max(1, col)}`;
}

/** What is needed of a parser's error. */
interface Broken {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

/** What is wrong, and what to do where that is plain. */
function yamlMessage({ code, message, pos }: Broken, text: string): string {
  switch (code) {
    case "TAB_AS_INDENT":
      return "tabs are not allowed as indentation; indent with spaces";
    case "DUPLICATE_KEY":
      return `the key ${/^[^\s:]{0,60}/.exec(text.slice(pos[0]))![0]} is there twice; keep one of them`;
    case "BAD_INDENT":
      return `${firstLine(message)}; a { or [ before it may not be closed, or its indentation is wrong`;
    default:
      return firstLine(message);
  }
}

function firstLine(message: string): string {
  return message.split("\n")[0]!.replace(/:$/, "");
}

/** Where a problem's key or value stands; what is missing is shown at what should hold it. */
function offsetOf(document: Document, problem: ConfigProblem): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [i, part] of problem.path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part),
      );
      if (pair === undefined) return offset;
      const keyOffset = startOf(pair.key);
      const last = i === problem.path.length - 1;
      offset = (last && problem.atKey ? undefined : startOf(pair.value)) ?? keyOffset ?? offset;
      node = pair.value;
    } else if (isCollection(node)) {
      node = node.items[Number(part)];
      offset = startOf(node) ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return (node as Partial<Node> | null | undefined)?.range?.[0];
}
