import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startVenue, type RunningVenue } from "@matchpoint/paper-venue";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { KEY, liveConfig, WALLET } from "../cli/liveSupport.ts";
import { command, ROOT, startBot, temporaryFolder } from "../cli/support.ts";
import { Looping } from "./looping.ts";

let venue: RunningVenue;
beforeAll(async () => {
  venue = await startVenue({ seed: 3, funds: { [WALLET]: 500_000_000 as never }, liquidity: "agents" });
});
afterAll(() => venue.close());

it.concurrent(
  "ends a run whose strategy does not come back from a hook, with its order cancelled, and its supervisor starts it again without it",
  async () => {
    const cwd = temporaryFolder();
    const strategies = `{ use: "${join(import.meta.dirname, "looping.ts")}" }`;
    const execution = `journal: { dir: "${cwd}" }\ncontrol: { stall_ms: 1000 }`;
    const config = liveConfig(venue, cwd, "bot.yaml", { strategies, execution });
    const live = ["run", "--live", "--config", config];
    vi.stubEnv("MATCHPOINT_PRIVATE_KEY", KEY);
    const run = startBot([...live, "--supervise"], { cwd });
    await run.until(/LIVE with[^]*LIVE with/, 60_000);
    run.child.kill("SIGINT");
    const ended = await run.ended;
    expect(ended.err).toMatch(/WATCHDOG: the loop has not turned for \d+ ms; strategy looping was in onBook/);
    expect(ended.err).toMatch(/at neverEnds \(file:.*looping\.ts:\d+\)/);
    expect(ended.err).toMatch(/1 cancelled, no order is open/);
    expect(ended.err).toMatch(/^supervisor: the run ended with exit code 70; it is started again in 1 s\.$/m);
    expect(ended.err).toMatch(/^stopped: live: strategy looping disabled by the watchdog/m);
    // The second life ends well, when the supervisor is told to end.
    expect(ended.code).toBe(0);
    expect(venue.venue.exchange.view(WALLET.toLowerCase()).openOrders()).toEqual([]);
    const journals = readdirSync(cwd).filter((name) => name.endsWith(".journal.jsonl"));
    const told = journals.map((name) => readFileSync(join(cwd, name), "utf8")).join("");
    expect(journals).toHaveLength(2);
    expect(told.match(/"kind":"order_prepared"/g)).toHaveLength(1);
    const record = readdirSync(cwd).find((name) => name.endsWith(".stall.json"));
    expect(JSON.parse(readFileSync(join(cwd, record!), "utf8"))).toMatchObject({
      strategy: Looping.id,
      hook: "onBook",
      disabled: true,
      cancel: { proven: true, canceled: 1 },
    });
    const enabled = await command([
      "resume",
      "--dir",
      cwd,
      "--strategy",
      "looping",
      "--reason",
      "loop fixed",
    ]);
    expect(enabled.out).toMatch(/No run is found/);
    expect((await command(["status", "--dir", cwd])).out).not.toMatch(/disabled/);
  },
);

it.concurrent("starts a run again when it dies, and gives one up that dies too often", async () => {
  const cwd = temporaryFolder();
  const file = join(cwd, "program.ts");
  const supervise = join(ROOT, "packages/cli/src/watchdog/supervise.ts");
  writeFileSync(
    file,
    `import { existsSync, writeFileSync } from "node:fs";
import { supervise } from "${supervise}";
const [how, name] = process.argv.slice(-2);
if (process.argv[2] === "watch") {
  const io = { err: (line) => process.stderr.write(line + "\\n") };
  process.exitCode = await supervise([how, name], io, { firstDelayMs: 1 });
} else if (how === "once" && !existsSync(name)) {
  writeFileSync(name, "");
  process.exit(70);
} else if (how === "always") process.kill(process.pid, "SIGKILL");
`,
  );
  const watched = (how: string): Promise<{ readonly code: number | null; readonly err: string }> =>
    new Promise((done) => {
      const child = spawn(process.execPath, ["--no-warnings", file, "watch", how, join(cwd, how)]);
      let err = "";
      child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
      child.on("close", (code) => done({ code, err }));
    });
  const [once, always] = await Promise.all(["once", "always"].map(watched));
  expect(once).toMatchObject({
    code: 0,
    err: expect.stringMatching(/^supervisor: the run ended with exit code 70; .*\n$/),
  });
  expect(always?.code).toBe(1);
  expect(always?.err.match(/by SIGKILL; it is started again/g)).toHaveLength(4);
  expect(always?.err).toMatch(/5 times in ten minutes: it is not started again/);
});
