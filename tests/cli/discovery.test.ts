import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  defaultWorld,
  matchListings,
  startVenue,
  type RunningVenue,
  type VenueListing,
} from "@matchpoint/paper-venue";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KEY, WALLET } from "./liveSupport.ts";
import { command, lastJson, startBot, temporaryFolder } from "./support.ts";

const STRATEGY = join(import.meta.dirname, "edgeTaker.ts");
const HOUR_MS = 3_600_000;

/** A CS2 match in half an hour, whose listings are made to be of every sort, and two in an hour that are not listed yet. */
function world(): readonly VenueListing[] {
  const now = Date.now();
  const first = defaultWorld({ seed: 21, wallStart: now, secondsDelay: 0 });
  const cs2 = first.filter(({ match }) => match.league === "cs2");
  const later = { seed: 21, startsAt: Math.floor((now + HOUR_MS) / 1_000) * 1_000, secondsDelay: 0 };
  const second = matchListings({
    ...later,
    title: "cs2",
    teams: ["NAVI", "MOUZ"],
    bestOf: 3,
    tournament: "IEM Katowice",
    slug: "cs2-navi-mouz-2026-11-24",
    eventId: "90009",
  });
  const third = matchListings({
    ...later,
    title: "lol",
    teams: ["Fnatic", "G2"],
    bestOf: 3,
    tournament: "LEC Playoffs",
    slug: "lol-fnc-g2-2026-11-24",
    eventId: "90010",
  });
  const changed = (listing: VenueListing): VenueListing => {
    if (/Map 2/.test(listing.description.title)) return { ...listing, sportsMarketType: "map_handicap" };
    if (/Map 3/.test(listing.description.title))
      return { ...listing, description: { ...listing.description, rules: "Pays whoever shouts loudest." } };
    return listing;
  };
  return [
    ...first.filter(({ match }) => match.league !== "cs2").slice(0, 1),
    ...cs2.map(changed),
    ...second.map((listing) => ({ ...listing, unlisted: true })),
    // Of exchange V3: nothing but its listing says so.
    ...third.map((listing) => ({ ...listing, unlisted: true, version: "v2" as const })),
  ];
}

let venue: RunningVenue;
beforeAll(async () => {
  const funds = { [WALLET]: 500_000_000 as never };
  venue = await startVenue({ seed: 21, liquidity: "agents", markets: world(), funds });
});
afterAll(() => venue.close());

function configured(cwd: string, over: { readonly discover: object; readonly mode?: string }): string {
  const path = join(cwd, "discover.yaml");
  const config = {
    mode: over.mode ?? "paper",
    strategies: [{ use: STRATEGY, params: { value: 0.98, minEdge: 0.02 } }],
    discover: { poll_s: 1, ...over.discover },
    paper: { latency: { place_ms: 1, fill_report_ms: 1, mined_ms: 20, confirmed_ms: 40 } },
    risk: { duplicate_window_ms: 0 },
    engine: { auto_merge: false },
    time: { enabled: over.mode === "live" },
    feeds: {
      polymarket: {
        socket_url: venue.wsMarket,
        rest_url: venue.clob,
        gamma_url: venue.gamma,
        resolutions_poll_ms: 200,
        terms_poll_ms: 500,
      },
    },
    ...(over.mode === "live"
      ? { execution: { signature_type: 0, clob_url: venue.clob, user_url: venue.wsUser } }
      : {}),
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}

const titles = (list: readonly { readonly title: string }[]) => list.map(({ title }) => title);

describe("the markets that a configuration finds", () => {
  it("are listed with their match, and the others with the reason", async () => {
    const path = configured(temporaryFolder(), {
      discover: { games: ["cs2"], kinds: ["match", "map", "handicap"], tournaments: ["katowice"] },
    });
    const { code, out } = await command(["markets", "--config", path, "--json"]);
    expect(code).toBe(0);
    const { traded, not_traded: others } = lastJson(out);
    expect(titles(traded)).toEqual([
      "Counter-Strike: FaZe vs Spirit (BO3) - IEM Katowice",
      "Counter-Strike: FaZe vs Spirit - Map 1 Winner",
    ]);
    expect(traded[1]).toMatchObject({ match_id: traded[0].match_id, game: 1, unproven: null });
    const why = Object.fromEntries(
      others.map(({ title, code: own }: { title: string; code: string }) => [title.slice(-12), own]),
    );
    expect(why).toEqual({
      "LCK Playoffs": "GAME",
      "Map 2 Winner": "NOT_A_WINNER_MARKET",
      "Map 3 Winner": "RESOLUTION_UNCLEAR",
    });
    const text = await command(["markets", "--config", path]);
    expect(text.out).toMatch(/Would be traded: 2 markets/);
    expect(text.out).toMatch(/not the winner of a match or game/);
  });

  it("are no more than were asked for, of the tournaments that were", async () => {
    const one = configured(temporaryFolder(), { discover: { games: ["cs2", "lol"], max_markets: 1 } });
    const first = lastJson((await command(["markets", "--config", one, "--json"])).out);
    expect(first["traded"]).toHaveLength(1);
    expect(first["not_traded"].some((each: { code: string }) => each.code === "MAX_MARKETS")).toBe(true);
    const none = configured(temporaryFolder(), { discover: { tournaments: ["ESL Pro League"] } });
    const second = lastJson((await command(["markets", "--config", none, "--json"])).out);
    expect(second["traded"]).toEqual([]);
    expect(new Set(second["not_traded"].map((each: { code: string }) => each.code))).toEqual(
      new Set(["TOURNAMENT"]),
    );
    const late = configured(temporaryFolder(), { discover: { within_hours: 0.25, started_hours: 0 } });
    const third = lastJson((await command(["markets", "--config", late, "--json"])).out);
    expect([third["traded"], third["not_traded"]]).toEqual([[], []]);
  });

  it("need the feed that follows them, and keys that are known", async () => {
    const path = join(temporaryFolder(), "wrong.yaml");
    writeFileSync(path, "discover: { game: cs2 }\nstrategies: []\n");
    const wrong = await command(["markets", "--config", path]);
    expect(wrong.code).toBe(2);
    expect(wrong.err).toMatch(/discover.*game|game.*games/);
    writeFileSync(path, "discover: {}\n");
    expect((await command(["markets", "--config", path])).err).toMatch(/needs feeds\.polymarket/);
  });
});

const idOf = (wanted: RegExp) => venue.markets.find(({ question }) => wanted.test(question))!.conditionId;
const list = (wanted: RegExp) => {
  for (const { conditionId, question } of venue.markets)
    if (wanted.test(question))
      expect(venue.command({ do: "list", market: conditionId })).toMatchObject({ ok: true });
};

it(
  "trades what is listed while it runs, once what was traded before is over",
  { timeout: 40_000 },
  async () => {
    const cwd = temporaryFolder();
    const path = configured(cwd, { discover: { games: ["cs2"], kinds: ["match"], max_markets: 1 } });
    const run = startBot(["run", "--config", path, "--journal", "found.jsonl"], { cwd });
    await run.until(/Found 1 market to trade/);
    await run.until(/bought 5/);
    const [first, second] = [idOf(/FaZe vs Spirit \(BO3/), idOf(/NAVI vs MOUZ \(BO3/)];
    list(/NAVI vs MOUZ/);
    venue.command({ do: "resolve", market: first, outcome: 0 });
    await run.until(/RESOLVED/);
    await run.until(/found: Counter-Strike: NAVI vs MOUZ/);
    await run.until(/NAVI.*bought 5|bought 5.* NAVI/);
    run.child.kill("SIGINT");
    const ended = await run.ended;
    expect(ended.code).toBe(0);
    const lines = readFileSync(join(cwd, "found.jsonl"), "utf8").split("\n");
    const at = (kind: string, of: string) =>
      lines.findIndex((line) => line.includes(`"kind":"${kind}"`) && line.includes(of));
    expect(at("market_listed", first)).toBeGreaterThan(0);
    expect(at("market_resolution", first)).toBeGreaterThan(at("market_listed", first));
    expect(at("market_listed", second)).toBeGreaterThan(at("market_resolution", first));
    expect(at("match_listed", "NAVI")).toBeGreaterThan(0);
    expect(at("trade_report", second)).toBeGreaterThan(at("book_snapshot", second));
    const journal = join(cwd, "found.jsonl");
    const verified = await command(["verify", journal, "--strategy", STRATEGY, "--json"]);
    expect(lastJson(verified.out)).toMatchObject({ ok: true });
    const again = await command(["replay", journal, "--strategy", STRATEGY, "--no-journal"]);
    const effects = (out: string) => /Effects: (\w+)/.exec(out)?.[1];
    expect(effects(again.out)).toBe(effects(ended.out));
  },
);

it("trades live what is listed while it runs: signed, sent and filled", { timeout: 40_000 }, async () => {
  const cwd = temporaryFolder();
  const path = configured(cwd, { mode: "live", discover: { games: ["lol"], kinds: ["match"] } });
  const args = ["run", "--live", "--config", path, "--journal", "live.jsonl"];
  const run = startBot(args, { cwd, env: { MATCHPOINT_PRIVATE_KEY: KEY } });
  await run.until(/LIVE with .*: 1 market/);
  list(/Fnatic vs G2/);
  await run.until(/found: LoL: Fnatic vs G2/);
  await run.until(/bought [\d.]+ Fnatic/);
  run.child.kill("SIGINT");
  const ended = await run.ended;
  expect(ended.code).toBe(0);
  expect(readFileSync(join(cwd, "live.jsonl"), "utf8")).toMatch(/"market_listed".*Fnatic.*"version":3/);
  const held = venue.venue.exchange.view(WALLET.toLowerCase()).positions();
  expect(held.map(({ marketId }) => marketId as string)).toContain(idOf(/Fnatic vs G2 \(BO3/));
});
