// A live run of a deposit wallet, a Safe and a proxy, from an address without code to what is redeemed: a minute each.
// MATCHPOINT_LONG=1 npx vitest run tests/polymarket/relayerRun.test.ts
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { deriveWallets, RELAY_CONTRACTS } from "@matchpoint/adapters-polymarket";
import { findAnvil, startVenue } from "@matchpoint/paper-venue";
import { describe, expect, test } from "vitest";
import { KEY, liveConfig, tradedMarket, WALLET } from "../cli/liveSupport.ts";
import { bot, lastJson, startBot, temporaryFolder, type Ended } from "../cli/support.ts";
import { TakeBoth } from "../cli/takeBoth.ts";
import { skippedWithout } from "./chainSupport.ts";

const STRATEGY = resolve(import.meta.dirname, "../cli/takeBoth.ts");
const LONG = process.env["MATCHPOINT_LONG"] === "1";

describe.skipIf(!LONG || skippedWithout(findAnvil()))(
  "a live run through the relayer",
  { timeout: 300_000 },
  () => {
    test.each([3, 2, 1] as const)(
      "type %i: made, wrapped, approved, traded, merged and redeemed",
      async (type) => {
        const funder = deriveWallets(WALLET, type, RELAY_CONTRACTS[137]!)[0]!;
        const venue = await startVenue({
          ...{ seed: 11, chain: "anvil", tickChanges: false, settlement: { mined_ms: 50 } },
          onChain: { blockMs: 200, confirmations: 2 },
        });
        try {
          venue.command({ do: "fund", address: funder, usd: 500, asset: "usdc.e" });
          await venue.idle();
          const cwd = temporaryFolder();
          const config = liveConfig(venue, cwd, "bot.yaml", {
            strategies: `{ use: "${STRATEGY}" }`,
            feed: ", resolutions_poll_ms: 1000",
          });
          const text = readFileSync(config, "utf8");
          writeFileSync(
            config,
            text.replace("signature_type: 0", `signature_type: ${type}\n  funder: "${funder}"`),
          );
          const env = {
            ...{ MATCHPOINT_PRIVATE_KEY: KEY, MATCHPOINT_RPC_URLS: venue.rpc! },
            MATCHPOINT_RELAYER_API_KEY: "a-key-of-the-relayer",
          };
          const wallet = (...args: string[]): Promise<Ended> =>
            bot(["wallet", ...args, "--config", config], { cwd, env });
          const wrapped = await wallet("wrap", "--amount", "400");
          expect([wrapped.code, wrapped.err]).toEqual([0, ""]);
          expect((await wallet("approve")).code).toBe(0);
          expect((await wallet("status")).out).not.toMatch(/^ +fail/m);
          const running = startBot(["run", "--live", "--config", config, "--journal", "chain.jsonl"], {
            cwd,
            env,
          });
          await running.until(new RegExp(`LIVE with \\$400: 1 market, ${TakeBoth.id}`));
          const journal = (): string[] => readFileSync(join(cwd, "chain.jsonl"), "utf8").split("\n");
          const finals = (): number =>
            journal().filter((line) => line.includes('"kind":"chain_report"') && line.includes('"FINAL"'))
              .length;
          const soon = async (what: string, check: () => boolean): Promise<void> => {
            const end = Date.now() + 90_000;
            while (!check()) {
              if (Date.now() > end)
                expect.fail(`not soon: ${what}\n${running.written()}\n${journal().slice(-20).join("\n")}`);
              await new Promise((resume) => setTimeout(resume, 200));
            }
          };
          await soon("the pair is merged", () => finals() === 1);
          venue.command({ do: "resolve", market: tradedMarket(venue).conditionId, outcome: 0 });
          await soon("the rest is redeemed", () => finals() === 2);
          await new Promise((resume) => setTimeout(resume, 6_000));
          running.child.kill("SIGINT");
          const ended = await running.ended;
          expect([ended.code, ended.err]).toEqual([0, ""]);
          const [, cash] = /Cash \$([\d.]+) of \$400\.00 paid in/.exec(ended.out)!;
          await venue.idle();
          const atVenue = venue.venue.exchange.view(funder.toLowerCase()).balances().collateral;
          expect(Number(cash)).toBe(atVenue / 1e6);
          expect(lastJson((await wallet("status", "--json")).out)["pusd"]).toBe(atVenue);
        } finally {
          await venue.close();
        }
      },
    );
  },
);
