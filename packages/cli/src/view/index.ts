/** The one fold that everything stands on which shows a run: dashboard, report, watch and why. @module */
export { exposureOf } from "./exposure.ts";
export { RunView } from "./runView.ts";
