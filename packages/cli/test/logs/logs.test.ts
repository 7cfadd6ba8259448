// JSON lines of a run: ids on every line that has them, no secret, and a disk that does not take them.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPaperBroker } from "@matchpoint/paper-broker";
import {
  createRuntime,
  parseConfig,
  Secret,
  TemporalArb,
  type BotConfigInput,
  type OrderId,
  type Runtime,
} from "@matchpoint/sdk";
import { simulateMatch } from "@matchpoint/testing";
import { afterAll, describe, expect, it } from "vitest";
import type { Io } from "../../src/io.ts";
import { loggedIo, openLog } from "../../src/logs/index.ts";
import { pinoLogger } from "../../src/logs/pinoLogger.ts";
import { playSimulation } from "../../src/player/simulation.ts";

const dir = mkdtempSync(join(tmpdir(), "matchpoint-logs-"));
afterAll(() => {
  rmSync(dir, { recursive: true });
});

type Line = Readonly<Record<string, unknown>> & { readonly msg: string };
const read = (path: string): readonly Line[] =>
  readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);

it("lines are in the file a moment later, however few there are, while the run goes on", async () => {
  const to = join(dir, "few.log.jsonl");
  const logger = pinoLogger({ to, level: "info", base: {}, onTrouble: (why) => expect.fail(why) });
  logger.info("one");
  await expect.poll(() => existsSync(to) && readFileSync(to, "utf8"), { timeout: 5_000 }).toMatch(/"one"/);
  logger.info("two");
  await logger.close();
  expect(read(to).map(({ msg }) => msg)).toEqual(["one", "two"]);
});

const match = simulateMatch({ seed: 4, title: "lol", bestOf: 1 });
function runtimeOf(config: BotConfigInput): Runtime {
  return createRuntime({
    config: parseConfig({ seed: 4, ...config }),
    strategies: [{ use: TemporalArb, params: {} }],
    execution: createPaperBroker({ runId: "logs", seed: 4 }),
    runId: "logs",
    startsAt: match.startsAt,
  });
}

it(
  "a run's lines have the ids of what they are about: an order is followed from intent to trade",
  { timeout: 60_000 },
  async () => {
    const runtime = runtimeOf({ journal: { dir }, logs: { to: "file", level: "debug" } });
    const log = openLog(runtime.config, undefined, "logs", (why) => expect.fail(why))!;
    log.follow(runtime);
    Array.from(
      playSimulation(match, (event) => {
        runtime.offer(event);
      }),
    );
    runtime.finish("over");
    await log.close("test");
    const lines = read(join(dir, "logs.log.jsonl"));
    expect(lines[0]).toMatchObject({ level: "info", run_id: "logs", msg: "run started", mode: "paper" });
    expect(lines.at(-1)).toMatchObject({ msg: "run ended", reason: "test" });
    for (const line of lines) expect(line["run_id"]).toBe("logs");
    const { counts } = runtime.core;
    const named = (start: string): readonly Line[] => lines.filter(({ msg }) => msg.startsWith(start));
    expect(named("order intended")).toHaveLength(counts.orders);
    expect(named("order denied")).toHaveLength(counts.denied);
    for (const line of [...named("order intended"), ...named("order denied")])
      expect(Object.keys(line)).toEqual(
        expect.arrayContaining(["market_id", "match_id", "intent_id", "strategy_id"]),
      );
    const trades = named("trade ");
    expect(trades.length).toBeGreaterThan(0);
    for (const line of [...trades, ...named("order live"), ...named("order matched")])
      expect(Object.keys(line)).toEqual(
        expect.arrayContaining(["market_id", "match_id", "intent_id", "order_id"]),
      );
    const { intent_id: intent } = trades[0]!;
    const story = lines.filter((line) => line["intent_id"] === intent).map(({ msg }) => msg);
    expect(story[0]).toBe("order intended");
    expect(story.length).toBeGreaterThan(3);
  },
);

it("what a run stands on logs too: its lines get the ids that go with theirs, and people's warnings are lines", async () => {
  const runtime = runtimeOf({ journal: { dir: join(dir, "under") } });
  const path = join(dir, "under.jsonl");
  const log = openLog(runtime.config, path, "logs", (why) => expect.fail(why))!;
  const { marketId } = match.markets[0]!;
  const fetchFailed = (): void => {
    log.logger.warn("a book could not be had", {
      marketId,
      error: "HTTP 500",
      apiKey: "0xcanary",
      url: "0xcanary",
    });
  };
  fetchFailed();
  log.follow(runtime);
  let seen: OrderId | undefined;
  runtime.on("step", (event) => {
    if (event.type === "order_report") seen = event.orderId;
  });
  Array.from(
    playSimulation(match, (event) => {
      runtime.offer(event);
    }),
  );
  fetchFailed();
  const order = runtime.core.orders.byOrderId(seen!)!;
  log.logger.info("by order", { orderId: seen });
  log.logger.info("by intent", { intentId: order.intent.intentId });
  const frame = { type: "frame_quarantined", feed: "grid", reason: "no JSON", sample: "0xcanary" } as const;
  for (let i = 0; i < 3; i += 1) runtime.offer({ ...frame, at: runtime.at, receivedAt: runtime.core.wall });
  const said: string[] = [];
  const io = { err: (text: string) => said.push(text) } as unknown as Io;
  loggedIo(io, log.logger).err("warning: the chain cannot be compared with");
  expect(said).toEqual(["warning: the chain cannot be compared with"]);
  await log.close("over");
  await log.close("once more");
  const lines = read(path);
  const matchId = runtime.core.market(marketId)!.market.subject!.matchId;
  const [before, after] = lines.filter(({ msg }) => msg === "a book could not be had");
  expect(before).toMatchObject({ run_id: "logs", level: "warn", market_id: marketId, error: "HTTP 500" });
  expect(before).not.toHaveProperty("match_id");
  expect(after).toMatchObject({ market_id: marketId, match_id: matchId });
  const { intentId, strategyId, marketId: its } = order.intent;
  for (const msg of ["by order", "by intent"])
    expect(lines.find((line) => line.msg === msg)).toMatchObject({
      ...{ market_id: its, match_id: matchId, intent_id: intentId, strategy_id: strategyId },
    });
  const broken = lines.filter(
    (line) => line.msg === "a frame could not be read" && line["reason"] === "no JSON",
  );
  expect(broken).toMatchObject([{ level: "warn", feed: "grid", reason: "no JSON" }]);
  expect(lines.some(({ msg }) => msg === "the chain cannot be compared with")).toBe(true);
  expect(lines.filter(({ msg }) => msg === "run ended")).toHaveLength(1);
  expect(readFileSync(path, "utf8")).not.toContain("0xcanary");
}, 60_000);

describe("no secret", () => {
  it("is written, under whatever name and however deep", async () => {
    const to = join(dir, "secrets.jsonl");
    const logger = pinoLogger({
      to,
      level: "debug",
      base: { run_id: "r" },
      onTrouble: (why) => expect.fail(why),
    });
    const canary = "0xcanary0123";
    logger.info("x", {
      note: canary,
      reason: "said",
      data: { apiKey: canary, nested: [{ passphrase: canary }] },
    });
    logger.warn("y", { secret: new Secret(canary), price: 4_000, error: new Error("shown") });
    await logger.close();
    const text = readFileSync(to, "utf8");
    expect(text).not.toContain(canary);
    expect(read(to)[0]).toMatchObject({ msg: "x", reason: "said", note: "[hidden]" });
    expect(read(to)[1]).toMatchObject({ price: 4_000, error: { message: "shown" } });
  });
});

describe("where the lines go", () => {
  it("is what the command line says before what the configuration does; nowhere by default", async () => {
    const fail = (why: string): void => expect.fail(why);
    const runtime = runtimeOf({ journal: { dir: join(dir, "other") } });
    expect(openLog(runtime.config, undefined, "logs", fail)).toBeUndefined();
    const path = join(dir, "deep/er/run.jsonl");
    const log = openLog(runtime.config, path, "logs", fail)!;
    log.follow(runtime);
    await log.close("over");
    expect(read(path).map(({ msg }) => msg)).toEqual(["run started", "run ended"]);
    const filed = runtimeOf({ logs: { to: "file" }, journal: { dir: join(dir, "other") } });
    expect(openLog(filed.config, "none", "logs", fail)).toBeUndefined();
    expect(() => openLog(filed.config, " ", "logs", fail)).toThrow("--log names nothing");
    expect(() => parseConfig({ logs: { file: "x.jsonl" } })).toThrow(/only for `to: file`/);
  });

  it.skipIf(!existsSync("/dev/full"))("may take none: the run goes on, and it is told once", async () => {
    const troubles: string[] = [];
    const logger = pinoLogger({
      to: "/dev/full",
      level: "info",
      base: {},
      onTrouble: (why) => troubles.push(why),
    });
    for (let i = 0; i < 5_000; i += 1) logger.info("a line that no disk takes", { reason: "x".repeat(200) });
    await expect.poll(() => troubles).toContain("the log cannot be written: ENOSPC");
    logger.info("another");
    await logger.close();
    expect(troubles.filter((why) => why.includes("ENOSPC"))).toHaveLength(1);
  });
});
