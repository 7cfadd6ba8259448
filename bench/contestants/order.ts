// From an intent to its signature, to its bytes at the venue, to the venue's answer; ours and the official client's in turn.
import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import {
  createDirectGateway,
  createOrderSigner,
  createWalletSigner,
  createWsTransport,
  loadCurve,
} from "@matchpoint/adapters-polymarket";
import {
  feeSchedule,
  id,
  SystemClock,
  type Intent,
  type MarketDescription,
  type Price,
  type Shares,
  type Usdc,
} from "@matchpoint/sdk";
import { openJournal } from "@matchpoint/sdk/node";
import type { Task } from "../contestant.ts";
import { BENCH_KEY, BENCH_WALLET, CREDENTIALS, officialClient, TOKEN } from "./sign.ts";

/** Microseconds from the intent on: the middle, and what one in a hundred exceeds. */
export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

/** What was measured of one way to send orders. */
export interface OrderTimes {
  readonly name: string;
  /** Until the signature is there; only where it can be seen. */
  readonly signed?: Percentiles;
  readonly arrived: Percentiles;
  readonly acknowledged: Percentiles;
}

const CONDITION = `0x${"5f".repeat(32)}`;
const MARKET: MarketDescription = {
  marketId: id(CONDITION),
  title: "bench",
  outcomes: [
    { tokenId: id(TOKEN), name: "A" },
    { tokenId: id("2"), name: "B" },
  ],
  tick: 100 as Price,
  minSize: 5_000_000 as Shares,
  fee: feeSchedule(50_000, 1, true),
  takerDelayMs: 0,
  mirrored: true,
  negRisk: false,
  acceptingOrders: true,
  clearBookOnStart: false,
};

function intentOf(seq: number): Intent {
  return {
    intentId: id(`bench-${seq}`),
    strategyId: id("bench"),
    marketId: MARKET.marketId,
    outcome: 0,
    side: "buy",
    orderType: "GTC",
    postOnly: false,
    limit: 4_700 as Price,
    size: (21_280_000 + 10_000 * (seq % 500)) as Shares,
    purpose: "entry",
    reason: "bench",
  };
}

/** Sends orders to a server in another thread, one way after the other, order by order. */
export async function measureOrders(task: Task): Promise<readonly OrderTimes[]> {
  const shared = new SharedArrayBuffer(80);
  const arrivedAt = new BigInt64Array(shared, 0, 1);
  const expected = new Uint8Array(shared, 8, 66);
  const tell = (orderId: string): void => {
    for (let i = 0; i < 66; i++) expected[i] = orderId.charCodeAt(i);
  };
  const server = new Worker(new URL("orderServer.mjs", import.meta.url), { workerData: shared });
  const [port] = (await once(server, "message")) as [number];
  const url = `http://127.0.0.1:${port}`;
  const clock = new SystemClock();
  const curve = await loadCurve();
  const wallet = BENCH_WALLET;
  const parties = Object.freeze({ signatureType: 0 as const, wallet, funder: wallet });
  const signer = createOrderSigner({
    signer: createWalletSigner(BENCH_KEY, curve),
    curve,
    now: () => clock.wall(),
    limits: {
      chainId: 137,
      parties,
      maxNotional: 1e12 as Usdc,
      maxShares: 1e12 as Shares,
      band: { min: 1 as Price, max: 9_999 as Price },
    },
  });
  let signedAt = 0n;
  const timed = {
    ...signer,
    signOrder: async (...args: Parameters<typeof signer.signOrder>) => {
      const made = await signer.signOrder(...args);
      signedAt = process.hrtime.bigint();
      return made;
    },
  };
  const gateway = createDirectGateway({
    transport: createWsTransport(),
    clock,
    signer: timed,
    credentials: CREDENTIALS,
    parties,
    chainId: 137,
    runId: id("bench"),
    markets: [MARKET],
    tier: "elite",
    url,
    heartbeats: false,
  });
  await gateway.warm();
  const journal = openJournal(join(task.dir, "order.journal.jsonl"), { runId: id("bench"), bootId: "bench" });
  const official = await officialClient(url, CONDITION);
  const ways: {
    readonly name: string;
    readonly send: (seq: number) => Promise<void>;
    readonly shows: boolean;
  }[] = [
    { name: "direct gateway", shows: true, send: (seq) => direct(seq, false) },
    { name: "direct gateway, journaled and synced first", shows: true, send: (seq) => direct(seq, true) },
    {
      name: "clob-client-v2, caches warm",
      shows: false,
      send: (seq) => {
        tell(`0x${String(seq).padStart(64, "0")}`);
        return official.send(seq);
      },
    },
  ];
  async function direct(seq: number, durable: boolean): Promise<void> {
    const intent = intentOf(seq);
    const order = gateway.prepare(intent, seq);
    tell(order.orderId);
    // As the runtime does it: what may not be sent before it is durable is signed while the disk is busy.
    if (!durable) gateway.presign(order);
    else {
      const at = clock.monotonic();
      journal.append(
        {
          type: "order_prepared",
          intentId: intent.intentId,
          orderId: order.orderId,
          at,
          receivedAt: clock.wall(),
        },
        undefined,
      );
      const synced = journal.sync();
      gateway.presign(order);
      await synced;
    }
    const outcome = await gateway.placeOrder(order);
    if (outcome.kind !== "live")
      throw new TypeError(`the order was answered with ${JSON.stringify(outcome)}`);
  }
  const samples = ways.map(() => ({
    signed: [] as number[],
    arrived: [] as number[],
    acknowledged: [] as number[],
  }));
  const rounds = task.quick ? 60 : 400;
  let seq = 0;
  for (let i = 0; i < rounds + 40; i++) {
    for (const [w, way] of ways.entries()) {
      const start = process.hrtime.bigint();
      await way.send(seq++);
      const end = process.hrtime.bigint();
      const at = Atomics.load(arrivedAt, 0);
      if (i < 40) continue; // Warming up.
      const sample = samples[w]!;
      if (way.shows) sample.signed.push(Number(signedAt - start) / 1e3);
      sample.arrived.push(Number(at - start) / 1e3);
      sample.acknowledged.push(Number(end - start) / 1e3);
    }
  }
  gateway.close();
  await journal.close();
  await server.terminate();
  return ways.map(({ name, shows }, w) => ({
    name,
    ...(shows ? { signed: percentiles(samples[w]!.signed) } : {}),
    arrived: percentiles(samples[w]!.arrived),
    acknowledged: percentiles(samples[w]!.acknowledged),
  }));
}

function percentiles(values: number[]): Percentiles {
  const sorted = values.sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  return { p50: at(0.5), p99: at(0.99) };
}
