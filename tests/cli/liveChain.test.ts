import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findAnvil, startVenue, type RunningVenue } from "@matchpoint/paper-venue";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { skippedWithout } from "../polymarket/chainSupport.ts";
import { KEY, liveConfig, tradedMarket, WALLET } from "./liveSupport.ts";
import { bot, command, lastJson, startBot, temporaryFolder, type Ended } from "./support.ts";
import { TakeBoth } from "./takeBoth.ts";

const STRATEGY = join(import.meta.dirname, "takeBoth.ts");

describe.skipIf(skippedWithout(findAnvil()))("a live run on a local chain", { timeout: 180_000 }, () => {
  let venue: RunningVenue;
  let cwd: string;
  let config: string;
  const env = (): Record<string, string> => ({
    MATCHPOINT_PRIVATE_KEY: KEY,
    MATCHPOINT_RPC_URLS: venue.rpc!,
  });
  const wallet = (...args: string[]): Promise<Ended> =>
    bot(["wallet", ...args, "--config", config], { cwd, env: env() });

  beforeAll(async () => {
    venue = await startVenue({
      seed: 11,
      chain: "anvil",
      tickChanges: false,
      settlement: { mined_ms: 50 },
      onChain: { blockMs: 200, confirmations: 2 },
    });
    venue.command({ do: "fund", address: WALLET, usd: 500, asset: "usdc.e" });
    await venue.idle();
    cwd = temporaryFolder();
    config = liveConfig(venue, cwd, "bot.yaml", {
      strategies: `{ use: "${STRATEGY}" }`,
      feed: ", resolutions_poll_ms: 1000",
    });
  });
  afterAll(() => venue.close());

  it("wraps, approves, passes its checklist, trades, merges and redeems: ledger, venue and chain agree", async () => {
    const poor = await wallet("status");
    expect([poor.code, poor.err]).toEqual([3, ""]);
    expect(poor.out).toMatch(/fail +collateral/);
    const refused = await bot(["run", "--live", "--config", config], { cwd, env: env() });
    expect(refused.err).toMatch(/CONFIG_LIVE_REFUSED/);
    expect((await wallet("wrap", "--amount", "400", "--dry-run")).out).toMatch(/dry run/);
    const wrapped = await wallet("wrap", "--amount", "400");
    expect([wrapped.code, wrapped.err]).toEqual([0, ""]);
    expect((await wallet("approve")).code).toBe(0);
    const ready = await wallet("status");
    expect(ready.out).not.toMatch(/^ +fail/m);

    const running = startBot(["run", "--live", "--config", config, "--journal", "chain.jsonl"], {
      cwd,
      env: env(),
    });
    await running.until(new RegExp(`LIVE with \\$400: 1 market, ${TakeBoth.id}`));
    const journal = (): string[] => readFileSync(join(cwd, "chain.jsonl"), "utf8").split("\n");
    const finals = (): string[] =>
      journal().filter((line) => line.includes('"kind":"chain_report"') && line.includes('"FINAL"'));
    const soon = async (what: string, check: () => boolean): Promise<void> => {
      const end = Date.now() + 60_000;
      while (!check()) {
        if (Date.now() > end)
          expect.fail(
            `not within a minute: ${what}\n${running.written()}\n${journal()
              .filter((line) => /"kind":"(chain_report|trade_report|reconciled)"/.test(line))
              .slice(-12)
              .join("\n")}`,
          );
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    };
    await soon("the pair is merged", () => finals().length === 1);
    venue.command({ do: "resolve", market: tradedMarket(venue).conditionId, outcome: 0 });
    await soon("the rest is redeemed", () => finals().length === 2);
    const sinceRedeemed = (): readonly string[] => {
      const lines = journal();
      return lines.slice(lines.lastIndexOf(finals().at(-1)!));
    };
    await soon("it is compared after that", () =>
      sinceRedeemed().some((line) => line.includes('"kind":"reconciled"')),
    );
    running.child.kill("SIGINT");
    const ended = await running.ended;
    expect([ended.code, ended.err]).toEqual([0, ""]);

    const compared = journal().filter((line) => line.includes('"kind":"reconciled"'));
    expect(compared.at(-1)).toContain('"agrees":true');
    expect(compared.at(-1)).toMatch(/"allowance":\{"dollars":[1-9]\d*,"noShares":\[\]\}/);
    expect(journal().join("\n")).not.toContain("ALLOWANCE_SHORT");
    const [, cash] = /Cash \$([\d.]+) of \$400\.00 paid in/.exec(ended.out)!;
    await venue.idle();
    const atVenue = venue.venue.exchange.view(WALLET.toLowerCase()).balances().collateral;
    expect(Number(cash)).toBe(atVenue / 1e6);
    const status = lastJson((await wallet("status", "--json")).out);
    expect(status["pusd"]).toBe(atVenue);
    expect(
      lastJson((await command(["verify", join(cwd, "chain.jsonl"), "--strategy", STRATEGY, "--json"])).out),
    ).toMatchObject({ ok: true });
    // On paper the same orders fill as they did on the venue, but for what paper lets fail.
    const paper = lastJson(
      (await bot(["paper-check", "chain.jsonl", "--strategy", STRATEGY, "--json"], { cwd })).out,
    );
    const orders = paper["orders"] as { real: Record<string, number>; paper: Record<string, number> }[];
    expect(orders).toHaveLength(2);
    for (const { real, paper: assumed } of orders)
      expect(assumed["shares"]! + assumed["voided"]!).toBe(real["shares"]);
    for (const text of [journal().join("\n"), ended.out, JSON.stringify(status)])
      expect(text).not.toContain(KEY.slice(2));
  });
});
