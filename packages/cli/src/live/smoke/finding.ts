import type { Io } from "../../io.ts";
import { plain } from "../../report/format.ts";
import { table, type Column } from "../../report/table.ts";

/** Whether the venue does what this project takes for granted. */
export type Verdict = "as assumed" | "differs" | "not shown";

/** What was found out about one open point. */
export interface Finding {
  readonly point: string;
  /** What was done. */
  readonly did: string;
  readonly found: string;
  readonly expected: string;
  readonly verdict: Verdict;
  /** What follows from it for the configuration or the adapter's data of the venue. */
  readonly means: string;
}

/** Something that must not happen: everything stops. */
export class Surprise extends Error {
  /** What a person has to do now. */
  readonly todo: string;

  constructor(what: string, todo: string) {
    super(what);
    this.todo = todo;
  }
}

/** Prints a finding as it is made. */
export function printFinding({ point, did, found, expected, verdict, means }: Finding, io: Io): void {
  io.out(`${point}: ${plain(did)}`);
  io.out(`  found     ${plain(found)}`);
  io.out(`  expected  ${plain(expected)}`);
  io.out(`  verdict   ${verdict}`);
  io.out(`  means     ${plain(means)}`);
}

const COLUMNS: readonly Column<Finding>[] = [
  { title: "POINT", align: "left", cell: ({ point }) => point },
  { title: "VERDICT", align: "left", cell: ({ verdict }) => verdict },
  { title: "FOUND", align: "left", cell: ({ found }) => found, least: 24 },
  { title: "EXPECTED", align: "left", cell: ({ expected }) => expected, least: 20 },
];

/** All findings as one table. */
export function findingTable(findings: readonly Finding[], width: number): readonly string[] {
  return table(COLUMNS, findings, width);
}
