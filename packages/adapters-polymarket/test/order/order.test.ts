import type { RunId } from "@matchpoint/sdk";
import { orderToJsonV2 } from "@polymarket/clob-client-v2";
import { TypedDataEncoder } from "ethers";
import { describe, expect, test } from "vitest";
import {
  buildOrder,
  EXCHANGES,
  GTD_LEAD_S,
  orderBody,
  orderHash,
  ordersBody,
  orderSalt,
  type Address,
  type OrderInput,
  type PostOptions,
} from "../../src/index.ts";
import { API_KEY, at, FUNDER, OWNER, parties, TOKEN } from "../support/trading.ts";

const INPUT: OrderInput = {
  parties: parties(0),
  tokenId: TOKEN,
  side: "buy",
  orderType: "GTC",
  amounts: { makerAmount: 10_001_600, takerAmount: 21_280_000 },
  salt: 900_000_000_000,
  timestamp: at(1_800_000_000_000),
};
const { v1, v2 } = EXCHANGES[137];
const INVALID = expect.objectContaining({ code: "ORDER_INVALID" });

describe("the order's hash is its id", () => {
  // Computed with @polymarket/clob-client-v2 1.1.0.
  test.each([
    ["v2", v1.standard, 0, "0x761e15be4abe3241f1c507b47a17f51c1d4d99c475e18d4e3fc87b560ba0587b"],
    ["v2 neg-risk", v1.negRisk, 0, "0x9411a93f702b4ddc23ed0600f03fb29cce66bf202fe9f0fa8a3779c6e6cbf582"],
    ["v3", v2.standard, 0, "0x7c4015bf33274380b96fae24e25afe033603d63546795ab486b5d5a86775c93c"],
    ["deposit wallet", v1.standard, 3, "0x0b50c607e5a31188455eea3afde2830a6bc99a0432358ad78065614e2e5572bd"],
  ] as const)("%s", (_, exchange, signatureType, hash) => {
    expect(orderHash(buildOrder({ ...INPUT, parties: parties(signatureType) }), exchange)).toBe(hash);
  });

  test("is what ethers makes of the typed data, and differs by chain and by every signed field", () => {
    const order = buildOrder(INPUT);
    const seen = new Set<string>();
    for (const chain of [137, 80002] as const) seen.add(orderHash(order, EXCHANGES[chain].v1.standard));
    const others: Partial<OrderInput>[] = [
      { side: "sell" },
      { salt: 1 },
      { timestamp: at(1) },
      { tokenId: "1" },
      { parties: parties(1) },
      { parties: parties(2) },
      { parties: parties(3) },
      { amounts: { makerAmount: 10_001_601, takerAmount: 21_280_000 } },
      { amounts: { makerAmount: 10_001_600, takerAmount: 21_280_001 } },
      { metadata: `0x${"1".repeat(64)}` },
      { builder: `0x${"1".repeat(64)}` },
    ];
    for (const other of others) seen.add(orderHash(buildOrder({ ...INPUT, ...other }), v1.standard));
    expect(seen.size).toBe(others.length + 2);
    const fields =
      "salt maker signer tokenId makerAmount takerAmount side signatureType timestamp metadata builder";
    const types = "uint256 address address uint256 uint256 uint256 uint8 uint8 uint256 bytes32 bytes32".split(
      " ",
    );
    const Order = fields.split(" ").map((name, i) => ({ name, type: types[i]! }));
    expect(TypedDataEncoder.hash({ ...v1.standard }, { Order }, { ...order, side: 0 })).toBe(
      orderHash(order, v1.standard),
    );
  });

  test("an exchange that was changed is hashed as it is", () => {
    const order = buildOrder(INPUT);
    const changing = { ...v1.standard };
    const before = orderHash(order, changing);
    Object.assign(changing, { verifyingContract: v1.negRisk.verifyingContract });
    expect(orderHash(order, changing)).not.toBe(before);
    expect(orderHash(order, changing)).toBe(orderHash(order, v1.negRisk));
  });
});

describe("parties", () => {
  test.each([
    [0, OWNER, OWNER],
    [1, FUNDER, OWNER],
    [2, FUNDER, OWNER],
    [3, FUNDER, FUNDER],
  ] as const)("type %i", (signatureType, maker, signer) => {
    expect(buildOrder({ ...INPUT, parties: parties(signatureType) })).toMatchObject({
      maker,
      signer,
      signatureType,
    });
  });

  test("addresses are written with their checksum, a wrong one is refused", () => {
    const lower = OWNER.toLowerCase() as Address;
    const own = { signatureType: 0, wallet: lower, funder: lower } as const;
    expect(buildOrder({ ...INPUT, parties: own }).maker).toBe(OWNER);
    const wrong = OWNER.replace("f39F", "F39f") as Address;
    expect(() => buildOrder({ ...INPUT, parties: { ...own, wallet: wrong } })).toThrow(INVALID);
  });
});

describe("refused", () => {
  const zero: Address = `0x${"0".repeat(40)}`;
  const cases: readonly [string, Partial<Record<keyof OrderInput, unknown>>][] = [
    ["type 0 for another", { parties: { signatureType: 0, wallet: OWNER, funder: FUNDER } }],
    ["type 3 for itself", { parties: { signatureType: 3, wallet: OWNER, funder: OWNER } }],
    ["type 4", { parties: { signatureType: 4, wallet: OWNER, funder: FUNDER } }],
    ["no funder", { parties: { signatureType: 3, wallet: OWNER, funder: zero } }],
    ["half an address", { parties: { signatureType: 3, wallet: OWNER, funder: "0x11" } }],
    ["an address that is none", { parties: { signatureType: 3, wallet: OWNER, funder: {} } }],
    ["a token id in hexadecimal", { tokenId: "0x12" }],
    ["a token id below 0", { tokenId: "-1" }],
    ["a token id with a leading 0", { tokenId: "012" }],
    ["a token id of 2^256", { tokenId: String(1n << 256n) }],
    ["a token id that is a number", { tokenId: 12 }],
    ["a salt of 2^53", { salt: 2 ** 53 }],
    ["a salt of 0", { salt: 0 }],
    ["a timestamp with parts", { timestamp: 1.5 }],
    ["amounts of 0", { amounts: { makerAmount: 0, takerAmount: 1 } }],
    ["amounts with parts", { amounts: { makerAmount: 1, takerAmount: 1.5 } }],
    ["amounts beyond 2^53", { amounts: { makerAmount: 1, takerAmount: 2 ** 60 } }],
    ["metadata that are too short", { metadata: "0x00" }],
    ["a builder in upper case", { builder: `0x${"A".repeat(64)}` }],
    ["GTC with an expiration", { expiration: 1_800_001_000 }],
    ["GTD without", { orderType: "GTD" }],
    ["GTD too early", { orderType: "GTD", expiration: 1_800_000_000 + GTD_LEAD_S - 1 }],
    ["GTD in milliseconds", { orderType: "GTD", expiration: 1_800_001_000_000 }],
  ];
  test.each(cases)("%s", (_, over) => {
    expect(() => buildOrder({ ...INPUT, ...over } as OrderInput)).toThrow(INVALID);
  });
});

describe("the wire body", () => {
  const signature = `0x${"ab".repeat(65)}` as const;
  const post: PostOptions = { owner: API_KEY, orderType: "GTC" };

  test.each([
    [{ orderType: "GTC" }, {}],
    [{ orderType: "GTC", postOnly: true }, {}],
    [{ orderType: "FAK" }, {}],
    [{ orderType: "FOK", deferExec: true }, {}],
    [{ orderType: "GTD", postOnly: true }, { expiration: 1_800_000_300 }],
  ] as const)("has the bytes of the official client's: %o", (flags, over) => {
    const order = buildOrder({ ...INPUT, ...over, orderType: flags.orderType });
    const options: PostOptions = { ...post, ...flags };
    const official = orderToJsonV2(
      { ...order, salt: String(order.salt), signature } as never,
      options.owner,
      options.orderType as never,
      options.postOnly ?? false,
      options.deferExec ?? false,
    );
    expect(orderBody({ order, signature }, options)).toBe(JSON.stringify(official));
    expect(ordersBody([{ signed: { order, signature }, options }])).toBe(JSON.stringify([official]));
  });

  test("flags that do not go together are refused", () => {
    const signed = { order: buildOrder(INPUT), signature };
    expect(() => orderBody(signed, { ...post, orderType: "FAK", postOnly: true })).toThrow(INVALID);
    expect(() => orderBody(signed, { ...post, orderType: "GTD" })).toThrow(INVALID);
    expect(() => orderBody(signed, { ...post, owner: "" })).toThrow(INVALID);
    const gtd = buildOrder({ ...INPUT, orderType: "GTD", expiration: 1_800_000_300 });
    expect(() => orderBody({ order: gtd, signature }, post)).toThrow(INVALID);
  });

  test("a batch has at most 15", () => {
    const entry = { signed: { order: buildOrder(INPUT), signature }, options: post };
    expect(JSON.parse(ordersBody(Array(15).fill(entry)))).toHaveLength(15);
    expect(() => ordersBody(Array(16).fill(entry))).toThrow(INVALID);
    expect(() => ordersBody([])).toThrow(INVALID);
  });
});

test("a salt depends on the run and the place in it only, and fits the wire", () => {
  const run = "run-1" as RunId;
  expect(orderSalt(run, 7)).toBe(orderSalt(run, 7));
  const salts = new Set<number>();
  for (const each of [run, "run-2" as RunId])
    for (let seq = 0; seq < 2_000; seq++) salts.add(orderSalt(each, seq));
  expect(salts.size).toBe(4_000);
  for (const salt of salts) expect(Number.isSafeInteger(salt) && salt > 0).toBe(true);
});
