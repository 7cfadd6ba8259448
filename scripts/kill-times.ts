// How long it takes until no order is open, seen from the venue: a bot that quotes on a local venue is killed again and again.
//   npm run kill-times                       40 times, by `matchpoint kill`
//   npm run kill-times -- 300                300 times
//   npm run kill-times -- 300 frozen         the bot is frozen (SIGSTOP), and polymarket-cancel-all does it
//   npm run kill-times -- 300 dead           the bot is gone (SIGKILL), and the unit's ExecStopPost does it
// What is measured begins with the word (the start of the other program included) and ends when the venue's own list is empty, looked at
// every millisecond. Ends with 1 when an order was left, or when it was not proven that none was.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "@matchpoint/cli";
import { startVenue } from "@matchpoint/paper-venue";
import { Bot, configuration, KEY, WALLET } from "./kills/mortal.ts";

const ROOT = join(import.meta.dirname, "..");
const CANCELLER = join(ROOT, "packages/adapters-polymarket/src/cancelAll/bin.ts");
/** The canceller's own arguments, as the unit has them. */
const UNIT = readFileSync(join(ROOT, "deploy/systemd/matchpoint.service"), "utf8");
const EXEC_STOP_POST = /^ExecStopPost=\S*polymarket-cancel-all (.*)$/m.exec(UNIT)![1]!.split(" ");
const PATIENCE_MS = 60_000;
const HOW = ["command", "frozen", "dead"] as const;
type How = (typeof HOW)[number];

const kills = Number(process.argv[2] ?? 40);
const how = (process.argv[3] ?? "command") as How;
if (!Number.isSafeInteger(kills) || kills < 1 || !HOW.includes(how)) {
  console.error(`kill-times [KILLS] [${HOW.join("|")}]`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), "matchpoint-kill-times-"));
const config = join(folder, "bot.yaml");
const funds = { [WALLET]: 1_000_000_000_000 as never };
const venue = await startVenue({
  seed: 1,
  funds,
  liquidity: "agents",
  settlement: { mined_ms: 300, confirmed_ms: 900 },
});
writeFileSync(config, configuration(venue, venue.clob, folder));
const open = (): number => venue.venue.exchange.view(WALLET.toLowerCase()).openOrders().length;

const zero: number[] = [];
const proof: number[] = [];
let wrong = 0;
/** Told to end: what was measured by then is printed. */
const over = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    over.abort();
  });
let bot = await started();
try {
  for (let kill = 0; kill < kills; kill += 1) {
    await reach(() => open() > 0);
    const orders = open();
    if (how === "frozen") bot.child.kill("SIGSTOP");
    if (how === "dead") {
      bot.child.kill("SIGKILL");
      await bot.ended;
    }
    const began = performance.now();
    const none = reach(() => open() === 0).then(() => performance.now() - began);
    const proven = how === "command" ? await word(["kill", "--reason", `kill ${kill}`]) : await canceled();
    proof.push(performance.now() - began);
    zero.push(await none);
    const left = open();
    if (!proven || left > 0) {
      wrong += 1;
      console.error(`kill ${kill}: of ${orders} open orders ${left} are left, ${proven ? "" : "not "}proven`);
    }
    if (over.signal.aborted || kill + 1 === kills) break;
    if (how === "command") {
      if (!(await word(["resume", "--reason", "measuring"]))) throw new TypeError("it cannot be resumed");
    } else {
      bot.child.kill("SIGKILL");
      await bot.ended;
      bot = await started();
    }
  }
} catch (error) {
  // Whoever interrupts it from a terminal interrupts the bot too.
  if (!over.signal.aborted) throw error;
}
bot.child.kill("SIGKILL");
await bot.ended;
await venue.close();
rmSync(folder, { recursive: true, force: true });
console.log(
  `${zero.length} kills (${how}): no order open at the venue after ${percentiles(zero)}; proven after ${percentiles(proof)}; ${wrong} wrong`,
);
process.exitCode = wrong === 0 ? 0 : 1;

async function started(): Promise<Bot> {
  const made = new Bot(["run", "--live", "--config", config], folder);
  await made.until(/LIVE with/);
  return made;
}

/** A person's word to the run, given in this process. */
async function word(args: readonly string[]): Promise<boolean> {
  const said: string[] = [];
  const io = {
    out: (line: string) => void said.push(line),
    err: (line: string) => void said.push(line),
    redraw: () => undefined,
    interactive: false,
    columns: 120,
    closed: new AbortController().signal,
  };
  const code = await runCli([...args, "--dir", folder, "--mode", "live"], { io });
  if (code !== 0) console.error(said.join("\n"));
  return code === 0;
}

/** The program that shares no code with the bot: 0 only when the venue has shown twice that nothing is open. */
function canceled(): Promise<boolean> {
  const args = ["--no-warnings", CANCELLER, ...EXEC_STOP_POST, "--url", venue.clob];
  const child = spawn(process.execPath, args, {
    stdio: "ignore",
    env: { ...process.env, MATCHPOINT_PRIVATE_KEY: KEY },
  });
  return new Promise((done) => {
    child.on("close", (code) => {
      done(code === 0);
    });
  });
}

/** @throws TypeError when it does not come to pass within a minute */
async function reach(state: () => boolean): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  while (!state()) {
    if (performance.now() > until) throw new TypeError(`${open()} orders are open, and nothing changes`);
    await new Promise((done) => setTimeout(done, 1));
  }
}

function percentiles(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (p: number): string => `${Math.round(sorted[Math.ceil(p * sorted.length) - 1]!)}`;
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)} ms`;
}
