import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { command, lastJson, temporaryFile, temporaryFolder } from "./support.ts";

interface Frame {
  readonly t: number;
  readonly ch: string;
  readonly json: any;
}

/** Imports a capture; gives the recording's frames and what the command said. */
export async function imported(
  kind: string,
  path: string,
  mapping: string,
): Promise<{ result: Record<string, any>; header: any; frames: readonly Frame[]; recording: string }> {
  const recording = join(temporaryFolder(), "out.jsonl");
  const ended = await command([
    "import",
    kind,
    path,
    "--mapping",
    temporaryFile("map.yaml", mapping),
    "--out",
    recording,
    "--json",
  ]);
  expect(ended.err).toBe("");
  expect(ended.code).toBe(0);
  const [header, ...rest] = readFileSync(recording, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(rest.pop()).toEqual({ end: true, lines: rest.length });
  return { result: lastJson(ended.out), header, frames: rest as Frame[], recording };
}

export async function refused(
  kind: string,
  path: string,
  mapping: string,
  code: number,
  message: RegExp,
): Promise<void> {
  const out = join(temporaryFolder(), "out.jsonl");
  const ended = await command([
    "import",
    kind,
    path,
    "--mapping",
    temporaryFile("map.yaml", mapping),
    "--out",
    out,
  ]);
  expect(ended.err).toMatch(message);
  expect(ended.err).not.toMatch(/\n +at /);
  expect(ended.code).toBe(code);
  expect(existsSync(out)).toBe(false);
  expect(existsSync(`${out}.part`)).toBe(false);
}

/** What came of trading a recording. */
export async function replayed(recording: string, ...more: string[]): Promise<Record<string, any>> {
  const { code, out, err } = await command(["replay", recording, "--no-journal", "--json", ...more]);
  expect(err).toBe("");
  expect(code).toBe(0);
  return lastJson(out);
}

export const MARKET = `
  - id: m
    title: Reds vs Blues
    tokens: [TOKENS]
    outcomes: [Reds, Blues]
    tick: 0.01
    fee_rate: 0.03
    taker_delay_ms: 0
    subject: { match: x, teams: [Reds, Blues] }
`;

export const COMMON = `source: typed into a test
asserted_by: a test
matches:
  - { id: x, title: other, teams: [Reds, Blues], best_of: 1 }
markets:${MARKET}`;
