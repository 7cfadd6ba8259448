import { PRICE_ONE, type Price, type Shares, type Usdc } from "@matchpoint/sdk";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  buildOrder,
  createOrderSigner,
  createWalletSigner,
  EXCHANGES,
  orderAmounts,
  type Exchange,
  type SigningLimits,
  type VenueOrder,
} from "../../src/index.ts";
import { at, FUNDER, LIMITS, OWNER, parties, TEST_KEY, TOKEN } from "../support/trading.ts";

const { v1, v2 } = EXCHANGES[137];
const NOW = at(1_800_000_000_000);
const BAND = { min: 4_000 as Price, max: 6_000 as Price };
const STRICT: SigningLimits = {
  ...LIMITS,
  parties: parties(3),
  maxNotional: 50_000_000 as Usdc,
  maxShares: 100_000_000 as Shares,
  band: (tokenId) => (tokenId === TOKEN ? BAND : undefined),
};
const REFUSED = expect.objectContaining({ code: "SIGNING_REFUSED" });

/** A signer that counts how often it was asked: what is refused must never come to it. */
function counted(limits: SigningLimits = STRICT) {
  const own = createWalletSigner(TEST_KEY);
  const seen = { asked: 0 };
  const signer = createOrderSigner({
    signer: { address: OWNER, sign: (request) => (seen.asked++, own.sign(request)) },
    limits,
    now: () => NOW,
    verify: false,
  });
  return { signer, seen };
}

const ORDER = buildOrder({
  parties: parties(3),
  tokenId: TOKEN,
  side: "buy",
  orderType: "GTC",
  amounts: { makerAmount: 10_001_600, takerAmount: 21_280_000 },
  salt: 900_000_000_000,
  timestamp: NOW,
});

describe("the policy", () => {
  test.each([
    ["a buy", ORDER, v1.standard],
    ["a sell", { ...ORDER, side: "SELL", makerAmount: "21280000", takerAmount: "10001600" }, v1.negRisk],
    ["an order of a v2 market", ORDER, v2.standard],
    ["the lowest price", { ...ORDER, makerAmount: "8000000", takerAmount: "20000000" }, v1.standard],
    ["the highest price", { ...ORDER, makerAmount: "12000000", takerAmount: "20000000" }, v1.standard],
    ["all that is allowed", { ...ORDER, makerAmount: "50000000", takerAmount: "100000000" }, v1.standard],
    ["GTD", { ...ORDER, expiration: "1800000300" }, v1.standard],
  ] as const)("signs %s", async (_, order, exchange) => {
    const { signer, seen } = counted();
    await signer.signOrder(order, exchange);
    expect(seen.asked).toBe(1);
  });

  test("signs a FAK buy at the band's highest price, whose implied price is past it by less than $0.0001", async () => {
    const terms = {
      side: "buy",
      orderType: "FAK",
      limit: BAND.max,
      size: 1 as Shares,
      spend: 1_000_000 as Usdc,
    } as const;
    const amounts = orderAmounts(terms, { tick: 1 as Price, minSize: 5_000_000 as Shares });
    expect(amounts.makerAmount * PRICE_ONE > amounts.takerAmount * BAND.max).toBe(true);
    const order = { ...ORDER, makerAmount: `${amounts.makerAmount}`, takerAmount: `${amounts.takerAmount}` };
    await counted().signer.signOrder(order, v1.standard);
  });

  const far = { verifyingContract: FUNDER } as const;
  test.each([
    ["form", { salt: 0 }, {}],
    ["form", { salt: "1" }, {}],
    ["form", { tokenId: "0x1" }, {}],
    ["form", { makerAmount: "1e6" }, {}],
    ["form", { makerAmount: "-1" }, {}],
    ["form", { side: "buy" }, {}],
    ["form", { taker: OWNER }, {}],
    ["form", { expiration: "1800000300000" }, {}],
    ["form", { metadata: `0x${"1".repeat(64)}` }, {}],
    ["domain", {}, { name: "Polymarket CTF Exchange " }],
    ["domain", {}, { version: "1" }],
    ["domain", {}, { version: "3" }],
    ["domain", {}, { salt: "0x" }],
    ["chain", {}, { chainId: 1 }],
    ["chain", {}, { chainId: "137" }],
    ["contract", {}, far],
    ["contract", {}, { verifyingContract: v1.standard.verifyingContract.toLowerCase() }],
    ["parties", { maker: OWNER }, {}],
    ["parties", { signer: OWNER }, {}],
    ["parties", { signatureType: 2 }, {}],
    ["builder", { builder: `0x${"1".repeat(64)}` }, {}],
    ["time", { timestamp: "1800000060001" }, {}],
    ["time", { timestamp: "1799999939999" }, {}],
    ["time", { timestamp: "1800000000" }, {}],
    ["notional", { makerAmount: "50000001", takerAmount: "100000000" }, {}],
    ["shares", { makerAmount: "50000000", takerAmount: "100000001" }, {}],
    ["price", { tokenId: "1" }, {}],
    ["price", { makerAmount: "7998000", takerAmount: "20000000" }, {}],
    ["price", { makerAmount: "12002000", takerAmount: "20000000" }, {}],
  ])("refuses by the rule of %s: %o %o", async (rule, over, domain) => {
    const { signer, seen } = counted();
    const order = { ...ORDER, ...over } as VenueOrder;
    const exchange = { ...v1.standard, ...domain } as Exchange;
    await expect(signer.signOrder(order, exchange)).rejects.toThrow(
      expect.objectContaining({ code: "SIGNING_REFUSED", context: { rule } }),
    );
    expect(seen.asked).toBe(0);
  });

  test("limits that are no numbers allow nothing", async () => {
    for (const over of [
      { maxNotional: NaN },
      { maxShares: NaN },
      { maxAgeMs: NaN },
      { band: { min: NaN, max: NaN } },
    ])
      await expect(
        counted({ ...STRICT, ...over } as SigningLimits).signer.signOrder(ORDER, v1.standard),
      ).rejects.toThrow(REFUSED);
  });

  test("nothing at all is refused, not stumbled over", async () => {
    const { signer, seen } = counted();
    await expect(signer.signOrder(ORDER, undefined as never)).rejects.toThrow(REFUSED);
    await expect(signer.signOrder(null as never, v1.standard)).rejects.toThrow(REFUSED);
    expect(seen.asked).toBe(0);
  });

  test("limits for another wallet than the signer's are refused at once", () => {
    const other = { ...STRICT, parties: { signatureType: 0, wallet: FUNDER, funder: FUNDER } } as const;
    expect(() => counted(other)).toThrow(REFUSED);
  });

  test("contracts and builders can be listed, then only they are signed for", async () => {
    const builder = `0x${"1".repeat(64)}` as const;
    const { signer } = counted({
      ...STRICT,
      contracts: [v1.standard.verifyingContract],
      builders: [builder],
    });
    await signer.signOrder({ ...ORDER, builder }, v1.standard);
    await expect(signer.signOrder(ORDER, v1.negRisk)).rejects.toThrow(REFUSED);
  });
});

test("12,000 changed payloads are refused, and none comes to the signer", async () => {
  const { signer, seen } = counted();
  const digits = (min: bigint, max: bigint) => fc.bigInt({ min, max }).map(String);
  const address = fc
    .uint8Array({ minLength: 20, maxLength: 20 })
    .map((bytes) => `0x${Buffer.from(bytes).toString("hex")}`);
  const bytes32 = fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map((bytes) => `0x${Buffer.from(bytes).toString("hex")}`);
  const odd = fc.constantFrom<unknown>(
    undefined,
    null,
    "",
    "0",
    "-1",
    "1.5",
    "1e9",
    "0x10",
    "١",
    NaN,
    Infinity,
    {},
    [],
    true,
    " 1",
    "01",
  );
  const max256 = (1n << 256n) - 1n;
  /** Each changes one field to something that no rule allows. */
  const order: Record<keyof VenueOrder, fc.Arbitrary<unknown>> = {
    salt: fc.oneof(fc.integer({ max: 0 }), fc.double({ min: 2 ** 53 }), odd),
    maker: fc.oneof(address, odd),
    signer: fc.oneof(address, odd),
    tokenId: fc.oneof(digits(1n, max256), odd),
    // Below 0.4 or above 0.6 a share, or too much at once.
    makerAmount: fc.oneof(digits(1n, 8_509_000n), digits(12_771_000n, max256), odd),
    takerAmount: fc.oneof(digits(1n, 16_660_000n), digits(25_011_000n, max256), odd),
    side: fc.oneof(fc.constantFrom("SELL", "buy", 0, 1), odd),
    signatureType: fc.oneof(fc.constantFrom(0, 1, 2, "3", 4), odd),
    timestamp: fc.oneof(digits(1n, NOW_BIG - 60_001n), digits(NOW_BIG + 60_001n, max256), odd),
    expiration: fc.oneof(
      digits(1n, 999_999_999n),
      digits(10n ** 11n, max256),
      odd.filter((each) => each !== "0"),
    ),
    metadata: fc.oneof(bytes32, odd),
    builder: fc.oneof(bytes32, odd),
  };
  const exchange: Record<keyof Exchange, fc.Arbitrary<unknown>> = {
    chainId: fc.oneof(
      fc.integer().filter((id) => id !== 137),
      odd,
    ),
    name: fc.oneof(fc.string(), odd),
    version: fc.oneof(fc.constantFrom("1", "3", "2 ", 2), odd),
    verifyingContract: fc.oneof(address, fc.constant(v1.negRisk.verifyingContract.toLowerCase()), odd),
  };
  const change = fc.oneof(
    ...Object.entries(order).map(([key, values]) =>
      values.map((value) => ({ order: { [key]: value }, exchange: {} })),
    ),
    ...Object.entries(exchange).map(([key, values]) =>
      values.map((value) => ({ order: {}, exchange: { [key]: value } })),
    ),
    fc
      .string({ minLength: 1 })
      .filter((key) => !(key in ORDER))
      .map((key) => ({ order: { [key]: "1" }, exchange: {} })),
    fc.constantFrom(...Object.keys(ORDER)).map((key) => ({ without: key, order: {}, exchange: {} })),
  );
  let tried = 0;
  await fc.assert(
    fc.asyncProperty(change, async (changed) => {
      tried++;
      const given: Record<string, unknown> = { ...ORDER, ...changed.order };
      if ("without" in changed) Reflect.deleteProperty(given, changed.without);
      const to = { ...v1.standard, ...changed.exchange };
      await expect(signer.signOrder(given as never, to)).rejects.toThrow(REFUSED);
    }),
    { numRuns: 12_000, seed: 20_261_123 },
  );
  expect([tried, seen.asked]).toEqual([12_000, 0]);
  // The same signer signs the order as it was.
  await signer.signOrder(ORDER, v1.standard);
  expect(seen.asked).toBe(1);
});
const NOW_BIG = BigInt(NOW);
