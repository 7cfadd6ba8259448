/** What the page knows, how it hears of it, and how it orders. @module */
export { order, REASON_LENGTH } from "./actions.ts";
export { ChartData, indexAt } from "./chartData.ts";
export { Connection } from "./connection.ts";
export { QUIET_MS, Store, type Link, type Outcome, type Slice } from "./store.ts";
export { tokenOf } from "./token.ts";
