// node --conditions=@matchpoint/source --no-warnings bench/dashboard.ts [--seconds 10] [--rounds 3]
// Trades 20 markets at 2,000 book updates a second in real time, on paper and journaled, by turns without anybody watching and with the
// dashboard and a page that looks at it: what the trading loop is like must not tell which it was.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import {
  DEFAULT_STRATEGIES,
  id,
  LADDER,
  parseConfig,
  type MarketId,
  type Millis,
  type Nanos,
} from "@matchpoint/sdk";
import { testMarket } from "@matchpoint/testing";
import { Dashboard } from "../packages/cli/src/dashboard/dashboard.ts";
import { keepDurable } from "../packages/cli/src/keepDurable.ts";
import { startPaperRun, type BotRun } from "../packages/cli/src/run.ts";

const MARKETS = 20;
const RATE = 2_000;
const BATCH_MS = 5;
const USE = "model-maker";

interface Measured {
  readonly updates: number;
  /** Microseconds for an update, from the core's point of view, and how late a batch was begun, in ms. */
  readonly p50: number;
  readonly p99: number;
  readonly lateP99: number;
  readonly loopP99: number;
  readonly busy: number;
  readonly frames: number;
}

/** What a page does, in a process of its own: looks at a market, and reads everything. */
const PAGE = `
const { host, hash } = new URL(process.argv[1]);
const socket = new WebSocket("ws://" + host + "/ws", { protocols: ["matchpoint.v1", hash.slice(1)], headers: { origin: "http://" + host } });
let frames = 0, looks = false;
socket.addEventListener("message", ({ data }) => {
  frames += 1;
  const frame = JSON.parse(data);
  if (frame.type !== "hello" || looks || frame.markets.length === 0) return;
  looks = true;
  socket.send(JSON.stringify({ type: "look", market: frame.markets[0].id }));
});
process.on("SIGTERM", () => { console.log(frames); process.exit(0); });
socket.addEventListener("close", () => { console.log(frames); process.exit(0); });
`;

async function measure(seconds: number, shown: boolean): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "matchpoint-bench-"));
  const config = parseConfig({ risk: { max_loop_stall_ms: 0 } });
  const journalPath = join(folder, "run.journal.jsonl");
  const use = DEFAULT_STRATEGIES[USE]!;
  const startsAt = Date.now();
  const strategies = [{ use, params: { reference: "microprice" } }];
  const run = startPaperRun({ config, strategies, runId: "bench", startsAt, journalPath });
  const syncing = keepDurable(run, 200, () => undefined);
  let dashboard: Dashboard | undefined;
  let page: ChildProcess | undefined;
  try {
    const feed = new Feed(run, startsAt);
    if (shown) {
      const control = {
        kill: () => Promise.reject(new Error("no")),
        stopEntries: () => undefined,
        halt: () => undefined,
      };
      dashboard = await Dashboard.open({
        journal: journalPath,
        strategies: [{ use: USE, folder }],
        port: 0,
        stopper: { core: run.runtime.core, control },
        warn: console.error,
      });
      page = spawn(process.execPath, ["-e", PAGE, dashboard.address], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let said = "";
      page.stdout!.on("data", (chunk: Buffer) => (said += chunk.toString()));
      await feed.go(3);
      const measured = await feed.go(seconds);
      const ended = new Promise((resolve) => page!.once("close", resolve));
      page.kill("SIGTERM");
      await ended;
      return { ...measured, frames: Number(said) };
    }
    await feed.go(3);
    return { ...(await feed.go(seconds)), frames: 0 };
  } finally {
    page?.kill("SIGKILL");
    syncing.stop();
    await dashboard?.close();
    await run.finish("measured");
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Books of twenty markets that change, at the rate that is asked for and by the real clock. */
class Feed {
  readonly #run: BotRun;
  readonly #began = performance.now();
  readonly #startsAt: number;
  readonly #ids: readonly MarketId[];
  #n = 0;

  constructor(run: BotRun, startsAt: number) {
    this.#run = run;
    this.#startsAt = startsAt;
    this.#ids = Array.from({ length: MARKETS }, (_, i) => id<MarketId>(`market-${i}`));
    for (const marketId of this.#ids) {
      run.runtime.offer({ type: "market_listed", ...this.#stamp(), market: testMarket({ marketId }, false) });
      const levels = [0, 1, 2, 3, 4].flatMap((step) => [
        ...[LADDER.BID_0, 4_900 - step * 100, 500_000_000],
        ...[LADDER.ASK_0, 5_100 + step * 100, 500_000_000],
      ]);
      run.runtime.offer({
        type: "book_snapshot",
        ...this.#stamp(),
        marketId,
        outcome: 0,
        levels,
        synthetic: false,
      });
    }
  }

  async go(seconds: number): Promise<Omit<Measured, "frames">> {
    const perBatch = (RATE * BATCH_MS) / 1_000;
    const began = performance.now();
    const used = performance.eventLoopUtilization();
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const took: number[] = [];
    const late: number[] = [];
    const batches = (seconds * 1_000) / BATCH_MS;
    for (let batch = 0; batch < batches; batch++) {
      const due = began + batch * BATCH_MS;
      const now = performance.now();
      if (now < due) await pause(due - now);
      late.push(Math.max(0, performance.now() - due));
      for (let i = 0; i < perBatch; i++) {
        const from = performance.now();
        this.#update();
        took.push((performance.now() - from) * 1_000);
      }
    }
    delay.disable();
    return {
      updates: took.length,
      p50: quantile(took, 0.5),
      p99: quantile(took, 0.99),
      lateP99: quantile(late, 0.99),
      loopP99: delay.percentile(99) / 1e6,
      busy: performance.eventLoopUtilization(used).utilization,
    };
  }

  #update(): void {
    this.#n += 1;
    const marketId = this.#ids[this.#n % MARKETS]!;
    const step = (this.#n >> 4) % 5;
    const ladder = this.#n % 2 === 0 ? LADDER.BID_0 : LADDER.ASK_0;
    const price = ladder === LADDER.BID_0 ? 4_900 - step * 100 : 5_100 + step * 100;
    const levels = [ladder, price, 300_000_000 + ((this.#n * 7_919) % 400) * 1_000_000];
    this.#run.runtime.offer({
      type: "book_delta",
      ...this.#stamp(),
      marketId,
      levels,
      bestBid: -1,
      bestAsk: -1,
    });
  }

  #stamp(): { readonly at: Nanos; readonly receivedAt: Millis } {
    const ms = performance.now() - this.#began;
    return { at: Math.round(ms * 1e6) as Nanos, receivedAt: Math.round(this.#startsAt + ms) as Millis };
  }
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? NaN;
}

function median(rounds: readonly Measured[], of: keyof Measured): number {
  return quantile(
    rounds.map((round) => round[of]),
    0.5,
  );
}

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "10" }, rounds: { type: "string", default: "3" } },
});
console.log(
  `Node ${process.versions.node}, ${availableParallelism()} processors, load ${loadavg()[0]!.toFixed(1)} at the start; ${MARKETS} markets, ${RATE} updates a second, medians of ${values.rounds} rounds of ${values.seconds} s`,
);
const rounds: Record<"alone" | "shown", Measured[]> = { alone: [], shown: [] };
for (let round = 0; round < Number(values.rounds); round++) {
  rounds.alone.push(await measure(Number(values.seconds), false));
  rounds.shown.push(await measure(Number(values.seconds), true));
}
const rows = Object.entries(rounds).map(([name, each]) => ({
  run: name,
  "update p50 µs": median(each, "p50").toFixed(1),
  "update p99 µs": median(each, "p99").toFixed(1),
  "late p99 ms": median(each, "lateP99").toFixed(1),
  "loop delay p99 ms": median(each, "loopP99").toFixed(1),
  "loop busy %": (median(each, "busy") * 100).toFixed(1),
  "frames to the page": median(each, "frames"),
}));
console.table(rows);
console.log(JSON.stringify({ node: process.versions.node, load: loadavg()[0], rounds }));
process.exit(0);
