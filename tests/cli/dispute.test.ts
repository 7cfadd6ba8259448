// An answer of UMA's oracle is disputed, as Gamma tells it: by the venue's own protocol, through the feed and the journal to the halt.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startVenue, type RunningVenue } from "@matchpoint/paper-venue";
import { afterAll, beforeAll, expect, it } from "vitest";
import { tradedMarket } from "./liveSupport.ts";
import { command, lastJson, startBot, temporaryFolder } from "./support.ts";

let venue: RunningVenue;
beforeAll(async () => {
  venue = await startVenue({ seed: 11, liquidity: "agents" });
});
afterAll(() => venue.close());

it("halts a market whose outcome is disputed, until a person has looked", { timeout: 40_000 }, async () => {
  const cwd = temporaryFolder();
  const market = tradedMarket(venue);
  const outcomes = market.tokens.map(({ tokenId, outcome }) => ({ token: tokenId, name: outcome }));
  const polymarket = {
    socket_url: venue.wsMarket,
    rest_url: venue.clob,
    gamma_url: venue.gamma,
    resolutions_poll_ms: 100,
    terms_poll_ms: 100,
  };
  const config = {
    mode: "paper",
    strategies: [
      { use: "model-maker", params: { reference: "microprice", size_shares: 20, min_rest_ms: 200 } },
    ],
    markets: [{ id: market.conditionId, title: market.question, outcomes }],
    paper: { realism: "off" },
    risk: { resolution_filter: "off", max_loop_stall_ms: 0 },
    time: { enabled: false },
    feeds: { polymarket },
  };
  writeFileSync(join(cwd, "dispute.yaml"), JSON.stringify(config));
  const says = (status: string): void => {
    const said = venue.command({ do: "oracle", market: market.conditionId, status });
    expect(said).toMatchObject({ ok: true });
  };
  const journal = join(cwd, "dispute.jsonl");
  const lines = (): readonly string[] => readFileSync(journal, "utf8").trimEnd().split("\n");
  const orders = (): number => lines().filter((line) => line.includes('"kind":"order_prepared"')).length;

  const run = startBot(["run", "--config", "dispute.yaml", "--journal", "dispute.jsonl"], { cwd });
  await expect.poll(orders, { timeout: 15_000 }).toBeGreaterThan(0);
  // A proposal is what every market comes to.
  says("proposed");
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(lines().filter((line) => line.includes('"kind":"terms_changed"'))).toEqual([]);

  says("disputed");
  await run.until(/HALT[^]*disputed at the venue's oracle/);
  await expect.poll(() => lines().some((line) => line.includes('"status":"canceled"'))).toBe(true);
  const halted = orders();
  // Another proposal ends the dispute, and not the halt: what a share will pay is a question for a person.
  says("proposed");
  await expect
    .poll(() => lines().filter((line) => line.includes('"kind":"terms_changed"')), { timeout: 10_000 })
    .toHaveLength(2);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(orders()).toBe(halted);
  const [dispute, over] = lines().filter((line) => line.includes('"kind":"terms_changed"'));
  expect(dispute).toMatch(/"terms":\{"disputed":true\}.*"gamma"|"gamma".*"terms":\{"disputed":true\}/);
  expect(over).toContain('"terms":{"disputed":false}');

  run.child.stdin?.write("resume\n");
  await expect.poll(orders, { timeout: 10_000 }).toBeGreaterThan(halted);
  run.child.kill("SIGINT");
  expect((await run.ended).code).toBe(0);
  expect(lastJson((await command(["verify", journal, "--json"])).out)).toMatchObject({ ok: true });
});
