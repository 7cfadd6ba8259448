import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startVenue, type RunningVenue } from "@matchpoint/paper-venue";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bot, temporaryFolder } from "./support.ts";

/** The first account of every local test chain: a key that everybody knows. */
const KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
const WALLET = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

let venue: RunningVenue;
beforeAll(async () => {
  venue = await startVenue({ seed: 5, funds: { [WALLET]: 500_000_000 as never }, liquidity: "agents" });
});
afterAll(() => venue.close());

it(
  "trades a market on the venue's terms, whatever the configuration says of them",
  { timeout: 60_000 },
  async () => {
    const cwd = temporaryFolder();
    const market = venue.markets.find(({ question }) => /FaZe vs Spirit/.test(question))!;
    const outcomes = market.tokens.map(
      ({ tokenId, outcome }) => `{ token: "${tokenId}", name: "${outcome}" }`,
    );
    writeFileSync(
      join(cwd, "terms.yaml"),
      `
mode: live
strategies: [{ use: model-maker, params: { reference: microprice, size_shares: 20, min_rest_ms: 200 } }]
markets:
  - id: "${market.conditionId}"
    title: "${market.question}"
    outcomes: [${outcomes.join(", ")}]
    fee: { rate: 0.01 }
    taker_delay_ms: 0
risk: { resolution_filter: off }
feeds:
  polymarket: { socket_url: "${venue.wsMarket}", rest_url: "${venue.clob}", gamma_url: "${venue.gamma}" }
execution: { signature_type: 0, clob_url: "${venue.clob}", user_url: "${venue.wsUser}" }
`,
    );
    const args = ["run", "--live", "--config", "terms.yaml", "--journal", "terms.jsonl", "--for", "2"];
    const ended = await bot(args, { cwd, env: { MATCHPOINT_PRIVATE_KEY: KEY } });
    expect(ended.out).toMatch(/the fee is 5 % of takers, not 1 % of takers/);
    expect(ended.code).toBe(0);
    const listed = readFileSync(join(cwd, "terms.jsonl"), "utf8")
      .split("\n")
      .filter((line) => line.includes('"kind":"market_listed"'));
    expect(listed.length).toBeGreaterThan(0);
    for (const line of listed) {
      expect(line).toContain('"ratePpm":50000');
      expect(line).toContain('"takerDelayMs":1000');
    }
  },
);
