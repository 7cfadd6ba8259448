// Replays and demonstrations, watched as a run is: page, metrics, alerts and log, each only when it is asked for.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { serve } from "../../packages/cli/test/secrets/fakes/httpFake.ts";
import { command, ROOT, startBot, temporaryFolder } from "./support.ts";

const RECORDING = join(ROOT, "scripts/smoke/recording.jsonl");

it("a replay is shown, counted, told of and written down", { timeout: 60_000 }, async () => {
  const cwd = temporaryFolder();
  const hook = await serve(() => ({ status: 200 }));
  const bot = "strategies: [{ use: pair-arb }]\nalerts: { webhook: {} }\n";
  const config = join(cwd, "bot.yaml");
  // The bot itself shows itself where the replay must not want to be.
  const busy = createServer().listen(0, "127.0.0.1");
  await new Promise((up) => busy.once("listening", up));
  const { port } = busy.address() as AddressInfo;
  writeFileSync(config, `${bot}dashboard: { enabled: true, port: ${port} }\n`);
  const env = { MATCHPOINT_ALERT_WEBHOOK_URL: `${hook.url}/in` };
  const asked = ["--metrics", "--alerts", "--stay", "--log", "replay.jsonl"];
  const run = startBot(["replay", RECORDING, "--config", config, ...asked], { cwd, env });
  try {
    await run.until(/Journal: .*\n/);
    const [, metrics] = /^Metrics: (http:\S+)$/m.exec(run.written())!;
    const [, page] = /^Dashboard: (http:\S+)$/m.exec(run.written())!;
    const text = await (await fetch(metrics!)).text();
    expect(text).toMatch(/^run_info\{run_id="replay-[^"]+",mode="paper"\} 1$/m);
    expect(Number(/^events_total\{type="book_snapshot"\} (\d+)$/m.exec(text)?.[1])).toBeGreaterThan(0);
    expect(text).toMatch(/^alerts_sent_total\{channel="webhook"\} [1-9]/m);
    // It may be read by whoever is on this machine, and stopped by nobody from there.
    const { origin } = new URL(metrics!);
    expect((await fetch(`${origin}/livez`)).status).toBe(200);
    const headers = { authorization: "Bearer x", "x-matchpoint-control": "1" };
    for (const path of ["/v1/kill", "/v1/status"])
      expect((await fetch(`${origin}${path}`, { method: "POST", headers })).status).toBe(404);
    expect(readdirSync(join(cwd, "runs")).some((name) => name.startsWith("control-"))).toBe(false);
    const told = hook.asked.flatMap(
      ({ body }) => (JSON.parse(body) as { alerts: { kind: string; at: number; text: string }[] }).alerts,
    );
    expect(told.map(({ kind }) => kind).slice(0, 1)).toEqual(["started"]);
    expect(told.at(-1)).toMatchObject({ kind: "ended", text: "end of the recording" });
    // By the recording's time.
    expect(told.at(-1)!.at).toBeLessThan(Date.now() - 3_600_000);
    const lines = readFileSync(join(cwd, "replay.jsonl"), "utf8").trimEnd().split("\n");
    expect(lines[0]).toContain('"msg":"run started"');
    expect(lines.at(-1)).toContain('"reason":"end of the recording"');
    expect((await fetch(page!)).status).toBe(200);
  } finally {
    run.child.kill("SIGINT");
  }
  expect((await run.ended).code).toBe(0);
  await hook.close();
  busy.close();
});

it("a demonstration is counted while it is played", { timeout: 60_000 }, async () => {
  const demo = startBot(["demo", "--metrics", "--best-of", "1", "--speed", "100", "--no-journal"]);
  try {
    await demo.until(/Metrics: (http:\S+)/);
    const [, url] = /Metrics: (http:\S+)/.exec(demo.written())!;
    const events = async (): Promise<number> =>
      Number(/^events_total\{type="book_delta"\} (\d+)$/m.exec(await (await fetch(url!)).text())?.[1] ?? 0);
    await expect.poll(events, { timeout: 20_000 }).toBeGreaterThan(10);
  } finally {
    demo.child.kill("SIGINT");
  }
  expect((await demo.ended).code).toBe(0);
});

it("nothing is opened or told that was not asked for, and what cannot be is refused", async () => {
  const cwd = temporaryFolder();
  const path = join(cwd, "bot.yaml");
  const hook = await serve(() => ({ status: 200 }));
  const bot = "strategies: [{ use: pair-arb }]\nlogs: { to: file }\n";
  writeFileSync(path, `${bot}dashboard: { enabled: true }\njournal: { dir: ${cwd} }\n`);
  const plain = await command(["replay", RECORDING, "--config", path]);
  expect([plain.code, plain.err]).toEqual([0, ""]);
  expect(plain.out).not.toMatch(/Dashboard|Metrics/);
  expect(readdirSync(cwd).filter((name) => name.includes(".log."))).toEqual([]);
  expect(hook.asked).toEqual([]);
  await hook.close();
  const nowhere = await command(["replay", RECORDING, "--config", path, "--alerts"]);
  expect([nowhere.code, nowhere.err]).toEqual([
    2,
    expect.stringContaining("--alerts: the configuration names no place to tell"),
  ]);
  const several = await command(["replay", RECORDING, RECORDING, "--stay"]);
  expect([several.code, several.err]).toEqual([2, expect.stringContaining("--stay goes on showing one")]);
  const busy = createServer().listen(0, "127.0.0.1");
  await new Promise((up) => busy.once("listening", up));
  const { port } = busy.address() as AddressInfo;
  writeFileSync(path, `${bot}control: { port: ${port} }\n`);
  const journal = join(cwd, "taken.jsonl");
  const taken = await command(["replay", RECORDING, "--config", path, "--metrics", "--journal", journal]);
  busy.close();
  expect([taken.code, taken.err]).toEqual([
    2,
    expect.stringMatching(/control\.port \d+ cannot be listened on/),
  ]);
  expect(existsSync(journal)).toBe(true);
});
