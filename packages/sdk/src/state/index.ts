/** State models, apart from the engines that move them. @module */
export type * from "./truth.ts";
export type * from "./trading.ts";
