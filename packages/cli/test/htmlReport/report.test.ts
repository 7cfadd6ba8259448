import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DEFAULT_STRATEGIES, PNL_PARTS } from "@matchpoint/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cell } from "../../src/htmlReport/csv.ts";
import { gather, page, readRun, type Gathered, type ReadRun } from "../../src/htmlReport/index.ts";
import { gapOf } from "../../src/htmlReport/gather.ts";
import { address } from "../../src/htmlReport/page.ts";
import { runCli } from "../../src/index.ts";
import type { Io } from "../../src/io.ts";

const RECORDING = resolve(import.meta.dirname, "../../../../scripts/smoke/recording.jsonl");
const SCRIPT = "<script>alert(1)</script>";
const FORMULA = "=1+1";
const known: Readonly<Record<string, (typeof DEFAULT_STRATEGIES)[keyof typeof DEFAULT_STRATEGIES]>> = {
  ...DEFAULT_STRATEGIES,
};

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a command's own JSON, looked at field by field
type Json = Record<string, any>;

/** Runs a command; what it printed last, as JSON, and its code. */
async function ask(args: readonly string[]): Promise<{ code: number; json: Json; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    redraw: () => undefined,
    columns: 100,
    interactive: false,
    closed: new AbortController().signal,
  };
  const code = await runCli(args, { io });
  return { code, json: JSON.parse(out.at(-1) ?? "{}") as Json, err: err.join("\n") };
}

describe("a report", () => {
  let folder: string;
  let summary: Json;
  let answer: Json;
  let run: ReadRun;
  let html: string;
  const csv = (name: string): string[] =>
    readFileSync(join(folder, `run.report.${name}.csv`), "utf8")
      .trimEnd()
      .split("\r\n");
  const journal = (name = "run"): string => join(folder, `${name}.journal.jsonl`);
  const read = (file: string): Promise<ReadRun> => readRun(file, { find: (use) => known[use] });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "matchpoint-report-"));
    // Two teams whose names are an attack on whoever shows them.
    const recording = join(folder, "recording.jsonl");
    const text = readFileSync(RECORDING, "utf8")
      .replaceAll("Pale Comet", SCRIPT)
      .replaceAll("Northmark", FORMULA);
    writeFileSync(recording, text);
    const maker = ["--strategy", "model-maker", "--set", "model-maker.reference=microprice"];
    const trade = ["replay", recording, "--strategy", "pair-arb", ...maker, "--json"];
    summary = (await ask([...trade, "--journal", journal()])).json;
    await ask([...trade, "--seed", "5", "--journal", journal("other")]);
    await ask(["replay", recording, "--strategy", "pair-arb", "--json", "--journal", journal("pairs")]);
    const asked = await ask(["report", "run", "--dir", folder, "--json"]);
    expect([asked.code, asked.err]).toEqual([0, ""]);
    answer = asked.json;
    html = readFileSync(join(folder, "run.report.html"), "utf8");
    run = await read(journal());
  }, 60_000);

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("says what the run's own account says, to the micro-dollar", () => {
    expect(summary["fills"]).toBeGreaterThan(0);
    const { pnlUsdc, realizedUsdc, feesUsdc, fills, partsUsdc } = summary;
    expect(answer).toMatchObject({ pnlUsdc, realizedUsdc, feesUsdc, fills, partsUsdc, ledgerUsdc: pnlUsdc });
    expect(answer["ledgerGapUsdc"]).toBe(0);
    expect(answer["runs"][0].hashes.effects).toBe(summary["effectsHash"]);
  });

  it("has the scenarios of the run's own venue, though its journal does not hold them", () => {
    const { scenarios, realism } = summary;
    expect(answer["scenariosLack"]).toBeNull();
    expect(answer["scenarios"]).toEqual(scenarios.accounts);
    expect(run.paper.realism).toEqual(realism);
    expect(answer["realism"]).toEqual(realism);
    expect(html).toContain("Realism: all 14 parts on");
  });

  it("binds where a single short match must", () => {
    expect(answer["verdict"]).toBe("NO-DEPLOY");
    const ids = (answer["rules"] as { id: string; state: string }[])
      .filter(({ state }) => state === "broken")
      .map(({ id }) => id);
    expect(ids).toContain("too_few_matches");
    expect(ids).toContain("too_few_days");
    expect(answer["binding"]).toBe(ids[0]);
    expect(html).toContain(">NO-DEPLOY</h2>");
  });

  it("has tables whose lines add up to it", () => {
    const sum = (name: string, column: string): number => {
      const [head, ...lines] = csv(name).map((line) => line.match(/("([^"]|"")*"|[^,]*)(,|$)/g)!);
      const at = head!.findIndex((each) => each.replace(",", "") === column);
      expect(at).toBeGreaterThan(-1);
      return Math.round(lines.reduce((all, cells) => all + Number.parseFloat(cells[at]!), 0) * 1e6) / 1e6;
    };
    expect(csv("fills")).toHaveLength(Number(summary["fills"]) + 1);
    expect(csv("orders")).toHaveLength(Number(summary["orders"]) + 1);
    expect(sum("fills", "fee_usdc")).toBe(summary["feesUsdc"]);
    expect(sum("attribution", "pnl_usdc")).toBe(summary["pnlUsdc"]);
    for (const part of PNL_PARTS) {
      const column = `part_${part.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_usdc`;
      expect(sum("attribution", column)).toBe(summary["partsUsdc"][part]);
    }
    const last = csv("equity").at(-1)!.split(",");
    expect(Number(last[2])).toBe(summary["equityUsdc"]);
  });

  it("runs nothing that a team's name brings, in a browser or in a spreadsheet", () => {
    expect(html).toContain("&lt;script&gt;alert(1)");
    expect(html).not.toContain(SCRIPT);
    const tags = new Set([...html.matchAll(/<([a-zA-Z][^\s/>]*)/g)].map(([, tag]) => tag));
    for (const tag of ["script", "img", "iframe", "link", "object", "form"]) expect(tags).not.toContain(tag);
    expect(html).not.toMatch(/<[a-z][^>]*\s(on\w+|src|srcset|data)=/i);
    expect(html.match(/href="[^#]/)).toBeNull();
    expect(html).toContain("default-src 'none'");
    const cells = csv("fills").concat(csv("orders")).join("\n");
    expect(cells).toContain(`,'${FORMULA},`);
    expect(cells).not.toContain(`,${FORMULA},`);
  });

  it("keeps nothing of an address that could be a key", () => {
    expect(address("wss://user:pass@node.example/v3/KEY?k=KEY")).toBe("wss://node.example/…");
    expect(address("https://clob.example")).toBe("https://clob.example");
    expect(address("plain text")).toBe("plain text");
  });

  it("is the same every time", async () => {
    expect(page(gather([await read(journal())]))).toBe(page(gather([run])));
  });

  it("takes several runs of one strategy together, and adds them up", async () => {
    const other = await read(journal("other"));
    const both = gather([run, other]);
    const one = gather([run]);
    const two = gather([other]);
    expect(both.total.pnl).toBe(one.total.pnl + two.total.pnl);
    expect(both.evidence.ledgerGap).toBe(0);
    // It is the same match twice: no more evidence than once.
    expect(both.evidence.matches).toHaveLength(1);
    expect(both.days.reduce((all, { pnl }) => all + pnl, 0)).toBe(both.total.pnl);
    expect(both.curve.won.at(-1)).toBe(both.total.pnl);
    expect(both.scenarios.map(({ pnl }) => pnl)).toEqual(
      one.scenarios.map(({ pnl }, i) => pnl + two.scenarios[i]!.pnl),
    );
    expect(run.hashes.data).toBe(other.hashes.data);
    expect(run.hashes.config).not.toBe(other.hashes.config);
    expect(page(both)).toContain("Run 2: ");
  });

  it("refuses what would count twice or mix strategies", async () => {
    expect(() => gather([run, run])).toThrow(/same run/);
    const pairs = await read(journal("pairs"));
    expect(() => gather([run, pairs])).toThrow(/other strategies/);
  });

  it("shows the books of a run whose strategy is not known, and lets nobody deploy it", async () => {
    const blind = gather([await readRun(journal(), { find: () => undefined })]);
    expect(blind.verdict.binding?.id).toBe("books_only");
    expect(blind.total.pnl / 1e6).toBe(summary["pnlUsdc"]);
    expect(page(blind)).toContain("is not known here");
  });

  it("says of a journal that breaks off that it does, and still adds up", async () => {
    const lines = readFileSync(journal(), "utf8").split("\n");
    writeFileSync(journal("cut"), `${lines.slice(0, -12).join("\n")}\n{"torn`);
    const cut = await read(journal("cut"));
    const gathered = gather([cut]);
    expect(gathered.verdict.binding?.id).toBe("not_ended");
    expect(gathered.evidence.ledgerGap).toBe(0);
    expect(cut.torn).toBeDefined();
    expect(page(gathered)).toContain("the journal breaks off");
  });

  it("finds a micro-dollar that is missing in any line", () => {
    const [account] = gather([run]).accounts as [Gathered["accounts"][number]];
    expect(gapOf(account)).toBe(0);
    const [first, ...rest] = account.rows;
    expect(gapOf({ ...account, ledger: account.ledger + 1 })).toBe(1);
    expect(gapOf({ ...account, rows: [{ ...first!, pnl: first!.pnl + 1 }, ...rest] })).toBe(1);
    const parts = { ...first!.parts, edge: first!.parts.edge - 1 };
    expect(gapOf({ ...account, rows: [{ ...first!, parts }, ...rest] })).toBe(1);
    expect(gapOf({ ...account, rows: rest })).toBeGreaterThan(0);
  });
});

describe("a cell of a table", () => {
  it("is quoted by RFC 4180, keeps numbers as they are, and is no formula", () => {
    expect(cell('a "b", c\n')).toBe('"a ""b"", c\n"');
    expect(cell(-1.5)).toBe("-1.5");
    expect(cell(0.000001)).toBe("0.000001");
    expect(cell(null)).toBe("");
    for (const text of ["=1", "+1", "-1", "@a", "\t=1", " =1"]) expect(cell(text)).toMatch(/^"?'/);
  });
});
