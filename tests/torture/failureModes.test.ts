import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { INVARIANTS } from "@matchpoint/testing";
import { describe, expect, it } from "vitest";
import {
  BEYOND,
  CATALOGUE,
  coverageTable,
  foundOn,
  invariantsTable,
  plantsTable,
  sectionOf,
  SIMULATED_AS,
  simulatedAs,
} from "../../scripts/reliabilityTables.ts";
import { PLANTS } from "./plants/index.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const read = (file: string): string => readFileSync(`${ROOT}${file}`, "utf8");
const modes = read("docs/failure-modes.md");
const page = read("docs/reliability.md");
/** Alarms whose codes are put together, or come from another room. */
const BY_OTHER_MEANS = ["CHAIN_REVERTED", "CHAIN_UNKNOWN", "RECONCILE_MISMATCH", "PAYOUT_DIFFERS_FROM_TRUTH"];

interface Row {
  readonly id: string;
  readonly alarms: readonly string[];
  readonly invariants: readonly string[];
  readonly simulated: string;
  readonly files: readonly string[];
}

function rowsOf(text: string): readonly Row[] {
  return text
    .split("\n")
    .filter((line) => /^\| [DOTHC]\d+ +\|/.test(line))
    .map((line) => {
      const cells = line.split("|").map((cell) => cell.trim());
      const [id = "", alarms = "", invariants = "", simulated = "", files = ""] = [
        1,
        5,
        6,
        SIMULATED_AS,
        8,
      ].map((n) => cells[n]);
      return {
        id,
        alarms: [...alarms.matchAll(/`(\w+)`/g)].map(([, code = ""]) => code),
        invariants: invariants === "" ? [] : invariants.split(", "),
        simulated,
        files: [...files.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, file = ""]) => file),
      };
    });
}

/** Codes of alarms that the core raises, as its source has them. */
function alarmsOf(): ReadonlySet<string> {
  const found = new Set<string>();
  const folder = "packages/sdk/src";
  for (const file of readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts")) continue;
    const source = read(`${folder}/${file}`);
    for (const [, code = ""] of source.matchAll(/(?:alarm|#illegal)\(\s*(?:[\w.#]+,\s*)?"([A-Z_]+)"/g))
      found.add(code);
    for (const [, code = ""] of source.matchAll(/type: "alarm",\s*code: "([A-Z_]+)"/g)) found.add(code);
  }
  return found;
}

describe("the page of failure modes", () => {
  const rows = rowsOf(modes);

  it("has every failure mode once", () => {
    const all = Object.entries(CATALOGUE).flatMap(([group, n]) =>
      Array.from({ length: n }, (_, i) => `${group}${i + 1}`),
    );
    expect(rows.map(({ id }) => id)).toEqual(all);
  });

  it("says of every mode as which faults it is simulated, or why not (npm run plants -- --tables writes it)", () => {
    for (const { id, simulated } of rows) expect([id, simulated]).toEqual([id, simulatedAs(id)]);
  });

  it("names invariants and files that there are", () => {
    const known = new Set(INVARIANTS.map(({ id }) => id));
    for (const { id, invariants, files } of rows) {
      for (const invariant of invariants) expect([id, known.has(invariant)]).toEqual([id, true]);
      for (const file of files) expect([id, file, existsSync(`${ROOT}${file}`)]).toEqual([id, file, true]);
      if (id !== "C7") expect([id, files.length > 0]).toEqual([id, true]);
    }
  });

  it("names every alarm of the product, and none that there is not", () => {
    const raised = alarmsOf();
    expect(raised.size).toBeGreaterThan(20);
    const named = new Set([...modes.matchAll(/`([A-Z]+(?:_[A-Z]+)*)`/g)].map(([, code = ""]) => code));
    expect([...raised].filter((code) => !named.has(code))).toEqual([]);
    const known = new Set([...raised, ...BY_OTHER_MEANS]);
    const listed = [
      ...rows.flatMap(({ alarms }) => alarms),
      ...[...named].filter((code) => code.includes("_")),
    ];
    expect(
      listed.filter((code) => !known.has(code) && !/^(MATCHED|RETRYING|CANCEL_ONLY)$/.test(code)),
    ).toEqual([]);
    for (const code of BY_OTHER_MEANS) expect(named).toContain(code);
  });
});

describe("the page of reliability", () => {
  const cells = (text: string): string => text.replaceAll(/ *\| */g, "|").replaceAll(/-+/g, "-");

  it("has the invariants as the judges have them", () => {
    expect(cells(sectionOf(page, "invariants"))).toBe(cells(invariantsTable()));
    const files = readdirSync(`${ROOT}packages/testing/src/torture/judge`);
    for (const { id, checker } of INVARIANTS)
      if (checker !== undefined) expect([id, files]).toEqual([id, expect.arrayContaining([checker])]);
  });

  it("has every fault of the simulator in its rows", () => {
    expect(cells(sectionOf(page, "coverage"))).toBe(cells(coverageTable()));
    expect(coverageTable()).not.toContain("**nothing**");
  });

  it("has a line for each planted mistake", () => {
    const section = sectionOf(page, "plants");
    expect(cells(section)).toBe(cells(plantsTable(PLANTS, new Map(), section)));
    const stale = section.replace(/\| 500 +\|/, "| 501 |");
    expect(cells(stale)).not.toBe(cells(plantsTable(PLANTS, new Map(), stale)));
  });

  it("has each planted mistake found by what it breaks and within its budget, or says that it was not", () => {
    const found = foundOn(sectionOf(page, "plants"));
    for (const { id, invariants, seeds, survives } of PLANTS) {
      const [by, seed] = found.get(id) ?? ["", ""];
      if (survives !== undefined || by === "**not found**") continue;
      const beyond = Number(seed) > seeds ? `, ${BEYOND}` : "";
      expect(
        invariants.map((each) => `${each}${beyond}`),
        id,
      ).toContain(by);
      expect(Number(seed), id).toBeGreaterThan(0);
    }
  });

  it("has a planted mistake that was found by each invariant that is judged", () => {
    const shown = new Set([...foundOn(sectionOf(page, "plants")).values()].map(([by]) => by.split(",")[0]));
    const judged = INVARIANTS.filter(({ checker, when }) => checker !== undefined || when !== undefined);
    expect(judged.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
  });
});
