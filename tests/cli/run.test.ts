import { join } from "node:path";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { fakeMarketServer, type FakeMarketServer } from "./fakeMarketServer.ts";
import { bot, command, lastJson, startBot, temporaryFolder } from "./support.ts";

const YES = "71321045679252212594626385532706912750332728571942532289631379312455583992563";
const NO = "52114319501245915516055106046884209969926127482827954674443846427813813222426";

/** The venue's book, told from either token. */
function book(token: string): object {
  const [bid, ask] = [
    { price: "0.48", size: "300" },
    { price: "0.52", size: "300" },
  ];
  return {
    market: "0xm",
    asset_id: token,
    timestamp: String(Date.now()),
    hash: "",
    bids: [bid],
    asks: [ask],
    tick_size: "0.01",
  };
}

describe("run", { timeout: 60_000 }, () => {
  let server: FakeMarketServer;
  let config: string;
  let cwd: string;

  beforeAll(async () => {
    server = await fakeMarketServer(book);
    cwd = temporaryFolder();
    config = join(cwd, "bot.yaml");
    writeFileSync(
      config,
      `
strategies:
  - use: model-maker
    params: { reference: microprice }
matches:
  - id: t1-geng
    title: lol
    teams: [T1, { name: Gen.G, aliases: [Geng] }]
markets:
  - id: "0xm"
    title: "LoL: T1 vs Gen.G"
    outcomes: [{ token: "${YES}", name: T1 }, { token: "${NO}", name: Gen.G }]
    subject: { match: t1-geng, team_of: [0, 1] }
feeds:
  polymarket: { socket_url: "${server.socketUrl}", rest_url: "${server.restUrl}" }
  operator: { tier: A }
truth_engine:
  tier_a_sources: [operator]
`,
    );
  });

  afterAll(async () => {
    await server.close();
  });

  it("trades on paper what a real socket brings, stops by itself, and can be verified", async () => {
    const ended = await bot(["run", "--config", config, "--for", "2", "--json", "--journal", "a.jsonl"], {
      cwd,
    });
    expect(ended.code).toBe(0);
    expect(ended.out.trimEnd().split("\n")).toHaveLength(1);
    const result = lastJson(ended.out);
    expect(result).toMatchObject({ mode: "paper", quarantined: 0, journal: "a.jsonl" });
    expect(result["orders"]).toBeGreaterThanOrEqual(2);
    expect(server.heard.some((text) => text.includes(YES) && text.includes(NO))).toBe(true);
    const verified = await command(["verify", join(cwd, "a.jsonl"), "--json"]);
    expect(lastJson(verified.out)).toMatchObject({ ok: true, effectsHash: result["effectsHash"] });
    const replayed = await command(["replay", join(cwd, "a.jsonl"), "--no-journal", "--json"]);
    expect(lastJson(replayed.out)).toMatchObject({
      effectsHash: result["effectsHash"],
      orders: result["orders"],
    });
  });

  it("takes an operator's words, lives through a lost connection, and ends with its account on Ctrl-C", async () => {
    const running = startBot(["run", "--config", config, "--journal", "b.jsonl"], { cwd });
    const type = (line: string): void => {
      running.child.stdin!.write(`${line}\n`);
    };
    await running.until(/Type halt, resume/);
    expect(running.written()).toContain("polymarket: the books of 1 market\n");
    type("t1-geng series started");
    await running.until(/truth +Series: scheduled → live/);
    type('t1-geng game 1 won by "Geng"');
    await running.until(/truth +Game 1: .* → final \(operator: game 1 won by Gen\.G\)/);
    type("halt");
    await running.until(/market +Series: .* → HALT \(.*manual/);
    type("resume");
    await running.until(/market +Series: HALT → /);
    server.drop();
    await running.until(/→ HALT \(.*connectivity/);
    await running.until(/HALT → \w+ \(.*connectivity/);
    type("make me rich");
    type("t1-geng game 9 started");
    type("__proto__");
    type("t1-geng game 2 started");
    await running.until(/truth +Game 2: scheduled → live/);
    running.child.kill("SIGINT");
    const { code, out, err } = await running.ended;
    expect(err).toMatch(/there is no match "make"/);
    expect(err).toMatch(/a best of 3 has games 1 to 3/);
    expect(err).not.toMatch(/\n +at /);
    expect(out).toContain("the markets add up to the ledger");
    expect(out).toContain("Journal: b.jsonl");
    expect(code).toBe(0);
    expect((await command(["verify", join(cwd, "b.jsonl")])).code).toBe(0);
  });

  it("has a book fetched anew that contradicts the venue, and settles with what Gamma says, token by token", async () => {
    const marketId = `0x${"ab".repeat(32)}`;
    const settled = join(cwd, "settled.yaml");
    writeFileSync(
      settled,
      `
strategies: [{ use: model-maker, params: { reference: microprice } }]
markets:
  - { id: "${marketId.replaceAll("ab", "AB")}", title: M, outcomes: [{ token: "${YES}", name: T1 }, { token: "${NO}", name: Gen.G }] }
feeds:
  polymarket:
    socket_url: "${server.socketUrl}"
    rest_url: "${server.restUrl}"
    gamma_url: "${server.restUrl}"
    resolutions_poll_ms: 200
`,
    );
    const before = server.heard.length;
    const running = startBot(["run", "--config", settled, "--journal", "c.jsonl"], { cwd });
    await vi.waitFor(
      () => {
        expect(server.heard.slice(before).some((text) => text.includes(YES))).toBe(true);
      },
      { timeout: 20_000 },
    );
    const asked = server.booksAsked();
    const lacking = setInterval(() => {
      // A best bid that the book does not have, and never gets.
      const change = {
        asset_id: YES,
        price: "0.10",
        size: "50",
        side: "BUY",
        hash: "",
        best_bid: "0.50",
        best_ask: "0.52",
      };
      server.send({
        event_type: "price_change",
        market: marketId,
        timestamp: String(Date.now()),
        price_changes: [change],
      });
    }, 100);
    await running.until(/→ HALT \(.*gapped_book/);
    clearInterval(lacking);
    await running.until(/HALT → \w+ \(.*gapped_book/);
    expect(server.booksAsked()).toBeGreaterThan(asked);
    // Gamma lists the outcomes the other way round.
    server.gamma.push({
      id: "1",
      question: "M",
      conditionId: marketId,
      slug: "m",
      outcomes: '["Gen.G", "T1"]',
      clobTokenIds: JSON.stringify([NO, YES]),
      outcomePrices: '["0", "1"]',
      active: true,
      closed: true,
      acceptingOrders: false,
      enableOrderBook: true,
      umaResolutionStatus: "resolved",
      orderPriceMinTickSize: 0.01,
      orderMinSize: 5,
      negRisk: false,
      feesEnabled: false,
    });
    await running.until(/→ RESOLVED/);
    running.child.kill("SIGINT");
    const { code, err } = await running.ended;
    expect(err).toBe("");
    expect(code).toBe(0);
    const lines = readFileSync(join(cwd, "c.jsonl"), "utf8").split("\n").slice(0, -1);
    const events = lines.map((line) => JSON.parse(line) as { kind: string; payload: unknown });
    expect(events.filter(({ kind }) => kind === "market_resolution")).toMatchObject([
      { payload: { payouts: [1_000_000, 0], source: "gamma" } },
    ]);
    expect((await command(["verify", join(cwd, "c.jsonl")])).code).toBe(0);
  });

  it.each(["SIGTERM", "SIGHUP"] as const)("ends in good order on %s", async (signal) => {
    const journal = `${signal}.jsonl`;
    const before = server.heard.length;
    const running = startBot(["run", "--config", config, "--journal", journal, "--json"], { cwd });
    await vi.waitFor(
      () => {
        expect(server.heard.slice(before).some((text) => text.includes(YES))).toBe(true);
      },
      { timeout: 20_000 },
    );
    running.child.kill(signal);
    const { code, out } = await running.ended;
    expect(code).toBe(0);
    const verified = await command(["verify", join(cwd, journal), "--json"]);
    expect(lastJson(verified.out)).toMatchObject({
      ok: true,
      ended: true,
      effectsHash: lastJson(out)["effectsHash"],
    });
  });

  it("goes on for as long as it is told to, also beyond what one timer holds", async () => {
    const running = startBot(["run", "--config", config, "--no-journal", "--for", "2592000"], { cwd });
    await running.until(/Ctrl-C ends the run/);
    // A timer that holds too much fires at once.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(running.child.exitCode).toBeNull();
    running.child.kill("SIGINT");
    expect((await running.ended).code).toBe(0);
  });

  it("is refused at once when a feed has no key, and leaves no journal", async () => {
    const keyless = join(cwd, "keyless.yaml");
    writeFileSync(
      keyless,
      `
strategies: [{ use: pair-arb }]
markets:
  - { id: m, title: M, outcomes: [{ token: "1", name: A }, { token: "2", name: B }] }
feeds: { grid: {}, operator: {} }
`,
    );
    const ended = await bot(["run", "--config", keyless, "--for", "1", "--journal", "keyless.jsonl"], {
      cwd,
    });
    expect(ended.code).toBe(2);
    expect(ended.err).toMatch(
      /feed grid needs a key[^]*MATCHPOINT_GRID_API_KEY or secrets\.grid_api_key, or set feeds\.grid\.enabled to false/,
    );
    expect(existsSync(join(cwd, "keyless.jsonl"))).toBe(false);
  });

  it("goes on without anybody at the keyboard, and without a venue", async () => {
    const alone = join(cwd, "alone.yaml");
    writeFileSync(
      alone,
      `
strategies: [{ use: pair-arb }]
markets:
  - { id: m, title: M, outcomes: [{ token: "1", name: A }, { token: "2", name: B }] }
feeds:
  polymarket: { socket_url: "ws://127.0.0.1:9/", rest_url: "http://127.0.0.1:9" }
`,
    );
    const args = ["run", "--config", alone, "--for", "1.5", "--json", "--no-journal"];
    const ended = await startBot(args, { cwd, stdin: "ignore" }).ended;
    expect(ended.code).toBe(0);
    expect(lastJson(ended.out)).toMatchObject({ orders: 0, states: { m: "HALT" } });
  });
});
