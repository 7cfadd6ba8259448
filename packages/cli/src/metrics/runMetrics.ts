import {
  HALT_CAUSES,
  NANOS_PER_MS,
  RunCounters,
  SYSTEM_STATUSES,
  TRADING_STATUSES,
  USDC_ONE,
  type Bus,
  type CoreEvent,
  type DifferenceKind,
  type Effect,
  type Order,
  type OrderReport,
  type Reconciled,
  type Runtime,
  type TradeReport,
} from "@matchpoint/sdk";
import { feedState } from "../report/runLog.ts";
import { exposureOf } from "../view/index.ts";
import { LoopWatch } from "./loopWatch.ts";
import { Sheet } from "./sheet.ts";

/** What has become of what people were to be told, by place. */
type Told = ReadonlyMap<
  string,
  { readonly waiting: number; readonly sent: number; readonly dropped: number }
>;

/** What {@link RunMetrics} is read with. */
export interface RunMetricsOptions {
  readonly runtime: Runtime;
  readonly health: () => { readonly live: boolean; readonly ready: boolean };
}

const MOST_SOURCES = 64;
const MOST_MATCHES = 200;
/** Whoever asks more often gets what was counted last: reading must not keep the loop busy. */
const FRESH_MS = 500;
const VENUE_STATES = ["OPEN", "POST_ONLY", "CANCEL_ONLY", "RESTARTING", "DOWN"] as const;
const KILLERS = ["operator", "daily_loss", "runaway"] as const;
const ANSWERED = ["accepted", "rejected", "unknown"] as const;
const DIFFERENCES: readonly DifferenceKind[] = [
  ...(["position", "settled", "cash", "missed_trade", "matched_amount"] as const),
  ...(["missing_order", "ended_order", "foreign_order", "foreign_trade"] as const),
  ...(["chain_position", "chain_cash", "unanswered"] as const),
];
const UNSOUND: ReadonlySet<string> = new Set(["disconnected", "stale", "gapped"]);
const ANSWERS: Readonly<Partial<Record<OrderReport["status"], "accepted" | "rejected" | "unknown">>> = {
  live: "accepted",
  matched: "accepted",
  delayed: "accepted",
  rejected: "rejected",
  unknown: "unknown",
};

/**
 * Counts what a run does and, when it is asked, says it in Prometheus' text format. Of an event only what cannot be looked up later is
 * kept; the rest is read from the core when somebody asks. Nothing in it is secret.
 */
export class RunMetrics {
  readonly #runtime: Runtime;
  readonly #health: RunMetricsOptions["health"];
  readonly #sheet = new Sheet();
  readonly #counters = new RunCounters();
  readonly #loop = new LoopWatch();
  /** Per source and match: whether what it brings can be relied on. */
  readonly #sound = new Map<string, Map<string, boolean>>();
  readonly #lagSources = new Set<string>();
  /** Orders whose first answer or fill has been counted; the store lets them go in time. */
  readonly #answered = new WeakSet<Order>();
  readonly #filled = new WeakSet<Order>();
  readonly #offsets = new Map<"ntp" | "venue", number>();
  #bus: Bus | undefined;
  #alerts: (() => Told) | undefined;
  #peak = -Infinity;
  #last: { readonly at: number; readonly text: Promise<string> } | undefined;

  constructor({ runtime, health }: RunMetricsOptions) {
    this.#runtime = runtime;
    this.#health = health;
    // A series that begins at 1 has never risen, as Prometheus sees it.
    for (const reason of KILLERS) this.#sheet.inc("kill_switch_triggers_total", { reason }, 0);
    for (const kind of DIFFERENCES) this.#sheet.inc("reconcile_mismatch_count", { kind }, 0);
    for (const answer of ANSWERED) this.#sheet.inc("order_answers_total", { answer }, 0);
    // What goes wrong in counting is none of the run's business; that it did is counted too.
    const guarded = (count: () => void): void => {
      try {
        count();
      } catch {
        this.#sheet.inc("metrics_faults_total");
      }
    };
    runtime.on("step", (event, effects) => {
      guarded(() => {
        this.#step(event, effects);
      });
    });
    runtime.on("fill", (fill) => {
      guarded(() => {
        this.#fill(fill);
      });
    });
  }

  /** Whose queues are told of. */
  watch(bus: Bus): void {
    this.#bus = bus;
  }

  /** Whose alerts are told of. */
  follow(alerts: () => Told): void {
    this.#alerts = alerts;
  }

  /** Everything, in Prometheus' text format; at most twice a second anew. */
  text(): Promise<string> {
    const now = performance.now();
    if (this.#last === undefined || now - this.#last.at >= FRESH_MS) {
      this.#look();
      this.#last = { at: now, text: this.#sheet.text() };
    }
    return this.#last.text;
  }

  close(): void {
    this.#loop.close();
  }

  #step(event: CoreEvent, effects: readonly Effect[]): void {
    this.#counters.step(event, effects);
    switch (event.type) {
      case "match_claim":
        this.#lag(event.source, event, event.replayed === true);
        this.#told(event.source, event.matchId);
        break;
      case "book_snapshot":
      case "book_delta":
      case "best_quote":
      case "market_trade":
        this.#lag("books", event, false);
        break;
      case "source_health": {
        const { feed, matchId = "", sound } = feedState(event);
        this.#soundOf(feed).set(matchId, sound);
        break;
      }
      case "order_report":
        this.#answer(event);
        break;
      case "reconciled":
        this.#compared(event);
        break;
      case "operator":
        if (event.command.kind === "kill")
          this.#sheet.inc("kill_switch_triggers_total", { reason: "operator" });
        break;
      default:
        break;
    }
    for (const effect of effects)
      if (effect.type === "risk" && effect.note.kind === "killed" && effect.note.by !== "operator")
        this.#sheet.inc("kill_switch_triggers_total", { reason: effect.note.by });
  }

  #lag(source: string, event: CoreEvent, replayed: boolean): void {
    const { ntpOffsetMs: ntp, venueOffsetMs: venue } = event;
    if (ntp !== undefined) this.#offsets.set("ntp", ntp);
    if (venue !== undefined) this.#offsets.set("venue", venue);
    const told = event.occurredAt ?? event.publishedAt;
    if (told === undefined || replayed) return;
    if (this.#lagSources.size < MOST_SOURCES) this.#lagSources.add(source);
    const name = this.#lagSources.has(source) ? source : "other";
    // By the clock that it was stamped by, where it was measured how far ours is from it.
    const offset = (source === "books" ? venue : undefined) ?? ntp ?? 0;
    this.#sheet.observe("event_lag_ms", Math.max(0, event.receivedAt + offset - told), { source: name });
  }

  /** What speaks is there, until its feed says otherwise. */
  #told(source: string, matchId: string): void {
    const of = this.#soundOf(source);
    if (!of.has(matchId)) of.set(matchId, true);
  }

  #soundOf(source: string): Map<string, boolean> {
    let of = this.#sound.get(source);
    if (of === undefined) {
      of = new Map();
      this.#sound.set(source, of);
    }
    return of;
  }

  #answer({ orderId, status, at }: OrderReport): void {
    const answer = ANSWERS[status];
    const order = answer === undefined ? undefined : this.#runtime.core.orders.byOrderId(orderId);
    if (answer === undefined || order === undefined || this.#answered.has(order)) return;
    this.#answered.add(order);
    this.#sheet.inc("order_answers_total", { answer });
    // A time-out is no answer.
    if (answer !== "unknown")
      this.#sheet.observe("order_place_latency_ms", (at - order.createdAt) / NANOS_PER_MS);
  }

  #fill({ orderId, at, cost, size, side, liquidity }: TradeReport): void {
    const order = this.#runtime.core.orders.byOrderId(orderId);
    if (order === undefined) return;
    if (!this.#filled.has(order)) {
      this.#filled.add(order);
      this.#sheet.observe("order_fill_latency_ms", (at - order.createdAt) / NANOS_PER_MS, { liquidity });
    }
    const { decision } = order.intent;
    if (decision === undefined || decision.price <= 0 || size <= 0) return;
    const paid = (cost / size) * USDC_ONE;
    const worse = side === "buy" ? paid - decision.price : decision.price - paid;
    this.#sheet.observe("slippage_bps", (worse / decision.price) * 10_000, { liquidity });
  }

  #compared({ agrees, differences, chain }: Reconciled): void {
    if (chain?.finalAgeMs !== undefined) this.#sheet.set("chain_final_age_seconds", chain.finalAgeMs / 1_000);
    this.#sheet.inc("comparisons_total", { agrees: String(agrees) });
    for (const { kind } of differences) this.#sheet.inc("reconcile_mismatch_count", { kind });
  }

  /** Reads what need not be counted. */
  #look(): void {
    this.#lookAtRun();
    this.#lookAtCounts();
    this.#lookAtSources();
    this.#lookAtMarkets();
    this.#lookAtMoney();
    this.#lookAtProcess();
  }

  #lookAtRun(): void {
    const { core, runId, mode } = this.#runtime;
    const sheet = this.#sheet;
    sheet.set("run_info", 1, { run_id: runId, mode });
    for (const state of SYSTEM_STATUSES)
      sheet.set("system_state", Number(core.system.status === state), { state });
    for (const state of VENUE_STATES) sheet.set("venue_state", Number(core.venueMode === state), { state });
    const { live, ready } = this.#health();
    sheet.set("ready", Number(live && ready));
    let unknown = 0;
    for (const { status } of core.orders.allOpen()) if (status === "UNKNOWN") unknown += 1;
    sheet.set("open_orders", core.orders.openCount);
    sheet.set("unknown_orders", unknown);
    let oldest = core.now;
    for (const { report } of core.orders.unsettled()) if (report.at < oldest) oldest = report.at;
    sheet.set("unsettled_trade_age_seconds", (core.now - oldest) / (1_000 * NANOS_PER_MS));
    sheet.set("halted_strategies", core.risk.strategies.length);
  }

  #lookAtCounts(): void {
    const { counts } = this.#runtime.core;
    const { byEvent, denials, alarms, transitions } = this.#counters.snapshot();
    const sheet = this.#sheet;
    for (const [type, count] of Object.entries(byEvent)) sheet.total("events_total", count, { type });
    for (const [code, count] of Object.entries(denials)) sheet.total("denials_total", count, { code });
    for (const [code, count] of Object.entries(alarms)) sheet.total("alarms_total", count, { code });
    let halts = 0;
    for (const [move, count] of Object.entries(transitions))
      if (move.startsWith("trading ") && move.endsWith(">HALT")) halts += count;
    sheet.total("market_halts_total", halts);
    sheet.total("orders_total", counts.orders);
    sheet.total("fills_total", counts.fills);
    sheet.total("fills_voided_total", counts.fillsVoided);
    for (const topic of this.#bus?.pressure().topics ?? []) {
      const of = { topic: topic.topic };
      sheet.set("queue_depth", topic.queued, of);
      sheet.total("queue_offered_total", topic.offered, of);
      sheet.total("queue_dropped_total", topic.dropped, of);
      sheet.total("queue_coalesced_total", topic.coalesced, of);
    }
    sheet.set("queue_stopped_markets", this.#bus?.pressure().stopped.length ?? 0);
  }

  #lookAtSources(): void {
    const sheet = this.#sheet;
    const { truth } = this.#runtime.core;
    let down = 0;
    for (const [source, of] of [...this.#sound].slice(0, MOST_SOURCES)) {
      const up = [...of.values()].every(Boolean);
      if (!up) down += 1;
      sheet.set("source_up", Number(up), { source });
    }
    sheet.set("stale_sources", down);
    for (const [against, ms] of this.#offsets) sheet.set("clock_offset_ms", ms, { against });
    sheet.forget("truth_confidence");
    let stale = 0;
    let told = 0;
    for (const matchId of truth.matches()) {
      const state = truth.state(matchId);
      if (state === undefined || this.#isSettled(matchId)) continue;
      if (state.stale) stale += 1;
      if (told >= MOST_MATCHES) continue;
      told += 1;
      const game = state.games.find(({ game: nth }) => nth === state.currentGame);
      const confidence = state.posterior > 0 ? state.posterior : (game?.posterior ?? 0);
      sheet.set("truth_confidence", confidence, { match_id: matchId });
    }
    sheet.set("stale_matches", stale);
  }

  /** Whether every market of a match has been paid. */
  #isSettled(matchId: Parameters<Runtime["core"]["marketsOfMatch"]>[0]): boolean {
    const { core } = this.#runtime;
    const ids = core.marketsOfMatch(matchId);
    return ids.length > 0 && ids.every((marketId) => core.market(marketId)?.payouts !== undefined);
  }

  #lookAtMarkets(): void {
    const sheet = this.#sheet;
    const states = new Map<string, number>(TRADING_STATUSES.map((state) => [state, 0]));
    const causes = new Map<string, number>(Object.keys(HALT_CAUSES).map((cause) => [cause, 0]));
    let unsound = 0;
    for (const { trading, book } of this.#runtime.core.markets()) {
      states.set(trading.status, (states.get(trading.status) ?? 0) + 1);
      for (const cause of trading.causes) causes.set(cause, (causes.get(cause) ?? 0) + 1);
      if (trading.status !== "RESOLVED" && UNSOUND.has(book.status)) unsound += 1;
    }
    for (const [state, count] of states) sheet.set("markets", count, { state });
    for (const [cause, count] of causes) sheet.set("halted_markets", count, { cause });
    sheet.set("stale_books", unsound);
  }

  #lookAtMoney(): void {
    const { core } = this.#runtime;
    const sheet = this.#sheet;
    const { total, rebates, equity } = core.pnl;
    const { realizedToday, scale } = core.risk.loss;
    const won = total.pnl + rebates.received;
    this.#peak = Math.max(this.#peak, won);
    sheet.set("equity_usd", equity / USDC_ONE);
    sheet.set("pnl_usd", total.realized / USDC_ONE, { part: "realized" });
    sheet.set("pnl_usd", total.unrealized / USDC_ONE, { part: "unrealized" });
    sheet.set("pnl_usd", (0 - total.fees) / USDC_ONE, { part: "fees" });
    sheet.set("pnl_usd", won / USDC_ONE, { part: "total" });
    sheet.set("pnl_today_usd", realizedToday / USDC_ONE);
    sheet.set("drawdown_usd", (this.#peak - won) / USDC_ONE);
    sheet.set("size_scale", scale);
    sheet.set("exposure_usd", exposureOf(core) / USDC_ONE);
  }

  #lookAtProcess(): void {
    const sheet = this.#sheet;
    for (const [channel, { waiting, sent, dropped }] of this.#alerts?.() ?? []) {
      sheet.set("alerts_waiting", waiting, { channel });
      sheet.total("alerts_sent_total", sent, { channel });
      sheet.total("alerts_dropped_total", dropped, { channel });
    }
    const { p50, p99, max, utilization } = this.#loop.read();
    sheet.set("event_loop_delay_ms", p50, { quantile: "0.5" });
    sheet.set("event_loop_delay_ms", p99, { quantile: "0.99" });
    sheet.set("event_loop_delay_ms", max, { quantile: "1" });
    sheet.set("event_loop_utilization", utilization);
    const { rss, heapUsed, external } = process.memoryUsage();
    sheet.set("memory_bytes", rss, { kind: "resident" });
    sheet.set("memory_bytes", heapUsed, { kind: "heap" });
    sheet.set("memory_bytes", external, { kind: "external" });
    const { user, system } = process.cpuUsage();
    sheet.total("process_cpu_seconds", (user + system) / 1_000_000);
    sheet.set("uptime_seconds", process.uptime());
  }
}
