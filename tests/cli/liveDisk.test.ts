import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startVenue } from "@matchpoint/paper-venue";
import { afterEach, expect, it, vi } from "vitest";
import { runCommand } from "../../packages/cli/src/commands/run.ts";
import type { Host } from "../../packages/cli/src/commands/shared.ts";
import { Environment } from "../../packages/cli/src/secrets/environment.ts";
import { LateRester } from "./lateRester.ts";
import { KEY, liveConfig, WALLET } from "./liveSupport.ts";
import { temporaryFolder } from "./support.ts";

const GIB = 1_073_741_824;

afterEach(() => {
  vi.unstubAllEnvs();
});

it(
  "sends nothing new when its disk grows short, and what rests is cancelled",
  { timeout: 60_000 },
  async () => {
    const venue = await startVenue({
      seed: 3,
      funds: { [WALLET]: 500_000_000 as never },
      liquidity: "agents",
    });
    const ending = new AbortController();
    try {
      const folder = temporaryFolder();
      const journal = join(folder, "run.jsonl");
      const config = liveConfig(venue, folder, "bot.yaml", {
        strategies: "{ use: rester, params: { after: 1 } }",
        more: "journal: { reserve_mib: 1 }",
      });
      let free = 10 * GIB;
      vi.stubEnv("MATCHPOINT_PRIVATE_KEY", KEY);
      const host: Host = {
        strategies: { rester: LateRester },
        environment: new Environment(process.env, false),
        machine: { disk: () => ({ free, total: 20 * GIB }) },
      };
      const nothing = (): void => undefined;
      const io = { out: nothing, err: nothing, redraw: nothing, interactive: false, columns: 120 };
      const run = runCommand({ config, live: true, journal }, host, { ...io, closed: ending.signal });
      const open = (): number => venue.venue.exchange.view(WALLET.toLowerCase()).openOrders().length;
      const written = (): readonly string[] => readFileSync(journal, "utf8").split("\n");
      await expect.poll(open, { timeout: 20_000, interval: 5 }).toBe(1);
      free = GIB / 2;
      const since = (): readonly string[] => {
        const lines = written();
        const told = lines.findIndex((line) => /"operator":"disk".*"stop_entries"/.test(line));
        return told < 0 ? [] : lines.slice(told);
      };
      await expect.poll(since, { timeout: 20_000 }).not.toEqual([]);
      await expect.poll(open, { timeout: 20_000 }).toBe(0);
      // The strategy wants another order at each book, now that none rests.
      const books = (): number => {
        const lines = since();
        const gone = lines.findIndex((line) => /"order_report".*"canceled"/.test(line));
        return gone < 0 ? 0 : lines.slice(gone).filter((line) => line.includes('"kind":"book_delta"')).length;
      };
      await expect.poll(books, { timeout: 20_000 }).toBeGreaterThan(3);
      expect(since().filter((line) => line.includes('"kind":"order_prepared"'))).toEqual([]);
      ending.abort();
      expect(await run).toBe(0);
    } finally {
      ending.abort();
      await venue.close();
    }
  },
);
