/** What a run does, as JSON lines for programs. @module */
export { loggedIo, openLog, type RunLogFile } from "./openLog.ts";
