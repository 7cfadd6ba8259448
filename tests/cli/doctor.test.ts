import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startVenue } from "@matchpoint/paper-venue";
import { expect, it } from "vitest";
import { KEY, liveConfig, WALLET } from "./liveSupport.ts";
import { bot, command, lastJson, temporaryFolder } from "./support.ts";

interface Told {
  readonly id: string;
  readonly status: string;
  readonly found: string;
  readonly fix: string;
}

it("says what stands between a configuration and live trading, and a run refuses for the same reason", async () => {
  const venue = await startVenue({ seed: 3, funds: { [WALLET]: 500_000_000 as never }, liquidity: "none" });
  try {
    const cwd = temporaryFolder();
    const config = liveConfig(venue, cwd, "bot.yaml", {
      more: "time: { max_skew_ms: 20000, ntp_servers: [127.0.0.1:9] }",
    });
    const env = { MATCHPOINT_PRIVATE_KEY: KEY };
    const well = await bot(["doctor"], { cwd, env });
    expect([well.code, well.err]).toEqual([0, ""]);
    expect(well.out).toMatch(/ok +api-key +the venue accepts the API key/);
    expect(well.out).toMatch(/\d+ ok, \d+ warnings?, 0 failures; \d+ do not apply \(mode live\)\.$/m);

    venue.command({ do: "geoblock", blocked: true, country: "US", region: "NY" });
    const sick = await bot(["doctor", "--config", config, "--json"], { cwd, env });
    expect(sick.code).toBe(3);
    const { checks } = lastJson(sick.out) as { readonly checks: readonly Told[] };
    expect(checks.filter(({ status }) => status === "fail")).toEqual([
      {
        id: "geoblock",
        status: "fail",
        found: "Polymarket does not take orders from US, NY",
        fix: "There is no live mode from here; paper trading and replays work everywhere.",
      },
    ]);
    const refused = await bot(["run", "--live", "--config", config], { cwd, env });
    expect(refused.out).toMatch(/fail +geoblock +Polymarket does not take orders from US, NY/);
    expect([refused.code, refused.err]).toEqual([2, expect.stringMatching(/CONFIG_LIVE_REFUSED/)]);
    for (const { out, err } of [well, sick, refused]) expect(out + err).not.toContain(KEY.slice(2));
  } finally {
    await venue.close();
  }
});

it("makes only the checks that are named, and those that they need", async () => {
  const cwd = temporaryFolder();
  const config = join(cwd, "bot.yaml");
  writeFileSync(config, `mode: live\nrisk: { max_order_usd: 5 }\n`);
  const ended = await command(["doctor", "--config", config, "--only", "journal,node", "--json"]);
  expect(ended.code).toBe(3);
  const { checks } = lastJson(ended.out) as { readonly checks: readonly Told[] };
  expect(checks.map(({ id, status }) => `${id} ${status}`)).toEqual([
    "node ok",
    "config fail",
    "journal skip",
  ]);
  expect(checks[1]!.found).toMatch(/bot\.yaml:2:\d+ .*max_order_usd.*max_order_usdc/);
  expect(readFileSync(config, "utf8")).toMatch(/mode: live/);

  const wrong = await command(["doctor", "--only", "gass"]);
  expect([wrong.code, wrong.err]).toEqual([
    2,
    expect.stringMatching(/there is no check gass[^]*Did you mean gas\?/),
  ]);
});
