/** The tables of docs/reliability.md, made from what the code says; a test holds the page against them. @module */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { INVARIANTS, NOT_SIMULATED, TORTURE_FAULTS, type FaultRow } from "@matchpoint/testing";
import type { Plant } from "../tests/torture/plants/index.ts";

/** What came of one planted mistake. */
export interface PlantResult {
  readonly id: string;
  readonly found?: { readonly seed: number; readonly invariant: string; readonly message: string };
  /** Seeds that were looked at. */
  readonly seeds: number;
  readonly ms: number;
  /** Why there is no result at all. */
  readonly failed?: string;
}

/** How many failure modes each group of the catalogue has. */
export const CATALOGUE = { D: 11, O: 18, T: 9, H: 15, C: 11 } as const;

const PAGE = fileURLToPath(new URL("../docs/reliability.md", import.meta.url));
const MODES = fileURLToPath(new URL("../docs/failure-modes.md", import.meta.url));

/** The faults of the simulator that are cases of a failure mode, or why there is none. */
export function simulatedAs(row: string): string {
  const faults = Object.entries<FaultRow>(TORTURE_FAULTS).filter(([, { rows }]) => rows.includes(row));
  return faults.length === 0
    ? (NOT_SIMULATED[row] ?? "**nothing**")
    : faults.map(([name]) => `\`${name}\``).join(", ");
}

/** Every failure mode with what it is simulated as. */
export function coverageTable(): string {
  const rows = Object.entries(CATALOGUE).flatMap(([group, count]) =>
    Array.from({ length: count }, (_, n) => `${group}${n + 1}`),
  );
  const lines = rows.map((row) => `| ${row} | ${simulatedAs(row)} |`);
  return table(["#", "simulated as, or why not"], lines);
}

/** The column of a row of docs/failure-modes.md that says how it is simulated. */
export const SIMULATED_AS = 7;

/** Every invariant with who looks after it. */
export function invariantsTable(): string {
  const lines = INVARIANTS.map(({ id, sentence, checker, when, limits }) => {
    const by = checker === undefined ? (when ?? "not judged here") : `\`${checker}\`, ${when ?? ""}`;
    return `| ${id} | ${sentence}${limits === undefined ? "" : ` _${limits}_`} | ${by} |`;
  });
  return table(["#", "what always holds", "judged by"], lines);
}

/** Said of one that was found only by more seeds than it has. */
export const BEYOND = "beyond its budget";

/** What the page says came of planted mistakes: by their id, the cells of what found it and at which seed. */
export function foundOn(section: string): ReadonlyMap<string, readonly [by: string, seed: string]> {
  const rows = section.split("\n").flatMap((line) => {
    const [, name, , by, seed] = line.split("|").map((cell) => cell.trim());
    const id = /^`([a-z0-9-]+)`$/.exec(name ?? "")?.[1];
    return id === undefined || by === undefined || seed === undefined ? [] : [[id, [by, seed]] as const];
  });
  return new Map(rows);
}

/** Every planted mistake with what found it. Of those that were not run now it is kept what had come of them; all else is the code's. */
export function plantsTable(
  plants: readonly Plant[],
  results: ReadonlyMap<string, PlantResult>,
  old: string,
): string {
  const before = foundOn(old);
  const lines = plants.map((plant) => rowOf(plant, results.get(plant.id), before.get(plant.id)));
  return table(["planted mistake", "what is wrong", "found by", "at seed", "budget"], lines);
}

function rowOf(
  plant: Plant,
  result: PlantResult | undefined,
  before: readonly [by: string, seed: string] | undefined,
): string {
  const { id, what, seeds, survives } = plant;
  // Why one survives is the code's to say.
  const kept = survives === undefined || before?.[0].startsWith("survives:") === false ? before : undefined;
  const [by, seed] = result === undefined && kept !== undefined ? kept : cameOf(plant, result);
  return `| \`${id}\` | ${what} | ${by} | ${seed} | ${survives === undefined ? seeds : ""} |`;
}

function cameOf(
  { seeds, survives }: Plant,
  result: PlantResult | undefined,
): readonly [by: string, seed: string] {
  const found = result?.found;
  if (found !== undefined)
    return [found.seed > seeds ? `${found.invariant}, ${BEYOND}` : found.invariant, String(found.seed)];
  if (survives !== undefined) return [`survives: ${survives}`, ""];
  if (result === undefined) return ["not run", ""];
  const why = `**not found**${result.failed === undefined ? "" : ` (${result.failed})`}`;
  return [why, result.seeds === 0 ? "" : `> ${result.seeds}`];
}

function table(head: readonly string[], lines: readonly string[]): string {
  return [`| ${head.join(" | ")} |`, `| ${head.map(() => "---").join(" | ")} |`, ...lines].join("\n");
}

/** What stands between the marks of a section of the page. */
export function sectionOf(page: string, name: string): string {
  return page.split(`<!-- ${name}: begin -->`)[1]?.split(`<!-- ${name}: end -->`)[0]?.trim() ?? "";
}

/** Writes the page's tables anew. */
export function writeTables(plants: readonly Plant[], results: ReadonlyMap<string, PlantResult>): void {
  let page = readFileSync(PAGE, "utf8");
  const made = {
    invariants: invariantsTable(),
    coverage: coverageTable(),
    plants: plantsTable(plants, results, sectionOf(page, "plants")),
  };
  for (const [name, text] of Object.entries(made)) {
    const [before = "", rest = ""] = page.split(`<!-- ${name}: begin -->`);
    const [, after = ""] = rest.split(`<!-- ${name}: end -->`);
    page = `${before}<!-- ${name}: begin -->\n\n${text}\n\n<!-- ${name}: end -->${after}`;
  }
  writeFileSync(PAGE, page);
  const modes = readFileSync(MODES, "utf8").split("\n");
  const written = modes.map((line) => {
    const row = /^\| ([DOTHC]\d+) +\|/.exec(line)?.[1];
    if (row === undefined) return line;
    const cells = line.split("|");
    cells[SIMULATED_AS] = ` ${simulatedAs(row)} `;
    return cells.join("|");
  });
  writeFileSync(MODES, written.join("\n"));
}
