import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { bot, command, lastJson, startBot, temporaryFolder } from "./support.ts";

const CONFIG = `
strategies: [{ use: temporal-arb }]
matches:
  - { id: t1-geng, title: lol, best_of: 3, teams: [T1, { name: Gen.G, aliases: [Geng Esports] }] }
markets:
  - id: "0xm"
    title: "LoL: T1 vs Gen.G"
    outcomes: [{ token: "1", name: T1 }, { token: "2", name: Gen.G }]
    subject: { match: t1-geng }
`;

it("states an operator's fact to a running run, through its journal", { timeout: 60_000 }, async () => {
  const cwd = temporaryFolder();
  const at = ["--dir", join(cwd, "runs")];
  const state = (...words: readonly string[]): ReturnType<typeof command> =>
    command(["truth", "state", ...words, ...at]);
  // Before anything ran there: no folder; with a folder and no run: exit code 4.
  expect((await state("t1-geng", "series", "started")).code).toBe(2);
  writeFileSync(join(cwd, "bot.yaml"), CONFIG);
  const run = startBot(["run", "--config", "bot.yaml", "--journal", "run.jsonl"], { cwd });
  await run.until(/PAPER: 1 market/);

  const told = await bot(["truth", "state", 't1-geng game 1 won by "geng esports"', "--json", ...at], {
    cwd,
  });
  expect(told).toMatchObject({ code: 0, err: "" });
  const [answer] = lastJson(told.out)["runs"];
  expect(answer).toMatchObject({ mode: "paper", taken: true });
  expect(answer.moved).toMatchObject([
    { subject: "t1-geng", from: "scheduled", to: "live" },
    { subject: "t1-geng#1", reason: "operator: game 1 won by Gen.G" },
  ]);
  const plain = await state("t1-geng", "score", "2:", "5-3");
  expect(plain.out).toMatch(/^run-\S+ \(paper\): noted/);
  expect(plain.code).toBe(0);

  for (const [words, why] of [
    [["t1-geng", "game", "7", "started"], /game 7/],
    [["t1-geng", "won"], /is no fact/],
    [["m9", "series", "started"], /there is no match "m9"/],
  ] as const) {
    const refused = await state(...words);
    expect(refused.code, words.join(" ")).toBe(2);
    expect(refused.err).toMatch(why);
  }
  expect((await command(["truth", "show", "x", ...at])).code).toBe(2);

  run.child.kill("SIGINT");
  expect((await run.ended).code).toBe(0);
  const journal = readFileSync(join(cwd, "run.jsonl"), "utf8");
  expect(journal.match(/"kind":"fact"/g)).toHaveLength(2);
  expect((await command(["verify", join(cwd, "run.jsonl")])).code).toBe(0);
  const nobody = await state("t1-geng", "series", "started");
  expect(nobody).toMatchObject({ code: 4 });
  expect(nobody.out).toMatch(/No run is found/);
});
