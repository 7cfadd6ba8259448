import {
  id,
  MatchpointError,
  VirtualClock,
  type HttpResponse,
  type MarketDescription,
  type Transport,
} from "@matchpoint/sdk";
import { describe, expect, test } from "vitest";
import { askGeoblock, judgeGeoblock, venueChecks, watchGeoblock, type LiveCheck } from "../../src/index.ts";
import { parties } from "../support/trading.ts";

const NOW = 1_800_000_000_400;
const SECRET = "Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5LWNhbmE=";
const CREDENTIALS = { key: "6f8a3c1e", secret: SECRET, passphrase: "canary-passphrase" };
const CONDITION = `0x${"5f".repeat(32)}`;

const MARKET: MarketDescription = {
  marketId: id(CONDITION),
  title: "T1 vs Gen.G",
  outcomes: [
    { tokenId: id("1"), name: "T1" },
    { tokenId: id("2"), name: "Gen.G" },
  ],
  tick: 100 as never,
  minSize: 5_000_000 as never,
  fee: { ratePpm: 50_000, exponent: 1, takerOnly: true },
  takerDelayMs: 1_000,
  mirrored: true,
  negRisk: false,
  acceptingOrders: true,
  clearBookOnStart: true,
};

const CLOB_MARKET = {
  c: CONDITION,
  t: [
    { t: "1", o: "T1" },
    { t: "2", o: "Gen.G" },
  ],
  mts: 0.01,
  mos: 5,
  sd: 1,
  cbos: true,
  ao: true,
  fd: { r: 0.05, e: 1, to: true },
};

/** What the venue answers when all is well. */
const GOOD: Readonly<Record<string, unknown>> = {
  "/api/geoblock": { blocked: false, ip: "1.2.3.4", country: "IE", region: "L" },
  "/version": { version: 2 },
  "/time": Math.floor(NOW / 1000),
  "/auth/ban-status/closed-only": { closed_only: false },
  "/balance-allowance": { balance: "25000000", allowances: {} },
  [`/clob-markets/${CONDITION}`]: CLOB_MARKET,
};

type Answer = { readonly status: number; readonly text: string } | Error;

/** A venue that answers by a table; an error is what the network throws. */
function transport(answers: Readonly<Record<string, unknown>>, seen: string[] = []): Transport {
  return {
    connect: () => expect.fail("no socket is opened"),
    async request({ url, headers }): Promise<HttpResponse> {
      const path = new URL(url).pathname;
      seen.push(`${path} ${JSON.stringify(headers ?? {})}`);
      const answer = path in answers ? answers[path] : ({ status: 404, text: "" } satisfies Answer);
      if (answer instanceof Error) throw answer;
      const plain =
        typeof answer === "object" && answer !== null && "text" in answer
          ? (answer as Exclude<Answer, Error>)
          : undefined;
      const text = plain?.text ?? JSON.stringify(answer);
      return { status: plain?.status ?? 200, headers: {}, body: new TextEncoder().encode(text) };
    },
  };
}

/** Lets a clock's time pass until something is done. */
async function passing<T>(clock: VirtualClock, work: Promise<T>): Promise<T> {
  const state = { done: false };
  void work.finally(() => (state.done = true));
  while (!state.done) {
    clock.advance(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return work;
}

async function checked(
  over: Readonly<Record<string, unknown>>,
  type: 0 | 3 = 0,
): Promise<readonly LiveCheck[]> {
  const clock = new VirtualClock({ startsAt: NOW });
  const running = venueChecks({
    transport: transport({ ...GOOD, ...over }),
    clock,
    credentials: CREDENTIALS,
    parties: parties(type),
    markets: [MARKET],
    geoblockUrl: "https://polymarket.test/api/geoblock",
    clobUrl: "https://clob.test",
  });
  return passing(clock, running);
}

const status = (checks: readonly LiveCheck[]): Record<string, string> =>
  Object.fromEntries(checks.map((check) => [check.id, check.status]));

const ALL_OK = {
  geoblock: "ok",
  version: "ok",
  clock: "ok",
  "api-key": "ok",
  account: "ok",
  [`market:${CONDITION}`]: "ok",
};

test("a venue where all is well passes every check", async () => {
  const checks = await checked({});
  expect(status(checks)).toEqual(ALL_OK);
  expect(checks.find(({ id }) => id === "account")?.found).toBe("the account has $25 at the venue");
});

describe("what is wrong fails, is named, and has something to do about it", () => {
  test.each<[string, Record<string, unknown>, string, RegExp]>([
    [
      "a blocked country",
      { "/api/geoblock": { blocked: true, country: "US", region: "NY" } },
      "geoblock",
      /does not take orders from US, NY/,
    ],
    [
      "a geoblock that is not reached",
      { "/api/geoblock": new Error("getaddrinfo ENOTFOUND") },
      "geoblock",
      /does not say .*ENOTFOUND/,
    ],
    [
      "a geoblock that answers with a page",
      { "/api/geoblock": { status: 200, text: "<html>" } },
      "geoblock",
      /no JSON/,
    ],
    [
      "a geoblock that does not say",
      { "/api/geoblock": { blocked: "no" } },
      "geoblock",
      /does not say whether it is blocked/,
    ],
    [
      "another version",
      { "/version": { version: 3 } },
      "version",
      /orders of version 3, this adapter makes version 2/,
    ],
    ["no version", { "/version": {} }, "version", /orders of version unknown/],
    ["a venue that is down", { "/version": { status: 503, text: "" } }, "version", /status 503/],
    ["a clock five seconds off", { "/time": Math.floor(NOW / 1000) + 5 }, "clock", /ms behind the venue/],
    ["no time", { "/time": new Error("socket hang up") }, "clock", /could not be read/],
    [
      "a key that is not known",
      { "/auth/ban-status/closed-only": { status: 401, text: '{"error":"Unauthorized/Invalid api key"}' } },
      "api-key",
      /does not accept the API key: .*status 401: Unauthorized\/Invalid api key/,
    ],
    [
      "an account in closed only mode",
      { "/auth/ban-status/closed-only": { closed_only: true } },
      "account",
      /close positions only/,
    ],
    [
      "an account of which the venue does not say whether it is in closed only mode",
      { "/auth/ban-status/closed-only": {} },
      "account",
      /does not say whether this account may open positions/,
    ],
    [
      "no money, or another signature type",
      { "/balance-allowance": { balance: "0", allowances: {} } },
      "account",
      /no collateral for this account with signature type 0/,
    ],
    ["a balance that is none", { "/balance-allowance": { balance: -1 } }, "account", /cannot be read/],
    [
      "a market that is not there",
      { [`/clob-markets/${CONDITION}`]: { status: 404, text: '{"error":"market not found"}' } },
      `market:${CONDITION}`,
      /T1 vs Gen\.G: .*the CLOB does not know/,
    ],
    [
      "another market's tokens",
      {
        [`/clob-markets/${CONDITION}`]: {
          ...CLOB_MARKET,
          t: [
            { t: "7", o: "T1" },
            { t: "8", o: "Gen.G" },
          ],
        },
      },
      `market:${CONDITION}`,
      /do not name the same market and tokens/,
    ],
  ])("%s", async (_, over, id, says) => {
    const checks = await checked(over);
    const failed = checks.filter((check) => check.status === "fail");
    expect(failed.map((check) => check.id)).toEqual([id]);
    expect(failed[0]!.found).toMatch(says);
    expect(failed[0]!.fix).not.toBe("");
    expect(failed[0]!.found).not.toContain("\n");
  });
});

test("a CLOB that cannot be reached is named, and nothing is said of ids and keys", async () => {
  const urls: string[] = [];
  const clock = new VirtualClock({ startsAt: NOW });
  const running = venueChecks({
    transport: {
      connect: () => expect.fail("no socket is opened"),
      request: ({ method, url }) => {
        urls.push(url);
        return Promise.reject(
          new MatchpointError("HTTP_FAILED", "connect ECONNREFUSED", { where: `${method} ${url}` }),
        );
      },
    },
    clock,
    credentials: CREDENTIALS,
    parties: parties(0),
    markets: [MARKET],
    geoblockUrl: "http://geo.test:8080/api/geoblock",
    clobUrl: "https://clob.test",
  });
  const checks = await passing(clock, running);
  expect(urls.filter((url) => url.endsWith("?"))).toEqual([]);
  expect(new Set(checks.map((check) => check.status))).toEqual(new Set(["fail"]));
  for (const { id, found, fix } of checks) {
    expect(found.match(/GET /g), `${id}: ${found}`).toHaveLength(1);
    expect(fix).toContain(id === "geoblock" ? "http://geo.test:8080/api/geoblock" : "https://clob.test");
    expect(fix).not.toMatch(/market's id|Derive the key|polymarket\.com/);
  }
});

test("terms that have changed are told with both values, and do not stop a start", async () => {
  const changed = { ...CLOB_MARKET, sd: 3, fd: { r: 0.07, e: 1, to: true }, mts: 0.001 };
  const checks = await checked({ [`/clob-markets/${CONDITION}`]: changed });
  const market = checks.find(({ id }) => id.startsWith("market:"))!;
  expect(market.status).toBe("warn");
  expect(market.found).toBe(
    "T1 vs Gen.G: the tick is 0.001, not 0.01; the fee is 7 % of takers, not 5 % of takers; the taker delay is 3000 ms, not 1000 ms",
  );
});

test("nothing that is found quotes a secret, and public questions carry no credentials", async () => {
  const seen: string[] = [];
  const clock = new VirtualClock({ startsAt: NOW });
  const echo = { status: 401, text: JSON.stringify({ error: `bad ${SECRET} ${CREDENTIALS.passphrase}` }) };
  const options = {
    clock,
    credentials: CREDENTIALS,
    parties: parties(0),
    markets: [],
    clobUrl: "https://clob.test",
  };
  const running = venueChecks({
    ...options,
    transport: transport({ ...GOOD, "/auth/ban-status/closed-only": echo }, seen),
  });
  expect(JSON.stringify(await passing(clock, running))).not.toMatch(/canary|Y2FuYXJ5/);
  expect(seen.filter((line) => line.includes("POLY_")).every((line) => /^\/(auth|balance)/.test(line))).toBe(
    true,
  );
});

describe("the geoblock while a run trades", () => {
  async function watched(answers: readonly unknown[]): Promise<string[]> {
    const clock = new VirtualClock({ startsAt: NOW });
    const stop = new AbortController();
    let asked = 0;
    const told: string[] = [];
    const port = transport({});
    const run = (async () => {
      const source = watchGeoblock({
        clock,
        signal: stop.signal,
        everyMs: 600_000,
        transport: {
          ...port,
          request: (options) => transport({ "/api/geoblock": answers[asked++] }).request(options),
        },
      });
      for await (const { operator, command } of source) {
        const reason = "reason" in command ? command.reason : "no reason given";
        told.push(`${operator}: ${command.kind}: ${reason}`);
      }
    })();
    for (let i = 0; i < answers.length; i++) {
      clock.advance(600_000);
      for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    stop.abort();
    await run;
    return told;
  }
  const open = { blocked: false, country: "IE" };
  const down = new Error("no route to host");
  const KILL = "geoblock: kill: Polymarket does not take orders from FR";

  test("goes on where it may", async () => {
    expect(await watched([open, open, open])).toEqual([]);
  });
  test("kills the run where it may not any more", async () => {
    expect(await watched([open, { blocked: true, country: "FR" }, open])).toEqual([KILL]);
  });
  test("kills it again when a person resumed it there", async () => {
    const blocked = { blocked: true, country: "FR" };
    expect(await watched([blocked, blocked, open, blocked])).toEqual([KILL, KILL, KILL]);
    // What is not known does not unmake what was said.
    expect(await watched([blocked, down])).toEqual([KILL, KILL]);
  });
  test("stops entries when it stays unknown, once", async () => {
    expect(await watched([down, down, open, down, down, down, down])).toEqual([
      "geoblock: stop_entries: Polymarket does not say whether it may be traded on from here: no route to host",
    ]);
  });
});

test("a place's name that is none is not shown", async () => {
  const answer = await askGeoblock({
    transport: transport({ "/api/geoblock": { blocked: true, country: "\u001b[31mUS", region: 7 } }),
  });
  expect(answer).toEqual({ kind: "blocked", country: "", region: "" });
  expect(judgeGeoblock(answer).found).toBe("Polymarket does not take orders from this place");
});
