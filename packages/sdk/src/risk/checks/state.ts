import type { DenialCode } from "../denialCodes.ts";
import { ENTRY_AND_HEDGE, type RiskCheck } from "../check.ts";

const system = (code: DenialCode): RiskCheck => ({
  code,
  check({ purpose }, view) {
    const answer = view.system.allows(purpose);
    return answer !== true && answer.denied === code
      ? `the system's state does not allow an intent of purpose ${purpose}`
      : undefined;
  },
});

const venue = (code: DenialCode): RiskCheck => ({
  code,
  check({ purpose, postOnly }, view) {
    const answer = view.venue.allows(purpose, postOnly);
    return answer !== true && answer.denied === code
      ? "the venue's mode does not allow the order"
      : undefined;
  },
});

const market = (code: DenialCode): RiskCheck => ({
  code,
  check({ purpose }, view, limits) {
    const { id, posture } = view.strategy;
    const answer = view.trading.allows(purpose, { strategyId: id, posture }, limits);
    if (answer === true || answer.denied !== code) return undefined;
    const { owner } = view.trading;
    return code === "MARKET_BUSY" && owner !== undefined
      ? `no ${purpose}: the market is with ${owner} until it is idle again`
      : `the market's state does not allow an intent of purpose ${purpose}`;
  },
});

export const systemChecks: readonly RiskCheck[] = (
  ["SYSTEM_NOT_READY", "SYSTEM_STOP_ENTRY", "SYSTEM_REDUCE_ONLY", "SYSTEM_HALTED", "SYSTEM_STOPPING"] as const
).map(system);

export const venueChecks: readonly RiskCheck[] = (
  ["VENUE_POST_ONLY", "VENUE_CANCEL_ONLY", "VENUE_RESTARTING", "VENUE_DOWN"] as const
).map(venue);

export const marketChecks: readonly RiskCheck[] = (
  ["MARKET_BUSY", "MARKET_LOCKED", "MARKET_FINALIZING", "MARKET_HALTED", "MARKET_RESOLVED"] as const
).map(market);

export const marketClosed: RiskCheck = {
  code: "MARKET_CLOSED",
  check: (_intent, { market: { acceptingOrders } }) =>
    acceptingOrders ? undefined : "the venue accepts no orders here",
};

export const chainActionPending: RiskCheck = {
  code: "CHAIN_ACTION_PENDING",
  purposes: ENTRY_AND_HEDGE,
  check: ({ purpose }, { openChain, strategy }) =>
    openChain && (purpose === "hedge" || strategy.posture === "pair")
      ? "a chain action of this market is under way"
      : undefined,
};
