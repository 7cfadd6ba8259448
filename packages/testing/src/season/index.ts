/** A season of matches with sources that lag, copy, contradict and err, to see what the truth engine makes of it. @module */
export { simulateSeason, type SeasonOptions } from "./season.ts";
export type { FalseResult, Injected } from "./referee.ts";
export type { SeasonReport, TimeToFinal } from "./summary.ts";
