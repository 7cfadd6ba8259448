/** A supervised test of the real venue with a few dollars, before it is trusted with more. @module */
export { smokeCommand, type SmokeFlags } from "./smoke.ts";
