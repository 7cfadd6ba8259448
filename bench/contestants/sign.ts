// From what an order asks for to its signature and wire body: amounts, struct, hash, signature, JSON.
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import {
  buildOrder,
  createEthersSigner,
  createL2Auth,
  createOrderSigner,
  createWalletSigner,
  EXCHANGES,
  loadCurve,
  orderAmounts,
  orderBody,
  type Address,
  type Curve,
  type CurveName,
  type OrderParties,
  type Signer,
} from "@matchpoint/adapters-polymarket";
import type { Millis, Price, Shares, Usdc } from "@matchpoint/sdk";
import type { Contestant, Setup } from "../contestant.ts";
import type { Foreign } from "../foreign.ts";

/** The packages as the adapter has them: this folder may hold others of the same names, for other contestants. */
const adapter = createRequire(new URL("../../packages/adapters-polymarket/package.json", import.meta.url));
const { Wallet } = adapter("ethers");
const { ClobClient, createL2Headers, Side } = adapter("@polymarket/clob-client-v2");

/** The first account of every local test chain. */
export const BENCH_KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
export const BENCH_WALLET = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266" as Address;
export const TOKEN = "1234567890123456789012345678901234567890";
const CONDITION = `0x${"5f".repeat(32)}`;
const ORDERS = 200;
const NOW = 1_800_000_000_000 as Millis;
export const CREDENTIALS = {
  key: "6f8a3c1e-0000-4000-8000-000000000000",
  secret: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
  passphrase: "0123456789abcdef",
};

/** An ethers v6 wallet in the shape of a version 5 one, which is what the official client takes. */
function shimmed(): Foreign {
  const wallet = new Wallet(BENCH_KEY);
  return {
    getAddress: () => wallet.getAddress(),
    _signTypedData: (domain: unknown, types: unknown, value: unknown) =>
      wallet.signTypedData(domain, types, value),
  };
}

/** The official client on a server, with what it caches in its caches; it makes and posts a limit order. */
export async function officialClient(
  host: string,
  condition: string,
): Promise<{ send(seq: number): Promise<void> }> {
  const client = new ClobClient({
    host,
    chain: 137,
    signer: shimmed(),
    creds: CREDENTIALS,
    throwOnError: true,
  });
  await client.getClobMarketInfo(condition);
  return {
    async send(seq) {
      const order = await client.createOrder(
        { tokenID: TOKEN, price: 0.47, size: (21_280_000 + 10_000 * (seq % 500)) / 1e6, side: Side.BUY },
        { tickSize: "0.01", negRisk: false, version: 2 },
      );
      const answer: Foreign = await client.postOrder(order, "GTC");
      if (answer.status !== "live")
        throw new TypeError(`the order was answered with ${JSON.stringify(answer)}`);
    },
  };
}

const parties: OrderParties = Object.freeze({ signatureType: 0, wallet: BENCH_WALLET, funder: BENCH_WALLET });

function ours(signer: Signer, curve: Curve): Contestant {
  const orders = createOrderSigner({
    signer,
    limits: {
      chainId: 137,
      parties,
      maxNotional: 1e12 as Usdc,
      maxShares: 1e12 as Shares,
      band: { min: 1 as Price, max: 9_999 as Price },
    },
    now: () => NOW,
    curve,
  });
  return {
    size: ORDERS,
    async round() {
      let check = 0;
      for (let i = 0; i < ORDERS; i++) {
        const size = (21_280_000 + 10_000 * i) as Shares;
        const terms = { side: "buy", orderType: "GTC", limit: 4_700 as Price, size } as const;
        const amounts = orderAmounts(terms, { tick: 100 as Price, minSize: 5_000_000 as Shares });
        const order = buildOrder({
          ...terms,
          parties,
          tokenId: TOKEN,
          amounts,
          salt: 900_000_000_000 + i,
          timestamp: NOW,
        });
        const signed = await orders.signOrder(order, EXCHANGES[137].v1.standard);
        check += orderBody(signed, { owner: CREDENTIALS.key, orderType: "GTC" }).length;
      }
      return check;
    },
  };
}

const onCurve =
  (name: CurveName): Setup =>
  async () => {
    const curve = await loadCurve(name);
    return ours(createWalletSigner(BENCH_KEY, curve), curve);
  };

/** Each is judged by the policy first. */
export const native: Setup = onCurve("native");
export const wasm: Setup = onCurve("wasm");
export const pure: Setup = onCurve("pure");
/** An ethers v6 wallet behind the port. */
export const ethers: Setup = async () =>
  ours(await createEthersSigner(new Wallet(BENCH_KEY)), await loadCurve());

/** The official client with everything in its caches that it has caches for; it asks for nothing over the network any more. */
export const official: Setup = async () => {
  const market = {
    c: CONDITION,
    t: [
      { t: TOKEN, o: "A" },
      { t: "2", o: "B" },
    ],
    mts: 0.01,
    mos: 5,
    nr: false,
  };
  const server = createServer((request, response) => {
    const version = request.url === "/version";
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify(
        version ? { version: 2 } : request.url === "/tick-size" ? { minimum_tick_size: 0.01 } : market,
      ),
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address() as { port: number };
  const signer = shimmed();
  const client = new ClobClient({
    host: `http://127.0.0.1:${address.port}`,
    chain: 137,
    signer,
    creds: CREDENTIALS,
  });
  await client.getClobMarketInfo(CONDITION);
  return {
    size: ORDERS,
    async round() {
      let check = 0;
      for (let i = 0; i < ORDERS; i++) {
        const order = await client.createOrder(
          { tokenID: TOKEN, price: 0.47, size: (21_280_000 + 10_000 * i) / 1e6, side: Side.BUY },
          { tickSize: "0.01", negRisk: false, version: 2 },
        );
        check += `${order.makerAmount}${order.signature}`.length;
      }
      return check;
    },
    close: () => void server.close(),
  };
};

const BODY = "x".repeat(700);

/** The headers of a request that acts for an account. */
export const headers: Setup = () => {
  const auth = createL2Auth(BENCH_WALLET, CREDENTIALS);
  return {
    size: 20_000,
    round() {
      let check = 0;
      for (let i = 0; i < 20_000; i++)
        check += auth.headers({ method: "POST", path: "/order", body: BODY, timestamp: 1_800_000_000 + i })
          .POLY_SIGNATURE.length;
      return check;
    },
  };
};

export const officialHeaders: Setup = () => {
  const signer = shimmed();
  return {
    size: 2_000,
    async round() {
      let check = 0;
      for (let i = 0; i < 2_000; i++) {
        const made = await createL2Headers(
          signer,
          CREDENTIALS,
          { method: "POST", requestPath: "/order", body: BODY },
          1_800_000_000 + i,
        );
        check += (made.POLY_SIGNATURE as string).length;
      }
      return check;
    },
  };
};
