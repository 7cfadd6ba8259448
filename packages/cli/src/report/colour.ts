import { styleText } from "node:util";
import type { Io } from "../io.ts";

/** What a line is, as far as its colour goes. */
export type Tone = "good" | "bad" | "warn" | "faint" | "title";

const STYLES = { good: "green", bad: "red", warn: "yellow", faint: "dim", title: "bold" } as const;

/**
 * A whole line in its colour: on a terminal, and where `NO_COLOR` (no-color.org) is not set. Widths are counted before: what is coloured
 * is neither cut nor laid out any more.
 */
export function coloured(
  io: Pick<Io, "interactive">,
  tone: Tone,
  line: string,
  env: NodeJS.ProcessEnv = process.env,
): string {
  const plain = !io.interactive || (env["NO_COLOR"] ?? "") !== "" || line === "";
  return plain ? line : styleText(STYLES[tone], line, { validateStream: false });
}
