import { PRICE_ONE, type Price, type Shares } from "@matchpoint/sdk";
import { TypedDataEncoder } from "ethers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  buildOrder,
  createEthersSigner,
  createOrderSigner,
  createWalletSigner,
  EXCHANGES,
  loadCurve,
  orderAmounts,
  orderHash,
  type Hex,
  type OrderInput,
  type OrderSigner,
  type SignatureType,
  type Signer,
} from "../../src/index.ts";
import {
  at,
  dollars,
  FUNDER,
  LIMITS,
  officialBuilder,
  officialLimit,
  OWNER,
  parties,
  TEST_KEY,
  TICK_TEXTS,
  TOKEN,
  WALLET,
} from "../support/trading.ts";

const { v1, v2 } = EXCHANGES[137];
const NOW = at(1_800_000_000_000);

function input(signatureType: SignatureType): OrderInput {
  return {
    parties: parties(signatureType),
    tokenId: TOKEN,
    side: "buy",
    orderType: "GTC",
    amounts: { makerAmount: 10_001_600, takerAmount: 21_280_000 },
    salt: 900_000_000_000,
    timestamp: NOW,
  };
}

function signerOf(
  signatureType: SignatureType,
  over: { signer?: Signer; verify?: boolean; now?: number } = {},
): OrderSigner {
  return createOrderSigner({
    signer: over.signer ?? createWalletSigner(TEST_KEY),
    limits: { ...LIMITS, parties: parties(signatureType) },
    now: () => at(over.now ?? NOW),
    ...(over.verify === undefined ? {} : { verify: over.verify }),
  });
}

describe("golden signatures, computed with @polymarket/clob-client-v2 1.1.0", () => {
  test.each([
    [
      "standard",
      v1.standard,
      "0x9bd877ec048b29dab3e52313a004347b5109619eeae3b0a44c497b95486d88ad5c006db36e0bf0ced969c92226515507b2e166ca0a21ddd17b004aafd3b6960a1c",
    ],
    [
      "neg-risk",
      v1.negRisk,
      "0xa643d4b05b2fd7d7374afea4c2c5c14df4ebcdd227556897854da396a86eb5af3093aa21c82966190d9524c506e90c4ad0a3badebc5aeb166022eb632767cc701b",
    ],
    [
      "domain version 3",
      v2.standard,
      "0x2fd3495447a1747c38feceb9fd4534fc0ac68a0d0d8dcc40be1ccbab5b5b24883deeb8ece287372c1989ff210854b37cbb47a1c5c722441be64a56dc0fe476321b",
    ],
  ] as const)("%s", async (_, exchange, signature) => {
    const order = buildOrder(input(0));
    for (const signer of [createWalletSigner(TEST_KEY), await createEthersSigner(WALLET)])
      expect(await signerOf(0, { signer }).signOrder(order, exchange)).toEqual({
        order,
        signature,
        hash: orderHash(order, exchange),
      });
  });

  test("deposit wallet: 317 bytes", async () => {
    for (const signer of [createWalletSigner(TEST_KEY), await createEthersSigner(WALLET)]) {
      const { signature } = await signerOf(3, { signer }).signOrder(buildOrder(input(3)), v1.standard);
      expect(signature.length).toBe(2 + 317 * 2);
      expect(signature.slice(0, 132)).toBe(
        "0x88d35c20c9b910e2d68f6f287b3ceb221a04a1857eaa4389b067d854d02096b001aca4f58e4f7704b17ba0fad7cee2d350d3455858dfe38eee1e185d6f4dfd7a1c",
      );
      expect(signature.slice(-4)).toBe("00ba");
    }
  });
});

/** More of them with MATCHPOINT_ORDERS=10000, which takes a minute and a half. */
const RUNS = Number(process.env["MATCHPOINT_ORDERS"] ?? 400);

test(
  "random orders of every kind have the bytes of the official client's",
  { timeout: 600_000 },
  async () => {
    const types = [0, 1, 2, 3] as const;
    const builders = types.map((type) => officialBuilder(type));
    // On every curve; each has been shown to be installed when it is loaded by name.
    const curves = await Promise.all((["native", "wasm", "pure"] as const).map((name) => loadCurve(name)));
    const signers = curves.map((curve) => createWalletSigner(TEST_KEY, curve));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...types),
        fc.constantFrom(["v1", "standard"], ["v1", "negRisk"], ["v2", "standard"] as const),
        fc.constantFrom(...TICK_TEXTS),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 500, max: 1_000_000 }),
        fc.constantFrom("buy" as const, "sell" as const),
        async (type, [version, kind], tick, where, cents, side) => {
          const step = dollars(tick);
          const limit = (step * (1 + Math.floor(where * (PRICE_ONE / step - 1)))) as Price;
          const official = await officialLimit(builders[type]!, {
            side,
            price: limit / PRICE_ONE,
            size: cents / 100,
            tick,
            version: version === "v1" ? 2 : 3,
            negRisk: kind === "negRisk",
          });
          const size = (cents * 10_000) as Shares;
          const amounts = orderAmounts(
            { side, orderType: "GTC", limit, size },
            { tick: step, minSize: size },
          );
          const timestamp = Number(official.timestamp);
          const order = buildOrder({
            ...input(type),
            side,
            amounts,
            salt: Number(official.salt),
            timestamp: at(timestamp),
          });
          const exchange = EXCHANGES[137][version][kind];
          for (const signer of signers) {
            const own = signerOf(type, { signer, now: timestamp, verify: false });
            const signed = await own.signOrder(order, exchange);
            expect({ ...signed.order, salt: String(order.salt), signature: signed.signature }).toEqual(
              official,
            );
          }
        },
      ),
      { numRuns: RUNS, seed: 20_261_123 },
    );
  },
);

describe("any signer fits behind the port", () => {
  const own = createWalletSigner(TEST_KEY);
  const order = buildOrder(input(0));

  test("the digest is that of the typed data, for every type", async () => {
    for (const type of [0, 1, 2, 3] as const) {
      let asked = 0;
      const signer: Signer = {
        address: OWNER,
        async sign(request) {
          asked++;
          const { domain, types, message } = request.typedData();
          expect(TypedDataEncoder.hash(domain, types, message)).toBe(request.digest);
          return own.sign(request);
        },
      };
      await signerOf(type, { signer }).signOrder(buildOrder(input(type)), v2.standard);
      await signerOf(type, { signer }).signClaim({ chainId: 137, timestamp: 1_800_000_000 });
      expect(asked).toBe(2);
    }
  });

  const good = own.sign({
    purpose: "order",
    digest: orderHash(order, v1.standard),
    typedData: () => expect.fail(),
  }) as Hex;
  const bad: readonly [string, unknown][] = [
    [
      "another order's signature",
      own.sign({ purpose: "order", digest: `0x${"1".repeat(64)}`, typedData: () => expect.fail() }),
    ],
    [
      "another key's",
      createWalletSigner(`0x${"2".repeat(64)}`).sign({
        purpose: "order",
        digest: orderHash(order, v1.standard),
        typedData: () => expect.fail(),
      }),
    ],
    ["nothing", undefined],
    ["zeroes", `0x${"0".repeat(128)}1b`],
    ["v as 0", good.slice(0, -2) + "00"],
    ["64 bytes", good.slice(0, -2)],
    ["upper case", good.toUpperCase()],
    ["the other half of the curve", otherHalf(good)],
  ];
  test.each(bad)("%s is refused", async (_, answer) => {
    const signer: Signer = { address: OWNER, sign: () => answer as Hex };
    for (const verify of [true, false])
      await expect(signerOf(0, { signer, verify }).signOrder(order, v1.standard)).rejects.toThrow(
        expect.objectContaining({ code: "SIGNING_REFUSED" }),
      );
  });

  test("an exchange that answers differently each time is signed for as it was judged", async () => {
    let reads = 0;
    const twoFaced = Object.freeze({
      ...v1.standard,
      get verifyingContract() {
        return reads++ === 0 ? v1.standard.verifyingContract : FUNDER;
      },
    });
    expect(await signerOf(0).signOrder(order, twoFaced)).toMatchObject({ signature: good });
  });

  test("the order is copied before it is judged: changing it while it is signed changes nothing", async () => {
    const changing = { ...order };
    const signer: Signer = {
      address: OWNER,
      sign: async (request) => {
        changing.makerAmount = "9000000000000";
        return own.sign(request);
      },
    };
    const signed = await signerOf(0, { signer }).signOrder(changing, v1.standard);
    expect(signed).toMatchObject({ order, signature: good });
  });
});

/** The same signature with s on the other half of the curve: as valid to a contract that does not look, and another text. */
function otherHalf(signature: Hex): string {
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const s = order - BigInt(`0x${signature.slice(66, 130)}`);
  return `${signature.slice(0, 66)}${s.toString(16).padStart(64, "0")}${signature.endsWith("1b") ? "1c" : "1b"}`;
}
