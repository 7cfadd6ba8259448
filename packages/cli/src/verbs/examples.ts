import type { Command } from "commander";

/** What the help of each verb shows, after the program's name; of the program itself under "". */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  "": [
    "demo --seed 7",
    "replay recording.jsonl --strategy model-maker --set reference=microprice",
    "verify runs/RUN.journal.jsonl",
  ],
  record: [
    "record --config bot.yaml --out tonight.jsonl",
    "record --config bot.yaml --out tonight.jsonl --for 3600",
  ],
  init: ["init", "init cs2.yaml --games cs2"],
  model: [
    "model evaluate lol ./games --json",
    "model fit lol ./games --out ./models",
    "model report --out models.html",
  ],
  demo: [
    "demo",
    "demo --speed max --strategy ./my-strategy.ts --set minEdge=0.06",
    "demo --seed 7 --json | tail -1",
  ],
  run: [
    "run --config bot.yaml",
    "run --config bot.yaml --for 3600 --json",
    "run --supervise --config bot.yaml",
  ],
  kill: ["kill", 'kill --config bot.yaml --reason "the market moved without news" --json'],
  "stop-entry": ['stop-entry --reason "the internet is shaky"'],
  halt: ['halt 0x8d57 --reason "a roster change"', "halt --mode paper"],
  status: ["status", "status --config bot.yaml --json"],
  resume: ['resume --mode live --reason "limits lowered"', 'resume --strategy mine --reason "loop fixed"'],
  truth: ['truth state lol-t1-gen game 1 won by "T1"', "truth state lol-t1-gen series score 1-0 --json"],
  replay: [
    "replay recording.jsonl --strategy pair-arb",
    "replay runs/RUN.journal.jsonl",
    "replay recording.jsonl --config bot.yaml --speed 10 --stay",
  ],
  backtest: [
    "backtest monday.jsonl tuesday.jsonl --config careful.yaml --config bold.yaml",
    "backtest recording.jsonl --strategy pair-arb --json",
  ],
  sweep: [
    "sweep monday.jsonl tuesday.jsonl --strategy pair-arb --set safety_margin=0.01,0.02,0.04",
    "sweep recording.jsonl --config bot.yaml --set model-maker.size_shares=10,20,40 --json",
  ],
  "paper-check": ["paper-check runs/LIVE.journal.jsonl --latencies latencies.yaml"],
  import: ["import market-ws-jsonl frames.jsonl.gz --mapping mapping.yaml --out recording.jsonl"],
  wallet: [
    "wallet status --config bot.yaml",
    "wallet approve --config bot.yaml --dry-run",
    "wallet wrap --config bot.yaml --amount 100",
    "wallet redeem --config bot.yaml --json",
    "wallet smoke --config bot.yaml --usd 5",
  ],
  report: [
    "report runs/RUN.journal.jsonl",
    "report RUN-1 RUN-2 RUN-3 --out week.html",
    "report RUN --json | tail -1",
  ],
  verify: ["verify runs/RUN.journal.jsonl", "verify runs/RUN.journal.jsonl --strategy ./mine.ts --json"],
  query: ['query runs/RUN.journal.jsonl "SELECT * FROM fills_usd"', "query runs/RUN.journal.jsonl"],
  why: ['why "game 1"', 'why "game 1" runs/RUN.journal.jsonl --json'],
  watch: ["watch", "watch --once", "watch runs/RUN.journal.jsonl --json"],
  dashboard: ["dashboard", "dashboard runs/RUN.journal.jsonl"],
  markets: ["markets --config bot.yaml", "markets --config bot.yaml --json"],
  venue: ["venue", "venue --port 4680 --fund 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266=500 --json"],
  adopt: ["adopt --config bot.yaml --dry-run", "adopt --config bot.yaml"],
  torture: [
    "torture --strategy ./my-strategy.ts --seeds 1000",
    "torture --minutes 60 --json | tail -1",
    "torture --seed-of-failure 74",
  ],
  doctor: [
    "doctor --config bot.yaml",
    "doctor --config bot.yaml --only clock-ntp,gas",
    "doctor --json | tail -1",
  ],
  config: ["config check bot.yaml --json", "config show bot.yaml", "config schema > bot.schema.json"],
};

/** Adds each verb's examples to its help. */
export function addExamples(program: Command): void {
  for (const [name, lines] of Object.entries(EXAMPLES)) {
    const command = name === "" ? program : program.commands.find((each) => each.name() === name);
    const text = lines.map((line) => `  $ ${program.name()} ${line}`);
    command?.addHelpText("after", `\nExamples:\n${text.join("\n")}`);
  }
}
