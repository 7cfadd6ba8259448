/** Truth about matches: consensus, finality, staleness, revision, identity, probability and resolution. @module */
export type { TruthChange } from "./change.ts";
export type { ClaimSet, Judgement, Outcome3, Statement, TruthRule } from "./claims.ts";
export { TRUTH_CONFIG, TRUTH_DEFAULTS, type TruthConfig } from "./config.ts";
export { extendCurve, leadAt } from "./curve.ts";
export { describeClaim } from "./describe.ts";
export { generateTruthDiagram } from "./diagram.ts";
export { TruthEngine } from "./engine.ts";
export type { LagSnapshot } from "./lag/ledger.ts";
export { MoveDetector, type MarketMove, type MoveOptions, type RunningMove } from "./lag/moves.ts";
export { LagSketch, type LagSketchSnapshot } from "./lag/sketch.ts";
export { signalLimitMs, type SourceLag, type TruthSignal } from "./lag/sourceLag.ts";
export type { LearnedReliability, Reliability } from "./reliability.ts";
export type { ResultTally, SourceCounters, SourceReport, TruthSnapshot, TruthTimer } from "./records.ts";
export type {
  JoinFact,
  JoinProof,
  ListingClaim,
  ProviderMatch,
  SubjectClaim,
  SubjectProof,
  Unproven,
  UnprovenCode,
} from "./identity/claimed.ts";
export { MatchRegistry, type MatchRegistryOptions } from "./identity/matchRegistry.ts";
export { isUndecided, namesTeam, normaliseName, sideOf } from "./identity/names.ts";
export { TEAM_ALIASES } from "./identity/seedAliases.ts";
export { TEAM_ALIASES_SCHEMA, TeamTable, type KnownTeam, type TeamAliases } from "./identity/teamAliases.ts";
export { readInstant } from "./identity/times.ts";
export { isTruthRow, TRUTH_MACHINE, type TruthCell, type TruthInput, type TruthMachine } from "./machine.ts";
export { defaultModel, modelFor } from "./models/defaults.ts";
export { dota2Model } from "./models/dota2.ts";
export { carriedChance } from "./models/carry.ts";
export { CS2_FITTED } from "./models/fitted/cs2.ts";
export { VALORANT_FITTED } from "./models/fitted/valorant.ts";
export { impliedProbability, type ImpliedProbability } from "./models/implied.ts";
export {
  createLolModel,
  lolCurveLogOdds,
  lolModel,
  type LolCoefficients,
  type LolRatings,
} from "./models/lol.ts";
export { lolMoment, lolTerms, lolTime, type LolMoment } from "./models/lolMoment.ts";
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
export {
  isOvertime,
  isPistol,
  mapResult,
  ROUND_FORMATS,
  sideSign,
  type RoundFormat,
  type RoundTitle,
} from "./models/rounds/format.ts";
export { mapTable, type MapTable, type RoundOdds } from "./models/rounds/mapTable.ts";
export {
  equipmentRatio,
  FIGHT_KEYS,
  fightFeatures,
  NEXT_KEYS,
  nextFeatures,
  START_KEYS,
  startFeatures,
  type FightOdds,
  type NextOdds,
  type RoundStart,
  type StartOdds,
} from "./models/rounds/odds.ts";
export { createRoundsModel, type RoundsCoefficients } from "./models/rounds/roundsModel.ts";
export { cs2Model, valorantModel } from "./models/rounds/models.ts";
export {
  openGameProbability,
  seriesWinProbability,
  winsNeeded,
  type OpenChance,
  type SeriesTerm,
} from "./models/series.ts";
export { pooledLogOdds } from "./pooledLogOdds.ts";
export { assessResolution } from "./resolution/assess.ts";
export type {
  Clause,
  ClauseKind,
  ResolutionAssessment,
  ResolutionFinding,
  ResolutionFindingCode,
  ResolutionTemplate,
  ResolutionText,
} from "./resolution/finding.ts";
export {
  checkResolution,
  resolvePayouts,
  type ExpectedResolution,
  type ResolutionMismatch,
} from "./resolution/payouts.ts";
export {
  scoreVerdict,
  TITLE_RULES,
  type RoundRules,
  type ScoreVerdict,
  type TitleRules,
} from "./titleRules.ts";
export { DEFAULT_RESOLUTION_RULES, type CasePayout, type ResolutionRule } from "./resolution/rule.ts";
