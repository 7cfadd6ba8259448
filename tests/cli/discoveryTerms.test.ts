import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startVenue, type RunningVenue } from "@matchpoint/paper-venue";
import { afterAll, beforeAll, expect, it } from "vitest";
import { EdgeTaker } from "./edgeTaker.ts";
import { tradedMarket } from "./liveSupport.ts";
import { command, lastJson, startBot, temporaryFolder } from "./support.ts";

const STRATEGY = join(import.meta.dirname, "edgeTaker.ts");
const QUIET = { timeout: 30_000 };

let venue: RunningVenue;
beforeAll(async () => {
  venue = await startVenue({ seed: 11, liquidity: "agents" });
});
afterAll(() => venue.close());

/** A paper run that is worth its while at a fee of 5 %, and reads the venue's terms all the time. */
function configured(cwd: string): string {
  const market = tradedMarket(venue);
  const outcomes = market.tokens.map(({ tokenId, outcome }) => ({ token: tokenId, name: outcome }));
  const feed = {
    socket_url: venue.wsMarket,
    rest_url: venue.clob,
    gamma_url: venue.gamma,
    resolutions_poll_ms: 100,
    terms_poll_ms: 100,
    terms_max_age_ms: 700,
  };
  const config = {
    mode: "paper",
    strategies: [{ use: STRATEGY, params: { value: 0.75, minEdge: 0.02 } }],
    markets: [{ id: market.conditionId, title: market.question, outcomes, fee: { rate: 0.01 } }],
    // An order on its way when the delay grows would keep the strategy from asking.
    paper: { realism: "off", collateral_usdc: 1_000_000, latency: { place_ms: 1, fill_report_ms: 1 } },
    risk: {
      max_market_usdc: 1_000_000,
      max_match_usdc: 1_000_000,
      max_account_usdc: 1_000_000,
      max_unsettled_usdc: 1_000_000,
      resolution_filter: "off",
      max_taker_delay_ms: 2_000,
      max_orders_per_minute: 10_000,
    },
    engine: { auto_merge: false },
    time: { enabled: false },
    feeds: { polymarket: feed },
  };
  const path = join(cwd, "terms.yaml");
  writeFileSync(path, JSON.stringify(config));
  return path;
}

interface Line {
  readonly kind: string;
  readonly payload?: Record<string, unknown>;
}

it("trades on what the venue changes while it runs, and says so", QUIET, async () => {
  const cwd = temporaryFolder();
  const market = tradedMarket(venue).conditionId;
  const args = ["run", "--config", configured(cwd), "--journal", "terms.jsonl"];
  const change = (what: object) => {
    expect(venue.command({ do: "market", market, ...what })).toMatchObject({ ok: true });
  };
  change({ secondsDelay: 0 });
  const run = startBot(args, { cwd });
  await run.until(/bought 5/);
  change({ secondsDelay: 3 });
  await run.until(/terms changed: clob: taker delay 0 ms → taker delay 3000 ms/);
  await new Promise((resolve) => setTimeout(resolve, 300));
  change({ secondsDelay: 1, feePpm: 1_000_000 });
  await run.until(/terms changed: clob: fee 5 % of takers → fee 100 % of takers; taker delay 3000 ms → /);
  const fault = { kind: "forbidden_html", durationMs: 600_000, match: { path: "/clob-markets" } };
  expect(venue.command({ do: "fault", ...fault })).toMatchObject({ ok: true });
  await run.until(/terms stale: the CLOB has not told its terms for \d+\.\d s, at most 0\.7 s: /);
  expect(venue.command({ do: "disarm" })).toMatchObject({ ok: true });
  await run.until(/its terms are read again, after/);
  change({ rules: "This market pays whoever shouts loudest." });
  await run.until(/HALT.*terms_changed|terms changed: gamma: rules text of/);
  run.child.stdin?.write("resume\n");
  await run.until(/resume/);
  await new Promise((resolve) => setTimeout(resolve, 300));
  run.child.kill("SIGINT");
  const ended = await run.ended;
  expect(ended.code).toBe(0);
  expect(ended.err).toMatch(/the venue's terms count, not the configuration's: fee 1 % of takers → fee 5 %/);

  const lines = readFileSync(join(cwd, "terms.jsonl"), "utf8").trimEnd().split("\n");
  const kinds = lines.map((line) => (JSON.parse(line) as Line).kind);
  const changes = lines.filter((line) => line.includes('"kind":"terms_changed"'));
  expect(changes).toHaveLength(3);
  // Nothing was bought on the long delay, nor after the fee: what the strategy and the gate decide follows the event.
  const [slower, dearer] = [
    kinds.indexOf("terms_changed"),
    kinds.indexOf("terms_changed", kinds.indexOf("terms_changed") + 1),
  ];
  expect(kinds.slice(0, slower)).toContain("order_prepared");
  expect(kinds.slice(slower)).not.toContain("order_prepared");
  expect(dearer).toBeGreaterThan(slower);
  expect(ended.out).toContain(EdgeTaker.id);
  expect(ended.out).toMatch(/TAKER_DELAY/);
  expect(ended.out).toMatch(/edge below minimum/);
  const ages = lines.filter((line) => line.includes('"kind":"terms_continuity"'));
  // A machine that does much else may read late once more.
  const states = ages.map((line) => /"state":"(\w+)"/.exec(line)?.[1]);
  expect(states.join(" ")).toMatch(/^stale read( stale read)*$/);
  const journal = join(cwd, "terms.jsonl");
  const verified = await command(["verify", journal, "--strategy", STRATEGY, "--json"]);
  expect(lastJson(verified.out)).toMatchObject({ ok: true });
  const again = await command(["replay", journal, "--strategy", STRATEGY, "--no-journal"]);
  const effects = (out: string) => /Effects: (\w+)/.exec(out)?.[1];
  expect(effects(again.out)).toBe(effects(ended.out));
});
