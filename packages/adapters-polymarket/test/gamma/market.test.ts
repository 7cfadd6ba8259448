import { checkMarket, feeSchedule, NO_FEE } from "@matchpoint/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeClobMarket, decodeGammaEvent, decodeGammaMarket, withClobMarket } from "../../src/index.ts";
import { clobMarket, gammaMarket } from "../support/gamma.ts";
import { NO, YES } from "../support/markets.ts";

function usable(changes: Record<string, unknown> = {}) {
  const answer = decodeGammaMarket(gammaMarket(changes));
  if (answer.kind === "refused") throw new Error(answer.reason);
  return answer;
}
function reason(changes: Record<string, unknown>): string {
  const answer = decodeGammaMarket(gammaMarket(changes));
  return answer.kind === "refused" ? answer.reason : "usable";
}

describe("a Gamma market", () => {
  it("is described", () => {
    expect(usable()).toEqual({
      kind: "market",
      description: {
        marketId: "0x202a",
        title: "Counter-Strike: FaZe vs illwill (BO3) - Playoffs",
        outcomes: [
          { tokenId: YES, name: "FaZe" },
          { tokenId: NO, name: "illwill" },
        ],
        tick: 10,
        minSize: 5_000_000,
        fee: feeSchedule(30_000, 1, true),
        makerRebatePpm: 250_000,
        takerDelayMs: 3_000,
        mirrored: true,
        negRisk: false,
        acceptingOrders: true,
        startsAt: Date.parse("2026-04-05T15:10:00Z"),
        clearBookOnStart: true,
        rules: "This market will resolve to FaZe if FaZe win.",
      },
      details: {
        gammaId: "1",
        slug: "cs2-faze-ill-2026-04-05",
        sportsMarketType: "moneyline",
        groupItemTitle: "Match Winner",
        line: undefined,
        gameId: "1427074",
        event: undefined,
        resolutionSource: "https://hltv.org",
        closed: false,
        umaResolutionStatus: undefined,
      },
      resolution: { kind: "open" },
    });
  });

  it.each([
    [{ feesEnabled: false, feeSchedule: null }, NO_FEE],
    [{ feesEnabled: true, feeSchedule: null }, undefined],
    [{ feesEnabled: null, feeSchedule: null }, undefined],
    [{ feeSchedule: { rate: 0.05, exponent: 1, takerOnly: true } }, feeSchedule(50_000, 1, true)],
    [{ feeSchedule: { rate: 0.072 } }, feeSchedule(72_000, 1, true)],
  ])("with %j charges %j", (changes, fee) => {
    expect(usable(changes).description.fee).toEqual(fee);
  });

  it.each([
    [{ feeSchedule: { rate: 0.05, rebateRate: 0.15 } }, 150_000],
    [{ feeSchedule: { rate: 0.05, rebateRate: 1 } }, 1_000_000],
    [{ feeSchedule: { rate: 0.05 } }, undefined],
    [{ feeSchedule: { rate: 0.05, rebateRate: 0 } }, undefined],
    [{ feeSchedule: { rate: 0.05, rebateRate: 1.01 } }, undefined],
    [{ feeSchedule: { rate: 0.05, rebateRate: "much" } }, undefined],
    [{ feeSchedule: { rate: 0, rebateRate: 0.15 } }, undefined],
    [{ feesEnabled: false }, undefined],
  ])("with %j gives makers %j millionths of the fees back", (changes, part) => {
    expect(usable(changes).description.makerRebatePpm).toBe(part);
  });

  it.each([
    [{ secondsDelay: null }, { takerDelayMs: 0 }],
    [{ secondsDelay: 1 }, { takerDelayMs: 1_000 }],
    [
      { orderPriceMinTickSize: "0.0025", orderMinSize: "15.5" },
      { tick: 25, minSize: 15_500_000 },
    ],
    [
      { negRisk: true, clearBookOnStart: null },
      { negRisk: true, clearBookOnStart: false },
    ],
    [{ closed: true }, { acceptingOrders: false }],
    [{ active: false }, { acceptingOrders: false }],
    [{ enableOrderBook: false }, { acceptingOrders: false }],
    [{ acceptingOrders: null }, { acceptingOrders: false }],
    [{ gameStartTime: "2026-04-05T15:10:00.5+02:00" }, { startsAt: Date.parse("2026-04-05T13:10:00.500Z") }],
    [{ gameStartTime: "2024-02-29 00:00:00-0530" }, { startsAt: Date.parse("2024-02-29T05:30:00Z") }],
  ])("with %j has %j", (changes, expected) => {
    expect(usable(changes).description).toMatchObject(expected);
  });

  it.each([null, ""])("without a game start (%j) has none", (gameStartTime) => {
    expect(usable({ gameStartTime }).description).not.toHaveProperty("startsAt");
  });

  it("is disputed where the oracle's answer is, and no longer once another was proposed", () => {
    expect(usable({}).description).not.toHaveProperty("disputed");
    for (const status of ["proposed", "disputed", "requested", "resolved"])
      expect(usable({ umaResolutionStatus: status }).description.disputed).toBe(status === "disputed");
  });

  it("of version v2 trades by position ids, of any other never", () => {
    const positionIds = ["11", "22"];
    expect(usable({ version: "v2", positionIds }).description.outcomes[0].tokenId).toBe("11");
    expect(usable({ version: "v1", positionIds }).description.outcomes[0].tokenId).toBe(YES);
    expect(usable({ positionIds }).description.outcomes[0].tokenId).toBe(YES);
    expect(reason({ version: "v2" })).toBe("it has no positionIds yet");
  });

  it.each([
    [{ clobTokenIds: null }, "it has no clobTokenIds yet"],
    [{ clobTokenIds: "" }, "it has no clobTokenIds yet"],
    [{ clobTokenIds: "[]" }, "it has 0 token ids, not two"],
    [{ clobTokenIds: '["1","1"]' }, "both outcomes have the same token id"],
    [{ clobTokenIds: '["1","0x2"]' }, 'token id "0x2" is no decimal number'],
    [{ clobTokenIds: "[1,2]" }, "clobTokenIds is not a list of texts"],
    [{ clobTokenIds: "[1" }, 'clobTokenIds "[1" is not JSON'],
    [{ outcomes: '["a","b","c"]' }, "it has 3 outcomes, not two"],
    [{ outcomes: 5 }, "outcomes: Invalid input"],
    [{ question: undefined }, "question: Invalid input: expected string, received undefined"],
    [{ conditionId: "" }, "conditionId: Too small: expected string to have >=1 characters"],
    [{ orderPriceMinTickSize: null }, "it has no tick: it was never traded on the order book"],
    [{ orderPriceMinTickSize: 0 }, "orderPriceMinTickSize 0 is no tick"],
    [{ orderPriceMinTickSize: 0.003 }, "orderPriceMinTickSize 0.003 is no tick"],
    [{ orderPriceMinTickSize: 1e-7 }, 'orderPriceMinTickSize: price "1e-7" is not a plain decimal number'],
    [{ orderMinSize: null }, "it has no smallest order"],
    [{ orderMinSize: -5 }, "orderMinSize: shares -5000000 is not an integer from 0 to 9007199254740991"],
    [{ secondsDelay: 0.5 }, "secondsDelay 0.5 is no number of seconds"],
    [{ secondsDelay: -1 }, "secondsDelay -1 is no number of seconds"],
    [{ gameStartTime: "tomorrow" }, 'gameStartTime "tomorrow" is not a time'],
    [
      { gameStartTime: "2026-02-29 15:10:00+00" },
      'gameStartTime "2026-02-29 15:10:00+00" is not a time that exists',
    ],
    [
      { gameStartTime: "2026-13-01 15:10:00+00" },
      'gameStartTime "2026-13-01 15:10:00+00" is not a time that exists',
    ],
    [{ feeSchedule: { rate: 1.5 } }, "feeSchedule: fee rate 1500000 ppm is not an integer from 0 to 1000000"],
    [
      { feeSchedule: { rate: 0.05, exponent: 0.5 } },
      "feeSchedule: fee exponent 0.5 is not an integer from 0 to 4",
    ],
  ])("with %j is refused: %s", (changes, expected) => {
    expect(reason(changes)).toBe(expected);
  });

  it("never throws for any record, nor describes what no journal takes", () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom<unknown>(0, -1, 0.3, 1, 5, 1e-7, 1e9, 1e15, 1e300, "0.5", "9007199254740993", "1e3"),
      fc.record({ rate: fc.double(), exponent: fc.integer({ min: -1, max: 9 }), takerOnly: fc.boolean() }),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(gammaMarket()), "__proto__"), value, { maxKeys: 3 }),
        (changes) => {
          const answer = decodeGammaMarket({ ...gammaMarket(), ...changes });
          if (answer.kind === "market") expect(checkMarket(answer.description, "market")).toBeUndefined();
          else expect(answer.kind).toBe("refused");
        },
      ),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(clobMarket()), "__proto__"), value, { maxKeys: 3 }),
        (changes) => {
          const answer = decodeClobMarket({ ...clobMarket(), ...changes });
          const own = decodeGammaMarket(gammaMarket());
          if (answer.kind === "refused" || own.kind === "refused") return;
          const description = withClobMarket(own.description, answer);
          if (!("kind" in description)) expect(checkMarket(description, "market")).toBeUndefined();
        },
      ),
      { numRuns: 500 },
    );
    for (const value of [null, 5, "x", [], undefined])
      expect(decodeGammaMarket(value)).toMatchObject({ kind: "refused", id: undefined });
    expect(decodeGammaMarket({ id: "7" })).toMatchObject({ kind: "refused", id: "7" });
  });
});

describe("a resolution", () => {
  const closed = { closed: true, umaResolutionStatus: "resolved" };
  it.each([
    ['["1", "0"]', [1_000_000, 0]],
    ['["0", "1"]', [0, 1_000_000]],
    ['["0.5", "0.5"]', [500_000, 500_000]],
    ['["1.0", "0.000"]', [1_000_000, 0]],
    ['["0.50", "0.50"]', [500_000, 500_000]],
  ])("by prices %s pays %j", (outcomePrices, payouts) => {
    expect(usable({ ...closed, outcomePrices }).resolution).toEqual({ kind: "resolved", payouts });
  });

  it.each(['["0", "0"]', '["1", "1"]', '["0.58", "0.42"]', '["1"]', null])(
    "by prices %s is unclear",
    (outcomePrices) => {
      expect(usable({ ...closed, outcomePrices }).resolution.kind).toBe("unclear");
    },
  );

  it.each([
    { closed: true },
    { closed: true, umaResolutionStatus: "proposed", umaResolutionStatuses: '["proposed"]' },
    { closed: true, umaResolutionStatus: "disputed" },
    { closed: false, umaResolutionStatus: "resolved" },
  ])("with %j is open, whatever the prices", (changes) => {
    expect(usable({ ...changes, outcomePrices: '["1","0"]' }).resolution).toEqual({ kind: "open" });
  });
});

describe("a Gamma event", () => {
  it("keeps its good markets beside bad ones", () => {
    const event = decodeGammaEvent({
      id: "346898",
      slug: "cs2-faze-ill-2026-04-05",
      title: "FaZe vs illwill",
      gameId: 1427074,
      startTime: "2026-04-05T15:10:00Z",
      live: true,
      ended: false,
      closed: null,
      score: "000-000|1-0|Bo3",
      markets: [gammaMarket(), gammaMarket({ clobTokenIds: null }), null],
    });
    expect(event).toMatchObject({
      kind: "event",
      eventId: "346898",
      gameId: "1427074",
      startsAt: Date.parse("2026-04-05T15:10:00Z"),
      live: true,
      ended: false,
      closed: false,
      score: "000-000|1-0|Bo3",
      markets: [{ kind: "market" }, { kind: "refused", id: "1" }, { kind: "refused", id: undefined }],
    });
    expect(decodeGammaEvent({ id: "1", slug: "s", startTime: "soon" })).toMatchObject({
      kind: "refused",
      id: "1",
    });
    expect(decodeGammaEvent({ id: "1", slug: "s" })).toMatchObject({ markets: [], startsAt: undefined });
  });
});

describe("a CLOB market", () => {
  it("corrects what Gamma says and keeps its order of outcomes", () => {
    const clob = decodeClobMarket(clobMarket());
    if (clob.kind === "refused") throw new Error(clob.reason);
    expect(clob).toMatchObject({
      tick: 100,
      takerDelayMs: 1_000,
      fee: feeSchedule(50_000, 1, true),
      acceptingOrders: true,
    });
    const description = withClobMarket(usable().description, clob);
    expect(description).toEqual({
      ...usable().description,
      tick: 100,
      takerDelayMs: 1_000,
      fee: feeSchedule(50_000, 1, true),
      startsAt: Date.parse("2026-04-05T15:20:00Z"),
    });
  });

  it("of another market or other tokens is refused", () => {
    for (const changes of [
      { c: "0xother" },
      {
        t: [
          { t: YES, o: "FaZe" },
          { t: "5", o: "illwill" },
        ],
      },
    ]) {
      const clob = decodeClobMarket(clobMarket(changes));
      if (clob.kind === "refused") throw new Error(clob.reason);
      expect(withClobMarket(usable().description, clob)).toMatchObject({ kind: "refused" });
    }
  });

  it.each([
    [
      { fd: undefined, sd: undefined, cbos: undefined, ao: undefined, gst: undefined },
      { fee: NO_FEE, takerDelayMs: 0, clearBookOnStart: false, acceptingOrders: false, startsAt: undefined },
    ],
    [{ sd: 0, itode: true }, { takerDelayMs: 50 }],
    [{ sd: 2, itode: true }, { takerDelayMs: 2_000 }],
    [
      { nr: true, mts: "0.0001", mos: "1" },
      { negRisk: true, tick: 1, minSize: 1_000_000 },
    ],
  ])("with %j has %j", (changes, expected) => {
    expect(decodeClobMarket(clobMarket(changes))).toMatchObject(expected);
  });

  it.each([
    [{ t: [] }],
    [{ mts: 0.07 }],
    [{ mos: "x" }],
    [{ gst: "soon" }],
    [{ fd: { r: 2 } }],
    [{ sd: "1" }],
  ])("with %j is refused", (changes) => {
    expect(decodeClobMarket(clobMarket(changes)).kind).toBe("refused");
  });
});
