/**
 * The core, the contracts, the default strategies and the runtime. Runs anywhere: nothing here needs Node; what does is
 * under `@matchpoint/sdk/node`.
 * @module
 */
export * from "./book/index.ts";
export * from "./bus/index.ts";
export * from "./clock/index.ts";
export * from "./config/index.ts";
export * from "./contracts/index.ts";
export * from "./engine/index.ts";
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
export * from "./journal/index.ts";
export * from "./observe/index.ts";
export * from "./orders/index.ts";
export * from "./portfolio/index.ts";
export * from "./reconcile/index.ts";
export * from "./recording/index.ts";
export * from "./risk/index.ts";
export * from "./runtime/index.ts";
export * from "./state/index.ts";
export * from "./strategy/index.ts";
export * from "./trading/index.ts";
export * from "./truth/index.ts";
export * from "./units/index.ts";
