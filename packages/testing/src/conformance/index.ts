/** What implementations of the contracts owe their hosts, as cases for any test runner. @module */
export { feedConformance } from "./feedConformance.ts";
export type { ConformanceCase, FeedCapabilities, FeedSubject } from "./feedSubject.ts";
export { PacedClock } from "./pacedClock.ts";
