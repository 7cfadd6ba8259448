/** The ports that adapters implement. @module */
export type * from "./execution.ts";
export type * from "./feeds.ts";
export { Secret } from "./secret.ts";
export type * from "./storage.ts";
export type * from "./transport.ts";
