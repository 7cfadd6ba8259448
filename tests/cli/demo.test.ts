import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  bot,
  command,
  lastJson,
  ROOT,
  startBot,
  temporaryFile,
  temporaryFolder,
  type Ended,
} from "./support.ts";

const FAST = ["--speed", "max", "--best-of", "1", "--seed", "3"];

describe("demo", { timeout: 60_000 }, () => {
  let first: Ended;
  let second: Ended;
  let folder: string;

  beforeAll(async () => {
    folder = temporaryFolder();
    [first, second] = await Promise.all([
      bot(["demo", ...FAST, "--json"], { cwd: folder }),
      bot(["demo", ...FAST], { cwd: folder }),
    ]);
  }, 60_000);

  it("prints one JSON object as the only line of standard output, with the stated keys", () => {
    expect(first.code).toBe(0);
    expect(first.out.trimEnd().split("\n")).toHaveLength(1);
    const result = lastJson(first.out);
    const keys =
      "mode events intents orders fills denied skipped feesUsdc pnlUsdc states journal effectsHash wallMs";
    expect(Object.keys(result).slice(0, 13)).toEqual(keys.split(" "));
    expect(result).toMatchObject({ mode: "paper", interrupted: false });
    expect(result["orders"]).toBeGreaterThan(0);
    expect(result["fills"]).toBeGreaterThan(0);
    expect(Object.values(result["states"] as object)).toEqual(["RESOLVED", "RESOLVED"]);
  });

  it("adds up to the micro-dollar: markets, strategies, fees, cash", () => {
    const result = lastJson(first.out);
    const micros = (value: number): number => Math.round(value * 1_000_000);
    const sum = (rows: Record<string, number>[], key: string): number =>
      rows.reduce((total, row) => total + micros(row[key]!), 0);
    expect(micros(result["pnlUsdc"]) / 1_000_000).toBe(result["pnlUsdc"]);
    expect(sum(result["markets"], "pnlUsdc")).toBe(micros(result["pnlUsdc"]));
    expect(sum(result["markets"], "feesUsdc")).toBe(micros(result["feesUsdc"]));
    expect(sum(result["markets"], "realizedUsdc")).toBe(micros(result["realizedUsdc"]));
    expect(sum(result["strategies"], "realizedUsdc")).toBe(micros(result["realizedUsdc"]));
    for (const row of [result, ...result["markets"], ...result["matches"], ...result["strategies"]]) {
      const parts = Object.values(row["partsUsdc"] as Record<string, number>);
      expect(parts.reduce((total, part) => total + micros(part), 0)).toBe(micros(row["pnlUsdc"]));
    }
    expect(sum(result["markets"], "fills")).toBe(micros(result["fills"]));
    expect(result["unrealizedUsdc"]).toBe(0);
    expect(micros(result["depositsUsdc"]) + micros(result["pnlUsdc"])).toBe(micros(result["cashUsdc"]));
    expect(result["skipped"]).toBe(
      result["whyNot"]
        .filter(({ reason }: { reason: string }) => !reason.startsWith("denied: "))
        .reduce((total: number, { count }: { count: number }) => total + count, 0),
    );
  });

  it("tells people the moments that matter, the account and why it did not trade", () => {
    expect(second.code).toBe(0);
    const lines = second.out.split("\n");
    expect(lines.length).toBeLessThan(120);
    expect(second.out).toMatch(/truth +Match: scheduled → live/);
    expect(second.out).toMatch(/market +Match: .+ → RESOLVED/);
    expect(second.out).toMatch(/\nMARKET +STATE +FILLS +VOLUME +FEES +REALIZED +P&L\n/);
    expect(second.out).toMatch(/\nTotal +\d+ /);
    expect(second.out).toContain("fees: the markets add up to the ledger");
    expect(second.out).toMatch(/\nWhy it did not trade\n *TIMES +STRATEGY +MARKET +REASON/);
    expect(second.out).toMatch(/\nJournal: runs\/demo-lol-3-.*\.journal\.jsonl \(\d+\.\d MB\)\n/);
    const account = second.out.slice(second.out.indexOf("\nMARKET"));
    expect(account).not.toMatch(/undefined|NaN|\[object/);
  });

  it("decides the same in another process, and when its journal is replayed", async () => {
    const { effectsHash, journal, orders, fills, pnlUsdc } = lastJson(first.out);
    expect(second.out).toContain(`Effects: ${effectsHash}`);
    const at = join(folder, journal);
    const replayed = await command(["replay", at, "--json", "--no-journal"]);
    expect(lastJson(replayed.out)).toMatchObject({ effectsHash, orders, fills, pnlUsdc, journal: null });
    const verified = await command(["verify", at, "--json"]);
    expect(verified.code).toBe(0);
    expect(lastJson(verified.out)).toMatchObject({ ok: true, effectsHash });
  });

  it("finds one changed byte in its journal, and names the line", async () => {
    const { journal } = lastJson(first.out);
    const bytes = readFileSync(join(folder, journal));
    const line = 400;
    let at = 0;
    for (let i = 1; i < line; i++) at = bytes.indexOf(10, at) + 1;
    const digit = bytes.indexOf('"received_at":', at) + '"received_at":'.length + 5;
    bytes[digit] = bytes[digit] === 0x30 ? 0x31 : 0x30;
    const path = temporaryFile("changed.jsonl", bytes);
    for (const args of [
      ["verify", path],
      ["replay", path, "--no-journal"],
    ]) {
      const { code, err } = await command(args);
      expect(err).toContain(`${path}: line ${line}, byte `);
      expect(err).toContain("JOURNAL_CORRUPT");
      expect(err).not.toMatch(/\n +at /);
      expect(code).toBe(3);
    }
  });

  it("ends in good order when it is interrupted: account, closed journal, exit code 0", async () => {
    const cwd = temporaryFolder();
    const running = startBot(["demo", "--seed", "3", "--speed", "200", "--journal", "j.jsonl"], { cwd });
    await running.until(/truth +Series: scheduled → live/);
    running.child.kill("SIGINT");
    const { code, out } = await running.ended;
    expect(code).toBe(0);
    expect(out).toContain("the markets add up to the ledger");
    const { err, code: verified } = await command(["verify", join(cwd, "j.jsonl")]);
    expect(err).toBe("");
    expect(verified).toBe(0);
  });

  it("stops quietly when nobody reads on", () => {
    const cwd = temporaryFolder();
    const node = `${process.execPath} --conditions=@matchpoint/source --no-warnings ${join(ROOT, "examples/reference-bot/src/bot.ts")}`;
    const script = `set -o pipefail; ${node} demo ${FAST.join(" ")} --journal j.jsonl | head -3`;
    const { status, stdout, stderr } = spawnSync("bash", ["-c", script], {
      cwd,
      encoding: "utf8",
      timeout: 30_000,
    });
    expect(stderr).toBe("");
    expect(stdout.trimEnd().split("\n")).toHaveLength(3);
    expect(status).toBe(0);
    expect(readFileSync(join(cwd, "j.jsonl"), "utf8")).toMatch(/"kind":"run_stopping"/);
  });

  it("plays Counter-Strike too, until it is told to end", async () => {
    const running = startBot(["demo", "--title", "cs2", "--speed", "200", "--best-of", "1", "--no-journal"]);
    await running.until(/truth +Match: scheduled → live/);
    running.child.kill("SIGTERM");
    const { out, code } = await running.ended;
    expect(code).toBe(0);
    expect(out).toContain("the markets add up to the ledger");
  });
});
