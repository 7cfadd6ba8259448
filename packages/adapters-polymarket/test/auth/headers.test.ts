import { Chain, createL1Headers, createL2Headers } from "@polymarket/clob-client-v2";
import fc from "fast-check";
import type { Millis } from "@matchpoint/sdk";
import { describe, expect, test } from "vitest";
import {
  createL2Auth,
  createOrderSigner,
  createWalletSigner,
  type ApiCredentials,
  type L2Request,
} from "../../src/index.ts";
import { at, LIMITS, OFFICIAL_SIGNER, OWNER, TEST_KEY } from "../support/trading.ts";

const CREDENTIALS: ApiCredentials = {
  key: "00000000-0000-0000-0000-000000000001",
  secret: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
  passphrase: "deadbeef",
};
const REFUSED = expect.objectContaining({ code: "CREDENTIALS_INVALID" });

describe("L1", () => {
  const signer = (chainId: 137 | 80002) =>
    createOrderSigner({
      signer: createWalletSigner(TEST_KEY),
      limits: { ...LIMITS, chainId },
      now: (): Millis => at(0),
    });

  test("has the official client's signature of its own tests", async () => {
    expect(await signer(80002).signClaim({ chainId: 80002, timestamp: 10_000_000, nonce: 23 })).toEqual({
      POLY_ADDRESS: OWNER,
      POLY_SIGNATURE:
        "0xf62319a987514da40e57e2f4d7529f7bac38f0355bd88bb5adbb3768d80de6c1682518e0af677d5260366425f4361e7b70c25ae232aff0ab2331e2b164a1aedc1b",
      POLY_TIMESTAMP: "10000000",
      POLY_NONCE: "23",
    });
  });

  test.each([undefined, 0, 1, 2 ** 40])("has the official client's headers with nonce %s", async (nonce) => {
    const official = await createL1Headers(OFFICIAL_SIGNER, Chain.POLYGON, nonce, 1_800_000_000);
    const claim = {
      chainId: 137,
      timestamp: 1_800_000_000,
      ...(nonce === undefined ? {} : { nonce }),
    } as const;
    expect(await signer(137).signClaim(claim)).toEqual(official);
  });

  test("is refused for another chain, a time in ms, and a nonce below 0", async () => {
    await expect(signer(137).signClaim({ chainId: 80002, timestamp: 1_800_000_000 })).rejects.toThrow(
      expect.objectContaining({ code: "SIGNING_REFUSED" }),
    );
    await expect(signer(137).signClaim({ chainId: 137, timestamp: 1_800_000_000_000 })).rejects.toThrow(
      REFUSED,
    );
    await expect(
      signer(137).signClaim({ chainId: 137, timestamp: 1_800_000_000, nonce: -1 }),
    ).rejects.toThrow(REFUSED);
  });
});

describe("L2", () => {
  test("has the signature of the official client's own test", () => {
    const headers = createL2Auth(OWNER, CREDENTIALS).headers({
      method: "test-sign" as never,
      path: "/orders",
      body: '{"hash": "0x123"}',
      timestamp: 1_000_000,
    });
    expect(headers).toEqual({
      POLY_ADDRESS: OWNER,
      POLY_SIGNATURE: "ZwAdJKvoYRlEKDkNMwd5BuwNNtg93kNaR_oU2HrfVvc=",
      POLY_TIMESTAMP: "1000000",
      POLY_API_KEY: CREDENTIALS.key,
      POLY_PASSPHRASE: CREDENTIALS.passphrase,
    });
  });

  test("has the official client's headers for any secret and body", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 48 }),
        fc.boolean(),
        fc.constantFrom("GET" as const, "POST" as const, "DELETE" as const),
        fc.option(fc.string({ unit: "grapheme", maxLength: 300 }), { nil: undefined }),
        fc.integer({ min: 1, max: 9_999_999_999 }),
        async (bytes, urlSafe, method, body, timestamp) => {
          const encoded = Buffer.from(bytes).toString(urlSafe ? "base64url" : "base64");
          const credentials = { ...CREDENTIALS, secret: encoded };
          const path = "/data/orders";
          const official = await createL2Headers(
            OFFICIAL_SIGNER,
            credentials,
            { method, requestPath: path, ...(body === undefined ? {} : { body }) },
            timestamp,
          );
          const request: L2Request = { method, path, timestamp, ...(body === undefined ? {} : { body }) };
          expect(createL2Auth(OWNER, credentials).headers(request)).toEqual(official);
        },
      ),
      { numRuns: 1_000, seed: 20_261_123 },
    );
  });

  test("does not cover the query, and covers the body, the method, the path and the time", () => {
    const auth = createL2Auth(OWNER, CREDENTIALS);
    const request: L2Request = { method: "GET", path: "/data/orders", timestamp: 1_800_000_000 };
    const mac = (over: Partial<L2Request> = {}) => auth.headers({ ...request, ...over }).POLY_SIGNATURE;
    expect(mac({ path: "/data/orders?next_cursor=MA==&x=?" })).toBe(mac());
    const others = [{ body: "{}" }, { method: "POST" }, { path: "/data/order" }, { timestamp: 1 }] as const;
    expect(new Set([mac(), ...others.map(mac)]).size).toBe(others.length + 1);
  });

  test.each([
    [{ secret: "" }],
    [{ secret: "not base64!" }],
    [{ secret: "AAAAA" }],
    [{ secret: undefined }],
    [{ key: "" }],
    [{ passphrase: "" }],
  ])("refuses %o", (over) => {
    expect(() => createL2Auth(OWNER, { ...CREDENTIALS, ...over } as ApiCredentials)).toThrow(REFUSED);
  });

  test.each([0, -1, 1.5, NaN, 1_800_000_000_000])("refuses the time %s", (timestamp) => {
    expect(() => createL2Auth(OWNER, CREDENTIALS).headers({ method: "GET", path: "/", timestamp })).toThrow(
      REFUSED,
    );
  });
});
