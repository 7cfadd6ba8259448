// Plays the demonstration over many seeds, and tells how each default strategy fared: a simulation in which nothing loses
// proves nothing. `npm run seeds -- --seeds 200`; every run is the command itself, in a process of its own.
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const ROOT = resolve(import.meta.dirname, "..");
const BOT = join(ROOT, "examples/reference-bot/src/bot.ts");

interface Result {
  readonly pnlUsdc: number;
  readonly fills: number;
  readonly merges: number;
  readonly alarms: number;
  readonly states: Readonly<Record<string, string>>;
  readonly cashUsdc: number;
  readonly depositsUsdc: number;
  readonly markets: readonly { readonly pnlUsdc: number }[];
  readonly strategies: readonly {
    readonly strategy: string;
    readonly fills: number;
    readonly realizedUsdc: number;
  }[];
}

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "200" },
    from: { type: "string", default: "1" },
    title: { type: "string", default: "lol" },
    jobs: { type: "string", default: String(availableParallelism()) },
  },
});
const first = whole("from");
const seeds = Array.from({ length: whole("seeds") }, (_, i) => first + i);

function whole(name: "seeds" | "from" | "jobs"): number {
  const value = Number(values[name]);
  if (Number.isSafeInteger(value) && value > 0) return value;
  console.error(`--${name} takes a whole number above 0, not ${values[name]}`);
  process.exit(2);
}

async function play(seed: number): Promise<Result> {
  const args = ["demo", "--speed", "max", "--seed", String(seed), "--title", values.title];
  const child = spawn(
    process.execPath,
    ["--conditions=@matchpoint/source", "--no-warnings", BOT, ...args, "--json", "--no-journal"],
    { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] },
  );
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const code = await new Promise((ended) => child.once("close", ended));
  if (code !== 0) throw new TypeError(`seed ${seed} ended with ${String(code)}: ${err.slice(-500)}`);
  return JSON.parse(out.trimEnd().split("\n").at(-1)!) as Result;
}

const micros = (dollars: number): number => Math.round(dollars * 1_000_000);
const results: Result[] = [];
const waiting = [...seeds];
async function worker(): Promise<void> {
  for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
    const result = await play(seed);
    const sum = result.markets.reduce((total, { pnlUsdc }) => total + micros(pnlUsdc), 0);
    const unsettled = Object.values(result.states).filter((state) => state !== "RESOLVED");
    if (sum !== micros(result.pnlUsdc) || micros(result.cashUsdc - result.depositsUsdc) !== sum)
      throw new TypeError(`seed ${seed}: the markets do not add up to the ledger`);
    if (unsettled.length > 0) throw new TypeError(`seed ${seed}: a market ended as ${unsettled.join(", ")}`);
    results.push(result);
    if (process.stderr.isTTY) process.stderr.write(`\r${results.length} of ${seeds.length}`);
  }
}

function row(name: string, pnl: readonly number[], fills: number): void {
  const sorted = [...pnl].sort((a, b) => a - b);
  const dollars = (value: number | undefined): string => (value ?? 0).toFixed(2).padStart(9);
  const total = sorted.reduce((sum, each) => sum + each, 0);
  console.log(
    `${name.padEnd(14)}${String(sorted.length).padStart(6)}${String(sorted.filter((each) => each < 0).length).padStart(8)}` +
      `${String(fills).padStart(8)}${dollars(total)}${dollars(sorted[0])}${dollars(sorted[sorted.length >> 1])}${dollars(sorted.at(-1))}`,
  );
}

await Promise.all(Array.from({ length: whole("jobs") }, worker));
if (process.stderr.isTTY) process.stderr.write("\r");
console.log(
  `${seeds.length} matches of ${values.title}, seeds ${seeds[0]} to ${seeds.at(-1)}; every market settled, every account adds up.\n`,
);
console.log(`${"".padEnd(14)}  runs  losing   fills    total    worst   median     best`);
const names = [
  ...new Set(results.flatMap(({ strategies }) => strategies.map((each) => each.strategy))),
].sort();
for (const name of names) {
  const own = results.flatMap(({ strategies }) => strategies.filter((each) => each.strategy === name));
  const acted = own.filter(({ fills }) => fills > 0);
  row(
    name,
    acted.map(({ realizedUsdc }) => realizedUsdc),
    acted.reduce((sum, { fills }) => sum + fills, 0),
  );
}
row(
  "all",
  results.map(({ pnlUsdc }) => pnlUsdc),
  results.reduce((sum, { fills }) => sum + fills, 0),
);
console.log(
  `\nDollars. "runs" counts those in which the strategy was filled. Merges: ${results.reduce((sum, { merges }) => sum + merges, 0)}, alarms: ${results.reduce((sum, { alarms }) => sum + alarms, 0)}.`,
);
