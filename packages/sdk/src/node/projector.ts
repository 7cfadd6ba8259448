import type * as sqlite from "node:sqlite";
import type { Core } from "../engine/index.ts";
import { MatchpointError } from "../errors.ts";
import { matchOf, type CoreEvent, type Effect, type Intent, type RunStarted } from "../events/index.ts";
import type { IntentId } from "../ids.ts";
import type { JournalEnd, JournalEntry } from "../journal/index.ts";
import { coreOfRun, journaledRun, summarize } from "../runtime/index.ts";
import type { StrategyClass } from "../strategy/index.ts";
import { PROJECTION_VERSION } from "./projectionTables.ts";

/** What is kept of an order while the journal is read. */
interface OrderRow {
  readonly intent: Intent;
  readonly seq: number;
  readonly at: number;
  orderId: string | null;
  status: string;
  matched: number;
  code: string | null;
  detail: string | null;
  lastAt: number;
}

/** Feeds a journal to the core, and writes what it tells into tables. */
export class Projector {
  readonly #open: sqlite.DatabaseSync;
  readonly #find: (use: string) => StrategyClass | undefined;
  readonly #statements = new Map<string, sqlite.StatementSync>();
  readonly #orders = new Map<IntentId, OrderRow>();
  readonly #intents = new Map<string, IntentId>();
  #core: Core | undefined;
  #started: RunStarted | undefined;
  #ended = false;
  #clean = false;
  #last = 0;

  constructor(open: sqlite.DatabaseSync, find: (use: string) => StrategyClass | undefined) {
    this.#open = open;
    this.#find = find;
  }

  take({ event, seq }: JournalEntry): void {
    this.#core ??= this.#begin(event);
    const effects = this.#core.step(event);
    this.#last = event.receivedAt;
    this.#event(event, seq);
    for (const effect of effects) this.#effect(effect, event, seq);
  }

  #begin(first: CoreEvent): Core {
    const run = journaledRun(first, this.#find);
    this.#started = run.started;
    for (const { id, use, params } of run.started.strategies)
      this.#insert("strategies", [id, use, JSON.stringify(params)]);
    return coreOfRun(run);
  }

  #event(event: CoreEvent, seq: number): void {
    const at = event.receivedAt;
    this.#clean = false;
    switch (event.type) {
      case "match_listed": {
        const { matchId, title, teams, bestOf } = event.match;
        this.#insert("matches", [matchId, title, teams[0].name, teams[1].name, bestOf, at]);
        return;
      }
      case "match_claim": {
        const { matchId, source, tier, claim } = event;
        this.#insert("claims", [seq, at, matchId, source, tier, claim.kind, JSON.stringify(claim)]);
        return;
      }
      case "operator":
        this.#insert("operators", [
          seq,
          at,
          event.operator,
          event.command.kind,
          JSON.stringify(event.command),
        ]);
        return;
      case "order_prepared": {
        const row = this.#orders.get(event.intentId);
        this.#intents.set(event.orderId, event.intentId);
        if (row !== undefined) row.orderId = event.orderId;
        this.#follow(event.orderId, at, undefined, undefined);
        return;
      }
      case "order_report":
        this.#follow(event.orderId, at, event.code, event.detail);
        return;
      case "trade_report": {
        const { tradeId, orderId, marketId, outcome, side, price, size, cost, fee, liquidity, status } =
          event;
        const intent = this.#intents.get(orderId) ?? null;
        const sides = [marketId, outcome, side, price, size, cost, fee, liquidity, status, at];
        this.#insert("fills", [tradeId, orderId, intent, seq, at, ...sides], FILL_AGAIN);
        this.#follow(orderId, at, undefined, undefined);
        return;
      }
      case "run_stopping":
        this.#ended = true;
        return;
      case "run_stopped":
        this.#clean = event.clean;
        return;
      default:
        return;
    }
  }

  /** Where an order stands now; one that is over is forgotten by the core after a while, and stays here. */
  #follow(orderId: string, at: number, code: string | undefined, detail: string | undefined): void {
    const intentId = this.#intents.get(orderId);
    const row = intentId === undefined ? undefined : this.#orders.get(intentId);
    const order = intentId === undefined ? undefined : this.#core!.orders.get(intentId);
    if (row === undefined || order === undefined) return;
    row.status = order.status;
    row.matched = order.matched;
    row.code = code ?? row.code;
    row.detail = detail ?? row.detail;
    row.lastAt = at;
  }

  #effect(effect: Effect, { receivedAt: at }: CoreEvent, seq: number): void {
    switch (effect.type) {
      case "place": {
        const { intent } = effect;
        const none = { orderId: null, code: null, detail: null };
        this.#orders.set(intent.intentId, {
          intent,
          seq,
          at,
          ...none,
          status: "INTENT",
          matched: 0,
          lastAt: at,
        });
        return;
      }
      case "denied": {
        const { intent, code, detail } = effect;
        this.#insert("denials", [seq, at, intent.intentId, intent.strategyId, intent.marketId, code, detail]);
        return;
      }
      case "transition": {
        const { machine, subject, marketId, matchId, from, to, reason } = effect;
        this.#insert("transitions", [
          seq,
          at,
          machine,
          subject,
          marketId ?? null,
          matchId ?? null,
          from,
          to,
          reason,
        ]);
        return;
      }
      case "alarm": {
        const { code, message, marketId, strategyId } = effect;
        this.#insert("alarms", [seq, at, code, message, marketId ?? null, strategyId ?? null]);
        return;
      }
      default:
        return;
    }
  }

  /** Writes what only the end shows; gives the journal's lines. */
  finish(journal: string, { lines, bytes, prev }: JournalEnd): number {
    const [core, started] = [this.#core, this.#started];
    if (core === undefined || started === undefined)
      throw new MatchpointError("JOURNAL_CORRUPT", "holds no event", { where: journal });
    for (const { intent, seq, at, orderId, status, matched, code, detail, lastAt } of this.#orders.values()) {
      const { intentId, strategyId, marketId, outcome, side, orderType, purpose, limit, size, reason, edge } =
        intent;
      const what = [
        strategyId,
        marketId,
        outcome,
        side,
        orderType,
        purpose,
        limit,
        size,
        reason,
        edge ?? null,
      ];
      this.#insert("orders", [intentId, orderId, seq, at, ...what, status, matched, code, detail, lastAt]);
    }
    const summary = summarize(core, started.mode, "");
    for (const { marketId, title, status, haltCauses, realized, unrealized, fees } of summary.markets) {
      const market = core.market(marketId)?.market;
      const names = market?.outcomes.map(({ name }) => name) ?? ["", ""];
      const money = [realized, unrealized, fees];
      const matchId = (market === undefined ? undefined : matchOf(market)) ?? null;
      this.#insert("markets", [
        marketId,
        title,
        matchId,
        names[0]!,
        names[1]!,
        status,
        haltCauses.join(" "),
        ...money,
      ]);
      for (const outcome of [0, 1] as const) {
        const { matched, settled, cost } = core.ledger.position(marketId, outcome);
        if (matched !== 0 || settled !== 0)
          this.#insert("positions", [marketId, outcome, names[outcome]!, matched, settled, cost]);
      }
    }
    for (const { strategyId, marketId, reason, count, last } of summary.whyNot)
      this.#insert("skips", [
        strategyId,
        marketId,
        reason,
        count,
        last === undefined ? null : JSON.stringify(last),
      ]);
    const { runId, mode, account, recovers, receivedAt } = started;
    const { cash, realized, unrealized, fees } = summary;
    const about = [runId, mode, account ?? null, recovers ?? null, receivedAt, this.#last, lines];
    this.#insert("runs", [
      ...about,
      Number(this.#ended),
      Number(this.#clean),
      cash,
      realized,
      unrealized,
      fees,
    ]);
    const meta = { version: PROJECTION_VERSION, journal, bytes, prev };
    for (const [key, value] of Object.entries(meta)) this.#insert("meta", [key, String(value)]);
    return lines;
  }

  #insert(table: string, values: readonly (string | number | null)[], again = ""): void {
    let statement = this.#statements.get(table);
    if (statement === undefined) {
      const places = values.map(() => "?").join(", ");
      const or = again === "" ? "OR REPLACE " : "";
      statement = this.#open.prepare(`INSERT ${or}INTO ${table} VALUES (${places})${again}`);
      this.#statements.set(table, statement);
    }
    statement.run(...values);
  }
}

/** A trade is told once per status, in any order: its first report stays, with the status that was told last. */
const FILL_AGAIN =
  " ON CONFLICT (order_id, trade_id) DO UPDATE SET status = excluded.status, last_at = excluded.last_at";
