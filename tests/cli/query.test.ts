import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_STRATEGIES, type StrategyClass } from "@matchpoint/sdk";
import { projectJournal, projectionPath, queryProjection } from "@matchpoint/sdk/node";
import { beforeAll, describe, expect, it } from "vitest";
import { command, lastJson, ROOT, temporaryFolder } from "./support.ts";

const known: Readonly<Record<string, StrategyClass>> = { ...DEFAULT_STRATEGIES };
const find = (use: string): StrategyClass | undefined => known[use];

describe("a journal's database", () => {
  let journal: string;
  let summary: Record<string, any>;
  let dump: () => unknown;

  beforeAll(async () => {
    journal = join(temporaryFolder(), "j.jsonl");
    const recording = join(ROOT, "scripts/smoke/recording.jsonl");
    const maker = ["--strategy", "model-maker", "--set", "model-maker.reference=microprice"];
    const args = ["replay", recording, "--strategy", "pair-arb", ...maker, "--json", "--journal", journal];
    const ran = await command(args);
    expect(ran.err).not.toContain("error");
    summary = lastJson(ran.out);
    dump = () => {
      const { database } = projectJournal(journal, undefined, { find });
      const tables = queryProjection(
        database,
        "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
      );
      return tables.map(({ name }) => [name, queryProjection(database, `SELECT * FROM ${String(name)}`)]);
    };
  });

  const ask = async (sql: string): Promise<any[]> => {
    const asked = await command(["query", journal, sql, "--json"]);
    expect(asked.err).toBe("");
    return lastJson(asked.out)["rows"] as any[];
  };

  it("holds what the run's own account says", async () => {
    const [counts] = await ask(`SELECT
      (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM fills) AS fills,
      (SELECT count(*) FROM denials) AS denied, (SELECT coalesce(sum(fee), 0) FROM fills) AS fees,
      (SELECT coalesce(sum(count), 0) FROM skips WHERE reason NOT LIKE 'denied: %') AS skipped,
      (SELECT ended FROM runs) AS ended`);
    const { orders, fills, denied, skipped } = summary;
    expect(orders).toBeGreaterThan(3);
    expect(fills).toBeGreaterThan(0);
    expect(counts).toMatchObject({ orders, fills, denied, skipped, ended: 1 });
    // Every order has come to an end, and what was matched of it is what its fills add up to.
    const apart = await ask(`SELECT o.intent_id, o.matched, coalesce(sum(f.size), 0) AS filled FROM orders o
      LEFT JOIN fills f ON f.order_id = o.order_id AND f.status <> 'FAILED' GROUP BY o.intent_id
      HAVING o.matched <> filled OR o.status NOT IN ('FILLED', 'CANCELED', 'EXPIRED', 'REJECTED')`);
    expect(apart).toEqual([]);
    expect((await ask("SELECT count(*) AS n FROM fills WHERE intent_id IS NULL"))[0].n).toBe(0);
    const [fill] = await ask("SELECT price, shares, cost FROM fills_usd LIMIT 1");
    expect(fill.price * fill.shares).toBeCloseTo(fill.cost, 4);
    expect((await ask("SELECT count(*) AS n FROM matches"))[0].n).toBeGreaterThan(0);
  });

  it("loses nothing when it is deleted, and is made anew when it is damaged", () => {
    const bytes = readFileSync(journal);
    const before = dump();
    rmSync(projectionPath(journal));
    expect(dump()).toEqual(before);
    writeFileSync(projectionPath(journal), "this is no database");
    // What a maker left that is no more (no process has a number as high) is taken away; what one makes that runs, stays.
    const unfinished = (pid: number): string => `${projectionPath(journal)}.${String(pid)}.new`;
    for (const pid of [2 ** 31 - 1, process.ppid]) writeFileSync(unfinished(pid), "nor is this");
    expect(dump()).toEqual(before);
    expect([2 ** 31 - 1, process.ppid, process.pid].map((pid) => existsSync(unfinished(pid)))).toEqual([
      false,
      true,
      false,
    ]);
    rmSync(unfinished(process.ppid));
    // The journal is only read.
    expect(readFileSync(journal).equals(bytes)).toBe(true);
  });

  it("can only be read", async () => {
    const before = dump();
    for (const sql of [
      "DELETE FROM fills",
      "DROP TABLE orders",
      "UPDATE runs SET cash = 0",
      "PRAGMA user_version = 5",
    ]) {
      const { code, err } = await command(["query", journal, sql]);
      if (code !== 0) expect(err).toMatch(/SQLite does not answer: .*readonly/);
    }
    const wrong = await command(["query", journal, "SELEC 1", "--json"]);
    expect(wrong.code).toBe(2);
    expect(lastJson(wrong.out)).toMatchObject({
      error: { code: "USAGE", message: expect.stringContaining("syntax error") },
    });
    expect(dump()).toEqual(before);
    expect((await command(["query", journal, "SELECT 1", "--db", journal])).code).toBe(2);
  });

  it("lists its tables, and shows rows in columns", async () => {
    const listed = await command(["query", journal]);
    expect(listed.code).toBe(0);
    for (const name of ["orders", "fills", "positions", "skips", "halts", "matches"])
      expect(listed.out).toMatch(new RegExp(`(table|view) +${name} `));
    const shown = await command(["query", journal, "SELECT 1 AS one, NULL AS none, 'ab' AS text"]);
    expect(shown.out).toBe("one  none  text\n---  ----  ----\n1          ab");
    expect(shown.err).toMatch(/1 row from \d+ lines; .*j\.jsonl\.sqlite can be deleted at any time/);
  });

  it("is refused in plain words where Node has no SQLite, and by a journal that is damaged", async () => {
    const builtin = Object.getOwnPropertyDescriptor(process, "getBuiltinModule")!;
    Object.defineProperty(process, "getBuiltinModule", { ...builtin, value: () => undefined });
    try {
      const { code, err } = await command(["query", journal, "SELECT 1"]);
      expect(err).toMatch(/^error: Node [\d.]+ has no SQLite of its own\n +Use Node 22\.13 or later/);
      expect(code).toBe(1);
    } finally {
      Object.defineProperty(process, "getBuiltinModule", builtin);
    }
    const broken = `${journal}.broken`;
    writeFileSync(
      broken,
      readFileSync(journal, "latin1").replace('"schema_version":2,"seq":5', '"schema_version":2,"seq":6'),
      "latin1",
    );
    const { code, err } = await command(["query", broken, "SELECT 1"]);
    expect(code).toBe(3);
    expect(err).toMatch(/line 5, byte/);
    expect(existsSync(projectionPath(broken))).toBe(false);
  });
});
