/** Whether everything that a run stands on is there: one table of checks, for `doctor` and for the start of `run`. @module */
export { Bench } from "./bench.ts";
export type { Check } from "./check.ts";
export type { ChecklistLine } from "./finding.ts";
export { showLocalChecks } from "./localChecks.ts";
export { demandChecklist, printChecklist } from "./print.ts";
export { runChecks, type Made } from "./runner.ts";
export { CHECKS, checksOf } from "./table.ts";
