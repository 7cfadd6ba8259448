/** A simulated match with its sources and its markets, in the wire shapes of the real ones. @module */
export { FAULTS, type FaultName, type SimulationOptions, type SourceTuning } from "./options.ts";
export type { SimChannel, SimEvent, SimFrame } from "./outbox.ts";
export { Prng } from "./prng.ts";
export { simulateMatch, SimulatedMatch, type Reference, type ReferenceGame } from "./simulatedMatch.ts";
