/** Telling people, wherever they are, what they should know of a run. @module */
export { Alerts } from "./alerts.ts";
export { channelsOf, type Channel } from "./channels.ts";
