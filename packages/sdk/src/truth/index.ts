/** Truth about matches: consensus, finality, staleness, revision, identity, probability and resolution. @module */
export type { TruthChange } from "./change.ts";
export type { ClaimSet, Judgement, Outcome3, Statement, TruthRule } from "./claims.ts";
export { TRUTH_CONFIG, TRUTH_DEFAULTS, type TruthConfig } from "./config.ts";
export { extendCurve, leadAt } from "./curve.ts";
export { generateTruthDiagram } from "./diagram.ts";
export { TruthEngine } from "./engine.ts";
export type { SourceCounters, TruthSnapshot, TruthTimer } from "./records.ts";
export {
  MatchRegistry,
  type MatchRegistryOptions,
  type SubjectClaim,
  type SubjectProof,
} from "./identity/matchRegistry.ts";
export { normaliseName } from "./identity/names.ts";
export { isTruthRow, TRUTH_MACHINE, type TruthCell, type TruthInput, type TruthMachine } from "./machine.ts";
export { impliedProbability } from "./models/implied.ts";
export { leadOf, mapAdvantageModel } from "./models/mapAdvantage.ts";
export type {
  FittedModel,
  ModelCard,
  ModelData,
  ModelEstimate,
  ModelScore,
  ModelValidation,
  ProbabilityModel,
  ReliabilityBin,
} from "./models/model.ts";
export { seriesWinProbability, winsNeeded } from "./models/series.ts";
export { pooledLogOdds } from "./pooledLogOdds.ts";
export {
  checkResolution,
  resolvePayouts,
  type ExpectedResolution,
  type ResolutionMismatch,
} from "./resolution/payouts.ts";
export { DEFAULT_RESOLUTION_RULES, type CasePayout, type ResolutionRule } from "./resolution/rule.ts";
