import {
  Core,
  coreOfRun,
  defaultModel,
  EffectsHasher,
  id,
  isMatchpointError,
  journaledRun,
  MatchpointError,
  parseConfig,
  type BotConfigInput,
  type CoreEvent,
  type Effect,
  type Intent,
  type IntentId,
  type JournalEntry,
  type OrderId,
  type RunStarted,
  type StrategyClass,
  type StrategyId,
  type TradeReport,
} from "@matchpoint/sdk";

/** Gives the class of a strategy's id. */
export type FindStrategy = (use: string) => StrategyClass | undefined;

/** A core that is fed a journal's events beside the run that wrote it. */
export interface Shadow {
  readonly core: Core;
  readonly started: RunStarted;
  /** What it cannot tell, and why. */
  readonly lacks: readonly string[];
  /** @throws MatchpointError `JOURNAL_DIVERGED` when it decides otherwise than the run did */
  step(entry: JournalEntry): readonly Effect[];
}

/** What of a run that cannot be folded again can be shown: its books. */
const BOOKS_ONLY =
  "Shown are the markets, the facts, and the orders and fills as the journal has them; what was denied or passed over, and why, cannot be.";

/**
 * The core for a run's first event: the run's own, with its strategies. Where one of those is not known here, or `books` asks for it,
 * it keeps the books of what the journal tells and decides nothing.
 * @throws MatchpointError `JOURNAL_CORRUPT` when the event begins no run, `CONFIG_INVALID`
 */
export function shadowOf(first: CoreEvent, find: FindStrategy, books: string | undefined): Shadow {
  if (books !== undefined) return bookkeeper(demandStart(first), books);
  try {
    const run = journaledRun(first, find);
    const core = coreOfRun(run);
    return { core, started: run.started, lacks: [], step: checked(core) };
  } catch (error) {
    if (!isMatchpointError(error)) throw error;
    if (error.code !== "STRATEGY_NOT_FOUND" && error.code !== "STRATEGY_INVALID") throw error;
    return bookkeeper(demandStart(first), `${error.message.split("\n")[0]!}.`);
  }
}

function demandStart(first: CoreEvent): RunStarted {
  if (first.type === "run_started") return first;
  throw new MatchpointError("JOURNAL_CORRUPT", `the journal begins with ${first.type}, not with run_started`);
}

/** Steps a core, and demands of it what the run decided: whoever shows something else shows what never was. */
function checked(core: Core): Shadow["step"] {
  const hasher = new EffectsHasher();
  return ({ event, effectsHash, line }) => {
    const effects = core.step(event);
    if (hasher.add(effects) === effectsHash) return effects;
    throw new MatchpointError(
      "JOURNAL_DIVERGED",
      `on ${event.type} the core decides otherwise than the run did`,
      {
        where: `line ${line}`,
        hint: "The code, a strategy or its parameters differ from those of the run.",
      },
    );
  };
}

function bookkeeper(started: RunStarted, why: string): Shadow {
  const config = parseConfig(started.config as BotConfigInput);
  const core = new Core({
    engine: config.engine,
    truth: config.truth_engine,
    risk: config.risk,
    model: defaultModel,
    strategies: [],
    capabilities: started.capabilities,
    bookkeeping: true,
  });
  const only = started.strategies.length === 1 ? started.strategies[0]!.id : id<StrategyId>("unknown");
  return { core, started, lacks: [`${why} ${BOOKS_ONLY}`], step: ({ event }) => told(core, event, only) };
}

/**
 * Feeds a bookkeeper. A paper journal does not say what its orders were: there each trade stands as an order of its own, which was filled
 * at once.
 */
function told(core: Core, event: CoreEvent, strategyId: StrategyId): readonly Effect[] {
  switch (event.type) {
    case "order_prepared":
      return event.intent === undefined ? [] : core.step(event);
    case "order_report":
      return core.orders.byOrderId(event.orderId) === undefined ? [] : core.step(event);
    case "trade_report":
      if (core.orders.byOrderId(event.orderId) !== undefined) return core.step(event);
      return stated(core, event, strategyId);
    default:
      return core.step(event);
  }
}

function stated(core: Core, trade: TradeReport, strategyId: StrategyId): readonly Effect[] {
  const name = `${trade.orderId}#${trade.tradeId}`;
  const orderId = id<OrderId>(name);
  const own = { ...trade, orderId };
  if (core.orders.byOrderId(orderId) !== undefined) return core.step(own);
  const { at, receivedAt, marketId, outcome, side, price: limit, size } = trade;
  const intent: Intent = {
    intentId: id<IntentId>(name),
    strategyId,
    marketId,
    outcome,
    side,
    orderType: "GTC",
    postOnly: false,
    limit,
    size,
    purpose: side === "buy" ? "entry" : "exit",
    reason: "",
  };
  core.step({ type: "order_prepared", at, receivedAt, intentId: intent.intentId, orderId, intent });
  return core.step(own);
}
