import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startVenue, type RunningVenue } from "@matchpoint/paper-venue";
import { OrderType, Side } from "@polymarket/clob-client-v2";
import { afterAll, beforeAll, expect, it } from "vitest";
import { trader } from "../polymarket/officialSupport.ts";
import { KEY, liveConfig, tradedMarket, WALLET } from "./liveSupport.ts";
import { bot, lastJson, startBot, temporaryFolder } from "./support.ts";

let venue: RunningVenue;
beforeAll(async () => {
  venue = await startVenue({
    seed: 3,
    funds: { [WALLET]: 500_000_000 as never },
    liquidity: "agents",
    settlement: { mined_ms: 200, confirmed_ms: 500 },
  });
});
afterAll(() => venue.close());

it(
  "halts when somebody else trades with its wallet, and goes on when their trades are adopted",
  { timeout: 120_000 },
  async () => {
    const cwd = temporaryFolder();
    const config = liveConfig(venue, cwd, "bot.yaml");
    const running = startBot(["run", "--live", "--config", config, "--journal", "foreign.jsonl"], {
      cwd,
      env: { MATCHPOINT_PRIVATE_KEY: KEY },
    });
    const type = (line: string): void => {
      running.child.stdin!.write(`${line}\n`);
    };
    await running.until(/LIVE with \$500/);
    const journal = (): string => readFileSync(join(cwd, "foreign.jsonl"), "utf8");
    const { client } = await trader(venue, KEY, 0);
    const tokenID = tradedMarket(venue).tokens[0]!.tokenId;

    // Another program with the same key: one order that rests, and one that takes.
    const resting = await client.createAndPostOrder(
      { tokenID, price: 0.02, size: 10, side: Side.BUY },
      { tickSize: "0.01" },
      OrderType.GTC,
    );
    await running.until(/HALT.*foreign_order|foreign_order.*HALT/s);
    await client.createAndPostMarketOrder(
      { tokenID, amount: 5, side: Side.BUY, orderType: OrderType.FAK, price: 0.99 },
      { tickSize: "0.01" },
      OrderType.FAK,
    );

    type("help");
    type("adopt nothing");
    type("resume");
    await running.until(/still halted, until the cause is gone: .*foreign_order/);
    await client.cancelOrder({ orderID: (resting as { orderID: string }).orderID });
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    type("adopt");
    await running.until(/booked 1 trade of the venue's/);
    // Two comparisons that agree, five seconds apart; the operator's resume came before.
    await new Promise((resolve) => setTimeout(resolve, 14_000));
    type("resume");
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    running.child.kill("SIGINT");
    const ended = await running.ended;
    expect(ended.err).toContain("Write adopt, or adopt cash DOLLARS");
    expect(ended.err).toContain(
      "not understood: there are halt, resume, kill, stop entries, resume because …, adopt (",
    );
    expect(ended.code).toBe(0);
    const lines = journal().split("\n");
    const compared = lines.filter((line) => line.includes('"kind":"reconciled"'));
    expect(compared.at(-1)).toContain('"agrees":true');
    const last = lines.findLastIndex((line) => line.includes('"kind":"operator"') && line.includes("resume"));
    expect(lines.slice(last).some((line) => line.includes('"kind":"order_prepared"'))).toBe(true);
    expect(lastJson((await bot(["verify", "foreign.jsonl", "--json"], { cwd })).out)).toMatchObject({
      ok: true,
    });
  },
);
