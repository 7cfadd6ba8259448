// `matchpoint wallet smoke` against the local venue, over real sockets: every point, what each says when the venue is another than was
// assumed, and what happens when something goes wrong. The canary is the key: it is looked for in everything that was printed.
import { PassThrough } from "node:stream";
import { defaultWorld } from "@matchpoint/paper-venue";
import type { Outcome, Price, Shares, Usdc } from "@matchpoint/sdk";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { confirm } from "../../packages/cli/src/live/smoke/confirm.ts";
import { unitOf } from "../../packages/cli/src/live/smoke/points/resting.ts";
import { lastJson } from "./support.ts";
import { KEY, WALLET, WAITS, open, venues } from "./smokeVenue.ts";

beforeAll(() => {
  vi.stubEnv("MATCHPOINT_PRIVATE_KEY", KEY);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all(venues.map((venue) => venue.close()));
});

// Together: they wait more than they work.
describe.concurrent("wallet smoke on a local venue", { timeout: 60_000 }, () => {
  it("checks every open point, says what each means, and leaves nothing behind", async () => {
    const { configured, smoke, resting, accountOf } = await open({ rateLimits: "Standard" });
    const ended = await smoke(["--config", configured(), "--usd", "5", "--yes", "--json"]);
    expect(ended.err).toBe("");
    expect(ended.out).toMatch(/real money.*The most that it can lose is \$5:/);
    expect(ended.out).toContain("This is a rehearsal");
    expect(ended.out).toMatch(/ok +flat/);
    expect(ended.out).toMatch(
      /Market: Counter-Strike: FaZe vs Spirit.*: bid \$0\.\d+, ask \$0\.\d+\. Orders are for 5 shares at \$0\.01; all of them together cost \$1\.4995\./,
    );
    const found: Readonly<Record<string, RegExp>> = {
      delay: /^CLOB 1000 ms, Gamma 1000 ms, configuration 1000 ms$/,
      fee: /^CLOB 5 % of p\(1-p\), Gamma 5 % of p\(1-p\), configuration 5 % of p\(1-p\)$/,
      "clock skew":
        /^−15 s taken, \+15 s taken, −30 s taken, \+30 s taken, −60 s .*, \+60 s .*, −120 s HTTP 401 Unauthorized\/Invalid api key, \+120 s HTTP 401 Unauthorized\/Invalid api key$/,
      "post-only": /^live under our own hash after \d+ ms$/,
      "event order": /^PLACEMENT with status LIVE, \d+ ms (before|after) the answer to the POST$/,
      created_at: /^seconds as text$/,
      "by hash": /^LIVE$/,
      cancel: /^HTTP 200, CANCELLATION with status CANCELED$/,
      readable: /^0\.05 s: CANCELED, 0\.15 s: CANCELED, 0\.3 s: CANCELED$/,
      gtd: /^180 s is taken, 120 s is not \(HTTP 400 invalid expiration\)$/,
      "unfilled FAK":
        /^HTTP 400 no orders found to match with FAK order\..* after \d+ ms, with its id; its record: absent$/,
      duplicate: /^HTTP 400 order \{id\} is invalid\. Duplicated\.; 1 resting$/,
      "heartbeat key": /^HTTP 400 Invalid Heartbeat ID, in the keys error, heartbeat_id$/,
      "heartbeat chain": /^HTTP 200 \{"heartbeat_id":\{id\}\}; HTTP 200 \{"heartbeat_id":\{id\}\}$/,
      "dead-man switch": /^the venue cancelled it by itself \d+\.\d s after the last heartbeat$/,
      "rate limits": /^in \d+; the last: remaining \d+, reset \d+, tier Standard$/,
      "left behind": /^0 open orders, 0 trades, \$50 \(before: \$50\)$/,
    };
    const result = lastJson(ended.out);
    expect(result).toMatchObject({ ok: true, clean: true, committedUsdc: 1.3995 });
    const findings = result["findings"] as Record<string, string>[];
    expect(findings.map(({ point }) => point)).toEqual(Object.keys(found));
    for (const { point, found: what, verdict, ...rest } of findings) {
      expect(what).toMatch(found[point!]!);
      expect([point, verdict]).toEqual([point, "as assumed"]);
      for (const line of [
        `found     ${what!}`,
        `expected  ${rest["expected"]!}`,
        `means     ${rest["means"]!}`,
      ])
        expect(ended.out).toContain(`\n  ${line}\n`);
      expect(ended.out).toContain(`\n${point!}: ${rest["did"]!}\n`);
    }
    expect(ended.out).toMatch(/^POINT +VERDICT +FOUND +EXPECTED$/m);
    expect(ended.out).toMatch(/^dead-man switch +as assumed +the venue cancelled it/m);
    expect(ended.out).toContain("Orders worth $1.3995 were posted of at most $5.");
    expect(ended.code).toBe(0);
    expect(resting()).toEqual([]);
    const { secret, passphrase } = (await accountOf(KEY, WALLET)).credentials;
    for (const each of [secret, passphrase]) expect(ended.out).not.toContain(each);
  });

  it("says where the venue is another than was assumed, and what to do", async () => {
    const { venue, configured, smoke, resting } = await open({
      rateLimits: "Gold",
      gtdMinLeadMs: 90_000,
      timestampWindowMs: 20_000,
      terminalOrdersMs: 0,
      heartbeatMs: 60_000,
    });
    const config = configured({ delayMs: 3_000, fee: 0.03 });
    venue.command({ do: "fault", kind: "user_freeze", durationMs: 60_000 });
    const waits = { ...(JSON.parse(WAITS) as object), eventMs: 200, silenceMs: 700 };
    const ended = await smoke([
      ...["--config", config, "--yes", "--json", "--waits", JSON.stringify(waits)],
      ...["--only", "terms, clock,order,gtd,heartbeat,limits"],
    ]);
    expect(ended.err).toBe("");
    expect(ended.code).toBe(3);
    const result = lastJson(ended.out);
    expect(result).toMatchObject({ ok: false, clean: true });
    const findings = result["findings"] as Record<string, string>[];
    const of = (point: string): readonly (string | undefined)[] => {
      const one = findings.find((each) => each["point"] === point);
      return [one?.["verdict"], one?.["found"], one?.["means"]];
    };
    const cases: readonly [string, string, RegExp, RegExp][] = [
      [
        "delay",
        "differs",
        /CLOB 1000 ms.*configuration 3000 ms/,
        /Set taker_delay_ms .* to what the CLOB says/,
      ],
      ["fee", "differs", /CLOB 5 % .*configuration 3 %/, /Set fee of this market/],
      ["clock skew", "differs", /15 s taken, −30 s HTTP 401/, /Keep the clock closer/],
      ["event order", "not shown", /nothing within 200 ms/, /stays silent/],
      ["created_at", "not shown", /nothing within/, /stays silent/],
      ["cancel", "not shown", /HTTP 200, no event/, /did not tell of it/],
      ["readable", "differs", /0\.05 s: absent, 0\.15 s: absent/, /never that nothing matched/],
      ["gtd", "differs", /^90 s is taken, 60 s is not/, /could be shorter/],
      [
        "dead-man switch",
        "differs",
        /still rested 0\.7 s .*cancelled by hand/,
        /Nothing cancels for a bot that dies/,
      ],
      ["rate limits", "differs", /tier Gold/, /Set execution\.rate_tier to gold/],
      ["left behind", "as assumed", /0 open orders, 0 trades/, /Nothing is left behind/],
    ];
    for (const [point, verdict, found, means] of cases) {
      const [actual, what, says] = of(point);
      expect([point, actual]).toEqual([point, verdict]);
      expect(what).toMatch(found);
      expect(says).toMatch(means);
    }
    expect(ended.out).toMatch(/6 of \d+ differ|7 of \d+ differ/);
    expect(resting()).toEqual([]);
  });

  it("takes orders for gone that ended by themselves and left no record", async () => {
    const { configured, smoke, resting } = await open({ gtdMinLeadMs: 30_000, terminalOrdersMs: 0 });
    const ended = await smoke(["--config", configured(), "--yes", "--only", "gtd"]);
    expect(ended.err).toBe("");
    expect(ended.out).toMatch(/found +60 s is taken\n.*\n +verdict +differs\n.*could be shorter/);
    expect(ended.code).toBe(3);
    expect(resting()).toEqual([]);
  });

  it("stops at once when an order is filled, and says what to do", async () => {
    const { configured, smoke, resting, somebody } = await open({
      liquidity: "none",
      heartbeatMs: 60_000,
      markets: defaultWorld({ seed: 3, wallStart: Date.now(), secondsDelay: 0 }),
    });
    const other = await somebody();
    const bid = (outcome: Outcome, price: number) =>
      other
        .restingBuy({ outcome, price: price as Price, size: 5_000_000 as Shares })
        .then((order) => other.post(order));
    await bid(0, 4_000);
    await bid(1, 5_000);
    let attack: Promise<unknown> | undefined;
    const hit = async (): Promise<void> => {
      while (resting().length === 0) await new Promise((done) => setTimeout(done, 5));
      const spend = 8_000_000 as Usdc;
      await other.post(await other.takingBuy({ outcome: 0, price: 9_900 as Price, spend }));
    };
    const args = ["--config", configured({ delayMs: 0 }), "--yes", "--json", "--only", "heartbeat"];
    const ended = await smoke(args, (line) => {
      if (line.startsWith("heartbeat chain:")) attack = hit();
    });
    await attack;
    other.close();
    expect(ended.err).toMatch(
      /^STOPPED: .*an order far from the market was filled\n +What to do: Look at Positions/,
    );
    const result = lastJson(ended.out);
    expect(result).toMatchObject({ ok: false, clean: false, stopped: { todo: /Sell it there/ } as never });
    expect(ended.out).toContain("Do not trade yet. Something may be left behind");
    expect(ended.out).toMatch(/0 open orders, 1 trade, /);
    expect(ended.code).toBe(3);
    expect(resting()).toEqual([]);
  });

  it("stops when an order cannot be cancelled, and tries everything else to be rid of it", async () => {
    const { venue, configured, smoke, resting } = await open();
    const match = { method: "DELETE", path: "/order" };
    venue.command({
      do: "fault",
      kind: "server_error",
      durationMs: 60_000,
      match,
      params: { when: "before" },
    });
    const ended = await smoke(["--config", configured(), "--yes", "--only", "order"]);
    expect(ended.err).toMatch(
      /^STOPPED: order 0x[\da-f]{64} cannot be cancelled \(status 500.*LIVE\)\n +What to do: Open polymarket\.com/,
    );
    expect(ended.out).toContain("Do not trade yet. Nothing is left behind.");
    expect(ended.code).toBe(3);
    expect(resting()).toEqual([]);
  });

  it("stops when the venue does not say what became of an order, and is rid of it", async () => {
    const { venue, configured, smoke, resting } = await open();
    const match = { method: "POST", path: "/order" };
    venue.command({ do: "fault", kind: "server_error", match, params: { when: "after" } });
    const ended = await smoke(["--config", configured(), "--yes", "--only", "order"]);
    expect(ended.err).toMatch(/^STOPPED: the venue did not say what became of order 0x.*It is gone now/);
    expect(ended.out).toContain("Do not trade yet. Nothing is left behind.");
    expect(ended.code).toBe(3);
    expect(resting()).toEqual([]);
  });

  it("cancels what rests when it is interrupted", async () => {
    const { configured, smoke, resting } = await open();
    const ended = await smoke(["--config", configured(), "--yes", "--only", "order,fak"], (line, close) => {
      if (line.startsWith("post-only:")) close();
    });
    expect(ended.err).toMatch(/^STOPPED: interrupted/);
    expect(ended.out).not.toContain("unfilled FAK");
    expect(ended.out).toContain("Nothing is left behind.");
    expect(ended.code).toBe(3);
    expect(resting()).toEqual([]);
  });

  it("shows no secret, also when the venue quotes one", async () => {
    const { venue, configured, smoke, accountOf } = await open();
    const { credentials } = await accountOf(KEY, WALLET);
    const { secret, passphrase } = credentials;
    const params = { message: `invalid amounts, ${passphrase} ${secret}` };
    venue.command({ do: "fault", kind: "success_with_error", durationMs: 60_000, params });
    const ended = await smoke(["--config", configured(), "--yes", "--json", "--only", "order"]);
    expect(ended.err).toMatch(/STOPPED: .*is refused: HTTP 200 invalid amounts, \[secret\] \[secret\]/);
    for (const each of [secret, passphrase]) expect(ended.out + ended.err).not.toContain(each);
    expect(ended.code).toBe(3);
  });

  describe.concurrent("refuses, and sends nothing,", () => {
    const refusals: readonly [string, (config: string) => readonly string[], RegExp][] = [
      [
        "without anybody to confirm",
        (config) => ["--config", config],
        /nobody is there to confirm\n +Run it in a terminal/,
      ],
      [
        "with too much money",
        (config) => ["--config", config, "--yes", "--usd", "21"],
        /--usd 21 cannot be\n.*at most 20/,
      ],
      ["with no money", (config) => ["--config", config, "--yes", "--usd", "0"], /--usd 0 cannot be/],
      [
        "with money that is no number",
        (config) => ["--config", config, "--yes", "--usd", "five"],
        /--usd five cannot be/,
      ],
      [
        "with too little for its orders",
        (config) => ["--config", config, "--yes", "--usd", "1"],
        /all orders together cost \$1\.4995, and --usd allows \$1\n.*--only/,
      ],
      ["without a configuration", () => ["--yes"], /wallet needs a configuration/],
      [
        "on a market that is not configured",
        (config) => ["--config", config, "--yes", "--market", "0x12"],
        /lists no market 0x12/,
      ],
      [
        "at a point that there is not",
        (config) => ["--config", config, "--yes", "--only", "gtd,moon"],
        /--only moon: there is no such point\n.*heartbeat/,
      ],
    ];
    it.each(refusals)("%s", async (_, args, says) => {
      const { configured, smoke, resting } = await open();
      const ended = await smoke(args(configured()));
      expect(ended.err).toMatch(says);
      expect(ended.code).toBe(2);
      expect(resting()).toEqual([]);
    });

    it("in paper mode", async () => {
      const { configured, smoke } = await open();
      const ended = await smoke(["--config", configured({ mode: "paper" }), "--yes"]);
      expect(ended.err).toMatch(/says mode: paper/);
      expect(ended.code).toBe(2);
    });

    it("when a check fails, and on markets that are not open or have no far prices", async () => {
      const { venue, configured, smoke } = await open({ liquidity: "none" });
      const config = configured();
      const { conditionId } = venue.markets.find(({ question }) => /FaZe vs Spirit/.test(question))!;
      const empty = await smoke(["--config", config, "--yes"]);
      expect(empty.err).toMatch(/no market is suited: .*its bids and asks are not far above \$0\.01/);
      venue.command({ do: "market", market: conditionId, acceptingOrders: false });
      const closed = await smoke(["--config", config, "--yes"]);
      expect(closed.err).toMatch(/no market is suited: .*it takes no orders now/);
      venue.command({ do: "geoblock", blocked: true, country: "US", region: "NY" });
      const blocked = await smoke(["--config", config, "--yes"]);
      expect(blocked.err).toMatch(/Polymarket does not take orders from US, NY/);
      expect([empty.code, closed.code, blocked.code]).toEqual([2, 2, 2]);
    });
  });
});

it("refuses a smoke test without a key", async () => {
  const { configured, smoke } = await open();
  vi.stubEnv("MATCHPOINT_PRIVATE_KEY", "");
  const ended = await smoke(["--config", configured(), "--yes"]);
  vi.stubEnv("MATCHPOINT_PRIVATE_KEY", KEY);
  expect(ended.err).toMatch(/there is no private key/);
  expect(ended.code).toBe(2);
});

describe("confirming a smoke test", () => {
  async function answered(text: string): Promise<{ readonly asked: string; readonly refused: unknown }> {
    const input = Object.assign(new PassThrough(), { isTTY: true });
    const asked: string[] = [];
    const done = confirm(false, 5_000_000 as Usdc, { out: (line) => void asked.push(line) }, input).then(
      () => undefined,
      (error: unknown) => error,
    );
    input.end(text);
    return { refused: await done, asked: asked.join("\n") };
  }

  it("takes the word yes of a person, and nothing else", async () => {
    const said = await answered("yes\n");
    expect(said).toEqual({
      asked: "Put at most $5 of real money at stake? Type yes to go on.",
      refused: undefined,
    });
    expect((await answered(" YES \n")).refused).toBeUndefined();
    for (const text of ["y\n", "no\n", "\n", ""])
      expect((await answered(text)).refused).toMatchObject({ code: "CONFIG_LIVE_REFUSED" });
  });
});

it("tells the unit of a time", () => {
  expect(unitOf("1790000000")).toBe("seconds as text");
  expect(unitOf(1_790_000_000_123)).toBe("ms as a number");
  for (const none of ["", "soon", null, 0, -1, {}]) expect(unitOf(none)).toBeUndefined();
});
