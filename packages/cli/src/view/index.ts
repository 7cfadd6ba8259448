/** The one fold that everything stands on which shows a run: dashboard, report, watch and why. @module */
export { RunView } from "./runView.ts";
