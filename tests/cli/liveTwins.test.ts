// Two processes with one wallet and no lock between them, as on two machines; it takes half a minute:
//   MATCHPOINT_TWINS=1 npx vitest run tests/cli/liveTwins.test.ts
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startVenue } from "@matchpoint/paper-venue";
import { expect, it } from "vitest";
import { LateRester } from "./lateRester.ts";
import { KEY, liveConfig, WALLET } from "./liveSupport.ts";
import { startBot, temporaryFolder, type Running } from "./support.ts";

/** Two bots and a venue share a machine with whatever else runs there. */
const BUSY_MS = 60_000;
const TWINS = (process.env["MATCHPOINT_TWINS"] ?? "") !== "";

it.runIf(TWINS)("both halt when two bots trade with one wallet", { timeout: 180_000 }, async () => {
  const venue = await startVenue({ seed: 3, funds: { [WALLET]: 500_000_000 as never }, liquidity: "agents" });
  try {
    const strategies = `{ use: "${join(import.meta.dirname, "lateRester.ts")}", params: { after: 150 } }`;
    const bots: Running[] = [];
    const journals: string[] = [];
    for (const name of ["first", "second"]) {
      const cwd = join(temporaryFolder(), name);
      mkdirSync(cwd);
      const config = liveConfig(venue, cwd, "bot.yaml", { strategies });
      journals.push(join(cwd, "run.jsonl"));
      const args = ["run", "--live", "--config", config, "--journal", join(cwd, "run.jsonl")];
      bots.push(startBot(args, { cwd, env: { MATCHPOINT_PRIVATE_KEY: KEY } }));
    }
    await Promise.all(bots.map((bot) => bot.until(/LIVE with \$500/, BUSY_MS)));
    await Promise.all(bots.map((bot) => bot.until(/HALT.*foreign_order|foreign_order.*HALT/s, BUSY_MS)));
    for (const { child } of bots) child.kill("SIGINT");
    const ended = await Promise.all(bots.map((bot) => bot.ended));
    for (const journal of journals) {
      const text = readFileSync(journal, "utf8");
      expect(text).toContain(`"use":"${LateRester.id}"`);
      expect(text).toContain('"kind":"run_stopped"');
    }
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    expect(venue.venue.exchange.view(WALLET.toLowerCase()).openOrders()).toEqual([]);
  } finally {
    await venue.close();
  }
});
