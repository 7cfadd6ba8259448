/** What a run does, as JSON lines for programs. @module */
export { openLog } from "./openLog.ts";
