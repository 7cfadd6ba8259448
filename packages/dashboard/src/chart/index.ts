/** The chart of truth against market. @module */
export { coloursNow } from "./colours.ts";
export { ON_THE_RIGHT } from "./side.ts";
export { TruthChart } from "./truthChart.tsx";
