import fc from "fast-check";
import type { CoreEvent, CoreEventType } from "../../src/events/index.ts";

/** Text with everything that breaks careless writers. */
const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ maxLength: 12 }) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 6 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '"',
      "\\",
      "\n",
      "\u2028",
      "\ud800",
      "\u0000",
      "__proto__",
      '","crc":"',
      "null",
      "é€🎮",
    ),
  },
);
const name = text.map((value) => (value === "" ? "x" : value));
const outcome = fc.constantFrom(0 as const, 1 as const);
const size = fc.oneof(
  fc.integer({ min: 0, max: 100_000 }),
  fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
);
const money = fc
  .integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER })
  .map((n) => n + 0 || 0);
const price = fc.integer({ min: 0, max: 10_000 });
const stated = fc.integer({ min: -1, max: 10_000 });
const millis = fc.oneof(
  fc.integer({ min: 0, max: 2_000_000_000_000 }),
  fc.double({ min: 1, max: 2e12, noNaN: true }),
);
const offset = fc.integer({ min: -100_000, max: 100_000 });
const game = fc.integer({ min: 1, max: 9 });
const side = fc.constantFrom("buy" as const, "sell" as const);
const pairOf = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<[T, T]> => fc.tuple(item, item);
const levels = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 3 }), price, size), { maxLength: 8 })
  .map((triples) => triples.flat());

/** An object in which any of the optional fields may be missing. */
function shape(
  required: Record<string, fc.Arbitrary<unknown>>,
  optional: Record<string, fc.Arbitrary<unknown>> = {},
) {
  return fc.record({ ...required, ...optional }, { requiredKeys: Object.keys(required) });
}

const kind = (value: string) => ({ kind: fc.constant(value) });
const progress = shape(
  {},
  {
    clockMs: fc.integer({ min: 0, max: 9_000_000 }),
    score: pairOf(fc.nat(30)),
    gold: pairOf(fc.nat(90_000)),
    towers: pairOf(fc.nat(11)),
    kills: pairOf(fc.nat(99)),
    dragons: pairOf(fc.nat(6)),
    barons: pairOf(fc.nat(4)),
    inhibitors: pairOf(fc.nat(6)),
    alive: pairOf(fc.nat(5)),
    equipment: pairOf(fc.nat(40_000)),
    planted: fc.boolean(),
    round: fc.nat(60),
    firstSide: outcome,
  },
);

/** Any claim. */
export const anyClaim = fc.oneof(
  shape(kind("series_started")),
  shape({ ...kind("series_won"), winner: outcome }, { forfeit: fc.boolean() }),
  shape(kind("series_ended")),
  shape({ ...kind("series_score"), maps: pairOf(fc.nat(3)) }),
  shape({ ...kind("cancelled"), reason: fc.constantFrom("cancelled", "walkover", "postponed") }),
  shape({ ...kind("game_started"), game }, { ref: text }),
  shape({ ...kind("game_paused"), game }),
  shape({ ...kind("game_resumed"), game }),
  shape({ ...kind("game_progress"), game, progress }),
  shape({ ...kind("game_won"), game, winner: outcome }, { forfeit: fc.boolean() }),
  shape({ ...kind("game_ended"), game }),
  shape({ ...kind("retracted"), reason: fc.constantFrom("rollback", "remake", "correction") }, { game }),
  shape(kind("source_invalid")),
  shape(kind("source_valid")),
);

const trade = {
  tradeId: name,
  orderId: name,
  marketId: name,
  outcome,
  side,
  price,
  size,
  cost: size,
  fee: money,
  liquidity: fc.constantFrom("maker", "taker"),
  status: fc.constantFrom("MATCHED", "MINED", "RETRYING", "CONFIRMED", "FAILED"),
};

const command = fc.oneof(
  shape({ ...kind("adopt"), trades: fc.array(shape(trade), { maxLength: 2 }) }, { collateral: money }),
  shape(kind("halt"), { marketId: name, reason: text }),
  shape(kind("resume"), { marketId: name }),
  shape(kind("kill"), { reason: text }),
  shape(kind("stop_entries"), { reason: text }),
  shape({ ...kind("fact"), matchId: name, claim: anyClaim }),
  shape({ ...kind("note"), text }),
);

/** Any market's description. */
export const anyMarket = shape(
  {
    marketId: name,
    title: text,
    outcomes: pairOf(shape({ tokenId: name, name: text })),
    tick: fc.constantFrom(1, 10, 100, 1_000),
    minSize: size,
    takerDelayMs: fc.nat(10_000),
    mirrored: fc.boolean(),
    negRisk: fc.boolean(),
    acceptingOrders: fc.boolean(),
    clearBookOnStart: fc.boolean(),
  },
  {
    subject: fc.oneof(
      shape({ ...kind("series"), matchId: name, teamOf: pairOf(outcome) }),
      shape({ ...kind("game"), matchId: name, game, teamOf: pairOf(outcome) }),
    ),
    fee: shape({ ratePpm: fc.nat(1_000_000), exponent: fc.nat(4), takerOnly: fc.boolean() }),
    startsAt: millis,
    rules: text,
  },
);

/** Any match's description. */
export const anyMatch = shape(
  {
    matchId: name,
    title: fc.constantFrom("lol", "cs2", "dota2", "valorant", "other"),
    teams: pairOf(shape({ name: text }, { aliases: fc.array(text, { maxLength: 2 }) })),
    bestOf: fc.constantFrom(1, 3, 5),
  },
  {
    startsAt: millis,
    refs: fc.dictionary(name, shape({ match: text, teams: pairOf(text) }), { maxKeys: 2 }),
  },
);

const plainJson = fc
  .jsonValue({ maxDepth: 2, noUnicodeString: false })
  .map((v) => JSON.parse(JSON.stringify(v)) as unknown);

type Fields = {
  readonly required: Record<string, fc.Arbitrary<unknown>>;
  readonly optional?: Record<string, fc.Arbitrary<unknown>>;
};

const FIELDS: Record<CoreEventType, Fields> = {
  run_started: {
    required: {
      runId: name,
      mode: fc.constantFrom("paper", "live"),
      seed: fc.nat(),
      capabilities: shape({
        orderTypes: fc.subarray(["FAK", "FOK", "GTC", "GTD"]),
        postOnly: fc.boolean(),
        merge: fc.boolean(),
        split: fc.boolean(),
      }),
      config: plainJson,
      strategies: fc.array(shape({ id: name, use: text, params: plainJson }, { markets: plainJson }), {
        maxLength: 2,
      }),
    },
  },
  strategy_reply: {
    required: {
      strategyId: name,
      actions: fc.array(
        fc.oneof(
          fc.record({ kind: fc.constantFrom("buy", "sell"), ref: name, request: fc.jsonValue() }),
          fc.record({ kind: fc.constant("cancel"), order: name }),
          fc.record({ kind: fc.constant("skip"), reason: name, times: fc.integer({ min: 1, max: 9 }) }),
        ),
        { maxLength: 3 },
      ),
    },
    optional: { marketId: name, failed: text },
  },
  run_stopping: { required: { reason: text } },
  run_stopped: { required: { clean: fc.boolean(), openOrders: size } },
  timer: { required: { timerId: name } },
  operator: { required: { operator: text, command } },
  frame_quarantined: { required: { feed: text, reason: text, sample: text }, optional: { marketId: name } },
  feed_redundancy: {
    required: { feed: text, state: fc.constantFrom("degraded", "restored"), reason: text },
  },
  queue_pressure: {
    required: { topic: text, dropped: fc.nat(), halted: fc.boolean() },
    optional: { marketId: name },
  },
  loop_stalled: { required: { stalledMs: fc.nat() }, optional: { reachedAt: fc.nat() } },
  adopted: {
    required: {
      reason: fc.constantFrom("restart", "rounding", "operator"),
      evidence: text,
      what: fc.oneof(
        shape({ kind: fc.constant("cash"), amount: money }, {}),
        shape({ kind: fc.constant("rebate"), amount: size }, {}),
        shape({ kind: fc.constant("complete") }, {}),
        shape({ kind: fc.constant("position"), marketId: name, outcome, shares: money, cost: fc.nat() }, {}),
        shape({ kind: fc.constant("account"), runId: name, lines: fc.nat(), state: fc.constant({}) }, {}),
      ),
    },
  },
  chain_requested: {
    required: {
      action: shape(
        {
          actionId: name,
          kind: fc.constantFrom("merge", "split", "redeem"),
          marketId: name,
          amounts: fc.tuple(fc.nat(), fc.nat()),
        },
        {},
      ),
    },
  },
  snapshot_taken: { required: { lines: fc.integer({ min: 1 }), digest: name } },
  risk_noted: {
    required: {
      note: fc.oneof(
        shape(
          {
            kind: fc.constant("hold"),
            marketId: name,
            cause: fc.constantFrom("breaker", "strategy_fault"),
            reason: text,
            at: fc.nat(),
          },
          { until: fc.nat() },
        ),
        shape({ kind: fc.constant("strategy_halted"), strategyId: name, reason: text, at: fc.nat() }, {}),
        shape(
          {
            kind: fc.constant("killed"),
            by: fc.constantFrom("operator", "daily_loss", "runaway"),
            reason: text,
            at: fc.nat(),
          },
          {},
        ),
        shape({ kind: fc.constant("day_stopped"), reason: text, at: fc.nat() }, {}),
        shape(
          {
            kind: fc.constant("misstep"),
            what: fc.constantFrom("malformed_order", "failed_hook"),
            strategyId: name,
            at: fc.nat(),
          },
          {},
        ),
        shape({ kind: fc.constant("peak"), profit: money, at: fc.nat() }, {}),
      ),
    },
  },
  reconciled: {
    required: {
      agrees: fc.boolean(),
      differences: fc.array(
        shape(
          {
            kind: fc.constantFrom("position", "cash", "missed_trade", "foreign_order"),
            expected: money,
            actual: money,
          },
          { marketId: name, outcome, orderId: name, tradeId: name },
        ),
        { maxLength: 3 },
      ),
    },
    optional: {
      marketId: name,
      chain: shape(
        {},
        {
          silent: fc.string(),
          finalAgeMs: fc.nat(),
          allowance: fc.record({ dollars: fc.nat(), noShares: fc.array(fc.string(), { maxLength: 2 }) }),
        },
      ),
    },
  },
  market_listed: { required: { market: anyMarket } },
  terms_changed: {
    required: {
      marketId: name,
      terms: fc.record(
        {
          tick: fc.integer({ min: 1, max: 10_000 }),
          minSize: size,
          takerDelayMs: fc.nat(),
          acceptingOrders: fc.boolean(),
          clearBookOnStart: fc.boolean(),
          rules: text,
          version: fc.constantFrom(2, 3),
        },
        { requiredKeys: [] },
      ),
      source: name,
    },
  },
  terms_continuity: {
    required: { marketId: name, state: fc.constantFrom("stale", "read"), reason: text },
  },
  book_snapshot: { required: { marketId: name, outcome, levels, synthetic: fc.boolean() } },
  book_delta: { required: { marketId: name, levels, bestBid: stated, bestAsk: stated } },
  best_quote: { required: { marketId: name, bestBid: price, bestAsk: price } },
  market_trade: { required: { marketId: name, outcome, side, price, size } },
  tick_size_changed: { required: { marketId: name, tick: fc.integer({ min: 1, max: 10_000 }) } },
  book_continuity: {
    required: {
      marketId: name,
      state: fc.constantFrom("gap", "stale", "disconnected", "resynced"),
      reason: text,
    },
  },
  market_resolved_hint: { required: { marketId: name, winner: outcome } },
  market_resolution: { required: { marketId: name, payouts: pairOf(fc.nat(1_000_000)), source: text } },
  match_listed: { required: { match: anyMatch } },
  match_claim: {
    required: {
      matchId: name,
      source: name,
      tier: fc.constantFrom("A", "B", "C"),
      upstream: text,
      claim: anyClaim,
    },
    optional: { ref: text, replayed: fc.boolean() },
  },
  source_health: {
    required: {
      source: name,
      health: fc.constantFrom("down", "connecting", "replaying", "live", "stale", "invalid"),
      reason: text,
    },
    optional: { matchId: name },
  },
  order_prepared: { required: { intentId: name, orderId: name } },
  order_report: {
    required: { orderId: name, status: fc.constantFrom("sent", "live", "matched", "absent", "rejected") },
    optional: { code: fc.constantFrom("BALANCE", "OTHER"), detail: text },
  },
  trade_report: {
    required: trade,
  },
  chain_report: {
    required: { actionId: name, status: fc.constantFrom("SENT", "MINED", "FINAL", "REVERTED", "UNKNOWN") },
    optional: { proceeds: money, detail: text },
  },
  balance_report: { required: { collateral: money } },
  venue_mode: {
    required: {
      mode: fc.constantFrom("OPEN", "POST_ONLY", "CANCEL_ONLY", "RESTARTING", "DOWN"),
      detail: text,
    },
  },
  venue_limits: { required: { cancelBurst: fc.integer({ min: 2, max: 2_000 }), detail: text } },
  own_channel: { required: { state: fc.constantFrom("lost", "back"), detail: text } },
};

/** Every kind of event. */
export const EVENT_TYPES = Object.keys(FIELDS) as CoreEventType[];

/** Any event of one kind. */
export function anyEventOf(type: CoreEventType): fc.Arbitrary<CoreEvent> {
  const { required, optional } = FIELDS[type];
  return shape(
    { type: fc.constant(type), at: fc.nat(Number.MAX_SAFE_INTEGER), receivedAt: millis, ...required },
    { occurredAt: millis, publishedAt: millis, ntpOffsetMs: offset, venueOffsetMs: offset, ...optional },
  ) as unknown as fc.Arbitrary<CoreEvent>;
}

/** Any event of any kind. */
export const anyEvent: fc.Arbitrary<CoreEvent> = fc.oneof(...EVENT_TYPES.map(anyEventOf));
