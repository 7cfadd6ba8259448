import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startVenue, type RunningVenue } from "@matchpoint/paper-venue";
import { OrderType, Side } from "@polymarket/clob-client-v2";
import { afterAll, beforeAll, expect, it } from "vitest";
import { trader } from "../polymarket/officialSupport.ts";
import { KEY, liveConfig, tradedMarket, WALLET } from "./liveSupport.ts";
import { command, lastJson, startBot, temporaryFolder } from "./support.ts";

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
    // Until their trade is confirmed there is nothing to book.
    await expect
      .poll(
        () => {
          type("adopt");
          return running.written();
        },
        { timeout: 30_000, interval: 1_000 },
      )
      .toMatch(/booked 1 trade of the venue's/);
    const since = (mark: RegExp): readonly string[] => {
      const lines = journal().split("\n");
      return lines.slice(lines.findLastIndex((line) => mark.test(line)) + 1);
    };
    const agreed = (): number =>
      since(/"kind":"operator".*"adopt"/).filter((line) => /"kind":"reconciled".*"agrees":true/.test(line))
        .length;
    // Two comparisons that agree, five seconds apart; the operator's resume came before.
    await expect.poll(agreed, { timeout: 30_000, interval: 200 }).toBeGreaterThan(1);
    type("resume");
    const quoted = (): boolean =>
      since(/"kind":"operator".*resume/).some((line) => line.includes('"kind":"order_prepared"'));
    await expect.poll(quoted, { timeout: 30_000, interval: 100 }).toBe(true);
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
    expect(lastJson((await command(["verify", join(cwd, "foreign.jsonl"), "--json"])).out)).toMatchObject({
      ok: true,
    });
  },
);
