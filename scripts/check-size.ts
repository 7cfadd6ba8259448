// Fails when a source file of a published package is longer than MAX_LINES: long files hide responsibilities.
import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const MAX_LINES = 500;
const WARN_LINES = 350;

export interface SizeReport {
  readonly errors: string[];
  readonly warnings: string[];
}

export function checkSize(root: string): SizeReport {
  const report: SizeReport = { errors: [], warnings: [] };
  for (const file of globSync("packages/*/src/**/*.{ts,tsx}", { cwd: root }).sort()) {
    const text = readFileSync(join(root, file), "utf8");
    const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
    if (lines > MAX_LINES) report.errors.push(`${file}: ${lines} lines, at most ${MAX_LINES} are allowed`);
    else if (lines > WARN_LINES)
      report.warnings.push(`${file}: ${lines} lines, consider splitting above ${WARN_LINES}`);
  }
  return report;
}

if (process.argv[1] === import.meta.filename) {
  const { errors, warnings } = checkSize(resolve(import.meta.dirname, ".."));
  for (const line of warnings) console.warn(`warning ${line}`);
  for (const line of errors) console.error(`error   ${line}`);
  if (errors.length > 0) process.exit(1);
  console.log("File sizes: all within the limit.");
}
