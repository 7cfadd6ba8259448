import { TypedDataEncoder } from "ethers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { EXCHANGES, orderHash, type VenueOrder } from "../../src/index.ts";
import { ZERO_BYTES32 } from "../../src/order/order.ts";
import { orderTypedData } from "../../src/signing/typedData.ts";

const WALLETS = ["0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"];

test("orders of one salt that differ in anything that is signed have hashes of their own", () => {
  const amount = fc.integer({ min: 1, max: 3 }).map((n) => String(n * 1_000_000));
  const order = fc.record({
    salt: fc.constantFrom(1, 2),
    maker: fc.constantFrom(...WALLETS),
    signer: fc.constantFrom(...WALLETS),
    tokenId: fc.constantFrom("123", "456"),
    makerAmount: amount,
    takerAmount: amount,
    side: fc.constantFrom("BUY", "SELL"),
    signatureType: fc.constantFrom(0, 1, 2),
    timestamp: fc.constantFrom("1800000000000", "1800000000001"),
    expiration: fc.constantFrom("0", "1900000000"),
    metadata: fc.constant(ZERO_BYTES32),
    builder: fc.constantFrom(ZERO_BYTES32, `0x${"1".repeat(64)}`),
  }) as fc.Arbitrary<VenueOrder>;
  const exchange = fc.constantFrom(
    EXCHANGES[137].v1.standard,
    EXCHANGES[137].v1.negRisk,
    EXCHANGES[80002].v1.standard,
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(order, exchange), { minLength: 1, maxLength: 10 }), (orders) => {
      for (const [each, at] of orders) {
        const { domain, types, message } = orderTypedData(each, at);
        expect(orderHash(each, at)).toBe(TypedDataEncoder.hash(domain, types, message));
      }
    }),
  );
});
