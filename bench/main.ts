import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import type { Task } from "./contestant.ts";
import type { MemorySamples } from "./contestants/memory.ts";
import { compete, type Result } from "./harness.ts";
import { SUITES, type Suite } from "./suites.ts";

const MEMORY = "memory";
const ORDER = "order";
/** The last third of the samples may lie this much above the first. */
const GROWTH = 1.1;

/** Runs the benchmark: a table for people, then one line of JSON. Returns the exit code; a missed goal is no failure. */
export async function main(args: readonly string[], peers: boolean): Promise<number> {
  const names = [...SUITES.map(({ name }) => name), ORDER, MEMORY];
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: "boolean", default: false }, only: { type: "string" } },
  });
  const { quick, only } = values;
  if (only !== undefined && !names.includes(only)) {
    console.error(`--only takes one of ${names.join(", ")}`);
    return 1;
  }
  const started = performance.now();
  const load = loadavg()[0]!;
  const dir = mkdtempSync(join(tmpdir(), "matchpoint-bench-"));
  const task: Task = { quick, dir };
  const ratios: Record<string, number> = {};
  try {
    console.log(
      `Node ${process.versions.node}, ${availableParallelism()} processors, load ${load.toFixed(1)} at the start`,
    );
    for (const suite of SUITES) {
      if (only === undefined || only === suite.name) await run(suite, task, peers, ratios);
    }
    if (only === undefined || only === ORDER) await orders(task, ratios);
    if (only === undefined || only === MEMORY) await memory(task, ratios);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  const seconds = Math.round((performance.now() - started) / 1_000);
  console.log(`\n${JSON.stringify({ node: process.versions.node, quick, load, seconds, ratios })}`);
  return 0;
}

async function run(suite: Suite, task: Task, peers: boolean, ratios: Record<string, number>): Promise<void> {
  const entries = suite.entries.filter(({ peer }) => peers || peer !== true);
  if (suite.name === "replay") {
    const { writeRecording } = await import("./contestants/replay.ts");
    await writeRecording(task);
  }
  const results = await compete(entries, task, task.quick ? 3 : suite.rounds);
  const rates = new Map<string, Result>(results.map((result) => [result.name, result]));
  console.log(`\n${suite.title} (${suite.unit} per second of CPU time; slowest to fastest round)`);
  for (const { name, rate, range } of results) {
    console.log(
      `  ${name.padEnd(40)}${thousands(rate).padStart(11)}   ${thousands(range[0])} to ${thousands(range[1])}`,
    );
  }
  for (const { key, of, over, atLeast } of suite.goals) {
    const [one, other] = [rates.get(of), rates.get(over)];
    if (one === undefined || other === undefined) continue;
    const ratio = one.rate / other.rate;
    ratios[key] = Number(ratio.toPrecision(3));
    const goal = atLeast === undefined ? "" : `goal ${atLeast}x: ${ratio >= atLeast ? "met" : "MISSED"}`;
    console.log(`  ${`${of} / ${over}`.padEnd(72)}${`${ratio.toPrecision(3)}x`.padStart(8)}   ${goal}`);
  }
}

/** An order's acknowledgement may take this share of the official client's time. */
const ACKNOWLEDGED = 0.25;

async function orders(task: Task, ratios: Record<string, number>): Promise<void> {
  const { measureOrders } = await import("./contestants/order.ts");
  const times = await measureOrders(task);
  console.log("\nAn order over loopback HTTP, from the intent on (µs, p50 and p99)");
  console.log(
    `  ${"".padEnd(46)}${["signed", "at the venue", "acknowledged"].map((each) => each.padStart(18)).join("")}`,
  );
  const pair = (each: { readonly p50: number; readonly p99: number } | undefined): string =>
    (each === undefined ? "–" : `${thousands(each.p50)} ${thousands(each.p99).padStart(7)}`).padStart(18);
  for (const { name, signed, arrived, acknowledged } of times)
    console.log(`  ${name.padEnd(46)}${pair(signed)}${pair(arrived)}${pair(acknowledged)}`);
  const official = times.at(-1)!;
  for (const [key, { name, acknowledged }] of [
    ["order_vs_official", times[0]!],
    ["order_durable_vs_official", times[1]!],
  ] as const) {
    const ratio = acknowledged.p50 / official.acknowledged.p50;
    ratios[key] = Number(ratio.toPrecision(3));
    console.log(
      `  ${`${name} / ${official.name}, acknowledged`.padEnd(88)}${`${ratio.toPrecision(3)}x`.padStart(8)}   goal at most ${ACKNOWLEDGED}x: ${ratio <= ACKNOWLEDGED ? "met" : "MISSED"}`,
    );
  }
}

async function memory(task: Task, ratios: Record<string, number>): Promise<void> {
  const script =
    `const { sampleMemory } = await import(${JSON.stringify(new URL("contestants/memory.ts", import.meta.url).href)});` +
    `console.log(JSON.stringify(await sampleMemory(${JSON.stringify(task)})));`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--conditions=@matchpoint/source",
    "--no-warnings",
    "--expose-gc",
    "--input-type=module",
    "--eval",
    script,
  ]);
  const { heap, rss, orders } = JSON.parse(stdout) as MemorySamples;
  const third = Math.max(1, Math.floor(heap.length / 3));
  const growth = (samples: readonly number[]): number =>
    mean(samples.slice(-third)) / mean(samples.slice(0, third));
  console.log(
    `\nMemory over ${heap.length} × 100,000 events with everything on, ${thousands(orders)} orders (MiB, after a collection)`,
  );
  console.log(`  heap  ${heap.map((each) => each.toFixed(1)).join("  ")}`);
  console.log(`  rss   ${rss.map((each) => each.toFixed(0)).join("  ")}`);
  for (const [key, ratio] of [
    ["memory_heap_growth", growth(heap)],
    ["memory_rss_growth", growth(rss)],
  ] as const) {
    ratios[key] = Number(ratio.toPrecision(3));
    console.log(
      `  ${`${key}: last third / first third`.padEnd(72)}${`${ratio.toPrecision(3)}x`.padStart(8)}   goal at most ${GROWTH}x: ${ratio <= GROWTH ? "met" : "MISSED"}`,
    );
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
