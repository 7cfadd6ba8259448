import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runCli } from "@matchpoint/cli";
import { describe, expect, it } from "vitest";
import { bot, command, lastJson, ROOT, startBot, temporaryFile, temporaryFolder } from "./support.ts";

const RECORDING = join(ROOT, "scripts/smoke/recording.jsonl");
const SDK = join(ROOT, "packages/sdk/src/index.ts");
const ZOD = join(ROOT, "node_modules/zod/index.js");

/** A strategy file with the given body; every market is its own. */
const strategy = (body: string): string =>
  temporaryFile(
    "mine.ts",
    `import { Strategy } from ${JSON.stringify(SDK)};
import { z } from ${JSON.stringify(ZOD)};
export class Mine extends Strategy {
  static readonly id = "mine";
  static readonly posture = "directional";
  static readonly params = z.strictObject({ a: z.number().default(1), b: z.string().default("x") });
${body}
}
`,
  );

/** Runs a command on a terminal of the given width, and returns what it drew and printed. */
async function onTerminal(
  args: readonly string[],
  columns: number,
): Promise<{ out: string[]; drawn: string[] }> {
  const out: string[] = [];
  const drawn: string[] = [];
  await runCli(args, {
    io: {
      out: (line) => void out.push(...line.split("\n")),
      err: () => undefined,
      redraw: (block) => {
        if (block !== undefined) drawn.push(block);
      },
      interactive: true,
      columns,
      closed: new AbortController().signal,
    },
  });
  return { out, drawn };
}

const replay = (file: string, ...more: readonly string[]): ReturnType<typeof command> =>
  command(["replay", file, "--no-journal", ...more]);

describe("a journal that is replayed with strategies named", { timeout: 30_000 }, () => {
  const journal = join(temporaryFolder(), "both.journal.jsonl");
  const made = command([
    ...["replay", RECORDING, "--strategy", "pair-arb", "--strategy", "model-maker"],
    ...["--set", "model-maker.reference=microprice", "--journal", journal, "--json"],
  ]);

  const traded = (out: string): Set<string> =>
    new Set(lastJson(out)["whyNot"].map(({ strategyId }: { strategyId: string }) => strategyId));

  it("is traded by these only, with the parameters that they had", async () => {
    const { out: all } = await made;
    expect(traded(all)).toEqual(new Set(["pair-arb", "model-maker"]));
    const one = await replay(journal, "--strategy", "model-maker", "--json");
    expect(traded(one.out)).toEqual(new Set(["model-maker"]));
    expect(lastJson(one.out)["intents"]).toBeGreaterThan(0);
    const people = await replay(journal, "--strategy", "model-maker");
    expect(people.out).toContain("\nStrategies: model-maker (reference=microprice)\n");
    expect(people.out).toContain("Not traded, though it was in the journal: pair-arb");
  });

  it("takes settings for these only", async () => {
    await made;
    const own = ["--strategy", "model-maker", "--set"];
    expect((await replay(journal, ...own, "model-maker.min_edge=0.5", "--json")).err).toMatch(
      /^(?!.*no strategy)/s,
    );
    const other = await replay(journal, ...own, "pair-arb.clip_shares=10");
    expect(other.err).toMatch(/no strategy is called pair-arb.*\n +This run has model-maker/);
    expect(other.code).toBe(2);
  });

  it("is not asked for strategies that it leaves out", async () => {
    const file = strategy('  onBook(ctx) { ctx.skip("no"); }');
    const path = join(temporaryFolder(), "j.jsonl");
    await command(["replay", RECORDING, "--strategy", file, "--strategy", "pair-arb", "--journal", path]);
    expect((await replay(path)).err).toContain("the journal's strategy mine is not known here");
    expect(traded((await replay(path, "--strategy", "pair-arb", "--json")).out)).toEqual(
      new Set(["pair-arb"]),
    );
  });
});

describe("the account of a run", { timeout: 30_000 }, () => {
  it("begins with what is replayed, by whom, and with what that is not the default", async () => {
    const file = strategy('  onBook(ctx) { ctx.skip("no"); }');
    const { out } = await replay(RECORDING, "--strategy", file, "--set", "a=1", "--set", "b=y");
    const [first, second] = out.split("\n");
    expect(first).toMatch(/^PAPER: replay of the recording .*recording\.jsonl \(\d+\.\d kB\)$/);
    expect(second).toBe("Strategies: mine (b=y)");
    expect(out).toMatch(/\n\n.*recording\.jsonl: 493 frames, \d+ events\n\d+ events · /);
  });

  it("lists what was denied first, by code, with the last one in words", async () => {
    const file = strategy(
      '  onBook(ctx) { ctx.buy({ outcome: 0, limit: 4000, size: 1_000_000, reason: "r" }); ctx.skip("tried"); }',
    );
    const { out } = await replay(RECORDING, "--strategy", file);
    const json = lastJson((await replay(RECORDING, "--strategy", file, "--json")).out);
    const [code, times] = Object.entries(json["denials"] as Record<string, number>)[0]!;
    const rows = out.slice(out.indexOf("What was denied"), out.indexOf("Why it did not trade"));
    expect(rows).toMatch(/^What was denied\nTIMES +CODE +STRATEGY +LAST TIME\n/);
    expect(rows.replaceAll(",", "")).toMatch(
      new RegExp(`\\n *${times} +${code} +mine +.*: buy 1 .* at 0\\.40: .+\\n`),
    );
    expect(rows).toContain("What a denial means: ");
    expect(out.slice(out.indexOf("Why it did not trade"))).not.toContain("denied");
    expect(out).not.toMatch(/\$\d+\.\d(?!\d)/);
  });

  it("does not list what the run's own end denied, and says so", async () => {
    const file = strategy(
      '  onStop(ctx) { ctx.buy({ outcome: 0, limit: 4000, size: 100_000_000, reason: "late" }); }',
    );
    const { out } = await replay(RECORDING, "--strategy", file);
    expect(out).toMatch(/\d+ orders? (was|were) denied because the run was ending \(SYSTEM_STOPPING\)/);
    expect(out).not.toContain("What was denied");
  });

  it("names the place of a strategy's fault, counts faults, and says at once what it tells no more", async () => {
    const file = strategy('  onBook() {\n    throw new Error("no luck");\n  }');
    const { out } = await replay(RECORDING, "--strategy", file);
    const lines = out.split("\n");
    const told = lines.filter((line) => /alarm +.*strategy fault: mine: no luck/.test(line));
    expect(told).toHaveLength(3);
    for (const line of told) expect(line).toContain(`(at ${file}:8:11)`);
    const notice = lines.findIndex((line) =>
      line.includes('alarm "strategy fault": told 3 times; from here on these are only counted'),
    );
    expect(notice).toBeGreaterThan(lines.indexOf(told[2]!));
    expect(notice).toBeLessThan(lines.findIndex((line) => line.includes("Game 1: scheduled → live")));
    const [, times] = /\nfaults: ([\d,]+), last: .*mine: no luck \(at .*mine\.ts:8:11\)\n/.exec(out)!;
    expect(out).toContain(`${Number(times!.replace(",", "")) - 3} × alarm "strategy fault"`);
    expect(out).toContain("Why it did not trade: strategies failed before they could say");
  });

  it("tells every fill", async () => {
    const path = join(ROOT, "scripts/smoke/custom-strategy.ts");
    const { out } = await replay(RECORDING, "--strategy", path);
    const [, fills] = / · (\d+) fills? · /.exec(out)!;
    expect(Number(fills)).toBeGreaterThan(0);
    expect(out.split("\n").filter((line) => /^\d\d:\d\d:\d\d {2}fill /.test(line))).toHaveLength(
      Number(fills),
    );
  });

  const LONG = `because ${"of this and of that ".repeat(12)}and so on to the end`;

  it("cuts nothing where there is no terminal, and wraps where there is one", async () => {
    const file = strategy(`  onBook(ctx) { ctx.skip(${JSON.stringify(LONG)}); }`);
    const piped = await bot(["replay", RECORDING, "--strategy", file, "--no-journal"]);
    expect(piped.out).toContain(LONG);
    const { out } = await onTerminal(["replay", RECORDING, "--strategy", file, "--no-journal"], 80);
    const why = out.slice(out.indexOf("Why it did not trade"));
    const end = why.indexOf("");
    expect(Math.max(...why.slice(0, end).map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(why.slice(0, end).join(" ").replace(/ +/g, " ")).toContain(LONG);
  });

  it("fits a terminal while it runs, labels its clock, and says what the columns are", async () => {
    const args = ["demo", "--speed", "max", "--best-of", "1", "--seed", "3", "--no-journal"];
    const { out, drawn } = await onTerminal(args, 80);
    const last = drawn.at(-1)!.split("\n");
    expect(last[0]).toMatch(/100% {2}match \d+:\d\d {2}[\d,]+ events\/s/);
    expect(Math.max(...last.map((line) => line.length))).toBeLessThanOrEqual(80);
    const account = out.slice(out.findIndex((line) => line.startsWith("MARKET")));
    expect(account.slice(0, account.indexOf("")).join(" ")).toMatch(
      /VOLUME: .* · FEES: .* · REALIZED: .* paid out$/,
    );
    expect(out.at(-1)).not.toMatch(/^Next/);
  });

  it("uses the words of people, and JSON those of the states", async () => {
    const hold = strategy(
      '  onBook(ctx) { if (ctx.position(0).matched === 0 && ctx.orders().length === 0) ctx.buy({ outcome: 0, limit: ctx.quote(0).ask, size: ctx.market.minSize, reason: "r" }); else ctx.skip("held"); }',
    );
    const cut = readFileSync(RECORDING, "utf8").split("\n").slice(0, 300).join("\n");
    const half = temporaryFile("half.jsonl", cut);
    const run = ["--strategy", hold, "--allow-truncated"];
    const states = lastJson((await replay(half, ...run, "--json")).out)["states"] as object;
    expect(Object.values(states)).toContain("TEMPORAL_ACTIVE");
    const { out } = await replay(half, ...run);
    expect(out).toMatch(/\n\S.* ACTIVE +\d/);
    expect(out).not.toContain("TEMPORAL_ACTIVE");
    expect(out).toMatch(/OPEN: .*P&L: REALIZED \+ OPEN/);
  });

  it("adds several replays up", async () => {
    const path = join(ROOT, "scripts/smoke/custom-strategy.ts");
    const one = lastJson((await replay(RECORDING, "--strategy", path, "--json")).out);
    const { out } = await command(["replay", RECORDING, RECORDING, "--strategy", path, "--no-journal"]);
    const total = out.split("\n").at(-1)!;
    expect(total).toMatch(/^Total of 2 files: .* · fees \$[\d.]+ · P&L [+-]?\$[\d.]+$/);
    expect(total).toContain(`: ${2 * one["orders"]} orders · ${2 * one["fills"]} fills`);
    expect(Number(total.split("$").at(-1))).toBeCloseTo(Math.abs(2 * one["pnlUsdc"]), 6);
  });

  it("names a replay's journal after the run, not after the file's endings", async () => {
    const cwd = temporaryFolder();
    const copy = temporaryFile("replay-cup-20260101T101010-77.journal.jsonl", readFileSync(RECORDING));
    await bot(["replay", copy, "--strategy", "pair-arb"], { cwd });
    expect(readdirSync(join(cwd, "runs"))).toEqual([
      expect.stringMatching(/^replay-cup-\d{8}T\d{6}-\d+\.journal\.jsonl$/),
    ]);
  });
});

describe("a demo", { timeout: 60_000 }, () => {
  it("ends with the command that checks its journal, which works as it stands", async () => {
    const cwd = temporaryFolder();
    const mine = strategy('  onBook(ctx) { ctx.skip("no"); }');
    const { out } = await bot(
      ["demo", "--speed", "max", "--best-of", "1", "--seed", "3", "--strategy", mine],
      {
        cwd,
      },
    );
    const [, journal, size] = /\nJournal: (\S+) \((\d+\.\d MB)\)\n/.exec(out)!;
    expect(size).toBeDefined();
    const next = out.trimEnd().split("\n").at(-1)!;
    expect(next).toMatch(/^Next: node .*bot\.ts verify /);
    const words = next.split(" ");
    const args = words.slice(words.indexOf("verify"));
    expect(args).toEqual(["verify", journal, "--strategy", mine]);
    expect(await bot(args, { cwd })).toMatchObject({ code: 0, err: "" });
  });

  it("that is interrupted says how far it was", async () => {
    const running = startBot(["demo", "--seed", "3", "--speed", "200", "--no-journal"]);
    await running.until(/truth +Series: scheduled → live/);
    running.child.kill("SIGINT");
    const { out } = await running.ended;
    expect(out).toMatch(/\nINTERRUPTED at [1-9]\d? % of the match: the P&L is of an unfinished match\n/);
  });
});

describe("a live run", { timeout: 60_000 }, () => {
  const config = temporaryFile(
    "bot.yaml",
    `
strategies: [{ use: pair-arb }]
risk: { kill_cooldown_ms: 0 }
markets:
  - { id: m, title: M, outcomes: [{ token: "1", name: A }, { token: "2", name: B }] }
  - { id: n, title: N, outcomes: [{ token: "3", name: A }, { token: "4", name: B }] }
feeds:
  polymarket: { socket_url: "ws://127.0.0.1:9/", rest_url: "http://127.0.0.1:9" }
`,
  );

  it("tells once why its feed does not work, and again where it says why it did not trade", async () => {
    const args = ["run", "--config", config, "--for", "3", "--no-journal"];
    const { out } = await startBot(args, { stdin: "ignore" }).ended;
    const feed = out.split("\n").filter((line) => /^\d\d:\d\d:\d\d {2}feed /.test(line));
    expect(feed).toEqual([expect.stringMatching(/feed {4}books: disconnected \(.*127\.0\.0\.1:9.*\)$/)]);
    expect(out).toMatch(/M: IDLE → HALT \(connectivity: the market's data connection is down\)/);
    expect(out).toMatch(
      /\nWhy it did not trade: feeds are not sound\n {2}books: disconnected \(.*127\.0\.0\.1/,
    );
  });

  it("answers each command of an operator, and its account says that it was killed", async () => {
    const running = startBot(["run", "--config", config, "--no-journal"]);
    const order = async (line: string, answer: RegExp): Promise<void> => {
      running.child.stdin!.write(`${line}\n`);
      await running.until(answer);
    };
    await running.until(/→ HALT/);
    await order("halt", /system {2}halted: every market, no order was open; `resume` to go on\n/);
    await order("resume", /system {2}resumed; still halted, until the cause is gone: M \(connectivity\), N/);
    await order("stop entries", /system {2}entries are stopped: .*\n.*the run: READY → STOP_ENTRY/);
    await order("stop entries", /entries are stopped already/);
    await order("kill", /system {2}killed: every market is halted, .*\n.*the run: STOP_ENTRY → HALTED/);
    await order("kill", /killed already/);
    await order("resume", /resumed; entries stay stopped.*\n(.*\n)?.*RECOVERING → STOP_ENTRY/);
    await order("resume", /the run: STOP_ENTRY → READY/);
    expect(running.written()).not.toContain("KILLED");
    await order("kill", /the run: READY → HALTED/);
    running.child.kill("SIGINT");
    const { out } = await running.ended;
    expect(out).toMatch(/\nKILLED by an operator at \d\d:\d\d:\d\d UTC, and not resumed\n/);
    expect(out).not.toMatch(/ENTRIES STOPPED|→ DRAINING/);
  });

  it("notes a fact, also one that changes nothing", async () => {
    const text = `${readFileSync(config, "utf8")}  operator: {}\nmatches: [{ id: cup, title: lol, teams: [T1, Gen.G] }]\n`;
    const running = startBot(["run", "--config", temporaryFile("facts.yaml", text), "--no-journal"]);
    await running.until(/Type halt/);
    running.child.stdin!.write("cup series started\ncup series started\ncup serious started\n");
    await running.until(/truth +cup: scheduled → live/);
    running.child.kill("SIGINT");
    const { err } = await running.ended;
    expect(err.match(/^noted: cup series started$/gm)).toHaveLength(2);
    expect(err).not.toContain("noted: cup serious");
  });

  it("with --json answers an operator on standard error", async () => {
    const running = startBot(["run", "--config", config, "--no-journal", "--json", "--for", "3"]);
    running.child.stdin!.write("kill\n");
    const { out, err } = await running.ended;
    expect(err).toMatch(/system {2}killed: every market is halted/);
    expect(out.trimEnd().split("\n")).toHaveLength(1);
    expect(lastJson(out)).toMatchObject({ states: { m: "HALT", n: "HALT" } });
  });
});

describe("the command line", () => {
  it("says its version", async () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, "packages/cli/package.json"), "utf8")) as {
      version: string;
    };
    expect(await command(["--version"])).toMatchObject({ code: 0, out: manifest.version });
  });

  it.each([
    [["demo", "--speed", "fast"], /It must be a number above 0, or max/],
    [["demo", "--seed", "9007199254740992"], /It must be at most 9007199254740991/],
    [["demo", "--seed", "-1"], /It must be a whole number/],
  ])("answers %j with what may be said", async (args, message) => {
    const { code, err } = await command(args);
    expect(err).toMatch(message);
    expect(code).toBe(2);
  });

  it.each([
    [
      ["demo", "--best-of", "2"],
      { code: "USAGE", hint: "A series is a best of 1, 3 or 5.", message: "a best of 2" },
    ],
    [["demo", "--sede", "3"], { code: "USAGE" }],
    [
      ["replay", "/nowhere/x.jsonl"],
      { code: "FILE_NOT_FOUND", message: "no such file or folder: /nowhere/x.jsonl" },
    ],
  ])("with --json ends %j with the error as JSON", async (args, error) => {
    const plain = await command(args);
    const { out, err, code } = await command([...args, "--json"]);
    expect(code).toBe(plain.code);
    expect(err).toBe(plain.err);
    expect(plain.out).toBe("");
    expect(lastJson(out)).toMatchObject({ error });
  });

  it("with --json names the place of an error apart from its message", async () => {
    const empty = temporaryFile("odd.jsonl", "odd");
    const { out } = await replay(empty, "--json");
    const { error } = lastJson(out);
    expect(error).toMatchObject({ code: "RECORDING_INVALID", where: empty });
    expect(error.message).toBe("is neither a recording nor a journal");
    expect(error.hint).toContain("import");
  });
});
