/** The configuration file: its schema, its defaults, and what is wrong with one. @module */
export { isSafeAddress } from "./address.ts";
export {
  ALERT_CHANNELS,
  ALERT_KINDS,
  type AlertChannel,
  type AlertKind,
  type AlertKindRow,
  type AlertsConfig,
  type AlertSeverity,
} from "./alerts.ts";
export { BOT_CONFIG, type BotConfig, type BotConfigInput } from "./botConfig.ts";
export {
  checkConfig,
  configInvalid,
  configJsonSchema,
  defaultConfig,
  parseConfig,
  requireMode,
  type ConfigResult,
} from "./check.ts";
export { DISCOVER_CONFIG, type DiscoverConfig } from "./discover.ts";
export { EXECUTION_CONFIG, type ExecutionConfig } from "./execution.ts";
export { MARKET_CONFIG, marketDescription, MATCH_CONFIG, matchDescription } from "./listings.ts";
export { configuredMatches, listedMarkets, subjectClaim, type ListingsConfig } from "./subjects.ts";
export { editDistance, nearest } from "./nearest.ts";
export { pathText, problemsOf, type ConfigProblem } from "./problems.ts";
export { SECRET_SCHEMES, SECRETS, type SecretKey } from "./secrets.ts";
