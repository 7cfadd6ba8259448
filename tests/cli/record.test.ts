import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defaultWorld, startVenue } from "@matchpoint/paper-venue";
import { expect, it } from "vitest";
import { bot, command, lastJson, startBot, temporaryFolder } from "./support.ts";

it("records what books tell, in a recording that replay takes", { timeout: 90_000 }, async () => {
  const venue = await startVenue({
    seed: 21,
    liquidity: "agents",
    markets: defaultWorld({ seed: 21, wallStart: Date.now() }),
  });
  try {
    const cwd = temporaryFolder();
    const at = (name: string): string => join(cwd, name);
    const { wsMarket, clob, gamma } = venue;
    const feed = `{ socket_url: "${wsMarket}", rest_url: "${clob}", gamma_url: "${gamma}" }`;
    writeFileSync(
      at("bot.yaml"),
      `discover: { games: [lol], max_markets: 2 }\nfeeds: { polymarket: ${feed} }\n`,
    );
    const record = ["record", "--config", at("bot.yaml"), "--out", at("tonight.jsonl")];
    const ran = await bot([...record, "--for", "3", "--json"], { cwd });
    expect(ran.code).toBe(0);
    const { events, markets } = lastJson(ran.out);
    expect(markets).toBeGreaterThan(0);
    expect(events).toBeGreaterThan(markets);
    expect(existsSync(at("tonight.jsonl.part"))).toBe(false);
    const lines = readFileSync(at("tonight.jsonl"), "utf8").trimEnd().split("\n");
    expect(JSON.parse(lines.at(-1)!)).toEqual({ end: true, lines: events });
    const maker = ["--strategy", "model-maker", "--set", "reference=microprice", "--no-journal", "--json"];
    const replayed = await command(["replay", at("tonight.jsonl"), ...maker]);
    expect(replayed.code).toBe(0);
    const result = lastJson(replayed.out);
    expect(result["quarantined"]).toBe(0);
    expect(result["markets"]).toHaveLength(markets);
    expect(result["orders"]).toBeGreaterThan(0);

    // Ctrl-C is how it ends, and what it has is whole.
    const until = startBot(record, { cwd });
    await until.until(/Recording \d+ market/);
    until.child.kill("SIGINT");
    const ended = await until.ended;
    expect(ended.code).toBe(0);
    expect(ended.out).toMatch(/tonight\.jsonl: \d+ events? of/);
    writeFileSync(at("notes.txt"), "mine");
    writeFileSync(at("empty.yaml"), "mode: paper\n");
    for (const [words, why] of [
      [["--config", at("bot.yaml"), "--out", at("notes.txt")], /no recording/],
      [["--config", at("empty.yaml"), "--out", at("x.jsonl")], /nothing to record/],
      [["--config", at("none.yaml"), "--out", at("x.jsonl")], /none\.yaml/],
      [["--config", at("bot.yaml")], /--out/],
    ] as const) {
      const refused = await command(["record", ...words]);
      expect(refused.code, words.join(" ")).toBe(2);
      expect(refused.err).toMatch(why);
    }
  } finally {
    await venue.close();
  }
});
