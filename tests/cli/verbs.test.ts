// Every verb through its own process: what it ends with, and what it says to whom it goes wrong for.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeCli } from "../../packages/cli/src/program.ts";
import { folderOf, lolLines } from "../models/synthetic.ts";
import {
  bot,
  command,
  ROOT,
  SMALL_BOT,
  startBot,
  temporaryFolder,
  type Ended,
  type Running,
} from "./support.ts";
import { VERBS, type Case } from "./verbTable.ts";

/** As a shell has them. */
const words = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");

/** As many processes at once as the machine carries. */
class Gate {
  #free = 3;
  readonly #waiting: (() => void)[] = [];

  async through<T>(work: () => Promise<T>): Promise<T> {
    while (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#free -= 1;
    try {
      return await work();
    } finally {
      this.#free += 1;
      this.#waiting.shift()?.();
    }
  }
}

const CONFIG = `
paper: { realism: off }${SMALL_BOT}`;

/** A bot that believes to have a dollar more than was paid in. */
const LIAR = `
import { ModelMaker } from "${join(ROOT, "packages/sdk/src/index.ts")}";
import { Ledger } from "${join(ROOT, "packages/sdk/src/portfolio/ledger.ts")}";
const { deposit } = Ledger.prototype;
Ledger.prototype.deposit = function (amount, at) { deposit.call(this, amount + 1_000_000, at); };
export class Liar extends ModelMaker { static id = "liar"; }
`;

const MAPPING = `
kind: market-ws-jsonl
files: { frames: ws.jsonl }
lines: { only: { source: clob } }
source: typed into a test
asserted_by: a test
matches:
  - { id: x, title: other, teams: [Reds, Blues], best_of: 1 }
markets:
  - id: m
    title: Reds vs Blues
    outcomes: [Reds, Blues]
    tokens: ["11", "22"]
    tick: 0.01
    fee_rate: 0.03
    taker_delay_ms: 0
    subject: { match: x, teams: [Reds, Blues] }
`;

/** One market, and none of its games. */
const QUOTES = {
  "moneyline_markets.csv": "i,slug,question,y,source,raw_rows\n1,aec-cs2-a-b-2026-07-23,A?,1,api,9\n",
  "moneyline.csv.gz": gzipSync("i,t,bid,ask\n1,0,0.6,0.61\n1,60,0.7,0.71\n"),
  "derivatives_markets.csv": "i,slug,question,y,source,raw_rows\n",
  "derivatives.csv.gz": gzipSync("i,t,bid,ask\n"),
};

const cwd = temporaryFolder();
const gate = new Gate();

async function holds([line, code, says]: Case): Promise<void> {
  const ended: Ended = await gate.through(() => bot(words(line), { cwd }));
  // What went wrong is told on standard error, and with --json what scripts read on standard output.
  const told = code === 0 || line.includes("--json") ? ended.out : ended.err + ended.out;
  expect(told, line).toMatch(says);
  expect(ended.code, line).toBe(code);
  expect(ended.err, line).not.toMatch(/\n +at |not an error that was foreseen/);
}

beforeAll(async () => {
  const at = (name: string): string => join(cwd, name);
  for (const name of ["runs", "quotes", "idle", "idle2", "idle3", "idle4", "idle5"]) mkdirSync(at(name));
  // Nothing can be written where a folder is.
  for (const name of ["kept", "kept/stop-live.json", "kept/stop-paper.json"]) mkdirSync(at(name));
  copyFileSync(join(ROOT, "scripts/smoke/recording.jsonl"), at("rec.jsonl"));
  const lines = readFileSync(at("rec.jsonl"), "utf8").split("\n");
  writeFileSync(at("cut.jsonl"), lines.slice(0, 60).join("\n"));
  const journal = at("runs/one.journal.jsonl");
  const made = await command(["replay", at("rec.jsonl"), "--strategy", "pair-arb", "--journal", journal]);
  expect(made.code).toBe(0);
  const changed = readFileSync(journal, "utf8").split("\n");
  changed[39] = changed[39]!.replace(/\d(?=[^\d]*$)/, (digit) => String((Number(digit) + 1) % 10));
  writeFileSync(at("changed.jsonl"), changed.join("\n"));
  writeFileSync(at("bot.yaml"), CONFIG);
  writeFileSync(at("broken.yaml"), "mode: papr\nrisk: { max_order_usd: 5 }\n");
  writeFileSync(at("live.yaml"), `mode: live\ntime: { enabled: false }\n${CONFIG}`);
  writeFileSync(at("liar.ts"), LIAR);
  writeFileSync(
    at("ws.jsonl"),
    `${JSON.stringify({ source: "clob", recv_wall_ts: 1_780_000_000_000, payload: "PONG" })}\n`,
  );
  writeFileSync(at("map.yaml"), MAPPING);
  copyFileSync(join(folderOf(lolLines(20)), "games.jsonl"), join(cwd, "games.jsonl"));
  for (const [name, text] of Object.entries(QUOTES)) writeFileSync(at(`quotes/${name}`), text);
  mkdirSync(at("games"));
  copyFileSync(at("games.jsonl"), at("games/games.jsonl"));
});

describe("the table of verbs", () => {
  const named = describeCli().commands.flatMap((verb) =>
    verb.commands.length === 0 ? [verb.name()] : verb.commands.map((each) => `${verb.name()} ${each.name()}`),
  );

  it("has every verb of the program, and no other", () => {
    const verbs = named.filter((name) => !/(^| )help$/.test(name));
    expect(Object.keys(VERBS).sort()).toEqual(verbs.sort());
  });

  it.each(Object.entries(VERBS))("has a process for all that %s may end with", (_name, verb) => {
    const { alone = [], beside = [], frozen = [], elsewhere = {} } = verb;
    const proven = [
      ...[...alone, ...beside, ...frozen].map(([, code]) => code),
      ...Object.keys(elsewhere).map(Number),
    ];
    expect([...new Set(proven)].sort((a, b) => a - b)).toEqual(verb.ends);
    for (const [file, line] of Object.values(elsewhere))
      expect(readFileSync(join(import.meta.dirname, file), "utf8"), file).toMatch(line);
  });
});

const casesOf = (which: "alone" | "beside" | "frozen"): readonly Case[] =>
  Object.values(VERBS).flatMap((verb) => verb[which] ?? []);

describe.concurrent("where no run is under way", { timeout: 120_000 }, () => {
  it.each(casesOf("alone"))("%s: %i", async (...each) => {
    await holds(each);
  });
});

describe("beside a run", { timeout: 120_000 }, () => {
  let run: Running;
  beforeAll(async () => {
    run = startBot(["run", "--config", "bot.yaml", "--journal", "runs/run.jsonl"], { cwd });
    await run.until(/PAPER: 1 market/);
  });
  afterAll(() => run.child.kill("SIGKILL"));

  const IN_ORDER = ["status", "watch", "truth", "halt", "resume", "stop-entry"];
  const goOn = casesOf("beside").filter(([line]) => !line.startsWith("kill"));

  it("that goes on", async () => {
    const ofVerb = (verb: string): readonly Case[] => goOn.filter(([line]) => words(line)[0] === verb);
    expect(IN_ORDER.flatMap(ofVerb)).toHaveLength(goOn.length);
    for (const each of IN_ORDER.flatMap(ofVerb)) await holds(each);
  });

  it("whose process stands still", async () => {
    run.child.kill("SIGSTOP");
    await Promise.all(casesOf("frozen").map(holds));
    run.child.kill("SIGCONT");
  });

  it("that is killed", async () => {
    await holds(casesOf("beside").find(([line]) => line.startsWith("kill"))!);
  });
});
