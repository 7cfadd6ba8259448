import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { command, lastJson, ROOT, startBot, temporaryFolder, type Ended } from "./support.ts";

describe("report, through its own process", () => {
  let cwd: string;
  const runs = (name: string): string => join(cwd, "runs", name);
  const report = (...args: string[]): Promise<Ended> => startBot(["report", ...args], { cwd }).ended;

  beforeAll(async () => {
    cwd = temporaryFolder();
    mkdirSync(join(cwd, "runs"));
    const recording = join(ROOT, "scripts/smoke/recording.jsonl");
    await command(["replay", recording, "--strategy", "pair-arb", "--journal", runs("one.journal.jsonl")]);
  });

  it("finds a run by its id, and writes the page and its tables beside the journal", async () => {
    const { code, out } = await report("one", "--json");
    expect(code).toBe(0);
    const answer = lastJson(out);
    expect(answer["verdict"]).toBe("NO-DEPLOY");
    expect(Object.keys(answer["files"] as object)).toEqual([
      "html",
      "fills",
      "orders",
      "equity",
      "attribution",
    ]);
    for (const file of Object.values(answer["files"] as Record<string, string>))
      expect(existsSync(join(cwd, file)), file).toBe(true);
    expect(readFileSync(runs("one.report.html"), "utf8")).toMatch(/^<!doctype html>[^]*<\/html>\s*$/);
  });

  it("says which runs there are where the one that was asked for is not", async () => {
    const { code, err } = await report("two");
    expect(code).toBe(2);
    expect(err).toContain("no run two was found");
    expect(err).toContain("runs holds one.");
    // What only reads its arguments need not be a process of its own.
    const elsewhere = await command(["report", "two", "--dir", "nowhere"]);
    expect(elsewhere.code).toBe(2);
    expect(elsewhere.err).toContain("There is no folder nowhere");
  });

  it("names the record of a journal that was changed, and writes nothing", async () => {
    const lines = readFileSync(runs("one.journal.jsonl"), "utf8").split("\n");
    lines[40] = lines[40]!.replace(/\d(?=[^\d]*$)/, (digit) => String((Number(digit) + 1) % 10));
    writeFileSync(join(cwd, "changed.jsonl"), lines.join("\n"));
    const { code, out, err } = await report("changed.jsonl", "--json");
    expect(code).toBe(3);
    expect(err).toContain("changed.jsonl: line 41");
    expect(lastJson(out)["error"]).toMatchObject({ code: "JOURNAL_CORRUPT" });
    expect(existsSync(join(cwd, "changed.report.html"))).toBe(false);
  });

  it("overwrites no journal, and names the folder that is not there", async () => {
    const journal = runs("one.journal.jsonl");
    const over = await command(["report", journal, "--out", journal]);
    expect([over.code, over.err]).toEqual([2, expect.stringContaining("take a journal's place")]);
    const lost = await command(["report", journal, "--out", join(cwd, "lost/page.html")]);
    expect([lost.code, lost.err]).toEqual([2, expect.stringContaining("no folder")]);
    const twice = await command(["report", journal, journal]);
    expect([twice.code, twice.err]).toEqual([2, expect.stringContaining("the same run")]);
    expect((await command(["report"])).code).toBe(2);
  });
});
