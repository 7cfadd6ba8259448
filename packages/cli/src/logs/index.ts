/** What a run does, as JSON lines for programs. @module */
export { openLog, type RunLogFile } from "./openLog.ts";
