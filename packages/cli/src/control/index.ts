/** Stopping runs and letting them go on: the stop file, the control server of a run, and the commands that speak to it. @module */
export { KILL_KEY, listenForKillKey } from "./killKey.ts";
export { guarded, type AttachedGuard, type GuardedPlan } from "./guarded.ts";
