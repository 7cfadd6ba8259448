import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startVenue, type RunningVenue } from "@matchpoint/paper-venue";
import { OrderType, Side } from "@polymarket/clob-client-v2";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { trader } from "../polymarket/officialSupport.ts";
import { KEY, liveConfig, tradedMarket, WALLET } from "./liveSupport.ts";
import { bot, command, lastJson, startBot, temporaryFolder } from "./support.ts";

let venue: RunningVenue;
beforeAll(async () => {
  venue = await startVenue({
    seed: 3,
    funds: { [WALLET]: 500_000_000 as never },
    liquidity: "agents",
    settlement: { mined_ms: 100, confirmed_ms: 300 },
  });
});
afterAll(() => venue.close());

it(
  "goes on where a killed run was, refuses what its journal does not explain, and takes it over when told to",
  { timeout: 120_000 },
  async () => {
    const cwd = temporaryFolder();
    const config = liveConfig(venue, cwd, "bot.yaml", { execution: `journal: { dir: "${cwd}" }` });
    vi.stubEnv("MATCHPOINT_PRIVATE_KEY", KEY);
    const live = ["run", "--live", "--config", config];
    const journal = (name: string): string => join(cwd, name);
    const killed = startBot([...live, "--journal", journal("killed.jsonl")], { cwd });
    await killed.until(/LIVE with \$500/);
    const openOrders = (): readonly unknown[] => venue.venue.exchange.view(WALLET.toLowerCase()).openOrders();
    await expect.poll(() => openOrders().length, { timeout: 20_000 }).toBeGreaterThan(0);
    killed.child.kill("SIGKILL");
    await killed.ended;

    // While it was down somebody else traded with its wallet.
    const { client } = await trader(venue, KEY, 0);
    const tokenID = tradedMarket(venue).tokens[0]!.tokenId;
    await client.createAndPostMarketOrder(
      { tokenID, amount: 5, side: Side.BUY, orderType: OrderType.FAK, price: 0.99 },
      { tickSize: "0.01" },
      OrderType.FAK,
    );
    const refused = await command([...live, "--journal", journal("refused.jsonl")]);
    expect(refused.err).toMatch(/does not explain: foreign trade .*\n +`matchpoint adopt`/);
    expect(refused.code).toBe(3);
    expect(refused.out).toMatch(
      /RECOVERING: .* Recovering from the journal of .* lines, without a clean shutdown/,
    );
    expect(openOrders()).toEqual([]);

    const looked = await bot(["adopt", "--config", config, "--dry-run", "--json"], { cwd });
    expect(looked.err).toBe("");
    expect(looked.code).toBe(3);
    expect(lastJson(looked.out)).toMatchObject({ written: null, items: [{ kind: "trade" }] });
    const adopted = await bot(["adopt", "--config", config, "--yes"], { cwd });
    expect(adopted.err).toBe("");
    expect(adopted.out).toMatch(/trade .*: buy .*\nWritten to .*: the next run goes on from there/);

    const last = await command([...live, "--journal", journal("last.jsonl"), "--for", "5"]);
    // A POST that the kill met may never have left, and may still come: the run says so at its end, and nothing else.
    const doubted = last.code === 3;
    expect(last.err).toMatch(
      doubted ? /^warning: 1 order never had an answer and may still come to the venue.*$/ : /^$/,
    );
    expect([0, 3]).toContain(last.code);
    expect(last.out).toMatch(/lines, ended (in good order|with orders that may be open)/);
    expect(last.out).toMatch(/Recovered in \d+\.\d s/);
    const lines = readFileSync(journal("last.jsonl"), "utf8").split("\n");
    expect(lines.filter((line) => line.includes('"agrees":false'))).toEqual([]);
    expect(lines.some((line) => line.includes('"kind":"complete"'))).toBe(true);
    // The journal ends with the same word of what is left open.
    expect(openOrders()).toEqual([]);
    const end = lines.filter((line) => line !== "").at(-1);
    expect(end).toMatch(
      doubted ? /"kind":"run_stopped".*"clean":false,"openOrders":1/ : /"kind":"run_stopped".*"clean":true/,
    );
    expect(lastJson((await command(["verify", journal("last.jsonl"), "--json"])).out)).toMatchObject({
      ok: true,
    });
  },
);
