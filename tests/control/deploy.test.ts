import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startVenue, type RunningVenue } from "@matchpoint/paper-venue";
import { afterAll, beforeAll, expect, it } from "vitest";
import { KEY, liveConfig, WALLET } from "../cli/liveSupport.ts";
import { ROOT, startBot, temporaryFolder } from "../cli/support.ts";

const UNIT = readFileSync(join(ROOT, "deploy/systemd/matchpoint.service"), "utf8");
const DOCKERFILE = readFileSync(join(ROOT, "deploy/docker/Dockerfile"), "utf8");
const CANCEL_ALL = join(ROOT, "packages/adapters-polymarket/src/cancelAll/bin.ts");
const INSTALLED = "/opt/matchpoint/node_modules/.bin/";

/** The words of a command of the unit, without the program's own path. */
function wordsOf(key: string): readonly string[] {
  const [, line = ""] = new RegExp(`^${key}=(.*)$`, "m").exec(UNIT) ?? [];
  const [program, ...words] = line.split(" ");
  expect(program?.startsWith(INSTALLED), key).toBe(true);
  return words;
}

let venue: RunningVenue;
beforeAll(async () => {
  venue = await startVenue({ seed: 3, funds: { [WALLET]: 500_000_000 as never }, liquidity: "agents" });
});
afterAll(() => venue.close());

it("is a unit that systemd takes, with what the bot needs of it", (context) => {
  for (const line of [
    "Type=notify",
    "Restart=on-failure",
    "LimitCORE=0",
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
  ])
    expect(UNIT.split("\n")).toContain(line);
  // V8 runs what it has just compiled.
  expect(UNIT).not.toMatch(/^MemoryDenyWriteExecute/m);
  if (spawnSync("systemd-analyze", ["--version"]).error !== undefined)
    context.skip("systemd-analyze is not here");
  const folder = temporaryFolder();
  const bin = join(folder, "bin/");
  mkdirSync(bin);
  for (const program of ["matchpoint", "polymarket-cancel-all"]) {
    writeFileSync(join(bin, program), "#!/bin/sh\n");
    chmodSync(join(bin, program), 0o755);
  }
  const path = join(folder, "matchpoint.service");
  writeFileSync(path, UNIT.replaceAll(INSTALLED, bin));
  const { status, stderr } = spawnSync("systemd-analyze", ["verify", path], { encoding: "utf8" });
  const ours = stderr.split("\n").filter((line) => line.includes("matchpoint.service"));
  expect(ours).toEqual([]);
  expect(status).toBe(0);
});

it("starts by the unit's own words, says that it lives, and after its death the canceller finds and cancels what it left", async () => {
  const cwd = temporaryFolder();
  const secrets = join(cwd, "secrets");
  mkdirSync(secrets);
  writeFileSync(join(secrets, "MATCHPOINT_PRIVATE_KEY"), `${KEY}\n`, { mode: 0o600 });
  const bin = join(cwd, "bin");
  mkdirSync(bin);
  const heard = join(cwd, "notified");
  writeFileSync(join(bin, "systemd-notify"), `#!/bin/sh\necho "$@" >> ${heard}\n`);
  chmodSync(join(bin, "systemd-notify"), 0o755);
  const config = liveConfig(venue, cwd, "bot.yaml", { execution: `journal: { dir: "${cwd}" }` });
  const words = wordsOf("ExecStart").map((word) => (word === "/etc/matchpoint/bot.yaml" ? config : word));
  const { PATH = "" } = process.env;
  const env = {
    PATH: `${bin}:${PATH}`,
    CREDENTIALS_DIRECTORY: secrets,
    NOTIFY_SOCKET: "/run/none",
    WATCHDOG_USEC: "600000",
  };
  const bot = startBot(words, { cwd, env });
  const open = (): number => venue.venue.exchange.view(WALLET.toLowerCase()).openOrders().length;
  await expect.poll(open, { timeout: 30_000, interval: 50 }).toBeGreaterThan(0);
  const told = (): string => (existsSync(heard) ? readFileSync(heard, "utf8") : "");
  expect(told()).toMatch(new RegExp(`^--pid=${bot.child.pid} --ready --status=run-`, "m"));
  await expect.poll(() => told().match(/WATCHDOG=1$/gm)?.length ?? 0, { timeout: 10_000 }).toBeGreaterThan(1);

  // What Docker asks.
  const [, check = "[]"] = /^HEALTHCHECK .* CMD (\[.*\])$/m.exec(DOCKERFILE) ?? [];
  const [, ...node] = JSON.parse(check) as readonly string[];
  const name = readdirSync(cwd).find((file) => file.startsWith("control-"))!;
  const { url } = JSON.parse(readFileSync(join(cwd, name), "utf8")) as { readonly url: string };
  const healthy = (address: string): number | null =>
    spawnSync(
      process.execPath,
      node.map((word) => word.replace("http://127.0.0.1:4681", address)),
    ).status;
  expect(healthy(url)).toBe(0);
  expect(healthy("http://127.0.0.1:9")).toBe(1);

  bot.child.kill("SIGKILL");
  await bot.ended;
  const cancel = ["--no-warnings", CANCEL_ALL, ...wordsOf("ExecStopPost"), "--url", venue.clob];
  const ended = await new Promise<{ readonly code: number | null; readonly out: string }>((done) => {
    const child = spawn(process.execPath, cancel, { env: { PATH, CREDENTIALS_DIRECTORY: secrets } });
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.on("close", (code) => {
      done({ code, out });
    });
  });
  expect(ended.out).toMatch(/no open order is left: two looks 4 s apart found none/);
  expect(ended.code).toBe(0);
  expect(open()).toBe(0);
  rmSync(secrets, { recursive: true });
});
