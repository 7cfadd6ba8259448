import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startVenue, type RunningVenue } from "@matchpoint/paper-venue";
import { afterAll, beforeAll, expect, it } from "vitest";
import { KEY, liveConfig, WALLET } from "./liveSupport.ts";
import { bot, lastJson, startBot, temporaryFolder, type Running } from "./support.ts";

let venue: RunningVenue;
let cwd: string;
beforeAll(async () => {
  venue = await startVenue({
    seed: 3,
    funds: { [WALLET]: 500_000_000 as never },
    liquidity: "agents",
    settlement: { mined_ms: 200, confirmed_ms: 2_500 },
  });
  cwd = temporaryFolder();
});
afterAll(() => venue.close());

const env = { MATCHPOINT_PRIVATE_KEY: KEY };

function run(config: string, ...more: string[]): Running {
  return startBot(["run", "--live", "--config", config, ...more], { cwd, env });
}

it(
  "goes on where a killed run was: its orders go, its fills are found, and the books agree",
  { timeout: 120_000 },
  async () => {
    const config = liveConfig(venue, cwd, "bot.yaml");
    const killed = run(config, "--journal", "killed.jsonl");
    await killed.until(/LIVE with \$500/);
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    killed.child.kill("SIGKILL");
    await killed.ended;
    const resting = venue.venue.exchange.view(WALLET.toLowerCase()).openOrders().length;
    expect(resting).toBeGreaterThan(0);

    const second = run(config, "--journal", "second.jsonl");
    await second.until(/Recovered in \d+\.\d s: [1-9]\d* orders? taken back/);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    second.child.kill("SIGINT");
    const ended = await second.ended;
    expect(ended.err).toBe("");
    expect(ended.code).toBe(0);
    const journal = readFileSync(join(cwd, "second.jsonl"), "utf8");
    expect(journal).toContain('"complete"');
    expect(journal.split("\n").filter((line) => line.includes('"agrees":false'))).toEqual([]);
    expect(lastJson((await bot(["verify", "second.jsonl", "--json"], { cwd })).out)).toMatchObject({
      ok: true,
    });
  },
);
