/** Shows runs to pages of a browser on this machine, from a thread of its own. @module */
export { dashboardCommand, stay, type DashboardFlags } from "./command.ts";
export type { Dashboard } from "./dashboard.ts";
export { showRun } from "./show.ts";
export { SteppedControl } from "./steppedControl.ts";
