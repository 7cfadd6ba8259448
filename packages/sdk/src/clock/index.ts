/** Time as a port: wall and monotonic clocks, real and virtual. @module */
export type { CancelTimer, Clock } from "./clock.ts";
export { SystemClock } from "./systemClock.ts";
export { VirtualClock } from "./virtualClock.ts";
