/** Time as a port: wall and monotonic clocks, real and virtual. @module */
export type { CancelTimer, Clock } from "./clock.ts";
export {
  judgeSkew,
  NTP_SERVERS,
  type ClockOffsets,
  type OffsetMeasurement,
  type SkewCheck,
  type SkewSubject,
} from "./offsets.ts";
export { pause } from "./pause.ts";
export { SystemClock } from "./systemClock.ts";
export { VirtualClock } from "./virtualClock.ts";
