import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCli } from "@matchpoint/cli";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { command, lastJson, ROOT, SMALL_BOT, startBot, temporaryFile, temporaryFolder } from "./support.ts";

/** What a command draws on a terminal. */
async function drawn(args: readonly string[]): Promise<{ readonly code: number; readonly blocks: string[] }> {
  const blocks: string[] = [];
  const code = await runCli(args, {
    io: {
      out: (line) => expect.fail(line),
      err: (line) => expect.fail(line),
      redraw: (block) => {
        if (block !== undefined) blocks.push(block);
      },
      interactive: true,
      columns: 78,
      closed: new AbortController().signal,
    },
  });
  return { code, blocks };
}

describe("a journal that is looked at", { timeout: 60_000 }, () => {
  let journal: string;
  let summary: Record<string, any>;
  beforeAll(async () => {
    journal = join(temporaryFolder(), "j.jsonl");
    const maker = ["--strategy", "model-maker", "--set", "model-maker.reference=microprice"];
    const recording = join(ROOT, "scripts/smoke/recording.jsonl");
    const ran = await command([
      "replay",
      recording,
      "--strategy",
      "pair-arb",
      ...maker,
      "--json",
      "--journal",
      journal,
    ]);
    summary = lastJson(ran.out);
  });

  it("says why a market was traded or not, by its id or words of its name", async () => {
    const told = await command(["why", "game 1", journal, "--json"]);
    expect(told).toMatchObject({ code: 0, err: "" });
    const why = lastJson(told.out);
    const { marketId } = summary["markets"].find(({ title }: { title: string }) => /Game 1/.test(title));
    expect(why).toMatchObject({ market: { id: marketId, label: "Game 1" }, mode: "paper", ended: true });
    expect(why["strategies"]).toEqual(["pair-arb", "model-maker"]);
    expect(why["because"]).toEqual(["the run has ended"]);
    // The same reasons, as often, as the run's own account.
    const own = summary["whyNot"].filter((row: any) => row.marketId === marketId);
    const times = (rows: readonly { readonly count: number }[]): number =>
      rows.reduce((sum, row) => sum + row.count, 0);
    expect(own.length).toBeGreaterThan(2);
    expect(times(why["whyNot"])).toBe(times(own));
    const text = await command(["why", marketId, journal]);
    expect(text.out).toMatch(/^Game 1: ACTIVE for \d+:\d\d$/m);
    expect(text.out).toMatch(/^ +\d+ +denied +pair-arb +MARKET_BUSY/m);
    for (const line of text.out.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
  });

  it("refuses a market that it does not have or that is not named well enough, and a file that is no journal", async () => {
    for (const wanted of ["nope", "pale comet"]) {
      const refused = await command(["why", wanted, journal, "--json"]);
      expect(refused.code, wanted).toBe(2);
      expect(lastJson(refused.out)).toMatchObject({ error: { code: "MARKET_UNKNOWN", hint: /Game 1 \(/ } });
    }
    const empty = temporaryFile("empty.jsonl", "");
    const broken = temporaryFile("broken.jsonl", '{"schema_version":2,"seq":1}\n');
    for (const verb of [["why", "x"], ["watch"]]) {
      expect((await command([...verb, "nowhere.jsonl"])).code).toBe(2);
      expect((await command([...verb, empty])).code).toBe(3);
      expect((await command([...verb, broken])).code).toBe(3);
    }
  });

  it("is one board of a run that has ended, as text, as JSON and on a terminal, in colour unless that is not wanted", async () => {
    const once = await command(["watch", journal, "--once"]);
    expect(once).toMatchObject({ code: 0, err: "" });
    expect(once.out).toMatch(/^PAPER {2}ENDED {2}venue OPEN {2}feeds ok \d\/\d/);
    expect(once.out).toMatch(/^Game 1 .* ACTIVE$/m);
    expect(once.out).not.toContain("\u001b");
    // A run that has ended is not watched any longer.
    const board = lastJson((await command(["watch", journal, "--json"])).out);
    expect(board["tables"].header).toMatchObject({ orders: summary["orders"], fills: summary["fills"] });
    expect(board["tables"].header.pnl).toBe(Math.round(summary["pnlUsdc"] * 1e6));
    const { code, blocks } = await drawn(["watch", journal]);
    expect(code).toBe(0);
    expect(blocks.at(-1)).toContain("\u001b[32m");
    vi.stubEnv("NO_COLOR", "1");
    const plain = (await drawn(["watch", journal])).blocks.at(-1)!;
    vi.unstubAllEnvs();
    expect(plain).not.toContain("\u001b");
    for (const line of plain.split("\n")) expect(line.length).toBeLessThanOrEqual(78);
  });
});

it(
  "looks at the run of a folder while it goes on, and tells when its process is gone",
  { timeout: 60_000 },
  async () => {
    const cwd = temporaryFolder();
    const at = ["--dir", join(cwd, "runs")];
    writeFileSync(join(cwd, "bot.yaml"), SMALL_BOT);
    const run = startBot(["run", "--config", "bot.yaml"], { cwd });
    await run.until(/PAPER: 1 market/);
    const watching = startBot(["watch", ...at, "--json", "--every", "0.2"], { cwd });
    await watching.until(/"end":"open"/);
    await command(["halt", "0xm", ...at, "--reason", "a roster change"]);
    const why = async (): Promise<Record<string, any>> => {
      const told = await command(["why", "0xm", ...at, "--json"]);
      expect(told.code).toBe(0);
      return lastJson(told.out);
    };
    await expect.poll(why, { timeout: 10_000 }).toMatchObject({ market: { state: "HALT" }, ended: false });
    expect((await why())["because"].join()).toMatch(/halted, manual: .*; cleared by/);
    await watching.until(/"alive":true.*"state":"HALT"/);

    run.child.kill("SIGKILL");
    await run.ended;
    const seen = await watching.ended;
    expect(seen.code).toBe(3);
    expect(lastJson(seen.out)).toMatchObject({ alive: false, end: "open" });
    // Nobody is there any more: what is left is a journal.
    for (const verb of [["why", "0xm"], ["watch"]]) {
      const nobody = await command([...verb, ...at]);
      expect(nobody.code).toBe(4);
      expect(nobody.err).toMatch(/No run is under way here/);
    }
  },
);
