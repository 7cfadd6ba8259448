import { parseConfig, type BotConfigInput } from "../config/index.ts";
import { Core, type CarriedAccount, type SavedBooks } from "../engine/index.ts";
import { MatchpointError } from "../errors.ts";
import type { Adoption, CoreEvent, CoreEventType, MarketDescription, RunStarted } from "../events/index.ts";
import type { MarketId, RunId } from "../ids.ts";
import { isTerminal, TRADE_MACHINE, type Order } from "../orders/index.ts";
import { defaultModel } from "../truth/index.ts";
import { NANOS_PER_MS, type Millis, type Nanos, type Usdc } from "../units/index.ts";

/** An account as a journal leaves it. */
export interface RebuiltAccount {
  /** What the next run takes over. */
  readonly adoption: Extract<Adoption, { readonly kind: "account" }>;
  /** Where it is from, in words. */
  readonly evidence: string;
  readonly started: RunStarted;
  /** Whether the run said that it ended. */
  readonly ended: boolean;
  /**
   * How its journal ends. `clean`: with the record that nothing of it was open at the venue. `open`: with the record that something may
   * have been. `cut`: without one, as when it was killed.
   */
  readonly end: "clean" | "open" | "cut";
  /** Wall clock of its last line. */
  readonly endedAt: Millis;
  /** Unix seconds from which trades must be listed so that none of the account's that may still change is missed. */
  readonly tradesFrom: number;
  /** Orders that were not over, with their hashes. */
  readonly open: readonly Order[];
  /** Markets in which something is held or under way. */
  readonly held: readonly MarketId[];
  readonly cash: Usdc;
  /** The runs that lead here, latest last. */
  readonly runs: readonly RunId[];
  /** How its markets were described last. */
  readonly markets: readonly MarketDescription[];
}

/** What has a say in the account; books, facts and timers have none. */
const TOLD: ReadonlySet<CoreEventType> = new Set<CoreEventType>([
  "run_started",
  "balance_report",
  "adopted",
  "market_listed",
  "terms_changed",
  "market_resolution",
  "order_prepared",
  "order_report",
  "trade_report",
  "chain_requested",
  "risk_noted",
  "chain_report",
  "reconciled",
  "operator",
]);
/** Which kinds these are, as text: what was made of another choice may lack something. */
const KINDS = [...TOLD].sort().join(" ");

/** A rebuilder as plain JSON: what a journal's first lines come to. */
export interface SavedAccount {
  readonly kinds: string;
  readonly lines: number;
  readonly last: Pick<CoreEvent, "at" | "receivedAt">;
  readonly end: RebuiltAccount["end"];
  readonly ended: boolean;
  readonly books: SavedBooks;
}

function hasSay(event: CoreEvent): boolean {
  return TOLD.has(event.type) && !(event.type === "operator" && event.command.kind === "fact");
}

/** Trades are listed late, and journals end before what their run did: so much of what it may know is listed again. */
const OVERLAP_MS = 3_600_000;
/** Monotonic times in a carried account. */
const TIMES: ReadonlySet<string> = new Set([
  "at",
  "createdAt",
  "updatedAt",
  "cancelAskedAt",
  "lastLookAt",
  "expiresAt",
  "openedAt",
  "since",
  "until",
]);

/**
 * Rebuilds an account from a live run's journal, event by event: orders, trades, chain actions, money, and which halts wait for a
 * person. No strategy is needed, nothing is decided anew, and market data is passed over.
 *
 * @example
 * ```ts
 * import { AccountRebuilder, readJournal } from "@matchpoint/sdk";
 * const rebuilder = new AccountRebuilder();
 * for (const { event } of readJournal(new Uint8Array())) rebuilder.take(event);
 * // rebuilder.account(Date.now()) is what createRuntime takes as `carried`
 * ```
 */
export class AccountRebuilder {
  #core: Core | undefined;
  #started: RunStarted | undefined;
  #lines = 0;
  #last: Pick<CoreEvent, "at" | "receivedAt"> | undefined;
  #end: RebuiltAccount["end"] = "cut";
  #ended = false;
  readonly #markets = new Map<MarketId, MarketDescription>();

  /**
   * Takes the journal's next event.
   * @throws {@link MatchpointError} `JOURNAL_CORRUPT` when it begins with no live run, `ORDER_UNKNOWN` when an earlier version wrote it
   */
  take(event: CoreEvent): void {
    this.#lines += 1;
    const core = this.#core ?? this.#begin(event);
    // A core that broke is journaled with the event that it broke on: what came before stands.
    this.#last = event;
    this.#end = endOf(event);
    if (event.type === "run_stopping") this.#ended = true;
    if (event.type === "market_listed") this.#markets.set(event.market.marketId, event.market);
    if (hasSay(event)) core.step(event);
  }

  /**
   * What the events so far come to; {@link AccountRebuilder.restore} goes on from it as if it had taken them. Takes nothing in or out.
   * @throws {@link MatchpointError} `JOURNAL_CORRUPT` when nothing was taken
   */
  save(): SavedAccount {
    const [core, last] = [this.#core, this.#last];
    if (core === undefined || last === undefined)
      throw new MatchpointError("JOURNAL_CORRUPT", "holds no event");
    const { at, receivedAt } = last;
    return {
      kinds: KINDS,
      lines: this.#lines,
      last: { at, receivedAt },
      end: this.#end,
      ended: this.#ended,
      books: core.save(),
    };
  }

  /**
   * Goes on from what was saved, without the events that led to it.
   * @param started - the journal's first event
   * @throws {@link MatchpointError} `JOURNAL_SCHEMA_NEWER` when another version saved it, `JOURNAL_CORRUPT`
   */
  static restore(started: CoreEvent, saved: SavedAccount): AccountRebuilder {
    if (saved.kinds !== KINDS)
      throw new MatchpointError("JOURNAL_SCHEMA_NEWER", "another version made it, of other kinds of events");
    const rebuilder = new AccountRebuilder();
    const core = rebuilder.#begin(started);
    core.load(saved.books);
    for (const { market } of saved.books.markets) rebuilder.#markets.set(market.marketId, market);
    rebuilder.#lines = saved.lines;
    rebuilder.#last = saved.last;
    rebuilder.#end = saved.end;
    rebuilder.#ended = saved.ended;
    return rebuilder;
  }

  /** Lines taken. */
  get lines(): number {
    return this.#lines;
  }

  /**
   * What the next run begins with, and which starts at `startsAt` (Unix ms).
   * @throws {@link MatchpointError} `JOURNAL_CORRUPT` when nothing was taken
   */
  account(startsAt: number): RebuiltAccount {
    const [core, started, last] = [this.#core, this.#started, this.#last];
    if (core === undefined || started === undefined || last === undefined)
      throw new MatchpointError("JOURNAL_CORRUPT", "holds no event");
    const state = core.account();
    const since = Math.max(0, startsAt - last.receivedAt) * NANOS_PER_MS;
    const from = Math.max(state.startedAt, oldestOf(core, state, last) - OVERLAP_MS);
    const open = [...core.orders.allOpen()].filter((order) => !isTerminal(order));
    return {
      adoption: {
        kind: "account",
        runId: started.runId,
        lines: this.#lines,
        state: shifted(state, Math.round(0 - last.at - since)),
      },
      evidence: `journal of ${started.runId}, ${this.#lines} lines, ${ENDS[this.#end]}`,
      started,
      ended: this.#ended,
      end: this.#end,
      endedAt: last.receivedAt,
      tradesFrom: Math.floor(from / 1_000),
      open,
      held: heldBy(core),
      cash: core.ledger.cash,
      runs: state.runs,
      markets: [...this.#markets.values()].map((listed) => core.market(listed.marketId)?.market ?? listed),
    };
  }

  #begin(event: CoreEvent): Core {
    if (event.type !== "run_started" || event.mode !== "live")
      throw new MatchpointError("JOURNAL_CORRUPT", "it is not the journal of a live run");
    this.#started = event;
    const config = parseConfig(event.config as BotConfigInput);
    this.#core = new Core({
      engine: config.engine,
      truth: config.truth_engine,
      risk: config.risk,
      model: defaultModel,
      strategies: [],
      capabilities: event.capabilities,
      bookkeeping: true,
    });
    return this.#core;
  }
}

const ENDS: Readonly<Record<RebuiltAccount["end"], string>> = {
  clean: "ended in good order",
  open: "ended with orders that may be open",
  cut: "without a clean shutdown",
};

function endOf(last: CoreEvent): RebuiltAccount["end"] {
  if (last.type !== "run_stopped") return "cut";
  return last.clean ? "clean" : "open";
}

/** A run may end before it has listed what it took over: the account knows it all the same. */
function heldBy(core: Core): readonly MarketId[] {
  const known = new Set<MarketId>(core.markets().map(({ market }) => market.marketId));
  for (const marketId of core.ledger.markets()) known.add(marketId);
  for (const { intent } of core.orders.allOpen()) known.add(intent.marketId);
  return [...known].filter((marketId) => {
    const holds = [0, 1].some((outcome) => core.ledger.position(marketId, outcome as 0 | 1).matched !== 0);
    return holds || core.market(marketId)?.chain !== undefined || core.orders.hasOpen(marketId);
  });
}

/** Wall clock since when something has not come to its end: an order, or a trade that is neither confirmed nor failed. */
function oldestOf(
  core: Core,
  { orders }: CarriedAccount,
  last: Pick<CoreEvent, "at" | "receivedAt">,
): number {
  let oldest: Nanos = last.at;
  for (const { createdAt } of core.orders.allOpen()) if (createdAt < oldest) oldest = createdAt;
  for (const { trades } of orders.orders)
    for (const { status, report } of trades)
      if (!TRADE_MACHINE.terminal.includes(status) && report.at < oldest) oldest = report.at;
  return last.receivedAt - (last.at - oldest) / NANOS_PER_MS;
}

/** The same account with all its monotonic times moved, as nothing but JSON: what a journal gives back. */
function shifted(state: CarriedAccount, by: number): unknown {
  const walk = (value: unknown, isTime: boolean): unknown => {
    if (typeof value === "number") return (isTime ? value + by : value) + 0;
    if (Array.isArray(value)) return value.map((each) => walk(each, false));
    if (typeof value !== "object" || value === null) return value;
    const copy: Record<string, unknown> = {};
    for (const [name, each] of Object.entries(value))
      if (each !== undefined) copy[name] = walk(each, TIMES.has(name));
    return copy;
  };
  return walk(state, false);
}
