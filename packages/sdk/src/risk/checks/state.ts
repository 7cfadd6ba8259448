import type { DenialCode } from "../denialCodes.ts";
import { ENTRY_AND_HEDGE, ENTRY_ONLY, type RiskCheck } from "../check.ts";
import { NANOS_PER_MS } from "../../units/index.ts";
import type { RiskView } from "../view.ts";

const system = (code: DenialCode): RiskCheck => ({
  code,
  check({ purpose }, view) {
    const answer = view.system.allows(purpose);
    return answer !== true && answer.denied === code ? `no ${purpose} in the system's state` : undefined;
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
      : `no ${purpose} while the market ${MARKET_STATES[code] ?? "is in its present state"}${code === "MARKET_HALTED" ? causesOf(view) : ""}`;
  },
});

const MARKET_STATES: Partial<Readonly<Record<DenialCode, string>>> = {
  MARKET_LOCKED: "holds a complete pair that is being merged",
  MARKET_FINALIZING: "is decided or being decided",
  MARKET_HALTED: "is halted",
  MARKET_RESOLVED: "is resolved",
};

function causesOf({ trading }: RiskView): string {
  return trading.causes === undefined ? "" : ` by ${[...trading.causes].join(", ")}`;
}

export const systemChecks: readonly RiskCheck[] = (
  ["SYSTEM_NOT_READY", "SYSTEM_STOP_ENTRY", "SYSTEM_REDUCE_ONLY", "SYSTEM_HALTED", "SYSTEM_STOPPING"] as const
).map(system);

export const venueChecks: readonly RiskCheck[] = (
  ["VENUE_POST_ONLY", "VENUE_CANCEL_ONLY", "VENUE_RESTARTING", "VENUE_DOWN"] as const
).map(venue);

export const ownChannelLost: RiskCheck = {
  code: "OWN_CHANNEL_LOST",
  purposes: ENTRY_ONLY,
  check(_intent, { ownChannel }) {
    if (ownChannel === undefined) return undefined;
    const { state, detail, agreements } = ownChannel;
    if (state === "LOST") return `our own orders and trades are not heard of at once: ${detail}`;
    return `the channel of our own orders is back, and ${agreements} of 2 comparisons in a row have agreed since`;
  },
};

export const balanceRefused: RiskCheck = {
  code: "BALANCE_REFUSED",
  purposes: ENTRY_ONLY,
  check(_intent, { balanceHold, now }) {
    if (balanceHold === undefined) return undefined;
    const { refusals, detail, until } = balanceHold;
    if (until !== undefined && now >= until) return undefined;
    const left = until === undefined ? "until a resume" : `for ${Math.ceil((until - now) / NANOS_PER_MS)} ms`;
    return `${refusals} orders in a row were refused for want of balance, no entries ${left}: ${detail}`;
  },
};

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
