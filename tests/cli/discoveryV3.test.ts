import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defaultWorld, startVenue, type RunningVenue } from "@matchpoint/paper-venue";
import { afterAll, beforeAll, expect, it } from "vitest";
import { KEY, liveConfig, WALLET } from "./liveSupport.ts";
import { bot, temporaryFolder } from "./support.ts";

const OTHER_KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
const OTHER_WALLET = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const FUNDED = 500_000_000 as never;

let venue: RunningVenue;
beforeAll(async () => {
  const markets = defaultWorld({ seed: 9, wallStart: Date.now() }).map((listing) => ({
    ...listing,
    version: "v2" as const,
  }));
  const funds = { [WALLET]: FUNDED, [OTHER_WALLET]: FUNDED };
  venue = await startVenue({ seed: 9, funds, liquidity: "agents", markets });
});
afterAll(() => venue.close());

// Nothing in the configuration says V3: the venue's listing does, and the venue refuses what is signed for another exchange.
it(
  "trades markets of exchange V3 live, through both gateways, because the venue says that they are",
  { timeout: 60_000 },
  async () => {
    const cwd = temporaryFolder();
    const run = async (gateway: string, key: string) => {
      const config = liveConfig(venue, cwd, `${gateway}.yaml`, { execution: `  gateway: ${gateway}` });
      const journal = join(cwd, `${gateway}.jsonl`);
      writeFileSync(
        config,
        readFileSync(config, "utf8").replace(
          "mode: live",
          `mode: live\njournal: { dir: "${cwd}/${gateway}" }`,
        ),
      );
      const args = ["run", "--live", "--config", config, "--journal", journal, "--for", "2"];
      const ended = await bot(args, { cwd, env: { MATCHPOINT_PRIVATE_KEY: key } });
      return { ended, lines: readFileSync(journal, "utf8").split("\n") };
    };
    const runs = await Promise.all([run("direct", KEY), run("official", OTHER_KEY)]);
    for (const { ended, lines } of runs) {
      expect(ended.code).toBe(0);
      expect(ended.out).toMatch(/exchange V3, whose shares are position ids/);
      const of = (kind: string) => lines.filter((line) => line.includes(`"kind":"${kind}"`));
      expect(of("market_listed")[0]).toContain('"version":3');
      const reports = of("order_report");
      expect(reports.some((line) => line.includes('"status":"live"'))).toBe(true);
      expect(reports.filter((line) => line.includes("order_version_mismatch"))).toEqual([]);
    }
    for (const wallet of [WALLET, OTHER_WALLET])
      expect(venue.venue.exchange.view(wallet.toLowerCase()).openOrders()).toEqual([]);
  },
);
