import { readdirSync } from "node:fs";
import { join } from "node:path";
import { MatchpointError } from "@matchpoint/sdk";
import type { z } from "zod";
import { existing, LineFile } from "../import/lines.ts";

/** A line of a data set that could not be used, and why. */
export interface BadLine {
  /** File and line. */
  readonly where: string;
  readonly why: string;
}

/** What is done about lines that give no game. */
export interface Reading {
  /** Whether a fit is to be made: then what only a fit needs is read as well. */
  readonly fitting: boolean;
  /** A line that is broken: a fit refuses the data, an evaluation counts it and goes on. */
  bad(line: BadLine): void;
  /** A line that is as it should be and no game to count, such as one that was not recorded whole, or comes twice. */
  passed(why: string): void;
}

/** Refuses a data set with a broken line. Its `bad` throws MatchpointError `RECORDING_INVALID` naming the line. */
export const STRICT: Reading = {
  fitting: true,
  bad({ where, why }) {
    throw new MatchpointError("RECORDING_INVALID", why, { where });
  },
  passed: () => undefined,
};

/** Keeps what was left out, for who wants to know. */
export class LeftOut implements Reading {
  readonly fitting = false;
  readonly lines: BadLine[] = [];
  readonly passedOver = new Map<string, number>();

  bad(line: BadLine): void {
    this.lines.push(line);
  }

  passed(why: string): void {
    this.passedOver.set(why, (this.passedOver.get(why) ?? 0) + 1);
  }
}

const GAMES = /\.(?:jsonl|ndjson)(?:\.gz)?$/;

/**
 * Reads the games of a folder: every `*.jsonl` and `*.ndjson` in it, gzipped or not, by name; one JSON value a line. Empty
 * lines are passed over, a line that is no JSON or does not fit is `bad`.
 *
 * @throws MatchpointError `FILE_NOT_FOUND` when the folder holds no such file, `RECORDING_INVALID` when one cannot be unzipped
 */
export async function* gameLines<T>(
  folder: string,
  line: z.ZodType<T>,
  reading: Reading,
): AsyncGenerator<{ readonly value: T; readonly where: string }> {
  for (const file of gameFiles(folder)) {
    let number = 0;
    for await (const text of new LineFile(file).lines()) {
      number += 1;
      // A file that was saved with a byte order mark begins with one.
      const json = number === 1 ? text.replace(/^\uFEFF/, "") : text;
      if (json.trim() === "") continue;
      const where = `${file}:${number}`;
      let value: unknown;
      try {
        value = JSON.parse(json);
      } catch {
        reading.bad({ where, why: "the line is no JSON" });
        continue;
      }
      const parsed = line.safeParse(value);
      if (parsed.success) yield { value: parsed.data, where };
      else reading.bad({ where, why: firstIssue(parsed.error) });
    }
  }
}

function gameFiles(folder: string): string[] {
  const found = readdirSync(existing(folder))
    .filter((name) => GAMES.test(name))
    .sort()
    .map((name) => join(folder, name));
  if (found.length > 0) return found;
  throw new MatchpointError("FILE_NOT_FOUND", "the folder holds no *.jsonl or *.jsonl.gz", {
    where: folder,
    hint: "Games are read from files with one JSON object a line; see docs/models for each title's fields.",
  });
}

function firstIssue({ issues }: z.ZodError): string {
  let [issue] = issues;
  const path: PropertyKey[] = [...(issue?.path ?? [])];
  // Of several shapes that a value may have, the last one is the whole one.
  while (issue?.code === "invalid_union") {
    const inner: z.core.$ZodIssue | undefined = issue.errors.at(-1)?.[0];
    if (inner === undefined) break;
    issue = inner;
    path.push(...issue.path);
  }
  return `${path.length === 0 ? "the line" : path.join(".")}: ${issue?.message ?? "is not what it should be"}`;
}
