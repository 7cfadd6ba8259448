import { dirname, resolve } from "node:path";
import {
  BOT_CONFIG,
  configInvalid,
  configJsonSchema,
  isMatchpointError,
  nearest,
  problemsOf,
  type BotConfig,
  type ConfigProblem,
  type StrategyClass,
} from "@matchpoint/sdk";
import { loadYaml } from "@matchpoint/sdk/node";
import { z } from "zod";
import { FEED_SCHEMAS } from "./feeds/index.ts";
import { loadStrategy, paramProblems, type StrategyRegistry } from "./strategies.ts";

const FILE = { what: "configuration file", code: "CONFIG_INVALID" } as const;

/**
 * Reads and checks a configuration file: its own keys, its feeds, its strategies and their parameters. Says everything that
 * is wrong with it, each with line and column.
 *
 * @throws MatchpointError `CONFIG_INVALID`, `FILE_NOT_FOUND`
 */
export async function readConfig(path: string, strategies: StrategyRegistry): Promise<BotConfig> {
  const lines: string[] = [];
  const input = attempt(lines, () => loadYaml(path, z.unknown(), FILE));
  // Broken YAML has nothing in it that could be checked further.
  if (lines.length > 0) throw configInvalid(lines);
  const config = attempt(lines, () => loadYaml(path, BOT_CONFIG, FILE));
  const more = [
    ...feedProblems(input),
    ...(await strategyProblems(input, strategies, dirname(resolve(path)))),
  ];
  attempt(lines, () => loadYaml(path, refusing(more), FILE));
  if (lines.length > 0) throw configInvalid(lines.sort(byPlace));
  return config!;
}

/** JSON Schema of the configuration file, the feeds included. */
export function fileJsonSchema(): Record<string, unknown> {
  const schema = configJsonSchema() as { properties?: Record<string, Record<string, unknown>> };
  const feeds = Object.entries(FEED_SCHEMAS).map(([name, feed]) => {
    const own = z.toJSONSchema(feed, { io: "input" });
    delete own.$schema;
    return [name, own];
  });
  const { description } = schema.properties?.["feeds"] ?? {};
  const known = {
    description,
    type: "object",
    properties: Object.fromEntries(feeds) as object,
    additionalProperties: false,
  };
  return { ...schema, properties: { ...schema.properties, feeds: known } };
}

/** Does something that may find problems, and keeps them. */
function attempt<T>(lines: string[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const problems = isMatchpointError(error) ? error.context["problems"] : undefined;
    if (!Array.isArray(problems)) throw error;
    lines.push(...(problems as string[]));
    return undefined;
  }
}

/** A schema that takes nothing amiss but the given problems, so that the reader of the file says where they are. */
function refusing(problems: readonly ConfigProblem[]): z.ZodType {
  return z.unknown().superRefine((_value, ctx) => {
    for (const { path, message, atKey } of problems) {
      ctx.addIssue({ code: "custom", path: [...path], message, params: { atKey } });
    }
  });
}

function feedProblems(input: unknown): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const [name, given] of Object.entries(objectAt(input, "feeds"))) {
    const schema = Object.hasOwn(FEED_SCHEMAS, name) ? FEED_SCHEMAS[name] : undefined;
    if (schema === undefined) {
      const known = Object.keys(FEED_SCHEMAS);
      const meant = nearest(name, known);
      const help = meant === undefined ? `there are ${known.join(", ")}` : `did you mean ${meant}?`;
      problems.push({ path: ["feeds", name], atKey: true, message: `unknown feed; ${help}` });
      continue;
    }
    // What is no section at all, the configuration's own schema says.
    if (typeof given !== "object" || given === null) continue;
    const { error } = schema.safeParse(given);
    for (const problem of error === undefined ? [] : problemsOf(schema, given, error.issues)) {
      problems.push({ ...problem, path: ["feeds", name, ...problem.path] });
    }
  }
  return problems;
}

async function strategyProblems(
  input: unknown,
  known: StrategyRegistry,
  folder: string,
): Promise<ConfigProblem[]> {
  const list = objectAt(input, "strategies");
  if (!Array.isArray(list)) return [];
  const problems: ConfigProblem[] = [];
  for (const [i, item] of (list as unknown[]).entries()) {
    const { use, params = {} } = (item ?? {}) as { readonly use?: unknown; readonly params?: unknown };
    if (typeof use !== "string" || use === "") continue;
    let found: StrategyClass;
    try {
      found = await loadStrategy(use, known, folder);
    } catch (error) {
      if (!isMatchpointError(error)) throw error;
      problems.push({ path: ["strategies", i, "use"], atKey: false, message: error.message });
      continue;
    }
    if (typeof params !== "object" || params === null || Array.isArray(params)) continue;
    for (const problem of paramProblems(found, params)) {
      problems.push({ ...problem, path: ["strategies", i, "params", ...problem.path] });
    }
  }
  return problems;
}

function objectAt(input: unknown, key: string): object {
  const value: unknown =
    typeof input === "object" && input !== null ? (input as Record<string, unknown>)[key] : undefined;
  return typeof value === "object" && value !== null ? value : {};
}

/** `file:12:3 …` in the order of the file, each place once. */
function byPlace(a: string, b: string): number {
  const place = (line: string): readonly number[] => (/:(\d+):(\d+) /.exec(line) ?? []).slice(1).map(Number);
  const [rowA = 0, columnA = 0] = place(a);
  const [rowB = 0, columnB = 0] = place(b);
  return rowA - rowB || columnA - columnB;
}
