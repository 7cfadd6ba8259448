import type { Intent, MarketDescription, OrderStatus, Outcome } from "../../src/events/index.ts";
import {
  id,
  type IntentId,
  type MarketId,
  type MatchId,
  type StrategyId,
  type TokenId,
} from "../../src/ids.ts";
import type { GameTruth, Position, Posture, TruthState, Verdict } from "../../src/state/index.ts";
import type { TruthSignal } from "../../src/truth/index.ts";
import {
  MarketTrading,
  SystemMachine,
  venueAllows,
  type TradingInput,
  type VenueMode,
} from "../../src/trading/index.ts";
import { feeSchedule, type Nanos, type Price, type Shares, type Usdc } from "../../src/units/index.ts";
import {
  RISK_CONFIG,
  RiskGate,
  type RetryingTrade,
  type RiskBook,
  type RiskConfig,
  type RiskOrder,
  type RiskView,
} from "../../src/risk/index.ts";

export const MARKET: MarketId = id("0xa");
export const ME: StrategyId = id("me");
export const SECOND = 1_000_000_000;

export const usd = (dollars: number): Usdc => Math.round(dollars * 1_000_000) as Usdc;
export const sh = (amount: number): Shares => Math.round(amount * 1_000_000) as Shares;
export const px = (dollars: number): Price => Math.round(dollars * 10_000) as Price;

export function config(overrides: Readonly<Record<string, unknown>> = {}): RiskConfig {
  return RISK_CONFIG.parse(overrides);
}
export function gate(overrides: Readonly<Record<string, unknown>> = {}): RiskGate {
  return new RiskGate(config(overrides));
}

/** Ten shares at $0.50 by FAK, which passes in {@link view}'s world. */
export function intent(overrides: Partial<Intent> = {}): Intent {
  const base = {
    intentId: id<IntentId>("me-1"),
    strategyId: ME,
    marketId: MARKET,
    outcome: 0 as Outcome,
    side: "buy" as const,
    orderType: "FAK" as const,
    postOnly: false,
    limit: px(0.5),
    size: sh(10),
    purpose: "entry" as const,
    reason: "test",
    ...overrides,
  };
  const immediate = base.orderType === "FAK" || base.orderType === "FOK";
  const spends = immediate && base.side === "buy" && !("spend" in overrides);
  return spends ? { ...base, spend: (Math.floor((base.size * base.limit) / 1e8) * 1e4) as Usdc } : base;
}

/** The same resting: a limit order. */
export const resting = (overrides: Partial<Intent> = {}): Intent =>
  intent({ orderType: "GTC", ...overrides });

export function order(overrides: Partial<Intent> = {}, status: OrderStatus = "LIVE", matched = 0): RiskOrder {
  return {
    intent: intent({ intentId: id("old-1"), ...overrides }),
    status,
    matched: sh(matched),
    createdAt: 0 as Nanos,
  };
}

/** Everything unfilled at the limit with a generous fee. */
export function worstCase({ intent: { side, size, limit, spend }, matched }: RiskOrder): { cash: Usdc } {
  const left = Math.max(0, size - matched) as Shares;
  if (side === "sell") return { cash: 0 as Usdc };
  const value = spend === undefined ? (left * limit) / 10_000 : (spend * left) / size;
  return { cash: Math.ceil(value * 1.05) as Usdc };
}

export const held = (matched: number, cost: number, settled = 0): Position => ({
  matched: sh(matched),
  settled: sh(settled),
  cost: usd(cost),
  openedAt: 0 as Nanos,
});
export const NOTHING: Position = held(0, 0);

export function market(overrides: Partial<MarketDescription> = {}): MarketDescription {
  return {
    marketId: MARKET,
    title: "A vs B",
    outcomes: [
      { tokenId: id<TokenId>("1"), name: "A" },
      { tokenId: id<TokenId>("2"), name: "B" },
    ],
    subject: { kind: "series", matchId: id<MatchId>("m"), teamOf: [0, 1] },
    tick: px(0.01),
    minSize: sh(5),
    takerDelayMs: 0,
    mirrored: true,
    negRisk: false,
    acceptingOrders: true,
    clearBookOnStart: false,
    ...overrides,
  };
}

export function verdict(overrides: Partial<Verdict> = {}): Verdict {
  return {
    status: "live",
    winner: undefined,
    posterior: 0,
    singleSource: false,
    forfeit: false,
    revision: 1,
    since: 0 as Nanos,
    sources: [],
    ...overrides,
  };
}

export function truth(overrides: Partial<TruthState> = {}): TruthState {
  const game = (number: number): GameTruth => ({ ...verdict(), game: number, progress: {} });
  return {
    ...verdict(),
    match: { matchId: id<MatchId>("m"), title: "cs2", teams: [{ name: "A" }, { name: "B" }], bestOf: 3 },
    maps: [0, 0],
    games: [game(1), game(2), game(3)],
    currentGame: 1,
    stale: false,
    staleSource: undefined,
    lastClaimAt: 0 as Nanos,
    ...overrides,
  };
}

/** News of a source that is so late; `undefined`: nobody knows how late. */
export function late(lagMs: number | undefined): TruthSignal {
  return { source: id("espn"), at: 0 as Nanos, lagMs, limitMs: 10_000, mayTake: false };
}

/** A book with one level per side of outcome 0 and its mirror. */
export function book(
  overrides: Partial<RiskBook> & { bid0?: number; ask0?: number; size?: number } = {},
): RiskBook {
  const { bid0 = 0.48, ask0 = 0.5, size = 1_000, ...rest } = overrides;
  const bid = (outcome: Outcome): Price => (outcome === 0 ? px(bid0) : ((10_000 - px(ask0)) as Price));
  const ask = (outcome: Outcome): Price => (outcome === 0 ? px(ask0) : ((10_000 - px(bid0)) as Price));
  return {
    status: "live",
    updatedAt: 0 as Nanos,
    mirrored: true,
    bid,
    ask,
    depth: (outcome, side, limit) =>
      side === "buy"
        ? ask(outcome) <= limit && ask(outcome) < 10_000
          ? sh(size)
          : sh(0)
        : bid(outcome) >= limit && bid(outcome) > 0
          ? sh(size)
          : sh(0),
    walk: () => ({ shares: sh(0), cost: usd(0) }),
    ...rest,
  };
}

/** What a test wants to be different in the world; the rest lets {@link intent} pass. */
export interface World {
  readonly now?: number;
  readonly market?: Partial<MarketDescription>;
  /** The market has no subject. */
  readonly unproven?: boolean;
  readonly book?: RiskBook;
  readonly trading?: readonly TradingInput[];
  readonly system?: SystemMachine;
  readonly venueMode?: VenueMode;
  readonly posture?: Posture;
  readonly truthDriven?: boolean;
  readonly truth?: TruthState | undefined;
  readonly own?: Verdict;
  readonly signal?: TruthSignal;
  readonly resolution?: RiskView["resolution"];
  readonly staleTerms?: string;
  readonly calibrated?: boolean;
  readonly capabilities?: RiskView["capabilities"];
  readonly orders?: readonly RiskOrder[];
  readonly cash?: number;
  readonly positions?: Readonly<Record<string, readonly [Position, Position]>>;
  readonly sellable?: readonly [number, number];
  readonly openChain?: boolean;
  readonly stall?: RiskView["stall"];
  readonly ownChannel?: RiskView["ownChannel"];
  readonly balanceHold?: RiskView["balanceHold"];
  readonly matchMarkets?: readonly string[];
  readonly lost?: number;
  /** Lost by the bids of what is held. */
  readonly lostOpen?: number;
  readonly stopped?: string;
  readonly scale?: number;
  readonly tournamentMarkets?: readonly string[];
  readonly strategyHalted?: string;
  /** Trades of {@link MARKET} that are being retried, and what failed sales would cost again. */
  readonly retrying?: readonly RetryingTrade[];
  readonly retryingCost?: number;
  readonly owed?: number;
}

export function ready(): SystemMachine {
  const machine = new SystemMachine();
  machine.start();
  return machine;
}

export function view(world: World = {}): RiskView {
  const description = market(world.market);
  if (world.unproven === true) delete (description as { subject?: unknown }).subject;
  const trading = new MarketTrading(MARKET);
  world.trading?.forEach((input, at) => trading.apply(input, at as Nanos));
  const orders = world.orders ?? [];
  const positions = world.positions ?? {};
  const position = (marketId: MarketId, outcome: Outcome): Position =>
    positions[marketId]?.[outcome] ?? NOTHING;
  const state = "truth" in world ? world.truth : truth();
  return {
    now: (world.now ?? SECOND) as Nanos,
    market: description,
    fee: feeSchedule(50_000, 1, true),
    resolution: world.resolution,
    staleTerms: world.staleTerms,
    book: world.book ?? book(),
    trading,
    system: world.system ?? ready(),
    venue: { allows: (action, postOnly) => venueAllows(world.venueMode ?? "OPEN", action, postOnly) },
    strategy: {
      id: ME,
      posture: world.posture ?? "directional",
      truthDriven: world.truthDriven ?? false,
      halted: world.strategyHalted,
    },
    truth:
      state === undefined
        ? undefined
        : { state, own: world.own ?? state, signal: world.signal, calibrated: world.calibrated ?? true },
    capabilities: world.capabilities ?? { orderTypes: ["FAK", "FOK", "GTC", "GTD"], postOnly: true },
    orders: {
      openCount: orders.length,
      get: (intentId) => orders.find((one) => one.intent.intentId === intentId),
      open: (marketId) => orders.filter((one) => one.intent.marketId === marketId),
      allOpen: () => orders,
      retrying: (marketId) => (marketId === MARKET ? (world.retrying ?? []) : []),
      retryingMarkets: () => (world.retrying === undefined ? [] : [MARKET]),
    },
    ledger: {
      cash: usd(world.cash ?? 1_000),
      position,
      owed: () => usd(world.owed ?? 0),
      retryingCost: (_marketId, outcome) => usd(outcome === 0 ? (world.retryingCost ?? 0) : 0),
      markets: () => Object.keys(positions) as MarketId[],
    },
    openChain: world.openChain ?? false,
    stall: world.stall,
    ownChannel: world.ownChannel,
    balanceHold: world.balanceHold,
    matchMarkets: (world.matchMarkets ?? [MARKET]) as MarketId[],
    tournamentMarkets: (world.tournamentMarkets ?? [MARKET]) as MarketId[],
    day: {
      realized: usd(-(world.lost ?? 0)),
      unrealized: usd(-(world.lostOpen ?? 0)),
      stopped: world.stopped,
    },
    scale: world.scale ?? 1,
    sellable: (outcome) =>
      world.sellable === undefined ? position(MARKET, outcome).matched : sh(world.sellable[outcome]),
    worstCase,
  };
}
