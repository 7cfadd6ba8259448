import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ROUTES } from "../src/index.ts";
import { ALICE, BOB, Desk, type Account } from "./support.ts";

const BAD_BODIES = [
  "",
  "null",
  "[]",
  "{}",
  "3",
  '"x"',
  "{",
  '{"order":null}',
  '{"order":[]}',
  '{"__proto__":{"order":{}}}',
  '{"order":{"__proto__":{"side":"BUY"}}}',
  '{"orderID":{}}',
  '{"orderID":"__proto__"}',
  '[{"token_id":"__proto__"}]',
  '["__proto__"]',
  "[".repeat(20_000),
  `[${"{},".repeat(100)}{}]`,
  "x".repeat(2_000_000),
  '{"heartbeat_id":{}}',
  '{"market":{},"asset_id":[]}',
  "\u0000",
];

describe("every route", () => {
  test("answers whatever is sent, and never throws", async () => {
    const desk = new Desk();
    const alice = await desk.account(ALICE);
    for (const { method, path } of ROUTES) {
      if (method === "DELETE" && path === "/auth/api-key") continue; // it would work
      const plain = path.replace(/:\w+/, "__proto__");
      for (const body of BAD_BODIES) {
        const headers = alice.headers(method, plain, body);
        const answer = desk.ask(method, plain, {
          headers,
          body,
          query: "token_id=__proto__&limit=-1&next_cursor=%00",
        });
        expect([answer?.status, method, plain, body.slice(0, 20)]).toSatisfy(
          ([status]) => typeof status === "number" && status >= 200 && status < 500,
        );
      }
    }
    expect(alice.get("/data/orders").data).toEqual([]);
  });

  test("is found by its exact path only", () => {
    const desk = new Desk();
    for (const path of [
      "/nothing",
      "/order/",
      "//",
      "/markets/",
      "/data/order/",
      "/%",
      "/markets/%",
      "/../admin",
      "/ORDER",
    ])
      expect(desk.ask("GET", path)?.status).toBe(404);
    expect(desk.ask("PATCH", "/ok")?.status).toBe(404);
    expect(desk.get(`/markets/${"x".repeat(5_000)}`).status).toBe(404);
    expect(desk.get("/gamma/events/slug/live-activity").status).toBe(404);
  });
});

test("admin commands refuse what they do not understand", () => {
  const desk = new Desk();
  const market = desk.market().id;
  for (const bad of [
    undefined,
    null,
    [],
    "fund",
    {},
    { do: "constructor" },
    { do: "__proto__" },
    { do: "fund" },
    { do: "fund", address: "0x1", usd: 1 },
    { do: "fund", address: ALICE.address, usd: "x" },
    { do: "fund", address: ALICE.address, usd: 1e300 },
    { do: "market", market: "0x" },
    { do: "market", market, tick: "0.3" },
    { do: "market", market, tick: "x" },
    { do: "market", market, secondsDelay: -1 },
    { do: "market", market, secondsDelay: 1e300 },
    { do: "market", market, startsAt: "soon" },
    { do: "market", market, startsAt: 1e300 },
    { do: "market", market, feePpm: -5 },
    { do: "market", market, feePpm: 0.5 },
    { do: "resolve", market, outcome: "0" },
    { do: "sports", gameId: 1 },
    { do: "chain", address: ALICE.address, market, kind: "burn" },
    { do: "chain", address: ALICE.address, market, kind: "merge", shares: "-1" },
    { do: "chain", address: ALICE.address, market, kind: "redeem", amounts: [1] },
    { do: "disconnect", channel: "constructor" },
    { do: "allowance", address: ALICE.address, spender: BOB.address, amount: "-1" },
    { do: "geoblock" },
  ])
    expect([bad, desk.admin(bad)]).toSatisfy(([, answer]) => !(answer as { ok: boolean }).ok);
});

test("sockets survive every text", () => {
  const desk = new Desk();
  for (const channel of ["market", "user", "sports"] as const) {
    for (const text of [
      ...BAD_BODIES,
      '{"type":"market","assets_ids":[null,1,{},"__proto__"]}',
      '{"operation":"subscribe"}',
      '{"type":"user","auth":[]}',
    ]) {
      const ear = desk.socket(channel);
      ear.say(text);
      ear.say(text);
      ear.close();
      ear.say("PING");
    }
  }
  desk.pass(200_000);
});

/** What accounts do, as data. */
const STEP = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("place" as const),
      who: fc.nat(1),
      market: fc.constantFrom(0, 0, 0, 1),
      outcome: fc.nat(1),
      side: fc.constantFrom("BUY" as const, "SELL" as const),
      type: fc.constantFrom("GTC" as const, "FAK" as const, "FOK" as const),
      cents: fc.integer({ min: 44, max: 56 }),
      size: fc.integer({ min: 4, max: 60 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cancel" as const), who: fc.nat(1) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 3_000 }) }),
  },
);

async function play(
  steps: readonly (typeof STEP extends fc.Arbitrary<infer T> ? T : never)[],
): Promise<Desk> {
  const desk = new Desk({
    settlement: { mined_ms: 500, confirmed_ms: 1_500 },
    settlementFaults: { trade_fail: 0.2, trade_retry: 0.2 },
  });
  const accounts: Account[] = [await desk.account(ALICE, 200), await desk.account(BOB, 200)];
  for (const account of accounts) {
    account.user();
    for (const index of [0, 1])
      desk.do({
        do: "chain",
        address: account.wallet.address,
        kind: "split",
        market: desk.market(index).id,
        shares: "50",
        actionId: `${account.wallet.address}${index}`,
      });
  }
  desk.pass(10_000);
  for (const step of steps) {
    if (step.do === "wait") desk.pass(step.ms);
    else if (step.do === "cancel") accounts[step.who]!.ask("DELETE", "/cancel-all");
    else {
      const { yes, no } = desk.market(step.market);
      const { side, type, size } = step;
      const shares = size * 1_000_000;
      const dollars = size * step.cents * 10_000;
      await accounts[step.who]!.place({
        side,
        type,
        price: 0,
        size,
        token: step.outcome === 0 ? yes : no,
        amounts: side === "BUY" ? [dollars, shares] : [shares, dollars],
      });
    }
  }
  desk.pass(20_000);
  return desk;
}

test("whatever accounts do, no dollar and no share is lost or made, and every answer is one", async () => {
  let matches = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(STEP, { minLength: 10, maxLength: 30 }), async (steps) => {
      const desk = await play(steps);
      const views = [ALICE, BOB].map(({ address }) => desk.venue.exchange.view(address.toLowerCase()));
      let dollars = views.reduce((sum, view) => sum + view.balances().collateral, 0);
      const trades = views[0]!.trades().trades.filter(({ status }) => status !== "FAILED");
      matches += trades.length;
      const seen = new Set<string>();
      for (const { tradeId, orderId, fee } of [
        ...trades,
        ...views[1]!.trades().trades.filter((t) => t.status !== "FAILED"),
      ]) {
        if (seen.has(`${tradeId}|${orderId}`)) continue;
        seen.add(`${tradeId}|${orderId}`);
        dollars += fee;
      }
      for (const index of [0, 1]) {
        const { id } = desk.market(index);
        const held = [0, 1].map((outcome) =>
          views.reduce(
            (sum, view) =>
              sum + (view.positions().find((p) => p.marketId === id && p.outcome === outcome)?.matched ?? 0),
            0,
          ),
        );
        // Pairs are worth a dollar: there are as many of one outcome as of the other.
        expect(held[0]).toBe(held[1]);
        dollars += held[0]!;
      }
      expect(dollars).toBe(400_000_000);
      for (const each of desk.effects)
        if (each.kind === "response") expect([200, 400]).toContain(each.status);
    }),
    { numRuns: Number(process.env["MATCHPOINT_RUNS"] ?? 8) },
  );
  expect(matches).toBeGreaterThan(5);
});

test("the same inputs give the same effects, to the byte", async () => {
  const steps = fc.sample(STEP, { numRuns: 80, seed: 7 });
  const [first, second] = [await play(steps), await play(steps)];
  expect(first.effects).toEqual(second.effects);
  expect(first.effects.length).toBeGreaterThan(60);
  const lively = () => {
    const desk = new Desk({ liquidity: "agents" });
    desk.socket("market", {
      type: "market",
      assets_ids: desk.venue.markets().flatMap(({ tokens }) => tokens.map(({ tokenId }) => tokenId)),
    });
    desk.pass(8_000);
    return desk.effects;
  };
  expect(lively()).toEqual(lively());
});

test("steps of time do not matter: many small ones do what one large one does", async () => {
  const run = async (step: number) => {
    const desk = new Desk({ liquidity: "agents" });
    const alice = await desk.account(ALICE);
    alice.user();
    desk.socket("market", { type: "market", assets_ids: [desk.market().yes] });
    for (let ms = 0; ms < 20_000; ms += step) desk.pass(step);
    return desk.effects.filter((each) => each.kind === "frame");
  };
  expect(await run(20_000)).toEqual(await run(50));
});
