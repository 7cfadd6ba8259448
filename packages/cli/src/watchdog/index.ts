/** What watches over a run that hangs, and starts it again. @module */
export { Board } from "./board.ts";
export { marked } from "./marked.ts";
export { notifyManager } from "./notify.ts";
export { supervise } from "./supervise.ts";
export { startWatchdog, type Watchdog } from "./watchdog.ts";
