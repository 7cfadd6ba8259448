// A run's control over HTTP, with the run itself: what is said to the server becomes an operator's event, and is kept in the stop file.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPaperBroker } from "@matchpoint/paper-broker";
import {
  createRuntime,
  id,
  parseConfig,
  SystemClock,
  type CoreEvent,
  type MarketDescription,
  type MarketId,
  type Runtime,
} from "@matchpoint/sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findRuns } from "../../src/control/announcement.ts";
import { RunControl } from "../../src/control/runControl.ts";
import { StopFile } from "../../src/control/stopFile.ts";

const market = (marketId: string): MarketDescription => ({
  marketId: id<MarketId>(marketId),
  title: marketId,
  outcomes: [
    { tokenId: id(`${marketId}-1`), name: "A" },
    { tokenId: id(`${marketId}-2`), name: "B" },
  ],
  tick: 100 as MarketDescription["tick"],
  minSize: 5_000_000 as MarketDescription["minSize"],
  takerDelayMs: 0,
  mirrored: true,
  negRisk: false,
  acceptingOrders: true,
  clearBookOnStart: false,
});

let dir: string;
let runtime: Runtime;
let stops: StopFile;
let control: RunControl;
let offer: (event: object) => void;
const over = new AbortController();
const log: CoreEvent[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "matchpoint-control-"));
  const config = parseConfig({ journal: { dir } });
  const clock = new SystemClock();
  const execution = createPaperBroker({ runId: "r", seed: 1 });
  log.length = 0;
  runtime = createRuntime({
    config,
    strategies: [],
    execution,
    runId: "run-test",
    startsAt: clock.wall(),
    journal: { append: (event) => log.push(event) },
  });
  stops = new StopFile(dir, "paper");
  const io = { out: () => undefined, err: (line: string) => expect.fail(line) } as never;
  const venue = { look: () => Promise.resolve(0), cancelAll: () => Promise.resolve() };
  control = new RunControl({ config, mode: "paper", runtime, clock, io, quiet: true, stops, venue });
  await control.open();
  offer = (event) => {
    runtime.offer({ at: clock.monotonic(), receivedAt: clock.wall(), ...event } as CoreEvent);
  };
  void (async () => {
    for await (const event of control.events(over.signal)) runtime.offer(event);
  })();
});
afterEach(() => {
  control.close();
  rmSync(dir, { recursive: true });
});

async function post(path: string, body: object): Promise<{ status: number; body: Record<string, unknown> }> {
  const [run] = findRuns(dir);
  const { url, token } = run!.announcement;
  const answer = await fetch(`${url}${path}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "x-matchpoint-control": "1",
    },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
const causes = (marketId: string): readonly string[] => [
  ...(runtime.core.market(id<MarketId>(marketId))?.trading.causes ?? []),
];
const kills = (): number =>
  log.filter((event) => event.type === "operator" && event.command.kind === "kill").length;

describe("a halt over HTTP", () => {
  it("of a market that is not listed yet holds it from when it is, and no other, and is kept", async () => {
    const { status } = await post("/v1/halt", { by: "me", reason: "later", market: "m9" });
    expect(status).toBe(200);
    await expect.poll(() => log.some(({ type }) => type === "operator")).toBe(true);
    for (const marketId of ["m1", "m9"]) offer({ type: "market_listed", market: market(marketId) });
    expect(causes("m1")).not.toContain("manual");
    expect(causes("m9")).toContain("manual");
    expect(stops.read().halts).toMatchObject({ m9: { by: "me", reason: "later" } });
  });

  it.each(["", " ".repeat(3), "x".repeat(300), "a\nb"])(
    "is refused for what is no market: %j",
    async (bad) => {
      const { status } = await post("/v1/halt", { market: bad });
      expect(status).toBe(400);
      expect(stops.read().halts).toEqual({});
      expect(log.some(({ type }) => type === "operator")).toBe(false);
    },
  );
});

describe("a kill over HTTP", () => {
  it("of a run that is killed already is proven again, keeps who killed it first, and begins its cool-down anew", async () => {
    const first = await post("/v1/kill", { by: "one", reason: "first" });
    expect(first).toMatchObject({ status: 200, body: { proven: true, open: 0 } });
    expect(runtime.core.system.status).toBe("HALTED");
    const { at } = runtime.core.risk.killed!;
    const kept = stops.read().kill!;
    expect(kept).toMatchObject({ by: "one", reason: "first" });

    const second = await post("/v1/kill", { by: "two", reason: "second" });
    expect(second).toMatchObject({ status: 200, body: { proven: true, open: 0 } });
    await expect.poll(kills).toBe(2);
    expect(runtime.core.system.status).toBe("HALTED");
    expect(runtime.core.risk.killed!.at).toBeGreaterThan(at);
    expect(stops.read().kill).toMatchObject({ by: "one", reason: "first" });
    expect(stops.read().kill!.at).toBeGreaterThan(kept.at);
  });

  it("is one kill when it is asked for twice at the same time", async () => {
    const answers = await Promise.all([post("/v1/kill", { by: "one" }), post("/v1/kill", { by: "two" })]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(kills()).toBeGreaterThan(0);
    expect(runtime.core.system.status).toBe("HALTED");
  });
});

describe("a fact over HTTP", () => {
  const match = { matchId: id("m1"), title: "lol", bestOf: 3, teams: [{ name: "T1" }, { name: "Gen.G" }] };

  it("is an operator's event of the run, and its answer says what it moved", async () => {
    offer({ type: "match_listed", match });
    const said = await post("/v1/fact", { by: "me", fact: "m1 game 1 started" });
    expect(said).toMatchObject({ status: 200, body: { run: "run-test", taken: true } });
    const told = log.filter(({ type }) => type === "operator");
    expect(told).toMatchObject([
      { operator: "me", command: { kind: "fact", matchId: "m1", claim: { kind: "game_started", game: 1 } } },
    ]);
    const { moved } = said.body as { readonly moved: readonly { readonly subject: string }[] };
    expect(moved.map(({ subject }) => subject)).toEqual(["m1", "m1#1"]);
    expect(runtime.core.truth.state(id("m1"))!.games[0]!.status).toBe("live");
  });

  it.each([
    ["m2 game 1 started", "MATCH_UNKNOWN"],
    ["m1 game 9 started", "USAGE"],
    ["m1 is boring", "USAGE"],
    ["", "USAGE"],
  ])("that is none is refused and changes nothing: %j", async (fact, code) => {
    offer({ type: "match_listed", match });
    expect(await post("/v1/fact", { fact })).toMatchObject({ status: 400, body: { code } });
    expect(log.some(({ type }) => type === "operator")).toBe(false);
  });
});

describe("whether it is ready", () => {
  it("is said with what it stands on besides its core, by name", async () => {
    const [run] = findRuns(dir);
    const ready = async (): Promise<unknown> => (await fetch(`${run!.announcement.url}/readyz`)).json();
    const troubles: Record<string, string | undefined> = {};
    for (const name of ["lease", "heartbeat", "user channel", "clock"] as const)
      control.standsOn(name, () => troubles[name]);
    expect(await ready()).toEqual({ ready: true, reasons: [] });
    troubles["lease"] = "another process signs";
    troubles["user channel"] = "not open for 4 s";
    troubles["clock"] = "3 s behind NTP";
    expect(await ready()).toEqual({
      ready: false,
      reasons: [
        "the lease: another process signs",
        "the user channel: not open for 4 s",
        "the clock: 3 s behind NTP",
      ],
    });
    for (const name of Object.keys(troubles)) troubles[name] = undefined;
    expect(control.status().realism?.map(({ state }) => state)).toEqual(Array(14).fill("on"));
    troubles["heartbeat"] = "not acknowledged";
    expect(control.status()).toMatchObject({ ready: false, reasons: ["the heartbeat: not acknowledged"] });
    expect(await control.metrics()).toMatch(/_ready 0\n|^ready 0$/m);
    control.standsOn("heartbeat", () => {
      throw new Error("the disk is gone");
    });
    expect(control.health().reasons).toEqual(["the heartbeat: the disk is gone"]);
  });
});
