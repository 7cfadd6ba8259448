import {
  feeSchedule,
  id,
  VirtualClock,
  type Price,
  type RunId,
  type Shares,
  type SocketHandlers,
  type Transport,
  type Usdc,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import {
  createOrderSigner,
  createSmokeProbe,
  createWalletSigner,
  orderHash,
  EXCHANGES,
  type SmokeProbe,
  type VenueOrder,
} from "../../src/index.ts";
import { answer } from "../execution/answers.ts";
import { market, YES } from "../support/markets.ts";
import { API_KEY, LIMITS, parties, TEST_KEY } from "../support/trading.ts";

const STARTS_AT = 1_790_000_000_500;
const SECRET = "Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5LWNhbmE=";
const PASSPHRASE = "canary-passphrase-5f2c";
const CENT = { outcome: 0, price: 100 as Price, size: 5_000_000 as Shares } as const;

type Call = Parameters<Transport["request"]>[0];
interface Posted {
  readonly order: VenueOrder & { readonly signature: string };
  readonly orderType: string;
  readonly postOnly: boolean;
}

function stage(maxUsdc = 200_000, offsetMs = 0) {
  const clock = new VirtualClock({ startsAt: STARTS_AT });
  const calls: Call[] = [];
  const sockets: SocketHandlers[] = [];
  const sent: string[] = [];
  let reply: () => ReturnType<Transport["request"]> = () => Promise.resolve(answer(200, {}));
  const transport: Transport = {
    connect: (_url, handlers) => {
      sockets.push(handlers);
      return { send: (text) => void sent.push(text), close: () => undefined };
    },
    request: (call) => {
      calls.push(call);
      return reply();
    },
  };
  const probe: SmokeProbe = createSmokeProbe({
    transport,
    clock,
    signer: createOrderSigner({
      signer: createWalletSigner(TEST_KEY),
      limits: LIMITS,
      now: () => clock.wall(),
    }),
    credentials: { key: API_KEY, secret: SECRET, passphrase: PASSPHRASE },
    parties: parties(0),
    chainId: 137,
    market: market({ fee: feeSchedule(50_000, 1, true) }),
    runId: id<RunId>("smoke-1"),
    maxUsdc: maxUsdc as Usdc,
    offsetMs,
  });
  return {
    probe,
    clock,
    calls,
    sockets,
    sent,
    answers: (next: typeof reply) => {
      reply = next;
    },
    posted: (at: number) => JSON.parse(calls[at]!.body!) as Posted,
    hear: (frame: unknown) => {
      sockets[0]!.frame(new TextEncoder().encode(typeof frame === "string" ? frame : JSON.stringify(frame)));
    },
  };
}

describe("a probe's money", () => {
  it("counts every order that is posted, for good, and sends none above its limit", async () => {
    const { probe, calls, answers } = stage(120_000);
    const [first, second] = [await probe.restingBuy(CENT), await probe.restingBuy(CENT)];
    expect([first.cost, probe.committed, calls.length]).toEqual([50_000, 0, 0]);
    answers(() => Promise.resolve(answer(400, { error: "invalid expiration" })));
    await probe.post(first);
    answers(() => Promise.reject(new Error("reset")));
    await probe.post(first);
    expect([probe.committed, probe.left, calls.length]).toEqual([100_000, 20_000, 2]);
    await expect(probe.post(second)).rejects.toMatchObject({
      code: "ORDER_INVALID",
      message: expect.stringMatching(/\$0\.05 is more than the \$0\.02/) as string,
    });
    expect([probe.committed, calls.length]).toEqual([100_000, 2]);
    await expect(probe.post({ ...second, orderId: id("0x12"), cost: 0 as Usdc })).rejects.toMatchObject({
      code: "ORDER_INVALID",
    });
    expect(calls.length).toBe(2);
  });

  it("is what the order costs, whatever its caller says that it costs", async () => {
    const { probe, calls } = stage(40_000);
    const order = await probe.restingBuy(CENT);
    await expect(probe.post({ ...order, cost: 0 as Usdc })).rejects.toMatchObject({ code: "ORDER_INVALID" });
    expect(calls).toEqual([]);
  });

  it("includes a taker's fee", async () => {
    const { probe } = stage();
    const { cost } = await probe.takingBuy({ outcome: 0, price: 100 as Price, spend: 1_000_000 as Usdc });
    expect(cost).toBeGreaterThan(1_000_000);
    expect(cost).toBeLessThan(1_060_000);
  });
});

describe("a probe's requests", () => {
  it("posts orders that its signer signed, with their hash as id", async () => {
    const { probe, posted } = stage();
    const order = await probe.restingBuy(CENT);
    await probe.post(order);
    const { order: wire, orderType, postOnly } = posted(0);
    expect([orderType, postOnly, wire.tokenId, wire.makerAmount, wire.takerAmount]).toEqual([
      "GTC",
      true,
      YES,
      "50000",
      "5000000",
    ]);
    expect(orderHash(wire, EXCHANGES[137].v1.standard)).toBe(order.orderId);
  });

  it("says leads that the adapter itself would refuse", async () => {
    const { probe, posted } = stage();
    const nowS = Math.ceil(STARTS_AT / 1_000);
    for (const [at, leadS] of [240, 60, 1].entries()) {
      await probe.post(await probe.restingBuy({ ...CENT, leadS }));
      expect([posted(at).orderType, Number(posted(at).order.expiration) - nowS]).toEqual(["GTD", leadS + 1]);
    }
  });

  it("sends the same bytes again", async () => {
    const { probe, calls } = stage();
    const order = await probe.restingBuy(CENT);
    await probe.post(order);
    await probe.post(order);
    expect(calls[0]!.body).toBe(calls[1]!.body);
  });

  it("signs as of another time, by the venue's clock", async () => {
    const { probe, calls } = stage(0, 2_000);
    for (const offS of [0, 30, -120]) await probe.ask("/data/orders", {}, offS);
    await probe.look("/book");
    const stamps = calls.map(({ headers }) => headers?.["POLY_TIMESTAMP"]);
    const now = Math.floor((STARTS_AT + 2_000) / 1_000);
    expect(stamps).toEqual([String(now), String(now + 30), String(now - 120), undefined]);
  });

  it("tells what was answered, without the secrets that an answer quotes", async () => {
    const { probe, answers } = stage();
    answers(() => Promise.resolve(answer(400, { error: `bad ${PASSPHRASE} ${SECRET}`, orderID: "0x1" })));
    const refused = await probe.cancel(id("0x1"));
    expect([refused.status, refused.text]).toEqual([400, "bad [secret] [secret]"]);
    answers(() => Promise.reject(new Error(`no way to send ${SECRET}`)));
    const lost = await probe.heartbeat("");
    expect([lost.status, lost.text]).toEqual([undefined, "no way to send [secret]"]);
    answers(() =>
      Promise.resolve({ status: 403, headers: { "CF-Ray": "1" }, body: new TextEncoder().encode("<html>") }),
    );
    const page = await probe.cancelAll();
    expect([page.status, page.text, page.value, page.headers["cf-ray"]]).toEqual([
      403,
      "<html>",
      undefined,
      "1",
    ]);
  });
});

describe("what a probe hears", () => {
  it("is told word for word, and waited for", async () => {
    const { probe, clock, sockets, sent, hear } = stage();
    probe.listen();
    sockets[0]!.open();
    expect(JSON.parse(sent[0]!)).toMatchObject({ type: "user" });
    const found = probe.until(() => probe.heard.find(({ event }) => event === "trade"), 1_000);
    hear("PONG");
    hear([
      { event_type: "order", type: "PLACEMENT", id: "0xAB", status: "LIVE", created_at: "1790000000" },
      7,
      null,
    ]);
    hear({
      event_type: "trade",
      id: "t-1",
      status: "MATCHED",
      taker_order_id: "0xCD",
      maker_orders: [{ order_id: "0xEF" }, null],
    });
    expect(await found).toMatchObject({ id: "t-1", orderIds: ["0xcd", "0xef"] });
    expect(probe.heard[0]).toMatchObject({
      type: "PLACEMENT",
      id: "0xab",
      createdAt: "1790000000",
      orderIds: [],
    });
    const never = probe.until<string>(() => undefined, 1_000);
    clock.advance(1_000);
    expect(await never).toBeUndefined();
    probe.close();
  });
});
