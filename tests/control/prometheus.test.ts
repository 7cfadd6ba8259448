// The dashboard and the alert rules against what a run exports, and a real Prometheus that reads a running bot, where there is one.
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { METRICS } from "../../packages/cli/src/metrics/index.ts";
import { serve, type Fake } from "../../packages/cli/test/secrets/fakes/httpFake.ts";
import { fakeMarketServer, type FakeMarketServer } from "../cli/fakeMarketServer.ts";
import { ROOT, startBot, temporaryFolder, type Running } from "../cli/support.ts";
import { expressions, problemsOf, RULES } from "./watched.ts";

describe("the dashboard and the rules", () => {
  it("ask for nothing that a run does not export", () => {
    const all = expressions();
    expect(all.length).toBeGreaterThan(60);
    expect(all.flatMap(problemsOf)).toEqual([]);
  });

  it("show or watch nearly all that it does export", () => {
    const text = expressions()
      .map((one) => one.text)
      .join(" ");
    const unused = Object.keys(METRICS).filter((name) => !new RegExp(`\\b${name}(_bucket)?\\b`).test(text));
    expect(unused.sort()).toEqual(
      [
        ...["alerts_waiting", "comparisons_total", "market_halts_total", "size_scale"],
        ...[
          "queue_coalesced_total",
          "queue_offered_total",
          "queue_stopped_markets",
          "run_info",
          "uptime_seconds",
        ],
      ].sort(),
    );
  });

  it.each([
    ["halted_market > 0", "", "no run exports halted_market"],
    ["event_lag_ms > 0", "", "no run exports event_lag_ms"],
    ["rate(open_orders_bucket[5m])", "", "no run exports open_orders_bucket"],
    ['halted_markets{reason="kill"}', "", "halted_markets has no label reason"],
    ["sum by (market) (halted_markets)", "", "nothing there has the label market"],
    ["source_up == 0", "{{ $labels.feed }}", "nothing there has the label feed"],
  ])("would be told of %s", (text, words, problem) => {
    expect(problemsOf({ where: "x", text, words })).toEqual([`x: ${problem}`]);
  });
});

const here = spawnSync("prometheus", ["--version"]).error === undefined;

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}

describe("a running bot", () => {
  const TOKEN = "pro-me.theus_7";
  let cwd: string;
  let port: number;
  let venue: FakeMarketServer;
  let hook: Fake;
  let run: Running;
  let broken = false;

  beforeAll(async () => {
    cwd = temporaryFolder();
    port = await freePort();
    hook = await serve(() => ({ status: 200 }));
    venue = await fakeMarketServer((token: string) => ({
      ...{ market: "0xm", asset_id: token, hash: "", tick_size: "0.01" },
      timestamp: broken ? "no time" : String(Date.now()),
      bids: [{ price: "0.48", size: "300" }],
      asks: [{ price: "0.52", size: "300" }],
    }));
    const config = join(cwd, "bot.yaml");
    writeFileSync(
      config,
      `
strategies: [{ use: model-maker, params: { reference: microprice } }]
matches: [{ id: a-b, title: lol, teams: [A, B] }]
markets:
  - id: "0xm"
    title: "LoL: A vs B"
    outcomes: [{ token: "71321045679252212594626385532706912750332728571942532289631379312455583992563", name: A }, { token: "52114319501245915516055106046884209969926127482827954674443846427813813222426", name: B }]
    subject: { match: a-b, team_of: [0, 1] }
feeds:
  polymarket: { socket_url: "${venue.socketUrl}", rest_url: "${venue.restUrl}" }
time: { enabled: false }
control: { port: ${port} }
alerts: { webhook: {} }
`,
    );
    const env = {
      MATCHPOINT_METRICS_TOKEN: TOKEN,
      MATCHPOINT_ALERT_WEBHOOK_URL: `${hook.url}/in?k=canary-in-the-address`,
    };
    run = startBot(["run", "--config", config, "--log", join(cwd, "log.jsonl")], { cwd, env });
    await run.until(/PAPER: 1 market/);
  }, 30_000);
  afterAll(async () => {
    run.child.kill("SIGKILL");
    await Promise.all([venue.close(), hook.close()]);
  });

  it("is read by a real Prometheus with the token that was set, which takes the rules", async (context) => {
    if (!here) context.skip("Prometheus is not here (apt-get install prometheus)");
    expect(spawnSync("promtool", ["check", "rules", RULES], { encoding: "utf8" })).toMatchObject({
      status: 0,
    });
    const web = await freePort();
    writeFileSync(join(cwd, "token"), TOKEN);
    writeFileSync(join(cwd, "matchpoint.rules.yml"), readFileSync(RULES));
    writeFileSync(
      join(cwd, "prometheus.yml"),
      readFileSync(join(ROOT, "deploy/prometheus/prometheus.yml"), "utf8")
        .replaceAll("15s", "250ms")
        .replaceAll("9464", String(port))
        .replace("# authorization:", "authorization:")
        .replace(
          "#   credentials_file: /etc/prometheus/matchpoint-token",
          `  credentials_file: ${cwd}/token`,
        ),
    );
    const prometheus = spawn(
      "prometheus",
      [
        `--config.file=${cwd}/prometheus.yml`,
        `--storage.tsdb.path=${cwd}/data`,
        `--web.listen-address=127.0.0.1:${web}`,
      ],
      { stdio: "ignore" },
    );
    try {
      expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(401);
      const ask = async (path: string): Promise<{ status: string; data: never }> =>
        (await fetch(`http://127.0.0.1:${web}/api/v1/${path}`)).json() as never;
      const query = async (text: string): Promise<readonly { metric: object; value: [number, string] }[]> =>
        (
          (await ask(`query?query=${encodeURIComponent(text)}`).catch(() => undefined))?.data as
            { result?: [] } | undefined
        )?.result ?? [];
      await expect.poll(async () => (await query("ready == 1")).length, { timeout: 20_000 }).toBe(1);
      const snapshots = (): ReturnType<typeof query> =>
        query('events_total{type="book_snapshot",job="matchpoint"}');
      await expect.poll(async () => (await snapshots()).length, { timeout: 20_000 }).toBe(1);
      const names: readonly string[] = (await ask("label/__name__/values")).data;
      for (const name of [
        "truth_confidence",
        "order_place_latency_ms_bucket",
        "reconcile_mismatch_count",
        "exposure_usd",
      ])
        expect(names, name).toContain(name);
      const rules = (await ask("rules")).data as {
        groups: readonly { rules: readonly { name: string; health: string; lastError?: string }[] }[];
      };
      for (const rule of rules.groups.flatMap((group) => group.rules))
        expect(rule).not.toHaveProperty("lastError");
      for (const { where, text } of expressions()) {
        const filled = text.replaceAll("$instance", `127.0.0.1:${port}`).replaceAll("$__rate_interval", "1m");
        expect((await ask(`query?query=${encodeURIComponent(filled)}`)).status, where).toBe("success");
      }
      expect(Number((await query("open_orders"))[0]?.value[1])).toBeGreaterThanOrEqual(0);
    } finally {
      prometheus.kill("SIGKILL");
    }
  }, 60_000);

  it("writes down what its feed could not read or have, with the market and the match", async () => {
    const lines = (): readonly Record<string, unknown>[] =>
      readFileSync(join(cwd, "log.jsonl"), "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    broken = true;
    venue.send({ event_type: "price_change", market: "0xm", price_changes: "no list" });
    const about = { level: "warn", run_id: expect.stringMatching(/^run-/) as string };
    await expect.poll(lines, { timeout: 10_000 }).toContainEqual(
      expect.objectContaining({
        ...about,
        ...{ msg: "a book could not be had", market_id: "0xm", match_id: "a-b" },
        error: expect.any(String) as string,
      }),
    );
    expect(lines()).toContainEqual(
      expect.objectContaining({ ...about, msg: "a frame could not be read", feed: "polymarket-market" }),
    );
    broken = false;
  }, 30_000);

  it("tells that it started and how it ended, and writes both down; no secret is told or written", async () => {
    run.child.kill("SIGINT");
    const { code, out, err } = await run.ended;
    expect(code).toBe(0);
    const told = hook.asked.flatMap(
      ({ body }) => (JSON.parse(body) as { alerts: { kind: string }[] }).alerts,
    );
    expect(told[0]).toMatchObject({ kind: "started", severity: "info" });
    expect(told.at(-1)).toMatchObject({ kind: "ended", text: "the run has ended" });
    const log = readFileSync(join(cwd, "log.jsonl"), "utf8");
    const lines = log
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines[0]).toMatchObject({
      msg: "run started",
      mode: "paper",
      run_id: expect.stringMatching(/^run-/),
    });
    expect(lines.at(-1)).toMatchObject({ msg: "run ended" });
    for (const text of [log, out, err]) expect(text).not.toMatch(/canary-in-the-address|pro-me\.theus_7/);
  }, 30_000);
});
