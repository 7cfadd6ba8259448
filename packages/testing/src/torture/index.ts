/** A deterministic simulator of bad days: the real runtime between a venue, a chain, a disk and networks that go wrong. @module */
export type * from "./history.ts";
export { INVARIANTS, JUDGES, type Invariant } from "./judge/index.ts";
export type { Decision, FaultPlan } from "./kernel/dice.ts";
export { FAULT_KINDS, TORTURE_FAULTS, type FaultKind, type FaultRow } from "./kernel/faults.ts";
export { NOT_SIMULATED } from "./kernel/notSimulated.ts";
export { poisoned } from "./kernel/poison.ts";
export type { GatewayParts } from "./program/gateway.ts";
export type { ProgramAdapter } from "./program/program.ts";
export { builtInAdapter, type AdapterFactory } from "./program/supervisor.ts";
export {
  History,
  type Disk,
  type Holdings,
  type Judge,
  type JudgeMaker,
  type LifeView,
  type RestingOrder,
  type TrueBook,
  type Violation,
  type WorldView,
} from "./record.ts";
export {
  reproduction,
  shrinkFailure,
  type ReproductionStrategy,
  type ShrinkOptions,
  type ShrunkFailure,
} from "./shrink.ts";
export { TortureTally, type FailedSeed, type SeedOutcome, type TortureReport } from "./tally.ts";
export { tortureSeed, type SeedResult, type TortureOptions } from "./run.ts";
export { TortureMaker, TorturePair, TortureTaker } from "./strategies/hyperactive.ts";
