/**
 * The core, the contracts, the default strategies and the runtime. Runs anywhere: nothing here needs Node; what does is
 * under `@matchpoint/sdk/node`.
 * @module
 */
export * from "./book/index.ts";
export * from "./clock/index.ts";
export * from "./contracts/index.ts";
export {
  ERROR_CODES,
  isMatchpointError,
  MatchpointError,
  type ErrorCode,
  type ErrorCodeInfo,
  type MatchpointErrorOptions,
} from "./errors.ts";
export * from "./events/index.ts";
export * from "./ids.ts";
export * from "./state/index.ts";
export * from "./units/index.ts";
