// What a run exports, over a simulated match played to its end and over events made for one metric each.
import { createPaperBroker } from "@matchpoint/paper-broker";
import {
  Bus,
  createRuntime,
  id,
  ModelMaker,
  parseConfig,
  TemporalArb,
  type CoreEvent,
  type MatchId,
  type Runtime,
} from "@matchpoint/sdk";
import { simulateMatch } from "@matchpoint/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { METRICS, RunMetrics, type MetricRow } from "../../src/metrics/index.ts";
import { playSimulation } from "../../src/player/simulation.ts";

interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

function parsed(text: string): readonly Series[] {
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, name = "", labels = "", value = ""] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, is]) => [key!, is!]);
      return { name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) };
    });
}

/** The sum of a metric's series that have these labels. */
function sum(all: readonly Series[], name: string, labels: Series["labels"] = {}): number {
  return all
    .filter((one) => one.name === name && Object.entries(labels).every(([key, is]) => one.labels[key] === is))
    .reduce((total, { value }) => total + value, 0);
}

function started(): Runtime {
  return createRuntime({
    config: parseConfig({ seed: 4 }),
    strategies: [
      { use: TemporalArb, params: {}, markets: { subjects: ["series"] } },
      { use: ModelMaker, params: { reference: "microprice" }, markets: { games: [1] } },
    ],
    execution: createPaperBroker({ runId: "metrics", seed: 4 }),
    runId: "metrics",
    startsAt: 1_780_000_000_000,
  });
}

describe("over a simulated match", () => {
  let runtime: Runtime;
  let metrics: RunMetrics;
  let all: readonly Series[];
  let middle: readonly Series[] = [];

  beforeAll(async () => {
    const match = simulateMatch({ seed: 4, title: "lol", bestOf: 1 });
    runtime = createRuntime({
      config: parseConfig({ seed: 4 }),
      strategies: [{ use: TemporalArb, params: {} }],
      execution: createPaperBroker({ runId: "metrics", seed: 4 }),
      runId: "metrics",
      startsAt: match.startsAt,
    });
    metrics = new RunMetrics({ runtime, health: () => ({ live: true, ready: true }) });
    for (const { frames } of playSimulation(match, (event) => {
      runtime.offer(event);
    }))
      if (frames === 3_000) middle = parsed(await metrics.text());
    runtime.finish("over");
    await new Promise((later) => setTimeout(later, 510));
    all = parsed(await metrics.text());
  }, 60_000);
  afterAll(() => {
    metrics.close();
  });

  it("counts what the core has counted", () => {
    const { counts, orders } = runtime.core;
    expect(counts.fills).toBeGreaterThan(0);
    expect(sum(all, "fills_total")).toBe(counts.fills);
    expect(sum(all, "orders_total")).toBe(counts.orders);
    expect(sum(all, "denials_total")).toBe(counts.denied);
    expect(sum(all, "alarms_total")).toBe(counts.alarms);
    // What came before it was made, run_started and the balance, it has not seen.
    expect(sum(all, "events_total")).toBe(counts.events - 2);
    expect(sum(all, "open_orders")).toBe(orders.openCount);
    expect(sum(all, "order_answers_total")).toBe(orders.counts.created);
    expect(sum(all, "order_place_latency_ms_count")).toBe(
      sum(all, "order_answers_total") - sum(all, "order_answers_total", { answer: "unknown" }),
    );
    expect(sum(all, "order_fill_latency_ms_count")).toBeGreaterThan(0);
    expect(sum(all, "order_fill_latency_ms_count")).toBeLessThanOrEqual(counts.fills);
    expect(sum(all, "slippage_bps_count")).toBe(counts.fills);
  });

  it("says the money as the account has it, to the micro-dollar", () => {
    const { total, equity } = runtime.core.pnl;
    expect(Math.round(sum(all, "equity_usd") * 1e6)).toBe(equity);
    expect(Math.round(sum(all, "pnl_usd", { part: "realized" }) * 1e6)).toBe(total.realized);
    expect(Math.round(sum(all, "pnl_usd", { part: "fees" }) * 1e6)).toBe(0 - total.fees);
    expect(sum(all, "exposure_usd")).toBe(0);
  });

  it("says how late the news is and how sure the truth, while the match is not settled", () => {
    expect(sum(middle, "event_lag_ms_count")).toBeGreaterThan(100);
    expect(
      new Set(middle.filter(({ name }) => name === "source_up").map(({ labels }) => labels["source"])),
    ).toEqual(new Set(["grid", "pandascore"]));
    expect(middle.filter(({ name }) => name === "truth_confidence")).toHaveLength(1);
    // Of a settled match nothing is told: labels do not pile up.
    expect(all.filter(({ name }) => name === "truth_confidence")).toHaveLength(0);
    expect(sum(all, "markets", { state: "RESOLVED" })).toBe(runtime.core.markets().length);
  });

  it("has no series that the catalogue does not have, and no label", () => {
    const rows: Readonly<Record<string, MetricRow>> = METRICS;
    for (const { name, labels, value } of all) {
      const row = rows[name] ?? rows[name.replace(/_(bucket|sum|count)$/, "")];
      expect(row, name).toBeDefined();
      const own = Object.keys(labels).filter((label) => label !== "le");
      expect(own.sort(), name).toEqual(Object.keys(row!.labels).sort());
      expect(Number.isNaN(value), name).toBe(false);
    }
  });
});

describe("of what seldom happens", () => {
  const stamp = { at: 1_000 as CoreEvent["at"], receivedAt: 1_780_000_000_000 as CoreEvent["receivedAt"] };

  it("counts kills by who killed, differences by kind, and has sources apart that say more than they may", async () => {
    const runtime = started();
    const metrics = new RunMetrics({ runtime, health: () => ({ live: true, ready: false }) });
    metrics.watch(new Bus());
    runtime.offer({ type: "operator", ...stamp, operator: "me", command: { kind: "kill", reason: "test" } });
    const difference = { expected: 1, actual: 2 };
    runtime.offer({
      type: "reconciled",
      ...stamp,
      agrees: false,
      differences: [
        { kind: "cash", ...difference },
        { kind: "cash", ...difference },
      ],
      chain: { finalAgeMs: 75_500 },
    });
    for (let i = 0; i < 100; i += 1)
      runtime.offer({
        type: "source_health",
        ...stamp,
        source: id(`source-${i}`),
        matchId: id<MatchId>("m"),
        health: i === 0 ? "stale" : "live",
        reason: "test",
      });
    const all = parsed(await metrics.text());
    metrics.close();
    expect(sum(all, "kill_switch_triggers_total", { reason: "operator" })).toBe(1);
    expect(sum(all, "kill_switch_triggers_total")).toBe(1);
    expect(all.filter(({ name }) => name === "kill_switch_triggers_total")).toHaveLength(3);
    expect(sum(all, "reconcile_mismatch_count", { kind: "cash" })).toBe(2);
    expect(sum(all, "chain_final_age_seconds")).toBe(75.5);
    expect(sum(all, "system_state", { state: "HALTED" })).toBe(1);
    expect(sum(all, "system_state")).toBe(1);
    expect(sum(all, "ready")).toBe(0);
    expect(all.filter(({ name }) => name === "source_up")).toHaveLength(64);
    expect(sum(all, "stale_sources")).toBe(1);
    expect(all.filter(({ name }) => name === "queue_depth").length).toBeGreaterThan(5);
  });
});
