/** Writes the pages about torture anew: `MATCHPOINT_WRITE=1 npx vitest run tests/torture/torture.test.ts -t page` */
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  FAULT_KINDS,
  NOT_SIMULATED,
  poisoned,
  reproduction,
  shrinkFailure,
  TORTURE_FAULTS,
  tortureSeed,
  TortureTally,
  type FaultKind,
  type FaultRow,
  type HistoryEntry,
  type JudgeMaker,
} from "@matchpoint/testing";
import { describe, expect, it } from "vitest";
import { bot, command, lastJson, temporaryFile } from "../cli/support.ts";

/** A judge of what is no bug at all, so that something fails: no trade may ever be voided. */
const NO_VOID: JudgeMaker = {
  id: "no void",
  invariants: ["X1"],
  make: () => ({
    onStep: (entry: HistoryEntry) =>
      entry.kind === "venue_trade" && entry.status === "FAILED"
        ? [{ invariant: "X1", message: `trade ${entry.tradeId} failed`, at: entry.at }]
        : undefined,
  }),
};

const SOME: readonly FaultKind[] = ["ghost_fill", "md_gap", "question_lost", "own_frame_lost", "loop_stall"];

/** A seed whose run has ghost fills, and something else. */
async function ghostly(): Promise<number> {
  for (let seed = 1; seed < 200; seed++) {
    const { faults, plan } = await tortureSeed(seed, { judges: [NO_VOID], only: SOME });
    if (faults.ghost_fill !== undefined && Object.keys(plan).length > 1) return seed;
  }
  throw new RangeError("no seed has a ghost fill");
}

describe("a seed", () => {
  it("is one run: the same in two fresh processes, and whoever runs it", { timeout: 120_000 }, async () => {
    const args = ["torture", "--seeds", "2", "--start", "11", "--workers", "1", "--json"];
    const [one, two] = await Promise.all([bot(args), bot(args)]);
    expect({ code: one.code, err: one.err.replace(/^.* seeds, .*$/gm, "").trim() }).toEqual({
      code: 0,
      err: "",
    });
    const { seedsPerSecond, ...report } = lastJson(one.out);
    expect(seedsPerSecond).toBeGreaterThan(0);
    expect(report).toMatchObject({ seeds: 2, violations: 0 });
    expect(lastJson(two.out)).toMatchObject(report);
    const tally = new TortureTally();
    for (const seed of [12, 11]) tally.add(await tortureSeed(seed));
    expect(tally.report(1).hash).toBe(report["hash"]);
  });

  it("differs from another, and from itself without its faults", async () => {
    const [a, b, calm] = [await tortureSeed(3), await tortureSeed(4), await tortureSeed(3, { only: [] })];
    expect(new Set([a.hash, b.hash, calm.hash]).size).toBe(3);
    expect(calm.decisions).toEqual([]);
    expect(a.entries).toBeGreaterThan(200);
  });

  // Without a turn of the event loop in it: other work of this process is not to meet it. A strategy meets it in tests/torture/ownStrategy.test.ts.
  it("takes clocks and chance away, and gives them back", async () => {
    await poisoned(async () => {
      expect(() => Math.random()).toThrow("Math.random was used in a simulated run");
      expect(() => Date.now()).toThrow("Date.now was used in a simulated run");
      await Promise.resolve();
      expect(() => setTimeout(() => undefined, 1)).toThrow("setTimeout was used in a simulated run");
    });
    expect(Math.random()).toBeLessThan(1);
    expect(Date.now()).toBeGreaterThan(0);
  });
});

describe("a failure", () => {
  it("is made small, and told as a test", { timeout: 60_000 }, async () => {
    const seed = await ghostly();
    const found = (await shrinkFailure(seed, { judges: [NO_VOID], only: SOME, runs: 15 }))!;
    expect(found.violation.invariant).toBe("X1");
    expect(found.only).toContain("ghost_fill");
    expect(found.only.length).toBeLessThan(3);
    expect(found.keep.length).toBeLessThan(30);
    const again = await tortureSeed(seed, { judges: [NO_VOID], only: found.only, keep: found.keep });
    expect(again.violations.length).toBeGreaterThan(0);
    const text = reproduction(found, [
      { name: "Mine", from: "./mine.ts", isDefault: true, params: { a: 1 } },
    ]);
    expect(text).toContain(`import Mine from "./mine.ts";`);
    expect(text).toContain(`await tortureSeed(${seed}, {`);
    expect(text).toContain(`strategies: [{ use: Mine, params: {"a":1} }]`);
  });

  it("is none where nothing fails", async () => {
    expect(await shrinkFailure(1, { judges: [] })).toBeUndefined();
  });
});

describe("the command", () => {
  it("says what is wrong with its options", async () => {
    const { code, err } = await command(["torture", "--only", "ghost_fil"]);
    expect({ code, err }).toMatchObject({
      code: 2,
      err: expect.stringContaining("Did you mean ghost_fill?") as string,
    });
    expect((await command(["torture", "--strategy", "./nowhere.ts"])).code).toBe(2);
    // What an hour has found is written at its end: that there is nowhere to write it is said before.
    const nowhere = await command(["torture", "--seeds", "1", "--out", join(import.meta.filename, "tests")]);
    expect(nowhere).toMatchObject({ code: 2, err: expect.stringContaining("--out") as string });
  });

  it("takes limits and thresholds from a configuration, and refuses one that has a mistake", async () => {
    const risk = { max_order_usdc: 7, halt: { allow_reduce: true } };
    const engine = { sell_gate: "mined", max_timers: 12 } as const;
    const file = temporaryFile("bot.json", JSON.stringify({ risk, engine, strategies: [] }));
    const asked = ["torture", "--seed-of-failure", "5", "--json"];
    const { code, out } = await command([...asked, "--config", file]);
    const orders: number[] = [];
    const onEntry = (entry: HistoryEntry): void => {
      if (entry.kind !== "post" || entry.intent.side !== "buy") return;
      const { spend, size, limit } = entry.intent;
      orders.push(spend ?? (size * limit) / 10_000);
    };
    const tally = new TortureTally();
    tally.add(await tortureSeed(5, { config: { risk, engine }, onEntry }));
    expect({ code, hash: lastJson(out)["hash"] as unknown }).toEqual({ code: 0, hash: tally.report(1).hash });
    expect(orders.length).toBeGreaterThan(0);
    expect(Math.max(...orders)).toBeLessThanOrEqual(7_000_000);
    const drawn = new TortureTally();
    drawn.add(await tortureSeed(5));
    expect(drawn.report(1).hash).not.toBe(tally.report(1).hash);
    const wrong = temporaryFile("wrong.json", JSON.stringify({ risk: { max_ordr_usdc: 7 }, strategies: [] }));
    expect(await command([...asked, "--config", wrong])).toMatchObject({
      code: 2,
      err: expect.stringContaining("max_ordr_usdc") as string,
    });
  });

  it("shows the faults and the invariants of one seed", async () => {
    const { code, out } = await command([
      "torture",
      "--seed-of-failure",
      "12",
      "--strategy",
      "model-maker",
      "--set",
      "reference=microprice",
    ]);
    expect(code).toBe(0);
    expect(out).toMatch(/1 seed, .* a second/);
    expect(out).toMatch(/ghost_fill +a matched trade fails on the chain/);
    for (const [row, why] of Object.entries(NOT_SIMULATED))
      expect(out).toMatch(new RegExp(`^ +${row} +${why.slice(0, 20)}`, "m"));
    expect(out).toMatch(/No invariant was broken\. Hash [0-9a-f]{32}\./);
  });
});

const DOCS = resolve(import.meta.dirname, "../../docs");
const WRITES = process.env["MATCHPOINT_WRITE"] !== undefined;

/** Holds a page against what it should be, or writes it. */
function compare(path: string, made: (before: string) => string): void {
  const file = resolve(DOCS, path);
  const before = readFileSync(file, "utf8");
  const after = made(before);
  if (WRITES) writeFileSync(file, after);
  else expect(tight(before)).toBe(tight(after));
}

/** Prettier sets tables as wide as their widest cell. */
function tight(text: string): string {
  return text.replace(/ +\|/g, " |").replace(/-+/g, "-");
}

function between(text: string, mark: string, table: string): string {
  const [begin, end] = [`<!-- ${mark}: begin -->`, `<!-- ${mark}: end -->`];
  const [head, rest] = [text.slice(0, text.indexOf(begin)), text.slice(text.indexOf(end))];
  return `${head}${begin}\n\n${table}\n\n${rest}`;
}

it("the page about faults lists those that there are", () => {
  const rows = FAULT_KINDS.map((kind) => {
    const { group, effect, rows: modes, rate, times, on }: FaultRow = TORTURE_FAULTS[kind];
    const often =
      group === "always"
        ? "as it comes"
        : times === true
          ? `${rate[0] === rate[1] ? rate[0] : `${rate[0]} to ${rate[1]}`} times`
          : `${percent(rate[0])} to ${percent(rate[1])} of occasions`;
    const share = group === "always" ? "all" : on === undefined ? "drawn" : percent(on);
    return `| \`${kind}\` | ${group} | ${effect} | ${modes.join(", ")} | ${share} | ${often} |`;
  });
  const head =
    "| fault | where | what happens | failure modes | runs that have it | how often there |\n| --- | --- | --- | --- | --- | --- |";
  compare("reference/torture.md", (page) => between(page, "faults", `${head}\n${rows.join("\n")}`));
});

it("the page about torture lists the options that there are", async () => {
  const { out } = await command(["torture", "--help"]);
  const rows = [...out.matchAll(/^ {2}(?:-h, )?(--[a-z-]+(?: <[^>]+>)?) +(.+(?:\n {20,}.+)*)/gm)]
    .filter(([, flag]) => flag !== "--help")
    .map(([, flag, text]) => `| \`${flag!}\` | ${text!.replace(/\s+/g, " ")} |`);
  expect(rows.length).toBeGreaterThan(8);
  const head = "| option | what it does |\n| --- | --- |";
  compare("how-to/torture-your-strategy.md", (page) =>
    between(page, "options", `${head}\n${rows.join("\n")}`),
  );
});

function percent(rate: number): string {
  return `${Number((100 * rate).toPrecision(2))} %`;
}
