// How long a kill takes: MATCHPOINT_KILLS=200 npx vitest run tests/control/kill --testTimeout 900000
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startVenue, type RunningVenue } from "@matchpoint/paper-venue";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { KEY, keystoreSections, liveConfig, WALLET } from "../cli/liveSupport.ts";
import { command, lastJson, ROOT, startBot, temporaryFolder } from "../cli/support.ts";
import { healthCheck, wordsOf } from "./unit.ts";

let venue: RunningVenue;
beforeAll(async () => {
  venue = await startVenue({ seed: 3, funds: { [WALLET]: 500_000_000 as never }, liquidity: "agents" });
});
afterAll(() => venue.close());

const KILLS = Number(process.env["MATCHPOINT_KILLS"] ?? 2);

it("kills a run, proves that no order is open, stays killed, and ends and cleans up after one that is frozen", async () => {
  const cwd = temporaryFolder();
  const execution = `journal: { dir: "${cwd}" }`;
  const config = liveConfig(venue, cwd, "bot.yaml", { execution, risk: ", kill_cooldown_ms: 0" });
  // The comparison that a resumed run waits for is made at once, not when the next one is due.
  writeFileSync(config, readFileSync(config, "utf8").replace("reconcile_s: 5\n", "reconcile_s: 3600\n"));
  vi.stubEnv("MATCHPOINT_PRIVATE_KEY", KEY);
  const live = ["run", "--live", "--config", config];
  const open = (): number => venue.venue.exchange.view(WALLET.toLowerCase()).openOrders().length;
  const quoting = (): Promise<void> => expect.poll(open, { timeout: 20_000, interval: 5 }).toBeGreaterThan(0);
  const here = ["--dir", cwd, "--mode", "live"];
  // As the unit of systemd starts it, with a service manager that only writes down what it hears.
  const [secrets, bin, notified] = ["secrets", "bin", "notified"].map((name) => join(cwd, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [secrets, bin]) mkdirSync(folder);
  writeFileSync(join(bin, "systemd-notify"), `#!/bin/sh\necho "$@" >> ${notified}\n`);
  chmodSync(join(bin, "systemd-notify"), 0o755);
  const key = join(secrets, "MATCHPOINT_PRIVATE_KEY");
  writeFileSync(key, `${KEY}\n`);
  const { PATH = "" } = process.env;
  const env = {
    PATH: `${bin}:${PATH}`,
    CREDENTIALS_DIRECTORY: secrets,
    MATCHPOINT_PRIVATE_KEY: "",
    NOTIFY_SOCKET: "/run/none",
    WATCHDOG_USEC: "900000",
  };
  const words = wordsOf("ExecStart").map((word) => (word === "/etc/matchpoint/bot.yaml" ? config : word));
  expect(words).toEqual(live);
  const run = startBot(words, { cwd, env });
  await run.until(/LIVE with \$500/);

  const [took, zero]: [number[], number[]] = [[], []];
  for (let kill = 0; kill < KILLS; kill += 1) {
    await quoting();
    const began = performance.now();
    const killed = await command(["kill", ...here, "--reason", `test ${kill}`, "--json"]);
    took.push(performance.now() - began);
    expect(killed.err).toBe("");
    expect(killed.code).toBe(0);
    expect(lastJson(killed.out)).toMatchObject({ proven: true, runs: [{ state: "answered", open: 0 }] });
    zero.push(lastJson(killed.out)["runs"][0].zeroMs as number);
    expect(open()).toBe(0);
    const status = await command(["status", ...here, "--json"]);
    expect(status.code).toBe(3);
    expect(lastJson(status.out)).toMatchObject({
      runs: [{ status: { system: "HALTED", openOrders: 0 } }],
      stops: { live: { kill: { reason: `test ${kill}` } } },
    });
    const resumed = await command(["resume", ...here, "--reason", "looked at it"]);
    expect(resumed.err).toBe("");
    expect(resumed.out).toMatch(
      /resumed; it is (READY|RECOVERING, until a comparison with the venue agrees)/,
    );
  }
  if (KILLS > 10)
    console.log(
      `of ${KILLS} kills, ms until the venue listed none: ${percentiles(zero)}; until the command had the proof: ${percentiles(took)}`,
    );

  const journals = (): string =>
    readdirSync(cwd)
      .filter((name) => name.endsWith(".journal.jsonl"))
      .map((name) => readFileSync(join(cwd, name), "utf8"))
      .join("");
  const told = journals();
  expect(told).toMatch(/"operator":"[^"]+@[^"]+","command":\{"kind":"kill","reason":"test 1"[,}]/);
  expect(told).toMatch(/"kind":"resume","reason":"looked at it"/);

  // What systemd has heard, and what Docker asks.
  const heard = (): string => (existsSync(notified) ? readFileSync(notified, "utf8") : "");
  await expect.poll(heard, { timeout: 20_000 }).toMatch(/WATCHDOG=1\n[^]*WATCHDOG=1\n/);
  expect(heard()).toMatch(new RegExp(`^--pid=${run.child.pid} --ready --status=run-`, "m"));
  const name = readdirSync(cwd).find((file) => file.startsWith("control-"))!;
  const { url } = JSON.parse(readFileSync(join(cwd, name), "utf8")) as { readonly url: string };
  const healthy = (address: string): number | null =>
    spawnSync(
      process.execPath,
      healthCheck().map((word) => word.replace("http://127.0.0.1:4681", address)),
    ).status;
  // It trades again once a comparison with the venue has agreed.
  await expect.poll(() => healthy(url), { timeout: 20_000, interval: 250 }).toBe(0);
  expect(healthy("http://127.0.0.1:9")).toBe(1);

  // A process that does not answer.
  await quoting();
  run.child.kill("SIGSTOP");
  // Who kills has the key from where the configuration says, and the environment has none.
  const kept = join(cwd, "kept.yaml");
  writeFileSync(kept, `${readFileSync(config, "utf8")}\n${keystoreSections(temporaryFolder())}\n`);
  vi.stubEnv("MATCHPOINT_PRIVATE_KEY", "");
  const frozen = await command(["kill", ...here, "--config", kept, "--json"]);
  vi.stubEnv("MATCHPOINT_PRIVATE_KEY", KEY);
  expect(frozen.err).toMatch(/does not answer for 2 s: it is frozen/);
  expect(lastJson(frozen.out)).toMatchObject({ proven: true, runs: [{ state: "frozen", open: 0 }] });
  expect(frozen.code).toBe(0);
  expect(open()).toBe(0);
  expect((await run.ended).code).toBe(null);

  // What the unit runs after every end.
  const cancelAll = join(ROOT, "packages/adapters-polymarket/src/cancelAll/bin.ts");
  const line = ["--no-warnings", cancelAll, ...wordsOf("ExecStopPost"), "--url", venue.clob];
  const after = spawn(process.execPath, line, {
    env: { PATH, CREDENTIALS_DIRECTORY: secrets },
    stdio: "ignore",
  });
  const proven = new Promise((done) => after.on("close", done));

  // The next start is killed before it trades.
  const again = await command([...live, "--for", "2", "--json"]);
  expect(again.err).toMatch(/^stopped: live: killed by /m);
  expect(lastJson(again.out)).toMatchObject({ orders: 0 });
  // And its cool-down counts from when it was ordered, not from the start.
  const { kill: ordered } = JSON.parse(readFileSync(join(cwd, "stop-live.json"), "utf8")) as {
    readonly kill: { readonly at: number };
  };
  expect(journals()).toContain(`"givenAt":${ordered.at}}`);
  expect(open()).toBe(0);
  expect(await proven).toBe(0);
  rmSync(key);
});

function percentiles(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (p: number): number => Math.round(sorted[Math.ceil(p * sorted.length) - 1]!);
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)}`;
}

it("says where it looked when there is no run, and keeps the kill for the next start", async () => {
  const dir = temporaryFolder();
  const nowhere = await command(["kill", "--dir", join(dir, "away")]);
  expect(nowhere.code).toBe(2);
  expect(nowhere.err).toMatch(/no run was ever started from here[\s\S]*NOTHING WAS STOPPED/);
  const none = await command(["kill", "--dir", dir, "--mode", "paper", "--reason", "no run"]);
  expect(none.code).toBe(4);
  expect(none.out).toMatch(
    /No run is found in .*\nKept in .*stop-paper\.json: every start from here is HALTED/,
  );
  const status = await command(["status", "--dir", dir]);
  expect(status.code).toBe(4);
  expect(status.out).toMatch(/^paper: killed by .*: no run$/m);
  expect((await command(["resume", "--dir", dir])).err).toMatch(/resume needs a reason/);
  const resumed = await command(["resume", "--dir", dir, "--reason", "a test"]);
  expect(resumed.code).toBe(4);
  expect(resumed.out).toMatch(/the next start takes it up/);
  const nameless = await command(["halt", "", "--dir", dir, "--mode", "paper"]);
  expect(nameless).toMatchObject({ code: 2, err: expect.stringMatching(/"" is no market's id/) as string });
  for (const args of [["stop-entry"], ["halt", "0xabc"]])
    expect((await command([...args, "--dir", dir, "--mode", "paper"])).code).toBe(4);
  expect((await command(["status", "--dir", dir])).out).toMatch(/entries stopped by[\s\S]*0xabc halted by/);
});
