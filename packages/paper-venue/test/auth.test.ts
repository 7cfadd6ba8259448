import { Wallet } from "ethers";
import { describe, expect, test } from "vitest";
import { orderDomain } from "../src/auth/contracts.ts";
import { Keys } from "../src/auth/keys.ts";
import { orderDigest, orderSigner } from "../src/auth/orderHash.ts";
import type { WireOrder } from "../src/order/parse.ts";
import { ALICE, BOB, Desk, DOMAIN, hmac, l1, START, ZERO32, type Json, type OrderParts } from "./support.ts";

/** An order signed with @polymarket/clob-client-v2 1.1.0: BUY 21.28 at 0.47. */
function golden(signature: string, changes: Partial<WireOrder> = {}): WireOrder {
  return {
    salt: "900000000000",
    maker: ALICE.address,
    signer: ALICE.address,
    tokenId: "1234567890123456789012345678901234567890",
    makerAmount: "10001600",
    takerAmount: "21280000",
    side: "BUY",
    signatureType: 0,
    timestamp: "1800000000000",
    expiration: "0",
    metadata: ZERO32,
    builder: ZERO32,
    signature,
    ...changes,
  };
}

const STANDARD =
  "0x9bd877ec048b29dab3e52313a004347b5109619eeae3b0a44c497b95486d88ad5c006db36e0bf0ced969c92226515507b2e166ca0a21ddd17b004aafd3b6960a1c";
const WALLET = `0x${"11".repeat(20)}`;
const INNER =
  "0x88d35c20c9b910e2d68f6f287b3ceb221a04a1857eaa4389b067d854d02096b001aca4f58e4f7704b17ba0fad7cee2d350d3455858dfe38eee1e185d6f4dfd7a1c";

describe("orders signed by the official client", () => {
  test.each([
    ["standard", "v1", false, "0x761e15be4abe3241f1c507b47a17f51c1d4d99c475e18d4e3fc87b560ba0587b", STANDARD],
    [
      "neg-risk",
      "v1",
      true,
      "0x9411a93f702b4ddc23ed0600f03fb29cce66bf202fe9f0fa8a3779c6e6cbf582",
      "0xa643d4b05b2fd7d7374afea4c2c5c14df4ebcdd227556897854da396a86eb5af3093aa21c82966190d9524c506e90c4ad0a3badebc5aeb166022eb632767cc701b",
    ],
    [
      "domain version 3",
      "v2",
      false,
      "0x7c4015bf33274380b96fae24e25afe033603d63546795ab486b5d5a86775c93c",
      "0x2fd3495447a1747c38feceb9fd4534fc0ac68a0d0d8dcc40be1ccbab5b5b24883deeb8ece287372c1989ff210854b37cbb47a1c5c722441be64a56dc0fe476321b",
    ],
  ] as const)("%s", (_, version, negRisk, hash, signature) => {
    const order = golden(signature);
    const domain = orderDomain(137, version, negRisk);
    expect(orderDigest(order, domain)).toBe(hash);
    expect(orderSigner(order, domain)).toBe(ALICE.address);
    // One figure of it changed, and it is somebody else's.
    expect(orderSigner({ ...order, takerAmount: "21280001" }, domain)).not.toBe(ALICE.address);
  });

  test("deposit wallet (ERC-7739): only the whole wrapping counts", () => {
    const domain = orderDomain(137, "v1", false);
    const order = golden("0x", { maker: WALLET, signer: WALLET, signatureType: 3 });
    expect(orderDigest(order, domain)).toBe(
      "0x0b50c607e5a31188455eea3afde2830a6bc99a0432358ad78065614e2e5572bd",
    );
    expect(orderSigner({ ...order, signature: INNER }, domain)).toBeUndefined();
    expect(orderSigner({ ...order, signature: `${INNER}${"00".repeat(252)}` }, domain)).toBeUndefined();
  });
});

describe("keys", () => {
  test("the vector of the official client's tests", async () => {
    const headers = await l1(ALICE, 10_000_000, "23", 80002);
    expect(headers["poly_signature"]).toBe(
      "0xf62319a987514da40e57e2f4d7529f7bac38f0355bd88bb5adbb3768d80de6c1682518e0af677d5260366425f4361e7b70c25ae232aff0ab2331e2b164a1aedc1b",
    );
    const keys = new Keys({ seed: 1, chainId: 80002, windowMs: 60_000 });
    const now = 10_000_000_000;
    expect(keys.l1(headers, now)).toEqual({ address: ALICE.address.toLowerCase(), nonce: "23" });
    expect(keys.l1(headers, now + 61_000)).toBeUndefined();
    expect(keys.l1(headers, now - 62_000)).toBeUndefined();
    expect(keys.l1({ ...headers, poly_address: BOB.address }, now)).toBeUndefined();
    expect(keys.l1({ ...headers, poly_nonce: "24" }, now)).toBeUndefined();
    expect(new Keys({ seed: 1, chainId: 137, windowMs: 60_000 }).l1(headers, now)).toBeUndefined();
    expect(hmac(`${"A".repeat(43)}=`, '1000000test-sign/orders{"hash": "0x123"}')).toBe(
      "ZwAdJKvoYRlEKDkNMwd5BuwNNtg93kNaR_oU2HrfVvc=",
    );
  });

  test("an HMAC covers time, method, path and the exact body, and nothing of the query", async () => {
    const desk = new Desk();
    const alice = await desk.account(ALICE);
    expect(alice.ask("GET", "/data/orders?market=0x1&next_cursor=MA==")?.status).toBe(200);
    const good = alice.headers("DELETE", "/cancel-all");
    const bad = [
      { ...good, poly_signature: hmac(alice.creds.secret, "other") },
      { ...good, poly_signature: "" },
      { ...good, poly_passphrase: "x" },
      { ...good, poly_api_key: "x" },
      { ...good, poly_api_key: "__proto__" },
      { ...good, poly_address: BOB.address },
      { ...good, poly_timestamp: String(START / 1_000 + 1) },
      {},
    ];
    for (const headers of bad) {
      expect(desk.ask("DELETE", "/cancel-all", { headers })).toMatchObject({
        status: 401,
        body: { error: "Unauthorized/Invalid api key" },
      });
    }
    expect(desk.ask("DELETE", "/cancel-all", { headers: good })?.status).toBe(200);
    expect(desk.ask("DELETE", "/cancel-all", { headers: good, body: " " })?.status).toBe(401);
    desk.pass(62_000);
    expect(desk.ask("DELETE", "/cancel-all", { headers: good })?.status).toBe(401);
  });

  test("the same seed gives the same key, another seed another", async () => {
    const of = async (seed: number) => (await new Desk({ seed }).account(ALICE)).creds;
    expect(await of(1)).toEqual(await of(1));
    expect((await of(2)).secret).not.toBe((await of(1)).secret);
  });

  test("creating twice and deriving none are refused", async () => {
    const desk = new Desk();
    const headers = await l1(ALICE, START / 1_000, "0");
    expect(desk.ask("GET", "/auth/derive-api-key", { headers })?.body).toEqual({
      error: "Could not derive api key!",
    });
    expect(desk.ask("POST", "/auth/api-key", { headers })?.status).toBe(200);
    expect(desk.ask("POST", "/auth/api-key", { headers })).toMatchObject({
      status: 400,
      body: { error: "Could not create api key" },
    });
  });
});

describe("whose order it is", () => {
  const at = { price: 0.5, size: 10 };
  const error = async (change: (body: Record<string, Json>) => void, parts = {}) => {
    const desk = new Desk();
    const alice = await desk.account(ALICE);
    const body = await alice.order({ ...at, ...parts });
    change(body);
    const answer = alice.ask("POST", "/order", body)!;
    return `${answer.status} ${String(answer.body.error ?? answer.body.status)}`;
  };

  type Change = (body: Record<string, Json>) => void;
  test.each<[string, Change, Partial<OrderParts>, string]>([
    ["nothing wrong", () => undefined, {}, "200 live"],
    [
      "another key's",
      (body) => void (body.owner = "00000000-0000-0000-0000-000000000000"),
      {},
      "400 the order owner has to be the owner of the API KEY",
    ],
    [
      "another signer",
      (body) => void (body.order.signer = BOB.address),
      {},
      "400 the order signer address has to be the address of the API KEY",
    ],
    ["a changed amount", (body) => void (body.order.takerAmount = "20000000"), {}, "400 invalid signature"],
    ["somebody else's money", () => undefined, { maker: BOB.address }, "400 invalid signature"],
    [
      "domain version 3 on a market of version 2",
      () => undefined,
      {
        domain: { ...DOMAIN, version: "3", verifyingContract: "0xe3333700cA9d93003F00f0F71f8515005F6c00Aa" },
      },
      "400 order_version_mismatch",
    ],
    [
      "an order of the old exchange",
      (body) => {
        delete body.order.timestamp;
        body.order.nonce = "0";
        body.order.feeRateBps = "0";
      },
      {},
      "400 order_version_mismatch",
    ],
    ["another chain", () => undefined, { domain: { ...DOMAIN, chainId: 80002 } }, "400 invalid signature"],
    ["a token that is none", (body) => void (body.order.tokenId = "12"), {}, "400 Invalid token id"],
    ["a side that is none", (body) => void (body.order.side = 0), {}, "400 Invalid side"],
    ["an unsafe salt", (body) => void (body.order.salt = 1e300), {}, "400 Invalid order payload"],
  ])("%s", async (_, change, parts, expected) => {
    expect(await error(change, parts)).toBe(expected);
  });

  test("a proxy's money belongs to the one key that it is linked to", async () => {
    const desk = new Desk();
    const alice = await desk.account(ALICE, 0);
    const bob = await desk.account(BOB, 0);
    const proxy = new Wallet(`0x${"7".repeat(64)}`).address;
    desk.do({ do: "fund", address: proxy, usd: 100 });
    const order = { ...at, maker: proxy, signatureType: 2 };
    const balance = (type: number) =>
      alice.get(`/balance-allowance?asset_type=COLLATERAL&signature_type=${type}`).balance;
    desk.do({ do: "link", owner: ALICE.address, signatureType: 2, wallet: proxy });
    expect([balance(0), balance(1), balance(2)]).toEqual(["0", "0", "100000000"]);
    expect((await alice.place(order)).body.status).toBe("live");
    expect((await bob.place(order)).body.error).toBe(
      "maker address not allowed, please use the deposit wallet flow",
    );
  });

  test("where only deposit wallets trade, others are told so", async () => {
    const desk = new Desk({ depositWalletsOnly: true });
    expect((await (await desk.account(ALICE)).place(at)).body.error).toBe(
      "maker address not allowed, please use the deposit wallet flow",
    );
  });

  test("banned and close-only accounts", async () => {
    const desk = new Desk();
    const alice = await desk.account(ALICE);
    desk.do({ do: "standing", address: ALICE.address, closedOnly: true });
    expect((await alice.place(at)).body.error).toBe(`'${ALICE.address}' address in closed only mode`);
    expect(alice.get("/auth/ban-status/closed-only")).toEqual({ closed_only: true });
    desk.do({ do: "standing", address: ALICE.address, banned: true });
    expect((await alice.place(at)).body.error).toBe(`'${ALICE.address}' address banned`);
  });
});
