/** The one fold that everything stands on which shows a run: dashboard, report, watch and why. @module */
export { calibrationOf } from "./calibration.ts";
export { exposureOf } from "./exposure.ts";
export { Follower } from "./follower.ts";
export { RunView } from "./runView.ts";
export type { SeriesCursor } from "./series.ts";
export type { FindStrategy } from "./shadow.ts";
export type { ChartCursor } from "./track.ts";
