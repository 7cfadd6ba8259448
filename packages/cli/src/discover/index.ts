/** Markets that are found instead of configured. @module */
export { Discovery, type Look } from "./discovery.ts";
export { discoveryOf, type RunDiscovery } from "./forRun.ts";
export type { PassedOver } from "./judge.ts";
