/** The report of finished runs: a page, tables and a verdict. @module */
export { csvFiles } from "./csv.ts";
export { gather, pnlIntervalOf, realismLack, type Gathered } from "./gather.ts";
export { page } from "./page.ts";
export { readRun, type ReadRun } from "./readRun.ts";
export { reportJson } from "./reportJson.ts";
export { LEAST_DAYS, LEAST_MATCHES, RULES, judge, type Evidence } from "./verdict.ts";
