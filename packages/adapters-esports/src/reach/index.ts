/** Whether a source is there and takes the key, asked with one question. @module */
export { askSource, type AskSourceOptions, type AskedSource, type SourceReach } from "./askSource.ts";
